"""Which touchpoints go together with satisfaction: order, sides, and importance against performance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from forvent.records import Driver, Drivers, Estimate, NotEnough
from forvent.report.pictures.kinds import penalty_reward
from forvent.report.pictures.legend import row_axis
from forvent.report.pictures.ranked import ranked_mark
from forvent.report.plain_text import plain_text
from forvent.report.sections.kind_parts import UNDECIDED, PageSection, RankedRow, quoted, readable
from forvent.report.sections.kinds import KindRow, reach_of, side_ticks
from forvent.report.sections.matters import error_said, fields_said, plane_pictures, plane_words
from forvent.report.sections.parts import DataTable, data_table
from forvent.report.verdicts import Plane, placed
from forvent.report.wording import Wording
from forvent.tables import KINDS

HALF = 0.5
LEAST_PLACED = 3
UPSIDE_DOWN, ALIKE = "upside_down", "alike"


def order_section(drivers: Drivers, *, wording: Wording) -> PageSection:
    """Touchpoints by their share of what the ratings explain, the largest first."""
    known = [one for one in drivers.touchpoints if isinstance(one.share, Estimate)]
    reach = _tenth_above([one.share.high for one in known if isinstance(one.share, Estimate)])
    how = wording.say("drivers_page.order.how")
    if drivers.sampled:
        error = error_said(drivers.sampling_error, wording=wording)
        how += " " + wording.say("drivers_page.order.sampled", error=error)
    if any(one.stated is not None for one in known):
        how += " " + wording.say("drivers_page.order.stated")
    return PageSection(
        anchor="order",
        question=wording.say("drivers_page.order.question"),
        finding=order_finding(drivers, wording=wording),
        how=how,
        care=_care(drivers, wording=wording),
        ranked=tuple(_ranked(one, reach=reach, wording=wording) for one in known),
        axis=row_axis([wording.percent(reach * part / 4) for part in range(5)]),
        tables=(_table(drivers, wording=wording),),
    )


def order_finding(drivers: Drivers, *, wording: Wording) -> str:
    """The heading: the fewest touchpoints that hold half of what the ratings explain."""
    held, names = 0.0, []
    for one in drivers.touchpoints:
        if isinstance(one.share, NotEnough) or held >= HALF:
            break
        held += one.share.value
        names.append(one.name)
    if not names:
        return wording.say("drivers_page.order.unknown", overall=plain_text(drivers.overall))
    return wording.say(
        "drivers_page.order.finding",
        names=quoted(names, wording=wording),
        share=wording.percent(held),
        overall=plain_text(drivers.overall),
    )


def title_said(drivers: Drivers, *, wording: Wording) -> str:
    """The title of the page: what goes together with it most, or those that may."""
    overall = plain_text(drivers.overall)
    tied = first_ones(drivers)
    if not tied:
        return wording.say("drivers_page.title", overall=overall)
    key = "title_first" if len(tied) == 1 else "title_tied"
    return wording.say(f"drivers_page.{key}", names=quoted(tied, wording=wording), overall=overall)


def first_ones(drivers: Drivers) -> list[str]:
    """Touchpoints that may be the most important."""
    return [one.name for one in drivers.touchpoints if isinstance(one.rank, Estimate) and one.rank.low <= 1.0]


def sides_section(drivers: Drivers, *, wording: Wording) -> PageSection:
    """What goes together with low and with high ratings, decided kinds first."""
    known = [
        one
        for one in drivers.touchpoints
        if isinstance(one.penalty, Estimate) or isinstance(one.reward, Estimate)
    ]
    known.sort(key=lambda one: (KINDS.index(one.kind), -_size(one.penalty) - _size(one.reward)))
    reach = reach_of([side for one in known for side in (one.penalty, one.reward)], wording)
    rest = [one.name for one in drivers.touchpoints if one not in known]
    lines = [wording.say("drivers_page.sides.rest", names=quoted(rest, wording=wording))] if rest else []
    return PageSection(
        anchor="sides",
        question=wording.say("kinds.question"),
        finding=sides_finding(drivers, wording=wording),
        how=wording.say("drivers_page.sides.how"),
        heads=(wording.say("drivers_page.sides.low"), wording.say("drivers_page.sides.high")),
        rows=tuple(_row(one, reach=reach, wording=wording) for one in known),
        axis=row_axis(side_ticks(reach, wording)),
        lines=(*lines, *_odd(known, wording=wording)),
    )


def sides_finding(drivers: Drivers, *, wording: Wording) -> str:
    """The heading: what looks basic and what looks exciting."""
    kinds = {
        kind: [one.name for one in drivers.touchpoints if one.kind == kind]
        for kind in ("basic", "excitement", "performance")
    }
    key = "_".join(kind for kind, names in kinds.items() if names and kind != "performance")
    if not key:
        key = "performance" if kinds["performance"] else "none"
    said = {kind: quoted(names, wording=wording) if names else "" for kind, names in kinds.items()}
    return wording.say(f"drivers_page.sides.finding_{key}", **said)


def plane_of(drivers: Drivers) -> Plane | None:
    """Touchpoints by importance and mean rating, against the cross-hair at their means."""
    both = [
        (one.performance, one.share)
        for one in drivers.touchpoints
        if isinstance(one.performance, Estimate) and isinstance(one.share, Estimate)
    ]
    if len(both) < LEAST_PLACED:
        return None
    return placed(
        [(one.name, one.performance, one.share, one.place) for one in drivers.touchpoints],
        got=sum(well.value for well, _ in both) / len(both),
        importance=sum(share.value for _, share in both) / len(both),
    )


def plane_section(drivers: Drivers, *, wording: Wording) -> PageSection | None:
    """Importance against mean rating; None with fewer than three touchpoints."""
    found = plane_of(drivers)
    if found is None:
        return None
    work = [point.name for point in found.points if point.field == "work"]
    finding = (
        wording.say("drivers_page.plane.finding", names=quoted(work, wording=wording))
        if work
        else wording.say("matters.finding_none")
    )
    words = plane_words(found, says=finding, name=readable, wording=wording)
    words = replace(
        words,
        across=wording.say("drivers_page.plane.across"),
        upward=wording.say("drivers_page.plane.upward"),
        ticks=tuple((tenth / 10, wording.number(10 * tenth)) for tenth in range(11)),
    )
    return PageSection(
        anchor="plane",
        question=wording.say("matters.question"),
        finding=finding,
        pictures=plane_pictures(found, words=words),
        fields=fields_said(found, name=readable, wording=wording),
        beside=wording.say(
            "drivers_page.plane.crosshair",
            got=wording.number(100 * found.got),
            importance=wording.percent(found.importance, decimals=1),
        ),
    )


def place_range(one: Driver, *, wording: Wording) -> str:
    """The interval of its place by importance."""
    if isinstance(one.rank, NotEnough):
        return wording.say("numbers.none")
    low, high = wording.number(one.rank.low), wording.number(one.rank.high)
    return low if low == high else f"{low}–{high}"


def _ranked(one: Driver, *, reach: float, wording: Wording) -> RankedRow:
    share, name = wording.share_range(one.share, decimals=1), readable(one.name)
    place = wording.say("drivers_page.order.place", place=place_range(one, wording=wording))
    said = wording.say("drivers_page.order.alternative", name=name, share=share, place=place)
    picture = ranked_mark(one.share, beside=one.stated, reach=reach, says=said)
    return RankedRow(name=name, picture=picture, said=share, place=place)


def _row(one: Driver, *, reach: float, wording: Wording) -> KindRow:
    low, high = (wording.rating_difference(side, noun="kinds_answers") for side in (one.penalty, one.reward))
    kind, decided = wording.label("kinds", one.kind), one.kind != UNDECIDED
    name = readable(one.name)
    says = wording.say("drivers_page.sides.alternative", name=name, kind=kind, low=low, high=high)
    picture = penalty_reward(one.penalty, reward=one.reward, reach=reach, decided=decided, says=says)
    return KindRow(name=name, kind=kind, decided=decided, penalty=low, reward=high, picture=picture)


def _care(drivers: Drivers, *, wording: Wording) -> tuple[str, ...]:
    if UPSIDE_DOWN not in drivers.cautions:
        return ()
    return (wording.say("drivers_page.care.upside_down", overall=plain_text(drivers.overall)),)


def _odd(known: Sequence[Driver], *, wording: Wording) -> list[str]:
    """What looks odd in single touchpoints, one sentence a kind of oddity."""
    said: dict[str, list[str]] = {}
    for one in known:
        for caution in one.cautions:
            what, _, other = caution.partition(":")
            if what == ALIKE:
                pair = quoted(sorted((one.name, other)), wording=wording)
                said.setdefault(wording.say("drivers_page.care.alike", names=pair), [])
            else:
                said.setdefault(what, []).append(one.name)
    return [
        wording.say(f"drivers_page.care.{what}_one", names=quoted(names, wording=wording)) if names else what
        for what, names in said.items()
    ]


def _table(drivers: Drivers, *, wording: Wording) -> DataTable:
    keys = ("importance", "place", "kind", "low", "high", "asymmetry", "rating", "stated", "answers")

    def row(one: Driver) -> tuple[str, ...]:
        stated = one.stated
        return (
            readable(one.name),
            wording.share_range(one.share, noun="kinds_answers", decimals=1),
            place_range(one, wording=wording),
            wording.label("kinds", one.kind),
            wording.rating_range(one.penalty),
            wording.rating_range(one.reward),
            _plain(one.asymmetry, wording),
            wording.rating_range(one.performance),
            wording.say("numbers.none") if stated is None else wording.rating_range(stated),
            wording.number(one.ratings.rated),
        )

    return data_table(
        wording.say("drivers_page.order.table"),
        head=[wording.say(f"kinds_page.columns.{key}") for key in ("touchpoint", *keys)],
        rows=[row(one) for one in drivers.touchpoints],
    )


def _plain(amount: Estimate | NotEnough, wording: Wording) -> str:
    if isinstance(amount, NotEnough):
        return wording.say("numbers.none")
    value, low, high = (wording.number(part, decimals=2) for part in (amount.value, amount.low, amount.high))
    return wording.say("numbers.range", value=value, low=low, high=high)


def _size(amount: Estimate | NotEnough) -> float:
    return abs(amount.value) if isinstance(amount, Estimate) else 0.0


def _tenth_above(highs: Sequence[float]) -> float:
    """The right edge: a quarter of it is a whole percent."""
    most = max([*highs, 0.04])
    return next((edge for edge in (0.04, 0.08, 0.2, 0.4, 0.6, 0.8, 1.0) if most <= edge), 1.0)
