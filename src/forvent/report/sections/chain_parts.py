"""Whose turn it was where the chain broke, and what else the dissatisfied find unmet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from forvent.records import Chain, ChainFault, ChainOwner, ChainTopic, Estimate, NotEnough
from forvent.report.pictures.shares import share_bar
from forvent.report.plain_text import plain_text, shortened
from forvent.report.sections.parts import DataTable, data_table
from forvent.report.wording import Wording

OWNER_LETTERS = 40
MORE, LESS = "more often", "less often"
NAMED = 6


@dataclass(frozen=True, slots=True)
class PartRow:
    """One share of the dissatisfied with its bar; ``lines`` say more of it."""

    name: str
    numbers: str
    picture: Markup | None
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FaultsShown:
    """Whose turn it was; ``tables`` hold the owners of each fault that has a column."""

    how: str
    rows: tuple[PartRow, ...]
    tables: tuple[DataTable, ...]


@dataclass(frozen=True, slots=True)
class TopicsShown:
    """What else is found unmet, the most frequent first."""

    rows: tuple[PartRow, ...]


def faults_shown(chain: Chain, *, wording: Wording) -> FaultsShown | None:
    """The three faults in their order; None where nobody dissatisfied met one, or it was not asked."""
    if not any(fault.count for fault in chain.faults):
        return None
    usual = chain.usual_promise_days
    return FaultsShown(
        how=wording.say("chain.faults_how", duration=wording.duration(round(usual or 0.0, 1))),
        rows=tuple(_fault(fault, wording) for fault in chain.faults),
        tables=tuple(_owners(fault, wording) for fault in chain.faults if fault.owners),
    )


def topics_shown(chain: Chain, *, wording: Wording) -> TopicsShown | None:
    """Topics that some dissatisfied voice finds unmet; None where there is none."""
    found = sorted((topic for topic in chain.topics if topic.count), key=lambda topic: -topic.count)
    return TopicsShown(tuple(_topic(topic, wording) for topic in found)) if found else None


def beyond_said(attributable: Estimate | NotEnough | None, *, wording: Wording) -> str:
    """The share beyond what would be expected anyway; empty where it is not known."""
    if not isinstance(attributable, Estimate):
        return ""
    return wording.say("chain.beyond", share=wording.share_range(attributable))


def _fault(fault: ChainFault, wording: Wording) -> PartRow:
    return _row(
        wording.say(f"chain.{fault.name}"),
        share=fault.share,
        count=fault.count,
        lines=(wording.say(f"chain.{fault.name}_owner"), *_owners_said(fault, wording)),
        wording=wording,
    )


def _topic(topic: ChainTopic, wording: Wording) -> PartRow:
    beyond = beyond_said(topic.attributable, wording=wording)
    return _row(
        wording.looked_up("chain_topics", topic.name),
        share=topic.share,
        count=topic.count,
        lines=(beyond,) if beyond else (),
        wording=wording,
    )


def _row(
    name: str, *, share: Estimate | NotEnough, count: int, lines: Sequence[str], wording: Wording
) -> PartRow:
    numbers = wording.counted("episodes", count)
    picture = None
    if isinstance(share, Estimate):
        numbers = wording.say("said.numbers", count=numbers, share=wording.share_range(share))
        picture = share_bar(share, says=wording.say("said.alternative", name=name, numbers=numbers))
    return PartRow(name=name, numbers=numbers, picture=picture, lines=tuple(lines))


def _owners_said(fault: ChainFault, wording: Wording) -> list[str]:
    """Who surely differs, or that nobody does; and how many cannot be told."""
    if fault.column is None:
        return []
    column = plain_text(fault.column)
    said = []
    for verdict, key in ((MORE, "chain.owners_more"), (LESS, "chain.owners_less")):
        found = [owner for owner in fault.owners if owner.verdict == verdict]
        if found:
            named = [_named(owner, wording) for owner in found[:NAMED]]
            rest = [wording.counted("others", len(found) - NAMED)] if len(found) > NAMED else []
            said.append(wording.say(key, column=column, names=wording.say("said.between").join(named + rest)))
    if not said:
        said.append(wording.say("chain.owners_none", column=column))
    if fault.too_few:
        said.append(wording.counted("owners_too_few", fault.too_few))
    return said


def owners_found(chain: Chain, *, wording: Wording) -> list[str]:
    """What is said of owners that surely differ; empty where none does."""
    return [
        f"{wording.say(f'chain.{fault.name}')}. {line}"
        for fault in chain.faults
        if any(owner.verdict in (MORE, LESS) for owner in fault.owners)
        for line in _owners_said(fault, wording)[:1]
    ]


def _named(owner: ChainOwner, wording: Wording) -> str:
    return wording.say(
        "chain.owner",
        name=shortened(plain_text(owner.name), most=OWNER_LETTERS),
        share=wording.share(owner.share, noun="episodes"),
    )


def _owners(fault: ChainFault, wording: Wording) -> DataTable:
    return data_table(
        wording.say(
            "chain.owners_table",
            fault=wording.say(f"chain.{fault.name}"),
            column=plain_text(fault.column or ""),
        ),
        head=[
            plain_text(fault.column or ""),
            wording.say("columns.count"),
            wording.say("columns.share"),
            wording.say("chain.against_rest"),
            wording.say("columns.remark"),
        ],
        rows=[
            (
                plain_text(owner.name),
                wording.number(owner.count),
                wording.share(owner.share, noun="episodes"),
                _points(owner.against_rest, wording),
                wording.looked_up("chain_owners", owner.verdict),
            )
            for owner in fault.owners
        ],
    )


def _points(difference: Estimate | NotEnough, wording: Wording) -> str:
    """Percentage points with their interval."""
    if isinstance(difference, NotEnough):
        return wording.say("numbers.none")
    ends = (difference.value, difference.low, difference.high)
    value, low, high = (wording.number(100 * end, decimals=1) for end in ends)
    return wording.say("numbers.range", value=value, low=low, high=high)
