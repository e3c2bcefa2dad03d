"""What became of announced waits, where some left the line before it was known."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from forvent.adjust.history import Floats
from forvent.adjust.waiting.censored import stay_weights
from forvent.errors import BadOption
from forvent.records import Estimate, NotEnough
from forvent.stats.intervals import wilson

#: Cases below which no share is stated.
ENOUGH = 100


def kept_share(
    wait_s: Floats, *, low_s: Floats, high_s: Floats, weights: Floats, needed: int = ENOUGH
) -> Estimate | NotEnough:
    r"""Share of those who stay that are served within what they were told.

    A case served is kept if :math:`low \le w \le high`; one that still waited at the upper limit is broken,
    whether it left afterwards or not. One who left before is undecided and weighs 0, and the others
    stand for it (``stay_weights``):

    .. math:: \hat k = \frac{\sum_i v_i\,1\{low_i \le w_i \le high_i\}}{\sum_i v_i}.

    The interval is Wilson's for :math:`(\sum v)^2 / \sum v^2` cases. Cases are taken as independent, so that
    a jam that delays many makes it too narrow.

    Parameters
    ----------
    wait_s
        Waits until served or left, shape (n,), seconds.
    low_s, high_s
        What was announced, shape (n,), seconds.
    weights
        How many cases each stands for, shape (n,); 0 for the undecided.
    needed
        Decided cases below which there is no answer.

    Returns
    -------
    Estimate or NotEnough
        Share in 0–1; n counts the decided cases.

    Raises
    ------
    BadOption
        If a weight is negative.

    Source
    ------
    Robins & Finkelstein (2000), Biometrics 56(3), 779–788.

    Examples
    --------
    Of four told "at most 60 seconds" the second leaves; the last two stand for it:

    >>> import numpy as np
    >>> wait, weights = np.array([10.0, 20.0, 30.0, 90.0]), np.array([1.0, 0.0, 1.5, 1.5])
    >>> share = kept_share(wait, low_s=np.zeros(4), high_s=np.full(4, 60.0), weights=weights, needed=3)
    >>> share.value, share.n
    (0.625, 3)
    """
    if (weights < 0.0).any():
        raise BadOption("A weight is below 0.", hint="Take the weights of stay_weights.")
    decided = int((weights > 0.0).sum())
    if decided < max(1, needed):
        return NotEnough(decided, needed, "too few announced waits are decided")
    share = float(weights[(low_s <= wait_s) & (wait_s <= high_s)].sum() / weights.sum())
    as_many = max(1, round(float(weights.sum() ** 2 / (weights**2).sum())))
    plain = wilson(min(1.0, share) * as_many, as_many)
    return Estimate(share, plain.low, plain.high, decided)


def is_undecided(wait_s: Floats, *, served: NDArray[np.bool_], high_s: Floats) -> NDArray[np.bool_]:
    """Whether a case left before it could be known that its limit was kept or broken.

    Parameters
    ----------
    wait_s
        Waits until served or left, shape (n,), seconds.
    served
        Whether each ended with service, shape (n,).
    high_s
        Upper limits, shape (n,), seconds.

    Returns
    -------
    array
        True or false, shape (n,).

    Source
    ------
    Our own definition, docs/formulas/adjust-waiting.md#kept.

    Examples
    --------
    >>> import numpy as np
    >>> left = np.array([False, False])
    >>> is_undecided(np.array([50.0, 70.0]), served=left, high_s=np.array([60.0, 60.0])).tolist()
    [True, False]
    """
    return ~served & (wait_s <= high_s)


def pinball_loss(wait_s: Floats, *, served: NDArray[np.bool_], limit_s: Floats, level: float) -> float:
    r"""Mean pinball loss of limits at a level, in seconds; smallest for the true quantile of those who stay.

    .. math:: \rho_\ell(w, u) = \max\{\ell\,(w - u),\ (\ell - 1)(w - u)\}

    Cases who left have no wait to compare with; those served stand for them with the weights of
    ``stay_weights``, and the loss is the mean over these weights.

    Parameters
    ----------
    wait_s
        Waits until served or left, shape (n,), seconds.
    served
        Whether each ended with service, shape (n,).
    limit_s
        Limits, shape (n,), seconds.
    level
        Level of the quantile, inside (0, 1).

    Returns
    -------
    float
        Seconds, 0 or more; NaN if nobody was served.

    Source
    ------
    Koenker & Bassett (1978), Econometrica 46(1), 33–50.

    Examples
    --------
    10 seconds too late costs 9, 10 too early costs 1:

    >>> import numpy as np
    >>> both = np.array([True, True])
    >>> round(pinball_loss(np.array([70.0, 50.0]), served=both, limit_s=np.array([60.0, 60.0]), level=0.9), 9)
    5.0
    """
    weights = stay_weights(wait_s, served=served)
    if not weights.sum():
        return float("nan")
    over = wait_s - limit_s
    loss = np.maximum(level * over, (level - 1.0) * over)
    return float((weights * loss).sum() / weights.sum())
