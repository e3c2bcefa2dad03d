"""One's own company beside one other: a ○──● row an expectation, with quotes of both sides."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from forvent.records import Estimate, MentionCounts, NotEnough, Quote
from forvent.records.market import Against, Comparison, Market
from forvent.report.pictures.dumbbell import dumbbell
from forvent.report.pictures.legend import LegendPart, legend
from forvent.report.plain_text import plain_text
from forvent.report.sections.gaps import QuoteShown, shown_quote
from forvent.report.sections.market_sides import care_lines, own_name
from forvent.report.sections.parts import DataTable, data_table
from forvent.report.verdicts import ABOVE, ALIKE, SHORT, UNDECIDED, UNKNOWN
from forvent.report.wording import Wording
from forvent.tables import POLARITIES

SHOWN_FIRST = 12
#: Beside more companies than these, rows that are not sure are folded away but for a few: else nobody
#: finds the third company.
FEW_COMPANIES, FEWEST_SHOWN = 2, 3
#: Letters of a name that a row has room for; its heading says it whole.
NAME_IN_ROW = 36
QUOTES_SHOWN = 3
#: Names that a heading has room for.
NAMES_SAID = 2
AHEAD, BEHIND, LEVEL, UNSURE = "ahead", "behind", "level", "not enough data"
#: Short keys of the verdicts, in the order of the tally.
KEYS = {BEHIND: "behind", AHEAD: "ahead", LEVEL: "level", UNSURE: "unsure"}
CLASSES = {BEHIND: SHORT, AHEAD: ABOVE, LEVEL: ALIKE, UNSURE: UNDECIDED}
REACH_KEYS = {"more": "more", "less": "less", LEVEL: "reach_level", UNSURE: "reach_unsure"}


@dataclass(frozen=True, slots=True)
class SideShown:
    """The evidence of one side: who, the counts, and quotes."""

    name: str
    counts: str
    quotes: tuple[QuoteShown, ...]


@dataclass(frozen=True, slots=True)
class MarketRow:
    """One expectation of both companies."""

    name: str
    stage: str
    verdict: str
    verdict_text: str
    ours: str
    theirs: str
    reach: str
    difference: str
    reach_difference: str
    picture: Markup
    sides: tuple[SideShown, SideShown]
    quotes_label: str


@dataclass(frozen=True, slots=True)
class AgainstSection:
    """All that the section shows."""

    anchor: str
    question: str
    finding: str
    lede: str
    how: str
    care: tuple[str, ...]
    rows: tuple[MarketRow, ...]
    more: tuple[MarketRow, ...]
    more_label: str
    ticks: tuple[str, ...]
    legend: tuple[LegendPart, ...]
    table: DataTable


def against_section(market: Market, place: int, *, wording: Wording) -> AgainstSection:
    """The comparison with the company at a place, what we are behind in first."""
    against = market.against[place]
    rows = [_row(one, market, against, wording=wording) for one in against.comparisons]
    first = _shown_first(market, against)
    more = rows[first:]
    return AgainstSection(
        anchor=f"against-{place + 1}",
        question=wording.say("market.against.question", other=plain_text(against.other.name)),
        finding=against_finding(against, wording=wording),
        lede=market_tally(against.comparisons, wording=wording),
        how=_how(market, against, wording),
        care=care_lines(market.own, against, wording=wording),
        rows=tuple(rows[:first]),
        more=tuple(more),
        more_label=wording.say("gaps.more", count=wording.counted("expectations", len(more))) if more else "",
        ticks=tuple(wording.percent(step / 4) for step in range(5)),
        legend=tuple(_legend(wording)),
        table=_table(market, against, wording),
    )


def _shown_first(market: Market, against: Against) -> int:
    if len(market.against) <= FEW_COMPANIES:
        return SHOWN_FIRST
    # These stand first, whatever else there is.
    sure = sum(one.verdict in (BEHIND, AHEAD) for one in against.comparisons)
    return min(max(sure, FEWEST_SHOWN), SHOWN_FIRST)


def name_in_row(name: str) -> str:
    """The name of a company as a row has room for it: a long one ends after a word, or within a long word."""
    if len(name) <= NAME_IN_ROW:
        return name
    cut = name[:NAME_IN_ROW]
    words = cut.rpartition(" ")[0]
    return f"{(words if len(words) > NAME_IN_ROW // 2 else cut).rstrip(' ,;:–-')}…"


def with_verdict(comparisons: Iterable[Comparison], verdict: str) -> list[Comparison]:
    """The comparisons with one verdict, in their order."""
    return [one for one in comparisons if one.verdict == verdict]


def named(expectation: str, *, wording: Wording) -> str:
    """The name of an expectation in the quotation marks of the language."""
    return wording.say("market.named", name=wording.name(expectation))


def against_finding(against: Against, *, wording: Wording) -> str:
    """The heading: in what we are surely behind and ahead."""
    other = plain_text(against.other.name)
    behind, ahead, level = (
        _names(with_verdict(against.comparisons, verdict), wording) for verdict in (BEHIND, AHEAD, LEVEL)
    )
    if behind and ahead:
        return wording.say("market.against.finding_both", other=other, behind=behind, ahead=ahead)
    if behind:
        return wording.say("market.against.finding_behind", other=other, behind=behind)
    if ahead:
        return wording.say("market.against.finding_ahead", other=other, ahead=ahead)
    if level:
        return wording.say("market.against.finding_level", other=other, level=level)
    known = any(isinstance(one.met, Estimate) for one in against.comparisons)
    return wording.say(f"market.against.finding_{'none' if known else 'unknown'}", other=other)


def market_tally(comparisons: Sequence[Comparison], *, wording: Wording) -> str:
    """How many expectations have each verdict: "Of 14 expectations, 2 are behind and 3 are ahead."."""
    if not comparisons:
        return wording.say("gaps.tally_none")
    counts = {key: len(with_verdict(comparisons, verdict)) for verdict, key in KEYS.items()}
    parts = [wording.counted(f"market_{key}", count) for key, count in counts.items() if count]
    return wording.say(
        "gaps.tally", count=wording.counted("expectations", len(comparisons)), parts=wording.list_of(parts)
    )


def market_verdict_text(found: Comparison, *, wording: Wording) -> str:
    """The verdict in a few words: "12 points behind"."""
    key = KEYS[found.verdict]
    if isinstance(found.met, Estimate) and found.verdict in (BEHIND, AHEAD):
        return wording.say(f"market.verdicts.{key}", points=wording.points(found.met.value))
    return wording.say(f"market.verdicts.{key}")


def telling_quotes(quotes: Sequence[Quote], *, counts: MentionCounts) -> tuple[Quote, ...]:
    """A few quotes that speak as most do: two of the most frequent kind, then one of each other kind."""
    held = {
        polarity: [one for one in quotes if one.polarity == polarity]
        for polarity in sorted(POLARITIES, key=lambda polarity: -getattr(counts, polarity))
    }
    first, *rest = held.values()
    picked = [*first[:2], *(one for kind in rest for one in kind[:1]), *first[2:]]
    return tuple(picked[:QUOTES_SHOWN])


def _names(found: Sequence[Comparison], wording: Wording) -> str:
    parts = [named(one.expectation, wording=wording) for one in found[:NAMES_SAID]]
    if len(found) > NAMES_SAID:
        parts.append(wording.counted("others", len(found) - NAMES_SAID))
    return wording.list_of(parts) if parts else ""


def _how(market: Market, against: Against, wording: Wording) -> str:
    return wording.say(
        "market.against.how",
        other=plain_text(against.other.name),
        rate=wording.percent(market.false_share),
        alike=wording.points(market.alike),
    )


def _row(found: Comparison, market: Market, against: Against, *, wording: Wording) -> MarketRow:
    other = plain_text(against.other.name)
    short = name_in_row(other)
    own_quotes, other_quotes = (
        telling_quotes(market.quotes.get(name, {}).get(found.expectation, ()), counts=counts)
        for name, counts in (
            (market.own.name, found.own.counts),
            (against.other.name, found.other.counts),
        )
    )
    shown = len(own_quotes) + len(other_quotes)
    return MarketRow(
        name=wording.name(found.expectation),
        stage=wording.label("stages", found.stage),
        verdict=CLASSES[found.verdict] if isinstance(found.met, Estimate) else UNKNOWN,
        verdict_text=market_verdict_text(found, wording=wording),
        ours=wording.say("market.against.ours", share=wording.share(found.own.met)),
        theirs=wording.say("market.against.theirs", other=short, share=wording.share(found.other.met)),
        reach=_reach(found, short, wording),
        difference=wording.say("market.against.difference", other=other, share=_points(found.met, wording)),
        reach_difference=wording.say(
            "market.against.reach_difference", other=other, share=_points(found.reach, wording)
        ),
        picture=market_picture(found, other, wording=wording),
        sides=(
            _side(own_name(market, wording=wording), found.own.counts, own_quotes, wording),
            _side(other, found.other.counts, other_quotes, wording),
        ),
        quotes_label=wording.counted("evidence", shown) if shown else wording.say("gaps.evidence_none"),
    )


def market_picture(found: Comparison, other: str, *, wording: Wording) -> Markup:
    """The signature picture of one row: the other company hollow, we filled."""
    return dumbbell(
        found.other.met,
        got=found.own.met,
        verdict=CLASSES[found.verdict] if isinstance(found.met, Estimate) else UNKNOWN,
        assumed=False,
        says=wording.say(
            "market.against.alternative",
            name=wording.name(found.expectation),
            other=other,
            theirs=wording.share(found.other.met),
            own=wording.share(found.own.met),
            verdict=market_verdict_text(found, wording=wording),
        ),
    )


def _reach(found: Comparison, other: str, wording: Wording) -> str:
    return wording.say(
        "market.against.reach",
        other=other,
        own=_short(found.own.reach, wording),
        theirs=_short(found.other.reach, wording),
        verdict=wording.say(f"market.verdicts.{REACH_KEYS[found.reach_verdict]}"),
    )


def _side(name: str, counts: MentionCounts, quotes: Sequence[Quote], wording: Wording) -> SideShown:
    said = wording.say(
        "gaps.counts",
        judged=wording.counted("voices", counts.judged),
        met=wording.number(counts.met),
        unmet=wording.number(counts.unmet),
        mixed=wording.number(counts.mixed),
        wished=wording.number(counts.wished),
    )
    return SideShown(name, said, tuple(shown_quote(one, wording=wording) for one in quotes))


def _short(share: Estimate | NotEnough, wording: Wording) -> str:
    """A share with its interval, or a dash: its count stands elsewhere."""
    return wording.say("numbers.none") if isinstance(share, NotEnough) else wording.share_range(share)


def _points(difference: Estimate | NotEnough, wording: Wording) -> str:
    return wording.amount(difference, factor=100.0, decimals=0)


def _legend(wording: Wording) -> list[LegendPart]:
    return legend(
        expected=wording.say("market.against.other"),
        got=wording.say("market.against.own"),
        verdicts={CLASSES[verdict]: wording.say(f"market.legend.{key}") for verdict, key in KEYS.items()},
        interval=wording.say("page.legend_interval"),
        assumed="",
    )


def _table(market: Market, against: Against, wording: Wording) -> DataTable:
    own, other = own_name(market, wording=wording), plain_text(against.other.name)
    columns = [wording.say(f"columns.{key}") for key in ("name", "stage")]
    for key, difference in (("met", "difference"), ("reach", "reach_difference")):
        columns += [wording.say(f"market.columns.{key}", name=name) for name in (own, other)]
        columns += [wording.say(f"market.columns.{difference}"), wording.say("market.columns.verdict")]
    return data_table(
        wording.say("market.against.table", other=other),
        head=columns,
        rows=[_cells(one, wording) for one in against.comparisons],
    )


def _cells(found: Comparison, wording: Wording) -> list[str]:
    both = (found.own, found.other)
    return [
        wording.name(found.expectation),
        wording.label("stages", found.stage),
        *(wording.share(standing.met) for standing in both),
        _points(found.met, wording),
        market_verdict_text(found, wording=wording),
        *(wording.share(standing.reach) for standing in both),
        _points(found.reach, wording),
        wording.say(f"market.verdicts.{REACH_KEYS[found.reach_verdict]}"),
    ]
