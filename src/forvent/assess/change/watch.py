"""A watch on every series that sounds as the periods come in, with a stated rate of false alerts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from forvent.assess.change.noise import ROUNDS, fit, null_histories
from forvent.assess.change.tracks import Floats, Track
from forvent.errors import BadOption

#: Shift looked for, in standard errors of one period; half of it is what evidence must exceed to grow.
SHIFT = 1.0
#: No single period counts for more than this, so that one odd week alone sounds nothing.
MOST_EVIDENCE = 3.0
#: What is learned from before the watch begins.
LEAST_LEARNED, LEAST_WORTH = 4, 20.0
COOLDOWN = 4
LOWER, HIGHER = "lower", "higher"


@dataclass(frozen=True, slots=True)
class Sounding:
    """The watch sounded with period ``at``; evidence gathered from ``since``, the level from ``base`` on."""

    track: int
    side: str
    base: int
    since: int
    at: int


@dataclass(frozen=True, slots=True)
class Watched:
    """All soundings, by series and time, and the limit that evidence had to pass."""

    limit: float
    soundings: tuple[Sounding, ...]


def watch(
    tracks: Sequence[Track],
    *,
    rng: np.random.Generator,
    every: float = 50.0,
    cooldown: int = COOLDOWN,
    rounds: int = ROUNDS,
) -> Watched:
    r"""When a watch that knows only the past would have sounded, for every series.

    A two-sided CUSUM on how far each period lies from all before it: :math:`z_t` is the signed root of the
    likelihood ratio between two levels and one, at most 3, and

    .. math:: C_t=\max(0,\,C_{t-1}\pm z_t-\tfrac12)

    sounds at one limit for all series: the lowest at which invented histories
    in which nothing changes sound it once in ``every`` periods or less often, over all series together.
    The watch starts when four periods and twenty cases have been learned from. After an alert the level is
    learned afresh from the period that sounded it on, and ``cooldown`` periods pass before the next.

    Parameters
    ----------
    tracks
        The series, with their scatter known; all over the same periods.
    rng
        Source of randomness.
    every
        Periods between false alerts on average, over all series, at least 2.
    cooldown
        Periods after an alert of a series in which it raises no other, 0 or more.
    rounds
        Invented histories.

    Returns
    -------
    Watched
        Soundings in the order of series and time.

    Raises
    ------
    BadOption
        If ``every`` is below 2 or ``cooldown`` below 0.

    Source
    ------
    Hawkins (1987), The Statistician 36(4), 299–315 (self-starting CUSUM), with the limit by simulation.

    Examples
    --------
    >>> n = np.full(20, 50.0)
    >>> share = np.r_[[0.8, 0.78, 0.82, 0.8, 0.8] * 2, [0.4, 0.42, 0.38, 0.4, 0.4] * 2]
    >>> track = Track("met", "on_time", n, n * share, n, 0.24, 0.0, True)
    >>> watch([track], rng=np.random.default_rng(1)).soundings
    (Sounding(track=0, side='lower', base=0, since=10, at=11),)
    """
    if not every >= 2.0:
        raise BadOption(f"One false alert in {every:g} periods.", hint="Give at least 2; 50 is usual.")
    if cooldown < 0:
        raise BadOption(f"A cooldown of {cooldown} periods.", hint="Give 0 or more.")
    if not tracks:
        return Watched(np.inf, ())
    limit = _limit(tracks, every=every, rounds=rounds, rng=rng)
    found = [
        sounding
        for number, track in enumerate(tracks)
        for sounding in _soundings(track, number=number, limit=limit, cooldown=cooldown)
    ]
    return Watched(limit, tuple(found))


def _limit(tracks: Sequence[Track], *, every: float, rounds: int, rng: np.random.Generator) -> float:
    """The lowest limit that is passed as seldom as asked for."""
    reached, watched = [], 0
    for track in tracks:
        values, worth = null_histories(track, rounds=rounds, rng=rng)
        most, periods = _most_evidence(track, values, worth=worth)
        reached.append(most)
        watched = max(watched, periods)
    # So many alerts may come in all rounds together.
    allowed = int(rounds * watched / every)
    ordered = np.sort(np.concatenate(reached))[::-1]
    return float(ordered[min(allowed, ordered.size - 1)])


def _most_evidence(track: Track, values: Floats, *, worth: Floats) -> tuple[Floats, int]:
    """The most that either side gathers in each history, and how many periods are watched."""
    rounds, size = values.shape
    sides = np.zeros((2, rounds))
    most = np.zeros(rounds)
    watched = 0
    learned = _Learned(track, rounds)
    for place in range(size):
        if learned.enough:
            watched += 1
            away = learned.away(values[:, place], worth=worth[place])
            sides = np.maximum(0.0, sides + np.stack((-away, away)) - SHIFT / 2.0)
            most = np.maximum(most, sides.max(axis=0))
        learned.add(values[:, place], worth=worth[place])
    return most, watched


class _Learned:
    """The level of a series as far as it is known, in several histories at once."""

    def __init__(self, track: Track, rounds: int) -> None:
        self._track = track
        self._weight = np.zeros(rounds)
        self._sum = np.zeros(rounds)
        self._cases = 0.0
        self._count = 0

    @property
    def enough(self) -> bool:
        return self._count >= LEAST_LEARNED and self._cases >= LEAST_WORTH

    def add(self, value: Floats, *, worth: float) -> None:
        weight = 1.0 / (1.0 / worth + self._track.extra)
        self._sum = self._sum + weight * value
        self._weight = self._weight + weight
        self._cases += worth
        self._count += 1

    def away(self, value: Floats, *, worth: float) -> Floats:
        """How far a new value lies from what was learned, in standard errors, kept within ± 3."""
        weight = np.full_like(self._weight, 1.0 / (1.0 / worth + self._track.extra))
        both = fit(self._track, self._sum, weight=self._weight) + fit(
            self._track, weight * value, weight=weight
        )
        one = fit(self._track, self._sum + weight * value, weight=self._weight + weight)
        away = np.sqrt(np.maximum(both - one, 0.0)) * np.sign(value - self._sum / self._weight)
        return np.asarray(np.clip(away, -MOST_EVIDENCE, MOST_EVIDENCE))


def _soundings(track: Track, *, number: int, limit: float, cooldown: int) -> Iterator[Sounding]:
    """Walk through the periods as they came in."""
    values = track.value()
    filled = track.filled.tolist()
    base, silent_until = 0, 0
    learned = _Learned(track, 1)
    evidence, since = [0.0, 0.0], [0, 0]
    for place, period in enumerate(filled):
        if learned.enough:
            away = float(learned.away(values[period : period + 1], worth=track.effective[period])[0])
            for side, signed in enumerate((-away, away)):
                evidence[side] = max(0.0, evidence[side] + signed - SHIFT / 2.0)
                if evidence[side] == 0.0:
                    since[side] = place + 1
            side = int(evidence[1] > evidence[0])
            if evidence[side] > limit and period >= silent_until:
                start = since[side]
                yield Sounding(number, (LOWER, HIGHER)[side], base, filled[start], period)
                # Where evidence began is a guess: a period from before the change would teach a wrong level.
                base, silent_until = period, period + 1 + cooldown
                learned = _Learned(track, 1)
                evidence, since = [0.0, 0.0], [place + 1, place + 1]
        learned.add(values[period : period + 1], worth=track.effective[period])
