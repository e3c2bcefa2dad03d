"""How ratings go together with lateness and with slowness, kept apart."""

from __future__ import annotations

import numpy as np

from forvent.assess.joined import Joined
from forvent.assess.judgements import Codes, Flags, Floats
from forvent.records import Estimate, NotEnough, SatisfactionCell, SatisfactionPoint
from forvent.stats import mean_interval, percentile_interval, wilson

# Days after the promise at which the curve is cut; up to 0 it was kept.
DAYS_LATE = (-14.0, -7.0, -3.0, 0.0, 3.0, 7.0)
SATISFIED = 0.75 - 1e-9
LEAST_RATED = 5
LEAST_COMPARED = 10
STRATA = 10


def satisfaction_cells(
    joined: Joined, *, slow_from_days: float, level: float = 0.95
) -> tuple[SatisfactionCell, ...]:
    """Satisfied share and mean rating of kept and late episodes, quick and slow.

    Parameters
    ----------
    joined
        Joined episodes; those without rating or known outcome are left out. An open episode
        that is late counts with the days it has waited so far.
    slow_from_days
        Waits above this are slow.
    level
        Confidence level, inside (0, 1).

    Returns
    -------
    tuple of SatisfactionCell
        Kept and quick, kept and slow, late and quick, late and slow; satisfied means a
        rating of at least 0.75. Fewer than five rated episodes are NotEnough.

    Source
    ------
    Our own definition, docs/formulas/assess.md#chain.

    Examples
    --------
    >>> from forvent.assess.joined import Joined
    >>> nothing = np.full(6, np.nan)
    >>> joined = Joined(
    ...     np.full(6, 3.0),
    ...     nothing,
    ...     np.zeros(6),
    ...     np.zeros(6),
    ...     np.zeros(6),
    ...     np.ones(6),
    ...     nothing,
    ...     nothing,
    ...     nothing,
    ...     nothing,
    ...     np.arange(6),
    ... )
    >>> satisfaction_cells(joined, slow_from_days=5.0)[0].satisfied.value
    1.0
    """
    cells = []
    for kept in (True, False):
        for slow in (False, True):
            inside = (joined.late == (0.0 if kept else 1.0)) & ((joined.wait_days > slow_from_days) == slow)
            ratings = joined.rating[inside & np.isfinite(joined.rating)]
            satisfied = _satisfied(ratings, level=level)
            cells.append(
                SatisfactionCell(
                    kept=kept, slow=slow, satisfied=satisfied, mean_rating=_mean(ratings, level=level)
                )
            )
    return tuple(cells)


def satisfaction_curve(joined: Joined, *, level: float = 0.95) -> tuple[SatisfactionPoint, ...]:
    """Mean rating by how many days before or after its promise an episode was delivered.

    Parameters
    ----------
    joined
        Joined episodes; open ones and those without promise or rating are left out.
    level
        Confidence level, inside (0, 1).

    Returns
    -------
    tuple of SatisfactionPoint
        Seven points cut at −14, −7, −3, 0, 3 and 7 days, each without its lower edge; the outer
        edges are the earliest and the latest seen. Fewer than five are NotEnough.

    Source
    ------
    Our own definition, docs/formulas/assess.md#chain.

    Examples
    --------
    >>> from forvent.assess.joined import Joined
    >>> nothing = np.full(5, np.nan)
    >>> joined = Joined(
    ...     np.full(5, 9.0),
    ...     nothing,
    ...     np.full(5, 2.0),
    ...     np.zeros(5),
    ...     np.ones(5),
    ...     np.zeros(5),
    ...     nothing,
    ...     nothing,
    ...     nothing,
    ...     nothing,
    ...     np.arange(5),
    ... )
    >>> point = satisfaction_curve(joined)[4]
    >>> point.days_late_from, point.days_late_to, point.mean_rating.value
    (0.0, 3.0, 0.0)
    """
    days, ratings = joined.days_late[joined.compared], joined.rating[joined.compared]
    place = np.searchsorted(DAYS_LATE, days, side="left")
    first = min([DAYS_LATE[0], *days.tolist()])
    last = max([DAYS_LATE[-1], *days.tolist()])
    edges = (first, *DAYS_LATE, last)
    return tuple(
        SatisfactionPoint(
            days_late_from=edges[number],
            days_late_to=edges[number + 1],
            mean_rating=_mean(ratings[place == number], level=level),
        )
        for number in range(len(edges) - 1)
    )


