"""Probabilities learned on the past and calibrated on the stretch after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from forvent.assess.prediction.calibration import Calibration, calibrate
from forvent.assess.prediction.folds import Fold
from forvent.assess.prediction.knowledge import Knowledge, Reader, learn_reader
from forvent.assess.prediction.linear import Linear, fit_linear
from forvent.records import Estimate, NotEnough
from forvent.records.prediction import KnownFact

Floats: TypeAlias = NDArray[np.float64]
Codes: TypeAlias = NDArray[np.int64]

#: Cases of each outcome that must be there to learn from and to calibrate on.
LEAST_TRAIN, LEAST_CALIBRATE = 40, 20
#: Rows at most; more are thinned evenly, for more would not tell more.
MOST_TRAIN, MOST_CALIBRATE = 20_000, 20_000
#: Consecutive pieces of a stretch that hang together: a bad week hits many customers.
PIECES = 40
FACTS = 3
#: Cases whose facts are told, the likeliest.
MOST_EXPLAINED = 1_000


@dataclass(frozen=True, slots=True, eq=False)
class Cases:
    """Cases whose outcome is known, arrays of shape (n,), in the order of their moment.

    ``case`` numbers the episode or customer (one can be looked at at several moments), ``customer`` the
    customer, ``moment`` is in seconds since 1970.
    """

    known: Knowledge
    outcome: Floats
    case: Codes
    customer: Codes
    moment: Floats


@dataclass(frozen=True, eq=False)
class Model:
    """Two scores of every row: of a penalised regression and of boosted trees (None where nothing varies)."""

    linear: Linear
    trees: Any

    def scores(self, matrix: Floats) -> Floats:
        """Log-odds of both before calibration, shape (n, 2)."""
        steady = self.linear.log_odds(matrix)
        if self.trees is None:
            return np.column_stack([steady, steady])
        boosted = np.asarray(self.trees.predict(matrix, raw_score=True, num_threads=1), dtype=np.float64)
        return np.column_stack([steady, boosted])

    def moved(self, matrix: Floats, *, weights: Floats) -> Floats:
        """Log-odds by which each column moves each row from the mean row, shape of the matrix."""
        steady = self.linear.moved(matrix)
        if self.trees is None or matrix.shape[0] == 0:
            return np.asarray(steady * weights.sum())
        # Lundberg's contributions: they add up to the score of the trees.
        boosted = np.asarray(self.trees.predict(matrix, pred_contrib=True, num_threads=1))[:, :-1]
        return np.asarray(weights[0] * steady + weights[1] * boosted)


@dataclass(frozen=True, eq=False)
class Predictor:
    """What was learned: it gives probabilities, or says why it gives none."""

    reader: Reader
    model: Model
    calibration: Calibration
    level: float

    def scores(self, known: Knowledge) -> Floats:
        """Log-odds before calibration, shape (n, 2)."""
        return self.model.scores(self.reader.read(known))

    def probabilities(self, known: Knowledge) -> list[Estimate | NotEnough]:
        """Probability of each case, with the limits of the share among cases with the same score."""
        scores = self.scores(known)
        value = self.calibration.probabilities(scores)
        low, high = self.calibration.limits(scores, level=self.level)
        rows = zip(self.reader.unlike(known), value.tolist(), low.tolist(), high.tolist(), strict=True)
        return [
            NotEnough(n=0, needed=1, why=why)
            if why
            else Estimate(share, low=least, high=most, n=self.calibration.n, level=self.level)
            for why, share, least, most in rows
        ]

    def facts(
        self, known: Knowledge, *, chances: Sequence[Estimate | NotEnough], most: int = FACTS
    ) -> list[tuple[KnownFact, ...]]:
        """The known facts that set the likeliest cases most apart from the mean case, in calibrated log-odds.

        Only the thousand likeliest are looked at, which takes time; the others have none.
        """
        share = np.array([-1.0 if isinstance(one, NotEnough) else one.value for one in chances])
        likeliest = np.argsort(-share, kind="stable")[:MOST_EXPLAINED]
        likeliest = likeliest[share[likeliest] >= 0.0]
        found: list[tuple[KnownFact, ...]] = [()] * share.size
        for place, facts in zip(likeliest, self._facts(known.where(likeliest), most=most), strict=True):
            found[place] = facts
        return found

    def _facts(self, known: Knowledge, *, most: int) -> list[tuple[KnownFact, ...]]:
        read = self.reader.read(known)
        moved = self.model.moved(read, weights=self.calibration.weights)
        order = np.argsort(-np.abs(moved), axis=1, kind="stable")[:, :most]
        return [
            tuple(self._fact(known, row, int(place), float(moved[row, place])) for place in places)
            for row, places in enumerate(order)
        ]

    def _fact(self, known: Knowledge, row: int, place: int, moved: float) -> KnownFact:
        one = self.reader.seen[place]
        value = float(known.matrix[row, one.position])
        if not np.isfinite(value):
            return KnownFact(one.column.name, None, moved)
        return KnownFact(
            one.column.name, one.column.levels[int(value)] if one.column.levels else value, moved
        )


def learned(cases: Cases, *, fold: Fold, level: float = 0.95, seed: int = 1) -> Predictor | NotEnough:
    """A model of the first stretch of a fold, calibrated on the second.

    Parameters
    ----------
    cases
        All cases.
    fold
        Which of them are learned from and calibrated on.
    level
        Confidence level of the limits of a probability.
    seed
        Of the model; equal cases and seed give equal probabilities.

    Returns
    -------
    Predictor or NotEnough
        The second where a stretch has too few cases of an outcome.

    Source
    ------
    Ke et al. (2017), LightGBM, NeurIPS; docs/formulas/assess-prediction.md#learned.

    Examples
    --------
    >>> from forvent.assess.prediction.folds import newest_fold
    >>> from forvent.assess.prediction.knowledge import KnownColumn
    >>> rng = np.random.default_rng(1)
    >>> days, one = rng.integers(1, 9, 2000).astype(float), np.arange(2000)
    >>> sad = (rng.random(2000) < days / 10).astype(float)
    >>> known = Knowledge(days[:, None], (KnownColumn("days", "promise"),))
    >>> fold = newest_fold(one * 1.0, known_at=one * 1.0)
    >>> predictor = learned(Cases(known, sad, one, one, one * 1.0), fold=fold)
    >>> found = predictor.probabilities(Knowledge(np.array([[2.0], [8.0]]), known.columns))
    >>> abs(found[0].value - 0.2) < 0.05, abs(found[1].value - 0.8) < 0.1
    (True, True)
    """
    few = too_few(cases.outcome[fold.train], needed=LEAST_TRAIN, what="learn from") or too_few(
        cases.outcome[fold.calibrate], needed=LEAST_CALIBRATE, what="calibrate on"
    )
    if few is not None:
        return few
    train, later = thinned(fold.train, most=MOST_TRAIN), thinned(fold.calibrate, most=MOST_CALIBRATE)
    reader = learn_reader(cases.known.where(train))
    read, outcome = reader.read(cases.known.where(train)), cases.outcome[train]
    texts = reader.text_positions
    model = Model(
        fit_linear(read, outcome=outcome, text_positions=texts),
        _grown(read, outcome, text_positions=texts, seed=seed),
    )
    scores = model.scores(reader.read(cases.known.where(later)))
    calibration = calibrate(
        scores,
        outcome=cases.outcome[later],
        clusters=(cases.customer[later], pieces(cases.moment[later])),
    )
    return Predictor(reader, model, calibration, level)


def too_few(outcome: Floats, *, needed: int, what: str) -> NotEnough | None:
    """Why a stretch cannot be used; None where it has enough cases of either outcome."""
    rarer = int(min(outcome.sum(), outcome.size - outcome.sum()))
    if rarer >= needed:
        return None
    return NotEnough(n=rarer, needed=needed, why=f"too few outcomes of either kind to {what}")


def thinned(positions: Codes, *, most: int) -> Codes:
    """At most so many positions, evenly spaced."""
    if positions.size <= most:
        return positions
    return positions[np.linspace(0, positions.size - 1, most).astype(np.int64)]


def pieces(moment: Floats) -> Codes:
    """Consecutive pieces of time with about equally many cases; cases of one moment stay together."""
    ranks = np.searchsorted(np.sort(moment), moment, side="left")
    numbers = np.unique(ranks * PIECES // max(1, moment.size), return_inverse=True)[1].astype(np.int64)
    # All of one moment tell nothing about time: then each case stands for itself.
    return numbers if numbers.size and int(numbers.max()) > 0 else np.arange(moment.size, dtype=np.int64)


_ALWAYS: dict[str, Any] = {
    "objective": "binary",
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 1,
    "verbose": -1,
    "feature_pre_filter": False,
    "feature_fraction": 0.8,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "lambda_l2": 5.0,
    "cat_smooth": 20.0,
    "min_data_per_group": 20,
    "max_bin": 127,
}


def _size(n: int) -> tuple[dict[str, Any], int]:
    if n < 2_000:
        return {"num_leaves": 4, "learning_rate": 0.05, "min_data_in_leaf": 20}, 60
    if n < 10_000:
        return {"num_leaves": 6, "learning_rate": 0.05, "min_data_in_leaf": 40}, 100
    return {"num_leaves": 10, "learning_rate": 0.1, "min_data_in_leaf": 80}, 80


def _grown(matrix: Floats, outcome: Floats, *, text_positions: list[int], seed: int) -> Any:
    if matrix.shape[1] == 0:
        return None
    # Here and not above: it takes long to load, which no other command should wait for.
    import lightgbm

    size, rounds = _size(outcome.size)
    data = lightgbm.Dataset(
        matrix,
        label=outcome,
        categorical_feature=text_positions,
        params={"verbose": -1, "feature_pre_filter": False, "max_bin": 127},
        free_raw_data=True,
    )
    return lightgbm.train(_ALWAYS | size | {"seed": seed}, data, num_boost_round=rounds)
