"""Invented backtests: a shop with a crisis in one winter, and nine cases of which nothing can be said."""

from __future__ import annotations

import math
from datetime import datetime

from forvent.records import (
    Alarm,
    Backtest,
    Estimate,
    FrontierPoint,
    KeptSlice,
    NotEnough,
    Track,
)

LEVEL = 0.93
LEAST = 20
FEW = "too few cases in this month"
HOSTILE = "</title><svg onload=alert(1)>"

# month, cases, kept share of each way in the order of WAYS, mean promise of each way
MONTHS = (
    ("2017-07", 214, (0.944, 0.981, 0.930, 0.925, 0.950), (29.1, 38.6, 27.4, 28.8, 30.3)),
    ("2017-08", 241, (0.938, 0.975, 0.955, 0.950, 0.960), (27.6, 33.2, 27.9, 28.1, 29.6)),
    ("2017-09", 263, (0.939, 0.962, 0.941, 0.936, 0.947), (26.4, 29.0, 27.0, 27.5, 28.4)),
    ("2017-10", 288, (0.941, 0.948, 0.938, 0.944, 0.940), (25.8, 26.1, 26.6, 27.0, 27.7)),
    ("2017-11", 402, (0.881, 0.868, 0.861, 0.870, 0.873), (25.0, 24.2, 26.1, 26.4, 27.2)),
    ("2017-12", 331, (0.921, 0.912, 0.885, 0.894, 0.902), (26.9, 27.3, 26.3, 26.7, 27.8)),
    ("2018-01", 389, (0.930, 0.935, 0.921, 0.918, 0.924), (27.1, 26.0, 27.7, 27.9, 28.6)),
    ("2018-02", 372, (0.852, 0.838, 0.807, 0.812, 0.826), (25.5, 24.4, 27.9, 28.3, 27.5)),
    ("2018-03", 410, (0.884, 0.821, 0.834, 0.849, 0.861), (27.8, 23.0, 29.6, 29.9, 29.1)),
    ("2018-04", 398, (0.962, 0.957, 0.948, 0.951, 0.955), (26.2, 24.1, 30.3, 30.0, 29.3)),
    ("2018-05", 411, (0.960, 0.951, 0.972, 0.970, 0.963), (22.4, 22.9, 28.1, 28.4, 26.6)),
    ("2018-06", 377, (0.957, 0.986, 0.983, 0.981, 0.974), (18.8, 26.5, 24.5, 25.1, 22.9)),
    ("2018-07", 386, (0.949, 0.966, 0.981, 0.977, 0.969), (17.1, 20.3, 21.7, 22.2, 20.6)),
    ("2018-08", 359, (0.955, 0.919, 0.975, 0.972, 0.961), (15.8, 15.2, 19.4, 19.8, 18.5)),
    ("2018-09", 12, (0.9, 0.9, 0.9, 0.9, 0.9), (15.1, 15.0, 18.8, 19.0, 18.0)),
)
STATES = (
    ("SP", 2101, 0.951, 17.9), ("RJ", 660, 0.882, 26.3), ("MG", 601, 0.944, 22.6), ("RS", 289, 0.931, 27.9),
    ("PR", 262, 0.945, 24.8), ("SC", 190, 0.919, 26.5), ("BA", 177, 0.886, 31.9), ("DF", 112, 0.938, 23.1),
    ("ES", 105, 0.914, 26.4), ("GO", 104, 0.932, 26.0), ("PE", 88, 0.92, 32.2), ("CE", 71, 0.845, 34.8),
    ("PA", 52, 0.904, 36.7), ("MT", 48, 0.958, 30.0), ("MA", 40, 0.80, 33.5), ("MS", 37, 0.973, 27.8),
    ("PB", 28, 0.929, 33.2), ("PI", 26, 0.885, 32.9), ("RN", 25, 0.96, 35.1), ("AL", 21, 0.762, 34.0),
    ("SE", 17, None, 35.8), ("TO", 14, None, 30.6), ("RO", 12, None, 38.7), ("AM", 8, None, 41.9),
    ("AC", 4, None, 44.0),
)  # fmt: skip
WAYS = ("ours", "promised", "rolling_quantile", "group_quantile", "cqr")


