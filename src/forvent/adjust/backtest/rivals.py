"""What others would have promised in our place: the ways that a backtest is held against."""

from __future__ import annotations

import math
from bisect import bisect_left, insort
from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forvent.adjust.history import Floats, History
from forvent.adjust.promise.columns import learn_columns
from forvent.records import NotEnough
from forvent.stats import conformal_rank

#: Latest closed cases that a rolling quantile is taken of, and fewest.
ROLLING, LEAST_ROLLING = 500, 20
#: The same of a group; with fewer it is promised what all are.
OF_GROUP, LEAST_OF_GROUP = 300, 30
#: Latest closed cases that the conformal quantile regression is fitted and calibrated on, and fewest.
LEARNED, LEAST_LEARNED = 20_000, 50
#: Share of them that it is calibrated on.
CALIBRATED = 1 / 3
NOT_INSTALLED = (
    "Plain conformal quantile regression was left out: MAPIE and scikit-learn are not installed. "
    "pip install forvent[dev] brings them."
)
_TREES = {"max_iter": 80, "max_leaf_nodes": 12, "early_stopping": False}


@dataclass(frozen=True, slots=True, eq=False)
class Rivals:
    """What each rival would have promised, shape (n,), in the unit of the history.

    NaN where a rival cannot promise, or was not asked. ``group_quantile`` is None without groups,
    ``cqr`` where it could not be had for any case; ``notes`` then says why.
    """

    rolling_quantile: Floats
    group_quantile: Floats | None
    cqr: Floats | None
    notes: tuple[str, ...] = ()


def rival_promises(
    history: History, *, moments: Floats, levels: Floats, by: str | None, seed: int = 1
) -> Rivals:
    """Promises of a rolling quantile, a quantile by group, and plain conformal quantile regression.

    The first two take the conformal rank among the latest closed cases (500; of a group 300, and
    what all are promised where it has fewer than 30 or too few for the level). The third is split
    conformalized quantile regression as MAPIE has it, fitted anew at each moment on the latest 20,000
    closed cases and calibrated on a third of them, of which only the upper limit is taken. None
    of them sees what came to be known at the start of a case or later.

    Parameters
    ----------
    history
        Cases in the order of their start.
    moments
        Seconds since 1970 UTC at which models are learned anew, increasing; the last is the end.
        Until the next one the regression promises at the median level of the cases in between.
    levels
        Level for each case, shape (n,), inside (0, 1); NaN for a case that is not asked.
    by
        Column of text with the groups; None for none.
    seed
        Of the draw of the cases to calibrate on.

    Returns
    -------
    Rivals
        Whole numbers for promises that name a day.

    Raises
    ------
    BadOption
        If a level is not inside (0, 1).

    Source
    ------
    Romano, Patterson & Candès (2019), NeurIPS; details in docs/formulas/adjust-rivals.md#rivals.
    """
    everyone = ["all"] * history.n
    rolling = _of_latest(history, levels, everyone, window=ROLLING, least=LEAST_ROLLING)
    grouped = None
    if by is not None:
        labels = np.asarray(history.columns[by]).astype(np.str_).tolist()
        found = _of_latest(history, levels, labels, window=OF_GROUP, least=LEAST_OF_GROUP)
        grouped = np.where(np.isnan(found), rolling, found)
    cqr, notes = _regression(history, moments=moments, levels=levels, seed=seed)
    return Rivals(
        rolling_quantile=_in_whole_days(rolling, history),
        group_quantile=None if grouped is None else _in_whole_days(grouped, history),
        cqr=None if cqr is None else _in_whole_days(cqr, history),
        notes=notes,
    )


class _Latest:
    """The latest amounts, in the order of their size."""

    def __init__(self, window: int) -> None:
        self._window = window
        self._arrived: deque[float] = deque()
        self._ranked: list[float] = []

    def add(self, amount: float) -> None:
        """One more amount; the oldest leaves when there are too many."""
        self._arrived.append(amount)
        insort(self._ranked, amount)
        if len(self._arrived) > self._window:
            del self._ranked[bisect_left(self._ranked, self._arrived.popleft())]

    def quantile(self, level: float, *, least: int) -> float:
        """Amount at the conformal rank; NaN with too few."""
        n = len(self._ranked)
        rank = conformal_rank(n, level=level)
        return math.nan if n < least or isinstance(rank, NotEnough) else self._ranked[rank - 1]


def _closed(history: History) -> NDArray[np.int64]:
    """Positions of the closed cases in the order in which they came to be known."""
    closed = np.flatnonzero(np.isfinite(history.known) & np.isfinite(history.amount))
    return closed[np.argsort(history.known[closed], kind="stable")]


