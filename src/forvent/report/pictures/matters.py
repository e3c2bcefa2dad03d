"""Two numbers of each name against a cross-hair: points with crosses of interval, undecided ones open."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

from forvent.report.pictures.labels import Box, Label, place_labels, text_width
from forvent.report.pictures.svg import NARROW, WIDE, Axis, element, picture
from forvent.report.verdicts import UNDECIDED, Placed, Plane

SIZE = 12.0
#: Half the width of the mark of what is named unasked.
NAMED = 4.5
# Height of the bands above and below the points in which the names of the fields stand.
BAND = 24.0
# Whether the name of a field stands right, and whether at the bottom.
FIELD_CORNERS = {"work": (False, False), "keep": (True, False), "later": (False, True), "relax": (True, True)}


@dataclass(frozen=True, slots=True)
class PlaneWords:
    """What is written into the picture; ``fields`` by name of the field, ``ticks`` of the lower axis.

    ``corners`` says of each field whether it is on the right, and whether at the bottom. ``whole`` shows both
    axes from 0 to 1; else the lower one begins near the lowest point, and the upper one is stretched near 0,
    where most points are.
    """

    says: str
    across: str
    upward: str
    fields: dict[str, str]
    ticks: tuple[tuple[float, str], ...]
    upward_ticks: tuple[tuple[float, str], ...]
    names: Sequence[str]
    corners: Mapping[str, tuple[bool, bool]] = field(default_factory=lambda: FIELD_CORNERS)
    whole: bool = False


@dataclass(frozen=True, slots=True)
class RootAxis:
    """An axis on which places grow with the root of the value."""

    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """Place of a value, kept on the axis."""
        share = math.sqrt(min(max(value, 0.0), self.high) / self.high)
        return self.start + share * (self.end - self.start)


def importance_performance(found: Plane, *, words: PlaneWords, narrow: bool = False) -> Markup:
    """The picture at one of its two widths; labels stand beside their points without overlap."""
    width, height = (NARROW, 380) if narrow else (WIDE, 440)
    area = Box(40, 26, width - 8, height - 44)
    across, upward = _axes(found, area, whole=words.whole)
    parts = [
        *_frame(area, across=across, upward=upward, words=words),
        *_crosshair(found, area, across=across, upward=upward, words=words),
        *(_cross(point, across=across, upward=upward) for point in found.points),
        *(_named(point, across=across, upward=upward) for point in found.points if point.named is not None),
        *(_mark(point, across=across, upward=upward) for point in found.points),
    ]
    places = [(across.at(point.got.value), upward.at(point.importance.value)) for point in found.points]
    corners = [_corner_box(corner, area=area, words=words) for corner in words.corners]
    labels = place_labels(
        places,
        texts=words.names,
        area=area,
        size=SIZE,
        kept_free=[*corners, *_diamonds(found, across=across, upward=upward)],
        far=26.0 if narrow else 40.0,
    )
    for place, text, label in zip(places, words.names, labels, strict=True):
        parts.extend(_label(place, text=text, label=label))
    return picture(
        *parts, width=width, height=height, says=words.says, class_="plane narrow" if narrow else "plane wide"
    )


def _axes(found: Plane, area: Box, *, whole: bool) -> tuple[Axis, Axis | RootAxis]:
    if whole:
        return Axis(0.0, 1.0, area.left, area.right), Axis(0.0, 1.0, area.bottom - BAND, area.top + BAND)
    low = min(point.got.low for point in found.points)
    # From a round tenth below the lowest interval, so that the points use the room.
    left = max(0.0, int(low * 10) / 10)
    top = max(highest(point) for point in found.points) * 1.04
    right = 1.0 if any(point.got.high > 0.9 for point in found.points) else 0.9
    return Axis(left, right, area.left, area.right), RootAxis(
        max(top, 1e-6), area.bottom - BAND, area.top + BAND
    )


def highest(point: Placed) -> float:
    """The highest value of a point that is drawn."""
    return max(point.importance.high, 0.0 if point.named is None else point.named.value)


def _frame(area: Box, *, across: Axis, upward: Axis | RootAxis, words: PlaneWords) -> list[Markup]:
    parts = [
        element(
            "rect", x=area.left, y=area.top, width=area.right - area.left, height=area.bottom - area.top,
            class_="frame",
        ),
        element("text", words.across, x=area.right, y=area.bottom + 36, class_="axis end"),
        element("text", words.upward, x=0, y=area.top - 12, class_="axis"),
    ]  # fmt: skip
    for value, text in words.ticks:
        if across.low - 1e-9 <= value <= across.high + 1e-9:
            place = "end" if value == across.high else "middle"
            parts.append(
                element("text", text, x=across.at(value), y=area.bottom + 18, class_=f"tick {place}")
            )
    for value, text in words.upward_ticks:
        if value <= upward.high:
            parts.append(element("text", text, x=area.left - 6, y=upward.at(value) + 4, class_="tick end"))
    return parts


def _crosshair(
    found: Plane, area: Box, *, across: Axis, upward: Axis | RootAxis, words: PlaneWords
) -> list[Markup]:
    x, y = across.at(found.got), upward.at(found.importance)
    lines = [
        element("line", x1=x, x2=x, y1=area.top, y2=area.bottom, class_="crosshair"),
        element("line", x1=area.left, x2=area.right, y1=y, y2=y, class_="crosshair"),
    ]
    for corner, (right, _) in words.corners.items():
        box = _corner_box(corner, area=area, words=words)
        x, place = (box.right, "end") if right else (box.left, "start")
        lines.append(element("text", words.fields[corner], x=x, y=box.bottom - 8, class_=f"field {place}"))
    return lines


def _corner_box(corner: str, *, area: Box, words: PlaneWords) -> Box:
    """Where the name of a field stands, in its corner."""
    right, bottom = words.corners[corner]
    wide = text_width(words.fields[corner], size=SIZE)
    left = area.right - 8 - wide if right else area.left + 8
    top = area.bottom - BAND if bottom else area.top
    return Box(left, top, left + wide, top + BAND)


def _cross(point: Placed, *, across: Axis, upward: Axis | RootAxis) -> Markup:
    x, y = across.at(point.got.value), upward.at(point.importance.value)
    return element(
        "line", x1=across.at(point.got.low), x2=across.at(point.got.high), y1=y, y2=y, class_="cross"
    ) + element(
        "line", x1=x, x2=x, y1=upward.at(point.importance.low), y2=upward.at(point.importance.high),
        class_="cross",
    )  # fmt: skip


def _named(point: Placed, *, across: Axis, upward: Axis | RootAxis) -> Markup:
    """A diamond where the part that is named unasked lies, tied to its point; hollow where undecided."""
    if point.named is None:
        return Markup()
    x, y = across.at(point.got.value), upward.at(point.named.value)
    kind = "open" if point.heard == UNDECIDED else "sure"
    corners = ((x, y - NAMED), (x + NAMED, y), (x, y + NAMED), (x - NAMED, y))
    return element("line", x1=x, x2=x, y1=upward.at(point.importance.value), y2=y, class_="tie") + element(
        "polygon", points=" ".join(f"{left:.1f},{top:.1f}" for left, top in corners), class_=f"named {kind}"
    )


def _diamonds(found: Plane, *, across: Axis, upward: Axis | RootAxis) -> list[Box]:
    """Where the marks of what is named unasked stand, so that no label covers them."""
    return [
        Box(x - NAMED, y - NAMED, x + NAMED, y + NAMED)
        for point in found.points
        if point.named is not None
        for x, y in [(across.at(point.got.value), upward.at(point.named.value))]
    ]


def _mark(point: Placed, *, across: Axis, upward: Axis | RootAxis) -> Markup:
    kind = "open" if point.field == UNDECIDED else f"sure {point.field}"
    return element(
        "circle", cx=across.at(point.got.value), cy=upward.at(point.importance.value), r=5.5,
        class_=f"point {kind}",
    )  # fmt: skip


def _label(place: tuple[float, float], *, text: str, label: Label | None) -> list[Markup]:
    """The text, with a thin line to its point where it stands away; none where no place was free."""
    if label is None:
        return []
    box = label.box
    parts = [element("text", text, x=box.left, y=box.bottom - SIZE * 0.34, class_="label")]
    if label.led:
        near = box.left if abs(box.left - place[0]) < abs(box.right - place[0]) else box.right
        parts.insert(
            0,
            element("line", x1=place[0], y1=place[1], x2=near, y2=(box.top + box.bottom) / 2, class_="lead"),
        )
    return parts
