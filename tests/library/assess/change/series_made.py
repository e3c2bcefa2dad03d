"""Series whose truth is known, for the tests of this room."""

from __future__ import annotations

import numpy as np

from forvent.assess.change.noise import with_scatter
from forvent.assess.change.tracks import Floats, Track


def track(n: Floats, total: Floats, *, name: str = "on_time", measure: str = "met") -> Track:
    """A series of shares with these counts."""
    share = total.sum() / n.sum()
    return Track(measure, name, n, total, n, float(share * (1 - share)), 0.0, share=True)


def drawn(
    rng: np.random.Generator, share: Floats, *, n: Floats | float, extra: float = 0.0, name: str = "on_time"
) -> Track:
    """A series drawn around these true shares, beta-binomial where ``extra`` is above 0."""
    counts = np.maximum(1.0, rng.poisson(n, share.size)).astype(np.float64)
    chance = share
    if extra:
        strength = 1.0 / extra - 1.0
        chance = rng.beta(share * strength, (1.0 - share) * strength)
    return track(counts, rng.binomial(counts.astype(np.int64), chance).astype(np.float64), name=name)


def ready(tracks: list[Track]) -> list[Track]:
    """The series with their scatter known."""
    return with_scatter(tracks)


def step(low_from: int, *, of: int, before: float = 0.8, after: float = 0.5) -> Floats:
    """A true share that falls before period ``low_from``."""
    return np.where(np.arange(of) < low_from, before, after)
