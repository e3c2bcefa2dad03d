"""Where do we fall short: ranked gaps with the quotes behind them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from babel import Locale, UnknownLocaleError
from markupsafe import Markup

from forvent.records import Estimate, Findings, Gap, NotEnough, Quote
from forvent.report.pictures.dumbbell import dumbbell
from forvent.report.plain_text import plain_text, shortened
from forvent.report.sections.parts import DataTable, data_table
from forvent.report.verdicts import ABOVE, SHORT, UNKNOWN, gap_verdict
from forvent.report.wording import Wording

SHOWN_FIRST = 12
QUOTES_SHOWN = 6
CONTEXT = 220
WORDS = 600


@dataclass(frozen=True, slots=True)
class QuoteShown:
    """A quote ready to be shown; ``lang`` and ``direction`` are those of its own language."""

    lang: str
    direction: str
    before: str
    words: str
    after: str
    polarity: str
    polarity_name: str
    language_name: str
    confidence: str


@dataclass(frozen=True, slots=True)
class GapRow:
    """One row of the ranked gaps."""

    anchor: str
    name: str
    expects: str
    stage: str
    kind: str
    verdict: str
    verdict_text: str
    got: str
    expected: str
    assumed: bool
    stake: str
    stake_in_full: str
    difference: str
    counts: str
    picture: Markup
    quotes: tuple[QuoteShown, ...]
    quotes_label: str


@dataclass(frozen=True, slots=True)
class GapsSection:
    """All that the section shows."""

    finding: str
    lede: str
    rows: tuple[GapRow, ...]
    more: tuple[GapRow, ...]
    more_label: str
    is_known: bool
    ticks: tuple[str, ...]
    assumed: str
    table: DataTable


def gaps_section(findings: Findings, *, wording: Wording) -> GapsSection:
    """The ranked gaps in the order of the findings."""
    rows = [
        gap_row(gap, quotes=findings.quotes.get(gap.expectation, ()), wording=wording)
        for gap in findings.gaps
    ]
    more = rows[SHOWN_FIRST:]
    return GapsSection(
        finding=gaps_finding(findings.gaps, wording=wording),
        lede=tally(findings.gaps, wording=wording),
        rows=tuple(rows[:SHOWN_FIRST]),
        more=tuple(more),
        more_label=wording.say("gaps.more", count=wording.counted("expectations", len(more))) if more else "",
        is_known=any(isinstance(gap.gap, Estimate) for gap in findings.gaps),
        ticks=tuple(wording.percent(x) for x in (0.0, 0.25, 0.5, 0.75, 1.0)),
        assumed=wording.say("gaps.assumed_legend") if any(row.assumed for row in rows) else "",
        table=_table(rows, wording),
    )


def gaps_finding(gaps: Sequence[Gap], *, wording: Wording) -> str:
    """The heading: the first gap that surely falls short, else what is known instead."""
    for gap in gaps:
        if gap_verdict(gap) == SHORT and isinstance(gap.got, Estimate) and isinstance(gap.expected, Estimate):
            return wording.say(
                "gaps.finding_assumed" if is_assumed(gap) else "gaps.finding",
                name=wording.name(gap.expectation),
                expected=wording.share_value(gap.expected),
                got=wording.share_value(gap.got),
            )
    known = any(isinstance(gap.gap, Estimate) for gap in gaps)
    return wording.say("gaps.finding_none" if known else "gaps.finding_unknown")


def tally(gaps: Sequence[Gap], *, wording: Wording) -> str:
    """How many expectations fall short, are above, undecided, or have too few voices."""
    found = Counter(gap_verdict(gap) for gap in gaps)
    parts = [
        wording.counted(f"tally_{name}", found[name])
        for name in ("short", "undecided", "above", "unknown")
        if found[name]
    ]
    if not parts:
        return wording.say("gaps.tally_none")
    return wording.say(
        "gaps.tally", count=wording.counted("expectations", len(gaps)), parts=wording.list_of(parts)
    )


def is_assumed(gap: Gap) -> bool:
    """True where the catalogue's usual kind says what is expected, not the ratings."""
    return gap.basis != "ratings"


def verdict_text(gap: Gap, *, wording: Wording) -> str:
    """The gap in three words: "33 points short"."""
    found = gap_verdict(gap)
    if isinstance(gap.gap, NotEnough):
        return wording.say("verdicts.unknown")
    if found in (SHORT, ABOVE):
        return wording.say(f"verdicts.{found}", points=wording.points(gap.gap.value))
    return wording.say("verdicts.undecided")


def says(gap: Gap, *, wording: Wording) -> str:
    """The finding of one row, for those who hear the page."""
    return wording.say(
        "gaps.alternative",
        name=wording.name(gap.expectation),
        expected=_expected(gap, wording),
        got=wording.share(gap.got),
        verdict=verdict_text(gap, wording=wording),
    )


