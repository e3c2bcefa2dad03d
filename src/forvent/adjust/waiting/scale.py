"""The scale on which waits are compared: of square roots, whose spread changes little with their length."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from forvent.adjust.history import Floats

#: Seconds added before the root is taken, so that waits of nought do no harm.
FLOOR_S = 1.0


def to_scale(seconds: ArrayLike) -> Floats:
    r"""Place of waits on the scale of comparison.

    .. math:: g(w) = \sqrt{w + 1\,\text{s}}

    Behind a line of :math:`Q` people the wait is a sum of :math:`Q + 1` services: its variance grows
    as its mean, and after the root it stays about the same.

    Parameters
    ----------
    seconds
        Waits, 0 or more.

    Returns
    -------
    array
        The same shape, 1 or more.

    Source
    ------
    Bartlett (1947), Biometrics 3(1), 39–52.

    Examples
    --------
    >>> to_scale([0.0, 99.0]).tolist()
    [1.0, 10.0]
    """
    return np.asarray(np.sqrt(np.asarray(seconds, dtype=np.float64) + FLOOR_S))


def from_scale(places: ArrayLike) -> Floats:
    """Waits that lie at places of the scale, never below 0.

    Parameters
    ----------
    places
        Places; those under the scale stand for a wait of 0.

    Returns
    -------
    array
        Seconds, the same shape.

    Source
    ------
    Bartlett (1947), Biometrics 3(1), 39–52.

    Examples
    --------
    >>> from_scale([10.0, 0.3]).tolist()
    [99.0, 0.0]
    """
    above = np.maximum(0.0, np.asarray(places, dtype=np.float64))
    return np.asarray(np.maximum(0.0, above**2 - FLOOR_S))
