"""Which expectations a customer mentions, given how many: the conditional Bernoulli distribution."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]


def inclusions(weights: Floats, *, most: int) -> tuple[Floats, Floats]:
    r"""How likely each expectation is among m mentioned ones, and the sums that make sets into chances.

    A customer who mentions m expectations mentions the set S with probability

    .. math:: P(S \mid m) = \frac{\prod_{j\in S} w_j}{e_m(w)},

    where :math:`e_m` is the m-th elementary symmetric polynomial. How much a customer says is given, so it
    tells nothing of what kind of customer it is. The probability that j is among them is

    .. math:: \pi_j(m) = \frac{w_j\, e_{m-1}(w_{-j})}{e_m(w)},

    :math:`w_{-j}` being the weights without j. The sums take in one weight at a time,
    :math:`e_m(w_1\dots w_k) = e_m(w_1\dots w_{k-1}) + w_k\, e_{m-1}(w_1\dots w_{k-1})`: of positive numbers
    alone, so that nothing cancels. (The shorter recursion from m − 1 to m loses its digits for large m.)

    Parameters
    ----------
    weights
        Positive weights of the expectations in each group, shape (groups, expectations).
    most
        Largest m, at most the number of expectations.

    Returns
    -------
    tuple of NDArray
        :math:`\log e_m`, shape (groups, most + 1), and :math:`\pi_j(m)`, shape (groups, most + 1,
        expectations); m = 0 first.

    Source
    ------
    Gail, Lubin & Rubinstein (1981), Biometrika 68(3), 703–707 (the sums); Chen, Dempster & Liu (1994),
    Biometrika 81(3), 457–469 (the distribution).

    Examples
    --------
    Two of three, with weights 1, 1 and 2: the sets weigh 1, 2 and 2.

    >>> logs, among = inclusions(np.array([[1.0, 1.0, 2.0]]), most=2)
    >>> round(float(np.exp(logs[0, 2])), 6), among[0, 2].round(2).tolist()
    (5.0, [0.6, 0.6, 0.8])
    """
    groups, expectations = weights.shape
    # Around 1 the products neither vanish nor run over.
    unit = weights.mean(axis=1, keepdims=True)
    scaled = weights / unit
    # Without j, in the second place; m is the first, so that a step adds whole blocks.
    without = np.zeros((most + 1, groups, expectations))
    without[0] = 1.0
    for added in range(expectations):
        weight = np.repeat(scaled[:, added : added + 1], expectations, axis=1)
        weight[:, added] = 0.0
        without[1:] += weight * without[:-1]
    parts = scaled * without[:-1]
    sums = without[1:, :, 0] + parts[:, :, 0]
    among = np.zeros((groups, most + 1, expectations))
    among[:, 1:] = (parts / sums[:, :, None]).transpose(1, 0, 2)
    logs = np.zeros((groups, most + 1))
    logs[:, 1:] = np.log(sums).T + np.arange(1, most + 1) * np.log(unit)
    return logs, among
