"""A share of a group as a bar, with a mark where the others stand."""

from __future__ import annotations

from markupsafe import Markup

from forvent.records import Estimate
from forvent.report.pictures.svg import element, pct, row

HEIGHT = 20
BAR = 10


def beside_bar(share: Estimate, *, rest: Estimate, reach: float, sure: bool, says: str) -> Markup:
    """One row on an axis from nothing to ``reach``; the bar is hatched where the difference is undecided."""
    middle = HEIGHT / 2
    low, high, other = (pct(end / reach) for end in (share.low, share.high, rest.value))
    # A pattern cannot follow a stretching row by class alone, so the fill is named here.
    bars = (
        element("rect", x=0, y=middle - BAR / 2, width="100%", height=BAR, class_="whole"),
        element(
            "rect", x=0, y=middle - BAR / 2, width=pct(share.value / reach), height=BAR,
            class_="part" if sure else "hatched", fill=None if sure else "url(#hatch)",
        ),
    )  # fmt: skip
    ends = [element("line", x1=x, x2=x, y1=middle - 3, y2=middle + 3, class_="whisker") for x in (low, high)]
    line = element("line", x1=low, x2=high, y1=middle, y2=middle, class_="whisker")
    mark = element("line", x1=other, x2=other, y1=0, y2=HEIGHT, class_="others")
    return row(*bars, line, *ends, mark, height=HEIGHT, says=says, class_="share beside")
