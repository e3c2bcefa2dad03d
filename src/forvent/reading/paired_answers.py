"""A survey that asked what was expected and what was received → one row of numbers for each answer sheet."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from forvent.errors import BadOption
from forvent.reading.answer_table import AnswerTable, report_on
from forvent.reading.cells import Cell, value_of
from forvent.reading.coded import CellReader, CodedRows, Codes, Flags, read_cells, texts_of
from forvent.reading.columns import Columns
from forvent.reading.opened import Course, Progress
from forvent.reading.pair_cells import amount_cell, find_scale, pair_kinds, rating_cell
from forvent.reading.pair_columns import PARTS
from forvent.reading.quantities import number_style
from forvent.reading.survey_columns import (
    SurveyChoices,
    other_columns,
    pair_mapping,
    survey_pairs,
    turned_pairs,
    wishes_of,
)
from forvent.reading.tally import KEPT, Tally
from forvent.reading.times import IMPOSSIBLE, DateOrder, date_order, read_time
from forvent.records import ReadingReport, Scale, SurveyPair

NOTHING_ANSWERED = "no part of any pair was answered"


class PairedAnswersReader:
    """A survey, looked through once when it is opened; its columns are then known.

    ``pairs`` are the pairs, ``scale`` that of the ratings (None where there are none), ``groups`` the
    columns that group the answers. ``report`` is there once ``table`` was called.
    """

    def __init__(
        self, path: Path | str, *, choices: SurveyChoices | None = None, progress: Progress | None = None
    ) -> None:
        chosen, table = choices or SurveyChoices(), AnswerTable(path)
        found = survey_pairs(table, chosen)
        self._wishes = wishes_of(chosen, found)
        kinds = pair_kinds(found, cells=table.kinds, wishes=self._wishes)
        scale = find_scale(kinds, cells=table.kinds, wishes=self._wishes)
        self.pairs = turned_pairs(kinds, chosen.reverse, table=table)
        self.scale: Scale | None = scale.scale
        self.groups = tuple(table.find(name, what="a group") for name in dict.fromkeys(chosen.by))
        others = other_columns(chosen, pairs=self.pairs, groups=self.groups, table=table)
        self._order = date_order(table.cells(others["time"])) if "time" in others else DateOrder()
        self.mapping: Mapping[str, str] = {**pair_mapping(self.pairs), **others}
        self.guessed = tuple(name for name in self.mapping if name not in chosen.columns)
        self.file, self.rows = table.file, table.sample.total
        self.notes = (*table.notes, *scale.notes, *self._order.notes)
        self._table, self._progress = table, progress
        self._report: ReadingReport | None = None

    @property
    def report(self) -> ReadingReport:
        """What was read and what was left out; there once the table was read."""
        if self._report is None:
            raise BadOption("The report is there once the answers were read.", hint="Call table() first.")
        return self._report

    def table(self) -> pa.Table:
        """Every answer sheet that holds a number: its row, its customer, its groups and its numbers.

        Columns: row, customer, touchpoint, time, overall; ``group_0`` … for the groups; ``expected_0``,
        ``received_0``, ``adequate_0``, ``desired_0`` … for the parts of the pairs in their order. What was
        not asked or not answered is null.
        """
        rows = self._table.read({*self.mapping.values(), *self.groups}, progress=self._progress)
        tally = rows.tally()
        numbers = {
            name: read_cells(
                rows.columns[column], read, numbers=rows.numbers, tally=tally, kept=KEPT, shown=_itself
            )
            for name, (column, read) in self._number_columns().items()
        }
        answered = np.zeros(rows.numbers.size, dtype=np.bool_)
        for name, values in numbers.items():
            answered |= ~np.isnan(values) & (name != "overall")
        tally.add_rows(NOTHING_ANSWERED, rows=rows.numbers[~answered])
        kept = np.flatnonzero(answered)
        times = self._times(rows, answered, tally)
        course = Course(tally, rows=rows.rows, used=int(kept.size))
        columns = Columns(self.mapping, self.guessed)
        report = report_on(self._table, columns=columns, course=course, notes=self.notes, scale=self.scale)
        told = pc.min_max(times).as_py()
        self._report = replace(report, first=told["min"], last=told["max"])
        return pa.table(
            {
                **{name: _texts(rows, column, kept) for name, column in self._text_columns().items()},
                "time": times,
                "row": pa.array(rows.numbers[kept]),
                **{name: pa.array(values[kept], from_pandas=True) for name, values in numbers.items()},
            }
        )

    def _text_columns(self) -> dict[str, str | None]:
        named = {name: self.mapping.get(name) for name in ("customer", "touchpoint")}
        return {**named, **{f"group_{number}": column for number, column in enumerate(self.groups)}}

    def _times(self, rows: CodedRows, answered: Flags, tally: Tally) -> pa.Array:
        """The time of each row that holds an answer."""
        if "time" not in self.mapping:
            return pa.nulls(int(answered.sum()), pa.timestamp("us"))
        column = rows.columns[self.mapping["time"]]
        moments = [read_time(cell, order=self._order) for cell in column.cells]
        none = [
            moment is None and value_of(cell) is not None
            for moment, cell in zip(moments, column.cells, strict=True)
        ]
        wrong = np.flatnonzero(answered & column.where(none))
        if wrong.size:
            tally.add_rows(
                KEPT + IMPOSSIBLE,
                rows=rows.numbers[wrong],
                column=column.name,
                example=column.cells[column.codes[wrong[0]]],
            )
        times = pa.array([None if moment is None else moment.time for moment in moments], pa.timestamp("us"))
        return times.take(pa.array(column.codes[answered]))

    def _number_columns(self) -> dict[str, tuple[str, CellReader]]:
        """The column of each number and how it is read, by the number's name in the table."""
        found = {
            f"{part}_{number}": (column, self._reader(pair, column))
            for number, pair in enumerate(self.pairs)
            for part in PARTS
            if (column := getattr(pair, part))
        }
        if "overall" in self.mapping:
            overall = self.mapping["overall"]
            found["overall"] = (overall, self._amounts(SurveyPair("", "", ""), overall))
        return found

    def _reader(self, pair: SurveyPair, column: str) -> CellReader:
        if pair.kind == "rating" and self.scale is not None:
            return rating_cell(self.scale, self._wishes, turned=column in pair.reversed)
        return self._amounts(pair, column)

    def _amounts(self, pair: SurveyPair, column: str) -> CellReader:
        style = number_style(self._table.cells(column))
        return amount_cell(pair, column=column, style=style, wishes=self._wishes)


