"""Axes of the rows, and the key to their marks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from forvent.report.pictures.svg import element, pct, row
from forvent.report.verdicts import ABOVE, ALIKE, SHORT, UNDECIDED

# Marks of the key stand here on their little axis.
LEFT, RIGHT = 0.2, 0.8


@dataclass(frozen=True, slots=True)
class LegendPart:
    """A mark and its meaning."""

    picture: Markup
    text: str


def row_axis(ticks: Sequence[str]) -> Markup:
    """Texts at even steps over rows, as decoration: every row says its numbers."""
    last = len(ticks) - 1
    places = ["start", *["middle"] * (last - 1), "end"]
    return row(
        *(
            element("text", text, x=pct(place / last), y=14, class_=f"tick {anchor}")
            for place, (text, anchor) in enumerate(zip(ticks, places, strict=True))
        ),
        height=20,
        says=None,
        class_="ticks",
    )


def legend(
    *, expected: str, got: str, verdicts: dict[str, str], interval: str, assumed: str
) -> list[LegendPart]:
    """The signature picture explained; ``assumed`` is empty where no mark is assumed."""
    parts = [LegendPart(_single(filled=False), expected), LegendPart(_single(filled=True), got)]
    order = (SHORT, UNDECIDED, ABOVE, ALIKE)
    parts += [LegendPart(_pair(verdict), verdicts[verdict]) for verdict in order if verdict in verdicts]
    parts.append(LegendPart(_interval(), interval))
    if assumed:
        parts.append(LegendPart(_single(filled=False, class_="expected assumed"), assumed))
    return parts


def _pair(verdict: str) -> Markup:
    ends = (RIGHT, LEFT) if verdict == SHORT else (LEFT, RIGHT)
    marks = [
        element("line", x1=pct(LEFT), x2=pct(RIGHT), y1=12, y2=12, class_=f"gap {verdict}"),
        element("circle", cx=pct(ends[0]), cy=12, r=5, class_="expected"),
        element("circle", cx=pct(ends[1]), cy=12, r=5.5, class_="got"),
    ]
    return row(*marks, height=24, says=None, class_="key")


def _single(*, filled: bool, class_: str = "") -> Markup:
    mark = element("circle", cx="50%", cy=12, r=5.5, class_="got" if filled else class_ or "expected")
    return row(mark, height=24, says=None, class_="key single")


def _interval() -> Markup:
    ends = [element("line", x1=pct(x), x2=pct(x), y1=9, y2=15, class_="whisker") for x in (LEFT, RIGHT)]
    line = element("line", x1=pct(LEFT), x2=pct(RIGHT), y1=12, y2=12, class_="whisker")
    return row(line, *ends, height=24, says=None, class_="key")