def _of_latest(history: History, levels: Floats, labels: Sequence[str], *, window: int, least: int) -> Floats:
    """Quantile of the latest cases of each label that were known before the start of each case."""
    closed = _closed(history)
    # Strictly before: a case that ends as it starts must not be promised from itself.
    heard = np.searchsorted(history.known[closed], history.start, side="left").tolist()
    news = [(labels[case], float(history.amount[case])) for case in closed.tolist()]
    latest: defaultdict[str, _Latest] = defaultdict(lambda: _Latest(window))
    found = np.full(history.n, np.nan)
    at = 0
    for case, (until, level) in enumerate(zip(heard, levels.tolist(), strict=True)):
        for label, amount in news[at:until]:
            latest[label].add(amount)
        at = until
        if not math.isnan(level):
            found[case] = latest[labels[case]].quantile(level, least=least)
    return found


def _in_whole_days(promised: Floats, history: History) -> Floats:
    """Promises as they are said; amounts by day are whole, so that nothing is kept or broken by it."""
    return np.floor(promised + 1e-9) if history.by_day else promised


@dataclass(frozen=True, slots=True)
class _Mapie:
    """What is used of MAPIE and of what it builds on."""

    conformalized: Any
    quantile: Any
    threads: Any


def _mapie() -> _Mapie | None:
    """None where MAPIE is not installed, or too old to have it."""
    # Only those who hold the engine against others need it, so forvent is installed without.
    try:
        return _Mapie(
            conformalized=import_module("mapie.regression").ConformalizedQuantileRegressor,
            quantile=import_module("sklearn.ensemble").HistGradientBoostingRegressor,
            threads=import_module("threadpoolctl").threadpool_limits,
        )
    except (ImportError, AttributeError):
        return None


def _regression(
    history: History, *, moments: Floats, levels: Floats, seed: int
) -> tuple[Floats | None, tuple[str, ...]]:
    """Promises of conformal quantile regression, and why there are none."""
    mapie = _mapie()
    if mapie is None:
        return None, (NOT_INSTALLED,)
    promised = np.full(history.n, np.nan)
    closed = _closed(history)
    known = history.known[closed]
    with mapie.threads(limits=1):
        for place, (begin, end) in enumerate(pairwise(moments.tolist())):
            first, last = np.searchsorted(history.start, [begin, end], side="left")
            coming = first + np.flatnonzero(np.isfinite(levels[first:last]))
            past = closed[: np.searchsorted(known, begin, side="left")][-LEARNED:]
            if coming.size == 0 or past.size < LEAST_LEARNED:
                continue
            drawn = np.random.default_rng([seed, place]).permutation(past)
            level = float(np.median(levels[coming]))
            promised[coming] = _upper_limits(mapie, history.where(drawn), history.where(coming), level=level)
    if np.isnan(promised).all():
        return None, (
            "Plain conformal quantile regression was left out: it needs 50 closed cases, and at level l "
            "three times l / (1 - l) of them.",
        )
    return promised, ()


def _upper_limits(mapie: _Mapie, drawn: History, coming: History, *, level: float) -> Floats:
    """Upper limits of the coming cases, from past ones in an order that was drawn; NaN where too few."""
    calibrated = round(drawn.n * CALIBRATED)
    rank = conformal_rank(calibrated, level=level)
    if isinstance(rank, NotEnough):
        return np.full(coming.n, np.nan)
    columns = learn_columns(drawn)
    matrix, amount = columns.matrix(drawn), drawn.amount
    told = np.isfinite(matrix[calibrated:]).any(axis=0)
    texts = np.isin(np.arange(told.size), columns.text_positions)[told]
    upper = mapie.quantile(
        loss="quantile", quantile=level, categorical_features=[*texts, False], random_state=1, **_TREES
    ).fit(_filled(matrix[calibrated:, told]), amount[calibrated:])
    # The upper limit is corrected by its own scores alone: the lower and the middle need not be fitted.
    # predict_interval would add the same, but sets up the caller's logging and writes to it.
    limits = mapie.conformalized([upper, upper, upper], prefit=True)
    limits.conformalize(_filled(matrix[:calibrated, told]), amount[:calibrated])
    scores: Floats = limits.conformity_scores[1]
    expected: Floats = upper.predict(_filled(columns.matrix(coming)[:, told]))
    return np.maximum(expected + float(np.sort(scores)[rank - 1]), min(0.0, float(amount.min())))


def _filled(matrix: Floats) -> Floats:
    """The matrix and a column that says nothing, so that there is always one."""
    return np.column_stack([matrix, np.zeros(matrix.shape[0])])
