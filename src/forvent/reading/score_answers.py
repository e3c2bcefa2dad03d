"""Files of answers: scores on a scale, who gave them, in which wave, and who was invited."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from forvent.errors import BadOption, NothingUsable
from forvent.reading.answer_table import AnswerTable, report_on
from forvent.reading.cells import Cell, as_text, value_of
from forvent.reading.coded import (
    NO_CODE,
    CodedColumn,
    CodedRows,
    Codes,
    Floats,
    name_codes,
    own_codes,
    read_cells,
)
from forvent.reading.columns import NOT_USED, Columns, guess_columns, missing
from forvent.reading.opened import Course
from forvent.reading.quantities import number_style, read_number
from forvent.reading.score_cells import (
    answer_on,
    called,
    in_order,
    is_invited,
    is_not_applicable,
    like_answers,
    period,
    scale_of,
)
from forvent.reading.tally import KEPT, Tally
from forvent.reading.times import date_order
from forvent.reading.yes_no import yes_or_no
from forvent.records import ReadingReport, Scale
from forvent.records.scores import InvitedRead

#: More names than these are no waves and no groups.
MOST_WAVES, MOST_GROUPS = 60, 200
BAD_WEIGHT = "weight that is not above 0"


@dataclass(frozen=True, slots=True)
class ScoreColumn:
    """A column of answers, its scale, and what to say of how that was found."""

    name: str
    scale: Scale
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnswerColumns:
    """Which column holds what; ``groups`` are all columns that answers are grouped by.

    ``scores`` may be empty: then the rating is guessed. ``customer`` "-" is none, None a guess. ``every``
    makes periods of a wave column that holds times. ``alike`` is a name that says the scale.
    """

    scores: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    customer: str | None = None
    wave: str | None = None
    every: str | None = None
    invited: str | None = None
    weight: str | None = None
    scale: Scale | None = None
    alike: str | None = None
    not_applicable: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class AnswersRead:
    """The answers of a file.

    ``table`` has one row a usable row of the file: ``row``, ``customer``, ``wave`` and ``group_0``… as codes
    (−1 where empty), ``invited``, ``weight``, and ``score_0``… on 0–1, null where nothing was answered.
    ``beside`` are ratings of a sample of the rows by column, with which a scale can be checked;
    ``invited_read`` says how a column of invitations was read.
    """

    table: pa.Table
    scores: tuple[str, ...]
    scales: tuple[Scale, ...]
    notes: tuple[tuple[str, ...], ...]
    waves: tuple[str, ...]
    groups: Mapping[str, tuple[str, ...]]
    weighted: bool
    beside: Mapping[str, Floats]
    report: ReadingReport
    invited_read: InvitedRead | None = None


def read_answers(path: Path | str, *, columns: AnswerColumns) -> AnswersRead:
    """Answers of a file as a table of codes and ratings; what cannot be used is counted with its rows.

    Parameters
    ----------
    path
        CSV, TSV, Excel, JSONL or Parquet.
    columns
        Which column holds what.

    Returns
    -------
    AnswersRead
        Table, names of the codes, scales and report.

    Raises
    ------
    UnreadableFile
        If it is no table.
    MissingColumn
        If a column is not there.
    BadOption
        If a column holds something else than it should.
    NothingUsable
        If there is no answer in any row.

    Source
    ------
    Our own definition, docs/scores.md.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as home:
    ...     file = Path(home) / "answers.csv"
    ...     _ = file.write_text("stars,shop\\n5,Brno\\n1,Brno\\n9,Oslo\\n", encoding="utf-8")
    ...     read = read_answers(file, columns=AnswerColumns(("stars",), ("shop",), scale=Scale(1, 5)))
    >>> read.table["score_0"].to_pylist(), read.groups["shop"]
    ([1.0, 0.0, None], ('Brno', 'Oslo'))
    >>> read.report.unusable[0].reason, read.report.unusable[0].rows
    ('kept, but: answer outside the scale 1–5', (4,))
    """
    return _Reading(AnswerTable(path), columns).answers()


class _Reading:
    """One reading of a file: which column holds what, and then its rows."""

    def __init__(self, table: AnswerTable, asked: AnswerColumns) -> None:
        self._table, self._asked = table, asked
        self._mapping: dict[str, str] = {}
        self._guessed: list[str] = []
        guess = guess_columns(table.names, sample=table.sample, kind="voices", given={}, file=table.file)
        self._scores = self._score_columns(guess.mapping)
        self._groups = {name: self._found(name, what=name) for name in asked.groups}
        self._customer = self._customer_column(guess.mapping)
        self._wave = None if asked.wave is None else self._found(asked.wave, what="wave")
        self._invited = None if asked.invited is None else self._found(asked.invited, what="invited")
        self._weight = None if asked.weight is None else self._found(asked.weight, what="weight")

    # -------------------------------------------------------------------------- columns

    def _found(self, column: str, *, what: str) -> str:
        name = self._table.find(column, what=what)
        self._mapping.setdefault(what, name)
        return name

    def _score_columns(self, guessed: Mapping[str, str]) -> tuple[ScoreColumn, ...]:
        names = self._asked.scores
        if not names and "rating" in guessed:
            names = (guessed["rating"],)
            self._guessed.append("score")
        if not names:
            hint = "Name it with --score COLUMN."
            raise missing(self._table.file, what="a rating", names=self._table.names, hint=hint)
        found = tuple(self._table.find(name, what="score") for name in names)
        self._mapping["score"] = found[0]
        return tuple(self._score_column(name) for name in found)

    def _score_column(self, name: str) -> ScoreColumn:
        asked = self._asked
        if asked.scale is not None:
            return ScoreColumn(name, asked.scale, ())
        missing = asked.not_applicable
        kept = [cell for cell in self._table.cells(name) if not is_not_applicable(cell, missing=missing)]
        return ScoreColumn(name, *scale_of(kept, column=name, alike=asked.alike))

    def _customer_column(self, guessed: Mapping[str, str]) -> str | None:
        asked = self._asked.customer
        if asked == NOT_USED:
            return None
        if asked is None:
            taken = {score.name for score in self._scores} | set(self._mapping.values())
            if guessed.get("customer") is None or guessed["customer"] in taken:
                return None
            asked = guessed["customer"]
            self._guessed.append("customer")
        return self._found(asked, what="customer")

    def _columns(self) -> set[str]:
        named = (self._customer, self._wave, self._invited, self._weight, *self._groups.values())
        return {name for name in named if name is not None} | {score.name for score in self._scores}

    # ----------------------------------------------------------------------------- rows

    def answers(self) -> AnswersRead:
        """Table and report of the whole file."""
        rows = self._table.read(self._columns())
        tally = rows.tally()
        kept, weights = self._weights(rows, tally)
        numbers = rows.numbers[kept]
        columns = {name: column.only(kept) for name, column in rows.columns.items()}
        ratings = [self._ratings(columns[score.name], score, numbers, tally) for score in self._scores]
        self._refuse_nothing(rows, ratings, tally)
        waves, wave = self._waves(columns, numbers, tally)
        groups = {
            name: ordered_codes(columns[column], called, most=MOST_GROUPS)
            for name, column in self._groups.items()
        }
        invited = None if self._invited is None else columns[self._invited]
        customer = None if self._customer is None else columns[self._customer]
        table = pa.table(
            {
                "row": numbers,
                "customer": own_codes(customer, count=kept.size),
                "wave": wave,
                "invited": np.ones(kept.size, dtype=np.bool_)
                if invited is None
                else invited.where([is_invited(cell) for cell in invited.cells]),
                "weight": weights,
                **{f"group_{place}": codes for place, (_, codes) in enumerate(groups.values())},
                **{
                    f"score_{place}": pa.array(rating, mask=~np.isfinite(rating))
                    for place, rating in enumerate(ratings)
                },
            }
        )
        course = Course(tally, rows=rows.rows, used=int(kept.size))
        read = Columns(self._mapping, tuple(self._guessed))
        return AnswersRead(
            table=table,
            scores=tuple(score.name for score in self._scores),
            scales=tuple(score.scale for score in self._scores),
            notes=tuple(score.notes for score in self._scores),
            waves=waves,
            groups={name: names for name, (names, _) in groups.items()},
            weighted=self._weight is not None,
            invited_read=None if invited is None else invited_read(invited),
            beside=self._beside(),
            report=report_on(self._table, columns=read, course=course, notes=self._table.notes),
        )

    def _weights(self, rows: CodedRows, tally: Tally) -> tuple[Codes, Floats]:
        """Places of the rows that have a weight that can be, and their weights."""
        if self._weight is None:
            return np.arange(rows.numbers.size), np.ones(rows.numbers.size)
        column = rows.columns[self._weight]
        style = number_style(self._table.cells(self._weight))
        read = [read_number(cell, style=style) for cell in column.cells]
        weights: Floats = column.of_each([np.nan if one is None else one for one in read], np.float64)
        usable = (weights > 0.0) & np.isfinite(weights)
        tally.add_rows(BAD_WEIGHT, rows=rows.numbers[~usable], column=self._weight)
        kept = np.flatnonzero(usable)
        return kept, weights[kept]

    def _ratings(self, column: CodedColumn, score: ScoreColumn, numbers: Codes, tally: Tally) -> Floats:
        skipped = frozenset(self._asked.not_applicable)

        def read(cell: Cell) -> float | str:
            rating, reason = answer_on(cell, scale=score.scale, missing=skipped)
            return reason or (np.nan if rating is None else rating)

        return read_cells(column, read, numbers=numbers, tally=tally, kept=KEPT, shown=_number)

    def _waves(
        self, columns: Mapping[str, CodedColumn], numbers: Codes, tally: Tally
    ) -> tuple[tuple[str, ...], NDArray[np.int32]]:
        if self._wave is None:
            return (), np.zeros(numbers.size, dtype=np.int32)
        every, named = self._asked.every, called
        if every is not None:
            order = date_order(self._table.cells(self._wave))
            named = partial(period, order=order, every=every)
        names, codes = ordered_codes(columns[self._wave], named, most=MOST_WAVES)
        tally.add_rows(KEPT + "no wave", rows=numbers[codes == NO_CODE], column=self._wave)
        return names, codes

    def _refuse_nothing(self, rows: CodedRows, ratings: Sequence[Floats], tally: Tally) -> None:
        if any(np.isfinite(rating).any() for rating in ratings):
            return
        reasons = "; ".join(f"{one.reason} ({one.count})" for one in tally.unusable())
        raise NothingUsable(
            f"{self._table.file} has {rows.rows} rows and no answer that can be used"
            + (f": {reasons}." if reasons else "."),
            hint="Name the column with --score COLUMN, and the scale with --scale 1..5, worst first.",
        )

    def _beside(self) -> Mapping[str, Floats]:
        """Ratings of the sample: of the scores, and of other columns that look like answers alike."""
        # Where the best answer was said to be the lowest, that was said of the scores, not of the others.
        scale, used = self._scores[0].scale, {score.name for score in self._scores}
        scale = Scale(min(scale.low, scale.high), max(scale.low, scale.high))
        taken = set(self._mapping.values()) - used
        found: dict[str, Floats] = {}
        for name in self._table.names:
            cells = self._table.cells(name)
            if name in used or (name not in taken and like_answers(cells, scale=scale)):
                of = next((score.scale for score in self._scores if score.name == name), scale)
                ratings = [answer_on(cell, scale=of, missing=self._asked.not_applicable)[0] for cell in cells]
                found[name] = np.array(ratings, dtype=np.float64)
        return found


def invited_read(column: CodedColumn) -> InvitedRead:
    """Which values of a column were taken for invited and which for not, with their rows.

    Words for yes and no, and numbers, are named; what is neither (a date, a name) is only counted.
    """
    yes: dict[str, int] = {}
    no: dict[str, int] = {}
    other = empty = 0
    for cell, rows in zip(column.cells, column.counts.tolist(), strict=True):
        says = yes_or_no(cell)
        if value_of(cell) is None:
            empty += rows
        elif says is None:
            other += rows
        else:
            named = yes if says else no
            word = as_text(cell).strip()
            named[word] = named.get(word, 0) + rows
    return InvitedRead(yes, no, other, empty)


def ordered_codes(
    column: CodedColumn, named: Callable[[Cell], str | None], *, most: int
) -> tuple[tuple[str, ...], NDArray[np.int32]]:
    """Names of a column as a person counts them, and the place of each row's, −1 where there is none.

    Raises
    ------
    BadOption
        If there are more than ``most``.
    """
    names, codes = name_codes(column, named)
    if len(names) > most:
        hint = "Name another column" + (", or cut times with --every month." if most == MOST_WAVES else ".")
        raise BadOption(f"“{column.name}” has more than {most} groups, such as “{names[most]}”.", hint=hint)
    ordered = in_order(names)
    places = np.full(len(names) + 1, NO_CODE, dtype=np.int32)
    for place, name in enumerate(ordered):
        places[names.index(name)] = place
    return tuple(ordered), places[codes]


def _number(cell: Cell) -> str | None:
    """A cell as an example for messages, only where it is a number: texts may be customers' words."""
    text = as_text(cell)
    return text if len(text) <= 12 and any(sign.isdigit() for sign in text) and " " not in text else None
