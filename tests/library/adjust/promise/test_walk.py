"""A walk through past cases: nothing is known before its time, and what is decided is heard."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from forvent.adjust.calendar.calendar import calendar_from
from forvent.adjust.history import Clock, Column, Floats, History, elapsed, whole_days
from forvent.adjust.lengths import DAY, HOUR, SECONDS
from forvent.adjust.promise import walk as walking
from forvent.adjust.promise.blend import Blend
from forvent.adjust.promise.shapes import LEAST_CASES, SHAPES
from forvent.adjust.promise.walk import (
    USUAL,
    Plan,
    Walked,
    always,
    calibrate,
    due_at,
    expectations,
    kept_before,
    learning_moments,
    walk,
)

NAN = np.nan
MONDAY = 1_767_571_200.0  # 5 January 2026, 00:00 UTC


def history(
    start: Floats,
    known: Floats,
    *,
    clock: Clock | None = None,
    unit: str = "day",
    amount: Floats | None = None,
    promised: Floats | None = None,
    columns: dict[str, Column] | None = None,
    by_day: bool = False,
) -> History:
    """Cases from start to known; what they took is told by the clock."""
    if clock is not None:
        amount = clock(start, known)
    assert amount is not None
    return History(
        start=start,
        known=known,
        amount=np.where(np.isnan(known), NAN, amount),
        promised=np.full(start.size, NAN) if promised is None else promised,
        columns=columns or {},
        unit=unit,
        as_of=float(np.nanmax(np.append(known, start[-1]))),
        by_day=by_day,
        clock=clock,
    )


def drawn(
    n: int = 400, *, clock: Clock | None, unit: str = "day", mean: float = 6.0, seed: int = 1
) -> History:
    """Three cases a day, long ones in the south, with a promise of the company that is kept by most."""
    rng = np.random.default_rng(seed)
    start = np.sort(np.floor(MONDAY + rng.uniform(0, n / 3, n) * DAY))
    place, size = rng.choice(["north", "south"], n, p=[0.6, 0.4]), rng.uniform(0, 2, n)
    wait = mean / 2 * rng.gamma(2.0, size=n) * np.where(place == "south", 1.6, 0.8) * (0.5 + size / 2)
    known = np.floor(start + wait * DAY) + 1.0
    by_day = clock is whole_days
    amount = rng.lognormal(3.0, 1.0, n)
    usual = np.quantile(clock(start, known) if clock else amount, 0.85)
    promised = np.round(usual * rng.uniform(0.8, 1.2, n), 0 if by_day else 3)
    promised[rng.random(n) < 0.1] = NAN
    columns: dict[str, Column] = {"place": place, "size": size}
    return history(
        start, known, clock=clock, unit=unit, amount=amount, promised=promised, columns=columns, by_day=by_day
    )


def same_for_all(cases: History) -> Floats:
    """What is expected where no column is looked at."""
    expected = np.full((cases.n, len(SHAPES)), NAN)
    expected[:, 0] = 0.0
    return expected


def calibrated(cases: History, plan: Plan) -> Walked:
    return calibrate(cases, plan, expected=same_for_all(cases), shift=np.ones(cases.n))


def matched(cases: History) -> Floats:
    return calibrated(cases, Plan(kept_before(cases), groups=("place",), match=True)).promised


WEEKDAYS = calendar_from("mon-fri 09:00-17:00")
CLOCKS = {
    "day": (elapsed("day"), "day"),
    "by day": (whole_days, "day"),
    "business": (WEEKDAYS.clock("hour"), "hour"),
    "no time": (None, "EUR"),
}
of_every_clock = pytest.mark.parametrize("name", CLOCKS)


def differently(cases: History, moment: float, *, seed: int) -> History:
    """The same up to a moment; all that was not known by then comes otherwise."""
    rng = np.random.default_rng(seed)
    late, coming = ~(cases.known <= moment), cases.start >= moment
    start = cases.start.copy()
    start[coming] = np.sort(np.floor(moment + rng.uniform(0, 50, coming.sum()) * DAY))
    known = np.where(
        late, np.maximum(moment, start) + np.ceil(rng.exponential(20 * DAY, cases.n)), cases.known
    )
    known[late & (rng.random(cases.n) < 0.3)] = NAN
    amount = (
        cases.clock(start, known)
        if cases.clock
        else np.where(late, rng.normal(0, 1e4, cases.n), cases.amount)
    )
    promised = np.where(coming, np.round(rng.uniform(0, 99, cases.n)), cases.promised)
    place = np.where(coming, "elsewhere", np.asarray(cases.columns["place"]))
    columns: dict[str, Column] = {"place": place, "size": np.where(coming, 1e9, cases.columns["size"])}
    changed = np.where(np.isnan(known), NAN, amount)
    return replace(cases, start=start, known=known, amount=changed, promised=promised, columns=columns)


@of_every_clock
def test_a_promise_is_made_of_what_was_known_at_its_start(name: str) -> None:
    clock, unit = CLOCKS[name]
    cases = drawn(240, clock=clock, unit=unit)
    # Some cases have no promise of the company: level, drift and the match with it are all tested.
    before = matched(cases)
    for share in (0.4, 0.8):
        moment = float(cases.start[int(share * cases.n)])
        after = matched(differently(cases, moment, seed=2))
        made = cases.start < moment
        assert np.isfinite(before[made]).sum() > 20
        assert before[made].tobytes() == after[made].tobytes()
        assert before[~made].tobytes() != after[~made].tobytes()


@pytest.mark.parametrize("name", ["day", "business"])
def test_models_too_learn_of_what_was_known_at_the_start(name: str) -> None:
    clock, unit = CLOCKS[name]
    cases = drawn(300, clock=clock, unit=unit)
    moment = float(cases.start[200])
    before, after = (
        walk(one, Plan(kept_before(one), refit_every=15 * DAY, groups=("place",)))
        for one in (cases, differently(cases, moment, seed=3))
    )
    made = cases.start < moment
    assert before.refits > 3
    assert np.isfinite(before.promised[made]).sum() > 50
    for of in ("promised", "expected", "raw", "aimed", "level"):
        assert getattr(before, of)[made].tobytes() == getattr(after, of)[made].tobytes(), of


@of_every_clock
def test_the_share_kept_before_a_moment_is_known_at_it(name: str) -> None:
    clock, unit = CLOCKS[name]
    cases = drawn(clock=clock, unit=unit, mean=2.0)
    levels = set()
    for share in np.linspace(0.1, 0.95, 12).tolist():
        moment = float(cases.start[int(share * cases.n)])
        before, after = kept_before(cases), kept_before(differently(cases, moment, seed=4))
        assert before(moment) == after(moment)
        levels.add(before(moment))
    assert len(levels) > 8


def promises(kept: list[bool | None], *, days: float = 1.0) -> History:
    """A case a day, promised within two; None is open for ever."""
    n = len(kept)
    start = MONDAY + np.arange(n) * days * DAY
    took = np.array([NAN if one is None else (1.0 if one else 5.0) for one in kept])
    return history(start, start + took * DAY, clock=elapsed("day"), promised=np.full(n, 2.0))


def test_the_share_kept_counts_promises_when_they_came_due() -> None:
    cases = promises([True] * 15 + [False] * 10)
    level = kept_before(cases)
    assert level(MONDAY) == USUAL
    assert level(MONDAY + 20.9 * DAY) == USUAL  # 19 came due
    # Twenty: fifteen kept and five broken, though these are still open.
    assert level(MONDAY + 21.0 * DAY) == pytest.approx(15.5 / 21)
    assert level(MONDAY + 99 * DAY) == pytest.approx(15.5 / 26)


def test_a_promise_that_ran_out_open_is_broken() -> None:
    assert kept_before(promises([None] * 30))(MONDAY + 40 * DAY) == 0.5
    assert kept_before(promises([True] * 900))(MONDAY + 1_000 * DAY) == 0.99


def test_the_share_kept_forgets_what_is_longer_ago_where_the_rest_is_enough() -> None:
    cases = promises([False] * 100 + [True] * 100)
    moment = float(cases.start[-1]) + 3 * DAY
    assert kept_before(cases, days=60)(moment) == pytest.approx(0.99)
    assert kept_before(cases, days=40)(moment) == pytest.approx(100.5 / 201)  # fewer than fifty: all


def test_where_the_clock_stops_a_promise_is_decided_when_the_case_is_closed() -> None:
    # From Friday 16:00 two working hours end on Monday at 10:00; on Saturday nobody knows.
    friday, n = MONDAY - 3 * DAY + 16 * HOUR, 25
    start = np.full(n, friday)
    cases = history(
        start, start + 65.5 * HOUR, clock=WEEKDAYS.clock("hour"), unit="hour", promised=np.full(n, 2.0)
    )
    assert cases.amount[0] == 1.5
    assert kept_before(cases)(friday + DAY) == USUAL
    assert kept_before(cases)(friday + 66 * HOUR) == pytest.approx((n + 0.5) / (n + 1))


def test_due_is_when_the_promise_runs_out() -> None:
    start = np.array([MONDAY + 9 * HOUR])
    hours = history(start, start + HOUR, clock=elapsed("hour"), unit="hour")
    days = history(start, start + HOUR, clock=whole_days, by_day=True)
    cost = history(start, start + HOUR, amount=np.ones(1), unit="EUR")
    assert due_at(hours, 0, 3.0) == MONDAY + 12 * HOUR
    assert due_at(days, 0, 2.0) == MONDAY + 3 * DAY  # the whole of Wednesday is in time
    assert due_at(cost, 0, 500.0) == start[0]


def test_models_are_learned_from_the_fiftieth_end_on_and_oftener_at_first() -> None:
    cases = drawn(3_000, clock=elapsed("day"))
    moments = learning_moments(cases, None)
    ends = np.sort(cases.known)
    assert (cases.known <= moments[0]).sum() == LEAST_CASES
    assert moments[0] == pytest.approx(ends[LEAST_CASES - 1])
    assert moments[-1] > cases.start[-1]
    assert np.all(np.diff(moments) > 0)
    between = np.diff(np.searchsorted(cases.start, moments))
    assert between[:3].mean() < between[-10:].mean()
    weekly = learning_moments(cases, 7 * DAY)
    assert np.diff(weekly[:-1]) == pytest.approx(7 * DAY)
    assert weekly[-1] == moments[-1]


def test_too_few_ends_are_never_learned_from() -> None:
    few = drawn(LEAST_CASES - 1, clock=elapsed("day"))
    assert learning_moments(few, None).size == 0
    assert np.isnan(walk(few, Plan(always(0.9))).promised).all()
    late = replace(drawn(80, clock=elapsed("day")), known=np.full(80, MONDAY + 4_000 * DAY))
    assert learning_moments(late, None).size == 0
    assert expectations(late, Plan(always(0.9)))[2] == 0


def test_nothing_is_promised_before_there_is_enough() -> None:
    cases = drawn(300, clock=elapsed("day"))
    nineteen_in_twenty, usual = (calibrated(cases, Plan(always(level))).promised for level in (0.995, 0.8))
    first = int(np.flatnonzero(np.isfinite(usual))[0])
    assert 20 <= first < 60
    assert np.isfinite(usual[100:]).all()  # before, too many are open at times
    assert np.isnan(nineteen_in_twenty[:199]).all()  # needs 199 cases


def grouped(rare: int = 3) -> History:
    """Two large groups, one twice as long, and three cases of another that took for ever."""
    cases = drawn(900, clock=elapsed("day"), seed=5)
    place = np.asarray(cases.columns["place"]).copy()
    at = np.array([300, 310, 320])[:rare]
    place[at], place[700] = "rare", "rare"
    known = cases.known.copy()
    known[at] = cases.start[at] + 200 * DAY
    return replace(cases, columns={**cases.columns, "place": place}, known=known)


def test_a_group_of_three_is_promised_what_its_parent_is() -> None:
    cases = grouped()
    promised = calibrated(cases, Plan(always(0.9), groups=("place",)))
    assert cases.columns["place"][700] == "rare"
    assert promised.promised[700] == promised.raw[700]
    usual = np.isfinite(promised.promised) & (cases.columns["place"] != "rare")
    assert np.mean(promised.promised[usual][-300:] == promised.raw[usual][-300:]) < 0.05


def test_a_group_that_takes_longer_is_promised_longer_and_keeps_the_level() -> None:
    cases = drawn(2_400, clock=elapsed("day"), seed=6)
    south = (np.arange(cases.n) > 1_200) & (cases.columns["place"] == "south")
    own, alike = (
        np.mean(cases.amount[south] <= calibrated(cases, Plan(always(0.9), groups=groups)).promised[south])
        for groups in (("place",), ())
    )
    assert alike < own - 0.03
    assert own == pytest.approx(0.9, abs=4 * 0.3 / np.sqrt(south.sum()))


def test_whole_days_are_promised_whole() -> None:
    promised = calibrated(drawn(clock=whole_days), Plan(always(0.9), groups=("place",))).promised
    there = np.isfinite(promised)
    assert there.any()
    assert np.all(promised[there] == np.floor(promised[there]))


def test_amounts_below_nothing_may_be_promised_where_there_are_some() -> None:
    start = MONDAY + np.arange(200) * DAY
    below = history(start, start + HOUR, amount=-10.0 - np.arange(200) % 7, unit="EUR")
    assert calibrated(below, Plan(always(0.5))).promised[-1] == -13.0


def test_matched_with_a_company_that_keeps_less_the_level_aimed_at_falls() -> None:
    rng = np.random.default_rng(7)
    n = 3_000
    start = MONDAY + np.arange(n) * DAY / 4
    known = start + rng.exponential(DAY, n)
    cases = history(start, known, clock=elapsed("day"), promised=np.full(n, np.log(5)))  # kept: 80 %
    matched = calibrated(cases, Plan(always(0.85), match=True))
    alone = calibrated(cases, Plan(always(0.85)))
    share = {
        name: np.nanmean(known - start <= one.promised * DAY)
        for name, one in (("matched", matched), ("alone", alone))
    }
    assert matched.drift.offset < alone.drift.offset
    assert share["matched"] < share["alone"]
    assert share["matched"] == pytest.approx(0.8, abs=0.025)


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether each case was closed when it was scored."""
    closed_ones: list[bool] = []
    score = Blend.score

    def listening(self: Blend, promised: Floats, amount: float, *, closed: bool, level: float) -> None:
        closed_ones.append(closed)
        score(self, promised, amount, closed=closed, level=level)

    monkeypatch.setattr(Blend, "score", listening)
    return closed_ones


