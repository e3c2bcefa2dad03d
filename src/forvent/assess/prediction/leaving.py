"""Who is likely to leave: nobody knows who left, so it is who will not buy in the days ahead."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from forvent.assess.loyalty.histories import DAYS_A_WEEK, Histories
from forvent.assess.prediction.cases import in_order, moment_of, told_of
from forvent.assess.prediction.folds import Fold
from forvent.assess.prediction.knowledge import Knowledge, KnownColumn
from forvent.assess.prediction.learning import Cases, learned
from forvent.assess.prediction.testing import Settings, accuracy_of
from forvent.errors import BadOption
from forvent.records import Estimate, NotEnough
from forvent.records.loyalty import Outlook, PurchaseFit
from forvent.records.prediction import CasePrediction, Prediction

Floats: TypeAlias = NDArray[np.float64]
Codes: TypeAlias = NDArray[np.int64]

LEAVING = "leaving"
BY_VALUE, BY_PROBABILITY = "value_at_risk", "probability"
DEFINITION = "leaves/1: no purchase in the {days} days after"
#: Days of the past that are needed, and how many of them, the last ones, test.
LEAST_ORIGINS, TESTED_ORIGINS = 3, 2
_DAY = 86_400.0
_MODEL = {"bg-nbd", "mbg-nbd"}
#: Log-odds are kept within these, so that a certain model does not rule.
_SUREST = 1e-4


@dataclass(frozen=True, slots=True, eq=False)
class Origin:
    """Customers as they were known at the end of a day (since 1970), and what a model said of them then.

    ``chance`` is the purchase model's probability that each buys nothing in the horizon, NaN where there is
    no model. ``histories.later`` holds what they bought in it. ``worth`` is what each is expected to pay in
    the horizon if they buy at all, NaN where unknown; None where no amounts are known.
    """

    day: int
    histories: Histories
    chance: Floats
    worth: Floats | None = None


def no_purchase_chance(fit: PurchaseFit, *, histories: Histories, outlook: Outlook, weeks: float) -> Floats:
    r"""The purchase model's own probability that a customer buys nothing in the weeks ahead.

    .. math:: P(\text{none}) = 1 - P(\text{active})\Bigl[1-\Bigl(\frac{\alpha+T}{\alpha+T+t}\Bigr)^{r+x}\Bigr]

    Parameters
    ----------
    fit
        A model without early weeks: bg-nbd or mbg-nbd.
    histories
        The customers, shape (n,).
    outlook
        Their outlook by the same model.
    weeks
        Time ahead.

    Returns
    -------
    NDArray
        Probabilities, shape (n,).

    Raises
    ------
    BadOption
        If the model has early weeks, for which this does not hold.

    Source
    ------
    Fader, Hardie & Lee (2005), Marketing Science 24(2), 275–284 (gamma mixture of Poisson counts).

    Examples
    --------
    >>> from forvent.assess.loyalty import fit_from_parameters, histories_of_arrays, outlooks
    >>> fit = fit_from_parameters("bg-nbd", r=0.243, alpha=4.414, a=0.793, b=2.426)
    >>> one = histories_of_arrays(repeats=[2], recency=[30.43], age=[38.86])
    >>> ahead = outlooks(fit, histories=one, weeks=39.0)
    >>> no_purchase_chance(fit, histories=one, outlook=ahead, weeks=39.0).round(2).tolist()
    [0.45]
    """
    if fit.model not in _MODEL:
        raise BadOption(f"'{fit.model}' has early weeks.", hint="Use bg-nbd or mbg-nbd.")
    rate, alpha = fit.parameters["r"], fit.parameters["alpha"]
    reached = alpha + histories.age
    still = (reached / (reached + weeks)) ** (rate + histories.repeats)
    chance: Floats = 1.0 - outlook.active * (1.0 - still)
    return chance


def leaving(
    past: Sequence[Origin],
    *,
    today: Origin,
    horizon: int,
    rng: np.random.Generator,
    level: float = 0.95,
    rounds: int = 1000,
    seed: int = 1,
) -> Prediction:
    """Probability that each customer buys nothing in the days ahead: how good it was, and of whom it is high.

    Tried at days of the past: learned at the earlier ones, calibrated at the one before the test, tested on
    the last two. Where the test does not surely beat the base rate, nobody gets a probability.

    Parameters
    ----------
    past
        Days of the past in their order, at least ``horizon`` days apart.
    today
        The customers now.
    horizon
        Days ahead.
    rng
        Source of randomness of bootstrap and shuffling.
    level
        Confidence level of every interval.
    rounds
        Bootstrap rounds.
    seed
        Of the models.

    Returns
    -------
    Prediction
        With one accuracy, of the moment "leaving", and all customers: by falling value at risk (probability
        times worth) where the worth of some is known, else by falling probability.

    Source
    ------
    Our own definition, docs/formulas/assess-prediction.md#leaving.

    Examples
    --------
    >>> from forvent.assess.loyalty import histories_of_arrays
    >>> one = histories_of_arrays(repeats=[2], recency=[30.43], age=[38.86])
    >>> now = Origin(19000, one, np.array([0.5]))
    >>> found = leaving([], today=now, horizon=90, rng=np.random.default_rng(1))
    >>> found.accuracies[0].silent.why, found.cases[0].probability.why
    ('too few days of the past to try it on', 'too few days of the past to try it on')
    """
    cases, folds, newest = _tried(past)
    accuracy = accuracy_of(
        cases,
        folds=folds,
        moment=LEAVING,
        settings=Settings(rng, level=level, rounds=rounds, seed=seed),
        without=NotEnough(n=len(past), needed=LEAST_ORIGINS, why="too few days of the past to try it on"),
    )
    names, at = today.histories.names, moment_of(today.day * _DAY)
    predictor = accuracy.silent or learned(cases, fold=newest, level=level, seed=seed)
    told = told_of(predictor, known=lambda: _known(today), count=len(names))
    worth = np.full(len(names), np.nan) if today.worth is None else today.worth
    found = [
        CasePrediction(
            name,
            name,
            LEAVING,
            at=at,
            probability=chance,
            facts=facts,
            at_risk=_at_risk(chance, worth=value),
        )
        for name, (chance, facts), value in zip(names, told, worth.tolist(), strict=True)
    ]
    by_value = any(one.at_risk is not None for one in found)
    return Prediction(
        definition=DEFINITION.format(days=horizon),
        level=level,
        as_of=at,
        accuracies=(accuracy,),
        cases=tuple(in_order(found)),
        open_cases=len(found),
        horizon_days=horizon,
        order=BY_VALUE if by_value else BY_PROBABILITY,
    )


def _at_risk(chance: Estimate | NotEnough, *, worth: float) -> Estimate | None:
    """Probability times worth; the interval is that of the probability."""
    if isinstance(chance, NotEnough) or not math.isfinite(worth):
        return None
    value, low, high = (part * worth for part in (chance.value, chance.low, chance.high))
    return Estimate(value, low, high, chance.n, chance.level)


def _tried(past: Sequence[Origin]) -> tuple[Cases, tuple[Fold, ...], Fold]:
    """All customers at all days of the past, the steps of the test, and all that can be learned from now."""
    empty = np.zeros(0, dtype=np.int64)
    if len(past) < LEAST_ORIGINS:
        cases = Cases(Knowledge(np.zeros((0, 0)), ()), np.zeros(0), empty, empty, np.zeros(0))
        return cases, (), Fold(empty, empty, empty)
    known = [_known(origin) for origin in past]
    who = _numbered([origin.histories.names for origin in past])
    at = np.repeat(np.arange(len(past)), [len(origin.histories.names) for origin in past])
    cases = Cases(
        known=Knowledge(np.concatenate([one.matrix for one in known]), known[0].columns),
        outcome=np.concatenate([(origin.histories.later == 0.0).astype(np.float64) for origin in past]),
        case=who,
        customer=who,
        moment=np.array([origin.day * _DAY for origin in past])[at],
    )
    last = len(past) - 1
    first = max(last - TESTED_ORIGINS + 1, LEAST_ORIGINS - 1)
    folds = tuple(
        Fold(np.flatnonzero(at < test - 1), np.flatnonzero(at == test - 1), np.flatnonzero(at == test))
        for test in range(first, last + 1)
    )
    return cases, folds, Fold(np.flatnonzero(at < last), np.flatnonzero(at == last), empty)


def _numbered(names: Sequence[Sequence[str]]) -> Codes:
    """The number of each name, in the order of the names; a customer has the same at every day."""
    encoded = pa.chunked_array([pa.array(some, pa.string()) for some in names]).combine_chunks()
    encoded = encoded.dictionary_encode()
    rank = np.empty(len(encoded.dictionary), dtype=np.int64)
    rank[pc.sort_indices(encoded.dictionary).to_numpy()] = np.arange(rank.size)
    numbers: Codes = rank[encoded.indices.to_numpy()]
    return numbers


def _known(origin: Origin) -> Knowledge:
    """What was known of each customer at the end of the day."""
    histories = origin.histories
    drawn = np.clip(origin.chance, _SUREST, 1.0 - _SUREST)
    silent = histories.age - histories.recency
    between = np.where(histories.repeats > 0, histories.recency / np.maximum(histories.repeats, 1.0), np.nan)
    columns = {
        "model_log_odds": np.log(drawn / (1.0 - drawn)),
        "repeat_purchases": histories.repeats,
        "days_since_last": silent * DAYS_A_WEEK,
        "days_known": histories.age * DAYS_A_WEEK,
        "days_between": between * DAYS_A_WEEK,
        "silence_in_gaps": np.where(between > 0, silent / np.where(between > 0, between, 1.0), np.nan),
        "mean_value": histories.mean_value,
        "spent": histories.spent,
    }
    kinds = {"model_log_odds": "model", "mean_value": "spending", "spent": "spending"}
    described = tuple(KnownColumn(name, kinds.get(name, "purchases"), strict=False) for name in columns)
    return Knowledge(np.column_stack(list(columns.values())), described)