def gap_picture(gap: Gap, *, wording: Wording, small: bool = False) -> Markup:
    """The signature picture of one gap."""
    return dumbbell(
        gap.expected,
        got=gap.got,
        verdict=gap_verdict(gap),
        assumed=is_assumed(gap),
        says=says(gap, wording=wording),
        small=small,
    )


def gap_row(gap: Gap, *, quotes: Sequence[Quote], wording: Wording) -> GapRow:
    """One row with its picture, numbers and quotes."""
    return GapRow(
        anchor=f"gap-{gap.expectation}",
        name=wording.name(gap.expectation),
        expects=wording.expects(gap.expectation),
        stage=wording.label("stages", gap.stage),
        kind=wording.label("kinds", gap.kind),
        verdict=gap_verdict(gap),
        verdict_text=verdict_text(gap, wording=wording),
        got=wording.share(gap.got),
        expected=_expected(gap, wording),
        assumed=is_assumed(gap),
        stake=_stake(gap, wording),
        stake_in_full=wording.rating_difference(gap.stake),
        difference=_difference(gap, wording),
        counts=_counts(gap, wording),
        picture=gap_picture(gap, wording=wording),
        quotes=tuple(shown_quote(quote, wording=wording) for quote in quotes[:QUOTES_SHOWN]),
        quotes_label=_quotes_label(min(len(quotes), QUOTES_SHOWN), wording),
    )


def shown_quote(quote: Quote, *, wording: Wording) -> QuoteShown:
    """A quote with its words safe to show."""
    return QuoteShown(
        lang=quote.language,
        direction=direction(quote.language),
        before=shortened(_spaced(quote.before), most=CONTEXT, keep="end"),
        words=shortened(_spaced(quote.words), most=WORDS),
        after=shortened(_spaced(quote.after), most=CONTEXT),
        polarity=quote.polarity,
        polarity_name=wording.label("polarities", quote.polarity),
        language_name=wording.language_name(quote.language),
        confidence=wording.say("gaps.confidence", percent=wording.percent(quote.confidence)),
    )


def direction(language: str) -> str:
    """Writing direction of a language: ltr or rtl, auto where it is unknown."""
    try:
        return str(Locale.parse(language).text_direction)
    except (UnknownLocaleError, ValueError, TypeError):
        return "auto"


def _spaced(text: str) -> str:
    """Plain text that keeps one space at its ends, where it meets the marked words."""
    plain = plain_text(text)
    if not plain:
        return " " if text.strip() != text else ""
    return " " * text[:1].isspace() + plain + " " * text[-1:].isspace()


def _expected(gap: Gap, wording: Wording) -> str:
    if isinstance(gap.expected, NotEnough):
        return wording.unknown(gap.expected)
    if is_assumed(gap):
        return wording.say(
            "gaps.assumed",
            value=wording.share_value(gap.expected),
            low=wording.number(100 * gap.expected.low),
            high=wording.number(100 * gap.expected.high),
        )
    return wording.share(gap.expected)


def _stake(gap: Gap, wording: Wording) -> str:
    """What is at stake, in rating points; nothing more where there is no number."""
    stake = gap.stake
    if isinstance(stake, NotEnough):
        return ""
    decimals = wording.rating_decimals
    if stake.low <= 0.0 <= stake.high:
        ends = (stake.low, stake.high)
        low, high = (wording.number(end * wording.span, decimals=decimals) for end in ends)
        return wording.say("gaps.stake_undecided", low=low, high=high)
    low, high = (wording.rating_points(end) for end in sorted((stake.low, stake.high), key=abs))
    key = "gaps.stake_costs" if stake.value > 0 else "gaps.stake_earns"
    return wording.say(key, points=wording.rating_points(stake.value), low=low, high=high)


def _difference(gap: Gap, wording: Wording) -> str:
    if gap_verdict(gap) == UNKNOWN:
        return wording.say("verdicts.unknown")
    return wording.amount(gap.gap, factor=100.0, decimals=0)


def _quotes_label(shown: int, wording: Wording) -> str:
    return wording.counted("evidence", shown) if shown else wording.say("gaps.evidence_none")


def _counts(gap: Gap, wording: Wording) -> str:
    counts = gap.counts
    return wording.say(
        "gaps.counts",
        judged=wording.counted("voices", counts.judged),
        met=wording.number(counts.met),
        unmet=wording.number(counts.unmet),
        mixed=wording.number(counts.mixed),
        wished=wording.number(counts.wished),
    )


def _table(rows: Sequence[GapRow], wording: Wording) -> DataTable:
    keys = ("name", "stage", "kind", "expected", "got", "gap", "stake")
    return data_table(
        wording.say("gaps.table", scale=wording.scale_name()),
        head=[wording.say(f"columns.{key}") for key in keys],
        rows=[
            (row.name, row.stage, row.kind, row.expected, row.got, row.difference, row.stake_in_full)
            for row in rows
        ],
    )
