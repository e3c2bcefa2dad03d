"""What share of the dissatisfied goes together with something, beyond what would be expected anyway."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from forvent.records import Estimate, NotEnough
from forvent.stats import percentile_interval, widest

Floats: TypeAlias = NDArray[np.float64]
Codes: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]

LEAST_BROKEN, LEAST_UNBROKEN, LEAST_DISSATISFIED = 5, 10, 5
#: Jeffreys' prior: what every cell is given beside its count.
PRIOR = 0.5
DRAWS = 4000


@dataclass(frozen=True, slots=True)
class Attributable:
    """Shares of the dissatisfied: of each class, and ``anyway``; together they are one whole."""

    classes: tuple[Estimate | NotEnough, ...]
    anyway: Estimate | NotEnough


def attributable_shares(
    classes: Codes,
    *,
    count: int,
    dissatisfied: Flags,
    block: Codes,
    drawn: Floats,
    rng: np.random.Generator,
    level: float = 0.95,
) -> Attributable:
    r"""Share of the dissatisfied beyond what would be expected had every episode been unbroken.

    With :math:`n_k` episodes of class k, :math:`d_k` of them dissatisfied, :math:`D=\sum d_k` and the rate
    :math:`r=d_0/n_0` of the unbroken ones (class 0)

    .. math:: a_k = \frac{d_k - n_k r}{D},\qquad \text{anyway} = \frac{r\sum n_k}{D},
              \qquad \text{anyway} + \sum_k a_k = 1.

    It is association: whatever else comes with the break is in it. It may be below zero.

    Parameters
    ----------
    classes
        Class of each episode, shape (n,), 0 for unbroken up to ``count``.
    count
        Number of classes beside the unbroken.
    dissatisfied
        Whether its customer is dissatisfied, shape (n,).
    block
        Bootstrap block of each episode, shape (n,).
    drawn
        How often each block of customers was drawn, shape (rounds, blocks).
    rng
        Source of randomness of the draws of the cells.
    level
        Confidence level, inside (0, 1).

    Returns
    -------
    Attributable
        Intervals are the wider of two: draws of the cells from their posterior under Jeffreys' prior, and
        the bootstrap over customers where these repeat. Fewer than 5 episodes in a class, 10 unbroken or 5
        dissatisfied are NotEnough.

    Source
    ------
    Bruzzi, Green, Byar, Brinton & Schairer (1985), Am. J. Epidemiology 122(5), 904–914.

    Examples
    --------
    Of 30 dissatisfied 20 are among the 40 late ones; of 100 others 10 are, so 4 of 40 are expected anyway:

    >>> late = np.repeat([0, 1], [100, 40])
    >>> sad = np.concatenate([np.arange(100) < 10, np.arange(40) < 20])
    >>> found = attributable_shares(
    ...     late,
    ...     count=1,
    ...     dissatisfied=sad,
    ...     block=np.arange(140),
    ...     drawn=np.ones((2, 140)),
    ...     rng=np.random.default_rng(1),
    ... )
    >>> round(found.classes[0].value, 4), round(found.anyway.value, 4)
    (0.5333, 0.4667)
    """
    cells = np.bincount(2 * classes + dissatisfied, minlength=2 * (count + 1)).astype(np.float64)
    episodes, unhappy = cells.reshape(-1, 2).sum(axis=1), cells[1::2]
    few = _too_few(episodes, unhappy)
    if few is not None:
        return Attributable((few,) * count, few)
    value = _shares(cells[None, :])[0]
    posterior = _shares(rng.standard_gamma(cells + PRIOR, size=(DRAWS, cells.size)))
    resampled = _resampled(classes, dissatisfied, block, drawn, cells.size)
    n = int(unhappy.sum())

    def estimate(place: int) -> Estimate:
        found = percentile_interval(posterior[:, place], value=value[place], n=n, level=level)
        if resampled is None:
            return found
        return widest(found, percentile_interval(resampled[:, place], value=value[place], n=n, level=level))

    return Attributable(
        tuple(
            estimate(place)
            if episodes[place] >= LEAST_BROKEN
            else NotEnough(int(episodes[place]), LEAST_BROKEN, "it broke in too few episodes")
            for place in range(1, count + 1)
        ),
        estimate(0),
    )


def _too_few(episodes: Floats, unhappy: Floats) -> NotEnough | None:
    if unhappy.sum() < LEAST_DISSATISFIED:
        return NotEnough(int(unhappy.sum()), LEAST_DISSATISFIED, "too few dissatisfied episodes")
    if episodes[0] < LEAST_UNBROKEN:
        return NotEnough(int(episodes[0]), LEAST_UNBROKEN, "too few episodes in which no link broke")
    return None


def _shares(cells: Floats) -> Floats:
    """Anyway, then each class, of each row of cells (satisfied, dissatisfied by class)."""
    unhappy = cells[:, 1::2]
    episodes = cells[:, 0::2] + unhappy
    rate = unhappy[:, :1] / episodes[:, :1]
    found: Floats = (unhappy - episodes * rate) / unhappy.sum(axis=1, keepdims=True)
    found[:, 0] = rate[:, 0] * episodes.sum(axis=1) / unhappy.sum(axis=1)
    return found


def _resampled(classes: Codes, dissatisfied: Flags, block: Codes, drawn: Floats, count: int) -> Floats | None:
    """Shares in each bootstrap round; None where every episode is a customer of its own."""
    if np.unique(block).size == block.size:
        return None
    blocks = drawn.shape[1]
    place = block * count + 2 * classes + dissatisfied
    cells = drawn @ np.bincount(place, minlength=blocks * count).reshape(blocks, count)
    usable = (cells[:, 0] + cells[:, 1] > 0.0) & (cells[:, 1::2].sum(axis=1) > 0.0)
    return _shares(cells[usable]) if usable.any() else None
