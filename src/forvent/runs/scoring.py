"""Reading and assess joined: the scores of a file of answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from forvent.assess.scores import (
    Answers,
    Cut,
    Invited,
    Margin,
    Measure,
    Moments,
    Weighed,
    asked_measures,
    check_scale,
    column_scores,
    largest_bias,
    moments,
    representativeness,
    response_rate,
    score_bounds,
    sums_of,
    usual_measures,
    weighed,
)
from forvent.assess.scores.cautions import column_cautions, file_cautions
from forvent.assess.scores.direction import AS_READ, CANNOT_TELL
from forvent.assess.scores.tables import answering_customers, distinct_answers, invitations, single_answers
from forvent.engine import Engine
from forvent.errors import BadOption
from forvent.reading.margins import read_margins
from forvent.reading.score_answers import AnswerColumns, AnswersRead, read_answers
from forvent.reading.score_cells import number_as_written
from forvent.records import Estimate, NotEnough, Scale
from forvent.records.scores import (
    ColumnScores,
    Representativeness,
    Response,
    ScaleCheck,
    ScoreBounds,
    ScoreGroup,
    Scores,
)
from forvent.stats import check_level

Codes = NDArray[np.int64]


@dataclass(frozen=True)
class ScoreOptions:
    """How scores are to be made; the defaults are those of the command line.

    ``invited`` is how many were, or the column that says who was. ``known`` are columns that are known of
    all invited; empty means those of segments and margins. ``measures`` are of ``assess.scores.ASKED``.
    """

    scores: Sequence[str] = ()
    measures: Sequence[str] = ()
    scale: Scale | None = None
    customer: str | None = None
    segments: Sequence[str] = ()
    wave: str | None = None
    every: str | None = None
    invited: int | str | None = None
    known: Sequence[str] = ()
    weight: str | None = None
    margins: Path | str | None = None
    not_applicable: Sequence[str] = ()
    level: float = 0.95
    false_share: float = 0.05
    seed: int = 1


def score_file(path: Path | str, *, options: ScoreOptions | None = None) -> Scores:
    """Scores of a file of answers: of all, of segments and waves, with who answered and how they count.

    Parameters
    ----------
    path
        CSV, TSV, Excel, JSONL or Parquet; one row an answer, or one row an invitation.
    options
        See :class:`ScoreOptions`.

    Returns
    -------
    Scores
        Every number with its count and interval, or why there is none.

    Raises
    ------
    ForventError
        If a file cannot be read, a column is not there, an option cannot be, or margins do not fit.

    Source
    ------
    Our own definition, docs/formulas/assess-scores.md.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as home:
    ...     file = Path(home) / "orders.csv"
    ...     _ = file.write_text("order,kept\\n1,yes\\n2,yes\\n3,yes\\n", encoding="utf-8")
    ...     found = score_file(file, options=ScoreOptions(scores=["kept"]))
    >>> kept = found.columns[0].groups[0].scores[0]
    >>> kept.name, kept.estimate.value, round(kept.estimate.low, 2)
    ('kept_rate', 1.0, 0.44)
    """
    chosen = options or ScoreOptions()
    check_level(chosen.level)
    margins = {} if chosen.margins is None else read_margins(chosen.margins)
    answers = read_answers(path, columns=_columns(chosen, margins))
    with Engine() as engine:
        return _Scoring(engine, answers, chosen, margins).made()


def _columns(options: ScoreOptions, margins: Mapping[str, Mapping[str, float]]) -> AnswerColumns:
    if options.every is not None and options.wave is None:
        raise BadOption(
            "Periods are cut from a column of times, and none is given.", hint="Add --wave COLUMN."
        )
    return AnswerColumns(
        scores=tuple(options.scores),
        groups=tuple(dict.fromkeys((*options.segments, *margins, *options.known))),
        customer=options.customer,
        wave=options.wave,
        every=options.every,
        invited=options.invited if isinstance(options.invited, str) else None,
        weight=options.weight,
        scale=_scale(options),
        alike=next((name for name in ("nps", "ces") if list(options.measures) == [name]), None),
        not_applicable=tuple(number_as_written(word) for word in options.not_applicable),
    )


def _scale(options: ScoreOptions) -> Scale | None:
    if options.scale is None and "nps" in options.measures:
        return Scale(0.0, 10.0, guessed=False)
    return options.scale


class _Scoring:
    """One file on its way to scores."""

    def __init__(
        self,
        engine: Engine,
        answers: AnswersRead,
        options: ScoreOptions,
        margins: Mapping[str, Mapping[str, float]],
    ) -> None:
        self._engine, self._read, self._options = engine, answers, options
        self._table = engine.table(_by_customer(answers.table))
        self._scores = [f"score_{place}" for place in range(len(answers.scores))]
        self._of_group = {name: f"group_{place}" for place, name in enumerate(answers.groups)}
        self._margins = [self._margin(column, shares) for column, shares in margins.items()]
        [counts] = engine.collect(answering_customers(self._table, scores=self._scores)).to_pylist()
        self._answered, self._customers = counts["answers"], counts["customers"]
        self._single = self._customers < self._answered or answers.weighted

    def made(self) -> Scores:
        """All scores of the file."""
        columns = tuple(self._column(place) for place in range(len(self._scores)))
        return Scores(
            level=self._options.level,
            false_share=self._options.false_share,
            columns=columns,
            waves=self._read.waves,
            repeated=self._customers < self._answered,
            file=self._read.report,
            cautions=file_cautions(
                self._read.report, answers=self._answered, customers=self._customers, columns=columns
            ),
        )

    # --------------------------------------------------------------------------- columns

    def _column(self, place: int) -> ColumnScores:
        scale, name = self._read.scales[place], self._read.scores[place]
        measures = asked_measures(self._options.measures or usual_measures(scale, column=name), scale=scale)
        rows = self._rows(place)
        if not rows.num_rows:
            raise BadOption(
                f"Nobody gave an answer in “{name}”.", hint="Name another column with --score COLUMN."
            )
        answers = self._answers(rows)
        samples = self._samples(answers, rows)
        cuts = [
            Cut(column, self._read.groups[column], _ints(rows, self._of_group[column]))
            for column in self._options.segments
        ]
        groups, changes = column_scores(
            measures, samples, cuts=cuts, level=self._options.level, false_share=self._options.false_share
        )
        check = self._scale_check(name, scale)
        weighting = tuple(sample.weighting for sample in samples if sample.weighting is not None)
        given = _counted(answers, scale)
        plain = answers.weighted(np.ones(answers.value.size))
        response = self._response(measures, plain, groups[0])
        return ColumnScores(
            column=name,
            scale=scale,
            answers=given,
            scale_check=check,
            groups=groups,
            changes=changes,
            response=response,
            weighting=weighting,
            cautions=column_cautions(
                name,
                scale=scale,
                answers=given,
                check=check,
                weighting=weighting,
                notes=self._read.notes[place],
            ),
        )

    def _scale_check(self, name: str, scale: Scale) -> ScaleCheck:
        others = {other: values for other, values in self._read.beside.items() if other != name}
        check = check_scale(self._read.beside[name], others=others, level=self._options.level)
        # Whoever says that 1 is the best may have a file in which it always is: then the others mislead.
        return (
            replace(check, verdict=CANNOT_TELL)
            if scale.low > scale.high and check.verdict != AS_READ
            else check
        )

    def _rows(self, place: int) -> pa.Table:
        needed = dict.fromkeys((*self._options.segments, *(margin.column for margin in self._margins)))
        by = [*(["wave"] if self._read.waves else []), *(self._of_group[column] for column in needed)]
        made = single_answers if self._single else distinct_answers
        return self._engine.collect(made(self._table, score=self._scores[place], by=by))

    def _answers(self, rows: pa.Table) -> Answers:
        rating, cell = _floats(rows, "rating"), self._cells(rows)[1]
        if not self._single:
            return Answers.of(rating, times=_floats(rows, "times"), cell=cell)
        customer = _ints(rows, "customer") if self._customers < self._answered else None
        return Answers.of(rating, weight=_floats(rows, "weight"), customer=customer, cell=cell)

    def _samples(self, answers: Answers, rows: pa.Table) -> list[Weighed]:
        cells = self._cells(rows)[0]
        whole = [weighed(answers, cells=cells, margins=self._margins)]
        if not self._read.waves:
            return whole
        wave = _ints(rows, "wave")
        return whole + [
            weighed(answers, cells=cells, margins=self._margins, inside=wave == code, wave=name)
            for code, name in enumerate(self._read.waves)
            if (wave == code).any()
        ]

    # --------------------------------------------------------------------------- margins

    def _margin(self, column: str, shares: Mapping[str, float]) -> Margin:
        """A margin whose groups stand in the order of the codes of the answers, then those nobody is in."""
        known = {_key(group): (group, share) for group, share in shares.items()}
        groups = self._read.groups[column]
        unknown = [group for group in groups if _key(group) not in known]
        if unknown:
            raise BadOption(
                f"“{column}” has answers of “{unknown[0]}”"
                + (f" and {len(unknown) - 1} other groups" if len(unknown) > 1 else "")
                + f", and the margins know only {', '.join(shares)}.",
                hint="Give the margins every group of the answers, written alike.",
            )
        seen = {_key(group) for group in groups}
        others = [known[key] for key in known if key not in seen]
        return Margin(
            column,
            (*groups, *(group for group, _ in others)),
            (*(known[_key(group)][1] for group in groups), *(share for _, share in others)),
        )

    def _cells(self, rows: pa.Table) -> tuple[Codes | None, Codes | None]:
        """Groups of each combination of margins, and the combination of each row, −1 where one is unknown."""
        if not self._margins:
            return None, None
        codes = np.column_stack([_ints(rows, self._of_group[margin.column]) for margin in self._margins])
        sizes = [len(margin.groups) for margin in self._margins]
        whole = (codes >= 0).all(axis=1)
        flat = np.full(whole.size, -1, dtype=np.int64)
        flat[whole] = np.ravel_multi_index(tuple(codes[whole].T), sizes)
        seen, cell = np.unique(flat[whole], return_inverse=True)
        flat[whole] = cell
        return np.column_stack(np.unravel_index(seen, sizes)).astype(np.int64), flat

    # -------------------------------------------------------------------------- response

    def _response(self, measures: Sequence[Measure], plain: Answers, group: ScoreGroup) -> Response | None:
        """Who answered, and what the others could change; of answers as they came, without weights."""
        invited = self._options.invited
        if invited is None:
            return None
        level = self._options.level
        found = moments(measures, sums_of(plain), level=level)
        counted = self._counted_invitations() if isinstance(invited, str) else None
        if counted is None:
            asked, answered, uninvited = int(invited), self._customers, 0
            alike: Representativeness | NotEnough = NotEnough(
                0, 1, "of those who did not answer only their number is known"
            )
        else:
            asked, answered, uninvited = counted[1:]
            alike = representativeness(counted[0], rng=np.random.default_rng(self._options.seed), level=level)
        rate = response_rate(answered, asked, level=level)
        bounds = tuple(
            _bounds(measure, one, rate=rate, alike=alike, lacking=score.estimate, level=level)
            for measure, one, score in zip(measures, found, group.scores, strict=True)
        )
        return Response(asked, answered, uninvited, rate, bounds, alike, read_as=self._read.invited_read)

    def _counted_invitations(self) -> tuple[Invited, int, int, int]:
        """Invitations by cell of what is known, all of them, those answered, and answers not invited."""
        known = list(self._options.known) or list(
            dict.fromkeys((*self._options.segments, *(margin.column for margin in self._margins)))
        )
        by = [self._of_group[column] for column in known]
        rows = self._engine.collect(invitations(self._table, scores=self._scores, by=by))
        asked = rows.filter(rows["invited"])
        others = rows.filter(pa.compute.invert(rows["invited"]))
        # Whoever has no value in a column is a group of their own: not to be known is known too.
        cells = (
            np.column_stack([_ints(asked, column) + 1 for column in by]) if by else np.zeros((1, 0), np.int64)
        )
        found = Invited(
            columns=tuple(known),
            groups=tuple(("", *self._read.groups[column]) for column in known),
            cells=cells,
            invited=_floats(asked, "rows"),
            answered=_floats(asked, "answered"),
        )
        return (
            found,
            int(found.invited.sum()),
            int(found.answered.sum()),
            int(_floats(others, "answered").sum()),
        )


def _by_customer(table: pa.Table) -> pa.Table:
    """The rows with those of one customer beside each other, else in the order of the file."""
    customer = table["customer"].to_numpy()
    return table if (np.diff(customer) >= 0).all() else table.take(np.argsort(customer, kind="stable"))


def _bounds(
    measure: Measure,
    found: Moments,
    *,
    rate: Estimate,
    alike: Representativeness | NotEnough,
    lacking: Estimate | NotEnough,
    level: float,
) -> ScoreBounds:
    if isinstance(lacking, NotEnough):
        return ScoreBounds(measure.name, measure.unit, lacking, lacking)
    worst, best = score_bounds(measure, found, rate=rate, level=level)
    bias = None
    if isinstance(alike, Representativeness) and isinstance(alike.indicator, Estimate):
        bias = largest_bias(measure, found, indicator=alike.indicator, rate=rate)
    return ScoreBounds(measure.name, measure.unit, worst, best, bias)


def _counted(answers: Answers, scale: Scale) -> Mapping[str, int]:
    """How often each answer was given, as it was given."""
    given = np.round(scale.low + answers.values * (scale.high - scale.low), 6).tolist()
    times = np.bincount(answers.value, weights=answers.times, minlength=len(given)).astype(int).tolist()
    return {f"{value:g}": count for value, count in sorted(zip(given, times, strict=True)) if count}


def _key(group: str) -> str:
    return " ".join(group.split()).casefold()


def _ints(rows: pa.Table, column: str) -> Codes:
    codes: Codes = rows[column].to_numpy().astype(np.int64)
    return codes


def _floats(rows: pa.Table, column: str) -> NDArray[np.float64]:
    values: NDArray[np.float64] = rows[column].to_numpy().astype(np.float64)
    return values
