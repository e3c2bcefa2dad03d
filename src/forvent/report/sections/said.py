"""What do people say and want: acts, wishes with their quotes, sources and types of expectations."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from forvent.records import Estimate, Findings, Said, VoiceShare
from forvent.report.pictures.shares import share_bar
from forvent.report.plain_text import plain_text, shortened
from forvent.report.sections.gaps import QuoteShown, shown_quote
from forvent.report.sections.parts import DataTable, data_table
from forvent.report.wording import Wording
from forvent.stats import wilson

WISHED = "wished"
WISHES_FIRST = 5
QUOTES_SHOWN = 3
RIVALS_SHOWN = 8
RIVAL_LETTERS = 60
#: Fewer voices than these do not make a wish stand out.
LEAST_WISHES = 5


@dataclass(frozen=True, slots=True)
class ShareRow:
    """One bar with its name and numbers; no bar where there is no share."""

    name: str
    numbers: str
    picture: Markup | None


@dataclass(frozen=True, slots=True)
class WishRow:
    """One wish with the words that voice it."""

    name: str
    numbers: str
    quotes: tuple[QuoteShown, ...]
    more_label: str


@dataclass(frozen=True, slots=True)
class Bars:
    """A claim, what the shares are of, and the bars that carry it."""

    finding: str
    lede: str
    rows: tuple[ShareRow, ...]


@dataclass(frozen=True, slots=True)
class SaidSection:
    """All that the section shows."""

    finding: str
    lede: tuple[str, ...]
    acts: tuple[ShareRow, ...]
    wishes_finding: str
    wishes: tuple[WishRow, ...]
    more: tuple[WishRow, ...]
    more_label: str
    sources: Bars | None
    rivals: str
    types: Bars | None
    intents: tuple[WishRow, ...]
    intents_lede: str
    table: DataTable


def said_section(findings: Findings, *, wording: Wording) -> SaidSection | None:
    """The section; None where nobody says anything."""
    said = findings.said
    if said is None or not said.voices:
        return None
    wishes = [_wish(wish, findings, wording) for wish in said.wishes]
    more = wishes[WISHES_FIRST:]
    return SaidSection(
        finding=said_finding(said, wording=wording),
        lede=(*said_lines(said, wording=wording), wording.say("said.once")),
        acts=_rows(said.acts, name=lambda act: act_name(act, wording=wording), wording=wording),
        wishes_finding=wishes_finding(said, wording=wording),
        wishes=tuple(wishes[:WISHES_FIRST]),
        more=tuple(more),
        more_label=wording.say("gaps.more", count=wording.counted("expectations", len(more))) if more else "",
        sources=_sources(said, wording) if said.sources else None,
        rivals=rivals_said(said, wording=wording),
        types=_types(said, wording) if said.types else None,
        intents=tuple(_intent(one, findings, wording) for one in said.intents if one.voices),
        intents_lede=_intents_lede(said, wording),
        table=_table(said, wording),
    )


def said_finding(said: Said, *, wording: Wording) -> str:
    """The heading: the act that surely leads, else the two between which it is undecided."""
    first, second = leading(said.acts)
    if first is None or not isinstance(first.share, Estimate):
        return wording.say("said.finding_unknown", count=wording.counted("voices", said.voices))
    if second is None or not isinstance(second.share, Estimate):
        return wording.say(f"said.finding_{first.name}", share=wording.share_value(first.share))
    return wording.say(
        "said.finding_undecided",
        first=act_name(first.name, wording=wording),
        first_share=wording.share_value(first.share),
        second=act_name(second.name, wording=wording),
        second_share=wording.share_value(second.share),
    )


def wishes_finding(said: Said, *, wording: Wording) -> str:
    """What is wished for most, if it surely stands out."""
    if not said.wishes:
        return wording.say("said.wishes_none")
    first, second = leading(said.wishes)
    if first is None:
        return wording.say("said.wishes_none")
    sure = second is None and first.voices >= LEAST_WISHES and isinstance(first.share, Estimate)
    return wording.say(
        "said.wishes_finding" if sure else "said.wishes_undecided",
        name=wording.name(first.name),
        count=wording.counted("voices", first.voices),
    )


def said_lines(said: Said, *, wording: Wording) -> Iterator[str]:
    """What the shares are of, and how many voices may mean the opposite."""
    yield wording.say("said.base", count=wording.counted("voices", said.voices))
    if said.doubtful:
        yield wording.say("said.doubtful", count=wording.counted("voices", said.doubtful))


def rivals_said(said: Said, *, wording: Wording) -> str:
    """The other companies that voices name, with their counts; empty where none is named."""
    if not said.rivals:
        return ""
    named = [
        wording.say(
            "said.rival",
            name=shortened(plain_text(rival.name), most=RIVAL_LETTERS),
            count=wording.counted("voices", rival.voices),
        )
        for rival in said.rivals[:RIVALS_SHOWN]
    ]
    rest = len(said.rivals) - len(named)
    parts = [*named, wording.counted("companies_more", rest)] if rest else named
    return wording.say("said.rivals", names=wording.say("said.between").join(parts))


def act_name(act: str, *, wording: Wording) -> str:
    """The name of what a voice does."""
    return wording.looked_up("said_acts", act)


def source_name(source: str, *, wording: Wording) -> str:
    """The name of where an expectation comes from."""
    return wording.looked_up("said_sources", source)


def numbers_said(part: VoiceShare, *, wording: Wording) -> str:
    """How many voices, and their share where there is one: "812 voices · 58% (55 to 61)"."""
    count = wording.counted("voices", part.voices)
    if not isinstance(part.share, Estimate):
        return count
    return wording.say("said.numbers", count=count, share=wording.share_range(part.share))


def leading(parts: Sequence[VoiceShare]) -> tuple[VoiceShare | None, VoiceShare | None]:
    """The most frequent, and the next one unless the first is surely ahead of it.

    It is ahead where more than half of the voices of either are its own, with the whole interval. Voices that
    have both make that too careful, never too bold.
    """
    if not parts:
        return None, None
    first, second = parts[0], parts[1] if len(parts) > 1 else None
    if second is None or not isinstance(first.share, Estimate):
        return first, second
    ahead = wilson(first.voices, first.voices + second.voices, level=first.share.level)
    return first, None if ahead.low > 0.5 else second


def _sources(said: Said, wording: Wording) -> Bars:
    def name(source: str) -> str:
        return source_name(source, wording=wording)

    base = said.sourced
    return Bars(
        finding=_claim("sources", said.sources, name=name, wording=wording),
        lede=wording.say("said.sources_lede", share=wording.share(base.share))
        if isinstance(base.share, Estimate)
        else wording.say("said.sources_lede_few", count=wording.counted("voices", base.voices)),
        rows=_rows(said.sources, name=name, wording=wording),
    )


def _types(said: Said, wording: Wording) -> Bars:
    def name(kind: str) -> str:
        return wording.label("types", kind)

    def explained(kind: str) -> str:
        return wording.say("said.pair", part=name(kind), name=wording.looked_up("said_types", kind))

    return Bars(
        finding=_claim("types", said.types, name=name, wording=wording),
        lede=wording.say("said.types_lede", count=wording.counted("voices", said.mentioning)),
        rows=_rows(said.types, name=explained, wording=wording),
    )


def _claim(part: str, shares: Sequence[VoiceShare], *, name: Callable[[str], str], wording: Wording) -> str:
    first, second = leading(shares)
    if first is None or not isinstance(first.share, Estimate):
        return wording.say(f"said.{part}_unknown")
    if second is None:
        return wording.say(
            f"said.{part}_finding", name=name(first.name), share=wording.share_value(first.share)
        )
    return wording.say(f"said.{part}_undecided", first=name(first.name), second=name(second.name))


def _rows(
    parts: Sequence[VoiceShare], *, name: Callable[[str], str], wording: Wording
) -> tuple[ShareRow, ...]:
    return tuple(_row(part, name=name(part.name), wording=wording) for part in parts)


def _row(part: VoiceShare, *, name: str, wording: Wording) -> ShareRow:
    numbers = numbers_said(part, wording=wording)
    says = wording.say("said.alternative", name=name, numbers=numbers)
    picture = share_bar(part.share, says=says) if isinstance(part.share, Estimate) else None
    return ShareRow(name=name, numbers=numbers, picture=picture)


def _wish(wish: VoiceShare, findings: Findings, wording: Wording) -> WishRow:
    quotes = [quote for quote in findings.quotes.get(wish.name, ()) if quote.polarity == WISHED]
    shown = tuple(shown_quote(quote, wording=wording) for quote in quotes[:QUOTES_SHOWN])
    return WishRow(
        name=wording.name(wish.name),
        numbers=numbers_said(wish, wording=wording),
        quotes=shown,
        more_label=wording.counted("quotes_more", len(shown) - 1) if len(shown) > 1 else "",
    )


def _intent(intent: VoiceShare, findings: Findings, wording: Wording) -> WishRow:
    quotes = findings.quotes.get(f"intent.{intent.name}", ())
    by_words = wording.say("said.by_words")
    shown = tuple(
        replace(shown_quote(quote, wording=wording), confidence=by_words) for quote in quotes[:QUOTES_SHOWN]
    )
    return WishRow(
        name=wording.looked_up("said_intents", intent.name),
        numbers=numbers_said(intent, wording=wording),
        quotes=shown,
        more_label=wording.counted("quotes_more", len(shown) - 1) if len(shown) > 1 else "",
    )


def _intents_lede(said: Said, wording: Wording) -> str:
    """What the shares of intents are of; empty where there are none."""
    known = [one.share for one in said.intents if isinstance(one.share, Estimate)]
    return wording.say("said.intents_lede", count=wording.counted("voices", known[0].n)) if known else ""


def _table(said: Said, wording: Wording) -> DataTable:
    parts = (
        ("act", said.acts, lambda name: act_name(name, wording=wording)),
        ("wish", said.wishes, wording.name),
        ("source", said.sources, lambda name: source_name(name, wording=wording)),
        ("rival", said.rivals, lambda name: shortened(plain_text(name), most=RIVAL_LETTERS)),
        ("type", said.types, lambda name: wording.label("types", name)),
        ("intent", said.intents, lambda name: wording.looked_up("said_intents", name)),
    )
    rows = [
        (
            wording.say("said.pair", part=wording.say(f"said_parts.{part}"), name=name(one.name)),
            wording.number(one.voices),
            wording.share(one.share),
        )
        for part, shares, name in parts
        for one in shares
    ]
    return data_table(
        wording.say("said.table"),
        head=[wording.say(f"columns.{key}") for key in ("said", "count", "share")],
        rows=rows,
    )
