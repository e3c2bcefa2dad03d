"""Models of repeat purchases fitted by maximum likelihood from several starts, and which to pool."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
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
    MONTH_MODELS,
    MONTHS,
    PLAIN_MODELS,
    Rows,
    distinct_rows,
    has_early,
    has_months,
    log_likelihood,
    thinned,
    with_grid,
)
from forvent.errors import BadOption
from forvent.records import NotEnough
from forvent.records.loyalty import PurchaseFit
from forvent.stats import check_level

Floats: TypeAlias = NDArray[np.float64]

NAMES = ("r", "alpha", "a", "b", "early", "early_weeks")
#: Customers who came back that a model needs, and repeat purchases that early weeks and months need.
LEAST_BACK, LEAST_FOR_CLOCK = 10, 200
#: Months that must be known before they are told apart.
LEAST_MONTHS = 4
FEW_BACK = "too few customers have bought again"

# Logs of r, alpha (in mean ages), a and b.
_STARTS = ((-0.7, -1.2, -0.2, 0.7), (0.0, 0.0, -1.0, 1.0), (-1.5, -2.5, 0.0, 0.0))
# Logs of early and of early_weeks (in mean ages).
_EARLY_STARTS = ((0.0, -2.0), (-1.0, -1.0), (1.0, -3.0))
_WIDEST = 9.0
_SAME = 0.05
_FLAT = 1e-5
# Of more distinct customers an even part finds the top, and all of them the last digits.
_MOST_ROWS, _MOST_AT_START, _MOST_STEPS = 20_000, 4_000, 8
# Steps of a search that need not end at the top: the spread of months is renewed, or Newton goes on.
_ROUND_STEPS, _LAST_STEPS = 25, 60
# A parameter that the data leave open is known to a factor of e³ at best: it keeps the interval finite.
_LOOSEST = 3.0
_STEP = 1e-4
# Spread of the logs of months in shops that are known for years (0.17 to 0.25): a belief as strong as a year
# of one's own months, and how often the spread is renewed.
_SPREAD, _BELIEF, _ROUNDS = 0.2, 12, 2


def fit_purchases(
    histories: Histories,
    *,
    model: str,
    level: float = 0.95,
    near: PurchaseFit | None = None,
    most: int = _MOST_ROWS,
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
        One of ``MODELS``; ``-early`` lets purchases be more frequent in a customer's first weeks, ``-months``
        lets calendar months be better or worse than others (left out below four known months).
    level
        Confidence level of the intervals, inside (0, 1).
    near
        A fit of the same model to like customers; the search then starts there alone.
    most
        Of more distinct customers an even part of so many is searched, and then all are stepped to.

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
    IJRM 24(3), 201–209; early weeks and months: our own definition,
    docs/formulas/assess-loyalty.md#early and #months.

    Examples
    --------
    >>> from forvent.assess.loyalty.histories import histories_of_arrays
    >>> few = histories_of_arrays(repeats=[2, 0], recency=[30.43, 0.0], age=[38.86, 38.86])
    >>> fit_purchases(few, model="mbg-nbd").why
    'too few customers have bought again'
    """
    check_level(level)
    _check_model(model)
    few = _too_few(histories)
    return few or _fitted(rows_of(histories), model=model, level=level, near=near, most=most)


def _check_model(model: str) -> None:
    if model not in MODELS:
        raise BadOption(f"'{model}' is no model of purchases.", hint=f"Choose one of {', '.join(MODELS)}.")


def _too_few(histories: Histories) -> NotEnough | None:
    back = int(np.count_nonzero(histories.repeats > 0))
    return None if back >= LEAST_BACK else NotEnough(n=back, needed=LEAST_BACK, why=FEW_BACK)


def _fitted(rows: Rows, *, model: str, level: float, near: PurchaseFit | None, most: int) -> PurchaseFit:
    scale = float(np.average(rows.age, weights=rows.weight))
    starts = _starts(model, scale=scale) if near is None else [np.log(list(near.parameters.values()))]
    plain = model.removesuffix(MONTHS)
    fit = _best(rows, starts, model=plain, scale=scale, level=level, most=most)
    if not has_months(model) or rows.month_count.size < LEAST_MONTHS:
        return fit
    return _best_months(rows, fit, model=model, scale=scale, level=level, most=most)


