"""How firmly groups stand: do half of the sentences form the same groups as all of them?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from forvent.identify.discovery.grouping import MOST, Labels, group
from forvent.identify.discovery.space import Vectors
from forvent.records import Estimate, NotEnough
from forvent.stats import mean_interval

#: Halves that are drawn, each by the fingerprints of the sentences.
HALVES = 5
#: Sentences that must be in a group both times.
NEEDED = 20


def adjusted_rand(first: NDArray[np.int64], second: NDArray[np.int64]) -> float:
    r"""Agreement of two groupings of the same things: 1 if they are the same, 0 as by chance.

    With :math:`n_{ij}` things in group :math:`i` of the one and :math:`j` of the other,
    :math:`\frac{\sum_{ij}\binom{n_{ij}}2 - E}{(\sum_i\binom{a_i}2+\sum_j\binom{b_j}2)/2 - E}`,
    :math:`E=\sum_i\binom{a_i}2\sum_j\binom{b_j}2/\binom n2`.

    Parameters
    ----------
    first, second
        Group of each thing, shape (n,).

    Returns
    -------
    float
        At most 1; 1 where both hold one group only.

    Source
    ------
    Hubert & Arabie (1985), Journal of Classification 2, 193–218.

    Examples
    --------
    >>> adjusted_rand(np.array([0, 0, 1, 1]), np.array([5, 5, 3, 3]))
    1.0
    >>> round(adjusted_rand(np.array([0, 0, 1, 2]), np.array([0, 0, 1, 1])), 3)
    0.571
    """
    _, row = np.unique(first, return_inverse=True)
    _, column = np.unique(second, return_inverse=True)
    width = int(column.max(initial=0)) + 1
    both = _pairs(np.bincount(row * width + column))
    rows, columns, total = _pairs(np.bincount(row)), _pairs(np.bincount(column)), _pairs(np.array([len(row)]))
    expected = rows * columns / total if total else 0.0
    highest = (rows + columns) / 2
    return 1.0 if highest == expected else float((both - expected) / (highest - expected))


def stability(
    placed: Vectors,
    keys: Sequence[str],
    labels: Labels,
    *,
    weights: NDArray[np.int64],
    near: float,
    least: int,
) -> Estimate | NotEnough:
    """Adjusted Rand index between the groups of half of the sentences and those of all, mean of five halves.

    Parameters
    ----------
    placed
        Unit vectors, shape (n, size).
    keys
        Fingerprint of each sentence, hexadecimal; it says into which halves it falls.
    labels
        Group of each sentence among all, -1 for none.
    weights, near, least
        As :func:`forvent.identify.discovery.grouping.group` takes them.

    Returns
    -------
    Estimate or NotEnough
        Over sentences in a group both times, with the interval of the mean over the halves.

    Source
    ------
    Our own definition, ``docs/formulas/identify-discovery.md#stability``.
    """
    values, counted = [], 0
    for half in range(HALVES):
        drawn = np.array(
            [index for index, key in enumerate(keys) if int(key[2 * half : 2 * half + 2], 16) % 2]
        )
        # Keys are fingerprints in order: the first ones are a sample, and enough.
        drawn = drawn[:MOST]
        if not len(drawn):
            continue
        found = group(placed[drawn], weights=weights[drawn], near=near, least=least, old=placed[:0])
        both = (found.labels >= 0) & (labels[drawn] >= 0)
        counted = max(counted, int(both.sum()))
        if both.sum() >= NEEDED:
            values.append(adjusted_rand(labels[drawn][both], found.labels[both]))
    if len(values) < 2:
        return NotEnough(counted, NEEDED, "sentences that are in a group in half of the data too")
    found_mean = mean_interval(values)
    return Estimate(found_mean.value, max(-1.0, found_mean.low), min(1.0, found_mean.high), counted)


def _pairs(counts: NDArray[np.int64]) -> float:
    whole = counts.astype(np.float64)
    return float((whole * (whole - 1) / 2).sum())
