"""Reading and assess joined: who comes back, how often, and for how much, from a file of purchases."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from forvent.assess.loyalty import (
    DAYS_A_WEEK,
    MODELS,
    MONTH_MODELS,
    Histories,
    fit_candidates,
    fit_spend,
    forecast,
    held_out,
    histories_of_days,
    mean_values,
    past_forecast,
    referral_shares,
    repeat_share,
    spread_of_past,
)
from forvent.engine import Engine
from forvent.errors import BadOption
from forvent.reading.opened import Progress
from forvent.reading.purchases import PurchaseColumns, Purchases, read_purchases
from forvent.records import Estimate, NotEnough, ReadingReport
from forvent.records.loyalty import (
    CustomerOutlooks,
    HeldOut,
    Loyalty,
    Outlook,
    PastForecast,
    PurchaseFit,
    SpendFit,
)
from forvent.runs.days import day_of
from forvent.runs.purchase_history import Shop, Span, open_shop
from forvent.runs.recommending import RecommendOptions, check_recommending, recommendations
from forvent.stats import check_level

Floats: TypeAlias = NDArray[np.float64]

#: Days that can be looked ahead: twenty years.
FARTHEST = 7305
AUTO = "auto"
#: Windows of the past on which the forecast is tried.
WINDOWS = 3
#: Distinct customers on which the models of these windows are fitted, at most.
PAST_ROWS = 1_500
NO_AMOUNTS = "no column says what was paid"
AFTER_UNTIL, AFTER_HORIZON = "after --until, so only compared with", "after the horizon, so not used"


@dataclass(frozen=True, slots=True)
class LoyaltyOptions:
    """How it is to be looked at; the defaults are those of the command line.

    ``model`` is one of ``assess.loyalty.MODELS``; auto pools the forecasts of ``MONTH_MODELS``. ``recommend``
    says how recommendations are made; None makes none.
    """

    model: str = AUTO
    level: float = 0.95
    recommend: RecommendOptions | None = None


def loyalty_of(
    file: Path | str,
    *,
    columns: PurchaseColumns,
    until: date,
    horizon: int,
    options: LoyaltyOptions | None = None,
    progress: Progress | None = None,
) -> Loyalty:
    """What the customers of a file will buy after a day, with intervals, and how such forecasts did before.

    Parameters
    ----------
    file
        Purchases, one a row; those after ``until`` are only compared with the forecast.
    columns
        Names of the columns.
    until
        Last day that is known.
    horizon
        Days ahead, 1 to 7,305.
    options
        See :class:`LoyaltyOptions`.
    progress
        Called as the file is read, with the rows so far and the number of all rows.

    Returns
    -------
    Loyalty
        Numbers that the purchases cannot carry are NotEnough; those of single customers then NaN.

    Raises
    ------
    ForventError
        If the file cannot be read, an option cannot be, or nothing was bought up to ``until``.

    Source
    ------
    Our own definition, docs/loyalty.md.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as home:
    ...     path = Path(home) / "orders.csv"
    ...     rows = [f"{who},2024-01-{1 + day:02}" for who in range(20) for day in (0, who, 2 * who % 29)]
    ...     _ = path.write_text("\\n".join(["who,when", *rows]), encoding="utf-8")
    ...     columns = PurchaseColumns("who", "when")
    ...     found = loyalty_of(path, columns=columns, until=date(2024, 1, 31), horizon=30)
    >>> found.purchases.n, found.purchases.low < found.purchases.value < found.purchases.high
    (20, True)
    """
    chosen = options or LoyaltyOptions()
    _check(chosen, horizon=horizon)
    if chosen.recommend is not None:
        check_recommending(columns, chosen.recommend)
    with Engine() as engine:
        purchases = read_purchases(file, columns=columns, progress=progress)
        shop = open_shop(purchases, engine=engine, until=until, horizon=horizon, level=chosen.level)
        with threadpool_limits(limits=1):
            found = _looked_at(shop, purchases=purchases, model=chosen.model)
    if chosen.recommend is None:
        return found
    offered = recommendations(
        purchases, until=until, horizon=horizon, options=chosen.recommend, level=chosen.level
    )
    return replace(found, recommendations=offered)


def _check(options: LoyaltyOptions, *, horizon: int) -> None:
    check_level(options.level)
    if not 1 <= horizon <= FARTHEST:
        raise BadOption(f"{horizon} days cannot be looked ahead.", hint=f"Give 1 to {FARTHEST} days.")
    if options.model != AUTO and options.model not in MODELS:
        raise BadOption(
            f"'{options.model}' is no model of purchases.",
            hint=f"Choose one of {', '.join((AUTO, *MODELS))}.",
        )


@dataclass(frozen=True, slots=True, eq=False)
class Ahead:
    """What is ahead, or why the purchases cannot carry it."""

    fit: PurchaseFit | NotEnough
    candidates: tuple[PurchaseFit, ...]
    outlook: Outlook
    total: Estimate | NotEnough
    value: Estimate | NotEnough
    past: tuple[PastForecast, ...]
    held: HeldOut | NotEnough


def _looked_at(shop: Shop, *, purchases: Purchases, model: str) -> Loyalty:
    span, level = shop.span, shop.level
    known = shop.known(shop.until, ahead=span.horizon)
    spend = _spend(known, purchases=purchases, level=level)
    worth = _worth(spend, known)
    ahead = _ahead(shop, known, spend=spend, worth=worth, model=model)
    money = ahead.outlook.expected * worth
    referral_share, referral_value = referral_shares(known.referred, value=money, level=level)
    return Loyalty(
        until=day_of(shop.until),
        horizon=span.horizon,
        level=level,
        fit=ahead.fit,
        candidates=ahead.candidates,
        purchases=ahead.total,
        spend=spend,
        value=ahead.value,
        repeat_share=repeat_share(known.repeats, level=level),
        came_back=shop.came_back(),
        referral_share=referral_share,
        referral_value=referral_value,
        past=ahead.past,
        model_spread=spread_of_past(ahead.past) if ahead.past else None,
        held_out=ahead.held,
        customers=CustomerOutlooks(
            names=known.names,
            repeats=known.repeats,
            recency_days=np.round(known.recency * DAYS_A_WEEK),
            age_days=np.round(known.age * DAYS_A_WEEK),
            outlook=ahead.outlook,
            mean_value=worth,
            value=money,
            spent=known.spent,
        ),
        left_out={AFTER_UNTIL: span.after, AFTER_HORIZON: span.beyond},
        notes=tuple(_notes(ahead.fit, spend, span=span, until=shop.until)),
        file=_report(purchases.report, span),
    )


def look_ahead(shop: Shop, known: Histories) -> Ahead:
    """What is ahead of known customers where no purchase has an amount."""
    nothing = NotEnough(n=0, needed=1, why=NO_AMOUNTS)
    with threadpool_limits(limits=1):
        return _ahead(shop, known, spend=nothing, worth=np.full(len(known.names), np.nan), model=AUTO)


def _ahead(shop: Shop, known: Histories, *, spend: SpendFit | NotEnough, worth: Floats, model: str) -> Ahead:
    models = MONTH_MODELS if model == AUTO else (model,)
    candidates = fit_candidates(known, level=shop.level, models=models)
    if isinstance(candidates, NotEnough):
        few = candidates
        return Ahead(few, (), _nothing_ahead(known, level=shop.level), few, few, (), few)
    fit, span = candidates[0], shop.span
    # Two cores at once: NumPy lets go of Python's lock while it works, and nothing here hangs on another.
    with ThreadPoolExecutor(max_workers=2) as workers:
        weeks = span.horizon / DAYS_A_WEEK
        looked = workers.submit(forecast, candidates, histories=known, weeks=weeks, level=shop.level)
        past = _past(shop, candidates, workers=workers)
        ahead = looked.result()
    spread, windows = spread_of_past(past), len(past)
    # Where the file reaches as far as the horizon, what is known of the customers counts the same days.
    same = span.held == span.horizon
    held = held_out(
        candidates,
        histories=known if same else shop.known(shop.until, ahead=max(1, span.held)),
        days=span.held,
        level=shop.level,
        model_spread=spread,
        windows=windows,
        made=ahead if same else None,
    )

    def total(of: Floats | float) -> Estimate:
        return ahead.total(model_spread=spread, windows=windows, worth=of)

    return Ahead(
        fit=fit,
        candidates=candidates,
        outlook=ahead.outlook(),
        total=total(1.0),
        value=_value(spend, worth=worth, total=total),
        past=past,
        held=held,
    )


def _spend(known: Histories, *, purchases: Purchases, level: float) -> SpendFit | NotEnough:
    if "amount" not in purchases.mapping:
        return NotEnough(n=0, needed=1, why=NO_AMOUNTS)
    return fit_spend(known, level=level)


def _worth(spend: SpendFit | NotEnough, known: Histories) -> Floats:
    """Expected value of a purchase of each customer; NaN where the model of values has no mean."""
    if isinstance(spend, NotEnough) or isinstance(spend.mean, NotEnough):
        return np.full(len(known.names), np.nan)
    return mean_values(spend, histories=known)


def _value(
    spend: SpendFit | NotEnough, *, worth: Floats, total: Callable[[Floats], Estimate]
) -> Estimate | NotEnough:
    """Money ahead; the interval holds the doubt about purchases and about the mean value of one."""
    if isinstance(spend, NotEnough):
        return spend
    if isinstance(spend.mean, NotEnough):
        return spend.mean
    money = total(worth)
    if money.value <= 0.0:
        return money
    down = np.hypot(1 - money.low / money.value, 1 - spend.mean.low / spend.mean.value)
    up = np.hypot(money.high / money.value - 1, spend.mean.high / spend.mean.value - 1)
    return replace(money, low=money.value * max(0.0, 1 - float(down)), high=money.value * (1 + float(up)))


def _past(shop: Shop, candidates: tuple[PurchaseFit, ...], *, workers: Executor) -> tuple[PastForecast, ...]:
    """Forecasts of windows that do not overlap, the latest first, each from what was known before it."""
    window = min(shop.span.horizon, (shop.until - shop.span.first) // (WINDOWS + 1))
    if window < 1:
        return ()
    models = [fit.model for fit in candidates]
    customers, days = shop.customer_days()

    def looked_back(number: int) -> PastForecast | None:
        origin = shop.until - number * window
        known = histories_of_days(customers, day=days, until=origin, ahead=window)
        then = fit_candidates(known, models=models, near=candidates, most=PAST_ROWS)
        if isinstance(then, NotEnough):
            return None
        return past_forecast(then, histories=known, until=day_of(origin), days=window)

    found = workers.map(looked_back, range(1, WINDOWS + 1))
    return tuple(one for one in found if one is not None)


def _nothing_ahead(known: Histories, *, level: float) -> Outlook:
    nothing = np.full(len(known.names), np.nan)
    return Outlook(nothing, nothing, nothing, nothing, nothing, level, nothing)


def _notes(fit: PurchaseFit | NotEnough, spend: SpendFit | NotEnough, *, span: Span, until: int) -> list[str]:
    notes = []
    silent = until - span.last
    if silent > max(14, span.horizon // 4):
        notes.append(
            f"The last purchase is {silent} days before the end of what is known. If the file ends "
            f"there, give --until {day_of(span.last)}: all customers look as if they had left."
        )
    if isinstance(fit, PurchaseFit) and fit.trouble:
        notes.append(f"The model did not converge: {fit.trouble}.")
    if span.horizon > until - span.first:
        notes.append("The horizon is longer than all that is known; such a forecast was never tried.")
    if isinstance(spend, SpendFit) and spend.correlation is not None and abs(spend.correlation) > 0.3:
        notes.append(
            f"Number and value of purchases go together (correlation {spend.correlation:.2f}), which the "
            "model of values takes for none: the money ahead is doubtful."
        )
    return notes


def _report(report: ReadingReport, span: Span) -> ReadingReport:
    first, last = (day_of(day) for day in (span.first, span.last))
    return replace(
        report,
        notes=(*report.notes, f"Purchases from {first} to {last} are known."),
        first=datetime.combine(first, time()),
        last=datetime.combine(last, time()),
    )


__all__ = ["AUTO", "LoyaltyOptions", "PurchaseColumns", "loyalty_of"]
