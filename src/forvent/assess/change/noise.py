"""What series look like while nothing changes: their scatter, and invented histories alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from forvent.assess.change.tracks import Floats, Track

#: Scatter between periods beyond which a series says nothing.
MOST_EXTRA = 0.5
#: Invented histories.
ROUNDS = 299
TINY = 1e-300


def extra_spread(value: Floats, *, effective: Floats, variance: Floats | float) -> Floats:
    r"""Variance between periods beyond chance, as a share of the variance of one case.

    From neighbouring periods, so that a change of level counts once and not in every period:

    .. math:: \hat\rho=\frac{\sum_t v_t\,[(y_{t+1}-y_t)^2/\sigma^2-a_t]}{2\sum_t v_t},\quad
       a_t=\tfrac1{n_t}+\tfrac1{n_{t+1}},\ v_t=a_t^{-2}.

    Parameters
    ----------
    value
        Values, shape (…, T), T at least 2.
    effective
        Cases that each is worth, shape (T,).
    variance
        Variance of one case, shape (…,).

    Returns
    -------
    NDArray
        Shape (…,); may be negative.

    Source
    ------
    von Neumann (1941), Annals of Mathematical Statistics 12(4), 367–395 (successive differences).

    Examples
    --------
    Ten cases a period, with values that jump by more than tossing a coin would:

    >>> float(extra_spread(np.array([0.2, 0.8, 0.2]), effective=np.full(3, 10.0), variance=0.25).round(2))
    0.62
    """
    apart = 1.0 / effective[:-1] + 1.0 / effective[1:]
    weight = apart**-2.0
    squares = np.square(np.diff(value, axis=-1)) / np.asarray(variance)[..., None]
    return np.asarray(((squares - apart) @ weight) / (2.0 * weight.sum()), dtype=np.float64)


def with_scatter(tracks: Sequence[Track]) -> list[Track]:
    """Tracks that know how much their periods scatter beyond chance.

    Each takes its own scatter, or that of all tracks of its measure together if that is larger: a few
    periods alone say too little.

    Parameters
    ----------
    tracks
        The series, with ``extra`` not yet known.

    Returns
    -------
    list of Track
        In the same order.

    Source
    ------
    Our own definition, docs/formulas/assess-change.md#scatter.

    Examples
    --------
    >>> n = np.full(8, 10.0)
    >>> even = Track("met", "a", n, n * 0.6, n, 0.24, 0.0, True)
    >>> wild = Track("met", "b", n, n * np.array([0.1, 0.9] * 4), n, 0.25, 0.0, True)
    >>> [round(track.extra, 2) for track in with_scatter([even, wild])]
    [0.5, 0.5]
    """
    shared = {measure: _shared(tracks, measure) for measure in {track.measure for track in tracks}}
    found = []
    for track in tracks:
        least = min(MOST_EXTRA, max(0.0, shared[track.measure]))
        extra = min(MOST_EXTRA, max(_own(track), least))
        found.append(replace(track, extra=extra, least_extra=least))
    return found


def null_histories(track: Track, *, rounds: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Invented histories of one series in which nothing changes, with the same scatter and the same counts.

    Shares are beta-binomial around the share overall, all else is normal.

    Parameters
    ----------
    track
        The series, with its scatter known.
    rounds
        Number of histories.
    rng
        Source of randomness.

    Returns
    -------
    tuple of NDArray
        Values, shape (rounds, F) over the F filled periods, and the cases each is worth, shape (F,).

    Source
    ------
    Davison & Hinkley (1997), Bootstrap Methods and their Application, section 4.2.

    Examples
    --------
    >>> n = np.full(8, 10.0)
    >>> track = Track("met", "on_time", n, n * 0.6, n, 0.24, 0.0, True)
    >>> values, worth = null_histories(track, rounds=3, rng=np.random.default_rng(1))
    >>> values.shape, float(worth[0])
    ((3, 8), 10.0)
    """
    filled = track.filled
    worth = track.effective[filled]
    mean = float(track.total.sum() / track.n.sum())
    if not track.share:
        spread = np.sqrt(track.variance * (1.0 / worth + track.extra))
        return mean + spread * rng.standard_normal((rounds, filled.size)), worth
    whole = np.maximum(1.0, np.round(worth))
    chance: Floats | float = mean
    if track.extra > 0.0:
        strength = 1.0 / track.extra - 1.0
        chance = rng.beta(mean * strength, (1.0 - mean) * strength, (rounds, filled.size))
    drawn = rng.binomial(whole.astype(np.int64), chance, (rounds, filled.size))
    return drawn / whole, whole


