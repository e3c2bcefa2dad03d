"""What goes together with an expectation met more often, and with a promise of another length."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from forvent.records import Estimate, Findings
from forvent.records.plan import IfMet, IfPromised
from forvent.report.sections.parts import DataTable, data_table
from forvent.report.wording import Amount, Wording

ROWS_SHOWN = 8


@dataclass(frozen=True, slots=True)
class WhatIfSection:
    """All that the section shows."""

    finding: str
    met: DataTable | None
    promises: DataTable | None


def what_if_section(findings: Findings, *, wording: Wording) -> WhatIfSection | None:
    """Shares met and promises that were tried; None where the ratings carry neither."""
    tried = findings.what_if
    if tried is None:
        return None
    met = [row for row in tried.met if isinstance(row.rating, Estimate)][:ROWS_SHOWN]
    if not met and not tried.promises:
        return None
    return WhatIfSection(
        finding=what_if_finding(met, wording=wording),
        met=_met_table(met, wording) if met else None,
        promises=_promise_table(tried.promises, wording) if tried.promises else None,
    )


def what_if_finding(met: Sequence[IfMet], *, wording: Wording) -> str:
    """The heading: the share met that surely goes together with the largest difference of the ratings."""
    sure = [
        (row, row.rating)
        for row in met
        if isinstance(row.rating, Estimate) and row.rating.low > 0.0 and row.target > row.got.value
    ]
    if not sure:
        return wording.say("what_if.finding_none" if met else "what_if.finding_promise")
    row, rating = max(sure, key=lambda one: one[1].value)
    return wording.say(
        "what_if.finding",
        name=wording.name(row.expectation),
        target=wording.percent(row.target),
        got=wording.share_value(row.got),
        points=wording.rating_points(rating.value),
    )


def _met_table(rows: Sequence[IfMet], wording: Wording) -> DataTable:
    keys = ("today", "tried", "rating", "dissatisfied")
    return data_table(
        wording.say("what_if.table", scale=wording.scale_name()),
        head=[wording.say("columns.name"), *(wording.say(f"what_if_columns.{key}") for key in keys)],
        rows=[
            (
                wording.name(row.expectation),
                wording.share_range(row.got),
                wording.percent(row.target),
                _signed(row.rating, wording.span, decimals=wording.rating_decimals, wording=wording),
                _signed(row.dissatisfied, 100.0, decimals=1, wording=wording),
            )
            for row in rows
        ],
    )


def _promise_table(rows: Sequence[IfPromised], wording: Wording) -> DataTable:
    return data_table(
        wording.say("what_if.promises", scale=wording.scale_name()),
        head=[wording.say(f"what_if_columns.{key}") for key in ("promise", "kept", "rating")],
        rows=[
            (
                wording.say("what_if.today", duration=_length(row, wording))
                if row.today
                else _length(row, wording),
                wording.share(row.kept, noun="cases"),
                "–"
                if row.today
                else _signed(row.rating, wording.span, decimals=wording.rating_decimals, wording=wording),
            )
            for row in rows
        ],
    )


def _length(row: IfPromised, wording: Wording) -> str:
    return wording.duration(row.length, unit=row.unit)


def _signed(amount: Amount, factor: float, *, decimals: int, wording: Wording) -> str:
    """A difference with its sign and its interval: "+0.12 (+0.05 to +0.20)"."""
    if not isinstance(amount, Estimate):
        return wording.unknown(amount)

    def part(value: float) -> str:
        shown = wording.number(factor * value, decimals=decimals)
        return f"+{shown}" if round(factor * value, decimals) > 0 else shown

    return wording.say(
        "numbers.range", value=part(amount.value), low=part(amount.low), high=part(amount.high)
    )
