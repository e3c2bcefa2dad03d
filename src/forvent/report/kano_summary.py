"""Kinds from a Kano questionnaire for the terminal."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Group, RenderableType
from rich.table import Table as Grid
from rich.text import Text

from forvent.records import (
    Estimate,
    Kano,
    KanoChange,
    KanoDrift,
    KanoFeature,
    KanoSegments,
    KindsBeside,
    NotEnough,
    Unusable,
)
from forvent.report.plain_text import plain_text
from forvent.report.summary import part_of_summary

LINES_SHOWN = 12
UNDECIDED = "undecided"
DIFFERS = "differs"
CAUTIONS = {
    "upside_down": "Most features come out reverse: the scale may be upside down, or the two questions "
    "exchanged. No kind is decided. Say which number stands for like: --scale 1..5 or --scale 5..1.",
    "questionable": "A tenth of the pairs or more contradict themselves: one of the two questions may have "
    "been misread, or its scale turned.",
    "missing": "Half of the pairs or more are missing: who answers may differ from who does not.",
    "same_answer": "A tenth of the respondents or more give one and the same answer to everything.",
    "one_respondent": "There is one respondent only.",
}


def kano_summary(kano: Kano) -> RenderableType:
    """Kinds from a questionnaire as a short text for the terminal, readable without colour and at 80 columns.

    Parameters
    ----------
    kano
        What was found; features are shown in the order of the file.

    Returns
    -------
    RenderableType
        For ``rich.console.Console.print``, in English.

    Source
    ------
    Our own definition, docs/kano.md.

    Examples
    --------
    >>> shown_share(Estimate(0.125, 0.07, 0.2, 80))
    '12 % (7 to 20)'
    """
    parts: list[RenderableType] = [
        Text("What kind each feature is", style="bold"),
        Text(_read(kano)),
        *(Text(f"! {CAUTIONS.get(name, name)}") for name in kano.cautions),
        Text(),
        _features(kano.features),
    ]
    parts += _part("Undecided", (_open(one) for one in kano.features if one.kind == UNDECIDED))
    for segments in kano.segments:
        parts += _part(f"By {plain_text(segments.column)}", _segments(segments))
    if kano.drift is not None:
        parts += _part(f"Over {plain_text(kano.drift.column)}", _drift(kano.drift))
    parts += _part(f"Beside {plain_text(kano.beside_file)}", (_beside(one) for one in kano.beside))
    parts += _part("Not used", (_unusable(one) for one in kano.file.unusable))
    return Group(*parts)


def shown_share(amount: Estimate | NotEnough) -> str:
    """A share in percent with its interval; a minus sign where it is below 0."""
    if isinstance(amount, NotEnough):
        return "not enough"
    value, low, high = (_percent(part) for part in (amount.value, amount.low, amount.high))
    return f"{value} % ({low} to {high})"


def _percent(share: float) -> str:
    return f"{round(100 * share) + 0:d}".replace("-", "−")


def _read(kano: Kano) -> str:
    pairs = sum(one.counts.n for one in kano.features)
    scale = f"; {kano.scale} from like to dislike" if kano.scale else ""
    counted = (
        _counted(count, noun)
        for count, noun in ((kano.sheets, "sheet"), (len(kano.features), "feature"), (pairs, "pair"))
    )
    return f"{', '.join(counted)} of answers{scale}."


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _features(features: Iterable[KanoFeature]) -> Grid:
    grid = Grid.grid(padding=(0, 1))
    grid.add_column(max_width=22)
    grid.add_column(no_wrap=True)
    for _ in range(3):
        grid.add_column(no_wrap=True, justify="right")
    grid.add_row("", "", "better", "worse", "pairs", style="dim")
    for one in features:
        cells = (shown_share(one.better), shown_share(one.worse), str(one.counts.n))
        grid.add_row(*(Text(cell) for cell in (plain_text(one.feature), one.kind, *cells)))
    return grid


def _open(one: KanoFeature) -> str:
    fong = one.fong
    if fong is None or not one.counts.n:
        return f"{plain_text(one.feature)}: {one.why}"
    told = [
        f"{kind} {_percent(pairs / one.counts.n)} %"
        for kind in (fong.first, fong.second)
        if (pairs := getattr(one.counts, kind))
    ]
    return f"{plain_text(one.feature)}: {', '.join(told) or 'nothing said'}; {one.why}"


def _segments(found: KanoSegments) -> list[str]:
    lines = [
        f"{plain_text(change.feature)} for {plain_text(segment.name)}: {_moved(change)} than for the rest"
        for segment in found.segments
        for change in segment.changes
        if change.verdict == DIFFERS
    ]
    return lines or ["no difference found between the segments"]


def _drift(found: KanoDrift) -> list[str]:
    lines = []
    for change in found.changes:
        if change.verdict != DIFFERS:
            continue
        kinds = [
            feature.kind
            for wave in (found.waves[0], found.waves[-1])
            for feature in wave.features
            if feature.feature == change.feature
        ]
        lines.append(f"{plain_text(change.feature)}: {_moved(change)}; {kinds[0]} → {kinds[-1]}")
    if not lines:
        return [f"no drift found over {len(found.waves)} waves"]
    return [f"from {plain_text(found.waves[0].name)} to {plain_text(found.waves[-1].name)}:", *lines]


def _moved(change: KanoChange) -> str:
    """What differs, in percentage points: that it pleases more, that its lack displeases more."""
    parts = []
    if isinstance(change.better, Estimate):
        parts.append(f"pleases {_points(change.better)}")
    if isinstance(change.worse, Estimate):
        # Worse is negative: further down is more displeasure.
        turned = Estimate(-change.worse.value, -change.worse.high, -change.worse.low, change.worse.n)
        parts.append(f"its lack displeases {_points(turned)}")
    return ", ".join(parts)


def _points(amount: Estimate) -> str:
    more = "more" if amount.value >= 0 else "less"
    low, high = sorted((abs(amount.low), abs(amount.high))) if amount.low * amount.high > 0 else (None, None)
    if low is None or high is None:
        return f"about as much ({_percent(amount.low)} to {_percent(amount.high)} points)"
    return f"{more} by {_percent(abs(amount.value))} points ({_percent(low)} to {_percent(high)})"


def _beside(one: KindsBeside) -> str:
    asked, said = one.asked.kind if one.asked else "–", one.said.kind if one.said else "–"
    return f"{plain_text(one.expectation)}: asked {asked}, ratings look {said}; {one.verdict}"


def _unusable(one: Unusable) -> str:
    rows = ", ".join(str(row) for row in one.rows[:5]) + (", …" if one.count > 5 else "")
    column = f" “{plain_text(one.column)}”" if one.column else ""
    example = f" such as “{plain_text(one.example)}”" if one.example else ""
    return f"{one.count} × {one.reason}{column}{example} (rows {rows})"


def _part(heading: str, lines: Iterable[str]) -> list[RenderableType]:
    told = list(lines)
    more = [f"… and {len(told) - LINES_SHOWN} more"] if len(told) > LINES_SHOWN else []
    return part_of_summary(heading, [Text(line) for line in [*told[:LINES_SHOWN], *more]]) if told else []
