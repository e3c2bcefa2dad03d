"""Findings as one self-contained page."""

from __future__ import annotations

from typing import Any

from forvent.records import Findings
from forvent.report.frame import framed
from forvent.report.pictures.legend import LegendPart, legend, row_axis
from forvent.report.plain_text import plain_text
from forvent.report.sections.chain import chain_section
from forvent.report.sections.change import change_section
from forvent.report.sections.gaps import gaps_section
from forvent.report.sections.journey import journey_section
from forvent.report.sections.kinds import kinds_section
from forvent.report.sections.levels import levels_section
from forvent.report.sections.loyalty import loyalty_section
from forvent.report.sections.matters import matters_section
from forvent.report.sections.opening import opening
from forvent.report.sections.personas import personas_section
from forvent.report.sections.plan import plan_section
from forvent.report.sections.prediction import prediction_section
from forvent.report.sections.promise import promise_section
from forvent.report.sections.questions import questions_section
from forvent.report.sections.said import said_section
from forvent.report.sections.sources import sources_section
from forvent.report.sections.what_if import what_if_section
from forvent.report.wording import Names, Wording, wording

SECTIONS = {
    "gaps": gaps_section,
    "plan": plan_section,
    "what_if": what_if_section,
    "journey": journey_section,
    "matters": matters_section,
    "kinds": kinds_section,
    "change": change_section,
    "chain": chain_section,
    "loyalty": loyalty_section,
    "promise": promise_section,
    "levels": levels_section,
    "prediction": prediction_section,
    "personas": personas_section,
    "said": said_section,
    "questions": questions_section,
    "sources": sources_section,
}


def page(findings: Findings, *, language: str = "en", names: Names) -> str:
    """Findings as one HTML page that needs no network and no script.

    Every heading states a finding, every picture has a text alternative and a table behind it, every
    number its interval and count. Words of customers are escaped and freed of control characters.

    Parameters
    ----------
    findings
        What one run of the loop found; gaps are shown in the order they come in.
    language
        ISO 639-1 code of the language of the page. Where there is no text file for it, the page is in
        English; single missing texts are English too.
    names
        Names of the catalogue in that language, as ``identify/names/<language>.toml`` holds them: a
        table with ``name`` and ``expects`` for each expectation, and the tables ``stages``,
        ``polarities`` and ``kinds``. An id without a name is shown as its own words.

    Returns
    -------
    str
        The whole HTML document.

    Source
    ------
    Our own definition, docs/findings.md.

    Examples
    --------
    >>> list(SECTIONS)[:3]
    ['gaps', 'plan', 'what_if']
    """
    words = wording(language, names=names, scale=findings.voices.scale)
    context: dict[str, Any] = {name: section(findings, wording=words) for name, section in SECTIONS.items()}
    shown = tuple(name for name, section in context.items() if section is not None)
    found = opening(findings, wording=words)
    return framed(
        "page.html",
        wording=words,
        title=found.title,
        contents=tuple((name, words.say(f"{name}.question")) for name in shown),
        opening=found,
        sections=shown,
        legend=_legend(words, assumed=bool(context["gaps"].assumed)),
        axis=row_axis(context["gaps"].ticks),
        kind_axis=row_axis(context["kinds"].ticks),
        scale=words.scale_name(),
        encoder=plain_text(findings.encoder),
        footer=words.say("page.footer", date=words.date(findings.made_at)),
        **context,
    )


def _legend(words: Wording, *, assumed: bool) -> list[LegendPart]:
    return legend(
        expected=words.say("page.expected"),
        got=words.say("page.got"),
        verdicts={name: words.say(f"page.legend_{name}") for name in ("short", "above", "undecided")},
        interval=words.say("page.legend_interval"),
        assumed=words.say("page.legend_assumed") if assumed else "",
    )
