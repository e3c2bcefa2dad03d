"""Exact limits of the mean of a count."""

from __future__ import annotations

from forvent.errors import BadOption
from forvent.stats.level import check_level


def poisson_limits(count: int, *, level: float = 0.95) -> tuple[float, float]:
    r"""Limits of the mean of a Poisson count.

    With :math:`q(\cdot;k)` the quantile of a gamma of shape :math:`k` and scale 1 the limits are
    :math:`q(\tfrac{1-\ell}{2}; k)` (0 for :math:`k=0`) and :math:`q(\tfrac{1+\ell}{2}; k+1)`. They
    cover the mean at least at ``level``, for few counts more often.

    Parameters
    ----------
    count
        What was counted, at least 0.
    level
        Confidence level, inside (0, 1).

    Returns
    -------
    tuple of float
        Lower and upper limit.

    Raises
    ------
    BadOption
        If the count is negative or ``level`` outside (0, 1).

    Source
    ------
    Garwood (1936), Biometrika 28(3/4), 437–442.

    Examples
    --------
    >>> [round(limit, 3) for limit in poisson_limits(10)]
    [4.795, 18.39]
    """
    # Imported here: it takes longer to load than most commands to run.
    from scipy.special import gammaincinv

    check_level(level)
    if count < 0:
        raise BadOption(f"{count} is no count.", hint="Give a number from 0.")
    low = 0.0 if count == 0 else float(gammaincinv(count, (1.0 - level) / 2.0))
    return low, float(gammaincinv(count + 1, (1.0 + level) / 2.0))
