"""Fields of importance and performance, and what looks odd in the answers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from forvent.assess.drivers.fits import Fits
from forvent.stats import percentile_interval

Floats = NDArray[np.float64]

CONCENTRATE, KEEP_UP, LOW_PRIORITY, OVERKILL = (
    "concentrate_here",
    "keep_up",
    "low_priority",
    "possible_overkill",
)
UNDECIDED = "undecided"
#: The scale of a touchpoint, or of overall satisfaction, may be upside down.
UPSIDE_DOWN = "upside_down"
#: Two touchpoints whose ratings go together this closely can hardly be told apart.
ALIKE = 0.9
_BACKWARDS = -0.1


def field_of(importance: Floats, *, performance: Floats, level: float = 0.95) -> str:
    """Field of one touchpoint among importance and performance, undecided where a line may be crossed.

    Parameters
    ----------
    importance
        Its importance less the mean of all touchpoints: on the answers and then in each bootstrap round.
    performance
        Its mean rating less the mean of all touchpoints, alike.
    level
        Level of both intervals.

    Returns
    -------
    str
        "concentrate_here" (important, rated low), "keep_up" (important, rated high), "low_priority",
        "possible_overkill", or "undecided" where an interval holds 0.

    Source
    ------
    Martilla & James (1977), Journal of Marketing 41(1), 77–79; the lines are the means.

    Examples
    --------
    >>> noise = np.random.default_rng(1).normal(0, 0.01, 200)
    >>> field_of(0.1 + noise, performance=-0.1 + noise), field_of(0.1 + noise, performance=noise)
    ('concentrate_here', 'undecided')
    """
    important, well = (_above_zero(draws, level) for draws in (importance, performance))
    if important is None or well is None:
        return UNDECIDED
    if important:
        return KEEP_UP if well else CONCENTRATE
    return OVERKILL if well else LOW_PRIORITY


def alike_pairs(fits: Fits) -> list[tuple[int, int]]:
    """Touchpoints whose ratings go together by at least 0.9, as pairs of their numbers.

    Parameters
    ----------
    fits
        What was fitted.

    Returns
    -------
    list
        Pairs of numbers of touchpoints, the first below the second.

    Source
    ------
    Our own definition, docs/formulas/assess-drivers.md#odd.

    Examples
    --------
    >>> crosses = np.array([[[1.0, 0.95, 0.6], [0.95, 1.0, 0.6], [0.6, 0.6, 1.0]]])
    >>> nothing = np.zeros((1, 2))
    >>> fits = Fits(nothing, nothing, crosses, nothing, np.zeros(1), np.arange(2), np.ones(2) > 0, 9.0)
    >>> alike_pairs(fits)
    [(0, 1)]
    """
    close = np.abs(correlations(fits)[:-1, :-1]) >= ALIKE
    return [
        (int(fits.used[first]), int(fits.used[second]))
        for first, second in zip(*np.nonzero(np.triu(close, 1)), strict=True)
    ]


def upside_down(fits: Fits) -> tuple[bool, list[int]]:
    """Whether overall satisfaction, and which touchpoints, run against the rest.

    Overall satisfaction is said to be upside down where most touchpoints go with less of it; a touchpoint,
    where its ratings go with lower ratings of the others and with lower satisfaction (both correlations
    below −0.1).

    Parameters
    ----------
    fits
        What was fitted.

    Returns
    -------
    tuple
        The answer for overall satisfaction, and the numbers of touchpoints.

    Source
    ------
    Our own definition, docs/formulas/assess-drivers.md#odd.

    Examples
    --------
    >>> crosses = np.array([[[1.0, 0.5, -0.6], [0.5, 1.0, -0.4], [-0.6, -0.4, 1.0]]])
    >>> nothing = np.zeros((1, 2))
    >>> fits = Fits(nothing, nothing, crosses, nothing, np.zeros(1), np.arange(2), np.ones(2) > 0, 9.0)
    >>> upside_down(fits)
    (True, [])
    """
    found = correlations(fits)
    with_overall, between = found[:-1, -1], found[:-1, :-1]
    count = with_overall.size
    if count == 0:
        return False, []
    turned = bool(np.mean(with_overall < _BACKWARDS) > 0.5)
    if count < 3:
        # Of two that disagree nobody knows which is turned.
        return turned, []
    others = (between.sum(axis=1) - np.diag(between)) / (count - 1)
    against = (others < _BACKWARDS) & ((with_overall < _BACKWARDS) | turned)
    return turned, [int(number) for number in fits.used[against]]


def correlations(fits: Fits) -> Floats:
    """Correlations of the touchpoints used and, last, of overall satisfaction; what was not rated taken out.

    Parameters
    ----------
    fits
        What was fitted.

    Returns
    -------
    NDArray
        Shape (u + 1, u + 1).

    Source
    ------
    Our own definition, docs/formulas/assess-drivers.md#importance.

    Examples
    --------
    >>> nothing = np.zeros((1, 1))
    >>> crosses = np.array([[[4.0, 1.0], [1.0, 1.0]]])
    >>> fits = Fits(nothing, nothing, crosses, nothing, np.zeros(1), np.arange(1), np.ones(1) > 0, 9.0)
    >>> correlations(fits).tolist()
    [[1.0, 0.5], [0.5, 1.0]]
    """
    crosses = fits.crosses[0]
    spread = np.sqrt(np.maximum(np.diag(crosses), 1e-300))
    found: Floats = crosses / np.outer(spread, spread)
    return found


def _above_zero(draws: Floats, level: float) -> bool | None:
    found = percentile_interval(draws[1:], value=float(draws[0]), n=1, level=level)
    if found.low > 0.0:
        return True
    return False if found.high < 0.0 else None
