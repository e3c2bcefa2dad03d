"""Four beads expected–promised–delivered–perceived; the link that broke most often is drawn broken."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from forvent.records import Estimate, SatisfactionPoint
from forvent.report.pictures.svg import NARROW, Axis, element, pct, picture, row

LINKS = ("expected_promised", "promised_delivered", "delivered_perceived")
BEADS = (0.125, 0.375, 0.625, 0.875)


def beads(broken: str | None, *, says: str) -> Markup:
    """The chain as a row; the words stand under it in the page."""
    parts = []
    for link, start, end in zip(LINKS, BEADS, BEADS[1:], strict=False):
        parts.extend(_link(start, end=end, broken=link == broken))
    marks = ("expected", "expected", "got", "got")
    parts += [
        element("circle", cx=pct(x), cy=20, r=9, class_=mark) for x, mark in zip(BEADS, marks, strict=True)
    ]
    return row(*parts, height=40, says=says, class_="beads")


def _link(start: float, *, end: float, broken: bool) -> list[Markup]:
    """A line, or two stubs with a slash between them."""
    if not broken:
        return [element("line", x1=pct(start), x2=pct(end), y1=20, y2=20, class_="link")]
    middle = (start + end) / 2
    return [
        element("line", x1=pct(start), x2=pct(middle - 0.022), y1=20, y2=20, class_="link broken"),
        element("line", x1=pct(middle + 0.022), x2=pct(end), y1=20, y2=20, class_="link broken"),
        element("line", x1=pct(middle - 0.012), x2=pct(middle - 0.022), y1=10, y2=30, class_="link broken"),
        element("line", x1=pct(middle + 0.022), x2=pct(middle + 0.012), y1=10, y2=30, class_="link broken"),
    ]


@dataclass(frozen=True, slots=True)
class CurveWords:
    """What is written into the curve; ``upward_ticks`` hold ratings of 0–1 with their text."""

    says: str
    early: str
    late: str
    promise: str
    upward: str
    ticks: tuple[tuple[float, str], ...]
    upward_ticks: tuple[tuple[float, str], ...]


def days_shown(points: Sequence[SatisfactionPoint]) -> tuple[float, float]:
    """First and last day of the axis: the inner edges with a quarter of their distance on either side.

    The outer steps may reach to the earliest and latest day ever seen, which would flatten the rest.
    """
    ends = {day for point in points for day in (point.days_late_from, point.days_late_to)}
    finite = sorted(day for day in ends if math.isfinite(day))
    inner = finite[1:-1] if len(finite) == len(ends) and len(finite) > 3 else finite
    low, high = min([*inner, 0.0]), max([*inner, 0.0])
    room = max((high - low) / 4, 1.0)
    return max(min(ends, default=0.0), low - room), min(max(ends, default=0.0), high + room)


def satisfaction_curve(
    points: Sequence[SatisfactionPoint], *, words: CurveWords, narrow: bool = False
) -> Markup:
    """Mean rating against days before or after the promise, at one of its two widths."""
    width, height = (NARROW, 280) if narrow else (560, 320)
    first, last = days_shown(points)
    across = Axis(first, max(last, first + 1.0), 44, width - 12)
    # The name of the axis and that of the promise stand one above the other.
    upward = Axis(0.0, 1.0, height - 46, 48)
    parts = [
        *_frame(across, upward=upward, words=words),
        *(piece for point in points for piece in _step(point, across=across, upward=upward)),
    ]
    return picture(
        *parts, width=width, height=height, says=words.says, class_="curve narrow" if narrow else "curve wide"
    )


def _frame(across: Axis, *, upward: Axis, words: CurveWords) -> list[Markup]:
    parts = []
    for value, text in words.upward_ticks:
        y = upward.at(value)
        parts.append(element("line", x1=across.start, x2=across.end, y1=y, y2=y, class_="grid"))
        parts.append(element("text", text, x=across.start - 8, y=y + 4, class_="tick end"))
    for value, text in words.ticks:
        parts.append(element("text", text, x=across.at(value), y=upward.start + 18, class_="tick middle"))
    zero = across.at(0.0)
    return [
        *parts,
        element("line", x1=zero, x2=zero, y1=upward.end - 6, y2=upward.start, class_="promise"),
        element("text", words.promise, x=zero, y=upward.end - 12, class_="note middle"),
        element("text", words.upward, x=0, y=12, class_="axis"),
        element("text", words.early, x=across.start, y=upward.start + 38, class_="axis"),
        element("text", words.late, x=across.end, y=upward.start + 38, class_="axis end"),
    ]


def _step(point: SatisfactionPoint, *, across: Axis, upward: Axis) -> list[Markup]:
    rating = point.mean_rating
    if not isinstance(rating, Estimate):
        return []
    left, right = across.at(point.days_late_from), across.at(point.days_late_to)
    y, middle = upward.at(rating.value), (left + right) / 2
    late = "late" if point.days_late_from >= 0 else "early"
    box = element(
        "rect", x=left, width=right - left, y=upward.at(rating.high),
        height=upward.at(rating.low) - upward.at(rating.high), class_=f"band {late}",
    )  # fmt: skip
    return [
        box,
        element("line", x1=left, x2=right, y1=y, y2=y, class_=f"step {late}"),
        element("circle", cx=middle, cy=y, r=4, class_=f"dot {late}"),
    ]
