"""How one way of promising did, by hand on ten cases."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from forvent.adjust.backtest.tracks import OURS, Judged, track
from forvent.adjust.history import Floats, History, elapsed, whole_days
from forvent.adjust.lengths import DAY
from forvent.records import Estimate, NotEnough, Track
from forvent.stats import wilson

JANUARY = 19_723.0 * DAY
ONE_TO_TEN = np.arange(1.0, 11.0)


def cases(amount: Floats, *, start: Floats | None = None, by_day: bool = False) -> History:
    """Waits in days that began on the first of January 2024, or when they say."""
    began = np.full(amount.size, JANUARY) if start is None else start
    return History(
        start=began,
        known=began + amount * DAY,
        amount=amount,
        promised=np.full(amount.size, np.nan),
        columns={"kind": np.array(["book", "lamp"])[(np.arange(amount.size) >= 3).astype(int)]},
        unit="day",
        as_of=float(began[-1]) + 1_000 * DAY,
        by_day=by_day,
        clock=whole_days if by_day else elapsed("day"),
    )


def of_ten(promised: float, *, ours: float = 9.0, by_day: bool = False) -> Track:
    """The track of one promise to ten cases that take a day to ten."""
    judged = Judged(cases(ONE_TO_TEN, by_day=by_day), level=0.9, by="kind")
    return track(judged, OURS, np.full(10, promised), ours=np.full(10, ours))


def in_months(*months: tuple[int, int]) -> Track:
    """The track of a promise of one day over months with so many cases, of which so many are kept."""
    start, amount = [], []
    for place, (n, kept) in enumerate(months):
        start += [np.datetime64(f"2024-{place + 1:02}-05").astype("datetime64[s]").astype(float)] * n
        amount += [1.0] * kept + [2.0] * (n - kept)
    judged = Judged(cases(np.array(amount), start=np.array(start)), level=0.9, by=None)
    promised = np.ones(len(amount))
    return track(judged, OURS, promised, ours=promised)


def test_eight_of_ten_are_kept_and_four_are_padded() -> None:
    found = of_ten(8.0)
    assert found.kept == wilson(8, 10)
    assert found.padded == wilson(4, 10)  # they take a day to four of the eight
    assert (found.mean_promise, found.median_promise) == (8.0, 8.0)


def test_a_case_that_takes_exactly_what_was_promised_keeps_it() -> None:
    assert of_ten(7.999).kept == wilson(7, 10)


def test_the_mean_and_the_median_are_of_the_promises() -> None:
    promised = np.array([1.0, 2, 3, 4, 5, 6, 7, 8, 9, 100])
    found = track(Judged(cases(ONE_TO_TEN), level=0.9, by=None), "cqr", promised, ours=promised)
    assert (found.name, found.mean_promise, found.median_promise) == ("cqr", 14.5, 5.5)
    assert found.kept == wilson(10, 10)


def test_the_pinball_loss_weighs_what_is_short_nine_times_what_is_long() -> None:
    # Two are short by a day and by two, 0.9 each day; eight are long by 7 + 6 + … + 0 days, 0.1 each day.
    assert of_ten(8.0).pinball == pytest.approx((0.9 * 3 + 0.1 * 28) / 10)


def test_at_our_kept_share_a_promise_is_stretched_by_the_least_factor_that_keeps_it() -> None:
    # Ours keeps nine of ten; a promise of eight keeps as many when it is nine, one of twelve too.
    assert of_ten(8.0).mean_at_equal == pytest.approx(9.0, abs=1e-6)
    assert of_ten(12.0).mean_at_equal == pytest.approx(9.0, abs=1e-6)
    assert of_ten(9.0, by_day=True).mean_at_equal == 9.0


def test_promises_that_name_a_day_are_stretched_to_whole_days() -> None:
    promised = np.array([4.0, 4, 4, 4, 4, 10, 10, 10, 10, 10])
    judged = Judged(cases(ONE_TO_TEN, by_day=True), level=0.9, by=None)
    # Ours keeps all ten: the fifth needs five fourths of its promise; 12.5 days are said as 12.
    found = track(judged, "cqr", promised, ours=np.full(10, 10.0))
    assert found.mean_at_equal == 8.5
    assert found.kept == wilson(9, 10)


@pytest.mark.parametrize("promised", [0.1, 0.0, -1.0])
def test_where_no_factor_keeps_as_many_there_is_no_mean_at_equal_share(promised: float) -> None:
    # A tenth of a day is five days when stretched fifty times.
    assert of_ten(promised).mean_at_equal is None


def test_an_open_case_is_broken_for_its_promise_has_run_out() -> None:
    judged = Judged(cases(np.append(ONE_TO_TEN[:9], np.nan)), level=0.9, by=None)
    found = track(judged, OURS, np.full(10, 50.0), ours=np.full(10, 50.0))
    assert found.kept == wilson(9, 10)
    assert found.pinball == pytest.approx(0.1 * np.mean(50.0 - ONE_TO_TEN[:9]))


def test_groups_come_by_size_and_one_of_three_cases_tells_nothing() -> None:
    lamp, book = of_ten(8.0).groups
    assert (lamp.name, lamp.kept, lamp.mean_promise) == ("lamp", wilson(5, 7), 8.0)
    assert (book.name, book.kept) == ("book", NotEnough(n=3, needed=5, why="too few cases"))
    assert book.median_promise == 8.0


def test_months_come_in_order() -> None:
    found = in_months((6, 6), (10, 5), (3, 0))
    assert [month.name for month in found.months] == ["2024-01", "2024-02", "2024-03"]
    assert [month.kept for month in found.months[:2]] == [wilson(6, 6), wilson(5, 10)]
    assert isinstance(found.months[2].kept, NotEnough)


def test_a_month_with_fewer_than_a_hundred_cases_is_not_the_worst() -> None:
    worst = in_months((99, 0), (100, 90), (120, 118)).worst_month
    assert worst is not None
    assert (worst.name, worst.kept) == ("2024-02", wilson(90, 100))


def test_where_no_month_has_a_hundred_thirty_will_do_and_fewer_never() -> None:
    worst = in_months((29, 0), (30, 20), (99, 98)).worst_month
    assert worst is not None
    assert worst.name == "2024-02"
    assert in_months((29, 0), (29, 29)).worst_month is None


def test_of_two_months_alike_the_earlier_is_the_worst() -> None:
    worst = in_months((100, 90), (100, 90)).worst_month
    assert worst is not None
    assert worst.name == "2024-01"


def test_fewer_than_five_cases_have_no_kept_share() -> None:
    four = cases(ONE_TO_TEN[:4])
    found = track(Judged(four, level=0.9, by=None), OURS, np.full(4, 8.0), ours=np.full(4, 8.0))
    assert found.kept == found.padded == NotEnough(n=4, needed=5, why="too few cases")
    assert not isinstance(of_ten(8.0).kept, NotEnough)


def test_the_months_are_those_of_the_starts() -> None:
    late = replace(cases(ONE_TO_TEN), start=np.full(10, JANUARY + 31 * DAY - 1.0))
    months = Judged(late, level=0.9, by=None).months
    assert set(months.tolist()) == {"2024-01"}
    kept = of_ten(8.0).months[0].kept
    assert isinstance(kept, Estimate)
    assert kept.n == 10
