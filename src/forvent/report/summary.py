"""Findings for the terminal."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table as Grid
from rich.text import Text

from forvent.records import Estimate, Findings, Gap, Said, Unusable, VoiceShare
from forvent.report.plain_text import plain_text
from forvent.report.sections.chain import chain_finding, chain_lines
from forvent.report.sections.change import summary_lines
from forvent.report.sections.gaps import gaps_finding, verdict_text
from forvent.report.sections.journey import peak_finding
from forvent.report.sections.kinds import drift_said
from forvent.report.sections.loyalty import loyalty_section
from forvent.report.sections.matters import basis_said, matters_finding
from forvent.report.sections.opening import kept_said, read_said, title
from forvent.report.sections.personas import persona_line, personas_finding, personas_section
from forvent.report.sections.plan import action_said, plan_finding, step_said, to_do
from forvent.report.sections.prediction import open_line, prediction_finding
from forvent.report.sections.promise import promise_finding
from forvent.report.sections.questions import first_text
from forvent.report.sections.said import act_name, numbers_said, rivals_said, said_lines, source_name
from forvent.report.sections.sources import reason_said, score_name, score_value
from forvent.report.verdicts import UNDECIDED, gap_verdict, plane
from forvent.report.wording import Names, Wording, wording

GAPS_SHOWN = 5
QUESTIONS_SHOWN = 3
DONE_FIRST = 3
WISHES_SHOWN = 3
REASONS_SHOWN = 5
# Letters of a text dumbbell: 0 % at its first, 100 % at its last.
TRACK = 26


def summary(findings: Findings, *, language: str = "en", names: Names) -> RenderableType:
    """Findings as a short text for the terminal, readable without colour and at 80 columns.

    Parameters
    ----------
    findings
        What one run of the loop found; gaps are shown in the order they come in.
    language
        ISO 639-1 code; English where there is no text file for it.
    names
        Names of the catalogue in that language, as for ``page``.

    Returns
    -------
    RenderableType
        For ``rich.console.Console.print``. Words from files are shown as text, never read as markup
        or as commands to the terminal.

    Source
    ------
    Our own definition, docs/findings.md.

    Examples
    --------
    >>> dumbbell_text(0.75, got=0.25, sure=True, width=9)
    '  ●───○  '
    """
    words = wording(language, names=names, scale=findings.voices.scale)
    return Group(
        Text(title(findings, wording=words), style="bold"),
        Text(gaps_finding(findings.gaps, wording=words)),
        *part_of_summary(words.say("summary.read"), [Text(read_said(findings, wording=words))]),
        *part_of_summary(words.say("summary.unusable"), _unusable(findings, words)),
        *part_of_summary(words.say("summary.scores"), _scores(findings, words)),
        *part_of_summary(words.say("summary.gaps"), [_gaps(findings.gaps[:GAPS_SHOWN], words)]),
        *_matters(findings, words),
        *_plan(findings, words),
        *_change(findings, words),
        *_journey(findings, words),
        *_chain(findings, words),
        *part_of_summary(words.say("summary.promise"), _promise(findings, words)),
        *_loyalty(findings, words),
        *_prediction(findings, words),
        *_personas(findings, words),
        *_said(findings.said, words),
        *part_of_summary(words.say("summary.questions"), _questions(findings, words)),
    )


def dumbbell_text(expected: float, *, got: float, sure: bool, width: int = TRACK) -> str:
    """○ expected and ● got on a track of ``width`` letters for 0–100 %; a dotted line is undecided."""
    places = [round(min(1.0, max(0.0, share)) * (width - 1)) for share in (expected, got)]
    left, right = sorted(places)
    track = [" "] * width
    track[left : right + 1] = ("─" if sure else "┄") * (right - left + 1)
    track[places[0]] = "○"
    track[places[1]] = "●" if places[0] != places[1] else "◉"
    return "".join(track)


def part_of_summary(heading: str, lines: Iterable[RenderableType]) -> list[RenderableType]:
    """A heading with its lines under it."""
    return [
        Text(),
        Text(heading, style="bold"),
        *(Padding(line, (0, 0, 0, 2), expand=False) for line in lines),
    ]


def _loyalty(findings: Findings, words: Wording) -> list[RenderableType]:
    found = loyalty_section(findings, wording=words)
    if found is None:
        return []
    return part_of_summary(words.say("loyalty.question"), [Text(found.finding), Text(found.lede[-1])])


def _unusable(findings: Findings, words: Wording) -> list[Text]:
    reports = [findings.voices, *([findings.episodes] if findings.episodes else [])]
    found = sorted((one for report in reports for one in report.unusable), key=lambda one: -one.count)
    if not found:
        return [Text(words.say("summary.unusable_none"))]
    return [Text(_reason(one, words)) for one in found[:REASONS_SHOWN]]


def _reason(found: Unusable, words: Wording) -> str:
    count, reason = words.counted("rows", found.count), reason_said(found.reason, wording=words)
    if not found.rows:
        return words.say("summary.unusable_row", count=count, reason=reason)
    rows = ", ".join(str(row) for row in found.rows[:5]) + (", …" if found.count > 5 else "")
    return words.say("summary.unusable_rows", count=count, reason=reason, rows=rows)


def _scores(findings: Findings, words: Wording) -> list[Text]:
    lines = [
        words.say(
            "summary.score", name=score_name(score, wording=words), value=score_value(score, wording=words)
        )
        for score in findings.scores
    ]
    return [Text(line) for line in lines or [words.say("summary.scores_none")]]


def _gaps(gaps: Iterable[Gap], words: Wording) -> RenderableType:
    grid = Grid.grid(padding=(0, 1))
    grid.add_column(max_width=20)
    grid.add_column(no_wrap=True, width=TRACK)
    grid.add_column(no_wrap=True, justify="right")
    grid.add_column(max_width=18)
    rows = 0
    for gap in gaps:
        grid.add_row(*(Text(cell) for cell in _gap_cells(gap, words)))
        rows += 1
    return grid if rows else Text(words.say("summary.gaps_none"))


def _gap_cells(gap: Gap, words: Wording) -> tuple[str, str, str, str]:
    name, said = words.name(gap.expectation), verdict_text(gap, wording=words)
    if not (isinstance(gap.expected, Estimate) and isinstance(gap.got, Estimate)):
        return name, "", "", said
    numbers = words.say(
        "summary.numbers", expected=words.share_value(gap.expected), got=words.share_value(gap.got)
    )
    sure = gap_verdict(gap) != UNDECIDED
    return name, dumbbell_text(gap.expected.value, got=gap.got.value, sure=sure), numbers, said


def _journey(findings: Findings, words: Wording) -> list[RenderableType]:
    """Where the journey is worst; nothing where nobody judges two stages."""
    if findings.journey is None or findings.journey.worst is None:
        return []
    finding = peak_finding(findings.journey, wording=words)
    return part_of_summary(words.say("journey.question"), [Text(finding)])


def _chain(findings: Findings, words: Wording) -> list[RenderableType]:
    """What lateness goes together with, the links that broke, and owners that surely differ."""
    if findings.chain is None:
        return []
    return part_of_summary(
        words.say("chain.question"),
        [
            Text(chain_finding(findings.chain, wording=words)),
            *(Text(line) for line in chain_lines(findings.chain, wording=words)),
        ],
    )


def _plan(findings: Findings, words: Wording) -> list[RenderableType]:
    """What to do first and who does it; nothing where no plan was made."""
    if findings.plan is None:
        return []
    lines = [plan_finding(findings.plan, wording=words)]
    today = findings.made_at.date()
    for place, row in enumerate(to_do(findings.plan)[:DONE_FIRST], start=1):
        lines.append(f"{place}. {words.name(row.expectation)}: {step_said(row, wording=words)}")
        lines += [
            f"   {action_said(action, today=today, wording=words)}"
            for action in findings.actions
            if action.expectation == row.expectation and action.status == "open"
        ]
    return part_of_summary(words.say("plan.question"), [Text(line) for line in lines])


def _change(findings: Findings, words: Wording) -> list[RenderableType]:
    """What changed over time; nothing where no voice has a time."""
    lines = summary_lines(findings, wording=words)
    return part_of_summary(words.say("change.question"), [Text(line) for line in lines]) if lines else []


def _promise(findings: Findings, words: Wording) -> list[Text]:
    lines = [kept_said(findings, wording=words), promise_finding(findings, wording=words)]
    general = [one for one in findings.sentences if not one.group]
    told = next((one for one in general if one.language == words.language), next(iter(general), None))
    if told is not None:
        lines.append(words.say("summary.sentence") + ": " + plain_text(told.text))
    return [Text(line) for line in lines]


def _prediction(findings: Findings, words: Wording) -> list[RenderableType]:
    """Who is likely to be disappointed; nothing where no episode has an outcome."""
    found = findings.prediction
    if found is None or not found.accuracies:
        return []
    lines = [prediction_finding(found, wording=words), open_line(found, wording=words)]
    return part_of_summary(words.say("prediction.summary"), [Text(line) for line in lines if line])


def _personas(findings: Findings, words: Wording) -> list[RenderableType]:
    """Who expects what, a line a group; nothing where nobody says enough."""
    section = personas_section(findings, wording=words)
    if section is None or findings.personas is None:
        return []
    lines = [personas_finding(findings.personas, wording=words)]
    lines += [persona_line(one, wording=words) for one in findings.personas.personas]
    lines += [one.finding for one in section.segments]
    return part_of_summary(words.say("personas.question"), [Text(line) for line in lines])


def _matters(findings: Findings, words: Wording) -> list[RenderableType]:
    """What matters, and which kinds surely changed; nothing where importance was not worked out."""
    found = plane(findings.importance)
    if found is None or findings.importance is None:
        return []
    drift = findings.kind_drift
    lines = [matters_finding(found, wording=words), basis_said(findings.importance, wording=words)]
    if drift is not None and any(change.became for change in drift.changes):
        lines += drift_said(drift, wording=words)[:-1]
    return part_of_summary(words.say("matters.question"), [Text(line) for line in lines])


def _said(said: Said | None, words: Wording) -> list[RenderableType]:
    """What people say and want; nothing where nobody says anything."""
    if said is None or not said.voices:
        return []

    def line(part: str, names: Iterable[str]) -> list[str]:
        listed = words.say("said.between").join(names)
        return [words.say("said.pair", part=words.say(f"said_parts.{part}"), name=listed)] if listed else []

    def item(name: str, one: VoiceShare, *, counted: bool = False) -> str:
        known = isinstance(one.share, Estimate) and not counted
        numbers = words.share_range(one.share) if known else numbers_said(one, wording=words)
        return words.say("said.summary_item", name=name, numbers=numbers)

    lines = [
        *said_lines(said, wording=words),
        *line("act", (item(act_name(one.name, wording=words), one) for one in said.acts)),
        *line("wish", (item(words.name(one.name), one, counted=True) for one in said.wishes[:WISHES_SHOWN])),
        *line("source", (item(source_name(one.name, wording=words), one) for one in said.sources)),
    ]
    if said.rivals:
        lines.append(rivals_said(said, wording=words))
    return part_of_summary(words.say("summary.said"), [Text(line) for line in lines])


def _questions(findings: Findings, words: Wording) -> list[Text]:
    asked = [question for question in findings.questions if question.texts][:QUESTIONS_SHOWN]
    if not asked:
        return [Text(words.say("questions.finding_none"))]
    return [
        Text(f"{place}. {first_text(one, wording=words).text}") for place, one in enumerate(asked, start=1)
    ]
