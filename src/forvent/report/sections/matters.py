"""What matters: importance against what was got."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from forvent.records import Estimate, ExpectationImportance, Findings, Importances
from forvent.report.pictures.matters import PlaneWords, highest, importance_performance
from forvent.report.pictures.svg import round_ticks
from forvent.report.sections.parts import DataTable, Pictures, data_table
from forvent.report.verdicts import UNDECIDED, Plane, plane
from forvent.report.wording import Wording

FIELDS = ("work", "keep", "later", "relax")
MENTIONS = "mentions"
#: Shares beside which a tick is told, where they lie on the axis.
_TICKS = (0.0, 0.01, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0)
# Ticks nearer to one another than this, on an axis of roots from 0 to 1, would run into each other.
_APART = 0.09


@dataclass(frozen=True, slots=True)
class MattersSection:
    """All that the section shows; no pictures where there are too few expectations."""

    finding: str
    basis: str
    crosshair: str
    named: tuple[str, ...]
    fields: tuple[tuple[str, str], ...]
    pictures: Pictures | None
    table: DataTable | None


def matters_section(findings: Findings, *, wording: Wording) -> MattersSection:
    """Expectations on the plane of importance and what was got, the most important first."""
    importances, found = findings.importance, plane(findings.importance)
    if found is None or importances is None:
        return MattersSection(
            finding=wording.say("matters.finding_unknown"),
            basis="",
            crosshair="",
            named=(),
            fields=(),
            pictures=None,
            table=None,
        )
    finding = matters_finding(found, wording=wording)
    words = _words(found, importances, says=finding, wording=wording)
    return MattersSection(
        finding=finding,
        basis=basis_said(importances, wording=wording),
        crosshair=crosshair_said(found, wording=wording),
        named=named_said(found, wording=wording),
        fields=fields_said(found, name=wording.name, wording=wording),
        pictures=plane_pictures(found, words=words),
        table=_table(found, importances, wording),
    )


def matters_finding(found: Plane, *, wording: Wording) -> str:
    """The heading: the most important point that is surely below the rest."""
    work = [point for point in found.points if point.field == "work"]
    if not work:
        return wording.say("matters.finding_none")
    first = max(work, key=lambda point: point.importance.value)
    key = "matters.finding" if len(work) == 1 else "matters.finding_several"
    others = wording.counted("others", len(work) - 1)
    return wording.say(key, name=wording.name(first.name), others=others)


def basis_said(importances: Importances, *, wording: Wording) -> str:
    """What importance is here, and why it is not more."""
    if importances.basis == MENTIONS:
        why = wording.say(f"matters.why_{importances.why}")
        return f"{why} {wording.say('matters.basis_mentions')}"
    said = wording.say(
        "matters.basis_ratings",
        explained=wording.share_range(importances.explained),
        count=wording.counted("voices", importances.rated),
    )
    if not importances.sampled:
        return said
    error = error_said(importances.error, wording=wording)
    return f"{said} {wording.say('matters.sampled', error=error)}"


def error_said(error: float, *, wording: Wording) -> str:
    """An upper bound of an error as percent, never rounded down to none."""
    return wording.percent(max(error, 0.0001), decimals=2)


def crosshair_said(found: Plane, *, wording: Wording) -> str:
    """Where the cross-hair stands, and which points are filled."""
    return wording.say(
        "matters.crosshair",
        got=wording.percent(found.got),
        importance=wording.percent(found.importance, decimals=1),
    )


def named_said(found: Plane, *, wording: Wording) -> tuple[str, ...]:
    """What the second mark is, and which expectations are surely named more, or less, than they matter."""
    if all(point.named is None for point in found.points):
        return ()
    lines = [wording.say("matters.named")]
    for heard in ("less", "more"):
        names = [wording.name(point.name) for point in found.points if point.heard == heard]
        if names:
            lines.append(wording.say(f"matters.named_{heard}", names=wording.list_of(names)))
    return tuple(lines)


def fields_said(found: Plane, *, name: Callable[[str], str], wording: Wording) -> tuple[tuple[str, str], ...]:
    """Each field with the names in it."""
    inside = {
        field: [name(point.name) for point in found.points if point.field == field]
        for field in (*FIELDS, UNDECIDED)
    }
    none = wording.say("numbers.none")
    return tuple(
        (wording.say(f"matters.{field}"), wording.list_of(names) if names else none)
        for field, names in inside.items()
    )


def plane_pictures(found: Plane, *, words: PlaneWords) -> Pictures:
    """The picture at both widths."""
    return Pictures(
        wide=importance_performance(found, words=words),
        narrow=importance_performance(found, words=words, narrow=True),
    )


def plane_words(found: Plane, *, says: str, name: Callable[[str], str], wording: Wording) -> PlaneWords:
    """What the picture says, with both axes in percent; what each axis is must still be said."""
    tenths = range(0, 11, 2)
    return PlaneWords(
        says=says,
        across="",
        upward="",
        fields={field: wording.say(f"matters.{field}") for field in FIELDS},
        ticks=tuple((tenth / 10, wording.percent(tenth / 10)) for tenth in tenths),
        upward_ticks=_upward_ticks(max(highest(point) for point in found.points), wording),
        names=[name(point.name) for point in found.points],
    )


def _upward_ticks(top: float, wording: Wording) -> tuple[tuple[float, str], ...]:
    """Round shares that stand far enough apart on an axis of roots."""
    if top <= _TICKS[1]:
        return tuple((tick, wording.percent(tick, decimals=1)) for tick in round_ticks(0.0, high=top, most=3))
    kept: list[float] = []
    for tick in _TICKS:
        if tick <= top and (not kept or (tick / top) ** 0.5 - (kept[-1] / top) ** 0.5 > _APART):
            kept.append(tick)
    return tuple((tick, wording.percent(tick)) for tick in kept)


def _words(found: Plane, importances: Importances, *, says: str, wording: Wording) -> PlaneWords:
    return replace(
        plane_words(found, says=says, name=wording.name, wording=wording),
        across=wording.say("matters.across"),
        upward=wording.say(f"matters.upward_{importances.basis}"),
    )


def _table(found: Plane, importances: Importances, wording: Wording) -> DataTable:
    fields = {point.name: point.field for point in found.points}

    def row(one: ExpectationImportance) -> tuple[str, ...]:
        return (
            wording.name(one.expectation),
            wording.share_range(one.importance, decimals=1),
            place_said(one, wording=wording),
            wording.share_range(one.spoken),
            wording.share_range(one.wished),
            wording.share(one.performance),
            wording.say(f"matters.{fields.get(one.expectation, UNDECIDED)}"),
        )

    keys = ("name", "importance", "place", "spoken", "wished", "got", "field")
    return data_table(
        wording.say(f"matters.table_{importances.basis}"),
        head=[wording.say(f"columns.{key}") for key in keys],
        rows=[row(one) for one in importances.expectations],
    )


def place_said(one: ExpectationImportance, *, wording: Wording) -> str:
    """The interval of its place by importance."""
    if not isinstance(one.rank, Estimate):
        return wording.say("numbers.none")
    low, high = (wording.number(end) for end in (one.rank.low, one.rank.high))
    return low if low == high else f"{low}–{high}"
