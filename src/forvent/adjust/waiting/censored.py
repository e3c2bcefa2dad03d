"""Those who left a line before they were served: who stands for them, and what would have become of them."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from forvent.adjust.history import Floats
from forvent.adjust.waiting.window import ScoreWindow, Survival

#: Nobody whose fate is known counts for more than this many because of others who left.
MOST_WEIGHT = 10.0
#: Cases after which the patience of the line is looked at anew.
PATIENCE_EVERY = 100
JUST_BEFORE = 1e-6


class Patience:
    """How many cases one whose fate is known stands for, because others left before; as known so far."""

    def __init__(self, *, size: int) -> None:
        self._waits = ScoreWindow(size=size, rows=1)
        self._stays: Survival | None = None

    def add(self, wait_s: float, *, left: bool) -> None:
        """One wait came to its end."""
        self._waits.add(np.array([wait_s]), ended=left)
        if self._waits.n % PATIENCE_EVERY == 0:
            self._stays = self._waits.survival(np.zeros((1, 0)))

    def weight(self, wait_s: float, *, served: bool, limit_s: float = math.inf) -> float:
        """Weight of one case, 1 to 10; 0 where it left before its limit, so that nobody knows."""
        if not served and wait_s <= limit_s:
            return 0.0
        return 1.0 if self._stays is None else _weight(self._stays, min(wait_s, limit_s))


def stay_weights(wait_s: Floats, *, served: NDArray[np.bool_], limit_s: Floats | float = math.inf) -> Floats:
    r"""How many cases each one whose fate is known stands for, so that those who left are stood for too.

    Known is the fate of who was served, and of who still waited at the limit. With :math:`\hat G(t)` the
    share that would stay in line longer than :math:`t` (Kaplan and Meier, with the roles of service and
    leaving exchanged), one whose fate came to be known after :math:`t` weighs :math:`1/\hat G(t^-)`,
    at most 10; one who left before weighs 0. Supposes that how long people stay has nothing to do with how
    long they would have waited; on that the weights stand or fall.

    Parameters
    ----------
    wait_s
        Waits until served or left, shape (n,), seconds.
    served
        Whether each ended with service, shape (n,).
    limit_s
        Limit after which a wait is long enough to be judged, shape (n,), seconds; infinite where
        only the end of the wait will do.

    Returns
    -------
    array
        Weights, shape (n,), 0 or 1 to 10.

    Source
    ------
    Robins & Finkelstein (2000), Biometrics 56(3), 779–788.

    Examples
    --------
    One of three left after 20 seconds; the one served after 30 stands for both:

    >>> import numpy as np
    >>> stay_weights(np.array([10.0, 20.0, 30.0]), served=np.array([True, False, True])).tolist()
    [1.0, 0.0, 2.0]
    """
    stays = Survival(wait_s[None, :], ended=~served)
    known = np.minimum(wait_s, limit_s)
    decided = served | (wait_s > limit_s)
    return np.array(
        [_weight(stays, at) if told else 0.0 for at, told in zip(known.tolist(), decided, strict=True)]
    )


def _weight(stays: Survival, at: float) -> float:
    """One over the share that stays until just before a moment."""
    return min(MOST_WEIGHT, 1.0 / max(stays.above(at - JUST_BEFORE), 1e-12))
