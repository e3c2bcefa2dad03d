"""A clause is understood beside the voice it stands in."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from forvent.identify.heads import Numbers, log_odds


def in_context(mention: Numbers, whole: NDArray[np.int64], *, general: int) -> Numbers:
    """Probabilities of mentions in clauses, each averaged with that of its whole voice.

    Parameters
    ----------
    mention
        Probability of each expectation in each part, shape (parts, expectations).
    whole
        Row of the whole voice that each part belongs to, shape (parts,); its own where there is no other.
    general
        So many first columns are those of the general catalogue; the others, learned from packs, and
        zeros stay as they are.

    Returns
    -------
    array
        Same shape: the mean of both log-odds, as a probability rounded to six digits.

    Source
    ------
    Our own definition, ``docs/formulas/identify.md#mention``.

    Examples
    --------
    >>> in_context(np.array([[0.9], [0.5], [0.9]]), np.array([2, 2, 2]), general=1).round(2).tolist()
    [[0.9], [0.75], [0.9]]
    """
    moved = np.flatnonzero(whole != np.arange(len(whole)))
    if not len(moved):
        return mention
    own, its = mention[moved, :general], mention[whole[moved], :general]
    scores = (log_odds(own) + log_odds(its)) / 2.0
    mixed = np.round(1.0 / (1.0 + np.exp(-scores)), 6)
    seen = mention.copy()
    # 0 is no probability: the expectation of a pack stands in that place.
    seen[moved, :general] = np.where((own == 0.0) | (its == 0.0), own, mixed)
    return seen
