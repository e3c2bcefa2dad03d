"""Lines over months, one a way of promising, with bands, the level aimed at, and alarms as dated rules."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from forvent.report.pictures.labels import text_width
from forvent.report.pictures.svg import NARROW, WIDE, Axis, element, path, picture, row

# Drawn from the back to the front: the rivals faint, then the company's own promise, then ours.
MAIN = ("promised", "ours")
# Nearer than this, in pixels, the marks of neighbouring months would run together.
CLOSE = 9.0
TOP, FOOT = 46, 44
MARK = 3.5


@dataclass(frozen=True, slots=True)
class MonthPoint:
    """One month of a line; ``place`` counts from the first, ``low`` and ``high`` are the ends of the band."""

    place: int
    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class MonthLine:
    """What one way of promising did; a month without a number is left out and breaks the line."""

    way: str
    points: tuple[MonthPoint, ...]


@dataclass(frozen=True, slots=True)
class MonthAlarm:
    """A rule with its date; ``place`` is in months, the middle of the first being 0.5."""

    place: float
    side: str
    text: str


@dataclass(frozen=True, slots=True)
class MonthPlane:
    """The two axes: so many months across, and the values from ``low`` to ``high`` upward."""

    months: int
    low: float
    high: float
    level: float | None = None


@dataclass(frozen=True, slots=True)
class MonthWords:
    """What is written into the picture; a month has its short name and, where it begins one, its year."""

    says: str
    upward: str
    months: tuple[tuple[str, str], ...]
    upward_ticks: tuple[tuple[float, str], ...]


def months_picture(
    lines: Sequence[MonthLine],
    *,
    plane: MonthPlane,
    alarms: Sequence[MonthAlarm],
    words: MonthWords,
    narrow: bool = False,
) -> Markup:
    """The picture at one of its two widths."""
    width, height = (NARROW, 280) if narrow else (WIDE, 320)
    across = Axis(0.0, float(plane.months), 46, width - 8)
    upward = Axis(plane.low, plane.high, height - FOOT, TOP)
    ordered = sorted(lines, key=lambda line: MAIN.index(line.way) if line.way in MAIN else -1)
    parts = [
        *_frame(across, upward=upward, words=words),
        *(band for line in ordered for band in _bands(line, across=across, upward=upward)),
        *_level(plane.level, across=across, upward=upward),
        *_alarms(alarms, across=across, upward=upward),
        *(part for line in ordered for part in _line(line, across=across, upward=upward)),
    ]
    class_ = "months narrow" if narrow else "months wide"
    return picture(*parts, width=width, height=height, says=words.says, class_=class_)


def month_key(way: str) -> Markup:
    """The line of one way of promising, for the key to the picture; ``level`` and ``alarm`` have theirs."""
    if way == "level":
        level = element("line", x1="0%", x2="100%", y1=12, y2=12, class_="level")
        return row(level, height=24, says=None, class_="key months")
    if way == "alarm":
        rule = element("line", x1="50%", x2="50%", y1=2, y2=22, class_="alarm")
        return row(rule, height=24, says=None, class_="key single months")
    line = element("line", x1="0%", x2="100%", y1=12, y2=12, class_=f"line {way}")
    mark = [element("circle", cx="50%", cy=12, r=4, class_=f"mark {way}")] if way in MAIN else []
    return row(line, *mark, height=24, says=None, class_="key months")


def _frame(across: Axis, *, upward: Axis, words: MonthWords) -> list[Markup]:
    parts = []
    for value, text in words.upward_ticks:
        y = upward.at(value)
        parts.append(element("line", x1=across.start, x2=across.end, y1=y, y2=y, class_="grid"))
        parts.append(element("text", text, x=across.start - 8, y=y + 4, class_="tick end"))
    parts.append(element("text", words.upward, x=0, y=12, class_="axis"))
    return [*parts, *_month_ticks(across, base=upward.start, words=words)]


def _month_ticks(across: Axis, *, base: float, words: MonthWords) -> list[Markup]:
    """Names of months where they have room, the year under the first and under each January."""
    widest = max((text_width(name, size=12) for name, _ in words.months), default=0.0) + 6
    every = next((step for step in (1, 2, 3, 6, 12, 24, 60) if across.at(step) - across.start >= widest), 120)
    parts = []
    year_end = 0.0
    for place, (name, year) in enumerate(words.months):
        x = across.at(place + 0.5)
        if place % every == 0:
            parts.append(element("text", name, x=x, y=base + 18, class_="tick middle"))
        if year and x - text_width(year, size=12) / 2 >= year_end:
            parts.append(element("text", year, x=x, y=base + 36, class_="tick middle"))
            year_end = x + text_width(year, size=12) / 2 + 8
    return parts


def _level(level: float | None, *, across: Axis, upward: Axis) -> list[Markup]:
    if level is None:
        return []
    y = upward.at(level)
    return [element("line", x1=across.start, x2=across.end, y1=y, y2=y, class_="level")]


def runs(points: Iterable[MonthPoint]) -> list[list[MonthPoint]]:
    """Months that follow one another, so that no line is drawn across one without a number."""
    found: list[list[MonthPoint]] = []
    for point in sorted(points, key=lambda point: point.place):
        if found and found[-1][-1].place == point.place - 1:
            found[-1].append(point)
        else:
            found.append([point])
    return found


def _bands(line: MonthLine, *, across: Axis, upward: Axis) -> list[Markup]:
    """Ours is shaded, the company's has dotted edges, so that both can be seen where they overlap."""
    if line.way not in MAIN:
        return []
    parts = []
    for run in runs(point for point in line.points if point.low is not None):
        upper = [(across.at(p.place + 0.5), upward.at(p.high or 0.0)) for p in run]
        lower = [(across.at(p.place + 0.5), upward.at(p.low or 0.0)) for p in run]
        if len(run) == 1:
            (x, top), (_, bottom) = upper[0], lower[0]
            parts.append(element("line", x1=x, x2=x, y1=top, y2=bottom, class_=f"bandedge {line.way}"))
        elif line.way == "ours":
            parts.append(element("path", d=path([*upper, *reversed(lower)], closed=True), class_="band"))
        else:
            parts += [element("path", d=path(edge), class_=f"bandedge {line.way}") for edge in (upper, lower)]
    return parts


