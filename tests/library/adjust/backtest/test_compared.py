"""A backtest counts every case once, looks at nothing ahead, and refuses what it cannot judge."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pytest

from forvent.adjust.backtest import compared as backtesting
from forvent.adjust.backtest.compared import backtest
from forvent.adjust.backtest.rivals import NOT_INSTALLED
from forvent.adjust.history import History
from forvent.adjust.lengths import DAY, SECONDS
from forvent.adjust.promise.walk import Plan, always, kept_before, walk
from forvent.errors import BadOption, TooFewObservations
from forvent.records import Backtest, Estimate, Track

Record = Callable[..., History]
OFTEN = 45 * DAY
pytestmark = pytest.mark.usefixtures("seldom")


@pytest.fixture(autouse=True)
def _quick(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only some tests need what takes longest: plain conformal regression, and the limits of the alarm."""
    if "with_all" not in request.fixturenames:
        monkeypatch.setitem(sys.modules, "mapie", None)
        monkeypatch.setitem(sys.modules, "mapie.regression", None)
        monkeypatch.setattr(backtesting, "alarms_on", lambda *_, **__: ())


@pytest.fixture
def with_all() -> None:
    """Nothing is left out."""


def named(found: Backtest) -> dict[str, Track]:
    return {one.name: one for one in found.tracks}


def cases_of(one: Track) -> int:
    assert isinstance(one.kept, Estimate)
    return one.kept.n


def counted(found: Backtest) -> int:
    return found.n + found.warming_up + found.undecided + found.unpromised


@pytest.mark.usefixtures("with_all")
def test_all_ways_are_judged_on_the_same_cases(record: History) -> None:
    found = backtest(record, level=0.9, by="kind", refit_every=OFTEN)
    assert list(named(found)) == ["ours", "promised", "rolling_quantile", "group_quantile", "cqr"]
    assert {cases_of(one) for one in found.tracks} == {found.n}
    months = [[(month.name, month.kept.n) for month in one.months] for one in found.tracks]
    assert all(one == months[0] for one in months)
    assert sum(n for _, n in months[0]) == found.n
    assert [one.name for one in found.tracks[0].groups] == ["book", "lamp", "sofa"]
    assert (round(found.level, 9), found.matched, found.unit, found.by_day) == (0.9, False, "day", False)
    assert found.group_column == "kind"
    assert found.refits >= 2
    assert found.notes == ()


def test_ours_keeps_the_level_with_shorter_promises_than_the_quantiles(waits: Record) -> None:
    found = named(backtest(waits(1_000, seed=4), level=0.9, by="kind", refit_every=OFTEN))
    ours = found["ours"].kept
    assert isinstance(ours, Estimate)
    # Four standard errors.
    assert ours.value == pytest.approx(0.9, abs=4 * 0.3 / np.sqrt(ours.n))
    for rival in ("rolling_quantile", "group_quantile"):
        equal = found[rival].mean_at_equal
        assert equal is not None
        assert found["ours"].mean_promise < equal


@pytest.mark.parametrize("skipped", [0, 300])
def test_every_case_since_the_beginning_is_counted_once(record: History, skipped: int) -> None:
    # Some without a promise of the company, and some open.
    promised = record.promised.copy()
    promised[::7] = np.nan
    history = replace(record, promised=promised)
    begin = float(history.start[skipped])
    found = backtest(history, level=0.9, begin=begin, refit_every=OFTEN)
    assert counted(found) == history.n - skipped
    assert found.unpromised > 0
    assert found.undecided > 0
    assert (found.warming_up == 0) == (skipped == 300)
    assert found.first >= datetime(1970, 1, 1) + timedelta(seconds=begin)


