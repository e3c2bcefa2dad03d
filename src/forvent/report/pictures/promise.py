"""Share of cases kept against the length of the promise, with band, today's promise and the proposed one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from forvent.records import Estimate, FrontierPoint
from forvent.report.pictures.labels import text_width
from forvent.report.pictures.svg import NARROW, WIDE, Axis, element, path, picture


@dataclass(frozen=True, slots=True)
class Marked:
    """A promise on the picture: ``kind`` is own (today's) or proposed."""

    kind: str
    length: float
    kept: Estimate
    text: str


@dataclass(frozen=True, slots=True)
class FrontierWords:
    """What is written into the picture; ticks of the lower axis are whole lengths."""

    says: str
    across: str
    upward: str
    level: str
    ticks: tuple[tuple[float, str], ...]
    upward_ticks: tuple[tuple[float, str], ...]


# How far past the longer promise the picture goes, so that its words have room beside it.
ROOM, NARROW_ROOM = 1.4, 2.0


def reach(points: Sequence[FrontierPoint], *, marked: Sequence[Marked], room: float) -> float:
    """Length at which the picture ends: where nearly all is kept, and past every mark."""
    full = next((point.length for point in points if point.kept.value >= 0.995), points[-1].length)
    return max(room * max((mark.length for mark in marked), default=0.0), min(full, points[-1].length))


def promise_frontier(
    points: Sequence[FrontierPoint],
    *,
    marked: Sequence[Marked],
    level: float,
    words: FrontierWords,
    narrow: bool = False,
) -> Markup:
    """The picture at one of its two widths."""
    width, height = (NARROW, 320) if narrow else (WIDE, 380)
    room = NARROW_ROOM if narrow else ROOM
    across = Axis(0.0, reach(points, marked=marked, room=room), 44, width - 16)
    upward = Axis(0.0, 1.0, height - 46, 30)
    shown = [point for point in points if point.length <= across.high]
    upper = [(across.at(point.length), upward.at(point.kept.high)) for point in shown]
    lower = [(across.at(point.length), upward.at(point.kept.low)) for point in shown]
    line = [(across.at(point.length), upward.at(point.kept.value)) for point in shown]
    parts = [
        *_frame(across, upward=upward, level=level, words=words),
        element("path", d=path([*upper, *reversed(lower)], closed=True), class_="band"),
        element("path", d=path(line), class_="curve"),
    ]
    for place, mark in enumerate(marked):
        right = mark.length == max(each.length for each in marked)
        parts.extend(_marked(mark, across=across, upward=upward, right=right, line=place))
    return picture(
        *parts,
        width=width,
        height=height,
        says=words.says,
        class_="frontier narrow" if narrow else "frontier wide",
    )


def _frame(across: Axis, *, upward: Axis, level: float, words: FrontierWords) -> list[Markup]:
    parts = []
    for value, text in words.upward_ticks:
        y = upward.at(value)
        parts.append(element("line", x1=across.start, x2=across.end, y1=y, y2=y, class_="grid"))
        parts.append(element("text", text, x=across.start - 8, y=y + 4, class_="tick end"))
    for value, text in words.ticks:
        if value <= across.high:
            parts.append(element("text", text, x=across.at(value), y=upward.start + 18, class_="tick middle"))
    y = upward.at(level)
    return [
        *parts,
        element("line", x1=across.start, x2=across.end, y1=upward.start, y2=upward.start, class_="edge"),
        element("line", x1=across.start, x2=across.end, y1=y, y2=y, class_="level"),
        element("text", words.level, x=across.start + 6, y=y - 6, class_="note"),
        element("text", words.across, x=across.end, y=upward.start + 38, class_="axis end"),
        element("text", words.upward, x=0, y=14, class_="axis"),
    ]


def _marked(mark: Marked, *, across: Axis, upward: Axis, right: bool, line: int) -> list[Markup]:
    """A drop line to the axis, the interval, the mark, and its words near the axis, on the outer side."""
    x, y = across.at(mark.length), upward.at(mark.kept.value)
    wide = text_width(mark.text, size=12.5)
    fits = x + 10 + wide < across.end if right else x - 10 - wide > across.start
    # Never on the far side of the other line, where they would seem to be its words; where the outer side has
    # no room they are moved in over their own line, and stand one line higher, clear of the others.
    left = min(x + 10, across.end - wide) if right else max(across.start + 6, x - 10 - wide)
    base = upward.start - (12 if fits else 12 + 20 * (line + 1))
    kept = (upward.at(mark.kept.low), upward.at(mark.kept.high))
    return [
        element("line", x1=x, x2=x, y1=y, y2=upward.start, class_=f"drop {mark.kind}"),
        element("line", x1=x, x2=x, y1=kept[0], y2=kept[1], class_="whisker"),
        element("circle", cx=x, cy=y, r=6.5, class_="expected" if mark.kind == "own" else "got"),
        element("text", mark.text, x=left, y=base, class_="label strong"),
    ]
