"""Change points of a series: penalised segmentation, how sure it is, and when each change was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from forvent.assess.change.noise import MOST_EXTRA, ROUNDS, extra_spread, fit, null_histories, variances
from forvent.assess.change.tracks import Floats, Track
from forvent.errors import BadOption

#: A segment has so many periods with cases, and so many cases, at least.
LEAST_LENGTH, LEAST_WORTH = 2, 10.0
_Place: TypeAlias = int | NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Split:
    """A new level most likely begins with period ``at``, the data allow ``first`` to ``last``."""

    at: int
    first: int
    last: int


@dataclass(frozen=True, slots=True, eq=False)
class Scanned:
    """What the search for change points found.

    ``splits`` and ``chance`` hold one entry a series; ``penalty`` is what a change point must gain.
    """

    penalty: float
    chance: tuple[float, ...]
    splits: tuple[tuple[Split, ...], ...]


def scan(
    tracks: Sequence[Track], *, rng: np.random.Generator, false_alarms: float = 0.04, rounds: int = ROUNDS
) -> Scanned:
    r"""Change points of all series, with a stated probability of any false one.

    Each series is cut where :math:`\sum_{\text{segments}} 2\hat\ell - K\beta` is largest, with
    :math:`\hat\ell` the log likelihood of one level for a segment (binomial for shares, else normal) and
    :math:`K` the number of cuts (dynamic programme over all cuts). The penalty :math:`\beta` is such that,
    of invented histories of all series in which nothing changes, at most a share ``false_alarms`` would have
    a cut anywhere.
    The weights are estimated anew in every history as in the data.

    Parameters
    ----------
    tracks
        The series, with their scatter known.
    rng
        Source of randomness.
    false_alarms
        Probability of any change point in any series where nothing changes, inside (0, 1).
    rounds
        Invented histories.

    Returns
    -------
    Scanned
        Change points in the order of ``tracks``.

    Raises
    ------
    BadOption
        If ``false_alarms`` is outside (0, 1) or cannot be told apart with so few rounds.

    Source
    ------
    Jackson et al. (2005), IEEE Signal Processing Letters 12(2), 105–108 (segmentation); Westfall & Young
    (1993), Resampling-Based Multiple Testing, chapter 2 (all series together); Hansen (2000),
    Econometrica 68(3), 575–603 (the date).

    Examples
    --------
    Four fifths for ten months, then two fifths:

    >>> n = np.full(20, 50.0)
    >>> share = np.r_[[0.8, 0.78, 0.82, 0.8, 0.8] * 2, [0.4, 0.42, 0.38, 0.4, 0.4] * 2]
    >>> track = Track("met", "on_time", n, n * share, n, 0.24, 0.0, True)
    >>> found = scan([track], rng=np.random.default_rng(1))
    >>> found.splits[0][0].at, round(found.chance[0], 3)
    (10, 0.003)
    """
    if not 1.0 / (rounds + 1) <= false_alarms < 1.0:
        raise BadOption(
            f"A share of false alarms of {false_alarms:g} cannot be kept with {rounds} rounds.",
            hint="Give one between 0 and 1, or more rounds.",
        )
    if not tracks:
        return Scanned(np.inf, (), ())
    most = np.zeros(rounds)
    gains = []
    for track in tracks:
        values, worth = null_histories(track, rounds=rounds, rng=rng)
        np.maximum(most, _gains(track, values, worth=worth), out=most)
        filled = track.filled
        gains.append(float(_gains(track, track.value()[filled], worth=track.effective[filled])))
    rank = int(np.ceil((1.0 - false_alarms) * (rounds + 1) - 1e-9))
    penalty = float(np.sort(most)[rank - 1])
    chance = tuple(float((1 + (most >= gain).sum()) / (rounds + 1)) for gain in gains)
    splits = tuple(
        _splits(track, penalty=penalty) if gain > penalty else ()
        for track, gain in zip(tracks, gains, strict=True)
    )
    return Scanned(penalty, chance, splits)


#: Twice the log likelihood that a place may lie below the best one to be in the 95 % set of dates.
DATE_DROP = -2.0 * float(np.log(1.0 - np.sqrt(0.95)))


def _gains(track: Track, values: Floats, *, worth: Floats) -> Floats:
    """What the best change of each history gains, a change for a while counting half; shape (…,)."""
    ends = _ends(track, values, worth=worth)
    cuts, held = _cuts(worth), _held(worth)
    best = np.zeros(values.shape[:-1])
    if not cuts.size:
        return best
    whole = ends.fit(0, worth.size)[..., 0]
    left, right = ends.fit(0, cuts), ends.fit(cuts, worth.size)
    for place, first in enumerate(cuts):
        # Change for good: the rest is one segment.
        best = np.maximum(best, left[..., place] + right[..., place] - whole)
        later = np.flatnonzero((cuts - first >= LEAST_LENGTH) & (held[cuts] - held[first] >= LEAST_WORTH))
        if later.size:
            inside = ends.fit(int(first), cuts[later]) + right[..., later]
            best = np.maximum(best, (left[..., place] + inside.max(axis=-1) - whole) / 2.0)
    return best


@dataclass(frozen=True, slots=True, eq=False)
class _Ends:
    """Weights and weighted sums up to each period, from 0 on, shape (…, T + 1)."""

    track: Track
    weight: Floats
    sums: Floats

    def fit(self, start: _Place, stop: _Place) -> Floats:
        """How well one level fits the periods from ``start`` up to before ``stop``, shape (…, places)."""
        first, last = np.atleast_1d(start), np.atleast_1d(stop)
        return fit(
            self.track,
            self.sums[..., last] - self.sums[..., first],
            weight=self.weight[..., last] - self.weight[..., first],
        )


def _ends(track: Track, values: Floats, *, worth: Floats) -> _Ends:
    """Weights of the periods with the scatter of this history, summed up."""
    variance = variances(track, values, effective=worth)
    own = extra_spread(values, effective=worth, variance=variance)
    extra = np.clip(own, track.least_extra, MOST_EXTRA)
    weight = 1.0 / (1.0 / worth + extra[..., None])
    nothing = np.zeros((*values.shape[:-1], 1))
    return _Ends(
        track,
        np.concatenate((nothing, np.cumsum(weight, axis=-1)), axis=-1),
        np.concatenate((nothing, np.cumsum(weight * values, axis=-1)), axis=-1),
    )


def _held(worth: Floats) -> Floats:
    """Cases before each period, and in all."""
    return np.concatenate(([0.0], np.cumsum(worth)))


def _cuts(worth: Floats) -> NDArray[np.int64]:
    """Places of a cut with enough periods and cases on both sides."""
    places, held = np.arange(worth.size), _held(worth)
    left = (places >= LEAST_LENGTH) & (held[:-1] >= LEAST_WORTH)
    right = (worth.size - places >= LEAST_LENGTH) & (held[-1] - held[:-1] >= LEAST_WORTH)
    return np.flatnonzero(left & right)


# -------------------------------------------------------------------------- one series


def _splits(track: Track, *, penalty: float) -> tuple[Split, ...]:
    """The best cuts of one series, as numbers of its periods."""
    filled = track.filled
    worth = track.effective[filled]
    ends = _ends(track, track.value()[filled], worth=worth)
    cuts = _best_cuts(ends, worth=worth, penalty=penalty)
    edges = [0, *cuts, worth.size]
    found = []
    for left, cut, right in zip(edges, cuts, edges[2:], strict=False):
        first, last = _when(left, cut, right, ends=ends)
        found.append(Split(*(int(filled[place]) for place in (cut, first, last))))
    return tuple(found)


def _best_cuts(ends: _Ends, *, worth: Floats, penalty: float) -> list[int]:
    """Optimal partitioning: the best last cut before each place, from left to right."""
    size = worth.size
    best = np.full(size + 1, -np.inf)
    best[0] = penalty
    before = np.zeros(size + 1, dtype=np.int64)
    held = _held(worth)
    for stop in range(1, size + 1):
        starts = np.arange(stop)
        starts = starts[(stop - starts >= LEAST_LENGTH) & (held[stop] - held[starts] >= LEAST_WORTH)]
        if not starts.size:
            continue
        total = best[starts] + ends.fit(starts, stop) - penalty
        place = int(np.argmax(total))
        best[stop], before[stop] = total[place], starts[place]
    cuts = []
    place = int(before[size])
    while place > 0:
        cuts.append(place)
        place = int(before[place])
    return cuts[::-1]


def _when(left: int, cut: int, right: int, *, ends: _Ends) -> tuple[int, int]:
    """First and last place between two neighbouring cuts that explain the data nearly as well."""
    places = np.arange(left + 1, right)
    found = ends.fit(left, places) + ends.fit(places, right)
    near = places[found >= found[cut - left - 1] - DATE_DROP]
    return int(near.min()), int(near.max())