def test_what_comes_later_changes_nothing_of_the_months_before(record: History, as_known: Record) -> None:
    # From the first of April on everything takes ten times as long, and the company promises nonsense.
    april = (np.datetime64("2024-04-01") - np.datetime64("1970-01-01")).astype(float) * DAY
    wait = np.where(np.isnan(record.amount), 5.0, record.amount)
    later = record.start >= april
    other = as_known(
        record.start,
        np.where(later, 10.0 * wait, wait),
        np.where(later, 99.0, record.promised),
        dict(record.columns) | {"size": np.where(later, 4711.0, record.columns["size"])},
        as_of=record.as_of + 500 * DAY,
    )
    seen = as_known(record.start, wait, record.promised, dict(record.columns), as_of=other.as_of)
    for level in (0.9, None):
        one, two = (backtest(each, level=level, by="kind", refit_every=OFTEN) for each in (seen, other))
        for ours, theirs in zip(one.tracks, two.tracks, strict=True):
            before = [month for month in ours.months if month.name < "2024-04"]
            assert len(before) >= 2
            assert before == [month for month in theirs.months if month.name < "2024-04"]
        assert one.tracks[0].months[-1] != two.tracks[0].months[-1]


def test_a_case_that_ends_after_the_last_start_is_not_known_to_anyone(
    record: History, as_known: Record
) -> None:
    # The same record, looked at a year later: the promises are the same, only more of them are decided.
    waited = record.passed(record.as_of)
    wait = np.where(np.isnan(record.amount), waited + 5.0, record.amount)
    later = as_known(
        record.start, wait, record.promised, dict(record.columns), as_of=record.as_of + 365 * DAY
    )
    plan = Plan(always(0.9), refit_every=OFTEN)
    np.testing.assert_array_equal(walk(record, plan).promised, walk(later, plan).promised)
    assert backtest(later, level=0.9, refit_every=OFTEN).undecided == 0


def test_matched_follows_the_share_that_the_company_kept_in_the_months_before(record: History) -> None:
    found = backtest(record, level=None, refit_every=OFTEN)
    assert found.matched
    level = kept_before(record)
    judged = record.start >= (found.first - datetime(1970, 1, 1)).total_seconds()
    starts = record.start[judged & np.isfinite(record.amount)]
    assert found.level == pytest.approx(np.mean([level(one) for one in starts]), abs=0.005)
    ours, theirs = (named(found)[name].kept for name in ("ours", "promised"))
    assert isinstance(ours, Estimate)
    assert isinstance(theirs, Estimate)
    assert ours.value == pytest.approx(theirs.value, abs=0.03)


def company(kept: np.ndarray, *, every: float = 1.0) -> History:
    """A case a day that the company promises in two days: kept in one day, broken in four."""
    start = np.arange(kept.size) * every * DAY
    amount = np.where(kept, 1.0, 4.0)
    return History(
        start=start,
        known=start + amount * DAY,
        amount=amount,
        promised=np.full(kept.size, 2.0),
        columns={},
        unit="day",
        as_of=float(start[-1]) + 5 * DAY,
        clock=lambda start, moment: np.maximum(0.0, (moment - start) / SECONDS["day"]),
    )


def test_the_kept_share_before_a_moment_by_hand() -> None:
    # Sixty promises came due by the sixty-first day, two days after each start; 45 of them were kept.
    level = kept_before(company(np.arange(80) % 4 != 0))
    assert level(61.0 * DAY) == pytest.approx((45 + 0.5) / 61)


def test_the_kept_share_is_of_the_months_before_and_of_all_where_they_hold_fewer_than_fifty() -> None:
    # All broken, then all kept: half a year back only kept ones, within forty days fewer than fifty.
    level = kept_before(company(np.arange(400) >= 100))
    assert level(380.0 * DAY) == 0.99  # (240 + 0.5) / 241 is above it
    assert kept_before(company(np.arange(400) >= 100), days=40.0)(380.0 * DAY) == pytest.approx(
        (379 - 100 + 0.5) / 380
    )


def test_the_kept_share_is_usual_until_twenty_are_due_and_never_extreme() -> None:
    level = kept_before(company(np.zeros(100, dtype=np.bool_)))
    assert level(20.0 * DAY) == 0.95  # nineteen are due
    assert level(21.0 * DAY) == 0.5


def test_the_kept_share_does_not_know_of_promises_that_are_not_due() -> None:
    one, two = company(np.arange(100) < 60), company(np.arange(100) < 100)
    # The sixty-first start is broken two days later, not before.
    assert kept_before(one)(61.9 * DAY) == kept_before(two)(61.9 * DAY)
    assert kept_before(one)(62.1 * DAY) < kept_before(two)(62.1 * DAY)


