"""Where one more answer tells most, by exact enumeration and by hand."""

import math
import tomllib
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forvent.errors import BadOption, UnknownExpectation
from forvent.feedback import answer_texts, narrowing, next_questions, question_text
from forvent.records import Estimate, Gap, MentionCounts, NotEnough
from forvent.tables import LANGUAGES

UNKNOWN = NotEnough(n=0, needed=5, why="unknown")
CATALOGUE = ("fast_delivery", "on_time", "choice", "comfort")


def counts(met: int, unmet: int, *, mixed: int = 0, wished: int = 0) -> MentionCounts:
    return MentionCounts(met=met, unmet=unmet, mixed=mixed, wished=wished)


def gap(expectation: str, said: MentionCounts, *, importance: float | None = None, **changes: Any) -> Gap:
    measured = UNKNOWN if importance is None else Estimate(importance, 0.0, 1.0, said.judged)
    plain: dict[str, Any] = {
        "expectation": expectation,
        "stage": "receive",
        "touchpoint": None,
        "counts": said,
        "got": UNKNOWN,
        "expected": UNKNOWN,
        "gap": UNKNOWN,
        "basis": "ratings",
        "importance": measured,
        "stake": UNKNOWN,
        "kind": "basic",
    }
    return Gap(**(plain | changes))


def asked(*gaps: Gap, top: int = 4) -> list[tuple[str, float]]:
    found = next_questions(gaps, catalogue=CATALOGUE, top=top, languages=("en",))
    return [(question.expectation, question.gain) for question in found]


def width(met: float, n: int) -> float:
    """Wilson's width written out anew: 2z/(1+z²/n) · √(p(1−p)/n + z²/4n²)."""
    z = 1.959963984540054
    p = met / n
    return 2 * z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))


def test_narrowing_is_the_mean_over_the_next_answer() -> None:
    # 3 met, 2 unmet: the next is met with probability 4/7.
    expected = width(3, 5) - 4 / 7 * width(4, 6) - 3 / 7 * width(3, 6)
    assert narrowing(counts(3, 2)) == pytest.approx(expected, abs=1e-12)


def test_a_mixed_voice_is_half_met_and_a_wish_judges_nothing() -> None:
    assert narrowing(counts(2, 1, mixed=2)) == pytest.approx(narrowing(counts(3, 2)))
    assert narrowing(counts(3, 2, wished=9)) == narrowing(counts(3, 2))


def test_the_first_answer_narrows_from_everything() -> None:
    assert narrowing(counts(0, 0)) == pytest.approx(1 - width(1, 1), abs=1e-12)


@given(st.integers(0, 500), st.integers(0, 500))
def test_narrowing_is_a_share_and_does_not_care_which_side(met: int, unmet: int) -> None:
    assert 0 <= narrowing(counts(met, unmet)) <= 0.21
    assert narrowing(counts(met, unmet)) == pytest.approx(narrowing(counts(unmet, met)), abs=1e-12)


@given(st.integers(1, 60), st.integers(1, 60))
def test_twice_as_many_answers_leave_less_to_learn(met: int, unmet: int) -> None:
    assert narrowing(counts(2 * met, 2 * unmet)) < narrowing(counts(met, unmet))


def test_of_equal_intervals_the_more_important_is_asked_first() -> None:
    found = asked(
        gap("fast_delivery", counts(10, 10), importance=0.1), gap("on_time", counts(10, 10), importance=0.2)
    )
    assert [name for name, _ in found[:2]] == ["on_time", "fast_delivery"]
    assert found[0][1] == pytest.approx(2 * found[1][1])


def test_of_equal_importance_the_wider_interval_is_asked_first() -> None:
    found = asked(
        gap("fast_delivery", counts(50, 50), importance=0.1), gap("on_time", counts(5, 5), importance=0.1)
    )
    assert found[0][0] == "on_time"


def test_unmeasured_importance_is_that_of_the_others_for_as_many_mentions() -> None:
    found = dict(
        asked(
            gap("fast_delivery", counts(10, 10), importance=0.2),
            gap("on_time", counts(30, 30), importance=0.3),
            gap("choice", counts(3, 3, wished=1)),
        )
    )
    # Per mention 0.2/20 and 0.3/60, the median 0.0075; seven mentions and a half.
    assert found["choice"] == pytest.approx(narrowing(counts(3, 3)) * 7.5 * 0.0075)
    # Nobody mentions comfort: half a mention.
    assert found["comfort"] == pytest.approx(narrowing(counts(0, 0)) * 0.5 * 0.0075)


@pytest.mark.parametrize("importance", [None, 0.0])
def test_without_any_importance_the_mentions_decide(importance: float | None) -> None:
    found = dict(asked(gap("on_time", counts(3, 3), importance=importance)))
    assert found["comfort"] == pytest.approx(narrowing(counts(0, 0)) * 0.5)


def test_equal_gains_stand_in_the_order_of_the_catalogue() -> None:
    assert [name for name, _ in asked()] == list(CATALOGUE)


def test_gaps_at_a_touchpoint_are_passed_over() -> None:
    everywhere = gap("on_time", counts(10, 10), importance=0.5)
    door = gap("on_time", counts(1, 1), importance=0.9, touchpoint="door")
    assert asked(everywhere, door) == asked(door, everywhere) == asked(everywhere)


def test_asks_no_more_than_wanted() -> None:
    assert len(asked(top=2)) == 2
    assert len(asked(top=99)) == len(CATALOGUE)


def test_a_question_comes_ready_in_six_languages() -> None:
    question = next_questions((), catalogue=("on_time",))[0]
    assert set(question.texts) == set(question.answers) == set(LANGUAGES)
    assert question.texts["nb"] == question_text("on_time", language="nb")
    assert all(len(set(answers)) == 5 for answers in question.answers.values())


def test_answers_go_from_much_worse_to_much_better() -> None:
    assert answer_texts("en") == (
        "Much worse than I expected",
        "Worse than I expected",
        "As I expected",
        "Better than I expected",
        "Much better than I expected",
    )


def test_every_language_has_the_same_questions() -> None:
    folder = files("forvent.feedback") / "questions"
    asked_in = {
        language: tomllib.loads((folder / f"{language}.toml").read_text(encoding="utf-8"))
        for language in LANGUAGES
    }
    every = set().union(*asked_in.values())
    missing = [(language, key) for language, found in asked_in.items() for key in sorted(every - set(found))]
    assert missing == []
    for found in asked_in.values():
        assert all(entry["question"].strip() for key, entry in found.items() if key != "answers")


def test_refuses_what_it_cannot_ask() -> None:
    with pytest.raises(BadOption) as option:
        next_questions((), catalogue=CATALOGUE, top=0)
    assert str(option.value) == "0 questions cannot be asked. Ask for 1 or more; 5 is usual."
    with pytest.raises(UnknownExpectation) as unknown:
        asked(gap("parking", counts(1, 1)))
    assert str(unknown.value) == ("The catalogue has no expectation 'parking'. Add it, or leave its gap out.")
    with pytest.raises(UnknownExpectation) as missing:
        question_text("parking", language="en")
    assert str(missing.value) == (
        "There is no question about 'parking'. Write one into the questions of each language."
    )
    with pytest.raises(BadOption) as language:
        answer_texts("de")
    assert str(language.value) == (
        "There are no questions in the language 'de'. Use one of en, cs, hy, nb, et, zh."
    )