def _line(line: MonthLine, *, across: Axis, upward: Axis) -> list[Markup]:
    parts = []
    for run in runs(line.points):
        places = [(across.at(p.place + 0.5), upward.at(p.value)) for p in run]
        if len(places) > 1:
            parts.append(element("path", d=path(places), class_=f"line {line.way}"))
        elif line.way not in MAIN:
            x, y = places[0]
            parts.append(element("line", x1=x - 5, x2=x + 5, y1=y, y2=y, class_=f"line {line.way}"))
        if line.way in MAIN and across.at(1.0) - across.start >= CLOSE:
            parts += [element("circle", cx=x, cy=y, r=MARK, class_=f"mark {line.way}") for x, y in places]
        elif line.way in MAIN and len(places) == 1:
            parts.append(element("circle", cx=places[0][0], cy=places[0][1], r=2, class_=f"mark {line.way}"))
    return parts


def _alarms(alarms: Sequence[MonthAlarm], *, across: Axis, upward: Axis) -> list[Markup]:
    """A thin rule each, pointed to the side that the kept share left to; dates where they have room."""
    parts = []
    placed = sorted(alarms, key=lambda alarm: alarm.place)
    for alarm in placed:
        x, top, bottom = across.at(alarm.place), upward.end - 2, upward.start
        tip, back = (bottom, bottom - 7) if alarm.side == "below" else (top, top + 7)
        parts.append(element("line", x1=x, x2=x, y1=top, y2=bottom, class_="alarm"))
        point = path([(x, tip), (x - 4, back), (x + 4, back)], closed=True)
        parts.append(element("path", d=point, class_=f"tip {alarm.side}"))
    for left, alarm in _dated(placed, across=across):
        parts.append(element("text", alarm.text, x=left, y=upward.end - 7, class_="note"))
    return parts


def _dated(alarms: Sequence[MonthAlarm], *, across: Axis) -> list[tuple[float, MonthAlarm]]:
    """Left ends of the dates that have room beside one another, the earlier first."""
    found: list[tuple[float, MonthAlarm]] = []
    free = across.start - 8
    for alarm in alarms:
        wide = text_width(alarm.text, size=12)
        left = min(max(across.at(alarm.place) - wide / 2, free), across.end + 8 - wide)
        near = abs(left + wide / 2 - across.at(alarm.place)) <= wide / 2
        if left >= free and near:
            found.append((left, alarm))
            free = left + wide + 8
    return found


def kept_floor(values: Iterable[float], *, ends: Iterable[float]) -> float:
    """Where an axis of shares begins: at a tenth below all values, and below bands that do not reach far."""
    lowest = min(values, default=0.0)
    shown = max(min(ends, default=lowest), lowest - 0.1)
    return max(0.0, min(0.9, int(shown * 10 + 1e-9) / 10))
