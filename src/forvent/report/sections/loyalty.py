"""What is at stake: the purchases ahead, and those of customers who find an expectation unmet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from statistics import NormalDist

from markupsafe import Markup

from forvent.records import Estimate, Findings, NotEnough
from forvent.records.loyalty import HeldOut, PastForecast, Returning, ValueAtRisk
from forvent.report.pictures.dumbbell import dumbbell
from forvent.report.pictures.shares import share_bar
from forvent.report.sections.parts import DataTable, data_table
from forvent.report.verdicts import ABOVE, SHORT, UNDECIDED
from forvent.report.wording import Wording

MOST_ROWS = 8


@dataclass(frozen=True, slots=True)
class BarRow:
    """A share as a bar, with its numbers and what stands under it."""

    name: str
    numbers: str
    picture: Markup | None
    aside: str = ""


@dataclass(frozen=True, slots=True)
class CameRow:
    """A forecast as it would have been made, beside what came."""

    name: str
    picture: Markup
    verdict: str
    expected: str
    came: str


@dataclass(frozen=True, slots=True)
class LoyaltySection:
    """All that the section shows."""

    finding: str
    lede: tuple[str, ...]
    how: str
    rows: tuple[BarRow, ...]
    more: str
    past: tuple[CameRow, ...]
    table: DataTable | None


def loyalty_section(findings: Findings, *, wording: Wording) -> LoyaltySection | None:
    """Who comes back by the record, and whose purchases a gap touches; None where no episode says who."""
    loyalty = findings.loyalty
    if loyalty is None:
        return None
    risks = [risk for risk in findings.at_risk if isinstance(risk.share, Estimate)]
    return LoyaltySection(
        finding=_finding(loyalty, risks, wording=wording),
        lede=_lede(loyalty, wording=wording),
        how=wording.say("loyalty.how") if risks else "",
        rows=tuple(_risk_row(risk, wording=wording) for risk in risks[:MOST_ROWS]),
        more=wording.counted("loyalty_more", len(risks) - MOST_ROWS) if len(risks) > MOST_ROWS else "",
        past=came_rows(loyalty.past, held=None, level=loyalty.level, wording=wording),
        table=_table(risks, wording) if risks else None,
    )


def _finding(loyalty: Returning, risks: Sequence[ValueAtRisk], *, wording: Wording) -> str:
    if isinstance(loyalty.purchases, NotEnough):
        count = wording.counted("customers", loyalty.purchases.n)
        return wording.say("loyalty.finding_few", count=count)
    first = next((risk for risk in risks if risk.exposed > 0), None)
    if first is None or isinstance(first.share, NotEnough):
        purchases = wording.counted("loyalty_purchases", round(loyalty.purchases.value))
        days = wording.duration(loyalty.horizon)
        return wording.say("loyalty.finding_ahead", purchases=purchases, days=days)
    name, share = wording.name(first.expectation), wording.share_value(first.share)
    return wording.say("loyalty.finding_risk", name=name, share=share)


def _lede(loyalty: Returning, *, wording: Wording) -> tuple[str, ...]:
    customers = wording.counted("customers", loyalty.customers)
    until = wording.date(noon(loyalty.until))
    lines = [
        wording.say("loyalty.known", customers=customers, until=until),
        wording.say("loyalty.again", share=wording.share(loyalty.repeat_share, noun="customers")),
    ]
    if isinstance(loyalty.purchases, Estimate):
        days = wording.duration(loyalty.horizon)
        lines.append(
            wording.say("loyalty.ahead", days=days, purchases=purchases(loyalty.purchases, wording=wording))
        )
    return tuple(lines)


def purchases(found: Estimate, *, wording: Wording) -> str:
    """A number of purchases with its interval: "1,766 (1,351 to 2,237)"."""
    value, low, high = (wording.number(part) for part in (found.value, found.low, found.high))
    return wording.say("numbers.range", value=value, low=low, high=high)


def noon(day: date) -> datetime:
    """A day as a moment, which is what dates are worded from."""
    return datetime.combine(day, time(12))


def _risk_row(risk: ValueAtRisk, *, wording: Wording) -> BarRow:
    name = wording.name(risk.expectation)
    numbers = wording.share(risk.share, noun="customers")
    unmet = wording.counted("loyalty_unmet", risk.customers)
    judged = wording.counted("loyalty_judged", risk.judged)
    aside = wording.say("loyalty.of_judged", unmet=unmet, judged=judged)
    if isinstance(risk.behind, Estimate):
        behind = purchases(risk.behind, wording=wording)
        aside += " " + wording.say("loyalty.behind", purchases=behind)
    says = wording.say("loyalty.alternative", name=name, numbers=numbers)
    picture = share_bar(risk.share, says=says) if isinstance(risk.share, Estimate) else None
    return BarRow(name, numbers, picture, aside)


def came_rows(
    past: Sequence[PastForecast], *, held: HeldOut | None, level: float, wording: Wording, until: str = ""
) -> tuple[CameRow, ...]:
    """Forecasts of the past beside what came; the one on days that were held out, first."""
    wide = NormalDist().inv_cdf((1.0 + level) / 2.0)
    told = [
        (
            wording.say(
                "loyalty.window",
                days=wording.duration(one.days),
                until=wording.date(noon(one.until)),
            ),
            Estimate(
                one.expected,
                max(0.0, one.expected - wide * one.spread),
                one.expected + wide * one.spread,
                one.customers,
            ),
            one.bought,
        )
        for one in past
    ]
    if held is not None:
        name = wording.say("loyalty.window", days=wording.duration(held.days), until=until)
        told.insert(0, (name, held.expected, held.bought))
    reach = max([1.0, *(max(expected.high, came) for _, expected, came in told)]) * 1.02
    return tuple(
        _came_row(name, expected, came=came, reach=reach, wording=wording) for name, expected, came in told
    )


def _came_row(name: str, expected: Estimate, *, came: int, reach: float, wording: Wording) -> CameRow:
    verdict = SHORT if came < expected.low else ABOVE if came > expected.high else UNDECIDED
    shown, number = purchases(expected, wording=wording), wording.number(came)
    key = "inside" if verdict == UNDECIDED else "fewer" if verdict == SHORT else "more"
    says = wording.say("loyalty.came_alternative", name=name, expected=shown, came=number)
    on_axis = Estimate(
        expected.value / reach, expected.low / reach, expected.high / reach, max(1, expected.n)
    )
    point = Estimate(came / reach, came / reach, came / reach, 1)
    return CameRow(
        name=name,
        picture=dumbbell(on_axis, got=point, verdict=verdict, assumed=False, says=says),
        verdict=wording.say(f"loyalty.came_{key}"),
        expected=wording.say("loyalty.expected", purchases=shown),
        came=wording.say("loyalty.came", purchases=number),
    )


def _table(risks: Sequence[ValueAtRisk], wording: Wording) -> DataTable:
    def row(risk: ValueAtRisk) -> tuple[str, ...]:
        behind = risk.behind
        return (
            wording.name(risk.expectation),
            wording.number(risk.judged),
            wording.number(risk.customers),
            wording.number(risk.exposed),
            wording.share_range(risk.share, noun="customers"),
            purchases(behind, wording=wording)
            if isinstance(behind, Estimate)
            else wording.say("numbers.none"),
        )

    keys = ("judged", "unmet", "exposed", "share", "behind")
    return data_table(
        wording.say("loyalty.table"),
        head=[wording.say("columns.name"), *(wording.say(f"loyalty.columns.{key}") for key in keys)],
        rows=[row(risk) for risk in risks],
    )
