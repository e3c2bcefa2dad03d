"""Which link broke: expected, promised, delivered, perceived."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from forvent.records import Chain, Estimate, Findings, Link, NotEnough, SatisfactionCell, SatisfactionPoint
from forvent.report.pictures.chain import LINKS, CurveWords, beads, days_shown, satisfaction_curve
from forvent.report.pictures.svg import round_ticks
from forvent.report.sections.chain_parts import (
    FaultsShown,
    TopicsShown,
    beyond_said,
    faults_shown,
    owners_found,
    topics_shown,
)
from forvent.report.sections.parts import DataTable, Pictures, data_table
from forvent.report.wording import Wording

BEADS = ("expected", "promised", "delivered", "perceived")
RATINGS = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True, slots=True)
class LinkShown:
    """A link and its share; ``is_broken`` marks the one that broke most often.

    ``beyond`` is the share beyond what would be expected anyway, empty where there is none.
    """

    name: str
    share: str
    is_broken: bool
    beyond: str = ""


@dataclass(frozen=True, slots=True)
class Square:
    """One of the four cells of kept or late against quick or slow."""

    satisfied: str
    detail: str
    width: str


@dataclass(frozen=True, slots=True)
class ChainSection:
    """All that the section shows; only ``finding`` where voices and episodes do not join."""

    finding: str
    lede: str = ""
    beads: tuple[str, ...] = ()
    picture: Markup | None = None
    links: tuple[LinkShown, ...] = ()
    elsewhere: LinkShown | None = None
    quick: str = ""
    slow: str = ""
    squares: tuple[tuple[str, tuple[Square, ...]], ...] = ()
    differences: tuple[str, ...] = ()
    curve: Pictures | None = None
    table: DataTable | None = None
    anyway: str = ""
    faults: FaultsShown | None = None
    topics: TopicsShown | None = None


def chain_section(findings: Findings, *, wording: Wording) -> ChainSection:
    """Links, the four cells, and the curve of satisfaction around the promise."""
    chain = findings.chain
    if chain is None:
        return ChainSection(finding=wording.say("chain.finding_unknown"))
    broken = broken_link(chain.links)
    links = {link.name: _link(link, broken=broken, wording=wording) for link in chain.links}
    slow_from = wording.duration(round(chain.slow_from_days, 1))
    return ChainSection(
        finding=chain_finding(chain, wording=wording),
        lede=wording.say(
            "chain.lede",
            joined=wording.counted("joined", chain.joined),
            dissatisfied=wording.counted("dissatisfied", chain.dissatisfied),
        ),
        beads=tuple(wording.say(f"chain.{bead}") for bead in BEADS),
        picture=beads(broken if broken in LINKS else None, says=_beads_say(chain, wording)),
        links=tuple(links[name] for name in LINKS if name in links),
        elsewhere=links.get("elsewhere"),
        quick=wording.say("chain.quick", duration=slow_from),
        slow=wording.say("chain.slow", duration=slow_from),
        squares=_squares(chain.cells, wording),
        differences=_differences(chain, wording),
        curve=_curve(chain.curve, wording),
        table=_table(chain.curve, wording),
        anyway=_anyway(chain, wording),
        faults=faults_shown(chain, wording=wording),
        topics=topics_shown(chain, wording=wording),
    )


def broken_link(links: Sequence[Link]) -> str | None:
    """The link that broke in the largest share; None where no share is known or the largest is shared."""
    known = [(link.share.value, link.name) for link in links if isinstance(link.share, Estimate)]
    if not known:
        return None
    top = max(known)
    return None if sum(value == top[0] for value, _ in known) > 1 else top[1]


def chain_finding(chain: Chain, *, wording: Wording) -> str:
    """The heading: what lateness and slowness go together with, each only as far as it is known."""
    late, slow = chain.late_difference, chain.slow_difference
    if isinstance(late, NotEnough):
        return wording.say("chain.finding_unknown_late")
    points = {
        "late": wording.rating_points(late.value),
        "slow": wording.rating_points(slow.value) if isinstance(slow, Estimate) else "",
        "scale": wording.scale_name(),
    }
    if late.high >= 0.0:
        return wording.say("chain.finding_undecided", **points)
    if isinstance(slow, NotEnough):
        return wording.say("chain.finding_late", **points)
    return wording.say("chain.finding_late_not_slow" if slow.high >= 0.0 else "chain.finding", **points)


def chain_lines(chain: Chain, *, wording: Wording) -> list[str]:
    """The links that broke with their shares, and owners that surely differ from all others."""
    lines = []
    for link in chain.links:
        if link.count and link.attributable is not None:
            beyond = beyond_said(link.attributable, wording=wording)
            share = wording.share(link.share, noun="episodes")
            said = wording.say("chain.link_share", link=wording.say(f"chain.{link.name}"), share=share)
            lines.append(f"{said}; {beyond}" if beyond else said)
    return [*lines, *owners_found(chain, wording=wording)]


def _link(link: Link, *, broken: str | None, wording: Wording) -> LinkShown:
    return LinkShown(
        name=wording.say(f"chain.{link.name}"),
        share=wording.share(link.share, noun="episodes"),
        is_broken=link.name == broken,
        beyond=beyond_said(link.attributable, wording=wording),
    )


def _anyway(chain: Chain, wording: Wording) -> str:
    if not isinstance(chain.expected_anyway, Estimate):
        return ""
    return wording.say("chain.anyway", share=wording.share_range(chain.expected_anyway))


def _beads_say(chain: Chain, wording: Wording) -> str:
    return wording.say(
        "chain.alternative",
        links=wording.list_of(
            wording.say(
                "chain.link_share",
                link=wording.say(f"chain.{link.name}"),
                share=wording.share(link.share, noun="episodes"),
            )
            for link in chain.links
        ),
    )


def _squares(
    cells: Sequence[SatisfactionCell], wording: Wording
) -> tuple[tuple[str, tuple[Square, ...]], ...]:
    by_place = {(cell.kept, cell.slow): cell for cell in cells}
    rows = []
    for kept in (True, False):
        row = tuple(_square(by_place.get((kept, slow)), wording) for slow in (False, True))
        rows.append((wording.say("chain.kept" if kept else "chain.late"), row))
    return tuple(rows) if cells else ()


def _square(cell: SatisfactionCell | None, wording: Wording) -> Square:
    if cell is None:
        return Square(satisfied="", detail=wording.say("numbers.none"), width="0%")
    if isinstance(cell.satisfied, NotEnough):
        return Square(satisfied="", detail=wording.unknown(cell.satisfied, noun="episodes"), width="0%")
    return Square(
        satisfied=wording.share_value(cell.satisfied),
        detail=wording.say(
            "chain.square",
            interval=wording.share_interval(cell.satisfied, noun="episodes"),
            rating=wording.rating_range(cell.mean_rating),
        ),
        width=f"{100 * cell.satisfied.value:.0f}%",
    )


def _differences(chain: Chain, wording: Wording) -> tuple[str, ...]:
    return tuple(
        wording.say(
            key, difference=wording.rating_difference(amount, noun="episodes"), scale=wording.scale_name()
        )
        for key, amount in (
            ("chain.late_difference", chain.late_difference),
            ("chain.slow_difference", chain.slow_difference),
        )
    )


def _curve(points: Sequence[SatisfactionPoint], wording: Wording) -> Pictures | None:
    known = [point for point in points if isinstance(point.mean_rating, Estimate)]
    if len(known) < 2:
        return None
    first, last = days_shown(points)
    words = CurveWords(
        says=_curve_says(known, wording),
        early=wording.say("chain.early_axis"),
        late=wording.say("chain.late_axis"),
        promise=wording.say("chain.promise_line"),
        upward=wording.say("chain.rating_axis", scale=wording.scale_name()),
        ticks=tuple((day, wording.number(day)) for day in round_ticks(first, high=last, most=7)),
        upward_ticks=tuple((rating, _rating(rating, wording)) for rating in RATINGS),
    )
    return Pictures(
        wide=satisfaction_curve(points, words=words),
        narrow=satisfaction_curve(points, words=words, narrow=True),
    )


def _rating(rating: float, wording: Wording) -> str:
    given = wording.on_scale(rating)
    return wording.number(given, decimals=0 if given == round(given) else 1)


def _curve_says(known: Sequence[SatisfactionPoint], wording: Wording) -> str:
    first, last = known[0], known[-1]
    return wording.say(
        "chain.curve_alternative",
        first=wording.rating(first.mean_rating, noun="episodes"),
        first_days=_days(first, wording),
        last=wording.rating(last.mean_rating, noun="episodes"),
        last_days=_days(last, wording),
    )


def _days(point: SatisfactionPoint, wording: Wording) -> str:
    low, high = point.days_late_from, point.days_late_to
    if math.isinf(low):
        return wording.say("chain.days_below", high=wording.number(high))
    if math.isinf(high):
        return wording.say("chain.days_above", low=wording.number(low))
    return wording.say("chain.days_between", low=wording.number(low), high=wording.number(high))


def _table(points: Sequence[SatisfactionPoint], wording: Wording) -> DataTable | None:
    if not points:
        return None
    return data_table(
        wording.say("chain.curve_table", scale=wording.scale_name()),
        head=[wording.say("columns.days"), wording.say("columns.rating")],
        rows=[
            (_days(point, wording), wording.rating(point.mean_rating, noun="episodes")) for point in points
        ],
    )
