"""Files of answers: scores on a scale, who gave them, in which wave, and who was invited."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from forvent.errors import NothingUsable
from forvent.reading.cells import Cell, as_text
from forvent.reading.columns import NOT_USED, find_column, guess_columns, missing
from forvent.reading.opened import look_through
from forvent.reading.quantities import number_style, read_number
from forvent.reading.rows import Row, RowSource
from forvent.reading.sample import Sample
from forvent.reading.score_cells import answer_on, called, like_answers, period, scale_of
from forvent.reading.score_columns import (
    MOST_GROUPS,
    MOST_WAVES,
    CodeColumn,
    CustomerColumn,
    InvitedColumn,
    ScoreColumn,
)
from forvent.reading.tally import KEPT, Tally
from forvent.reading.times import date_order
from forvent.records import ReadingReport, Scale

Floats: TypeAlias = NDArray[np.float64]

#: Rows taken at once; changes speed, never the answer.
BATCH = 4096
BAD_WEIGHT = "weight that is not above 0"


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
    ``beside`` are ratings of a sample of the rows by column, with which a scale can be checked.
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
    path = Path(path)
    source, sample = look_through(path)
    reading = _Reading(source, sample, columns, file=path.name)
    batch: list[Row] = []
    for row in source.rows():
        reading.rows += 1
        if row.flaw is not None:
            reading.tally.add(row.flaw, row=row.number)
            continue
        batch.append(row)
        if len(batch) == BATCH:
            reading.add(batch)
            batch = []
    reading.add(batch)
    return reading.finished()


class _Reading:
    """One reading of a file."""

    def __init__(self, source: RowSource, sample: Sample, columns: AnswerColumns, *, file: str) -> None:
        self.file, self._source, self._sample, self._asked = file, source, sample, columns
        self.tally, self.rows, self.used = Tally(), 0, 0
        self._numbers = array("q")
        self._mapping: dict[str, str] = {}
        guessed = guess_columns(source.names, sample=sample, kind="voices", given={}, file=file).mapping
        self._guessed: list[str] = []
        self._scores = [
            (self._place(name, "score"), self._score(name)) for name in self._score_names(guessed)
        ]
        self._groups = [
            (self._place(name, name), CodeColumn(name, called, most=MOST_GROUPS)) for name in columns.groups
        ]
        self._customer = self._customer_place(guessed)
        self._customers = CustomerColumn()
        self._wave = self._wave_codes()
        self._invited = None if columns.invited is None else self._place(columns.invited, "invited")
        self._invitations = InvitedColumn()
        self._weight = None if columns.weight is None else self._place(columns.weight, "weight")
        style_of = () if self._weight is None else sample.column(self._weight)
        self._style = number_style(style_of)
        self._weight_rows = array("d")

    # -------------------------------------------------------------------------- columns

    def _place(self, column: str, what: str) -> int:
        name = find_column(column, names=self._source.names, what=what, file=self.file)
        self._mapping.setdefault(what, name)
        return self._source.names.index(name)

    def _score_names(self, guessed: Mapping[str, str]) -> tuple[str, ...]:
        names = self._asked.scores
        if not names and "rating" in guessed:
            names = (guessed["rating"],)
            self._guessed.append("score")
        if not names:
            hint = "Name it with --score COLUMN."
            raise missing(self.file, what="a rating", names=self._source.names, hint=hint)
        return tuple(
            find_column(name, names=self._source.names, what="score", file=self.file) for name in names
        )

    def _score(self, name: str) -> ScoreColumn:
        cells, skipped = (
            self._sample.column(self._source.names.index(name)),
            frozenset(self._asked.not_applicable),
        )
        kept = [cell for cell in cells if as_text(cell).lower() not in skipped]
        if self._asked.scale is not None:
            return ScoreColumn(name, self._asked.scale, (), skipped)
        return ScoreColumn(name, *scale_of(kept, column=name, alike=self._asked.alike), skipped)

    def _customer_place(self, guessed: Mapping[str, str]) -> int | None:
        asked = self._asked.customer
        if asked == NOT_USED:
            return None
        if asked is None:
            taken = {score.name for _, score in self._scores} | set(self._mapping.values())
            if guessed.get("customer") is None or guessed["customer"] in taken:
                return None
            asked = guessed["customer"]
            self._guessed.append("customer")
        return self._place(asked, "customer")

    def _wave_codes(self) -> tuple[int, CodeColumn] | None:
        if self._asked.wave is None:
            return None
        place, every = self._place(self._asked.wave, "wave"), self._asked.every
        if every is None:
            return place, CodeColumn(self._asked.wave, called, most=MOST_WAVES)
        order = date_order(self._sample.column(place))
        named = lambda cell: period(cell, order=order, every=every)  # noqa: E731
        return place, CodeColumn(self._asked.wave, named, most=MOST_WAVES)

    # ----------------------------------------------------------------------------- rows

    def add(self, rows: Sequence[Row]) -> None:
        """Take rows, column by column."""
        kept = rows if self._weight is None else [row for row in rows if self._weighs(row)]
        if not kept:
            return
        self.used += len(kept)
        self._numbers.extend(row.number for row in kept)
        for place, score in self._scores:
            cells = [row.cells[place] for row in kept]
            for flawed, reason in score.add(cells):
                example = _number(cells[flawed])
                self.tally.add(KEPT + reason, row=kept[flawed].number, column=score.name, example=example)
        for place, codes in self._groups:
            codes.add([row.cells[place] for row in kept])
        if self._wave is not None:
            place, waves = self._wave
            for unnamed in waves.add([row.cells[place] for row in kept]):
                self.tally.add(KEPT + "no wave", row=kept[unnamed].number, column=waves.name)
        if self._customer is not None:
            self._customers.add([row.cells[self._customer] for row in kept])
        if self._invited is not None:
            self._invitations.add([row.cells[self._invited] for row in kept])

    def _weighs(self, row: Row) -> bool:
        """Whether a row has a weight that can be, which is taken."""
        if self._weight is None:
            return True
        weight = read_number(row.cells[self._weight], style=self._style)
        if weight is None or not 0.0 < weight < float("inf"):
            self.tally.add(BAD_WEIGHT, row=row.number, column=self._source.names[self._weight])
            return False
        self._weight_rows.append(weight)
        return True

    # --------------------------------------------------------------------------- result

    def finished(self) -> AnswersRead:
        """Table and report of the whole file."""
        ratings = [score.ratings() for _, score in self._scores]
        if not self.used or not any(np.isfinite(rating).any() for rating in ratings):
            reasons = "; ".join(f"{one.reason} ({one.count})" for one in self.tally.unusable())
            raise NothingUsable(
                f"{self.file} has {self.rows} rows and no answer that can be used"
                + (f": {reasons}." if reasons else "."),
                hint="Name the column with --score COLUMN, and the scale with --scale 1..5, worst first.",
            )
        waves, wave_codes = ((), None) if self._wave is None else self._wave[1].ordered()
        groups = {codes.name: codes.ordered() for _, codes in self._groups}
        table = pa.table(
            {
                "row": np.frombuffer(self._numbers, dtype=np.int64),
                "customer": self._customer_codes(),
                "wave": np.zeros(self.used, np.int32) if wave_codes is None else wave_codes,
                "invited": self._all_invited(),
                "weight": np.frombuffer(self._weight_rows, np.float64)
                if self._weight is not None
                else np.ones(self.used),
                **{f"group_{place}": codes for place, (_, codes) in enumerate(groups.values())},
                **{
                    f"score_{place}": pa.array(rating, mask=~np.isfinite(rating))
                    for place, rating in enumerate(ratings)
                },
            }
        )
        return AnswersRead(
            table=table,
            scores=tuple(score.name for _, score in self._scores),
            scales=tuple(score.scale for _, score in self._scores),
            notes=tuple(score.notes for _, score in self._scores),
            waves=waves,
            groups={name: names for name, (names, _) in groups.items()},
            weighted=self._weight is not None,
            beside=self._beside(),
            report=self._report(),
        )

    def _customer_codes(self) -> NDArray[np.int64]:
        if self._customer is None:
            return np.arange(self.used, dtype=np.int64)
        return self._customers.codes()

    def _all_invited(self) -> NDArray[np.bool_]:
        if self._invited is None:
            return np.ones(self.used, dtype=np.bool_)
        return self._invitations.invited()

    def _beside(self) -> Mapping[str, Floats]:
        """Ratings of the sample: of the scores, and of other columns that look like answers alike."""
        # Where the best answer was said to be the lowest, that was said of the scores, not of the others.
        scale, used = self._scores[0][1].scale, {score.name for _, score in self._scores}
        scale = Scale(min(scale.low, scale.high), max(scale.low, scale.high))
        taken = set(self._mapping.values()) - used
        found: dict[str, Floats] = {}
        for place, name in enumerate(self._source.names):
            cells = self._sample.column(place)
            if name in used or (name not in taken and like_answers(cells, scale=scale)):
                of = next((score.scale for _, score in self._scores if score.name == name), scale)
                ratings = [answer_on(cell, scale=of, missing=self._asked.not_applicable)[0] for cell in cells]
                found[name] = np.array(ratings, dtype=np.float64)
        return found

    def _report(self) -> ReadingReport:
        return ReadingReport(
            file=self.file,
            format=self._source.format,
            encoding=self._source.encoding,
            rows=self.rows,
            used=self.used,
            repeated=0,
            mapping=dict(self._mapping),
            guessed=tuple(self._guessed),
            unusable=self.tally.unusable(),
            notes=self._source.notes,
        )


def _number(cell: Cell) -> str | None:
    """A cell as an example for messages, only where it is a number: texts may be customers' words."""
    text = as_text(cell)
    return text if len(text) <= 12 and any(sign.isdigit() for sign in text) and " " not in text else None
