"""A share as a bar from nothing to its value, with its interval."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from forvent.records import Estimate
from forvent.report.pictures.svg import element, pct, row

HEIGHT = 16
BAR = 8


def share_bar(share: Estimate, *, says: str) -> Markup:
    """One row on an axis of 0–100 %; what the bar lacks to the whole stays pale."""
    middle = HEIGHT / 2
    low, high = pct(share.low), pct(share.high)
    bars = [
        element("rect", x=0, y=middle - BAR / 2, width=pct(part), height=BAR, class_=class_)
        for part, class_ in ((1.0, "whole"), (share.value, "part"))
    ]
    ends = [element("line", x1=x, x2=x, y1=middle - 4, y2=middle + 4, class_="whisker") for x in (low, high)]
    line = element("line", x1=low, x2=high, y1=middle, y2=middle, class_="whisker")
    return row(*bars, line, *ends, height=HEIGHT, says=says, class_="share")


def parts_bar(parts: Sequence[tuple[float, str]], *, says: str) -> Markup:
    """Shares of one whole side by side, each with its class."""
    middle, start, bars = HEIGHT / 2, 0.0, []
    for share, class_ in parts:
        bars.append(
            element("rect", x=pct(start), y=middle - BAR / 2, width=pct(share), height=BAR, class_=class_)
        )
        start += share
    return row(*bars, height=HEIGHT, says=says, class_="share parts")
