"""One series over time as a small multiple: line, band, levels, and each change with its date."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from forvent.report.pictures.labels import text_width
from forvent.report.pictures.svg import Axis, element, path, picture

WIDTH, HEIGHT = 340, 168
LEFT, RIGHT, TOP, FOOT = 44, 334, 26, 144
SIZE = 12
#: More periods than these have no marks of their own: they would run together.
MARKED = 26


@dataclass(frozen=True, slots=True)
class ShownPoint:
    """Value and interval of the period with this number."""

    place: int
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class ShownLevel:
    """A level from one place to another; ``meaning`` is short, above or plain."""

    start: float
    end: float
    value: float
    meaning: str


@dataclass(frozen=True, slots=True)
class ShownChange:
    """A change at a place, with the places that enclose it and its date as text."""

    place: float
    earliest: float
    latest: float
    date: str


@dataclass(frozen=True, slots=True)
class SeriesShown:
    """All that is drawn; places count periods from the first."""

    periods: int
    points: tuple[ShownPoint, ...]
    levels: tuple[ShownLevel, ...]
    changes: tuple[ShownChange, ...]


@dataclass(frozen=True, slots=True)
class SeriesWords:
    """What is written into the picture."""

    says: str
    first: str
    last: str
    ticks: tuple[tuple[float, str], ...]


def series_picture(shown: SeriesShown, *, low: float, high: float, words: SeriesWords) -> Markup:
    """The picture; values lie between ``low`` and ``high``. None where no period has enough to be drawn."""
    if not shown.points:
        return Markup()
    across = Axis(0.0, float(shown.periods), LEFT, RIGHT)
    upward = Axis(low, high, FOOT, TOP)
    parts = [
        *_dates(shown.changes, across=across),
        *_ticks(words.ticks, across=across, upward=upward),
        *_band(shown.points, across=across, upward=upward),
        *_line(shown.points, across=across, upward=upward, marked=shown.periods <= MARKED),
        *_levels(shown.levels, across=across, upward=upward),
        *_rules(shown.changes, across=across),
        element("text", words.first, x=LEFT, y=FOOT + 18, class_="tick start"),
        element("text", words.last, x=RIGHT, y=FOOT + 18, class_="tick end"),
    ]
    return picture(*parts, width=WIDTH, height=HEIGHT, says=words.says, class_="series")


def bounds(points: Sequence[ShownPoint], *, share: bool) -> tuple[float, float]:
    """Ends of the upward axis: all values, and bands as far as they do not flatten the line."""
    if not points:
        return 0.0, 1.0
    values = [point.value for point in points]
    reach = max(max(values) - min(values), 0.1 if share else 0.1 * max(values), 1e-9)
    low = max(min(point.low for point in points), min(values) - reach / 2)
    high = min(max(point.high for point in points), max(values) + reach / 2)
    return max(0.0, low), min(1.0, high) if share else high


def _ticks(ticks: Sequence[tuple[float, str]], *, across: Axis, upward: Axis) -> Iterator[Markup]:
    for value, text in ticks:
        y = upward.at(value)
        yield element("line", x1=across.start, x2=across.end, y1=y, y2=y, class_="grid")
        yield element("text", text, x=LEFT - 6, y=y + 4, class_="tick end")


def _runs(points: Sequence[ShownPoint]) -> list[list[ShownPoint]]:
    """Periods that follow one another, so that no line is drawn across one without a number."""
    found: list[list[ShownPoint]] = []
    for point in points:
        if found and found[-1][-1].place == point.place - 1:
            found[-1].append(point)
        else:
            found.append([point])
    return found


def _band(points: Sequence[ShownPoint], *, across: Axis, upward: Axis) -> Iterator[Markup]:
    for run in _runs(points):
        upper = [(across.at(point.place + 0.5), upward.at(point.high)) for point in run]
        lower = [(across.at(point.place + 0.5), upward.at(point.low)) for point in run]
        if len(run) > 1:
            yield element("path", d=path([*upper, *reversed(lower)], closed=True), class_="band")
        else:
            x = upper[0][0]
            yield element("line", x1=x, x2=x, y1=upper[0][1], y2=lower[0][1], class_="lone")


def _line(points: Sequence[ShownPoint], *, across: Axis, upward: Axis, marked: bool) -> Iterator[Markup]:
    for run in _runs(points):
        places = [(across.at(point.place + 0.5), upward.at(point.value)) for point in run]
        if len(places) > 1:
            yield element("path", d=path(places), class_="line")
        if marked or len(places) == 1:
            yield from (element("circle", cx=x, cy=y, r=2, class_="dot") for x, y in places)


def _levels(levels: Sequence[ShownLevel], *, across: Axis, upward: Axis) -> Iterator[Markup]:
    for level in levels:
        y = upward.at(level.value)
        yield element(
            "line", x1=across.at(level.start), x2=across.at(level.end), y1=y, y2=y,
            class_=f"level {level.meaning}",
        )  # fmt: skip


def _dates(changes: Sequence[ShownChange], *, across: Axis) -> Iterator[Markup]:
    for change in changes:
        x, end = across.at(change.earliest), across.at(change.latest)
        yield element("rect", x=x, y=TOP, width=end - x, height=FOOT - TOP, class_="when")


def _rules(changes: Sequence[ShownChange], *, across: Axis) -> Iterator[Markup]:
    """A thin rule each, with its date above where it has room."""
    free = 0.0
    for change in changes:
        x = across.at(change.place)
        yield element("line", x1=x, x2=x, y1=TOP - 6, y2=FOOT, class_="rule")
        wide = text_width(change.date, size=SIZE)
        left = min(max(x - wide / 2, free), WIDTH - wide)
        if left >= free and abs(left + wide / 2 - x) <= wide / 2:
            yield element("text", change.date, x=left, y=TOP - 10, class_="note")
            free = left + wide + 8
