"""A survey that asked what was expected and what was received → one row of numbers for each answer sheet."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

import numpy as np
import pyarrow as pa

from forvent.errors import BadOption
from forvent.reading.cells import Cell, value_of
from forvent.reading.columns import Columns
from forvent.reading.opened import Course, Opened, Progress, look_through, report_of
from forvent.reading.pair_cells import (
    CellReader,
    amount_cell,
    find_scale,
    pair_kinds,
    rating_cell,
)
from forvent.reading.pair_columns import PARTS
from forvent.reading.quantities import number_style
from forvent.reading.survey_columns import (
    SurveyCells,
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
_EVERY = 2000


@dataclass(frozen=True, slots=True)
class _Numbers:
    """A column of numbers on its way into the table: where it stands, how it is read, what was read."""

    name: str
    column: str
    index: int
    read: CellReader
    known: dict[Cell, float] = field(default_factory=dict)
    values: array[float] = field(default_factory=lambda: array("d"))


class PairedAnswersReader:
    """A survey, looked through once when it is opened; its columns are then known.

    ``pairs`` are the pairs, ``scale`` that of the ratings (None where there are none), ``groups`` the
    columns that group the answers. ``report`` is there once ``table`` was called.
    """

    def __init__(
        self, path: Path | str, *, choices: SurveyChoices | None = None, progress: Progress | None = None
    ) -> None:
        path, chosen = Path(path), choices or SurveyChoices()
        source, sample = look_through(path)
        cells = SurveyCells(path.name, source.names, sample)
        found = survey_pairs(cells, chosen)
        self._wishes = wishes_of(chosen, found)
        kinds = pair_kinds(found, cells=cells.of, wishes=self._wishes)
        scale = find_scale(kinds, cells=cells.of, wishes=self._wishes)
        self.pairs = turned_pairs(kinds, chosen.reverse, cells=cells)
        self.scale: Scale | None = scale.scale
        self.groups = tuple(cells.find(name, what="a group") for name in dict.fromkeys(chosen.by))
        others = other_columns(chosen, pairs=self.pairs, groups=self.groups, cells=cells)
        self._order = date_order(cells.of(others["time"])) if "time" in others else DateOrder()
        self.mapping: Mapping[str, str] = {**pair_mapping(self.pairs), **others}
        self.guessed = tuple(name for name in self.mapping if name not in chosen.columns)
        self.file, self.rows = path.name, sample.total
        self.notes = (*source.notes, *scale.notes, *self._order.notes)
        self._opened = Opened(path.name, source, Columns(self.mapping, self.guessed), sample.total)
        self._cells, self._progress = cells, progress
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
        numbers = self._number_columns()
        texts: dict[str, tuple[int | None, list[str | None]]] = {
            name: (self._place(column), []) for name, column in self._text_columns().items()
        }
        clock = self._place(self.mapping.get("time"))
        rows, times, course = array("q"), list[datetime | None](), Course(Tally())
        for row in self._opened.source.rows():
            course.rows += 1
            if self._progress is not None and course.rows % _EVERY == 0:
                self._progress(course.rows, self.rows)
            if row.flaw is not None:
                course.tally.add(row.flaw, row=row.number)
            elif _add(numbers, row.cells, row=row.number, tally=course.tally):
                course.used += 1
                rows.append(row.number)
                for place, values in texts.values():
                    values.append(None if place is None else value_of(row.cells[place]))
                times.append(
                    None if clock is None else self._time(row.cells[clock], row.number, course.tally)
                )
            else:
                course.tally.add(NOTHING_ANSWERED, row=row.number)
        report = report_of(self._opened, course=course, notes=self.notes, scale=self.scale)
        told = [time for time in times if time is not None]
        self._report = replace(report, first=min(told, default=None), last=max(told, default=None))
        columns = {name: pa.array(values, pa.string()) for name, (_, values) in texts.items()}
        columns |= {
            "time": pa.array(times, pa.timestamp("us")),
            "row": pa.array(np.frombuffer(rows, np.int64)),
        }
        return pa.table({**columns, **{column.name: _nullable(column.values) for column in numbers}})

    def _text_columns(self) -> dict[str, str | None]:
        named = {name: self.mapping.get(name) for name in ("customer", "touchpoint")}
        return {**named, **{f"group_{number}": column for number, column in enumerate(self.groups)}}

    def _place(self, column: str | None) -> int | None:
        return None if column is None else self._cells.names.index(column)

    def _time(self, cell: Cell, row: int, tally: Tally) -> datetime | None:
        if value_of(cell) is None:
            return None
        moment = read_time(cell, order=self._order)
        if moment is None:
            tally.add(KEPT + IMPOSSIBLE, row=row, column=self.mapping["time"], example=cell)
            return None
        return moment.time

    def _number_columns(self) -> list[_Numbers]:
        found = [
            _Numbers(f"{part}_{number}", column, self._cells.names.index(column), self._reader(pair, column))
            for number, pair in enumerate(self.pairs)
            for part in PARTS
            if (column := getattr(pair, part))
        ]
        overall = self.mapping.get("overall")
        if overall is not None:
            plain = self._amounts(SurveyPair("", "", ""), overall)
            found.append(_Numbers("overall", overall, self._cells.names.index(overall), plain))
        return found

    def _reader(self, pair: SurveyPair, column: str) -> CellReader:
        if pair.kind == "rating" and self.scale is not None:
            return rating_cell(self.scale, self._wishes, turned=column in pair.reversed)
        return self._amounts(pair, column)

    def _amounts(self, pair: SurveyPair, column: str) -> CellReader:
        style = number_style(self._cells.of(column))
        return amount_cell(pair, column=column, style=style, wishes=self._wishes)


def _add(numbers: Sequence[_Numbers], cells: Sequence[Cell], *, row: int, tally: Tally) -> bool:
    """Add one sheet to all columns; False, with nothing added, where it answers no part of a pair."""
    known = [column.known.get(cells[column.index]) for column in numbers]
    answers = [
        _read(column, cells[column.index], row=row, tally=tally) if value is None else value
        for column, value in zip(numbers, known, strict=True)
    ]
    # NaN is the one number that differs from itself.
    answered = any(
        value == value and column.name != "overall" for column, value in zip(numbers, answers, strict=True)
    )
    if answered:
        for column, value in zip(numbers, answers, strict=True):
            column.values.append(value)
    return answered


def _read(column: _Numbers, cell: Cell, *, row: int, tally: Tally) -> float:
    found = column.read(cell)
    if isinstance(found, str):
        tally.add(KEPT + found, row=row, column=column.column, example=cell)
        return float("nan")
    # True is 1 to a dictionary, and floats may be as many as rows.
    if isinstance(cell, str) and len(column.known) < _EVERY:
        column.known[cell] = found
    return found


def _nullable(values: array[float]) -> pa.Array:
    return pa.array(np.frombuffer(values, np.float64), from_pandas=True)


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
