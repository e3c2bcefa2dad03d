"""Who expects what: one card a group, and a table for each column of segments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from forvent.records import (
    CustomerGroup,
    Estimate,
    Findings,
    GroupExpectation,
    NamedBy,
    Persona,
    Personas,
    Segments,
    Sharing,
    Trait,
)
from forvent.report.pictures.beside import beside_bar
from forvent.report.plain_text import plain_text, shortened
from forvent.report.sections.gaps import QuoteShown, shown_quote
from forvent.report.sections.levels import SECONDS, unit_for
from forvent.report.sections.parts import DataTable, data_table
from forvent.report.wording import Wording

GROUPS, ONE = "groups", "one group"
MORE, LESS, BETTER, WORSE = "more", "less", "better", "worse"
MENTIONED = "mentioned"
BARS_SHOWN, LINES_SHOWN, TRAITS_SHOWN = 4, 3, 4
#: Letters of a value of a column that a line has room for.
VALUE_LETTERS = 40
#: A gap of what fewer of a group than these mention is not its worst.
LEAST_MENTIONED = 0.05


@dataclass(frozen=True, slots=True)
class BesideRow:
    """One thing that a group mentions, with the share of the others."""

    name: str
    numbers: str
    picture: Markup


@dataclass(frozen=True, slots=True)
class Card:
    """One group: who they are, what sets them apart, how well it is met."""

    name: str
    size: str
    bars: tuple[BesideRow, ...]
    lines: tuple[str, ...]
    sure: str
    stable: bool
    quote: QuoteShown | None


@dataclass(frozen=True, slots=True)
class SegmentsShown:
    """The segments of one column."""

    finding: str
    lede: str
    table: DataTable | None


@dataclass(frozen=True, slots=True)
class PersonasSection:
    """All that the section shows."""

    finding: str
    how: tuple[str, ...]
    legend: tuple[str, ...]
    cards: tuple[Card, ...]
    table: DataTable | None
    segments: tuple[SegmentsShown, ...]


def personas_section(findings: Findings, *, wording: Wording) -> PersonasSection | None:
    """The section; None where groups were not looked for, or nobody says enough and no segment was asked."""
    found = findings.personas
    if found is None or (found.verdict not in (GROUPS, ONE) and not findings.segments):
        return None
    return PersonasSection(
        finding=personas_finding(found, wording=wording),
        how=tuple(_how(found, wording)),
        legend=tuple(wording.say(f"personas.legend_{key}") for key in ("group", "others")),
        cards=tuple(_card(persona, findings, wording) for persona in found.personas),
        table=_table(found, wording) if found.personas else None,
        segments=tuple(_segments(one, wording) for one in findings.segments),
    )


def personas_finding(found: Personas, *, wording: Wording) -> str:
    """The heading: how many groups hold, and what the largest speaks of."""
    if found.verdict == ONE:
        return wording.say("personas.finding_dropped" if found.dropped else "personas.finding_one")
    if not found.personas:
        return wording.say("personas.finding_unknown")
    groups = wording.counted("personas_found", len(found.personas))
    first = found.personas[0]
    size = first.group.size
    if not first.named_by or not isinstance(size, Estimate):
        return wording.say("personas.finding_unnamed", groups=groups)
    return wording.say(
        "personas.finding", groups=groups, share=wording.share_value(size), names=_quoted(first, wording)
    )


def persona_name(persona: Persona, *, wording: Wording) -> str:
    """What sets a group apart, in a few words; where nothing does, that it is so."""
    if not persona.named_by:
        return wording.say("personas.nothing")
    return wording.list_of(feature_name(one, wording=wording) for one in _distinct(persona))


def feature_name(one: NamedBy, *, wording: Wording) -> str:
    """An expectation, and how it is mentioned: "Fast delivery (within 2 days)"."""
    name = wording.name(one.expectation)
    if one.feature == MENTIONED:
        return name
    if one.within_seconds is None:
        return wording.say("personas.wished", name=name)
    return wording.say(f"personas.{one.feature}", name=name, duration=_duration(one.within_seconds, wording))


def persona_line(persona: Persona, *, wording: Wording) -> str:
    """A group in one line, for the terminal."""
    size = persona.group.size
    share = wording.share_range(size, noun="customers") if isinstance(size, Estimate) else ""
    line = wording.say("personas.line", name=persona_name(persona, wording=wording), share=share)
    worst = worst_gap(persona.group)
    return line if worst is None else f"{line}. {_worst(worst, wording)}"


def worst_gap(group: CustomerGroup) -> GroupExpectation | None:
    """What surely falls short, weighed by how many of the group mention it."""

    def lost(one: GroupExpectation) -> float:
        if (
            not isinstance(one.gap, Estimate)
            or one.gap.high >= 0.0
            or not isinstance(one.mentioned.share, Estimate)
        ):
            return 0.0
        share = one.mentioned.share.value
        return one.gap.value * share if share >= LEAST_MENTIONED else 0.0

    worst = min(group.expectations, key=lost, default=None)
    return worst if worst is not None and lost(worst) < 0.0 else None


# ---------------------------------------------------------------------------- cards


def _card(persona: Persona, findings: Findings, wording: Wording) -> Card:
    group = persona.group
    quotes = [
        quote for name in persona.named_by[:1] for quote in findings.quotes.get(name.expectation, ())[:1]
    ]
    size = wording.share(group.size, noun="customers")
    return Card(
        name=persona_name(persona, wording=wording),
        size=wording.say("personas.size", share=size),
        bars=tuple(_bars(group, wording)),
        lines=tuple(_lines(group, wording)),
        sure=_sure(persona, wording),
        stable=persona.stable,
        quote=shown_quote(quotes[0], wording=wording) if quotes else None,
    )


def _bars(group: CustomerGroup, wording: Wording) -> list[BesideRow]:
    """The expectations that the group mentions more than the others do, else the most frequent ones."""
    known = [
        (one, share, rest)
        for one in group.expectations
        if (share := _value(one.mentioned.share)) is not None
        and (rest := _value(one.mentioned.rest)) is not None
    ]
    more = [row for row in known if row[0].mentioned.verdict == MORE]
    shown = more or sorted(known, key=lambda row: -row[1].value)
    return [_bar(one, share, rest, wording) for one, share, rest in shown[:BARS_SHOWN]]


def _bar(one: GroupExpectation, share: Estimate, rest: Estimate, wording: Wording) -> BesideRow:
    name = wording.name(one.expectation)
    numbers = wording.say(
        "personas.beside",
        share=wording.share_range(share, noun="customers"),
        rest=wording.share_value(rest),
    )
    says = wording.say("said.alternative", name=name, numbers=numbers)
    sure = one.mentioned.verdict in (MORE, LESS)
    return BesideRow(name, numbers, beside_bar(share, rest=rest, reach=1.0, sure=sure, says=says))


def _lines(group: CustomerGroup, wording: Wording) -> list[str]:
    """Its worst gap, what is met better or worse than among the others, its rating, what else is known."""
    lines = []
    worst = worst_gap(group)
    if worst is not None:
        lines.append(_worst(worst, wording))
    for verdict in (WORSE, BETTER):
        named = [one for one in group.expectations if one.verdict == verdict]
        named.sort(
            key=lambda one: -abs(one.difference.value) if isinstance(one.difference, Estimate) else 0.0
        )
        if named:
            parts = [_met(one, wording) for one in named[:LINES_SHOWN]]
            lines.append(wording.say(f"personas.{verdict}", names=wording.say("said.between").join(parts)))
    rating = group.rating
    if isinstance(rating.mean, Estimate) and isinstance(rating.rest, Estimate):
        key = rating.verdict if rating.verdict in (BETTER, WORSE) else "alike"
        lines.append(
            wording.say(
                f"personas.rating_{key}",
                mean=wording.rating_range(rating.mean),
                rest=wording.rating_range(rating.rest),
            )
        )
    traits = [_trait(one, wording) for one in group.traits if one.customers.verdict == MORE]
    if traits:
        lines.append(
            wording.say("personas.traits", traits=wording.say("said.between").join(traits[:TRAITS_SHOWN]))
        )
    return lines


def _worst(one: GroupExpectation, wording: Wording) -> str:
    met, gap = _value(one.met), _value(one.gap)
    assert met is not None  # noqa: S101 (a gap has a share met)
    assert gap is not None  # noqa: S101
    return wording.say(
        "personas.worst",
        name=wording.name(one.expectation),
        met=wording.share_range(met, noun="customers"),
        points=wording.points(gap.value),
    )


def _met(one: GroupExpectation, wording: Wording) -> str:
    met, rest = _value(one.met), _value(one.met_rest)
    assert met is not None  # noqa: S101 (a verdict has both)
    assert rest is not None  # noqa: S101
    return wording.say(
        "personas.met",
        name=wording.name(one.expectation),
        met=wording.share_range(met, noun="customers"),
        rest=wording.share_value(rest),
    )


def _trait(trait: Trait, wording: Wording) -> str:
    share, rest = _value(trait.customers.share), _value(trait.customers.rest)
    value = shortened(plain_text(trait.value), most=VALUE_LETTERS)
    if trait.column == "language":
        value = wording.language_name(value)
    elif trait.column != "channel":
        column = shortened(plain_text(trait.column), most=VALUE_LETTERS)
        value = wording.say("said.pair", part=column, name=value)
    return wording.say(
        "personas.trait",
        value=value,
        share=wording.share_value(share) if share else "",
        rest=wording.share_value(rest) if rest else "",
    )


def _sure(persona: Persona, wording: Wording) -> str:
    certainty = persona.certainty
    return wording.say(
        "personas.sure" if persona.stable else "personas.unsure",
        overlap=wording.percent(persona.stability.value),
        certainty=wording.percent(certainty.value)
        if isinstance(certainty, Estimate)
        else wording.say("numbers.none"),
    )


def _how(found: Personas, wording: Wording) -> list[str]:
    grouped = wording.counted("customers", found.grouped)
    lines = [wording.say("personas.how", grouped=grouped, telling=wording.number(found.telling))]
    if found.personas and isinstance(found.agreement, Estimate) and isinstance(found.certainty, Estimate):
        lines.append(
            wording.say(
                "personas.agreement",
                agreement=wording.number(found.agreement.value, decimals=2),
                certainty=wording.number(found.certainty.value, decimals=2),
            )
        )
    return lines


def _quoted(persona: Persona, wording: Wording) -> str:
    return wording.list_of(
        wording.say("personas.named", name=feature_name(one, wording=wording)) for one in _distinct(persona)
    )


def _distinct(persona: Persona) -> list[NamedBy]:
    """What names a group, without the bare mention of what is named more exactly."""
    exact = {one.expectation for one in persona.named_by if one.feature != MENTIONED}
    return [one for one in persona.named_by if one.feature != MENTIONED or one.expectation not in exact]


def _duration(seconds: float, wording: Wording) -> str:
    unit = unit_for(seconds)
    return wording.duration(round(seconds / SECONDS[unit], 1), unit=unit)


def _value(amount: object) -> Estimate | None:
    return amount if isinstance(amount, Estimate) else None


# ---------------------------------------------------------------------------- tables


def _table(found: Personas, wording: Wording) -> DataTable:
    keys = ("group", "name", "mentioned", "others", "met", "others_met", "difference")
    rows = [
        (persona_name(persona, wording=wording), *_cells(one, wording))
        for persona in found.personas
        for one in persona.group.expectations
    ]
    return data_table(
        wording.say("personas.table"),
        head=[wording.say(f"personas_columns.{key}") for key in keys],
        rows=rows,
    )


def _cells(one: GroupExpectation, wording: Wording) -> tuple[str, ...]:
    return (
        wording.name(one.expectation),
        _sharing(one.mentioned, wording),
        wording.share_range(one.mentioned.rest, noun="customers"),
        wording.share(one.met, noun="voices"),
        wording.share_range(one.met_rest, noun="voices"),
        wording.share_range(one.difference, noun="voices"),
    )


def _sharing(sharing: Sharing, wording: Wording) -> str:
    return wording.share(sharing.share, noun="customers")


def _segments(found: Segments, wording: Wording) -> SegmentsShown:
    column = shortened(plain_text(found.column), most=VALUE_LETTERS)
    lede = [wording.say("personas.segments_lede", count=wording.counted("customers", found.customers))]
    if found.unknown:
        lede.append(wording.counted("segments_unknown", found.unknown))
    if found.left_out:
        lede.append(wording.counted("segments_left", found.left_out))
    if not found.segments:
        return SegmentsShown(wording.say("personas.segments_none", column=column), " ".join(lede), None)
    keys = ("segment", "size", "more", "less", "worst", "rating")
    rows = [_segment_row(one.value, one.group, wording) for one in found.segments]
    return SegmentsShown(
        finding=_segments_finding(found, column, wording),
        lede=" ".join(lede),
        table=data_table(
            wording.say("personas.segments_table", column=column),
            head=[wording.say(f"personas_columns.{key}") for key in keys],
            rows=rows,
        ),
    )


def _segments_finding(found: Segments, column: str, wording: Wording) -> str:
    """The segment and the expectation that differ most of all that surely differ."""
    apart = [
        (share.value - rest.value, one, segment)
        for segment in found.segments
        for one in segment.group.expectations
        if one.mentioned.verdict == MORE
        and (share := _value(one.mentioned.share)) is not None
        and (rest := _value(one.mentioned.rest)) is not None
    ]
    if not apart:
        return wording.say("personas.segments_alike", column=column)
    _, one, segment = max(apart, key=lambda row: row[0])
    share, rest = _value(one.mentioned.share), _value(one.mentioned.rest)
    return wording.say(
        "personas.segments_finding",
        column=column,
        value=shortened(plain_text(segment.value), most=VALUE_LETTERS),
        name=wording.name(one.expectation),
        share=wording.share_value(share) if share else "",
        rest=wording.share_value(rest) if rest else "",
    )


def _segment_row(value: str, group: CustomerGroup, wording: Wording) -> tuple[str, ...]:
    worst = worst_gap(group)
    return (
        shortened(plain_text(value), most=VALUE_LETTERS),
        wording.share(group.size, noun="customers"),
        _apart(group.expectations, MORE, wording),
        _apart(group.expectations[::-1], LESS, wording),
        wording.say("numbers.none") if worst is None else _worst_cell(worst, wording),
        wording.rating(group.rating.mean, noun="voices"),
    )


def _apart(expectations: Sequence[GroupExpectation], verdict: str, wording: Wording) -> str:
    named = [
        wording.say(
            "personas.apart",
            name=wording.name(one.expectation),
            share=wording.share_range(one.mentioned.share, noun="customers"),
            rest=wording.share_value(rest),
        )
        for one in expectations
        if one.mentioned.verdict == verdict and (rest := _value(one.mentioned.rest)) is not None
    ]
    return wording.say("said.between").join(named[:LINES_SHOWN]) or wording.say("numbers.none")


def _worst_cell(one: GroupExpectation, wording: Wording) -> str:
    met, gap = _value(one.met), _value(one.gap)
    if met is None or gap is None:
        return wording.say("numbers.none")
    return wording.say(
        "personas.worst_cell",
        name=wording.name(one.expectation),
        met=wording.share_range(met, noun="customers"),
        points=wording.points(gap.value),
    )
