"""The comparison with others for the terminal."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.table import Table as Grid
from rich.text import Text

from forvent.records import Estimate
from forvent.records.market import Against, Comparison, Market
from forvent.report.market_page import market_opening, market_title
from forvent.report.sections.market import (
    AHEAD,
    BEHIND,
    LEVEL,
    against_finding,
    market_tally,
    market_verdict_text,
)
from forvent.report.sections.market_sides import care_lines
from forvent.report.summary import TRACK, dumbbell_text, part_of_summary
from forvent.report.wording import Names, Wording, wording

ROWS_SHOWN = 8


def market_summary(market: Market, *, language: str = "en", names: Names) -> RenderableType:
    """A comparison with others as a short text for the terminal, readable without colour and at 80 columns.

    Parameters
    ----------
    market
        What was found; rows are shown in the order they come in.
    language
        ISO 639-1 code; English where there is no text file for it.
    names
        Names of the catalogue in that language, as for ``page``.

    Returns
    -------
    RenderableType
        For ``rich.console.Console.print``; ○ is the other company, ● one's own.

    Source
    ------
    Our own definition, docs/howto/compare-with-others.md.

    Examples
    --------
    >>> dumbbell_text(0.75, got=0.25, sure=True, width=9)
    '  ●───○  '
    """
    words = wording(language, names=names, scale=None)
    opening = market_opening(market, wording=words)
    parts: list[RenderableType] = [Text(market_title(market, wording=words), style="bold")]
    parts += [Text(line) for line in opening.read]
    for against in market.against:
        parts += _against(market, against, words)
    return Group(*parts)


def _against(market: Market, against: Against, words: Wording) -> list[RenderableType]:
    care = care_lines(market.own, against, wording=words)
    rows: list[RenderableType] = [Text(market_tally(against.comparisons, wording=words))]
    judged = [one for one in against.comparisons if isinstance(one.met, Estimate)]
    if judged:
        rows.append(_grid(judged[:ROWS_SHOWN], words))
    rows += [Text(line) for line in care]
    return part_of_summary(against_finding(against, wording=words), rows)


def _grid(rows: list[Comparison], words: Wording) -> Grid:
    grid = Grid.grid(padding=(0, 1))
    grid.add_column(max_width=20)
    grid.add_column(no_wrap=True, width=TRACK)
    grid.add_column(no_wrap=True, justify="right")
    grid.add_column(max_width=18)
    for one in rows:
        grid.add_row(*(Text(cell) for cell in _cells(one, words)))
    return grid


def _cells(found: Comparison, words: Wording) -> tuple[str, str, str, str]:
    name, said = words.name(found.expectation), market_verdict_text(found, wording=words)
    own, other = found.own.met, found.other.met
    if not (isinstance(own, Estimate) and isinstance(other, Estimate)):
        return name, "", "", said
    sure = found.verdict in (AHEAD, BEHIND, LEVEL)
    track = dumbbell_text(other.value, got=own.value, sure=sure)
    numbers = words.say("summary.numbers", expected=words.share_value(other), got=words.share_value(own))
    return name, track, numbers, said
