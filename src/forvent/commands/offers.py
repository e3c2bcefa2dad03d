"""Offers, tried promises and announced waits as the terminal shows them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from rich.table import Table as Grid

from forvent.adjust.lengths import HOUR, MINUTE, SECONDS, round_to_say
from forvent.adjust.promise.columns import WEEKDAY
from forvent.records import Estimate, NotEnough, Offer, Reason, WaitBacktest, WhatIf, WhatIfRow

if TYPE_CHECKING:
    from forvent.adjust.promise.model import PromiseModel

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MINUTE = timedelta(minutes=1)


def offer_lines(offer: Offer, *, since: str = "from then") -> Iterator[str]:
    """One offer: what the customer is told, what staff plan for, what it rests on."""
    day = ", in calendar days after the day of the start" if offer.by_day else ""
    told, target = length(offer.upper, offer.unit), length(offer.target, offer.unit)
    if offer.working is not None:
        told, target = (text.replace(" ", " working ", 1) for text in (told, target))
    yield f"At most {told}{day}; made to be kept in {percent(offer.level)} of cases."
    yield from _due_lines(offer, told=told, since=since)
    yield f"For staff: {target}, which {percent(offer.target_level)} of cases stay within."
    yield f"Learned from {offer.n:,} cases, {offer.like:,} of them like this one."
    for reason in offer.reasons:
        sign = "+" if reason.moves >= 0 else "−"
        value = _said(reason)
        moved = length(abs(reason.moves), offer.unit)
        yield f"  {reason.column} = {value}: {sign}{moved} beside the usual case"
    yield from (f"  {note}" for note in offer.notes)


def _due_lines(offer: Offer, *, told: str, since: str) -> Iterator[str]:
    if offer.due is None or offer.around_the_clock is None:
        return
    if offer.by_day:
        yield f"Until the end of {_day(offer.due)}."
    elif offer.working is None:
        yield f"By {_minute(offer.due, 'UTC')}."
    else:
        wall = on_the_wall(offer.around_the_clock)
        by = _minute(offer.due, offer.zone)
        yield f"Within {told}: by {by}, which is {wall} {since} on the clock on the wall."


def _said(reason: Reason) -> str:
    if reason.column == WEEKDAY and reason.value in set("0123456"):
        return _WEEKDAYS[int(reason.value)]
    return reason.value or "not given"


def _day(moment: datetime) -> str:
    return f"{_WEEKDAYS[moment.weekday()]} {moment:%Y-%m-%d}"


def _minute(due: datetime, zone: str) -> str:
    """A moment on the clock of a zone, to the next whole minute: no earlier than it is due."""
    whole = due if due.second == due.microsecond == 0 else due.replace(second=0, microsecond=0) + _MINUTE
    local = whole.replace(tzinfo=UTC).astimezone(ZoneInfo(zone))
    return f"{_WEEKDAYS[local.weekday()]} {local:%H:%M} ({local:%Y-%m-%d}, {zone})"


def on_the_wall(time: timedelta) -> str:
    """A time that runs around the clock: in minutes under 2 hours, hours under 100, else days."""
    seconds = time.total_seconds()
    if seconds < 2 * HOUR:
        return length(math.ceil(round(seconds / MINUTE, 6)), "minute")
    if seconds < 100 * HOUR:
        return length(math.ceil(round(seconds / HOUR * 10, 6)) / 10, "hour")
    return length(math.ceil(round(seconds / SECONDS["day"] * 10, 6)) / 10, "day")


def fit_lines(model: PromiseModel) -> Iterator[str]:
    """What a learned model rests on, and whether such promises were kept."""
    group = f", and in each group of {model.groups[0]}" if model.groups else ""
    yield f"Learned from {model.n:,} closed cases, to be kept in {percent(model.level)} of all{group}."
    yield f"Kept along the record: {share(model.kept)}."
    yield from model.notes


def try_lines(found: WhatIf) -> Iterator[str]:
    """What one promise to all would have been worth, and what would do."""
    row, told = found.overall, length(found.length, found.unit)
    if isinstance(row.kept, NotEnough):
        yield f"At your {told}: {share(row.kept)}."
        return
    still = f", {row.open_cases:,} of them open" if row.open_cases else ""
    kept = f"{100 * row.kept.value:.1f} % ({100 * row.kept.low:.1f} to {100 * row.kept.high:.1f}"
    yield (
        f"At your {told} you would keep {kept}, {row.cases:,} cases{still}) "
        f"and break {100 - 100 * row.kept.value:.1f} %."
    )
    yield f"To keep {percent(found.level)}: {_would_do(row, found.unit)}."
    yield f"Your promise to all is {row.verdict}."


def try_grid(found: WhatIf) -> Grid:
    """What one promise would have been worth to each group."""
    grid = Grid(title=f"At {length(found.length, found.unit)}, by {next(iter(found.groups[0].group))}")
    for heading in ("group", "kept", "cases", "open", "verdict", f"would do for {percent(found.level)}"):
        grid.add_column(heading, justify="right" if heading in ("cases", "open") else "left")
    for row in found.groups:
        name = next(iter(row.group.values()))
        would_do = _would_do(row, found.unit)
        grid.add_row(name, share(row.kept), f"{row.cases:,}", f"{row.open_cases:,}", row.verdict, would_do)
    grid.caption = "Verdicts stand a comparison of all groups together; the rest is undecided."
    return grid


def _would_do(row: WhatIfRow, unit: str) -> str:
    """The length that would do, rounded to the safe side, and between what the record leaves it."""
    if isinstance(row.would_do, NotEnough):
        return share(row.would_do)
    exact = row.would_do
    said = round_to_say(exact.value, unit) if exact.value >= 0 else exact.value
    high = f"to {exact.high:,.4g}" if math.isfinite(exact.high) else "or more"
    return f"{length(said, unit)} ({exact.low:,.4g} {high})"


def length(amount: float, unit: str) -> str:
    """An amount with its unit, at most two decimals."""
    number = f"{amount:,.2f}".rstrip("0").rstrip(".")
    return f"{number} {unit}{'s' if unit in SECONDS and number != '1' else ''}"


def percent(share: float) -> str:
    """A share in percent, without needless decimals."""
    return f"{round(100 * share, 4):g} %"


def share(kept: Estimate | NotEnough) -> str:
    """A kept share with its interval, or why there is none."""
    if isinstance(kept, NotEnough):
        return f"{kept.why} ({kept.n} of {kept.needed})"
    return f"{100 * kept.value:.1f} % ({100 * kept.low:.1f} to {100 * kept.high:.1f})"


def waits_grid(found: WaitBacktest) -> Grid:
    """How announced waits did, by hour of the day."""
    grid = Grid(title=f"Announced waits, made to hold for {percent(found.level)} of those who stay")
    for heading in ("hour", "kept", "cases", "gave up before it was known"):
        grid.add_column(heading, justify="left" if heading == "kept" else "right")
    for hour in found.hours:
        grid.add_row(f"{hour.hour:02d}", share(hour.kept), f"{hour.n:,}", f"{hour.undecided:,}")
    grid.add_section()
    grid.add_row("all", share(found.kept), f"{found.n:,}", f"{found.undecided:,}")
    losses = ", ".join(f"{name} {loss:.1f}" for name, loss in found.pinball_s.items())
    grid.caption = f"Pinball loss in seconds: {losses}. Mean limit {found.mean_high_s:.0f} s."
    return grid
