"""One score on its axis, and how far those who did not answer could move it."""

from __future__ import annotations

from markupsafe import Markup

from forvent.records import Estimate
from forvent.report.pictures.svg import element, pct, row

HEIGHT = 28
GRID = (0.0, 0.25, 0.5, 0.75, 1.0)


def score_mark(
    score: Estimate, *, says: str, worst: Estimate | None = None, best: Estimate | None = None
) -> Markup:
    """A filled mark with its interval on an axis of 0–1; a pale band from worst to best as it could be."""
    middle = HEIGHT / 2
    parts = [
        element("line", x1=pct(x), x2=pct(x), y1=0, y2=HEIGHT, class_="edge" if x in (0.0, 1.0) else "grid")
        for x in GRID
    ]
    if worst is not None and best is not None:
        start, width = min(worst.low, best.low), abs(max(best.high, worst.high) - min(worst.low, best.low))
        parts.append(element("rect", x=pct(start), width=pct(width), y=middle - 5, height=10, class_="could"))
    parts += [
        element("line", x1=pct(score.low), x2=pct(score.high), y1=middle, y2=middle, class_="whisker"),
        *(
            element("line", x1=pct(end), x2=pct(end), y1=middle - 4, y2=middle + 4, class_="whisker")
            for end in (score.low, score.high)
        ),
        element("circle", cx=pct(score.value), cy=middle, r=6, class_="got"),
    ]
    return row(*parts, height=HEIGHT, says=says, class_="dumbbell bounds")
