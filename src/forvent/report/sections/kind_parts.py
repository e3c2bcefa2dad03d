"""What the pages of a questionnaire of kinds and of drivers are made of."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from forvent.records import Estimate, NotEnough, ReadingReport, Unusable
from forvent.report.plain_text import plain_text
from forvent.report.sections.kinds import KindRow
from forvent.report.sections.opening import Block
from forvent.report.sections.parts import DataTable, Pictures
from forvent.report.sections.sources import reason_said
from forvent.report.wording import Wording

ROWS_NAMED = 3
UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class RankedRow:
    """One name with a mark and its interval, and what they say."""

    name: str
    picture: Markup
    said: str
    place: str


@dataclass(frozen=True, slots=True)
class PageSection:
    """A section of such a page; what it lacks is empty."""

    anchor: str
    question: str
    finding: str
    how: str = ""
    care: tuple[str, ...] = ()
    legend: tuple[str, ...] = ()
    heads: tuple[str, str] = ("", "")
    ranked: tuple[RankedRow, ...] = ()
    rows: tuple[KindRow, ...] = ()
    axis: str = ""
    pictures: Pictures | None = None
    fields: tuple[tuple[str, str], ...] = ()
    beside: str = ""
    lines: tuple[str, ...] = ()
    tables: tuple[DataTable, ...] = ()
    open_tables: tuple[DataTable, ...] = ()
    definitions: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class PageOpening:
    """All that the head of such a page shows."""

    title: str
    made: str
    read: tuple[str, ...]
    blocks: tuple[Block, ...]


def block(question: str, answer: str, *, details: tuple[str, ...] = (), to: PageSection) -> Block:
    """A block whose link leads to a section."""
    return Block(question, answer, details, None, to.anchor, to.question)


def turned(worse: Estimate | NotEnough) -> Estimate | NotEnough:
    """Worse, or a change of it, without its sign: the share whom the lack displeases."""
    if isinstance(worse, NotEnough):
        return worse
    # Taken from 0, so that nothing becomes "-0.0".
    return Estimate(0.0 - worse.value, 0.0 - worse.high, 0.0 - worse.low, worse.n, worse.level)


def readable(name: str) -> str:
    """A name from a file as a person would write it: "check_in_service" is "Check in service"."""
    shown = plain_text(name)
    words = shown if " " in shown else shown.replace("_", " ").strip() or shown
    return words[:1].upper() + words[1:] if words.islower() else words


def quoted(names: list[str], *, wording: Wording, most: int = ROWS_NAMED) -> str:
    """Names in quotation marks, as many as a sentence holds."""
    shown = [wording.say("kinds_page.quoted", name=readable(name)) for name in names[:most]]
    more = len(names) - most
    return wording.list_of([*shown, *([wording.counted("kinds_more", more)] if more > 0 else [])])


def file_lines(report: ReadingReport, *, wording: Wording) -> tuple[str, ...]:
    """What was read, what could not be used and because of what."""
    used = wording.say(
        "kinds_page.used",
        file=plain_text(report.file),
        used=wording.number(report.used),
        rows=wording.counted("rows", report.rows),
    )
    return (used, *(_unusable(one, wording) for one in report.unusable))


def _unusable(one: Unusable, wording: Wording) -> str:
    reason = reason_said(one.reason, wording=wording)
    if one.column:
        reason = wording.say("kinds_page.in_column", reason=reason, column=plain_text(one.column))
    if not one.rows:
        return wording.say("summary.unusable_row", count=wording.counted("rows", one.count), reason=reason)
    rows = ", ".join(map(str, one.rows[:5])) + (", …" if one.count > 5 else "")
    return wording.say(
        "summary.unusable_rows", count=wording.counted("rows", one.count), reason=reason, rows=rows
    )


def definitions(keys: tuple[str, ...], *, wording: Wording, **fields: str) -> tuple[tuple[str, str], ...]:
    """What the numbers mean."""
    return tuple(
        (
            wording.say(f"kinds_page.definitions.{key}.name"),
            wording.say(f"kinds_page.definitions.{key}.text", **fields),
        )
        for key in keys
    )
