"""Many comparisons at once without crying wolf."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from forvent.errors import BadOption
from forvent.stats.level import check_level
from forvent.stats.ranks import binomial_chances


def benjamini_hochberg(p_values: ArrayLike) -> NDArray[np.float64]:
    r"""Smallest false discovery rate at which each comparison would be called a finding.

    With :math:`p_{(1)}\le\dots\le p_{(m)}` the result for the :math:`i`-th smallest is
    :math:`\min_{j\ge i} m\,p_{(j)}/j`, at most 1. Calling those up to :math:`q` findings, at most
    a share :math:`q` of what is called is false on average, if the comparisons are independent or
    positively dependent.

    Parameters
    ----------
    p_values
        P values, shape (m,), each in 0–1, without NaN; m may be 0.

    Returns
    -------
    NDArray
        Adjusted values, shape (m,), in the order given.

    Raises
    ------
    BadOption
        If a value is not a number in 0–1.

    Source
    ------
    Benjamini & Hochberg (1995), JRSS B 57(1), 289–300.

    Examples
    --------
    >>> benjamini_hochberg([0.01, 0.5, 0.04, 0.02]).round(3)
    array([0.04 , 0.5  , 0.053, 0.04 ])
    """
    values = np.asarray(p_values, dtype=np.float64)
    wrong = values[~((values >= 0.0) & (values <= 1.0))]
    if wrong.size:
        raise BadOption(f"{wrong[0]} is no p value.", hint="Give numbers from 0 to 1.")
    order = np.argsort(values, kind="stable")
    scaled = values[order] * values.size / np.arange(1, values.size + 1)
    adjusted = np.empty_like(values)
    adjusted[order] = np.minimum.accumulate(scaled[::-1])[::-1]
    return np.minimum(adjusted, 1.0)


def binomial_p(successes: int, n: int, *, share: float) -> float:
    r"""Two-sided exact p value: how seldom a share this far from ``share`` comes about by chance.

    Twice the smaller of :math:`P(X\le k)` and :math:`P(X\ge k)` for :math:`X` binomial
    :math:`(n, q)`, at most 1. Never too small, and larger than needed for few cases.

    Parameters
    ----------
    successes
        How many succeeded, 0 to n.
    n
        Number of independent cases, at least 1.
    share
        Share of successes that is supposed, inside (0, 1).

    Returns
    -------
    float
        P value in 0–1.

    Raises
    ------
    BadOption
        If ``successes`` lies outside 0…n or ``share`` outside (0, 1).

    Source
    ------
    Clopper & Pearson (1934), Biometrika 26(4), 404–413.

    Examples
    --------
    Eight of ten where 95 % are promised: 2 · (1 − 0.95¹⁰ − 10 · 0.05 · 0.95⁹).

    >>> round(binomial_p(8, 10, share=0.95), 3)
    0.172
    """
    check_level(share)
    if not 0 <= successes <= n or n < 1:
        raise BadOption(
            f"{successes} of {n} is no share.", hint="Successes must lie between 0 and the count."
        )
    chances = binomial_chances(n, share)
    below, above = float(chances[: successes + 1].sum()), float(chances[successes:].sum())
    return min(1.0, 2.0 * min(below, above))