def test_a_tail_of_open_cases_is_undecided(waits: Record) -> None:
    history = waits(400, seed=2)
    last = history.start >= history.start[-40]
    history = replace(
        history, known=np.where(last, np.nan, history.known), amount=np.where(last, np.nan, history.amount)
    )
    waited = history.passed(history.as_of)
    found = backtest(history, level=0.9, refit_every=OFTEN)
    # Those who have waited for less than any promise there is are all of them undecided.
    assert found.undecided >= int(np.sum(last & (waited < history.promised)))
    assert counted(found) == history.n
    longer = backtest(replace(history, as_of=history.as_of + 300 * DAY), level=0.9, refit_every=OFTEN)
    # Three hundred days later every promise to them has run out: open, and broken.
    assert longer.undecided == 0
    assert longer.n == found.n + found.undecided


def test_a_heap_on_one_value_is_explained() -> None:
    rng = np.random.default_rng(6)
    history = company(np.ones(300, dtype=np.bool_))
    amount = np.where(rng.random(300) < 0.4, 2.0, rng.uniform(0.5, 3.0, 300))
    history = replace(history, amount=amount, known=history.start + amount * DAY)
    found = backtest(history, level=0.9, begin=float(history.start[100]), refit_every=OFTEN)
    share = np.mean(amount[100:] == 2.0)
    assert f"{share:.0%}" == "42%"
    assert found.notes[-1] == (
        "42% of the cases take exactly what the company promised. A promise there cannot be kept in just "
        "the chosen share: a day less breaks all of them at once."
    )
    assert found.notes[0] == NOT_INSTALLED


def test_without_a_promise_of_the_company_there_is_no_such_track(waits: Record) -> None:
    found = backtest(waits(300, seed=3, own=False), level=0.8, refit_every=OFTEN)
    assert list(named(found)) == ["ours", "rolling_quantile"]
    assert found.unpromised == 0
    assert found.group_column == ""
    assert found.tracks[0].groups == ()


def test_the_frontier_is_of_the_judged_cases(record: History) -> None:
    points = backtest(record, level=0.9, refit_every=OFTEN).frontier
    shares = [point.kept.value for point in points]
    assert len(points) > 5
    assert shares == sorted(shares)


@pytest.mark.usefixtures("with_all")
def test_the_same_seed_says_the_same_twice(waits: Record) -> None:
    history = waits(300, seed=3)
    one, two = (backtest(history, level=0.9, refit_every=OFTEN, seed=3) for _ in range(2))
    assert one == two


@pytest.mark.parametrize("level", [1.0, 0.0, -0.5, 95.0, float("nan")])
def test_refuses_a_level_that_is_no_share(record: History, level: float) -> None:
    with pytest.raises(BadOption) as refused:
        backtest(record, level=level)
    assert str(refused.value) == (
        f"The level {level} is not between 0 and 1. Give a share such as 0.95, not a percentage."
    )


def test_refuses_to_match_a_promise_that_nobody_made(waits: Record) -> None:
    with pytest.raises(BadOption) as refused:
        backtest(waits(100, seed=3, own=False), level=None)
    assert str(refused.value) == (
        "There is no promise of the company to be matched. Give a level, such as 0.95."
    )


@pytest.mark.parametrize("by", ["size", "colour"])
def test_refuses_groups_that_are_no_text(record: History, by: str) -> None:
    with pytest.raises(BadOption) as refused:
        backtest(record, level=0.9, by=by)
    assert str(refused.value) == f"“{by}” is no column of text of these cases. Group by a column of text."


@pytest.mark.parametrize("n", [0, 1, 60])
def test_refuses_too_few_cases(record: History, n: int) -> None:
    with pytest.raises(TooFewObservations) as refused:
        backtest(record.where(np.arange(n)), level=0.9)
    assert str(refused.value) == (
        f"Only 0 cases can be judged; {n} began before there was enough to learn from, 0 are not decided "
        "yet. Begin later or earlier, lower the level, or wait for more cases."
    )


def test_refuses_a_beginning_after_which_hardly_anything_is_decided(record: History) -> None:
    with pytest.raises(TooFewObservations) as refused:
        backtest(record, level=0.9, begin=float(record.start[-20]), refit_every=OFTEN)
    assert "began before there was enough to learn from" in refused.value.message
    assert refused.value.hint == "Begin later or earlier, lower the level, or wait for more cases."