def test_ways_are_scored_when_a_case_had_its_time(heard: list[bool]) -> None:
    calibrated(drawn(600, clock=elapsed("day")), Plan(always(0.9)))
    assert len(heard) > 400
    # A quarter past the promise nearly all are closed; the others have lost what they are over.
    assert 0.9 < np.mean(heard) < 1.0


@pytest.mark.parametrize("name", ["business", "no time"])
def test_ways_are_scored_when_a_case_had_its_time_on_any_clock(name: str, heard: list[bool]) -> None:
    clock, unit = CLOCKS[name]
    calibrated(drawn(600, clock=clock, unit=unit), Plan(always(0.9)))
    assert len(heard) > 300
    assert np.mean(heard) > 0.9


def test_every_promise_is_decided_once_and_none_is_left_behind() -> None:
    cases = drawn(400, clock=elapsed("day"), mean=2.0)
    walked = calibrated(cases, Plan(always(0.9)))
    due = cases.start + np.nan_to_num(walked.promised, nan=np.inf) * SECONDS["day"]
    last = float(cases.start[-1])
    pending = np.isfinite(walked.promised) & (np.minimum(due, cases.known) > last)
    assert walked.drift.pending == pending.sum()


def test_promises_are_the_same_however_often_they_are_made() -> None:
    cases = drawn(300, clock=elapsed("day"))
    plan = Plan(always(0.9), refit_every=20 * DAY, groups=("place",))
    assert walk(cases, plan).promised.tobytes() == walk(cases, plan).promised.tobytes()


def test_large_records_are_calibrated_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    cases = drawn(400, clock=elapsed("day"))
    often = calibrated(cases, Plan(always(0.9))).promised
    monkeypatch.setattr(walking, "TICKS", 20)
    seldom = calibrated(cases, Plan(always(0.9))).promised
    there = np.isfinite(seldom)
    assert np.unique(seldom[there]).size <= 20
    assert np.median(np.abs(seldom[there] / often[there] - 1.0)) < 0.05
