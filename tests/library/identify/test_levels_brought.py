from dataclasses import replace

import numpy as np

from forvent.identify import catalogue
from forvent.identify.levels_brought import LEAST, LevelTies
from forvent.identify.levels_tied import Tie, ties_of
from forvent.language import Span

TEXT = "They promised two days, the parcel took five."
IDS = ("fast_delivery", "on_time", "friendly_staff")
RECORDS = [catalogue()[name] for name in IDS]


def ties(text: str, likely: list[list[float]], *clauses: Span) -> dict[str, Tie]:
    spans = clauses or (Span(0, len(text)),)
    return ties_of(text, "en", spans, np.array(likely), expectations=IDS)


def test_a_promise_and_its_answer_speak_of_one_expectation() -> None:
    [(name, tie)] = ties(TEXT, [[0.2, 0.2, 0.1]]).items()
    assert name == "on_time"
    assert [level.value for level in tie.pair if level] == [2.0, 5.0]
    assert 0.4 <= tie.probability <= 1.0


def test_what_the_model_says_of_the_clause_decides_between_expectations_that_fit() -> None:
    text = "It took five days."
    assert list(ties(text, [[0.9, 0.01, 0.0]])) == ["fast_delivery"]
    assert list(ties(text, [[0.01, 0.9, 0.0]])) == ["on_time"]


def test_no_expectation_gets_a_level_that_it_cannot_have() -> None:
    assert "friendly_staff" not in ties(TEXT, [[0.01, 0.01, 0.99]])


def test_the_row_is_that_of_the_clause_that_says_it_best() -> None:
    text = "Rude staff. They promised two days, it took five."
    spans = (Span(0, 11), Span(12, len(text)))
    assert ties(text, [[0.01, 0.02, 0.9], [0.1, 0.7, 0.1], [0.1, 0.5, 0.5]], *spans)["on_time"].row == 1


def test_a_lateness_alone_and_a_text_without_levels_tie_nothing() -> None:
    assert ties("It came four days late.", [[0.1, 0.9, 0.0]]) == {}
    assert ties("Nice people.", [[0.1, 0.1, 0.9]]) == {}


def test_two_waits_go_to_two_expectations_or_the_less_sure_is_left_out() -> None:
    text = "It took five days. Then it took six days."
    found = ties(text, [[0.3, 0.1, 0.0], [0.3, 0.1, 0.0]], Span(0, 18), Span(19, len(text)))
    assert len(found) == 1


def test_a_level_brings_up_what_was_not_found() -> None:
    judge = LevelTies(RECORDS)
    likely = np.array([[0.1, 0.2, 0.0]])
    found = judge.of(TEXT, "en", [Span(0, len(TEXT))], likely)
    assert [column for column, _ in judge.missing(found, [], likely)] == [1]
    assert judge.missing(found, [RECORDS[1]], likely) == []


def test_a_level_brings_up_nothing_that_no_clause_says_at_all() -> None:
    judge = LevelTies(RECORDS)
    found = judge.of(TEXT, "en", [Span(0, len(TEXT))], np.array([[0.1, 0.2, 0.0]]))
    assert judge.missing(found, [], np.array([[0.1, LEAST / 2, 0.0]])) == []


def test_an_expectation_of_a_pack_stands_for_its_parent() -> None:
    child = replace(RECORDS[1], id="slot_kept", parent="on_time")
    judge = LevelTies([*RECORDS, child])
    likely = np.array([[0.1, 0.0, 0.0, 0.8]])
    found = judge.of(TEXT, "en", [Span(0, len(TEXT))], likely)
    assert list(found) == ["on_time"]
    assert judge.missing(found, [child], likely) == []
    assert likely[0, 1] == 0.0
