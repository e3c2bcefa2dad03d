"""Whose voices are compared, what to mind, and the first screen of the comparison."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from forvent.records import Estimate
from forvent.records.market import Against, Company, Comparison, Market
from forvent.report.notes import note_said
from forvent.report.plain_text import plain_text
from forvent.report.sections.parts import DataTable, data_table
from forvent.report.wording import Wording

#: Channels and languages named of each side.
PARTS_SAID = 3
#: Customers who judge below which there is no number (``assess.market``).
LEAST_CUSTOMERS = 5
SIDES = "sides"


@dataclass(frozen=True, slots=True)
class SidesSection:
    """All that the section shows."""

    finding: str
    how: str
    left_out: str
    files: tuple[str, ...]
    notes: tuple[str, ...]
    table: DataTable
    definitions: tuple[tuple[str, str], ...]


def own_name(market: Market, *, wording: Wording) -> str:
    """What one's own company is called."""
    return plain_text(market.own.name) or wording.say("market.own")


def sides_section(market: Market, *, wording: Wording) -> SidesSection:
    """Who is compared, and where the voices come from."""
    companies = (market.own, *(against.other for against in market.against))
    left = [
        wording.say("market.of", name=plain_text(name), what=wording.counted("voices", count))
        for name, count in market.left_out.items()
    ]
    return SidesSection(
        finding=wording.say(
            "market.sides.finding",
            voices=wording.counted("voices", sum(company.voices for company in companies)),
            companies=wording.counted("companies", len(companies)),
        ),
        how=wording.say("market.sides.how"),
        left_out=wording.say("market.sides.left_out", names="; ".join(left)) if left else "",
        files=tuple(_file(report.file, report.used, report.rows, wording) for report in market.files),
        notes=tuple(
            plain_text(note_said(note, wording=wording)) for report in market.files for note in report.notes
        ),
        table=_table(market, wording),
        definitions=_definitions(market, wording),
    )


def care_lines(own: Company, against: Against, *, wording: Wording) -> tuple[str, ...]:
    """What to mind when the two are compared, a sentence each."""
    other = against.other
    fields: dict[str, tuple[str, str]] = {
        "channels": (_parts(own.channels, wording), _parts(other.channels, wording)),
        "languages": (_languages(own, wording), _languages(other, wording)),
        "times": (_times(own, wording), _times(other, wording)),
        "ratings": (_rated(own, wording), _rated(other, wording)),
    }
    lines = []
    for caution in against.cautions:
        said, theirs = fields.get(caution, ("", ""))
        lines.append(
            wording.say(f"market.care.{caution}", own=said, theirs=theirs, other=plain_text(other.name))
        )
    return tuple(lines)


def largest(market: Market, verdict: str) -> tuple[int, Against, Comparison, Estimate] | None:
    """Where the difference with this verdict is largest over all others: place, company, row, difference."""
    found = [
        (place, against, one, one.met)
        for place, against in enumerate(market.against)
        for one in against.comparisons
        if one.verdict == verdict and isinstance(one.met, Estimate)
    ]
    return max(found, key=lambda entry: round(abs(entry[3].value), 9), default=None)


def _file(name: str, used: int, rows: int, wording: Wording) -> str:
    return wording.say(
        "market.sides.file",
        file=plain_text(name),
        voices=wording.counted("voices", used),
        rows=wording.counted("rows", rows),
    )


def _table(market: Market, wording: Wording) -> DataTable:
    keys = ("company", "voices", "speaking", "customers", "times", "channels", "languages", "rated")
    companies = [(own_name(market, wording=wording), market.own)]
    companies += [(plain_text(against.other.name), against.other) for against in market.against]
    return data_table(
        wording.say("market.sides.table"),
        head=[wording.say(f"market.columns.{key}") for key in keys],
        rows=[
            (
                name,
                *(wording.number(count) for count in (one.voices, one.speaking, one.customers)),
                _times(one, wording),
                _parts(one.channels, wording),
                _languages(one, wording),
                _rated(one, wording),
            )
            for name, one in companies
        ],
    )


def _parts(spread: Mapping[str, int], wording: Wording) -> str:
    """The most frequent values with their shares: "web 60 %, chat 40 %"."""
    if not spread:
        return wording.say("numbers.none")
    total = sum(spread.values())
    said = [
        wording.say("market.sides.part", name=plain_text(name), percent=wording.percent(count / total))
        for name, count in sorted(spread.items(), key=lambda item: (-item[1], item[0]))
    ]
    return ", ".join(said[:PARTS_SAID]) + (", …" if len(said) > PARTS_SAID else "")


def _languages(company: Company, wording: Wording) -> str:
    return _parts({wording.language_name(code): count for code, count in company.languages.items()}, wording)


def _times(company: Company, wording: Wording) -> str:
    if company.first is None or company.last is None:
        return wording.say("numbers.none")
    return wording.say(
        "market.sides.times", first=wording.date(company.first), last=wording.date(company.last)
    )


def _rated(company: Company, wording: Wording) -> str:
    return wording.percent(company.rated / company.voices) if company.voices else wording.say("numbers.none")


def _definitions(market: Market, wording: Wording) -> tuple[tuple[str, str], ...]:
    fields = {
        "level": wording.percent(market.level),
        "rate": wording.percent(market.false_share),
        "alike": wording.points(market.alike),
        "least": wording.number(LEAST_CUSTOMERS),
    }
    return tuple(
        (
            wording.say(f"market.definitions.{key}.name"),
            wording.say(f"market.definitions.{key}.text", **fields),
        )
        for key in ("met", "reach", "interval", "verdict")
    )
