"""The gaps of a survey for the terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.table import Table as Grid
from rich.text import Text

from forvent.records import (
    Estimate,
    GroupGap,
    NotEnough,
    Reliability,
    SurveyCaution,
    SurveyCut,
    SurveyedGaps,
    SurveyGap,
    ToleranceZone,
)
from forvent.report.sections.survey_personas import SurveyPersonas, survey_personas
from forvent.report.summary import part_of_summary
from forvent.report.wording import wording

GROUPS_SHOWN = 12
FINDINGS_SHOWN = 8
_REST = ("worse than the rest", "better than the rest")

_SAID = {
    "few_respondents": "Respondents with whole pairs: {count} only. The numbers rest on few.",
    "upside_down": (
        "{about} runs against the other columns of its part (correlation {value:.2f}): is its scale "
        "upside down? Its pair is left out of dimensions and of all. Turn it with --reverse {about}, or "
        "say that it is right with --keep {about}."
    ),
    "parts_oppose": (
        "Who expected more says to have received less (correlation {value:.2f}): one of the two scales "
        "may be upside down. Turn its columns with --reverse."
    ),
    "received_against_overall": (
        "Who received more rates lower overall (correlation {value:.2f}): the scale of what was received,"
        " or of the overall rating, may be upside down."
    ),
    "low_expectations": (
        "Less than the middle of the scale was expected ({value:.2f}): is 1 the best answer? Then turn "
        "all columns with --reverse."
    ),
    "different_scales": (
        "No answer to what was {about} is above {value:g}, while the other part reaches the end of the "
        "scale: were both asked on one scale?"
    ),
    "same_difference": (
        "{about}: all {count:,} differences are the same, so nothing says how far they spread."
    ),
    "one_answer_to_all": "{count:,} sheets ({value:.0%}) hold one and the same answer to everything.",
    "half_answered": (
        "{about}: {value:.0%} of those who answered it left one half open ({count:,}); who did may differ"
        " from who did not."
    ),
    "crossed_levels": (
        "{about}: in {count:,} sheets ({value:.0%}) adequate is above desired; they lie in no zone."
    ),
}


def surveyed_summary(found: SurveyedGaps) -> RenderableType:
    """The gaps of a survey as a short text for the terminal, readable without colour and at 80 columns.

    Parameters
    ----------
    found
        What was found.

    Returns
    -------
    RenderableType
        For ``rich.console.Console.print``.

    Source
    ------
    Our own definition, docs/surveyed.md.

    Examples
    --------
    >>> caution_text(SurveyCaution("few_respondents", (), count=3))
    'Respondents with whole pairs: 3 only. The numbers rest on few.'
    """
    parts: list[RenderableType] = [Text(_title(found), style="bold"), Text("")]
    parts += [Text(f"! {caution_text(caution)}") for caution in found.cautions]
    parts += [Text("")] if found.cautions else []
    parts.append(_gaps(found.gaps))
    parts += [Text(line) for line in _lines_below(found)]
    for cut in found.cuts:
        parts += _cut(cut)
    groups = survey_personas(found.personas, wording=wording("en", names={}, scale=None))
    if groups is not None:
        parts += part_of_summary("Who expects what", [Text(groups.finding), *_groups(groups)])
    return Group(*parts)


def _groups(found: SurveyPersonas) -> list[Text]:
    rows = found.table.rows if found.table else ()
    return [Text(f"{number}: {size}. Expects more of: {things}.") for number, size, things, _ in rows]


def caution_text(caution: SurveyCaution) -> str:
    """A caution as a sentence.

    Parameters
    ----------
    caution
        Something that makes the numbers doubtful.

    Returns
    -------
    str
        One or two sentences; never missing.

    Source
    ------
    Our own definition, docs/surveyed.md.

    Examples
    --------
    >>> caution_text(SurveyCaution("same_difference", ("speed",), count=1200))
    'speed: all 1,200 differences are the same, so nothing says how far they spread.'
    """
    about = ", ".join(caution.about)
    return _SAID[caution.name].format(about=about, value=caution.value, count=caution.count)


def _title(found: SurveyedGaps) -> str:
    on = "" if found.scale is None else f", on a scale of {found.scale[0]:g} to {found.scale[1]:g}"
    people = f" of {found.respondents:,} people" if found.respondents != found.answers else ""
    answers = "1 answer" if found.answers == 1 else f"{found.answers:,} answers"
    return f"Received minus expected: {answers}{people}{on}"


def _gaps(gaps: Sequence[SurveyGap]) -> Grid:
    grid = Grid.grid(padding=(0, 1))
    grid.add_column(max_width=18)
    for _ in range(3):
        grid.add_column(justify="right", no_wrap=True)
    grid.add_column(max_width=20)
    grid.add_row("", "expected → received", "gap", "n", "")
    for gap in gaps:
        name = Text(gap.name, style="" if gap.part == "pair" else "bold")
        grid.add_row(name, _levels(gap), _interval(gap.gap), f"{gap.n:,}", Text(_verdict(gap)))
    return grid


def _levels(gap: SurveyGap | GroupGap) -> str:
    return f"{_short(gap.expected)} → {_short(gap.received)}"


def _short(number: Estimate | NotEnough) -> str:
    return f"{number.value:.2f}" if isinstance(number, Estimate) else "?"


def _interval(number: Estimate | NotEnough) -> str:
    if isinstance(number, NotEnough):
        return "?"
    return f"{number.value:+.2f} ({number.low:+.2f} … {number.high:+.2f})"


def _verdict(gap: SurveyGap) -> str:
    return f"{gap.verdict}, {gap.unit}s" if gap.unit in ("minute", "hour", "day") else gap.verdict


def _lines_below(found: SurveyedGaps) -> list[str]:
    """What is said of the gap over all, of medians, and of zones."""
    lines = [""]
    for gap in found.gaps:
        if isinstance(gap.middle, Estimate):
            lines.append(f"{gap.name}: in the middle {_interval(gap.middle)}; {_share('met', gap.met)}.")
    last = [gap for gap in found.gaps if gap.part in ("dimension", "all")] or list(found.gaps)
    for gap in last:
        if gap.unit == "" and gap.part != "weighted" and gap.middle is None:
            lines.append(f"{gap.name}: {_share('at least the expected received', gap.met)}.")
        if gap.reliability is not None and gap.part != "pair":
            lines += _reliability(gap.name, gap.reliability)
        if gap.zone is not None:
            lines.append(_zone(gap.name, gap.zone))
    judged = sum(gap.rate is not None for gap in found.gaps)
    if judged > 1:
        share = found.false_share
        lines.append(f"Of the gaps called better or worse at most {share:.0%} are so by chance, on average.")
    return lines


def _reliability(name: str, found: Reliability) -> list[str]:
    if isinstance(found.difference, NotEnough):
        return [f"{name}: reliability of the difference unknown ({found.difference.why})."]
    parts = f"expected {_short(found.expected)}, received {_short(found.received)}"
    together = f"they go together by {_short(found.correlation)}"
    lines = [
        f"{name}: reliability of the difference {_plain(found.difference)}, {found.verdict}"
        f" (parts: {parts}; {together}; of the differences themselves {_short(found.items)})."
    ]
    if found.verdict != "enough":
        lines.append(
            "  Lean on means over many people, not on the gap of one; look at what was received too."
        )
    return lines


def _plain(number: Estimate) -> str:
    return f"{number.value:.2f} ({number.low:.2f} … {number.high:.2f})"


def _share(what: str, number: Estimate | NotEnough) -> str:
    if isinstance(number, NotEnough):
        return f"{what}: {number.why}"
    return f"{what} {number.value:.0%} ({number.low:.0%} … {number.high:.0%}, n {number.n:,})"


def _zone(name: str, zone: ToleranceZone) -> str:
    shares = (("below adequate", zone.below), ("tolerated", zone.inside), ("desired or more", zone.above))
    return f"{name}: " + "; ".join(_share(what, share) for what, share in shares) + "."


def _cut(cut: SurveyCut) -> list[RenderableType]:
    """One row a group with its gap over all, then the pairs that stand out somewhere."""
    shown = cut.groups[-GROUPS_SHOWN:] if cut.kind == "time" else cut.groups[:GROUPS_SHOWN]
    grid = Grid.grid(padding=(0, 1))
    grid.add_column(max_width=18)
    for _ in range(3):
        grid.add_column(justify="right", no_wrap=True)
    grid.add_column(max_width=20)
    for group in shown:
        gap = _main(group.gaps)
        grid.add_row(Text(group.name), _levels(gap), _interval(gap.gap), f"{gap.n:,}", Text(gap.rest_verdict))
    of = _main(cut.groups[0].gaps).name if cut.groups else ""
    head = f"By {cut.column}{f' ({of})' if of else ''}"
    parts: list[RenderableType] = [Text(""), Text(head, style="bold"), grid]
    hidden = len(cut.groups) - len(shown) + cut.left_out
    if hidden or cut.blank:
        parts.append(Text(f"{hidden:,} groups not shown; {cut.blank:,} answers without one."))
    return parts + [Text(line) for line in _outstanding(cut)]


def _main(gaps: Sequence[GroupGap]) -> GroupGap:
    return next((gap for gap in gaps if gap.part == "all"), gaps[0])


def _outstanding(cut: SurveyCut) -> list[str]:
    """Pairs and dimensions in which a group differs from the rest, the surest first."""
    found = [
        (gap.rest_rate or 0.0, f"{group.name}, {gap.name}: {_interval(gap.against_rest)}, {gap.rest_verdict}")
        for group in cut.groups
        for gap in group.gaps
        if gap.part in ("pair", "dimension") and gap.rest_verdict in _REST and len(group.gaps) > 1
    ]
    return [f"  {line}" for _, line in sorted(found)[:FINDINGS_SHOWN]]
