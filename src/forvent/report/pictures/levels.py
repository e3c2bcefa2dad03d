"""Two distributions on one axis: stated levels above, delivered values below, the promise between."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from forvent.records import Estimate, NotEnough
from forvent.report.pictures.svg import NARROW, WIDE, Axis, element, picture

BINS = 30
# Heights in pixels: of the picture, of its middle line, and of the tallest bar.
HEIGHT, MIDDLE, TALL = 288, 144.0, 84.0
# Values beyond this share of all are counted in words instead of stretching the axis.
SHOWN = 0.975


@dataclass(frozen=True, slots=True)
class LevelWords:
    """What is written into the picture; ticks are in the unit of the values."""

    says: str
    above: str
    below: str
    promise: str
    across: str
    ticks: tuple[tuple[float, str], ...]


@dataclass(frozen=True, slots=True)
class Strips:
    """Values of both strips in one unit, with their medians, and the promise where there is one."""

    stated: tuple[float, ...]
    delivered: tuple[float, ...]
    stated_median: Estimate | NotEnough
    delivered_median: Estimate | NotEnough
    promise: float | None

    @property
    def reach(self) -> float:
        """Where the axis ends: past all medians and the promise, and nearly all values."""
        values = sorted((*self.stated, *self.delivered))
        most = values[min(len(values) - 1, math.ceil(SHOWN * len(values)))]
        medians = [m.high for m in (self.stated_median, self.delivered_median) if isinstance(m, Estimate)]
        return 1.05 * max([most, *(m for m in medians if math.isfinite(m)), self.promise or 0.0, 1e-9])

    @property
    def beyond(self) -> int:
        """Values that lie past the end of the axis."""
        return sum(value > self.reach for value in (*self.stated, *self.delivered))


def levels(strips: Strips, *, words: LevelWords, narrow: bool = False) -> Markup:
    """The picture at one of its two widths; each strip has the same height for its most frequent value."""
    width = NARROW if narrow else WIDE
    across = Axis(0.0, strips.reach, 4, width - 12)
    parts = [
        *_axis(across, words=words),
        *_bars(strips.stated, across=across, base=MIDDLE - 14, up=True),
        *_bars(strips.delivered, across=across, base=MIDDLE + 14, up=False),
        element("line", x1=across.start, x2=across.end, y1=MIDDLE, y2=MIDDLE, class_="edge"),
        *_median(strips.stated_median, across=across, y=MIDDLE - 7, class_="expected"),
        *_median(strips.delivered_median, across=across, y=MIDDLE + 7, class_="got"),
        *_promise(strips.promise, across=across, words=words),
    ]
    class_ = "levels narrow" if narrow else "levels wide"
    return picture(*parts, width=width, height=HEIGHT, says=words.says, class_=class_)


def _axis(across: Axis, *, words: LevelWords) -> list[Markup]:
    """Thin lines through both strips, their values under them, and what each strip is."""
    parts = []
    for value, text in words.ticks:
        x = across.at(value)
        place = "start" if value == 0 else "middle"
        parts.append(element("line", x1=x, x2=x, y1=MIDDLE - TALL - 14, y2=MIDDLE + TALL + 14, class_="grid"))
        parts.append(element("text", text, x=x, y=MIDDLE + TALL + 30, class_=f"tick {place}"))
    return [
        *parts,
        element("text", words.above, x=0, y=12, class_="axis"),
        element("text", words.below, x=0, y=HEIGHT - 6, class_="axis"),
        element("text", words.across, x=across.end, y=HEIGHT - 6, class_="axis end"),
    ]


def shares(values: Sequence[float], *, reach: float) -> list[float]:
    """Height of each bar, 0–1 of the tallest; values past the reach are left out."""
    counts = [0] * BINS
    for value in values:
        if 0.0 <= value <= reach:
            counts[min(BINS - 1, int(value / reach * BINS))] += 1
    tallest = max(counts)
    return [count / tallest if tallest else 0.0 for count in counts]


def _bars(values: Sequence[float], *, across: Axis, base: float, up: bool) -> list[Markup]:
    wide = (across.end - across.start) / BINS
    bars = []
    for place, share in enumerate(shares(values, reach=across.high)):
        tall = share * TALL
        if tall:
            y = base - tall if up else base
            bars.append(
                element(
                    "rect", x=across.start + place * wide + 1, y=y, width=wide - 2, height=tall,
                    class_="stated" if up else "delivered",
                )
            )  # fmt: skip
    return bars


def _median(amount: Estimate | NotEnough, *, across: Axis, y: float, class_: str) -> list[Markup]:
    if isinstance(amount, NotEnough):
        return []
    low, high = across.at(amount.low), across.at(amount.high)
    return [
        element("line", x1=low, x2=high, y1=y, y2=y, class_="whisker"),
        element("circle", cx=across.at(amount.value), cy=y, r=5.5, class_=class_),
    ]


def _promise(promise: float | None, *, across: Axis, words: LevelWords) -> list[Markup]:
    if promise is None:
        return []
    x = across.at(promise)
    place = "end" if x > (across.start + across.end) / 2 else "start"
    return [
        element("line", x1=x, x2=x, y1=20, y2=MIDDLE + TALL + 14, class_="promise"),
        element("text", words.promise, x=x + (-6 if place == "end" else 6), y=32, class_=f"note {place}"),
    ]
