"""Elements of SVG as safe markup, and straight axes.

Rows of marks use percent as horizontal unit and pixels as vertical one, so that they stretch with the
page while marks and lines keep their size. Pictures with letters in them are drawn twice, wide and
narrow, and the stylesheet shows the one that fits.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

WIDE, NARROW = 700, 340


def element(name: str, *inner: Markup | str, **attributes: object) -> Markup:
    """An element; ``class_`` is class, ``stroke_width`` is stroke-width; None leaves an attribute out."""
    shown = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(_short(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    body = Markup("").join(escape(part) for part in inner)
    return Markup(f"<{name}{shown}>{body}</{name}>") if body else Markup(f"<{name}{shown}/>")  # noqa: S704


def _short(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.1f}".rstrip("0").rstrip(".")
    return str(value)


def picture(*inner: Markup | str, width: int, height: int, says: str, class_: str) -> Markup:
    """A picture of fixed proportions with its text alternative."""
    return element(
        "svg", *inner, class_=class_, viewBox=f"0 0 {width} {height}", role="img", aria_label=says,
        preserveAspectRatio="xMinYMin meet",
    )  # fmt: skip


def row(*inner: Markup | str, height: int, says: str | None, class_: str) -> Markup:
    """A row that stretches with the page; without text alternative it is decoration."""
    access = {"role": "img", "aria_label": says} if says else {"aria_hidden": "true"}
    return element("svg", *inner, class_=class_, width="100%", height=height, focusable="false", **access)


def pct(share: float) -> str:
    """A share of 0–1 as horizontal place of a row, kept inside it."""
    return f"{100 * min(1.0, max(0.0, share)):.2f}".rstrip("0").rstrip(".") + "%"


def path(points: Sequence[tuple[float, float]], *, closed: bool = False) -> str:
    """The ``d`` of a path through points."""
    steps = " ".join(f"{'L' if place else 'M'}{x:.1f} {y:.1f}" for place, (x, y) in enumerate(points))
    return steps + (" Z" if closed else "")


@dataclass(frozen=True, slots=True)
class Axis:
    """A straight axis: ``low`` lies at ``start`` and ``high`` at ``end``, in pixels."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """Place of a value, kept on the axis."""
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)

    def ticks(self, *, most: int = 6) -> tuple[float, ...]:
        """Round values on the axis, at most so many."""
        return round_ticks(self.low, high=self.high, most=most)


def round_ticks(low: float, *, high: float, most: int = 6) -> tuple[float, ...]:
    """Multiples of 1, 2 or 5 times a power of ten between two values, at most so many."""
    if high <= low:
        return (low,)
    power = 10.0 ** math.floor(math.log10((high - low) / most))
    for step in (power * factor for factor in (1.0, 2.0, 5.0, 10.0, 20.0)):
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        if last - first + 1 <= most:
            return tuple(round(place * step, 10) for place in range(first, last + 1))
    return (low, high)
