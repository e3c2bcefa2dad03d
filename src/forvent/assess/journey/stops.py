"""Share met and expected of every stop, on the data and in each bootstrap round."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from forvent.assess.asymmetry import expected_share
from forvent.assess.contrast import Contrast
from forvent.assess.gap import MET_SHARE, USUAL_EXPECTED
from forvent.assess.judgements import WISHED, Codes, Floats, Judgements
from forvent.records import Asymmetry, Estimate, JourneyStop, NotEnough
from forvent.stats import percentile_interval, widest, wilson

LEAST_VOICES = 5


@dataclass(frozen=True, slots=True, eq=False)
class Stops:
    """Names of s stops and their numbers; draws have shape (rounds + 1, s), the first row is the data.

    ``stop`` is the stop of each judging mention, −1 where it has none; NaN where nobody judges.
    """

    names: tuple[str, ...]
    voices: Codes
    got: Floats
    expected: Floats
    level: float

    def known(self) -> list[int]:
        """Places of the stops with enough voices."""
        return [place for place in range(len(self.names)) if self.voices[place] >= LEAST_VOICES]

    def got_at(self, place: int) -> Estimate | NotEnough:
        """Share met, its interval no narrower than that of as many voices."""
        n = int(self.voices[place])
        if n < LEAST_VOICES:
            return NotEnough(n=n, needed=LEAST_VOICES, why="too few voices say how it was there")
        value = float(self.got[0, place])
        return widest(
            wilson(value * n, n, level=self.level),
            percentile_interval(self.got[1:, place], value=value, n=n, level=self.level),
        )

    def estimate(self, draws: Floats, *, n: int) -> Estimate:
        """The first of the draws with the middle of the others."""
        return percentile_interval(draws[1:], value=float(draws[0]), n=n, level=self.level)


def stops_of(
    judged: Judgements,
    *,
    stop: Codes,
    names: Sequence[str],
    contrast: Contrast,
    expected: Floats,
    level: float,
) -> Stops:
    """Share met and expected of each stop; ``expected`` is of each expectation, shape (rounds + 1, k)."""
    judging = (judged.polarity != WISHED) & (stop >= 0)
    block = judged.block[judged.voice[judging]]
    every = np.vstack([np.ones(contrast.drawn.shape[1]), contrast.drawn])
    blocks, count, kinds = every.shape[1], len(names), len(judged.expectations)
    here, expectation = stop[judging], judged.expectation[judging]
    met = _sums(block * count + here, MET_SHARE[judged.polarity[judging]], every, blocks, count)
    said = _sums(block * count + here, None, every, blocks, count)
    # How often each expectation is judged at each stop says how much its expected share counts there.
    cell = here * kinds + expectation
    known = [bool(np.isfinite(column).all()) for column in expected.T]
    weighed = np.zeros((every.shape[0], count))
    weights = np.zeros_like(weighed)
    for place in np.unique(cell).tolist():
        at, of = divmod(place, kinds)
        if known[of]:
            times = every @ np.bincount(block[cell == place], minlength=blocks).astype(np.float64)
            weighed[:, at] += times * expected[:, of]
            weights[:, at] += times
    pairs = np.unique(judged.voice[judging] * count + here)
    return Stops(
        names=tuple(names),
        voices=np.bincount(pairs % count, minlength=count).astype(np.int64),
        got=_shares(met, said),
        expected=_shares(weighed, weights),
        level=level,
    )


def expected_draws(
    contrast: Contrast,
    *,
    asymmetries: Sequence[Asymmetry],
    usual_kinds: Mapping[str, str],
    rng: np.random.Generator,
) -> Floats:
    """Expected share of each expectation, shape (rounds + 1, k); NaN where nothing says it.

    Where the ratings do not say it, it lies anywhere in the band of the usual kind.
    """
    rounds = contrast.drawn.shape[0]
    found = np.full((rounds + 1, len(asymmetries)), np.nan)
    for place, one in enumerate(asymmetries):
        if isinstance(one.asymmetry, Estimate):
            found[0, place] = (1.0 - one.asymmetry.value) / 2.0
            found[1:, place] = expected_share(
                contrast.penalty_draws[:, place], reward=contrast.reward_draws[:, place]
            )
        elif usual_kinds.get(one.expectation) in USUAL_EXPECTED:
            value, low, high = USUAL_EXPECTED[usual_kinds[one.expectation]]
            found[0, place], found[1:, place] = value, rng.uniform(low, high, rounds)
    return found


def journey_stop(stops: Stops, place: int) -> JourneyStop:
    """The record of one stop."""
    got = stops.got_at(place)
    if isinstance(got, NotEnough):
        return JourneyStop(stops.names[place], got.n, got, got, got)
    expected: Estimate | NotEnough = NotEnough(0, 1, "neither ratings nor a usual kind say what is expected")
    gap: Estimate | NotEnough = expected
    if np.isfinite(stops.expected[:, place]).all():
        expected = stops.estimate(stops.expected[:, place], n=got.n)
        gap = stops.estimate(stops.got[:, place] - stops.expected[:, place], n=got.n)
        gap = widest(gap, _apart(got, expected))
    return JourneyStop(stops.names[place], got.n, got, expected, gap)


def _apart(got: Estimate, expected: Estimate) -> Estimate:
    """Got minus expected from their two intervals (MOVER, Zou & Donner 2008)."""
    value = got.value - expected.value
    low = value - float(np.hypot(got.value - got.low, expected.high - expected.value))
    high = value + float(np.hypot(got.high - got.value, expected.value - expected.low))
    return Estimate(value, max(-1.0, low), min(1.0, high), got.n, got.level)


def _sums(cell: Codes, weights: Floats | None, every: Floats, blocks: int, count: int) -> Floats:
    found: Floats = every @ np.bincount(cell, weights=weights, minlength=blocks * count).reshape(
        blocks, count
    ).astype(np.float64)
    return found


def _shares(part: Floats, whole: Floats) -> Floats:
    """Part over whole; a round in which nobody speaks takes it from the data."""
    shares = np.divide(part, whole, out=np.full_like(part, np.nan), where=whole > 0.0)
    return np.where(np.isnan(shares), shares[:1], shares)
