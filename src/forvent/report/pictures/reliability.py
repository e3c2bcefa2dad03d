"""Probabilities that were given against the shares in which it came so, with the line where both are one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from forvent.records import Estimate
from forvent.report.pictures.svg import NARROW, Axis, element, picture

WIDTH = 460
LEFT, RIGHT, TOP, BOTTOM = 44, 16, 30, 46


@dataclass(frozen=True, slots=True)
class ReliabilityWords:
    """What is written into the picture; ``ticks`` are shares with their text, for both axes."""

    says: str
    across: str
    upward: str
    ticks: tuple[tuple[float, str], ...]


def reliability_picture(
    bins: Sequence[tuple[float, Estimate]], *, words: ReliabilityWords, narrow: bool = False
) -> Markup:
    """The picture at one of its two widths: square, both axes from nothing to the last tick."""
    width = NARROW if narrow else WIDTH
    height = width - LEFT - RIGHT + TOP + BOTTOM
    most = words.ticks[-1][0]
    across, upward = Axis(0.0, most, LEFT, width - RIGHT), Axis(0.0, most, height - BOTTOM, TOP)
    parts = [*_frame(across, upward, words)]
    line = {"x1": across.start, "x2": across.end, "y1": upward.start, "y2": upward.end}
    parts.append(element("line", **line, class_="asgiven"))
    for predicted, observed in bins:
        parts.extend(_bin(across.at(predicted), observed, upward=upward))
    class_ = "reliability narrow" if narrow else "reliability wide"
    return picture(*parts, width=width, height=height, says=words.says, class_=class_)


def _frame(across: Axis, upward: Axis, words: ReliabilityWords) -> list[Markup]:
    parts = []
    for share, text in words.ticks:
        x, y = across.at(share), upward.at(share)
        parts.append(element("line", x1=across.start, x2=across.end, y1=y, y2=y, class_="grid"))
        parts.append(element("text", text, x=across.start - 8, y=y + 4, class_="tick end"))
        parts.append(element("text", text, x=x, y=upward.start + 18, class_="tick middle"))
    return [
        *parts,
        element("line", x1=across.start, x2=across.end, y1=upward.start, y2=upward.start, class_="edge"),
        element("text", words.across, x=across.end, y=upward.start + 38, class_="axis end"),
        element("text", words.upward, x=0, y=14, class_="axis"),
    ]


def _bin(x: float, observed: Estimate, *, upward: Axis) -> list[Markup]:
    low, high, y = upward.at(observed.low), upward.at(observed.high), upward.at(observed.value)
    return [
        element("line", x1=x, x2=x, y1=low, y2=high, class_="whisker"),
        *(element("line", x1=x - 4, x2=x + 4, y1=end, y2=end, class_="whisker") for end in (low, high)),
        element("circle", cx=x, cy=y, r=5, class_="got"),
    ]
