"""Fisher's exact test of two shares, for rare things and few cases."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from forvent.errors import BadOption


def fisher_p(successes: int, n: int, *, other_successes: int, other_n: int) -> float:
    r"""Two-sided exact p value of two shares being the same.

    With both margins fixed the successes of the first are hypergeometric; the value is twice the smaller
    tail, at most 1. Never too small, and larger than needed for few cases.

    Parameters
    ----------
    successes, other_successes
        Successes of the first and of the other, at least 0.
    n, other_n
        Independent cases of each, at least 1.

    Returns
    -------
    float
        P value in 0–1.

    Raises
    ------
    BadOption
        If there are more successes than cases.

    Source
    ------
    Fisher (1935), The Design of Experiments, chapter II.

    Examples
    --------
    The lady tasting tea: all four of four found, of eight cups, comes about once in 70 by chance.

    >>> round(fisher_p(4, 4, other_successes=0, other_n=4), 4)
    0.0286
    """
    for hit, cases in ((successes, n), (other_successes, other_n)):
        if not 0 <= hit <= cases or cases < 1:
            raise BadOption(
                f"{hit} of {cases} is no share.", hint="Successes must lie between 0 and the count."
            )
    total, hits = n + other_n, successes + other_successes
    logs = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, total + 1)))])

    def ways(of: int, take: NDArray[np.int64]) -> NDArray[np.float64]:
        chosen: NDArray[np.float64] = logs[of] - logs[take] - logs[of - take]
        return chosen

    possible = np.arange(max(0, hits - other_n), min(n, hits) + 1)
    every = logs[total] - logs[n] - logs[other_n]
    chances = np.exp(ways(hits, possible) + ways(total - hits, n - possible) - every)
    below = float(chances[possible <= successes].sum())
    above = float(chances[possible >= successes].sum())
    return min(1.0, 2.0 * min(below, above))
