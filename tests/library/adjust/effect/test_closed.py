"""Verdicts on a gap after an action, on courses whose answer can be seen by eye."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from forvent.adjust.effect import Course, EffectSettings, effect_of, week_begins
from forvent.errors import BadOption
from forvent.records import Effect, Estimate, NotEnough, Tally

FIRST, DONE = 2900, 2912
DAY = week_begins(DONE)
TARGET = Estimate(0.8, 0.78, 0.82, 500)
#: What chance does to the weeks, the same in every test.
SHAKE = (0.02, -0.03, 0.01, 0.04, -0.02, -0.02)


def weeks(start: int, shares: Sequence[float], n: int = 60, alike: int = 1) -> tuple[Tally, ...]:
    """Weeks with these shares, shaken a little; each customer judges ``alike`` times."""
    return tuple(
        Tally(week_begins(start + k), n, n * (share + SHAKE[k % len(SHAKE)]), float(n * alike))
        for k, share in enumerate(shares)
    )


def course(before: float, after: float, *, n: int = 60, weeks_after: int = 12, alike: int = 1) -> Course:
    """Twelve weeks before and some after, at a level each."""
    return Course(weeks(FIRST, [before] * 12, n, alike), weeks(DONE, [after] * weeks_after, n, alike))


def effect(found: Course, *, beside: Course | None = None, rise: float = 0.0, alike: float = 0.05) -> Effect:
    """The effect of an action done on the day."""
    return effect_of(
        found,
        begin=DAY,
        end=DAY,
        target=TARGET,
        comparison=beside,
        rebound=rise,
        settings=EffectSettings(alike=alike),
    )


def test_a_gap_that_closed_is_called_closed() -> None:
    found = effect(course(0.5, 0.82))
    assert found.verdict == "closed"
    assert isinstance(found.change, Estimate)
    assert found.change.value == pytest.approx(0.32, abs=0.02)
    assert found.change.low > 0.0


def test_a_gap_that_closed_halfway_is_narrower() -> None:
    assert effect(course(0.5, 0.68), beside=course(0.5, 0.5)).verdict == "narrower"


def test_nothing_is_called_no_visible_change_when_a_change_would_have_been_seen() -> None:
    found = effect(course(0.5, 0.5))
    assert found.verdict == "no visible change"
    assert found.detectable is not None
    assert found.detectable < 0.3


def test_nothing_is_called_undecided_when_a_change_would_have_been_missed() -> None:
    near = Estimate(0.6, 0.6, 0.6, 500)
    found = effect_of(course(0.5, 0.5, n=4), begin=DAY, end=DAY, target=near)
    assert found.verdict == "cannot tell"
    assert found.detectable is not None
    assert found.detectable > 0.1


def test_a_gap_that_grew_is_wider() -> None:
    assert effect(course(0.7, 0.4)).verdict == "wider"


def test_what_all_of_them_went_through_is_no_effect_beside_a_comparison() -> None:
    risen = course(0.5, 0.8)
    assert effect(risen).verdict == "closed"
    beside = effect(risen, beside=course(0.55, 0.85))
    assert beside.verdict == "no visible change"
    assert beside.design == "difference in differences"
    assert not any("nothing is beside it" in caution for caution in beside.cautions)


def test_a_trend_that_was_there_before_is_not_taken_for_a_change() -> None:
    rising = [0.3 + 0.02 * week for week in range(24)]
    found = effect(Course(weeks(FIRST, rising[:12]), weeks(DONE, rising[12:])))
    assert found.design == "interrupted series"
    assert isinstance(found.change, Estimate)
    assert found.change.low < 0.0 < found.change.high
    few = effect(Course(weeks(FIRST + 6, rising[6:12]), weeks(DONE, rising[12:])))
    # Six weeks show no trend: then it went together with the action, and the caution says so.
    assert few.design == "before and after"
    assert "nothing is beside it: whatever else happened then is in the change" in few.cautions


def test_customers_who_repeat_themselves_make_it_less_sure() -> None:
    plain, repeated = effect(course(0.5, 0.65, n=40)), effect(course(0.5, 0.65, n=40, alike=8))
    assert isinstance(plain.change, Estimate)
    assert isinstance(repeated.change, Estimate)
    assert repeated.change.high - repeated.change.low > 2 * (plain.change.high - plain.change.low)


def test_weeks_that_vary_more_than_chance_make_it_less_sure_and_are_told() -> None:
    wild = [0.2, 0.8] * 6
    found = effect(Course(weeks(FIRST, wild), weeks(DONE, [0.9] * 12)))
    assert found.dispersion is not None
    assert found.dispersion > 4.0
    assert "the weeks vary more than chance alone would have them" in found.cautions


def test_what_it_would_have_risen_of_itself_is_taken_off() -> None:
    plain, picked = effect(course(0.5, 0.6)), effect(course(0.5, 0.6), rise=0.08)
    assert isinstance(plain.change, Estimate)
    assert isinstance(picked.change, Estimate)
    assert picked.change.value == pytest.approx(plain.change.value - 0.08)
    assert picked.rebound == 0.08
    assert any("picked for being low" in caution for caution in picked.cautions)


def test_weeks_in_which_it_was_being_done_are_left_out() -> None:
    end = DAY + timedelta(weeks=4, days=3)
    found = effect_of(course(0.5, 0.82), begin=DAY, end=end, target=TARGET)
    # The week in which it was done is left out as well.
    assert (found.periods_before, found.periods_after) == (12, 7)


@pytest.mark.parametrize(
    ("found", "why"),
    [
        (Course((), weeks(DONE, [0.8] * 6)), "too few judge it before the action"),
        (Course(weeks(FIRST, [0.5] * 12), ()), "too few judge it after the action"),
        (
            Course(weeks(DONE - 2, [0.5] * 2), weeks(DONE, [0.8] * 2)),
            "too few periods before or after the action",
        ),
    ],
)
def test_too_little_is_told_with_its_reason(found: Course, why: str) -> None:
    seen = effect(found)
    assert seen.verdict == "cannot tell"
    assert seen.design == "none"
    assert isinstance(seen.change, NotEnough)
    assert seen.change.why == why
    assert seen.detectable is None


def test_a_comparison_that_nobody_judges_cannot_tell() -> None:
    assert effect(course(0.5, 0.8), beside=Course((), ())).verdict == "cannot tell"


def test_all_good_before_and_after_is_no_change() -> None:
    perfect = Course(
        tuple(Tally(week_begins(FIRST + k), 50, 50.0, 50.0) for k in range(12)),
        tuple(Tally(week_begins(DONE + k), 50, 50.0, 50.0) for k in range(12)),
    )
    seen = effect(perfect)
    assert isinstance(seen.change, Estimate)
    assert seen.change.low < 0.0 < seen.change.high
    assert seen.verdict == "cannot tell"


def test_a_gap_of_next_to_nothing_may_be_set() -> None:
    assert effect(course(0.5, 0.82), alike=0.0).verdict == "narrower"


def test_an_action_done_before_it_was_decided_is_refused() -> None:
    with pytest.raises(BadOption) as caught:
        effect_of(course(0.5, 0.5), begin=DAY, end=DAY - timedelta(days=1), target=TARGET)
    days = f"An action cannot be done on {DAY - timedelta(days=1)}, before it was decided on {DAY}."
    assert str(caught.value) == f"{days} Give a later day."
