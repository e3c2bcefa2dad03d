"""What was received against what was expected, as one self-contained page."""

from __future__ import annotations

from dataclasses import dataclass

from forvent.records import Scale, SurveyCaution, SurveyedGaps
from forvent.report.frame import framed
from forvent.report.notes import note_said
from forvent.report.pictures.legend import legend, row_axis
from forvent.report.plain_text import plain_text
from forvent.report.sections.opening import Block
from forvent.report.sections.survey_personas import survey_personas
from forvent.report.sections.surveyed import (
    SurveyRow,
    cut_section,
    pairs_table,
    reliability_said,
    survey_rows,
    surveyed_finding,
    zone_finding,
    zone_rows,
)
from forvent.report.verdicts import ABOVE, ALIKE, SHORT, UNDECIDED
from forvent.report.wording import Wording, wording

DEFINITIONS = ("gap", "verdict", "met", "reliability", "zone", "interval")


@dataclass(frozen=True, slots=True)
class SurveyedOpening:
    """All that the head of the page shows."""

    title: str
    made: str
    read: tuple[str, ...]
    blocks: tuple[Block, ...]


def surveyed_page(found: SurveyedGaps, *, language: str = "en") -> str:
    """The gaps of a survey as one HTML page that needs no network and no script.

    What falls shortest stands first; every number has its interval and count, every picture a text
    alternative and a table behind it. What makes the answers doubtful stands above the rows.

    Parameters
    ----------
    found
        What was found.
    language
        ISO 639-1 code of the language of the page; English where there is no text file for it.

    Returns
    -------
    str
        The whole HTML document. Names from the file are escaped and freed of control characters.

    Source
    ------
    Our own definition, docs/surveyed.md.

    Examples
    --------
    >>> DEFINITIONS[0]
    'gap'
    """
    scale = Scale(*found.scale, guessed=False) if found.scale is not None else None
    words = wording(language, names={}, scale=scale)
    zones = zone_rows(found, wording=words)
    cuts = [cut_section(cut, place, found=found, wording=words) for place, cut in enumerate(found.cuts)]
    opening = surveyed_opening(found, wording=words)
    contents = [("pairs", words.say("surveyed.question"))]
    contents += [("zone", words.say("surveyed.zone_question"))] if zones else []
    contents += [(cut.anchor, cut.question) for cut in cuts if cut.rows]
    groups = survey_personas(found.personas, wording=words)
    contents += [("groups", words.say("survey_personas.question"))] if groups else []
    return framed(
        "surveyed.html",
        wording=words,
        title=opening.title,
        contents=(*contents, ("behind", words.say("surveyed.behind_question"))),
        opening=opening,
        finding=surveyed_finding(found, wording=words),
        whole=survey_rows(found, part=("all", "weighted", "dimension"), wording=words),
        rows=survey_rows(found, part=("pair",), kind="rating", wording=words),
        amounts=survey_rows(found, part=("pair",), kind="level", wording=words),
        axis=row_axis(_ticks(words)) if found.scale is not None else "",
        legend=_legend(words),
        numbers=pairs_table(found, wording=words),
        zone=zone_finding(found, wording=words) if zones else "",
        zones=zones,
        cuts=[cut for cut in cuts if cut.rows],
        groups=groups,
        cautions=tuple(caution_said(caution, wording=words) for caution in found.cautions),
        chance=words.say("surveyed.chance", share=words.percent(found.false_share)),
        files=tuple(_file_lines(found, words)),
        definitions=[
            (words.say(f"surveyed_definitions.{key}_name"), words.say(f"surveyed_definitions.{key}"))
            for key in DEFINITIONS
        ],
        footer=words.say("page.footer", date=words.date(found.made_at)),
    )


def surveyed_opening(found: SurveyedGaps, *, wording: Wording) -> SurveyedOpening:
    """Title, what was read, and three blocks: short, above, how far to trust it."""
    file = plain_text(found.files[0].file) if found.files else ""
    rows = survey_rows(found, part=("pair",), wording=wording)
    answers = wording.counted("survey_answers", found.answers)
    people = wording.counted("survey_people", found.respondents)
    read = wording.say("surveyed.read", answers=answers, people=people)
    if found.scale is not None:
        read += wording.say("surveyed.read_scale", scale=wording.scale_name())
    return SurveyedOpening(
        title=wording.say("surveyed.title", file=file) if file else wording.say("surveyed.title_plain"),
        made=wording.say("surveyed.made", date=wording.date(found.made_at)),
        read=(read,),
        blocks=(
            _block([row for row in rows if row.verdict == SHORT], "short", wording),
            _block([row for row in reversed(rows) if row.verdict == ABOVE], "above", wording),
            _care(found, wording),
        ),
    )


def caution_said(caution: SurveyCaution, *, wording: Wording) -> str:
    """A caution as a sentence in the language of the page."""
    value = caution.value if caution.value is not None else 0.0
    return wording.say(
        f"surveyed_cautions.{caution.name}",
        about=plain_text(", ".join(caution.about)),
        value=wording.number(value, decimals=2),
        share=wording.percent(value),
        count=wording.number(caution.count),
    )


def _block(rows: list[SurveyRow], key: str, wording: Wording) -> Block:
    first = rows[0] if rows else None
    return Block(
        question=wording.say(f"surveyed.{key}_question"),
        answer=first.name if first else wording.say(f"surveyed.{key}_none"),
        details=(first.numbers, first.gap) if first else (),
        picture=first.picture if first else None,
        anchor="pairs",
        link=wording.say("surveyed.link"),
    )


def _care(found: SurveyedGaps, wording: Wording) -> Block:
    doubtful = [
        reliability_said(gap.reliability, wording=wording)
        for gap in found.gaps
        if gap.part == "all" and gap.reliability is not None and gap.reliability.verdict in ("low", "unclear")
    ]
    said = [caution_said(caution, wording=wording) for caution in found.cautions[:2]]
    lines = tuple(line for line in (*said, *doubtful) if line)
    return Block(
        question=wording.say("surveyed.care_question"),
        answer=wording.say("surveyed.care_some" if lines else "surveyed.care_none"),
        details=lines,
        picture=None,
        anchor="behind",
        link=wording.say("surveyed.care_link"),
    )


def _ticks(words: Wording) -> tuple[str, ...]:
    shown = (round(words.on_scale(place / 4), 2) for place in range(5))
    return tuple(words.number(value, decimals=len(f"{value:g}".partition(".")[2])) for value in shown)


def _legend(words: Wording) -> object:
    return legend(
        expected=words.say("page.expected"),
        got=words.say("page.got"),
        verdicts={
            SHORT: words.say("page.legend_short"),
            ABOVE: words.say("page.legend_above"),
            UNDECIDED: words.say("page.legend_undecided"),
            ALIKE: words.say("surveyed.legend_alike"),
        },
        interval=words.say("page.legend_interval"),
        assumed="",
    )


def _file_lines(found: SurveyedGaps, words: Wording) -> list[str]:
    lines = []
    for report in found.files:
        lines.append(
            words.say(
                "surveyed.file",
                file=plain_text(report.file),
                rows=words.counted("rows", report.rows),
                used=words.number(report.used),
            )
        )
        lines += [
            words.say(
                "surveyed.unusable",
                count=words.number(one.count),
                reason=words.looked_up("reasons", one.reason),
            )
            for one in report.unusable
        ]
        lines += [plain_text(note_said(note, wording=words)) for note in report.notes]
    return lines