def fit_candidates(
    histories: Histories,
    *,
    level: float = 0.95,
    models: Sequence[str] = MONTH_MODELS,
    near: Sequence[PurchaseFit] = (),
    most: int = _MOST_ROWS,
) -> tuple[PurchaseFit, ...] | NotEnough:
    """Every model that the customers can carry, the one with the lowest AIC first.

    Parameters
    ----------
    histories
        The customers.
    level
        Confidence level of the intervals, inside (0, 1).
    models
        Those to try; below 200 repeat purchases early weeks are left out, and months as well below four of
        them: the same models without are then tried.
    near
        Fits of the same models to like customers, where the search then starts.
    most
        As for ``fit_purchases``.

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
    check_level(level)
    for model in models:
        _check_model(model)
    few = _too_few(histories)
    if few is not None:
        return few
    rows, started = rows_of(histories), {fit.model: fit for fit in near}
    fits = [
        _fitted(rows, model=model, level=level, near=started.get(model), most=most)
        for model in _carried(models, histories=histories)
    ]
    return tuple(sorted(fits, key=lambda fit: fit.aic))


def _carried(models: Sequence[str], *, histories: Histories) -> list[str]:
    """The models without what the purchases are too few for."""
    many = histories.repeats.sum() >= LEAST_FOR_CLOCK
    tried = list(models)
    if not many or histories.month_count.size < LEAST_MONTHS:
        tried = [model.removesuffix(MONTHS) for model in tried]
    if not many or histories.repeat_age.size == 0:
        tried = [model for model in tried if not has_early(model)] or [BG, MBG]
    return list(dict.fromkeys(tried))


def rows_of(histories: Histories) -> Rows:
    """Customers with equal histories as one row."""
    return distinct_rows(
        histories.repeats,
        recency=histories.recency,
        age=histories.age,
        repeat_age=histories.repeat_age,
        repeat_count=histories.repeat_count,
        month_count=histories.month_count,
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


def _best(
    rows: Rows, starts: Sequence[Floats], *, model: str, scale: float, level: float, most: int
) -> PurchaseFit:
    bounds = _bounds(model, scale=scale)
    # Matrices of six by six: threads that wait for one another make the search forty times slower.
    with threadpool_limits(limits=1):
        few, fewest = thinned(rows, most=most), thinned(rows, most=min(most, _MOST_AT_START))
        # Of a part near the top is enough, since Newton goes on with all; several starts are compared.
        near = _LAST_STEPS if few is not rows else 0
        steps = near if len(starts) == 1 else 0
        found = [_search(fewest, start, bounds, model=model, steps=steps) for start in starts]
        best = min(found, key=lambda one: float(one.fun))
        if few is not fewest:
            best = _search(few, best.x, bounds, model=model, steps=near)
        logs = np.asarray(best.x, dtype=np.float64)
        spread = _covariance(logs, rows=few, model=model)
        logs, value, slopes = _polished(logs, rows, bounds=bounds, model=model, covariance=spread)
    lowest = min(float(one.fun) for one in found)
    count = float(rows.weight.sum())
    agreeing = sum((float(one.fun) - lowest) * count < _SAME for one in found)
    fit = _fit_of(
        logs,
        rows=rows,
        model=model,
        level=level,
        trouble=_trouble(logs, slopes, bounds=bounds, count=count),
        value=value,
        spread=spread,
    )
    return replace(fit, starts=len(found), agreeing=agreeing)


def _polished(
    logs: Floats,
    rows: Rows,
    *,
    bounds: Sequence[tuple[float, float]],
    model: str,
    covariance: Floats,
    spread: float = 0.0,
) -> tuple[Floats, float, Floats]:
    """From the top of an even part to that of all customers, by Newton steps with the part's curvature."""
    count = float(rows.weight.sum())
    low, high = np.array(bounds).T
    value, slopes = _believed(logs, rows=rows, model=model, spread=spread)
    for _ in range(_MOST_STEPS):
        if np.abs(slopes).max() / count < _FLAT:
            break
        step = np.clip(covariance @ slopes, -0.5, 0.5)
        moved = np.clip(logs + step, low, high)
        more, then = _believed(moved, rows=rows, model=model, spread=spread)
        if more < value:
            break
        logs, value, slopes = moved, more, then
    return logs, value, slopes


def _trouble(logs: Floats, slopes: Floats, *, bounds: Sequence[tuple[float, float]], count: float) -> str:
    """Why the search did not converge; empty where it did."""
    at_bound = [
        name
        for name, place, (low, high) in zip(NAMES, logs, bounds, strict=False)
        if min(place - low, high - place) < 1e-6
    ]
    if at_bound:
        return f"{', '.join(at_bound)} ran to a bound: the customers do not say how large it is"
    if np.abs(slopes).max() / count >= _FLAT:
        return "the search ended where the likelihood still rises"
    return ""


def _fit_of(
    logs: Floats, *, rows: Rows, model: str, level: float, trouble: str, value: float, spread: Floats
) -> PurchaseFit:
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
        starts=0,
        agreeing=0,
        log_likelihood=value,
        aic=2.0 * logs.size - 2.0 * value,
        customers=round(float(rows.weight.sum())),
        repeats=round(float(rows.weight @ rows.repeats)),
        covariance=spread,
    )


