"""Who expects what, by the answers of a survey: one row a group."""

from __future__ import annotations

from dataclasses import dataclass

from forvent.records import Estimate, Persona, Personas
from forvent.report.plain_text import plain_text
from forvent.report.sections.parts import DataTable, data_table
from forvent.report.sections.personas import GROUPS, MORE, ONE, personas_finding
from forvent.report.wording import Wording

#: Things that a group is described by, at most.
THINGS_SHOWN = 4
HEADS = ("group", "size", "expects", "overlap")


@dataclass(frozen=True, slots=True)
class SurveyPersonas:
    """All that the section shows; no table where one group holds."""

    finding: str
    how: str
    table: DataTable | None


def survey_personas(found: Personas | None, *, wording: Wording) -> SurveyPersonas | None:
    """Groups of people by what they expect more of; None where too few answered to look for them."""
    if found is None or found.verdict not in (GROUPS, ONE):
        return None
    return SurveyPersonas(
        finding=plain_text(personas_finding(found, wording=wording)),
        how=wording.say("survey_personas.how", people=wording.counted("survey_people", found.grouped)),
        table=data_table(
            wording.say("survey_personas.table"),
            head=[wording.say(f"survey_personas.{head}") for head in HEADS],
            rows=[_row(persona, number, wording) for number, persona in enumerate(found.personas, start=1)],
        )
        if found.personas
        else None,
    )


def _row(persona: Persona, number: int, wording: Wording) -> tuple[str, ...]:
    said = "" if persona.stable else wording.say("survey_personas.unstable")
    overlap = wording.number(persona.stability.value, decimals=2)
    return (
        wording.number(number),
        wording.share(persona.group.size, noun="survey_people"),
        "; ".join(_things(persona, wording)) or wording.say("numbers.none"),
        f"{overlap} {said}".strip(),
    )


def _things(persona: Persona, wording: Wording) -> list[str]:
    """What more of this group than of the others expect more of than of the rest, the most telling first."""
    told = []
    for one in persona.group.expectations:
        share, rest = one.mentioned.share, one.mentioned.rest
        if one.mentioned.verdict == MORE and isinstance(share, Estimate) and isinstance(rest, Estimate):
            name = plain_text(one.expectation)
            shares = {"met": wording.share_range(share), "rest": wording.share_range(rest)}
            told.append(wording.say("personas.met", name=name, **shares))
    return told[:THINGS_SHOWN]
