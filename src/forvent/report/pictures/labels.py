"""Labels beside points that do not overlap: greedy, the most important first."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

# Share of the font size that a letter is wide, on average; Armenian letters are broad, East Asian square.
NARROW_LETTER, BROAD_LETTER, WIDE_LETTER = 0.56, 0.68, 1.02
# Distances from its point at which a label is tried; beyond the second a thin line leads to it.
REACHES = (9.0, 16.0, 26.0, 38.0)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        """True where the two share an area."""
        apart = (
            self.right <= other.left
            or other.right <= self.left
            or self.bottom <= other.top
            or other.bottom <= self.top
        )
        return not apart

    def distance(self, x: float, y: float) -> float:
        """How far a point lies from it; 0 inside."""
        across = max(self.left - x, 0.0, x - self.right)
        down = max(self.top - y, 0.0, y - self.bottom)
        return math.hypot(across, down)

    def inside(self, other: Box) -> bool:
        """True where it lies wholly in the other."""
        return (
            self.left >= other.left
            and self.right <= other.right
            and self.top >= other.top
            and self.bottom <= other.bottom
        )


@dataclass(frozen=True, slots=True)
class Label:
    """Where a label stands: its box, and whether a thin line has to lead to its point."""

    box: Box
    led: bool


def text_width(text: str, *, size: float) -> float:
    """Rough width of a text in pixels, on the safe side."""
    return size * sum(map(_letter_width, text))


def _letter_width(letter: str) -> float:
    if "\u0531" <= letter <= "\u0587":
        return BROAD_LETTER
    return WIDE_LETTER if unicodedata.east_asian_width(letter) in "WF" else NARROW_LETTER


def place_labels(
    points: Sequence[tuple[float, float]],
    *,
    texts: Sequence[str],
    area: Box,
    size: float,
    radius: float = 7.0,
    kept_free: Sequence[Box] = (),
    far: float = 40.0,
) -> list[Label | None]:
    """A place for each label that meets no other label and no point; None where there is none left.

    Parameters
    ----------
    points
        Centres of the marks in pixels, the most important first.
    texts
        A label for each point.
    area
        Where labels may stand.
    size
        Font size in pixels.
    radius
        Free space around each mark.
    kept_free
        Places where no label may stand.
    far
        Farthest that a label may stand from its point, in pixels.

    Returns
    -------
    list of Label or None
        In the order of ``points``; a label never stands nearer to another point than to its own.

    Source
    ------
    Our own definition, docs/formulas/report.md#labels.

    Examples
    --------
    >>> area = Box(0, 0, 200, 100)
    >>> placed = place_labels([(50, 50), (52, 50)], texts=["one", "two"], area=area, size=12)
    >>> placed[0].box.meets(placed[1].box)
    False
    """
    marks = [Box(x - radius, y - radius, x + radius, y + radius) for x, y in points]
    taken = [*kept_free, *marks]
    placed: list[Label | None] = []
    for place, text in enumerate(texts):
        label = next(
            (
                label
                for label in _candidates(points[place], width=text_width(text, size=size), size=size, far=far)
                if label.box.inside(area)
                and not any(label.box.meets(other) for other in taken)
                and _is_nearest(label.box, points=points, own=place)
            ),
            None,
        )
        placed.append(label)
        if label is not None:
            taken.append(label.box)
    return placed


def _candidates(point: tuple[float, float], *, width: float, size: float, far: float) -> Iterator[Label]:
    """Places around a point, the nearest first.

    Above and below come first: to the right and to the left lies the cross of the point itself.
    """
    x, y = point
    height = size * 1.25
    for reach in (reach for reach in REACHES if reach <= far):
        for across, down in ((1, -1), (-1, -1), (1, 1), (-1, 1), (0, -1), (0, 1), (1, 0), (-1, 0)):
            left = x + across * reach * 0.8 - (width if across < 0 else width / 2 if across == 0 else 0.0)
            top = y + down * (reach + 1.0) - height / 2
            yield Label(box=Box(left, top, left + width, top + height), led=reach > REACHES[1])


def _is_nearest(box: Box, *, points: Sequence[tuple[float, float]], own: int) -> bool:
    """True where no other point lies nearer to the label than its own, so that nobody mistakes it."""
    mine = box.distance(*points[own])
    return all(box.distance(*point) > mine for place, point in enumerate(points) if place != own)
