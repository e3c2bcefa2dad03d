"""A mark with its interval on a straight axis, one row a name; a hollow mark beside it where there is one."""

from __future__ import annotations

from markupsafe import Markup

from forvent.records import Estimate, NotEnough
from forvent.report.pictures.svg import element, pct, row

HEIGHT = 28


def ranked_mark(
    amount: Estimate | NotEnough, *, beside: Estimate | NotEnough | None, reach: float, says: str
) -> Markup:
    """One row; ``reach`` is the value at the right edge, ``beside`` lies between 0 and 1 on its own axis."""
    parts = [
        element("line", x1=pct(x), x2=pct(x), y1=0, y2=HEIGHT, class_="edge" if x == 0.0 else "grid")
        for x in (0.0, 0.25, 0.5, 0.75, 1.0)
    ]
    middle = HEIGHT / 2
    if isinstance(beside, Estimate):
        parts.append(element("circle", cx=pct(beside.value), cy=middle, r=5, class_="expected"))
    if isinstance(amount, Estimate):
        low, value, high = (end / reach for end in (amount.low, amount.value, amount.high))
        parts.append(element("line", x1=pct(low), x2=pct(high), y1=middle, y2=middle, class_="whisker"))
        parts += [
            element("line", x1=pct(end), x2=pct(end), y1=middle - 4, y2=middle + 4, class_="whisker")
            for end in (low, high)
        ]
        parts.append(element("circle", cx=pct(value), cy=middle, r=5.5, class_="got"))
    return row(*parts, height=HEIGHT, says=says, class_="dumbbell")
