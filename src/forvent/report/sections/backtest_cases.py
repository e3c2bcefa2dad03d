"""What was judged, and what was left out; the head of the page."""

from __future__ import annotations

from dataclasses import dataclass

from forvent.records import Backtest, Estimate, Track
from forvent.report.notes import note_said
from forvent.report.plain_text import plain_text
from forvent.report.sections.backtest_months import kept_verdict
from forvent.report.sections.backtest_tracks import (
    COMPANY,
    OURS,
    amount_said,
    at_equal,
    kept_said,
    kept_value,
    level_said,
    main_finding,
    month_said,
    shortest_other,
    track_of,
    way_name,
    worst_said,
)
from forvent.report.sections.opening import Block
from forvent.report.wording import Wording


@dataclass(frozen=True, slots=True)
class BacktestOpening:
    """All that the head of the page shows; ``title`` is that of the window."""

    title: str
    made: str
    finding: str
    read: tuple[str, ...]
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class CasesSection:
    """What was judged and left out, and the notes of the run."""

    finding: str
    lines: tuple[str, ...]
    notes: tuple[str, ...]


def backtest_opening(backtest: Backtest, *, title: str, wording: Wording) -> BacktestOpening:
    """The finding, what was judged, and the three blocks."""
    given = plain_text(title)
    span = {"first": wording.date(backtest.first), "last": wording.date(backtest.last)}
    made = wording.say("backtest.made_titled" if given else "backtest.made", title=given, **span)
    return BacktestOpening(
        title=given or wording.say("backtest.title"),
        made=made,
        finding=main_finding(backtest, wording=wording),
        read=read_said(backtest, wording=wording),
        blocks=tuple(block(backtest, wording) for block in (_word_block, _length_block, _worst_block)),
    )


def read_said(backtest: Backtest, *, wording: Wording) -> tuple[str, ...]:
    """How many cases were judged and how, in a few sentences."""
    level = level_said(backtest, wording=wording)
    lines = [
        wording.say("backtest.read", count=wording.counted("cases", backtest.n)),
        wording.say("backtest.read_matched" if backtest.matched else "backtest.read_level", level=level),
    ]
    if backtest.by_day:
        lines.append(wording.say("backtest.read_by_day"))
    return tuple(lines)


def _word_block(backtest: Backtest, wording: Wording) -> Block:
    ours = track_of(backtest, OURS)
    found = kept_verdict(ours.kept, level=backtest.level) if ours else "unknown"
    fields: dict[str, object] = {"level": level_said(backtest, wording=wording)}
    if ours is not None:
        fields["kept"] = kept_value(ours.kept, wording=wording)
    shown = [track for way in (OURS, COMPANY) if (track := track_of(backtest, way)) is not None]
    return Block(
        question=wording.say("backtest.word_question"),
        answer=wording.say(f"backtest.word_{found}", **fields),
        details=tuple(
            wording.say(
                "backtest.of",
                name=way_name(track.name, wording=wording),
                what=kept_said(track.kept, wording=wording),
            )
            for track in shown
        ),
        picture=None,
        anchor="months",
        link=wording.say("backtest.word_link"),
    )


def _length_block(backtest: Backtest, wording: Wording) -> Block:
    """Against the company's own promise where it can be compared, else against the shortest other way."""
    ours, own = track_of(backtest, OURS), track_of(backtest, COMPANY)
    other = own if own is not None and at_equal(own) is not None else shortest_other(backtest)
    details = [_equal_said(track, backtest, wording) for track in (ours, other) if track is not None]
    return Block(
        question=wording.say("backtest.length_question"),
        answer=_length_answer(ours, other, backtest=backtest, wording=wording),
        details=tuple(details),
        picture=None,
        anchor="tracks",
        link=wording.say("backtest.length_link"),
    )


def _length_answer(ours: Track | None, other: Track | None, *, backtest: Backtest, wording: Wording) -> str:
    equal = at_equal(other) if other is not None else None
    if ours is None or other is None or equal is None:
        return wording.say("backtest.length_unknown")
    name = way_name(other.name, wording=wording)
    lengths = [
        amount_said(value, unit=backtest.unit, wording=wording) for value in (ours.mean_promise, equal)
    ]
    if lengths[0] == lengths[1]:
        return wording.say("backtest.length_same", name=name)
    difference = amount_said(abs(ours.mean_promise - equal), unit=backtest.unit, wording=wording)
    shorter = ours.mean_promise < equal
    key = "backtest.length_shorter" if shorter else "backtest.length_longer"
    return wording.say(key, name=name, difference=difference)


def _equal_said(track: Track, backtest: Backtest, wording: Wording) -> str:
    length = amount_said(at_equal(track), unit=backtest.unit, wording=wording)
    what = wording.say(
        "backtest.length_mean" if track.name == OURS else "backtest.length_equal", length=length
    )
    return wording.say("backtest.of", name=way_name(track.name, wording=wording), what=what)


def _worst_block(backtest: Backtest, wording: Wording) -> Block:
    ours = track_of(backtest, OURS)
    worst = ours.worst_month if ours is not None else None
    answer = wording.say("backtest.worst_unknown")
    if worst is not None and isinstance(worst.kept, Estimate):
        month = month_said(worst, wording=wording)
        answer = wording.say("backtest.worst", month=month, kept=kept_value(worst.kept, wording=wording))
    shown = [track for way in (OURS, COMPANY) if (track := track_of(backtest, way)) is not None]
    return Block(
        question=wording.say("backtest.worst_question"),
        answer=answer,
        details=tuple(
            wording.say(
                "backtest.of",
                name=way_name(track.name, wording=wording),
                what=worst_said(track, wording=wording),
            )
            for track in shown
            if track.worst_month is not None
        ),
        picture=None,
        anchor="months",
        link=wording.say("backtest.worst_link"),
    )


def cases_section(backtest: Backtest, *, wording: Wording) -> CasesSection:
    """Counts of the cases in plain words, and the notes as they came."""
    left = backtest.warming_up + backtest.undecided + backtest.unpromised
    judged = wording.counted("cases", backtest.n)
    finding = (
        wording.say("backtest.cases.finding", judged=judged, left=wording.number(left))
        if left
        else wording.say("backtest.cases.finding_all", judged=judged)
    )
    return CasesSection(
        finding=finding,
        lines=left_out(backtest, wording=wording),
        notes=tuple(plain_text(note_said(note, wording=wording)) for note in backtest.notes),
    )


def left_out(backtest: Backtest, *, wording: Wording) -> tuple[str, ...]:
    """Why cases were not judged, with counts, and how often the engine learned."""
    lines = [wording.counted("refits", backtest.refits)]
    if backtest.warming_up:
        lines.append(wording.counted("warming_up", backtest.warming_up))
    if backtest.undecided:
        lines.append(wording.counted("not_due", backtest.undecided))
    if backtest.unpromised:
        lines.append(wording.counted("unpromised", backtest.unpromised))
    return tuple(lines)
