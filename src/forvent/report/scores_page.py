"""Scores of a survey as one self-contained page."""

from __future__ import annotations

from datetime import datetime

from forvent.records import Estimate, Scores
from forvent.report.frame import framed
from forvent.report.notes import note_said
from forvent.report.pictures.legend import row_axis
from forvent.report.plain_text import plain_text
from forvent.report.sections.opening import Block
from forvent.report.sections.scored import (
    ColumnSection,
    column_section,
    headline,
    number_said,
    score_name,
)
from forvent.report.wording import Wording, wording

BLOCKS = 2


def scores_page(found: Scores, *, made_at: datetime, language: str = "en") -> str:
    """The scores of a file as one HTML page that needs no network and no script.

    A section for each column of answers: its scores, who answered what, groups and waves, what changed,
    and how far those who did not answer could move it.

    Parameters
    ----------
    found
        The scores of a file.
    made_at
        When the page is made, UTC.
    language
        ISO 639-1 code of the language of the page; English where there is no text file for it.

    Returns
    -------
    str
        The whole HTML document. Names from the file are escaped and freed of control characters.

    Source
    ------
    Our own definition, docs/scores.md.

    Examples
    --------
    >>> BLOCKS
    2
    """
    words = wording(language, names={}, scale=None)
    sections = [
        column_section(column, place, waves=found.waves, wording=words)
        for place, column in enumerate(found.columns)
    ]
    title = words.say("scored.title", file=plain_text(found.file.file))
    return framed(
        "scores.html",
        wording=words,
        title=title,
        contents=[(section.anchor, section.question) for section in sections],
        made=words.say("surveyed.made", date=words.date(made_at)),
        read=words.say(
            "scored.read",
            used=words.number(found.file.used),
            rows=words.counted("rows", found.file.rows),
            level=words.percent(found.level),
        ),
        opening_blocks=_blocks(found, sections, words),
        sections=sections,
        axis=row_axis,
        cautions=tuple(plain_text(caution) for caution in found.cautions),
        notes=tuple(_notes(found, words)),
        footer=words.say("page.footer", date=words.date(made_at)),
    )


def _blocks(found: Scores, sections: list[ColumnSection], words: Wording) -> tuple[Block, ...]:
    """The headline score of the first columns, and how many answered or what to mind."""
    blocks = []
    for column, section in list(zip(found.columns, sections, strict=True))[:BLOCKS]:
        score = headline(column.groups[0].scores) if column.groups else None
        known = score is not None and isinstance(score.estimate, Estimate)
        picture = next(
            (
                row.picture
                for row in section.scores
                if score and row.name == score_name(score.name, wording=words)
            ),
            None,
        )
        blocks.append(
            Block(
                question=plain_text(column.column),
                answer=section.finding,
                details=(words.counted("survey_answers", score.estimate.n),) if known and score else (),
                picture=picture,
                anchor=section.anchor,
                link=words.say("scored.link"),
            )
        )
    return (*blocks, _care(found, sections, words))


def _care(found: Scores, sections: list[ColumnSection], words: Wording) -> Block:
    lines = [plain_text(caution) for caution in found.cautions]
    lines += [caution for section in sections for caution in section.cautions]
    for column in found.columns[:1]:
        if column.response is not None and isinstance(column.response.rate, Estimate):
            lines.insert(
                0,
                words.say("scored.answered", rate=number_said(column.response.rate, "share", wording=words)),
            )
    return Block(
        question=words.say("surveyed.care_question"),
        answer=words.say("scored.care_some" if lines else "surveyed.care_none"),
        details=tuple(lines[:2]),
        picture=None,
        anchor=sections[0].anchor if sections else "findings",
        link=words.say("surveyed.care_link"),
    )


def _notes(found: Scores, words: Wording) -> list[str]:
    lines = [
        words.say(
            "surveyed.unusable",
            count=words.number(one.count),
            reason=words.looked_up("reasons", one.reason),
        )
        for one in found.file.unusable
    ]
    return [*lines, *(plain_text(note_said(note, wording=words)) for note in found.file.notes)]
