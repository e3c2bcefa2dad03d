"""The signature picture: expected ○──● got, with intervals as whiskers."""

from __future__ import annotations

from markupsafe import Markup

from forvent.records import Estimate, NotEnough
from forvent.report.pictures.svg import element, pct, row
from forvent.report.verdicts import UNKNOWN

HEIGHT, SMALL = 36, 24
GRID = (0.0, 0.25, 0.5, 0.75, 1.0)


def dumbbell(
    expected: Estimate | NotEnough,
    *,
    got: Estimate | NotEnough,
    verdict: str,
    assumed: bool,
    says: str | None,
    small: bool = False,
) -> Markup:
    """One row of the signature picture on an axis of 0–100 %.

    ``verdict`` is short, above, undecided or unknown; ``assumed`` draws the expected mark dashed.
    """
    height = SMALL if small else HEIGHT
    middle = height / 2
    parts: list[Markup] = [_grid(height)]
    if isinstance(expected, Estimate) and isinstance(got, Estimate) and verdict != UNKNOWN:
        parts.append(_span(expected.value, got=got.value, middle=middle, verdict=verdict))
    if isinstance(expected, Estimate):
        parts.append(_whisker(expected, middle=middle - 6, class_="whisker faint"))
        parts.append(_expected(expected.value, middle=middle, assumed=assumed, small=small))
    if isinstance(got, Estimate):
        parts.append(_whisker(got, middle=middle + 6, class_="whisker"))
        parts.append(element("circle", cx=pct(got.value), cy=middle, r=5 if small else 6.5, class_="got"))
    return row(*parts, height=height, says=says, class_="dumbbell small" if small else "dumbbell")


def _grid(height: int) -> Markup:
    return Markup("").join(
        element("line", x1=pct(x), x2=pct(x), y1=0, y2=height, class_="edge" if x in (0.0, 1.0) else "grid")
        for x in GRID
    )


def _span(expected: float, *, got: float, middle: float, verdict: str) -> Markup:
    """The line between the marks; its class gives colour, width and dashes."""
    return element("line", x1=pct(expected), x2=pct(got), y1=middle, y2=middle, class_=f"gap {verdict}")


def _whisker(amount: Estimate, *, middle: float, class_: str) -> Markup:
    if amount.low == amount.high:
        return Markup("")
    low, high = pct(amount.low), pct(amount.high)
    ends = (
        element("line", x1=end, x2=end, y1=middle - 3, y2=middle + 3, class_=class_) for end in (low, high)
    )
    return element("line", x1=low, x2=high, y1=middle, y2=middle, class_=class_) + Markup("").join(ends)


def _expected(value: float, *, middle: float, assumed: bool, small: bool) -> Markup:
    return element(
        "circle", cx=pct(value), cy=middle, r=4.5 if small else 6,
        class_="expected assumed" if assumed else "expected",
    )  # fmt: skip