def late_difference(joined: Joined, *, drawn: Floats, level: float = 0.95) -> Estimate | NotEnough:
    r"""Mean rating of late minus kept episodes among episodes with similar wait.

    Waits are cut at the deciles of the late episodes, quicker and slower ones left out; within
    each stratum the means are compared, and the differences are averaged with the weights
    :math:`n_{late}\,n_{kept}/(n_{late}+n_{kept})`. So slowness alone makes no difference here.
    Whatever else goes together with lateness is not taken out.

    Parameters
    ----------
    joined
        Joined episodes; open ones and those without promise or rating are left out.
    drawn
        How often each block of customers was drawn, shape (rounds, blocks).
    level
        Confidence level, inside (0, 1).

    Returns
    -------
    Estimate or NotEnough
        Rating points (0–1), negative where late ones rate lower; n counts the late ones.

    Source
    ------
    Our own definition (stratification: Cochran 1968, Biometrics 24(2), 295–313),
    docs/formulas/assess.md#chain.

    Examples
    --------
    Twenty kept and twenty late with the same waits, rated 1 and 0:

    >>> from forvent.assess.joined import Joined
    >>> nothing, late = np.full(40, np.nan), np.repeat([0.0, 1.0], 20)
    >>> joined = Joined(
    ...     np.tile(np.arange(20.0), 2),
    ...     nothing,
    ...     late,
    ...     np.zeros(40),
    ...     late,
    ...     1 - late,
    ...     nothing,
    ...     nothing,
    ...     nothing,
    ...     nothing,
    ...     np.arange(40),
    ... )
    >>> late_difference(joined, drawn=np.ones((3, 40))).value
    -1.0
    """
    used = joined.compared
    late = joined.late[used] == 1.0
    if min(late.sum(), (~late).sum()) < LEAST_COMPARED:
        few = int(min(late.sum(), (~late).sum()))
        return NotEnough(n=few, needed=LEAST_COMPARED, why="too few rated episodes were late, or kept")
    waits = joined.wait_days[used]
    edges = np.quantile(waits[late], np.linspace(0, 1, STRATA + 1))
    # Beyond the quickest and the slowest late one there is nothing similar to compare with.
    similar = (waits >= edges[0]) & (waits <= edges[-1])
    used = used.copy()
    used[used] = similar
    cell = 2 * np.searchsorted(edges[1:-1], waits[similar], side="left") + late[similar]
    sums = _by_block(joined, used, cell, count=2 * STRATA, drawn=drawn)
    differences = _stratified(*sums)
    overlap = np.bincount(cell, minlength=2 * STRATA).reshape(STRATA, 2)
    kept_beside, late_beside = overlap[overlap.min(axis=1) > 0].sum(axis=0).tolist()
    shared = min(kept_beside, late_beside)
    if shared < LEAST_COMPARED or not np.isfinite(differences).all():
        return NotEnough(
            n=shared, needed=LEAST_COMPARED, why="too few late episodes have a kept one of similar wait"
        )
    return percentile_interval(differences[1:], value=differences[0], n=late_beside, level=level)


def slow_difference(joined: Joined, *, drawn: Floats, level: float = 0.95) -> Estimate | NotEnough:
    """Mean rating of the slowest minus the quickest quarter, among kept episodes only.

    Parameters
    ----------
    joined
        Joined episodes; only those kept, delivered and rated are used.
    drawn
        How often each block of customers was drawn, shape (rounds, blocks).
    level
        Confidence level, inside (0, 1).

    Returns
    -------
    Estimate or NotEnough
        Rating points (0–1), negative where slow ones rate lower; n counts both quarters.

    Source
    ------
    Our own definition, docs/formulas/assess.md#chain.

    Examples
    --------
    >>> from forvent.assess.joined import Joined
    >>> nothing, kept = np.full(80, np.nan), np.zeros(80)
    >>> joined = Joined(
    ...     np.arange(80.0),
    ...     nothing,
    ...     kept,
    ...     kept,
    ...     kept,
    ...     np.repeat([1.0, 0.75], 40),
    ...     nothing,
    ...     nothing,
    ...     nothing,
    ...     nothing,
    ...     np.arange(80),
    ... )
    >>> slow_difference(joined, drawn=np.ones((3, 80))).value
    -0.25
    """
    used = joined.compared & joined.kept
    waits = joined.wait_days[used]
    if waits.size < 4 * LEAST_COMPARED:
        return NotEnough(n=waits.size, needed=4 * LEAST_COMPARED, why="too few rated episodes were kept")
    quick, slow = np.quantile(waits, [0.25, 0.75])
    ends = (waits <= quick) | (waits >= slow)
    used = used.copy()
    used[used] = ends
    cell = (joined.wait_days[used] >= slow).astype(np.int64)
    differences = _stratified(*_by_block(joined, used, cell, count=2, drawn=drawn))
    if not np.isfinite(differences).all():
        return NotEnough(
            n=int(ends.sum()), needed=4 * LEAST_COMPARED, why="too few customers, or all waits alike"
        )
    return percentile_interval(differences[1:], value=differences[0], n=int(ends.sum()), level=level)


def _by_block(
    joined: Joined, used: Flags, cell: Codes, *, count: int, drawn: Floats
) -> tuple[Floats, Floats]:
    """Ratings and their number per cell, shape (rounds + 1, count); the first row is the data."""
    blocks = drawn.shape[1]
    place = joined.block[used] * count + cell
    total = np.bincount(place, weights=joined.rating[used], minlength=blocks * count).reshape(blocks, count)
    number = np.bincount(place, minlength=blocks * count).reshape(blocks, count).astype(np.float64)
    every = np.vstack([np.ones(blocks), drawn])
    return every @ total, every @ number


def _stratified(total: Floats, number: Floats) -> Floats:
    """Odd minus even cells, averaged over the strata that hold both; NaN where none does."""
    means = np.divide(total, number, out=np.zeros_like(total), where=number > 0.0)
    even, odd = number[:, 0::2], number[:, 1::2]
    both = np.divide(even * odd, even + odd, out=np.zeros_like(even), where=even * odd > 0.0)
    weight = both.sum(axis=1)
    summed = (both * (means[:, 1::2] - means[:, 0::2])).sum(axis=1)
    differences: Floats = np.full_like(summed, np.nan)
    np.divide(summed, weight, out=differences, where=weight > 0.0)
    return differences


def _mean(ratings: Floats, *, level: float) -> Estimate | NotEnough:
    if ratings.size < LEAST_RATED:
        return NotEnough(n=ratings.size, needed=LEAST_RATED, why="too few rated episodes")
    return mean_interval(ratings, level=level, within=(0.0, 1.0))


def _satisfied(ratings: Floats, *, level: float) -> Estimate | NotEnough:
    if ratings.size < LEAST_RATED:
        return NotEnough(n=ratings.size, needed=LEAST_RATED, why="too few rated episodes")
    return wilson(int((ratings >= SATISFIED).sum()), ratings.size, level=level)
