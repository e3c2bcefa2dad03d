"""Scores for the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Group, RenderableType
from rich.table import Table as Grid
from rich.text import Text

from forvent.records import Estimate, NotEnough, Unusable
from forvent.records.scores import (
    ColumnScores,
    Representativeness,
    Response,
    ScoreChange,
    ScoreGroup,
    Scores,
    SurveyScore,
    Weighting,
)
from forvent.report.plain_text import plain_text, shortened
from forvent.report.summary import part_of_summary

NAMES = {
    "mean_given": "mean",
    "csat": "CSAT",
    "net_satisfaction": "net satisfaction",
    "nps": "NPS",
    "ces": "CES",
    "ces_easy": "CES, easy",
    "kept_rate": "kept rate",
}
#: Scores that stand in tables of groups, where there is room for two.
HEADLINES = ("nps", "kept_rate", "ces_easy", "csat", "ces", "mean_given", "net_satisfaction")
SHARE, POINTS = "share", "points"
GROUPS_SHOWN, CHANGES_SHOWN, REASONS_SHOWN = 30, 20, 5
TEXT = 24


def scores_summary(found: Scores) -> RenderableType:
    """Scores as a short text for the terminal, readable without colour and at 80 columns.

    Parameters
    ----------
    found
        The scores of a file.

    Returns
    -------
    RenderableType
        For ``rich.console.Console.print``; names from the file are shown as text.

    Source
    ------
    Our own definition, docs/scores.md.

    Examples
    --------
    >>> number_said(Estimate(0.9, 0.85, 0.94, 200), unit="share")
    '90 % (85 … 94)'
    """
    report = found.file
    read = f"{report.used:,} of {report.rows:,} rows used; intervals at {found.level * 100:g} %."
    parts: list[RenderableType] = [Text(f"Scores of {plain_text(report.file)}", style="bold"), Text(read)]
    parts += [Text(plain_text(caution)) for caution in found.cautions]
    parts += [Text(_reason(one)) for one in report.unusable[:REASONS_SHOWN]]
    for column in found.columns:
        parts += _column(column)
    return Group(*parts)


def number_said(number: Estimate | NotEnough, *, unit: str, signed: bool = False) -> str:
    """A number with its interval in the unit that people use; shares in percent."""
    if isinstance(number, NotEnough):
        return f"not enough data ({number.why}: {number.n:,} of {number.needed:,})"
    times, digits = (100.0, 0) if unit == SHARE else (1.0, 0) if unit == POINTS else (1.0, 2)
    value, low, high = (_digits(times * part, digits) for part in (number.value, number.low, number.high))
    sign = "+" if signed and number.value > 0 and value.strip("0.") else ""
    after = "" if unit != SHARE else " points" if signed else " %"
    return f"{sign}{value}{after} ({low} … {high})"


def _digits(value: float, digits: int) -> str:
    said = f"{value:,.{digits}f}"
    return said.replace("-", "−") if said.strip("-0.,") else said.replace("-", "")


def _reason(found: Unusable) -> str:
    rows = ", ".join(str(row) for row in found.rows[:5]) + (", …" if found.count > 5 else "")
    column = "" if found.column is None else f" in “{plain_text(found.column)}”"
    return f"{found.count:,} × {found.reason}{column}: row{'' if found.count == 1 else 's'} {rows}"


def _column(found: ColumnScores) -> list[RenderableType]:
    n = sum(found.answers.values())
    heading = f"{plain_text(found.column)}, {found.scale.low:g}–{found.scale.high:g}, {n:,} answers"
    whole = found.groups[0] if found.groups else None
    rows: list[RenderableType] = [] if whole is None else [_whole(whole)]
    rows += [Text(plain_text(caution)) for caution in found.cautions]
    parts = part_of_summary(heading, rows)
    others = [group for group in found.groups[1:] if group.segment is None or group.wave is None]
    if others:
        parts += part_of_summary("Segments and waves", _groups(others))
    if found.changes:
        parts += part_of_summary("From wave to wave", _changes(found.changes))
    if found.response is not None:
        parts += part_of_summary("Who answered", _response(found.response))
    if found.weighting:
        parts += part_of_summary("Weights", [Text(_weights(one)) for one in found.weighting])
    return parts


def _whole(group: ScoreGroup) -> Grid:
    grid = _grid(3)
    for score in group.scores:
        worth = "" if score.effective is None or score.effective > score_n(score) - 0.5 else _worth(score)
        grid.add_row(Text(NAMES.get(score.name, score.name)), Text(_said(score)), Text(worth))
    return grid


def _grid(columns: int) -> Grid:
    """Cells beside each other, none broken over lines."""
    grid = Grid.grid(padding=(0, 2))
    for _ in range(columns):
        grid.add_column(no_wrap=True)
    return grid


def _headlines(scores: Iterable[str]) -> list[str]:
    """The two scores that are shown of groups."""
    return sorted(set(scores), key=HEADLINES.index)[:2]


def score_n(score: SurveyScore) -> int:
    """Answers behind a score."""
    return score.estimate.n


def _worth(score: SurveyScore) -> str:
    return f"{score_n(score):,} answers worth {score.effective:,.0f}"


def _said(score: SurveyScore) -> str:
    return number_said(score.estimate, unit=score.unit)


def _groups(groups: Sequence[ScoreGroup]) -> Iterable[RenderableType]:
    shown = _headlines(score.name for score in groups[0].scores)
    grid = _grid(2 + len(shown))
    grid.add_row(Text(""), Text("n"), *(Text(NAMES.get(name, name)) for name in shown), style="dim")
    for group in groups[:GROUPS_SHOWN]:
        name = shortened(plain_text(group.wave or group.group or ""), most=TEXT)
        scores = {score.name: score for score in group.scores}
        lacking = isinstance(group.scores[0].estimate, NotEnough)
        cells = ["not enough data"] if lacking else [_said(scores[one]) for one in shown]
        grid.add_row(Text(name), Text(f"{group.answers:,}"), *(Text(cell) for cell in cells))
    yield grid
    if len(groups) > GROUPS_SHOWN:
        yield Text(f"and {len(groups) - GROUPS_SHOWN} more, in the JSON")


def _changes(changes: Sequence[ScoreChange]) -> Iterable[RenderableType]:
    shown = _headlines(change.name for change in changes)
    # All scores of all answers first, then those of segments, what was found before what was not.
    kept = [one for one in changes if one.segment is None or one.name in shown]
    order = sorted(kept, key=lambda one: (one.segment is not None, one.verdict not in ("higher", "lower")))
    grid = _grid(4)
    for change in order[:CHANGES_SHOWN]:
        place = f"{change.earlier} → {change.later}" if change.group is None else change.group
        number = change.difference
        grid.add_row(
            Text(shortened(plain_text(place), most=TEXT)),
            Text(NAMES.get(change.name, change.name)),
            Text("" if isinstance(number, NotEnough) else number_said(number, unit=change.unit, signed=True)),
            Text(change.verdict),
        )
    yield grid
    if len(order) > CHANGES_SHOWN:
        yield Text(f"and {len(order) - CHANGES_SHOWN} more, in the JSON")


def _response(found: Response) -> Iterable[RenderableType]:
    yield Text(
        f"{found.answered:,} of {found.invited:,} invited answered: {number_said(found.rate, unit=SHARE)}"
    )
    if found.uninvited:
        yield Text(f"{found.uninvited:,} answers came from others; they are in the scores, not in the rate.")
    grid = _grid(3)
    grid.add_row(Text("had all others answered"), Text("the worst"), Text("the best"), style="dim")
    for one in found.bounds:
        if isinstance(one.worst, Estimate) and isinstance(one.best, Estimate):
            ends = (Text(number_said(end, unit=one.unit)) for end in (one.worst, one.best))
            grid.add_row(Text(NAMES.get(one.name, one.name)), *ends)
    yield grid
    alike = found.representativeness
    if isinstance(alike, NotEnough):
        yield Text(f"R-indicator: not enough data ({alike.why})")
    else:
        yield from _alike(alike)


def _alike(found: Representativeness) -> Iterable[RenderableType]:
    unsettled = "" if found.converged else "; its regression did not settle"
    yield Text(f"R-indicator {number_said(found.indicator, unit='')}: 1 is alike in all groups{unsettled}")
    known = [one for one in found.groups if isinstance(one.rate, Estimate)]
    if known:
        least = min(known, key=lambda one: one.rate.value if isinstance(one.rate, Estimate) else 1.0)
        group = f"{plain_text(least.column)} “{plain_text(least.group)}”"
        yield Text(f"least: {group}, {number_said(least.rate, unit=SHARE)}")


def _weights(found: Weighting) -> str:
    where = "all" if found.wave is None else plain_text(found.wave)
    how = f"raked to {', '.join(map(plain_text, found.margins))}, " if found.margins else ""
    settled = ""
    if found.margins:
        settled = (
            f"{found.iterations} rounds, "
            if found.converged
            else f"NOT settled in {found.iterations} rounds, "
        )
    return (
        f"{where}: {how}{settled}{found.answers:,} answers worth {found.effective:,.0f} "
        f"(design effect {found.design_effect:.2f}, weights {found.smallest:.2f} … {found.largest:.2f})"
    )
