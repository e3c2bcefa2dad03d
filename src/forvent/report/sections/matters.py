"""What matters: importance against what was got."""

from __future__ import annotations

from dataclasses import dataclass

from forvent.records import Findings
from forvent.report.pictures.matters import PlaneWords, importance_performance
from forvent.report.pictures.svg import round_ticks
from forvent.report.sections.parts import DataTable, Pictures, data_table
from forvent.report.verdicts import UNDECIDED, Placed, Plane, plane
from forvent.report.wording import Wording

FIELDS = ("work", "keep", "later", "relax")


@dataclass(frozen=True, slots=True)
class MattersSection:
    """All that the section shows; no pictures where there are too few expectations."""

    finding: str
    crosshair: str
    fields: tuple[tuple[str, str], ...]
    pictures: Pictures | None
    table: DataTable | None


def matters_section(findings: Findings, *, wording: Wording) -> MattersSection:
    """Expectations on the plane of importance and what was got, the most important first."""
    found = plane(findings.gaps)
    if found is None:
        return MattersSection(
            finding=wording.say("matters.finding_unknown"), crosshair="", fields=(), pictures=None, table=None
        )
    points = tuple(sorted(found.points, key=lambda point: -point.importance.value))
    found = Plane(got=found.got, importance=found.importance, points=points)
    finding = matters_finding(found, wording=wording)
    words = _words(found, says=finding, wording=wording)
    return MattersSection(
        finding=finding,
        crosshair=wording.say(
            "matters.crosshair",
            got=wording.percent(found.got),
            importance=wording.number(found.importance * wording.span, decimals=2),
            scale=wording.scale_name(),
        ),
        fields=tuple(
            (wording.say(f"matters.{field}"), _names_in(found, field, wording))
            for field in (*FIELDS, UNDECIDED)
        ),
        pictures=Pictures(
            wide=importance_performance(found, words=words),
            narrow=importance_performance(found, words=words, narrow=True),
        ),
        table=_table(found, wording),
    )


def matters_finding(found: Plane, *, wording: Wording) -> str:
    """The heading: the most important point that is surely below the rest."""
    work = [point for point in found.points if point.field == "work"]
    if not work:
        return wording.say("matters.finding_none")
    first = max(work, key=lambda point: point.importance.value)
    key = "matters.finding" if len(work) == 1 else "matters.finding_several"
    others = wording.counted("others", len(work) - 1)
    return wording.say(key, name=wording.name(first.gap.expectation), others=others)


def _names_in(found: Plane, field: str, wording: Wording) -> str:
    names = [wording.name(point.gap.expectation) for point in found.points if point.field == field]
    return wording.list_of(names) if names else wording.say("numbers.none")


def _words(found: Plane, *, says: str, wording: Wording) -> PlaneWords:
    top = max(point.importance.high for point in found.points) * wording.span
    decimals = 2 if top < 1 else 1
    upward = round_ticks(0.0, high=top, most=6)
    return PlaneWords(
        says=says,
        across=wording.say("matters.across"),
        upward=wording.say("matters.upward", scale=wording.scale_name()),
        fields={field: wording.say(f"matters.{field}") for field in FIELDS},
        ticks=tuple((tenth / 10, wording.percent(tenth / 10)) for tenth in range(0, 11, 2)),
        upward_ticks=tuple(
            (tick / wording.span, wording.number(tick, decimals=decimals if tick else 0)) for tick in upward
        ),
        names=[wording.name(point.gap.expectation) for point in found.points],
    )


def _table(found: Plane, wording: Wording) -> DataTable:
    def row(point: Placed) -> tuple[str, ...]:
        field = "matters.undecided" if point.field == UNDECIDED else f"matters.{point.field}"
        return (
            wording.name(point.gap.expectation),
            wording.share(point.got),
            wording.rating_difference(point.importance),
            wording.say(field),
        )

    keys = ("name", "got", "importance", "field")
    return data_table(
        wording.say("matters.table", scale=wording.scale_name()),
        head=[wording.say(f"columns.{key}") for key in keys],
        rows=[row(point) for point in found.points],
    )
