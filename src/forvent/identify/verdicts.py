"""What whole voices say: their polarity, and what they chiefly do."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from forvent.identify.heads import SPOKEN_ACTS, Judged, Numbers, Thresholds, log_odds

#: A whole text between these probabilities of positive may be mixed.
MIDDLE = (0.45, 0.55)

#: How much the clauses of a voice say of its polarity: of the mean of their log-odds, beside those of the
#: whole; where they are parts of one sentence, and where there are several. Chosen on the development sets.
CLAUSES_SAY = 0.15
SENTENCES_SAY = 0.3
#: How much the valence of the single words of a voice says beside all that; chosen in the same way.
VALENCE_SAYS = 0.3

#: A clause counts as clearly positive or negative from this probability on.
CLEAR = 0.8


def voice_polarities(
    first: NDArray[np.int64],
    clauses: NDArray[np.int64],
    *,
    beside: Numbers,
    judged: Judged,
    whole: Judged,
    thresholds: Thresholds,
) -> list[tuple[str, float]]:
    r"""Polarity of each voice from its parts, and the calibrated probability of it.

    .. math:: \operatorname{logit} p = \operatorname{logit} p_\text{whole} + b

    with :math:`b` what is said beside the whole.

    Parameters
    ----------
    first, clauses
        First row of each voice in ``judged`` and its number of clauses, shape (voices,).
    beside
        What is said beside the whole, :func:`said_beside`, shape (voices,).
    judged
        Of all parts.
    whole
        Of the whole texts, one row a voice.
    thresholds
        For that of neutral.

    Returns
    -------
    list of tuple of str and float
        ``neutral`` if the whole does not judge, ``mixed`` if clauses clearly disagree and the whole
        is undecided, else ``positive`` or ``negative``.

    Source
    ------
    Our own definition, ``docs/formulas/identify.md#polarity``.
    """
    likely = np.round(1.0 / (1.0 + np.exp(-log_odds(whole.positive) - beside)), 6)
    found = [
        ("positive", positive) if positive >= 0.5 else ("negative", 1.0 - positive)
        for positive in likely.tolist()
    ]
    middle = (likely >= MIDDLE[0]) & (likely <= MIDDLE[1]) & (clauses > 1)
    for place in np.flatnonzero(middle).tolist():
        part = judged.positive[first[place] : first[place] + clauses[place]]
        if (part >= CLEAR).any() and (part <= 1 - CLEAR).any():
            found[place] = ("mixed", 1.0 - abs(2.0 * float(likely[place]) - 1.0))
    for place in np.flatnonzero(whole.neutral >= thresholds.neutral).tolist():
        found[place] = ("neutral", float(whole.neutral[place]))
    return found


def said_beside(
    judged: Judged,
    first: NDArray[np.int64],
    clauses: NDArray[np.int64],
    *,
    sentences: NDArray[np.bool_],
    valences: Numbers,
) -> Numbers:
    r"""What clauses and words say of the polarity of each voice, beside what the whole says.

    .. math:: b = \frac{s}{n} \sum_{i=1}^n \operatorname{logit} p_i + 0.3 v

    with :math:`p_i` of the clauses, where there are several, and :math:`s` 0.3 in a voice of several
    sentences, 0.15 in one of a single sentence; :math:`v` is the valence of the words.

    Parameters
    ----------
    judged
        Of all parts.
    first, clauses
        First row of each voice in ``judged`` and its number of clauses, shape (voices,).
    sentences
        Whether each voice has several sentences, shape (voices,).
    valences
        How the words of each voice sound, :func:`forvent.identify.valence.valences_of`, shape (voices,).

    Returns
    -------
    array
        Log-odds to be added to those that the whole is positive, shape (voices,).

    Source
    ------
    Our own definition, ``docs/formulas/identify.md#polarity``.
    """
    say = np.where(sentences, SENTENCES_SAY, CLAUSES_SAY)
    said: Numbers = say * _of_clauses(first, clauses, judged=judged) + VALENCE_SAYS * valences
    return said


def _of_clauses(first: NDArray[np.int64], clauses: NDArray[np.int64], *, judged: Judged) -> Numbers:
    """Mean log-odds that the clauses of each voice of several are positive, else 0, shape (voices,)."""
    several = np.flatnonzero(clauses > 1)
    means = np.zeros(len(clauses))
    if len(several):
        counts = clauses[several]
        starts = np.cumsum(counts) - counts
        rows = np.repeat(first[several] - starts, counts) + np.arange(counts.sum())
        means[several] = np.add.reduceat(log_odds(judged.positive[rows]), starts) / counts
    return means


def spoken_acts(whole: Judged, *, thresholds: Thresholds) -> list[str]:
    """What each voice chiefly does.

    Parameters
    ----------
    whole
        Of the whole texts, one row a voice.
    thresholds
        ``act`` is the probability below which nothing is said of it: a remark.

    Returns
    -------
    list of str
        Of :data:`SPOKEN_ACTS`.

    Source
    ------
    Our own definition, ``docs/formulas/identify.md#act``.
    """
    best = whole.act.argmax(axis=1)
    sure = whole.act[np.arange(len(best)), best] >= thresholds.act
    return [
        SPOKEN_ACTS[place] if enough else "remark"
        for place, enough in zip(best.tolist(), sure.tolist(), strict=True)
    ]
