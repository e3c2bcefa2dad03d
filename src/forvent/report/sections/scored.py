"""Scores of one column of answers: of all, of groups and waves, and what the silent could change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from forvent.records import (
    ColumnScores,
    Estimate,
    NotEnough,
    Response,
    Scale,
    ScoreBounds,
    ScoreChange,
    ScoreGroup,
    SurveyScore,
    Weighting,
)
from forvent.records.scores import InvitedRead
from forvent.report.pictures.bounds import score_mark
from forvent.report.pictures.shares import share_bar
from forvent.report.plain_text import plain_text, shortened
from forvent.report.sections.parts import DataTable, data_table
from forvent.report.wording import Amount, Wording
from forvent.stats import wilson

SHARE, POINTS = "share", "points"
#: The score that stands for a column, where several are made.
HEADLINES = ("nps", "kept_rate", "ces_easy", "csat", "ces", "mean_given", "net_satisfaction", "mean_rating")
NAME_LETTERS, GROUPS_SHOWN, ANSWERS_SHOWN = 60, 30, 12
#: Values of a column of invitations that are named.
VALUES_SHOWN = 6


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """A score with its picture; ``lines`` say what it is and what it rests on."""

    name: str
    value: str
    interval: str
    picture: Markup | None
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ScoreRows:
    """Rows of one headline score over the groups of a column, or over waves."""

    heading: str
    axis: tuple[str, ...]
    rows: tuple[ScoreRow, ...]
    rest: str


@dataclass(frozen=True, slots=True)
class ColumnSection:
    """All that is shown of one column."""

    anchor: str
    question: str
    finding: str
    cautions: tuple[str, ...]
    scores: tuple[ScoreRow, ...]
    answers: tuple[ScoreRow, ...]
    groups: tuple[ScoreRows, ...]
    changes: str
    changes_table: DataTable | None
    response: tuple[str, ...]
    bounds: tuple[ScoreRow, ...]
    weighting: tuple[str, ...]
    table: DataTable


def column_section(
    found: ColumnScores, place: int, *, waves: Sequence[str], wording: Wording
) -> ColumnSection:
    """One column; ``waves`` are the names of all waves in their order."""
    whole = found.groups[0] if found.groups else None
    return ColumnSection(
        anchor=f"score-{place + 1}",
        question=wording.say(
            "scored.question", column=plain_text(found.column), scale=scale_said(found.scale, wording=wording)
        ),
        finding=column_finding(found, wording=wording),
        cautions=tuple(plain_text(caution) for caution in found.cautions),
        scores=tuple(_score_row(score, found.scale, wording) for score in whole.scores) if whole else (),
        answers=_answers(found, wording),
        groups=tuple(_groups(found, waves, wording)),
        changes=_changes_finding(found.changes, wording) if found.changes else "",
        changes_table=_changes_table(found.changes, wording) if found.changes else None,
        response=_response(found.response, wording) if found.response else (),
        bounds=_bounds(found, wording),
        weighting=tuple(_weights(one, wording) for one in found.weighting),
        table=_table(found, wording),
    )


def column_finding(found: ColumnScores, *, wording: Wording) -> str:
    """The heading: the headline score with its interval."""
    score = headline(found.groups[0].scores) if found.groups else None
    if score is None or isinstance(score.estimate, NotEnough):
        return wording.say("scored.finding_unknown", column=plain_text(found.column))
    return wording.say(
        "scored.finding",
        name=score_name(score.name, wording=wording),
        value=number_said(score.estimate, score.unit, wording=wording),
    )


def headline(scores: Sequence[SurveyScore]) -> SurveyScore | None:
    """The score that stands for the column."""
    known = [score for score in scores if score.name in HEADLINES]
    return min(known, key=lambda score: HEADLINES.index(score.name), default=None)


def score_name(name: str, *, wording: Wording) -> str:
    """What a score is called."""
    return wording.looked_up("score_names", name)


def scale_said(scale: Scale, *, wording: Wording) -> str:
    """A scale as it was given: "0 to 10"."""
    low, high = (
        wording.number(end, decimals=0 if end == round(end) else 1) for end in (scale.low, scale.high)
    )
    return wording.say("numbers.scale", low=low, high=high)


def number_said(number: Amount, unit: str, *, wording: Wording, signed: bool = False) -> str:
    """A score with its interval in the unit that people use: shares in percent."""
    if isinstance(number, NotEnough):
        return wording.unknown(number, noun="survey_answers")
    if unit == SHARE and not signed:
        return wording.share_range(number)
    times, decimals = (100.0, 0) if unit == SHARE else (1.0, 0) if unit == POINTS else (1.0, 2)
    value, low, high = (
        wording.number(times * part, decimals=decimals) for part in (number.value, number.low, number.high)
    )
    plus = "+" if signed and number.value > 0 else ""
    return wording.say("numbers.range", value=f"{plus}{value}", low=low, high=high)


def _score_row(score: SurveyScore, scale: Scale, wording: Wording) -> ScoreRow:
    name = score_name(score.name, wording=wording)
    lines = [_definition(score.definition, wording)]
    if score.effective is not None and isinstance(score.estimate, Estimate):
        worth = min(score.effective, float(score.estimate.n))
        if worth < score.estimate.n - 0.5:
            lines.append(wording.say("scored.worth", count=wording.counted("survey_answers", round(worth))))
    return _row(name, score.estimate, score.unit, scale, wording, lines=lines)


def _row(
    name: str, estimate: Amount, unit: str, scale: Scale, wording: Wording, *, lines: Sequence[str] = ()
) -> ScoreRow:
    if isinstance(estimate, NotEnough):
        return ScoreRow(name, wording.unknown(estimate, noun="survey_answers"), "", None, tuple(lines))
    value = number_said(estimate, unit, wording=wording)
    count = wording.counted("survey_answers", estimate.n)
    return ScoreRow(
        name=name,
        value=value,
        interval=count,
        picture=score_mark(
            _placed(estimate, unit, scale),
            says=wording.say(
                "said.alternative",
                name=name,
                numbers=wording.say("said.numbers", count=count, share=value),
            ),
        ),
        lines=tuple(lines),
    )


def _definition(definition: str, wording: Wording) -> str:
    """The words of a versioned definition, in the language of the page where there is one."""
    key, _, text = definition.partition(": ")
    known = wording.texts["score_definitions"].get(key)
    return wording.say("sources.score_version", definition=known or text, version=key)


def _ends(unit: str, scale: Scale) -> tuple[float, float]:
    if unit == SHARE:
        return 0.0, 1.0
    return (-100.0, 100.0) if unit == POINTS else (scale.low, scale.high)


def _placed(amount: Estimate, unit: str, scale: Scale) -> Estimate:
    """The number as a place of 0–1 on the axis of its unit."""
    low, high = _ends(unit, scale)
    value, start, end = ((part - low) / (high - low) for part in (amount.value, amount.low, amount.high))
    return replace(amount, value=value, low=min(start, end), high=max(start, end))


def _axis(unit: str, scale: Scale, wording: Wording) -> tuple[str, ...]:
    low, high = _ends(unit, scale)
    shown = (round(low + (high - low) * place / 4, 2) for place in range(5))
    if unit == SHARE:
        return tuple(wording.percent(value) for value in shown)
    return tuple(wording.number(value, decimals=len(f"{value:g}".partition(".")[2])) for value in shown)


def _answers(found: ColumnScores, wording: Wording) -> tuple[ScoreRow, ...]:
    """How often each answer was given, from the worst to the best; none where there are many."""
    n = sum(found.answers.values())
    if not n or len(found.answers) > ANSWERS_SHOWN:
        return ()
    rows = []
    for answer in sorted(found.answers, key=_as_number, reverse=found.scale.low > found.scale.high):
        count = found.answers[answer]
        share = wilson(count, n)
        numbers = wording.say(
            "said.numbers", count=wording.counted("survey_answers", count), share=wording.share_range(share)
        )
        says = wording.say("said.alternative", name=plain_text(answer), numbers=numbers)
        rows.append(ScoreRow(plain_text(answer), numbers, "", share_bar(share, says=says), ()))
    return tuple(rows)


def _as_number(answer: str) -> tuple[float, str]:
    try:
        return float(answer), answer
    except ValueError:
        return float("inf"), answer


def _groups(found: ColumnScores, waves: Sequence[str], wording: Wording) -> Iterator[ScoreRows]:
    """The headline score over the waves, then over the groups of each segment."""
    score = headline(found.groups[0].scores) if found.groups else None
    if score is None:
        return
    by_wave = {
        group.wave: group for group in found.groups if group.segment is None and group.wave is not None
    }
    if by_wave:
        told = [(wave, by_wave[wave]) for wave in waves if wave in by_wave][-GROUPS_SHOWN:]
        yield _score_rows(
            wording.say("scored.by_wave"), told, found, score, rest=len(by_wave) - len(told), wording=wording
        )
    for segment in dict.fromkeys(group.segment for group in found.groups if group.segment is not None):
        mine = [group for group in found.groups if group.segment == segment and group.wave is None]
        mine.sort(key=lambda group: -group.answers)
        heading = wording.say("scored.by_segment", column=plain_text(segment))
        told = [(group.group or "", group) for group in mine[:GROUPS_SHOWN]]
        yield _score_rows(heading, told, found, score, rest=len(mine) - len(told), wording=wording)


def _score_rows(
    heading: str,
    told: Sequence[tuple[str, ScoreGroup]],
    found: ColumnScores,
    score: SurveyScore,
    *,
    rest: int,
    wording: Wording,
) -> ScoreRows:
    rows = [
        _row(shortened(plain_text(name), most=NAME_LETTERS), one.estimate, one.unit, found.scale, wording)
        for name, group in told
        for one in group.scores
        if one.name == score.name
    ]
    return ScoreRows(
        heading=wording.say("scored.rows", name=score_name(score.name, wording=wording), by=heading),
        axis=_axis(score.unit, found.scale, wording),
        rows=tuple(rows),
        rest=wording.say("scored.more", groups=wording.counted("groups", rest)) if rest else "",
    )


def _changes_finding(changes: Sequence[ScoreChange], wording: Wording) -> str:
    """How many changes of all answers are findings."""
    found = [change for change in changes if change.verdict in ("higher", "lower")]
    if not found:
        return wording.say("scored.changes_none")
    first = min(found, key=lambda change: (change.segment is not None, change.rate or 0.0))
    return wording.say(
        "scored.changes_finding",
        count=wording.counted("score_changes", len(found)),
        name=score_name(first.name, wording=wording),
        earlier=plain_text(first.earlier),
        later=plain_text(first.later),
        difference=number_said(first.difference, first.unit, wording=wording, signed=True),
    )


def _changes_table(changes: Sequence[ScoreChange], wording: Wording) -> DataTable:
    keys = ("score", "group", "waves", "difference", "remark")
    return data_table(
        wording.say("scored.changes_table"),
        head=[wording.say(f"scored.column_{key}") for key in keys],
        rows=[
            (
                score_name(change.name, wording=wording),
                plain_text(change.group or "") or wording.say("scored.all"),
                f"{plain_text(change.earlier)} → {plain_text(change.later)}",
                number_said(change.difference, change.unit, wording=wording, signed=True),
                wording.looked_up("score_verdicts", change.verdict),
            )
            for change in changes
        ],
    )


def _read_as(read: InvitedRead, wording: Wording) -> str:
    """Which values of the column were taken for invited, and which for not."""

    def named(values: Mapping[str, int], *, rest: str, rows: int) -> str:
        shown = sorted(values.items(), key=lambda pair: -pair[1])
        parts = [f"{plain_text(value)} ({wording.number(count)})" for value, count in shown[:VALUES_SHOWN]]
        beyond = sum(count for _, count in shown[VALUES_SHOWN:])
        if rows + beyond:
            parts.append(f"{wording.say(f'scored.read_as_{rest}')} ({wording.number(rows + beyond)})")
        return wording.list_of(parts) or wording.say("numbers.none")

    return wording.say(
        "scored.read_as",
        yes=named(read.yes, rest="other", rows=read.other),
        no=named(read.no, rest="empty", rows=read.empty),
    )


def _response(found: Response, wording: Wording) -> tuple[str, ...]:
    lines = [
        wording.say(
            "scored.response",
            answered=wording.number(found.answered),
            invited=wording.number(found.invited),
            rate=wording.share_range(found.rate)
            if isinstance(found.rate, Estimate)
            else wording.say("numbers.none"),
        )
    ]
    if found.read_as is not None:
        lines.append(_read_as(found.read_as, wording))
    if found.uninvited:
        lines.append(
            wording.say("scored.uninvited", count=wording.counted("survey_answers", found.uninvited))
        )
    alike = found.representativeness
    if isinstance(alike, NotEnough):
        return (*lines, wording.say("scored.alike_unknown"))
    lines.append(wording.say("scored.alike", indicator=number_said(alike.indicator, "", wording=wording)))
    known = [(group, group.rate) for group in alike.groups if isinstance(group.rate, Estimate)]
    if known:
        least, rate = min(known, key=lambda pair: pair[1].value)
        lines.append(
            wording.say(
                "scored.least",
                column=plain_text(least.column),
                group=plain_text(least.group),
                rate=wording.share_range(rate),
            )
        )
    return tuple(lines)


def _bounds(found: ColumnScores, wording: Wording) -> tuple[ScoreRow, ...]:
    """Each score with the band in which it could lie, had all others given the worst or the best answer."""
    if found.response is None or not found.groups:
        return ()
    scores = {score.name: score.estimate for score in found.groups[0].scores}
    return tuple(
        row
        for bound in found.response.bounds
        if (row := _bound(bound, scores.get(bound.name), found.scale, wording)) is not None
    )


def _bound(bound: ScoreBounds, score: Amount | None, scale: Scale, wording: Wording) -> ScoreRow | None:
    worst, best = bound.worst, bound.best
    if not (isinstance(worst, Estimate) and isinstance(best, Estimate) and isinstance(score, Estimate)):
        return None
    name = score_name(bound.name, wording=wording)
    said = wording.say(
        "scored.bounds",
        worst=number_said(worst, bound.unit, wording=wording),
        best=number_said(best, bound.unit, wording=wording),
    )
    picture = score_mark(
        _placed(score, bound.unit, scale),
        says=wording.say("said.alternative", name=name, numbers=said),
        worst=_placed(worst, bound.unit, scale),
        best=_placed(best, bound.unit, scale),
    )
    bias = bound.largest_bias
    lines = (
        (wording.say("scored.bias", bias=number_said(bias, bound.unit, wording=wording)),)
        if isinstance(bias, Estimate)
        else ()
    )
    return ScoreRow(name, number_said(score, bound.unit, wording=wording), said, picture, lines)


def _weights(found: Weighting, wording: Wording) -> str:
    return wording.say(
        "scored.weighted",
        wave=wording.say("scored.all") if found.wave is None else plain_text(found.wave),
        margins=wording.list_of(map(plain_text, found.margins)) or wording.say("numbers.none"),
        answers=wording.counted("survey_answers", found.answers),
        worth=wording.number(found.effective),
        effect=wording.number(found.design_effect, decimals=2),
    )


def _table(found: ColumnScores, wording: Wording) -> DataTable:
    keys = ("group", "wave", "score", "value", "answers")
    return data_table(
        wording.say("scored.table", column=plain_text(found.column)),
        head=[wording.say(f"scored.column_{key}") for key in keys],
        rows=[
            (
                plain_text(group.group or "") or wording.say("scored.all"),
                plain_text(group.wave or "") or wording.say("numbers.none"),
                score_name(score.name, wording=wording),
                number_said(score.estimate, score.unit, wording=wording),
                wording.number(score.estimate.n),
            )
            for group in found.groups
            for score in group.scores
        ],
    )