def _best_months(
    rows: Rows, plain: PurchaseFit, *, model: str, scale: float, level: float, most: int
) -> PurchaseFit:
    r"""The model with months, from the fit without them.

    The logs of the months are normal about nothing; their spread is renewed by
    :math:`\sigma^2=\bigl(\sum_k(u_k^2+1/(n_k+\sigma^{-2}))+12\cdot0.2^2\bigr)/(K+12)` with :math:`n_k` repeat
    purchases of a month.
    """
    known = len(plain.parameters)
    with threadpool_limits(limits=1):
        fewest = with_grid(thinned(rows, most=min(most, _MOST_AT_START)), model=model)
        few, every = with_grid(thinned(rows, most=most), model=model), with_grid(rows, model=model)
        count = rows.month_count if every.grid is None else every.grid.count
        bounds = [*_bounds(model, scale=scale), *[(-3.0, 3.0)] * count.size]
        logs = np.concatenate([np.log(list(plain.parameters.values())), np.zeros(count.size)])
        spread = _SPREAD
        for _ in range(_ROUNDS):
            logs = np.asarray(
                _search(fewest, logs, bounds, model=model, spread=spread, steps=_ROUND_STEPS).x,
                dtype=np.float64,
            )
            varied = np.square(logs[known:]) + 1.0 / (count + spread**-2)
            summed = float(varied.sum()) + _BELIEF * _SPREAD**2
            spread = math.sqrt(summed / (varied.size + _BELIEF))
        logs = np.asarray(
            _search(few, logs, bounds, model=model, spread=spread, steps=_LAST_STEPS).x, dtype=np.float64
        )
        covariance = _covariance(logs, rows=few, model=model, spread=spread)
        logs, value, slopes = _polished(
            logs, every, bounds=bounds, model=model, covariance=covariance, spread=spread
        )
    value += float(logs[known:] @ logs[known:]) / (2.0 * spread**2)
    fit = _fit_of(
        logs[:known],
        rows=rows,
        model=model,
        level=level,
        trouble=_trouble(logs, slopes, bounds=bounds, count=float(rows.weight.sum())),
        value=value,
        spread=covariance[:known, :known],
    )
    used = float(np.sum(count / (count + spread**-2)))
    return replace(
        fit,
        starts=plain.starts,
        agreeing=plain.agreeing,
        aic=2.0 * (known + used) - 2.0 * value,
        months=tuple(np.exp(logs[known:]).tolist()),
        months_spread=spread,
    )


def _search(
    rows: Rows,
    start: Floats,
    bounds: Sequence[tuple[float, float]],
    *,
    model: str,
    spread: float = 0.0,
    steps: int = 0,
) -> Any:
    """From one start; begun anew at its end, where the memory of the way there may have stopped it.

    With ``steps``, at most so many and once: near enough for Newton.
    """
    count = float(rows.weight.sum())

    def loss(logs: Floats) -> tuple[float, Floats]:
        value, slopes = _believed(logs, rows=rows, model=model, spread=spread)
        return -value / count, -slopes / count

    options = {"maxiter": steps or 500, "ftol": 1e-10 if steps else 1e-13, "gtol": 1e-8}
    low, high = np.array(bounds).T
    found = minimize(
        loss, np.clip(start, low, high), jac=True, method="L-BFGS-B", bounds=bounds, options=options
    )
    if steps:
        return found
    return minimize(loss, found.x, jac=True, method="L-BFGS-B", bounds=bounds, options=options)


def _believed(logs: Floats, *, rows: Rows, model: str, spread: float) -> tuple[float, Floats]:
    """The log-likelihood, with months held together by their spread."""
    value, slopes = log_likelihood(logs, rows=rows, model=model)
    if rows.grid is None:
        return value, slopes
    months = logs[-rows.grid.count.size :]
    slopes[-months.size :] -= months / spread**2
    return value - float(months @ months) / (2.0 * spread**2), slopes


def _covariance(logs: Floats, *, rows: Rows, model: str, spread: float = 0.0) -> Floats:
    """Inverse curvature of the log-likelihood at its top, by differences of its slopes."""
    columns = []
    for place in range(logs.size):
        step = np.zeros(logs.size)
        step[place] = _STEP
        above, below = (
            _believed(logs + way * step, rows=rows, model=model, spread=spread)[1] for way in (1.0, -1.0)
        )
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
        One of ``PLAIN_MODELS``.
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
    if model not in PLAIN_MODELS:
        raise BadOption(
            f"'{model}' is no model of purchases.", hint=f"Choose one of {', '.join(PLAIN_MODELS)}."
        )
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
