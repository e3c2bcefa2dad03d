"""Models of repeat purchases fitted by maximum likelihood from several starts, and the choice among them."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import NormalDist
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from threadpoolctl import threadpool_limits

from forvent.assess.loyalty.histories import Histories
from forvent.assess.loyalty.likelihood import (
    BG,
    MBG,
    MODELS,
    Rows,
    distinct_rows,
    has_early,
    log_likelihood,
    thinned,
)
from forvent.errors import BadOption
from forvent.records import NotEnough
from forvent.records.loyalty import PurchaseFit
from forvent.stats import check_level

Floats: TypeAlias = NDArray[np.float64]

NAMES = ("r", "alpha", "a", "b", "early", "early_weeks")
#: Customers who came back that a model needs, and repeat purchases that early weeks need.
LEAST_BACK, LEAST_FOR_EARLY = 10, 200
FEW_BACK = "too few customers have bought again"

# Logs of r, alpha (in mean ages), a and b.
_STARTS = ((-0.7, -1.2, -0.2, 0.7), (0.0, 0.0, -1.0, 1.0), (-1.5, -2.5, 0.0, 0.0))
# Logs of early and of early_weeks (in mean ages).
_EARLY_STARTS = ((0.0, -2.0), (-1.0, -1.0), (1.0, -3.0))
_WIDEST = 9.0
_SAME = 0.05
_FLAT = 1e-5
# Of more distinct customers an even part finds the top, and all of them the last digits.
_MOST_ROWS = 20_000
# A parameter that the data leave open is known to a factor of e³ at best: it keeps the interval finite.
_LOOSEST = 3.0
_STEP = 1e-4


def fit_purchases(
    histories: Histories, *, model: str, level: float = 0.95, near: PurchaseFit | None = None
) -> PurchaseFit | NotEnough:
    r"""Parameters of one model of repeat purchases, with their intervals and whether the search converged.

    Customers buy at a rate of their own (gamma: r, alpha in weeks) and leave after a purchase with a
    probability of their own (beta: a, b). Intervals are Wald's on logs from the curvature of the
    log-likelihood. The log-likelihood is of the times of purchases, so AIC compares all models here.

    Parameters
    ----------
    histories
        The customers.
    model
        One of ``MODELS``; ``-early`` lets purchases be more frequent in a customer's first weeks.
    level
        Confidence level of the intervals, inside (0, 1).
    near
        A fit of the same model to like customers; the search then starts there alone.

    Returns
    -------
    PurchaseFit or NotEnough
        The second if fewer than 10 customers bought again.

    Raises
    ------
    BadOption
        If there is no such model, or the level is none.

    Source
    ------
    Fader, Hardie & Lee (2005), Marketing Science 24(2), 275–284; Batislam, Denizel & Filiztekin (2007),
    IJRM 24(3), 201–209; early weeks: our own definition, docs/formulas/assess-loyalty.md#early.

    Examples
    --------
    >>> from forvent.assess.loyalty.histories import histories_of_arrays
    >>> few = histories_of_arrays(repeats=[2, 0], recency=[30.43, 0.0], age=[38.86, 38.86])
    >>> fit_purchases(few, model="mbg-nbd").why
    'too few customers have bought again'
    """
    check_level(level)
    if model not in MODELS:
        raise BadOption(f"'{model}' is no model of purchases.", hint=f"Choose one of {', '.join(MODELS)}.")
    back = int(np.count_nonzero(histories.repeats > 0))
    if back < LEAST_BACK:
        return NotEnough(n=back, needed=LEAST_BACK, why=FEW_BACK)
    rows = rows_of(histories)
    scale = float(np.average(rows.age, weights=rows.weight))
    starts = _starts(model, scale=scale) if near is None else [np.log(list(near.parameters.values()))]
    return _best(rows, starts, model=model, scale=scale, level=level)


def fit_candidates(
    histories: Histories, *, level: float = 0.95, models: Sequence[str] = MODELS
) -> tuple[PurchaseFit, ...] | NotEnough:
    """Every model that the customers can carry, the one with the lowest AIC first.

    Parameters
    ----------
    histories
        The customers.
    level
        Confidence level of the intervals, inside (0, 1).
    models
        Those to try; early weeks are left out below 200 repeat purchases.

    Returns
    -------
    tuple of PurchaseFit, or NotEnough
        Sorted by AIC; where two tie, in the order of ``models``.

    Raises
    ------
    BadOption
        If there is no such model.

    Source
    ------
    Akaike (1974), IEEE Transactions on Automatic Control 19(6), 716–723.

    Examples
    --------
    >>> from forvent.assess.loyalty.histories import histories_of_arrays
    >>> fit_candidates(histories_of_arrays(repeats=[0], recency=[0.0], age=[9.0])).needed
    10
    """
    enough = histories.repeats.sum() >= LEAST_FOR_EARLY and histories.repeat_age.size > 0
    tried = [model for model in models if enough or not has_early(model)] or [BG, MBG]
    fits = []
    for model in tried:
        fit = fit_purchases(histories, model=model, level=level)
        if isinstance(fit, NotEnough):
            return fit
        fits.append(fit)
    return tuple(sorted(fits, key=lambda fit: fit.aic))


def rows_of(histories: Histories) -> Rows:
    """Customers with equal histories as one row."""
    return distinct_rows(
        histories.repeats,
        recency=histories.recency,
        age=histories.age,
        repeat_age=histories.repeat_age,
        repeat_count=histories.repeat_count,
    )


def _starts(model: str, *, scale: float) -> list[Floats]:
    """Places to start from, logs of the parameters."""
    away = np.log(max(scale, 1e-3))
    plain = [np.array([r, alpha + away, a, b]) for r, alpha, a, b in _STARTS]
    if not has_early(model):
        return plain
    return [np.array([*plain[0], early, weeks + away]) for early, weeks in _EARLY_STARTS]


def _bounds(model: str, *, scale: float) -> list[tuple[float, float]]:
    away = np.log(max(scale, 1e-3))
    plain = [(-_WIDEST, _WIDEST)] * 4
    plain[1] = (away - _WIDEST, away + _WIDEST)
    # Longer early weeks would be the customers' whole life, and could not be told from leaving.
    return [*plain, (-5.0, 4.0), (away - 5.0, away - 0.5)] if has_early(model) else plain


def _best(rows: Rows, starts: Sequence[Floats], *, model: str, scale: float, level: float) -> PurchaseFit:
    count = float(rows.weight.sum())
    bounds = _bounds(model, scale=scale)
    # Matrices of six by six: threads that wait for one another make the search forty times slower.
    with threadpool_limits(limits=1):
        few = thinned(rows, most=_MOST_ROWS)
        found = [_search(few, start, bounds, model=model) for start in starts]
        best = min(found, key=lambda one: float(one.fun))
        if few is not rows:
            best = _search(rows, best.x, bounds, model=model)
    lowest = min(float(one.fun) for one in found)
    agreeing = sum((float(one.fun) - lowest) * count < _SAME for one in found)
    logs = np.asarray(best.x, dtype=np.float64)
    value, slopes = log_likelihood(logs, rows=rows, model=model)
    at_bound = [
        name
        for name, place, (low, high) in zip(NAMES, logs, bounds, strict=False)
        if min(place - low, high - place) < 1e-6
    ]
    flat = bool(np.abs(slopes).max() / count < _FLAT)
    trouble = ""
    if at_bound:
        trouble = f"{', '.join(at_bound)} ran to a bound: the customers do not say how large it is"
    elif not flat:
        trouble = "the search ended where the likelihood still rises"
    spread = _covariance(logs, rows=rows, model=model)
    half = NormalDist().inv_cdf((1.0 + level) / 2.0) * np.sqrt(np.diag(spread))
    names = NAMES[: logs.size]
    return PurchaseFit(
        model=model,
        parameters=dict(zip(names, np.exp(logs).tolist(), strict=True)),
        limits={
            name: (float(np.exp(at - wide)), float(np.exp(at + wide)))
            for name, at, wide in zip(names, logs, half, strict=True)
        },
        level=level,
        converged=not trouble,
        trouble=trouble,
        starts=len(found),
        agreeing=agreeing,
        log_likelihood=value,
        aic=2.0 * logs.size - 2.0 * value,
        customers=round(count),
        repeats=round(float(rows.weight @ rows.repeats)),
        covariance=spread,
    )


def _search(rows: Rows, start: Floats, bounds: Sequence[tuple[float, float]], *, model: str) -> Any:
    """From one start; begun anew at its end, where the memory of the way there may have stopped it."""
    count = float(rows.weight.sum())

    def loss(logs: Floats) -> tuple[float, Floats]:
        value, slopes = log_likelihood(logs, rows=rows, model=model)
        return -value / count, -slopes / count

    options = {"maxiter": 500, "ftol": 1e-13, "gtol": 1e-8}
    low, high = np.array(bounds).T
    found = minimize(
        loss, np.clip(start, low, high), jac=True, method="L-BFGS-B", bounds=bounds, options=options
    )
    return minimize(loss, found.x, jac=True, method="L-BFGS-B", bounds=bounds, options=options)


def _covariance(logs: Floats, *, rows: Rows, model: str) -> Floats:
    """Inverse curvature of the log-likelihood at its top, by differences of its slopes."""
    columns = []
    for place in range(logs.size):
        step = np.zeros(logs.size)
        step[place] = _STEP
        above, below = (log_likelihood(logs + way * step, rows=rows, model=model)[1] for way in (1.0, -1.0))
        columns.append((below - above) / (2.0 * _STEP))
    curvature = np.stack(columns)
    values, vectors = np.linalg.eigh((curvature + curvature.T) / 2.0)
    known = np.maximum(values, 0.0) + 1.0 / _LOOSEST**2
    covariance: Floats = (vectors / known) @ vectors.T
    return covariance


def fit_from_parameters(model: str, **parameters: float) -> PurchaseFit:
    """A model whose parameters are known, from a paper or an earlier fit.

    Parameters
    ----------
    model
        One of ``MODELS``.
    parameters
        r, alpha (weeks), a and b, all above 0; early and early_weeks where the model has them.

    Returns
    -------
    PurchaseFit
        With no customers behind it and no uncertainty.

    Raises
    ------
    BadOption
        If there is no such model, or its parameters are others.

    Source
    ------
    Fader, Hardie & Lee (2005), Marketing Science 24(2), 275–284 (the parameters).

    Examples
    --------
    >>> fit_from_parameters("bg-nbd", r=0.243, alpha=4.414, a=0.793, b=2.426).parameters["alpha"]
    4.414
    """
    if model not in MODELS:
        raise BadOption(f"'{model}' is no model of purchases.", hint=f"Choose one of {', '.join(MODELS)}.")
    names = NAMES if has_early(model) else NAMES[:4]
    if set(parameters) != set(names) or min(parameters.values()) <= 0:
        raise BadOption(
            f"{model} cannot have the parameters {', '.join(parameters)}.",
            hint=f"Give {', '.join(names)}, all above 0.",
        )
    values = {name: parameters[name] for name in names}
    nothing = np.zeros((len(names), len(names)))
    limits = {name: (value, value) for name, value in values.items()}
    return PurchaseFit(model, values, limits, 0.95, True, "", 0, 0, 0.0, 0.0, 0, 0, nothing)
