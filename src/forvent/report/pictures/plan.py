"""A score of the plan as a bar with its interval."""

from __future__ import annotations

from markupsafe import Markup

from forvent.records import Estimate
from forvent.report.pictures.svg import element, pct, row

HEIGHT = 20
BAR = 8


def score_bar(score: Estimate, *, reach: float, sure: bool, says: str) -> Markup:
    """One row; ``reach`` is the score at the right edge, a gap that may be chance is hatched."""
    middle = HEIGHT / 2
    low, high = (pct(min(1.0, end / reach)) for end in (score.low, score.high))
    bar = element(
        "rect", x=pct(0.0), y=middle - BAR / 2, width=pct(min(1.0, score.value / reach)), height=BAR,
        class_="bar penalty" if sure else "bar hatched", fill=None if sure else "url(#hatch)",
    )  # fmt: skip
    ends = (element("line", x1=x, x2=x, y1=middle - 4, y2=middle + 4, class_="whisker") for x in (low, high))
    whisker = element("line", x1=low, x2=high, y1=middle, y2=middle, class_="whisker")
    zero = element("line", x1=pct(0.0), x2=pct(0.0), y1=0, y2=HEIGHT, class_="zero")
    return row(zero, bar, whisker, *ends, height=HEIGHT, says=says, class_="kinds")