def _itself(cell: Cell) -> Cell:
    return cell


def _texts(rows: CodedRows, column: str | None, kept: Codes) -> pa.Array:
    if column is None:
        return pa.nulls(kept.size, pa.string())
    return texts_of(rows.columns[column].only(kept))


def read_paired_answers(
    path: Path | str,
    *,
    choices: SurveyChoices | None = None,
    progress: Callable[[int, int | None], None] | None = None,
) -> PairedAnswersReader:
    """A survey whose pairs of columns are known, ready to be read.

    Parameters
    ----------
    path
        CSV, TSV, Excel, OpenDocument, JSON, JSONL or Parquet, also gzipped; one answer sheet a row.
    choices
        What is not to be guessed.
    progress
        Called with the rows read so far and the number of all rows.

    Returns
    -------
    PairedAnswersReader
        Pairs, scale and guesses at once; the numbers by ``table()``.

    Raises
    ------
    UnreadableFile
        If the file cannot be read.
    MissingColumn
        If no pair of columns is found, or a named column is not there.
    BadOption
        If a choice cannot be used.

    Source
    ------
    Our own definition, docs/surveyed.md.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder) / "survey.csv"
    ...     _ = file.write_text("expe1,qual1,expe2,qual2\\n9,8,9,6\\n7,7,10,\\n8,9,9,7\\n")
    ...     reader = read_paired_answers(file)
    ...     answers = reader.table()
    >>> [(pair.expected, pair.received) for pair in reader.pairs]
    [('expe1', 'qual1'), ('expe2', 'qual2')]
    >>> answers["received_1"].to_pylist()
    [6.0, None, 7.0]
    """
    return PairedAnswersReader(path, choices=choices, progress=progress)
