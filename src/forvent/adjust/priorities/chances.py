"""How likely each of many gaps is real, and how large it is once one allows for having picked it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from forvent.errors import BadOption

#: With fewer gaps than this nothing is known of how gaps lie; then each stands for itself.
LEAST_GAPS = 4
#: Spreads of the true gaps that are averaged over.
GRID = 200
_NORMAL = NormalDist()

Floats: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Chances:
    """For each gap the probability that it is below zero, and its mean given all; ``spread`` of the true
    gaps.

    ``spread`` is infinite where too few gaps are there to know it.
    """

    real: Floats
    shrunk: Floats
    spread: float


def chances_real(gaps: ArrayLike, *, errors: ArrayLike) -> Chances:
    r"""Probability that each gap is truly below zero, all of them looked at together.

    True gaps are taken to lie around :math:`\mu` with standard deviation :math:`\tau`. Given that, with
    :math:`B_i=s_i^2/(s_i^2+\tau^2)`, a gap is expected at :math:`B_i\mu+(1-B_i)g_i` with variance
    :math:`(1-B_i)s_i^2+B_i^2\,\mathrm{var}(\mu)`; both are averaged over :math:`\tau`, each weighed by how
    well it explains the m gaps (flat prior for :math:`\mu` and :math:`\tau`, summed on a grid).

    So many comparisons at once do not cry wolf: the more alike the gaps are, the more each is drawn to
    their middle. It supposes that the gaps are of one kind; a single far one among many equal ones is drawn
    in too much.

    Parameters
    ----------
    gaps
        Got minus expected, shape (m,).
    errors
        Their standard errors, shape (m,), above 0.

    Returns
    -------
    Chances
        ``real`` in 0–1, in the order given.

    Raises
    ------
    BadOption
        If shapes differ or an error is not above 0.

    Source
    ------
    Gelman, Hill & Yajima (2012), J. Research on Educational Effectiveness 5(2), 189–211, with the flat prior
    of Gelman (2006), Bayesian Analysis 1(3), 515–534.

    Examples
    --------
    Three clear gaps and one that could be chance:

    >>> seen = chances_real([-0.4, -0.3, 0.2, -0.05], errors=[0.05, 0.05, 0.05, 0.1])
    >>> seen.real.round(2).tolist(), seen.shrunk.round(2).tolist()
    ([1.0, 1.0, 0.0, 0.73], [-0.39, -0.3, 0.19, -0.06])
    """
    values, sizes = np.asarray(gaps, dtype=np.float64), np.asarray(errors, dtype=np.float64)
    if values.shape != sizes.shape or values.ndim != 1:
        raise BadOption("Gaps and errors are not of the same number.", hint="Give one error a gap.")
    if not np.all(sizes > 0.0):
        raise BadOption("An error of a gap is not above 0.", hint="Give standard errors above 0.")
    variances = sizes**2
    if values.size < LEAST_GAPS:
        return Chances(_below_zero(values, variances), values, math.inf)
    spreads = np.linspace(0.0, 2.0 * float(np.ptp(values)) + float(sizes.max()), GRID)[:, None]
    weights = 1.0 / (variances + spreads**2)
    summed = weights.sum(axis=1, keepdims=True)
    middle = (weights * values).sum(axis=1, keepdims=True) / summed
    fit = 0.5 * (np.log(weights).sum(axis=1) - np.log(summed[:, 0]))
    fit -= 0.5 * (weights * (values - middle) ** 2).sum(axis=1)
    likely = np.exp(fit - fit.max())
    likely /= likely.sum()
    pull = variances * weights
    means = pull * middle + (1.0 - pull) * values
    left = (1.0 - pull) * variances + pull**2 / summed
    return Chances(likely @ _below_zero(means, left), likely @ means, float(likely @ spreads[:, 0]))


def _below_zero(means: Floats, variances: Floats) -> Floats:
    places = -means / np.sqrt(np.maximum(variances, 1e-18))
    chances: Floats = np.vectorize(_NORMAL.cdf, otypes=[np.float64])(places)
    return chances
