"""Who comes back, for the terminal."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from rich.console import Group, RenderableType
from rich.table import Table as Grid
from rich.text import Text

from forvent.records import Estimate, NotEnough
from forvent.records.loyalty import HeldOut, Loyalty, PurchaseFit, SpendFit
from forvent.report.plain_text import plain_text
from forvent.report.sections.recommendations import RecommendationsSection, recommendations_section
from forvent.report.summary import part_of_summary
from forvent.report.wording import Names, wording

CUSTOMERS_SHOWN = 5
NAMES = {"bg-nbd": "BG/NBD", "mbg-nbd": "MBG/NBD"}
PARTS = {"-early": "more purchases in the first weeks", "-months": "better and worse months"}


def loyalty_summary(loyalty: Loyalty, *, names: Names | None = None) -> RenderableType:
    """What customers will buy as a short text for the terminal, readable without colour and at 80 columns.

    Parameters
    ----------
    loyalty
        What was found.
    names
        Names of expectations in English; their ids where None.

    Returns
    -------
    RenderableType
        For ``rich.console.Console.print``, in English; names of customers are shown as text, never as markup.

    Source
    ------
    Our own definition, docs/loyalty.md.

    Examples
    --------
    >>> said(Estimate(12.0, 9.0, 16.0, n=40))
    '12 (9 to 16)'
    """
    parts: list[RenderableType] = [
        Text(f"{plain_text(loyalty.file.file)}: {loyalty.horizon} days after {loyalty.until}", style="bold"),
        *(Text(line) for line in _opening(loyalty)),
    ]
    parts += part_of_summary("How sure", [Text(line) for line in _doubts(loyalty)])
    parts += part_of_summary("Customers", [Text(line) for line in _shares(loyalty)])
    if isinstance(loyalty.purchases, Estimate):
        parts += part_of_summary("Most expected of", [_grid(loyalty)])
    offered = recommendations_section(
        loyalty.recommendations, wording=wording("en", names=names or {}, scale=None)
    )
    if offered is not None:
        parts += part_of_summary("Recommendations", [Text(line) for line in _offered(offered)])
    if loyalty.notes:
        parts += part_of_summary("To be looked at", [Text(note) for note in loyalty.notes])
    return Group(*parts)


def said(number: Estimate | NotEnough, *, digits: int = 0, percent: bool = False) -> str:
    """A number with its interval in words, or why there is none."""
    if isinstance(number, NotEnough):
        return f"not enough data: {number.why} ({number.n} of {number.needed})"
    factor, sign = (100.0, " %") if percent else (1.0, "")
    value, low, high = (f"{factor * of:,.{digits}f}" for of in (number.value, number.low, number.high))
    return f"{value}{sign} ({low} to {high}{sign})"


def model_name(model: str) -> str:
    """A model in words."""
    found = [words for ending, words in PARTS.items() if ending in model]
    plain = NAMES[model.removesuffix("-months").removesuffix("-early")]
    return " with ".join([plain, " and ".join(found)] if found else [plain])


def _opening(loyalty: Loyalty) -> Iterator[str]:
    level, many = f"{100 * loyalty.level:g} %", f"{len(loyalty.customers.names):,}"
    if isinstance(loyalty.purchases, NotEnough):
        yield f"Customers known by then: {many}. What they will buy: {said(loyalty.purchases)}."
        return
    yield (
        f"The {many} customers known by then are expected to make "
        f"{said(loyalty.purchases)} purchases (with {level} interval)."
    )
    yield f"Their value: {said(loyalty.value)}."
    fit = loyalty.fit
    if isinstance(fit, PurchaseFit):
        numbers = ", ".join(f"{name} {value:.3f}" for name, value in fit.parameters.items())
        state = "converged" if fit.converged else "did not converge"
        starts = f"{fit.agreeing} of {fit.starts} starts agree"
        yield f"Model: {model_name(fit.model)}, {state} ({starts}); weeks: {numbers}."
        others = len(loyalty.candidates) - 1
        if others:
            yield f"Its forecast is pooled with {others} others of equal weight; its AIC is the lowest."


def _doubts(loyalty: Loyalty) -> Iterator[str]:
    for one in loyalty.past:
        yield (
            f"{one.until}, {one.days} days ahead: {one.expected:,.0f} would have been expected, "
            f"{one.bought:,} came."
        )
    if not loyalty.past:
        yield "No forecast of the past could be made to compare with."
    held = loyalty.held_out
    if not isinstance(held, HeldOut):
        return
    expected = said(held.expected)
    yield f"After {loyalty.until} the file says {held.bought:,} in {held.days} days; expected {expected}."
    yield (
        f"Off by {held.error:.2f} purchases a customer (as many as before: {held.same_error:.2f}); "
        f"root mean square {held.squared_error:.2f} ({held.same_squared_error:.2f})."
    )


def _offered(found: RecommendationsSection) -> Iterator[str]:
    yield f"{found.finding}."
    for row in found.rows:
        yield f"{row.name}: {row.numbers}."
    yield from (line for line in (found.difference, found.to_whom, found.pairs, *found.notes) if line)


def _shares(loyalty: Loyalty) -> Iterator[str]:
    yield f"Bought on a later day again: {said(loyalty.repeat_share, percent=True)}."
    yield f"Within {loyalty.horizon} days of the first purchase: {said(loyalty.came_back, percent=True)}."
    if isinstance(loyalty.spend, SpendFit):
        yield f"Mean value of a purchase: {said(loyalty.spend.mean, digits=2)}."
    if isinstance(loyalty.referral_share, Estimate):
        yield f"Sent by another: {said(loyalty.referral_share, percent=True)}."
    for reason, count in loyalty.left_out.items():
        if count:
            yield f"{count:,} rows are {reason}."


def _grid(loyalty: Loyalty) -> Grid:
    customers = loyalty.customers
    ahead = customers.outlook
    first = np.argsort(-ahead.expected, kind="stable")[:CUSTOMERS_SHOWN]
    grid = Grid.grid(padding=(0, 2))
    grid.add_column(max_width=24)
    for _ in range(2):
        grid.add_column(justify="right", no_wrap=True)
    for place in first:
        name = plain_text(customers.names[place])
        number = f"{ahead.expected[place]:.1f} ({ahead.low[place]:.0f} to {ahead.high[place]:.0f})"
        grid.add_row(Text(name), number, f"active {100 * ahead.active[place]:.0f} %")
    return grid
