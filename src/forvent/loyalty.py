"""Reading and assess joined: who comes back, how often, and for how much, from a file of purchases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from forvent.assess.loyalty import (
    DAYS_A_WEEK,
    MODELS,
    Histories,
    fit_candidates,
    fit_purchases,
    fit_spend,
    held_out,
    mean_values,
    outlooks,
    past_forecast,
    referral_shares,
    repeat_share,
    spread_of_past,
    total_ahead,
)
from forvent.engine import Engine
from forvent.errors import BadOption
from forvent.purchase_history import Shop, Span, day_of, open_shop
from forvent.reading.opened import Progress
from forvent.reading.purchases import PurchaseColumns, PurchaseReader, read_purchases
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
from forvent.stats import check_level

Floats: TypeAlias = NDArray[np.float64]

#: Days that can be looked ahead: twenty years.
FARTHEST = 7305
AUTO = "auto"
#: Windows of the past on which the forecast is tried.
WINDOWS = 3
NO_AMOUNTS = "no column says what was paid"
AFTER_UNTIL, AFTER_HORIZON = "after --until, so only compared with", "after the horizon, so not used"


@dataclass(frozen=True, slots=True)
class LoyaltyOptions:
    """How it is to be looked at; the defaults are those of the command line.

    ``model`` is one of ``assess.loyalty.MODELS``, or auto for the one with the lowest AIC.
    """

    model: str = AUTO
    level: float = 0.95


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
    with Engine() as engine:
        reader = read_purchases(file, columns=columns, progress=progress)
        shop = open_shop(reader, engine=engine, until=until, horizon=horizon, level=chosen.level)
        return _looked_at(shop, reader=reader, model=chosen.model)


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
class _Ahead:
    """What is ahead, or why the purchases cannot carry it."""

    fit: PurchaseFit | NotEnough
    candidates: tuple[PurchaseFit, ...]
    outlook: Outlook
    total: Estimate | NotEnough
    value: Estimate | NotEnough
    past: tuple[PastForecast, ...]
    held: HeldOut | NotEnough


def _looked_at(shop: Shop, *, reader: PurchaseReader, model: str) -> Loyalty:
    span, level = shop.span, shop.level
    known = shop.known(shop.until, ahead=span.horizon)
    spend = _spend(known, reader=reader, level=level)
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
        file=_report(reader.report, span),
    )


def _ahead(shop: Shop, known: Histories, *, spend: SpendFit | NotEnough, worth: Floats, model: str) -> _Ahead:
    models = MODELS if model == AUTO else (model,)
    candidates = fit_candidates(known, level=shop.level, models=models)
    if isinstance(candidates, NotEnough):
        few = candidates
        return _Ahead(few, (), _nothing_ahead(known, level=shop.level), few, few, (), few)
    fit, weeks = candidates[0], shop.span.horizon / DAYS_A_WEEK
    past = _past(shop, fit)
    spread, windows = spread_of_past(past), len(past)

    def total(of: Floats | float) -> Estimate:
        return total_ahead(
            fit,
            histories=known,
            weeks=weeks,
            level=shop.level,
            model_spread=spread,
            windows=windows,
            worth=of,
        )

    held = held_out(
        fit,
        histories=shop.known(shop.until, ahead=max(1, shop.span.held)),
        days=shop.span.held,
        level=shop.level,
        model_spread=spread,
        windows=windows,
    )
    return _Ahead(
        fit=fit,
        candidates=candidates,
        outlook=outlooks(fit, histories=known, weeks=weeks, level=shop.level),
        total=total(1.0),
        value=_value(spend, worth=worth, total=total),
        past=past,
        held=held,
    )


def _spend(known: Histories, *, reader: PurchaseReader, level: float) -> SpendFit | NotEnough:
    if "amount" not in reader.mapping:
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


def _past(shop: Shop, fit: PurchaseFit) -> tuple[PastForecast, ...]:
    """Forecasts of windows that do not overlap, the latest first, each from what was known before it."""
    window = min(shop.span.horizon, (shop.until - shop.span.first) // (WINDOWS + 1))
    if window < 1:
        return ()
    found = []
    for number in range(1, WINDOWS + 1):
        origin = shop.until - number * window
        known = shop.known(origin, ahead=window)
        then = fit_purchases(known, model=fit.model, near=fit)
        if isinstance(then, PurchaseFit):
            found.append(past_forecast(then, histories=known, until=day_of(origin), days=window))
    return tuple(found)


def _nothing_ahead(known: Histories, *, level: float) -> Outlook:
    nothing = np.full(len(known.names), np.nan)
    return Outlook(nothing, nothing, nothing, nothing, nothing, level)


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
    return replace(report, notes=(*report.notes, f"Purchases from {first} to {last} are known."))


__all__ = ["AUTO", "LoyaltyOptions", "PurchaseColumns", "loyalty_of"]
