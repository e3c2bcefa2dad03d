"""One quantile of the wait: from what estimators say to a limit that holds its level."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from forvent.adjust.history import Floats
from forvent.adjust.waiting.announced import GRID, MATERIAL_SHARE
from forvent.adjust.waiting.censored import Patience
from forvent.adjust.waiting.estimators import ESTIMATORS
from forvent.adjust.waiting.offsets import HourOffsets
from forvent.adjust.waiting.scale import from_scale, to_scale
from forvent.adjust.waiting.window import ScoreWindow, Survival

#: Groups of cases whose limits are compared with waits of their own group.
GROUPS = EVERY, NOBODY_WAITS, SOMEBODY_WAITS = 0, 1, 2
#: Smallest spread by which an offset is multiplied, so that it moves a limit even where all waits are alike.
LEAST_SPREAD = 0.1
#: Part of the steps by which the unrounded limit moves: moving costs it sharpness, and it is not what is
#: said.
EXACT_PACE = 0.25


@dataclass(frozen=True, slots=True)
class WaitSettings:
    """How a line is learned from.

    ``window`` waits turn what each estimator says into a quantile, ``scores`` do the same for the
    blend. ``decay`` is what a loss keeps from one case to the next, ``sharpness`` how much more say
    a better estimator has (infinite: the best alone answers). ``step`` and ``hour_step`` move the
    offsets, ``shrink`` is the number of cases after which an hour of the day counts half by its
    own. The learned estimator is fitted anew every ``refit_every`` waits; ``warm_up`` waits must
    be known before anything is announced. ``grid`` and ``material_share`` say in which steps a
    wait is said, and when it is said anew.
    """

    window: int = 500
    scores: int = 2_000
    decay: float = 0.998
    sharpness: float = 20.0
    step: float = 0.005
    hour_step: float = 0.02
    shrink: float = 30.0
    refit_every: int = 500
    warm_up: int = 50
    grid: tuple[tuple[float, float], ...] = GRID
    material_share: float = MATERIAL_SHARE


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """What was thought of one case when it arrived, as places on the scale of comparison."""

    places: Floats
    quantiles: Floats
    mix: float
    exact: float
    said: float
    leans_on: int
    counts: bool
    group: int


class Blend:
    """Quantile of the wait at one level, learned online from the waits as they come to be known.

    What an estimator says becomes a quantile by how far recent waits lay from it; the learned one
    is a quantile already. The quantiles are weighed by their recent pinball loss. Recent waits
    of the same group and the offset of the hour then move the blend until it holds its level.
    """

    def __init__(self, level: float, *, said_level: float, settings: WaitSettings) -> None:
        self.level, self._settings = level, settings
        self._apart = ScoreWindow(size=settings.window, rows=len(ESTIMATORS) - 1)
        self._scores = [ScoreWindow(size=settings.scores, rows=1) for _ in GROUPS]
        self._losses = np.zeros(len(ESTIMATORS))
        self._judged = 0
        self._exact = self._offsets(level, pace=EXACT_PACE)
        self._said = self._offsets(said_level, pace=1.0)
        self._curves: list[Survival | None] = [None for _ in GROUPS]

    @property
    def n(self) -> int:
        """Waits behind the blend."""
        return self._scores[EVERY].n

    def _offsets(self, aim: float, *, pace: float) -> HourOffsets:
        chosen = self._settings
        return HourOffsets(
            aim, step=pace * chosen.step, hour_step=pace * chosen.hour_step, shrink=chosen.shrink
        )

    def standing(
        self, places: Floats, *, learned: float, still: list[Standing], waited: Floats, hour: int
    ) -> Standing:
        """Forecast of one who arrives, ``waited`` being the waits so far of those ``still`` in line."""
        counts = self._apart.n >= self._settings.warm_up
        quantiles = self._quantiles(places, still=still, waited=waited) if counts else places
        quantiles = np.append(quantiles, quantiles[-1] if np.isnan(learned) else learned)
        weights = self.weights()
        mix = float(weights @ quantiles)
        group = SOMEBODY_WAITS if still else NOBODY_WAITS
        exact = said = mix
        if self.n:
            curve = self._look(group, still, waited)
            limit, spread = mix + float(curve.quantile(self.level)[0]), _spread(curve)
            exact = limit + spread * self._exact.offset(hour)
            said = limit + spread * self._said.offset(hour)
        return Standing(places, quantiles, mix, exact, said, int(weights.argmax()), counts, group)

    def _quantiles(self, places: Floats, *, still: list[Standing], waited: Floats) -> Floats:
        """What each estimator says, moved by as much as the level of recent waits lay above it."""
        behind = np.array([case.places for case in still]).reshape(-1, places.size)
        return places + self._apart.survival((waited[:, None] - behind).T).quantile(self.level)

    def _look(self, group: int, still: list[Standing], waited: Floats) -> Survival:
        """Share of recent scores of a group above each value, as known now; of all while it is small."""
        source = group if self._scores[group].n >= self._settings.warm_up else EVERY
        judged = [one for one, case in enumerate(still) if case.counts and source in (EVERY, case.group)]
        mixes = np.array([still[one].mix for one in judged])
        curve = self._scores[source].survival((waited[judged] - mixes)[None, :])
        self._curves[group] = curve
        return curve

    def weights(self) -> Floats:
        """Say of each estimator, adding to 1; equal before any loss is known."""
        best = self._losses.min()
        if best <= 0.0:
            return np.full(len(ESTIMATORS), 1.0 / len(ESTIMATORS))
        if np.isinf(self._settings.sharpness):
            return np.asarray(np.eye(len(ESTIMATORS))[self._losses.argmin()])
        say = np.exp(-self._settings.sharpness * (self._losses / best - 1.0))
        return np.asarray(say / say.sum())

    def later(self, place: float, *, of: Standing, hour: int, said: bool) -> float:
        """Limit for one who has waited so long, by those who had waited as long beside what was thought."""
        curve = self._curves[of.group]
        if curve is None:
            return max(place, of.exact)
        offset = (self._said if said else self._exact).offset(hour)
        level = 1.0 - (1.0 - self.level) * curve.above(place - of.mix)
        return max(place, of.mix + float(curve.quantile(level)[0]) + _spread(curve) * offset)

    def learn(self, of: Standing, *, wait_s: float, served: bool, hour: int, patience: Patience) -> None:
        """The wait of one case came to its end."""
        place = float(to_scale(wait_s))
        self._apart.add(place - of.places, ended=served)
        if not of.counts:
            return
        if served:
            self._judge(of, wait_s, patience.weight(wait_s, served=True))
        weight = patience.weight(wait_s, served=served, limit_s=float(from_scale(of.exact)))
        self._exact.feed(hour, kept=place <= of.exact, weight=weight)
        for group in (EVERY, of.group):
            self._scores[group].add(np.array([place - of.mix]), ended=served)

    def feed_said(self, hour: int, *, kept: bool, weight: float) -> None:
        """What became of the announcement after rounding."""
        self._said.feed(hour, kept=kept, weight=weight)

    def _judge(self, of: Standing, wait_s: float, weight: float) -> None:
        """Pinball loss of each estimator on one who was served; the first losses count alike."""
        over = wait_s - from_scale(of.quantiles)
        loss = weight * np.maximum(self.level * over, (self.level - 1.0) * over)
        self._judged += 1
        keep = min(self._settings.decay, 1.0 - 1.0 / self._judged)
        self._losses = keep * self._losses + (1.0 - keep) * loss


def _spread(curve: Survival) -> float:
    """From the middle to the upper tenth of recent scores."""
    return max(LEAST_SPREAD, float(curve.quantile(0.9)[0] - curve.quantile(0.5)[0]))
