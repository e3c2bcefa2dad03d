"""Penalty to the left and reward to the right of a zero line, one row an expectation."""

from __future__ import annotations

from markupsafe import Markup

from forvent.records import Estimate, NotEnough
from forvent.report.pictures.svg import element, pct, row

HEIGHT = 32
BAR = 14


def penalty_reward(
    penalty: Estimate | NotEnough, *, reward: Estimate | NotEnough, reach: float, decided: bool, says: str
) -> Markup:
    """One row; ``reach`` is the rating difference at either edge, undecided bars are hatched."""
    parts = [
        element("line", x1=pct(x), x2=pct(x), y1=0, y2=HEIGHT, class_="zero" if x == 0.5 else "grid")
        for x in (0.0, 0.25, 0.5, 0.75, 1.0)
    ]
    for side, amount in (("penalty", penalty), ("reward", reward)):
        if isinstance(amount, Estimate):
            parts.append(_bar(amount, side=side, reach=reach, decided=decided))
            parts.append(_whisker(amount, reach=reach))
    return row(*parts, height=HEIGHT, says=says, class_="kinds")


def _place(value: float, reach: float) -> float:
    return 0.5 + value / reach / 2


def _bar(amount: Estimate, *, side: str, reach: float, decided: bool) -> Markup:
    start, end = sorted((0.5, _place(amount.value, reach)))
    class_ = f"bar {side}" if decided else "bar hatched"
    # A pattern cannot follow a stretching row by class alone, so the fill is named here.
    return element(
        "rect", x=pct(start), y=(HEIGHT - BAR) / 2, width=pct(end - start), height=BAR, class_=class_,
        fill=None if decided else "url(#hatch)",
    )  # fmt: skip


def _whisker(amount: Estimate, *, reach: float) -> Markup:
    low, high = pct(_place(amount.low, reach)), pct(_place(amount.high, reach))
    middle = HEIGHT / 2
    ends = (element("line", x1=x, x2=x, y1=middle - 4, y2=middle + 4, class_="whisker") for x in (low, high))
    return element("line", x1=low, x2=high, y1=middle, y2=middle, class_="whisker") + Markup("").join(ends)
