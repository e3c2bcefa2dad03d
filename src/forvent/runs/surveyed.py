"""Reading and assess joined: a survey that asked what was expected and what was received."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
from threadpoolctl import threadpool_limits

from forvent.assess.judgements import as_floats
from forvent.assess.personas import answered_customers, personas
from forvent.assess.personas.answered import LEAST_ANSWERED
from forvent.assess.surveyed import (
    PERIODS,
    GapChoices,
    Survey,
    complete_pairs,
    doubts,
    half_answered,
    half_pairs,
    survey_cut,
    survey_gaps,
    survey_of,
)
from forvent.engine import Engine
from forvent.errors import BadOption, NothingUsable
from forvent.reading.paired_answers import PairedAnswersReader, read_paired_answers
from forvent.reading.survey_columns import SurveyChoices
from forvent.records import (
    NotEnough,
    Personas,
    ReadingReport,
    SurveyCaution,
    SurveyCut,
    SurveyedGaps,
    SurveyGap,
)

#: Called with what is being done, how much of it is done, and how much there is.
Progress = Callable[[str, int, int | None], None]

#: Called with the reader once the file is open and its columns are known.
Opened = Callable[[PairedAnswersReader], None]

SEED = 20_260_301
# Days that the answers span at most, and the periods that show some ten or twenty points over them.
_EACH = ((62, "week"), (1100, "month"), (4000, "quarter"))
_CROSSED = 0.01


def _silent(stage: str, done: int, total: int | None) -> None:
    """Progress that nobody watches."""


def _unseen(reader: PairedAnswersReader) -> None:
    """Guesses that nobody looks at."""


@dataclass(frozen=True)
class SurveyOptions:
    """How a survey is read and judged; the defaults are those of the command line.

    ``each`` is the length of periods: week, month, quarter or year; by the span of the answers if None.
    """

    reading: SurveyChoices = field(default_factory=SurveyChoices)
    judging: GapChoices = field(default_factory=GapChoices)
    each: str | None = None
    seed: int = SEED


def surveyed_gaps(
    file: Path | str,
    *,
    now: datetime,
    options: SurveyOptions | None = None,
    opened: Opened = _unseen,
    progress: Progress = _silent,
) -> SurveyedGaps:
    """Received minus expected of a survey: by pair, dimension, touchpoint, segment and period.

    Parameters
    ----------
    file
        One answer sheet a row, with a column for each half of a pair.
    now
        When it is made, UTC; it is written into the result and decides nothing.
    options
        See :class:`SurveyOptions`.
    opened
        Called with the reader once the columns are known, before all rows are read.
    progress
        Called as the work goes on.

    Returns
    -------
    SurveyedGaps
        Every number with its count and interval, or NotEnough.

    Raises
    ------
    ForventError
        If the file cannot be read, holds no pair of columns or no whole pair, or an option cannot be.

    Source
    ------
    Our own definition, docs/formulas/assess-surveyed.md.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as home:
    ...     survey = Path(home) / "survey.csv"
    ...     rows = ["9,7", "8,8", "10,7", "9,9", "8,6", "9,8"]
    ...     _ = survey.write_text("speed_expected,speed_received\\n" + "\\n".join(rows), encoding="utf-8")
    ...     found = surveyed_gaps(survey, now=datetime(2026, 3, 1))
    >>> gap = found.gaps[0]
    >>> gap.name, round(gap.gap.value, 2), gap.gap.n, gap.verdict
    ('speed', -1.33, 6, 'worse than expected')
    """
    chosen = options or SurveyOptions()
    if chosen.each is not None and chosen.each not in PERIODS:
        raise BadOption(f"“{chosen.each}” is no period.", hint=f"Choose one of {', '.join(PERIODS)}.")
    reader = read_paired_answers(
        file, choices=chosen.reading, progress=lambda done, total: progress("read answers", done, total)
    )
    opened(reader)
    answers, halves = _collected(reader, each=chosen.each)
    progress("assess", 0, None)
    # Products of a few dozen columns: threads wait for each other longer than they work.
    with threadpool_limits(limits=1):
        return _assessed(reader, answers, halves=halves, options=chosen, now=now)


def _collected(reader: PairedAnswersReader, *, each: str | None) -> tuple[pa.Table, list[tuple[int, int]]]:
    """Whole pairs of every sheet, and how many halves of each pair are left over."""
    rows, many = reader.table(), len(reader.pairs)
    with Engine() as engine:
        table = engine.table(rows)
        whole = complete_pairs(table, pairs=many, each=each or _each(reader.report))
        answers, counted = engine.collect_all([whole, half_pairs(table, pairs=many)])
    counts = counted.to_pylist()[0]
    halves = [
        (counts[f"only_expected_{number}"], counts[f"only_received_{number}"]) for number in range(many)
    ]
    if all(answers[f"received_{number}"].null_count == answers.num_rows for number in range(many)):
        said = "; ".join(
            f"{pair.name}: {left} only expected, {right} only received"
            for pair, (left, right) in zip(reader.pairs, halves, strict=True)
        )
        raise NothingUsable(
            f"No pair of {reader.file} is whole: {said}.",
            hint="A gap needs both halves from the same person; look at the pairs with --map.",
        )
    return answers, halves


def _each(report: ReadingReport) -> str:
    if report.first is None or report.last is None:
        return "month"
    days = (report.last - report.first).days
    return next((each for most, each in _EACH if days <= most), "year")


def _assessed(
    reader: PairedAnswersReader,
    answers: pa.Table,
    *,
    halves: list[tuple[int, int]],
    options: SurveyOptions,
    now: datetime,
) -> SurveyedGaps:
    judging = options.judging
    scale = None if reader.scale is None else (reader.scale.low, reader.scale.high)
    survey = survey_of(answers, pairs=reader.pairs, scale=scale, choices=judging)
    gaps = survey_gaps(
        survey, answers=answers, halves=halves, choices=judging, rng=np.random.default_rng(options.seed)
    )
    return SurveyedGaps(
        made_at=now,
        answers=answers.num_rows,
        respondents=survey.sheets.persons,
        scale=scale,
        level=judging.level,
        false_share=round(1.0 - judging.level, 9),
        alike=judging.alike,
        pairs=reader.pairs,
        gaps=gaps,
        cuts=_cuts(reader, answers, survey=survey, choices=judging),
        cautions=_cautions(answers, survey=survey, gaps=gaps, halves=halves),
        files=(reader.report,),
        weights=dict(judging.weights),
        personas=_personas(reader, survey=survey, level=judging.level, seed=options.seed),
    )


def _personas(reader: PairedAnswersReader, *, survey: Survey, level: float, seed: int) -> Personas | None:
    """Groups of people by what they expect, of the pairs that are rated on one scale."""
    rated = [number for number, pair in enumerate(reader.pairs) if pair.kind == "rating"]
    if len(rated) < LEAST_ANSWERED:
        return None
    sheets = survey.sheets
    people = answered_customers(
        [sheets.expected(number) for number in rated],
        received=[sheets.received(number) for number in rated],
        names=[reader.pairs[number].name for number in rated],
        person=sheets.person,
    )
    return personas(people, rng=np.random.default_rng(seed), level=level)


def _cuts(
    reader: PairedAnswersReader, answers: pa.Table, *, survey: Survey, choices: GapChoices
) -> tuple[SurveyCut, ...]:
    asked = [("touchpoint", reader.mapping.get("touchpoint"), "touchpoint")]
    asked += [(f"group_{number}", column, "segment") for number, column in enumerate(reader.groups)]
    asked.append(("period", reader.mapping.get("time"), "time"))
    return tuple(
        survey_cut(survey, values=answers[name], column=column, kind=kind, choices=choices)
        for name, column, kind in asked
        if column is not None
    )


def _cautions(
    answers: pa.Table, *, survey: Survey, gaps: tuple[SurveyGap, ...], halves: list[tuple[int, int]]
) -> tuple[SurveyCaution, ...]:
    rows = answers.num_rows
    overall = as_floats(answers["overall"]) if "overall" in answers.column_names else np.full(rows, np.nan)
    whole = [gap.n for gap in gaps if gap.part == "pair"]
    # One rating alone is all there is of them.
    of_all = next((gap for gap in gaps if gap.part == "all"), None)
    of_all = of_all or next(
        (gap for gap, pair in zip(gaps, survey.pairs, strict=False) if pair.kind == "rating"), None
    )
    return (
        *survey.upside_down,
        *doubts(
            survey.sheets,
            pairs=survey.pairs,
            used=survey.rated,
            overall=overall,
            scale=survey.scale,
            expected=NotEnough(0, 1, "no ratings") if of_all is None else of_all.expected,
        ),
        *half_answered(survey.pairs, whole=whole, halves=halves),
        *(_crossed(gap) for gap in gaps if gap.part == "pair" and _crosses(gap)),
    )


def _crosses(gap: SurveyGap) -> bool:
    return gap.zone is not None and gap.zone.crossed > _CROSSED * gap.n


def _crossed(gap: SurveyGap) -> SurveyCaution:
    crossed = 0 if gap.zone is None else gap.zone.crossed
    return SurveyCaution("crossed_levels", (gap.name,), round(crossed / max(1, gap.n), 4), crossed)