def variances(track: Track, value: Floats, *, effective: Floats) -> Floats:
    """Variance of one case in each history: of shares by their own mean, else that of the track.

    Parameters
    ----------
    track
        The series that the histories are of.
    value
        Values, shape (…, F).
    effective
        Cases that each is worth, shape (F,).

    Returns
    -------
    NDArray
        Shape (…,), above 0.

    Source
    ------
    Our own definition, docs/formulas/assess-change.md#scatter.

    Examples
    --------
    >>> n = np.full(8, 10.0)
    >>> track = Track("met", "on_time", n, n * 0.6, n, 0.24, 0.0, True)
    >>> float(variances(track, np.full(8, 0.5), effective=n))
    0.25
    """
    if not track.share:
        return np.full(value.shape[:-1], track.variance)
    mean = (value @ effective) / effective.sum()
    # A history of nothing but successes has no spread; half a case keeps it finite.
    least = 0.5 / effective.sum()
    kept = np.clip(mean, least, 1.0 - least)
    return np.asarray(kept * (1.0 - kept), dtype=np.float64)


def fit(track: Track, sums: Floats, *, weight: Floats) -> Floats:
    r"""Twice the log likelihood of the best level of a segment, up to what does not depend on the cuts.

    For shares :math:`2\,[M\ln M+(W-M)\ln(W-M)-W\ln W]` with :math:`W` the weight in cases and :math:`M` the
    weighted sum of shares; else :math:`M^2/(W\sigma^2)`.

    Parameters
    ----------
    track
        The series.
    sums
        Weighted sums of the values, any shape.
    weight
        Weights, of the same shape.

    Returns
    -------
    NDArray
        Of the same shape; where a segment is cut in two the sum can only grow.

    Source
    ------
    McCullagh & Nelder (1989), Generalized Linear Models, section 4.4 (deviance of shares).

    Examples
    --------
    >>> n = np.full(8, 10.0)
    >>> track = Track("met", "on_time", n, n * 0.6, n, 0.24, 0.0, True)
    >>> apart = fit(track, np.array([2.0, 8.0]), weight=np.array([10.0, 10.0])).sum()
    >>> round(float(apart - fit(track, np.array(10.0), weight=np.array(20.0))), 2)
    7.71
    """
    if not track.share:
        return np.asarray(np.square(sums) / (np.maximum(weight, TINY) * track.variance))
    # Rounding may leave a sum of no failures a little below 0.
    rest = np.maximum(weight - sums, 0.0)
    return np.asarray(2.0 * (_times_log(np.maximum(sums, 0.0)) + _times_log(rest) - _times_log(weight)))


def _times_log(value: Floats) -> Floats:
    return np.asarray(value * np.log(np.maximum(value, TINY)))


def _own(track: Track) -> float:
    filled = track.filled
    return float(
        extra_spread(track.value()[filled], effective=track.effective[filled], variance=track.variance)
    )


def _shared(tracks: Sequence[Track], measure: str) -> float:
    """Scatter of all tracks of one measure together, those with many cases counting more."""
    mine = [track for track in tracks if track.measure == measure]
    worth = np.array([track.effective.sum() for track in mine])
    return float(np.array([_own(track) for track in mine]) @ worth / worth.sum())
