"""The learned estimator: a small quantile model of the state of the line, refitted on what was known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import lightgbm
import numpy as np

from forvent.adjust.history import Floats
from forvent.adjust.waiting.censored import stay_weights
from forvent.adjust.waiting.line import LineState
from forvent.adjust.waiting.scale import to_scale

#: Cases that are remembered to learn from, the latest of them.
REMEMBERED = 10_000
ROUNDS = 100
HOUR_S, DAY_S = 3_600.0, 86_400.0

_PARAMS: dict[str, object] = {
    "objective": "quantile",
    "num_leaves": 8,
    "learning_rate": 0.05,
    "min_data_in_leaf": 60,
    "max_bin": 63,
    "num_threads": 1,
    "deterministic": True,
    "force_row_wise": True,
    "seed": 7,
    "verbose": -1,
}


@dataclass(frozen=True, slots=True)
class _Known:
    """A case whose wait came to an end."""

    features: Floats
    wait_s: float
    served: bool


class Features:
    """Numbers that a model reads of a case: the line, the time of day, and the columns."""

    def __init__(self, columns: tuple[str, ...]) -> None:
        self._columns = columns
        self._codes: dict[tuple[str, str], int] = {}

    def row(
        self, state: LineState, *, points: Floats, at: float, values: Mapping[str, float | str]
    ) -> Floats:
        """Features of one case; a column that it lacks is missing."""
        line = (
            state.waiting,
            state.head_s,
            state.last_s,
            state.recent_s,
            state.start_rate,
            state.arrival_rate,
            points[0],
            at % DAY_S / HOUR_S,
        )
        return np.array((*line, *(self._number(name, values.get(name, np.nan)) for name in self._columns)))

    def _number(self, name: str, value: float | str) -> float:
        """A number as it is; text by the order in which it was first seen, NaN where empty."""
        if not isinstance(value, str):
            return float(value)
        return float(self._codes.setdefault((name, value), len(self._codes))) if value else np.nan


class LearnedWait:
    """Quantile models of the wait, one for each level, on cases whose wait came to an end before.

    Who left is no wait of known length; each who was served stands for those who would have waited as
    long but left: weight one over the share that stays so long (inverse probability of censoring).
    """

    def __init__(self, levels: tuple[float, ...], *, refit_every: int) -> None:
        self._levels, self._refit_every = levels, refit_every
        self._known: list[_Known] = []
        self._models: list[lightgbm.Booster] = []
        self._seen = 0

    def remember(self, features: Floats, *, wait_s: float, served: bool) -> None:
        """One wait came to its end; the models are fitted anew when their turn has come."""
        self._known.append(_Known(features, wait_s, served))
        self._seen += 1
        if self._seen % self._refit_every == 0:
            del self._known[:-REMEMBERED]
            self._fit()

    def points(self, features: Floats) -> Floats:
        """What the models say for each level, as places on the scale; NaN before the first fit."""
        if not self._models:
            return np.full(len(self._levels), np.nan)
        return np.array([float(_predict(model, features[None, :])[0]) for model in self._models])

    def _fit(self) -> None:
        waits = np.array([case.wait_s for case in self._known])
        served = np.array([case.served for case in self._known])
        if served.sum() < 2 * int(str(_PARAMS["min_data_in_leaf"])):
            return
        weights = stay_weights(waits, served=served)
        features = np.array([case.features for case in self._known])
        data = lightgbm.Dataset(
            features[served],
            label=to_scale(waits[served]),
            weight=weights[served],
            params={"max_bin": 63, "verbose": -1},
            free_raw_data=False,
        )
        self._models = [
            lightgbm.train({**_PARAMS, "alpha": level}, data, num_boost_round=ROUNDS)
            for level in self._levels
        ]


def _predict(model: lightgbm.Booster, rows: Floats) -> Floats:
    return np.asarray(model.predict(rows, num_threads=1), dtype=np.float64)
