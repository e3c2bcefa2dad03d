import numpy as np
import pytest

from forvent.identify import catalogue
from forvent.identify.levels import find_levels
from forvent.identify.levels_likely import features_of, fit_of, group_of, kind_of, tie_weights
from forvent.identify.levels_tied import OFTEN, SELDOM
from forvent.language import Span
from forvent.records import Level


def features(text: str, language: str = "en") -> list[list[str]]:
    return features_of(text, language, find_levels(text, language), clauses=[Span(0, len(text))])


def best(text: str, language: str) -> str:
    weights = tie_weights()
    scores = np.mean([fit_of(names, weights) for names in features(text, language)], axis=0)
    return weights.expectations[int(scores.argmax())]


def test_only_expectations_that_can_have_a_level_have_weights() -> None:
    able = {name for table in (OFTEN, SELDOM) for names in table.values() for name in names}
    assert set(tie_weights().expectations) == able <= set(catalogue())
    assert tie_weights().weights.shape == (len(tie_weights().features), len(able))


def test_days_and_durations_are_of_one_group_but_not_of_one_kind() -> None:
    day, week = Level(0.0, "date", None, date="friday"), Level(1.0, "week", 604800.0)
    assert (kind_of(day), kind_of(week)) == ("date", "time")
    assert group_of(day) == group_of(week) == "when"


def test_the_size_of_a_wait_and_a_promise_beside_it_are_told() -> None:
    promised, got = features("promised 2 days, took three weeks")
    assert {"size days", "time expected", "pair", "promised"} <= set(promised)
    assert {"size weeks", "time experienced", "pair", "promised"} <= set(got)


def test_topics_in_another_clause_are_far() -> None:
    text = "The soup was cold. We waited an hour."
    [names] = features_of(text, "en", find_levels(text, "en"), clauses=[Span(0, 18), Span(19, len(text))])
    assert "far meal" in names
    assert "near meal" not in names


def test_a_language_without_topics_has_the_kind_and_the_role_alone() -> None:
    assert features("wir haben 2 Stunden gewartet", "de")[0] == ["size short", "time experienced"]


def test_features_that_no_weight_knows_count_for_nothing() -> None:
    assert not fit_of(["near nowhere"], tie_weights()).any()


@pytest.mark.parametrize(
    ("language", "text", "expectation"),
    [
        ("en", "On hold with the hotline for 50 minutes.", "fast_response"),
        ("cs", "Na polévku jsme čekali 50 minut.", "fast_delivery"),
        ("nb", "Pengene skulle refunderes innen 5 dager, det tok 20.", "easy_returns"),
        ("et", "Aku pidas vastu kolm nädalat ja suri.", "product_quality"),
        ("hy", "Գնացքը պետք է երկու ժամում հասներ, ուշացավ ու չորս ժամ տևեց։", "on_time"),
        ("zh", "报价300元，账单收了420元。", "transparent_price"),
    ],
)
def test_what_is_spoken_of_beside_a_level_says_which_expectation(
    language: str, text: str, expectation: str
) -> None:
    assert best(text, language) == expectation