def kept(share: float | None, n: int) -> Estimate | NotEnough:
    """A kept share with an interval of about Wilson's width."""
    if share is None or n < LEAST:
        return NotEnough(n=n, needed=LEAST, why=FEW)
    half = 1.96 * math.sqrt(max(share * (1 - share), 0.01) / n)
    return Estimate(share, max(0.0, share - half), min(1.0, share + half), n)


def track(place: int, *, share: float, mean: float, equal: float | None) -> Track:
    """One way of promising, with its months and groups."""
    months = tuple(
        KeptSlice(month, kept(shares[place], n), lengths[place], lengths[place] - 1.4)
        for month, n, shares, lengths in MONTHS
    )
    groups = tuple(
        KeptSlice(name, kept(None if part is None else part - 0.004 * place, n), length + place, length)
        for name, n, part, length in STATES
    )
    judged = [month for month in months if isinstance(month.kept, Estimate)]
    return Track(
        name=WAYS[place],
        kept=kept(share, 5022),
        mean_promise=mean,
        median_promise=mean - 1.3,
        padded=kept(0.62 + place / 50, 5022),
        worst_month=min(
            judged, key=lambda month: month.kept.value if isinstance(month.kept, Estimate) else 1
        ),
        months=months,
        groups=groups,
        pinball=1.31 + place / 20,
        mean_at_equal=equal,
    )


def example_backtest() -> Backtest:
    """A shop whose own promise fails in a crisis; every shape that the page has to show."""
    return Backtest(
        n=5022,
        level=LEVEL,
        matched=True,
        unit="day",
        by_day=True,
        first=datetime(2017, 7, 1),
        last=datetime(2018, 9, 3),
        refits=30,
        warming_up=1187,
        undecided=11,
        unpromised=1,
        tracks=(
            track(0, share=0.9312, mean=23.41, equal=None),
            track(1, share=0.9281, mean=24.02, equal=24.38),
            track(2, share=0.9264, mean=26.3, equal=26.92),
            track(3, share=0.9291, mean=26.8, equal=27.04),
            track(4, share=0.9301, mean=25.1, equal=25.2),
        ),
        frontier=tuple(
            FrontierPoint(float(day), "day", _frontier_kept(1 - math.exp(-((day / 14.2) ** 1.6)), 5022))
            for day in range(61)
        ),
        alarms=(
            Alarm(datetime(2017, 11, 29, 14), "below", 0.871, 200),
            Alarm(datetime(2018, 2, 19, 9), "below", 0.842, 200),
            Alarm(datetime(2018, 3, 2, 9), "below", 0.85, 200),
            Alarm(datetime(2018, 5, 8, 17), "above", 0.985, 200),
        ),
        notes=("Months are judged by the day the case began.",),
        group_column="customer_state",
    )


def _frontier_kept(share: float, n: int) -> Estimate:
    half = 1.96 * math.sqrt(max(share * (1 - share), 0.001) / n)
    return Estimate(share, max(0.0, share - half), min(1.0, share + half), n)


def bare_backtest() -> Backtest:
    """Nine cases of a cost, nothing to compare with: nothing can be said yet."""
    few = NotEnough(n=9, needed=LEAST, why="too few cases")
    month = KeptSlice("2024-02", few, 1250.0, 1200.0)
    ours = Track("ours", few, 1250.0, 1200.0, few, None, (month,), (), 40.0)
    return Backtest(
        n=9, level=0.9, matched=False, unit="EUR", by_day=False, first=datetime(2024, 2, 1),
        last=datetime(2024, 2, 20), refits=1, warming_up=40, undecided=0, unpromised=0, tracks=(ours,),
        frontier=(), alarms=(),
        notes=("cqr: MAPIE is not installed.",),
    )  # fmt: skip
