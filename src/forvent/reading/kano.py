"""Rows of a Kano questionnaire → pairs of answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from forvent.errors import BadOption
from forvent.reading.answer_table import AnswerTable, report_on
from forvent.reading.cells import value_of
from forvent.reading.coded import CodedRows, Codes, own_codes
from forvent.reading.columns import Columns
from forvent.reading.kano_desk import (
    MOST_SEGMENTS,
    NO_WAVE,
    KanoDesk,
    Pairs,
    segment_codes,
)
from forvent.reading.kano_layout import KanoColumns, Layout, kano_layout
from forvent.reading.kano_waves import Waves, waves_of
from forvent.reading.kano_words import UNKNOWN, AnswerScale
from forvent.reading.opened import Course, Progress
from forvent.reading.tally import KEPT, Tally
from forvent.records import ReadingReport
from forvent.tables import KANO_ANSWERS, TEXT, arrow_schema


@dataclass(frozen=True, slots=True, eq=False)
class KanoAnswers:
    """Pairs of answers of one file.

    ``table`` has the columns of ``tables.KANO_ANSWERS`` and, for each column of ``by``, one more of that name
    behind "by ". ``features`` are in the order of the file. ``waves`` are the labels in the order of time and
    ``at`` when they were; both empty where no wave was asked for. ``scale`` is empty where all answers are
    words.
    """

    table: pa.Table
    features: tuple[str, ...]
    waves: tuple[str, ...]
    at: tuple[float, ...]
    scale: str
    report: ReadingReport


def read_kano(
    path: Path | str, *, wanted: KanoColumns | None = None, progress: Progress | None = None
) -> KanoAnswers:
    """Pairs of answers of a Kano questionnaire, each sheet and feature once.

    Two forms are read: a row a pair, with columns for respondent, feature, functional and dysfunctional; or a
    row a respondent, with two columns a feature, FEATURE+ (or "FEATURE functional") and FEATURE-. Answers are
    numbers, 1 (like) to 5 (dislike), or words in six languages. Where a respondent answers a feature twice in
    one wave, the last answer counts. Rows that cannot be used are counted with their numbers.

    Parameters
    ----------
    path
        CSV, TSV, Excel, OpenDocument, JSONL, JSON array or Parquet, each also gzipped.
    wanted
        Columns, segments, waves and scale; missing: guessed by the names of the columns, without segments
        and waves.
    progress
        Called with the rows read; the number of all rows is known at the end only.

    Returns
    -------
    KanoAnswers
        Whole pairs only; wave and segments are null where unknown.

    Raises
    ------
    UnreadableFile
        If the file is missing, empty, binary or damaged.
    MissingColumn
        If a named column is not there, or no pair of columns is found.
    BadOption
        If a field, scale, period or column of segments cannot be.
    NothingUsable
        If no pair is whole.

    Source
    ------
    Our own definition, ``docs/kano.md``.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "kano.csv"
    ...     _ = path.write_text("id,chat+,chat-\\na,1,5\\nb,I like it,neutral\\nc,1,\\n", encoding="utf-8")
    ...     answers = read_kano(path)
    >>> answers.table.select(["feature", "functional", "dysfunctional"]).to_pylist()[1]
    {'feature': 'chat', 'functional': 1, 'dysfunctional': 3}
    >>> [(entry.reason, entry.rows) for entry in answers.report.unusable]
    [('no pair with both questions answered', (4,))]
    """
    chosen = wanted or KanoColumns()
    scale = _scale(chosen.scale)
    table = AnswerTable(path)
    layout = kano_layout(table.names, given=chosen.columns, file=table.file)
    asked = _Asked(
        respondent=None if layout.respondent is None else table.names[layout.respondent],
        wave=None if chosen.wave is None else table.find(chosen.wave, what="waves"),
        by=tuple(dict.fromkeys(table.find(column, what="segments") for column in chosen.by)),
    )
    answers = {table.names[place] for place in layout.columns}
    if layout.feature is not None:
        answers.add(table.names[layout.feature])
    rows = table.read(answers | asked.columns, progress=progress)
    desk = KanoDesk(layout, names=table.names, rows=rows, scale=scale)
    return _Sheets(rows, desk.pairs(), asked=asked, every=chosen.every).answers(table, layout, desk, scale)


@dataclass(frozen=True, slots=True)
class _Asked:
    """Columns beside the answers."""

    respondent: str | None
    wave: str | None
    by: tuple[str, ...]

    @property
    def columns(self) -> set[str]:
        return {name for name in (self.respondent, self.wave, *self.by) if name is not None}


def _scale(given: tuple[int, int] | None) -> AnswerScale:
    if given is None:
        return AnswerScale()
    if abs(given[0] - given[1]) != 4:
        raise BadOption(
            f"A scale from {given[0]} to {given[1]} has not five answers.",
            hint="Say what stands for like and for dislike: 1..5, or 5..1 where 5 is like.",
        )
    return AnswerScale(*given)


class _Sheets:
    """Filled-in questionnaires: of each respondent and wave the last answer to each feature."""

    def __init__(self, rows: CodedRows, pairs: Pairs, *, asked: _Asked, every: str | None) -> None:
        self._rows, self._pairs, self._asked = rows, pairs, asked
        # Only rows that hold a pair tell of anything.
        self._used = _places_in(pairs.row, count=rows.numbers.size)
        self.waves, self._wave = self._waves(every)
        self._sheet = self._numbered()
        self._kept = self._last()

    def answers(self, table: AnswerTable, layout: Layout, desk: KanoDesk, scale: AnswerScale) -> KanoAnswers:
        """All whole pairs, each sheet and feature once, with the report of the reading."""
        pairs, kept = self._pairs, self._kept
        rows = pairs.row[kept]
        columns = [
            pa.array(self._sheet[rows]),
            _text(pairs.features, pairs.feature[kept]),
            pa.array(pairs.functional[kept]),
            pa.array(pairs.dysfunctional[kept]),
            _text(self.waves.labels, self._wave[rows]),
        ]
        names = list(arrow_schema(KANO_ANSWERS).names)
        for column in self._asked.by:
            known, codes = segment_codes(
                self._rows.columns[column], most=MOST_SEGMENTS, what=f"segments “{column}”"
            )
            columns.append(_text(known, codes[rows]))
            names.append(f"by {column}")
        course = self._course(desk.tally, _places_in(rows, count=self._rows.numbers.size))
        mapping = dict(layout.mapping) | ({"wave": self._asked.wave} if self._asked.wave else {})
        mapping |= {f"by {place}": column for place, column in enumerate(self._asked.by, start=1)}
        report = report_on(
            table,
            columns=Columns(mapping, layout.guessed),
            course=course,
            notes=self._notes(table, layout, scale, repeated=course.repeated),
        )
        return KanoAnswers(
            table=pa.Table.from_arrays(columns, names=names),
            features=pairs.features,
            waves=self.waves.labels,
            at=self.waves.at,
            scale=scale.name if pairs.numbers else "",
            report=report,
        )

    def _waves(self, every: str | None) -> tuple[Waves, Codes]:
        """The waves of the rows that hold a pair, and that of each row, −1 where unknown."""
        if self._asked.wave is None:
            return Waves((), (), (), ""), np.full(self._rows.numbers.size, -1)
        column = self._rows.columns[self._asked.wave]
        seen = np.bincount(column.codes[self._used], minlength=len(column.cells)) > 0
        there = [
            place for place, cell in enumerate(column.cells) if seen[place] and value_of(cell) is not None
        ]
        waves = waves_of([column.cells[place] for place in there], every=every, column=column.name)
        places = np.full(len(column.cells), -1)
        places[there] = waves.place
        return waves, column.of_each(places, np.int64)

    def _numbered(self) -> Codes:
        """The number of each row's sheet: one a respondent and wave."""
        respondent = None if self._asked.respondent is None else self._rows.columns[self._asked.respondent]
        own = own_codes(respondent, count=self._rows.numbers.size)[self._used]
        wave = self._wave[self._used]
        _, sheet = np.unique(own * (wave.max(initial=-1) + 2) + wave + 1, return_inverse=True)
        numbers = np.full(self._rows.numbers.size, -1)
        numbers[self._used] = sheet
        return numbers

    def _last(self) -> Codes | slice:
        """Pairs that no later one of the same sheet and feature replaces."""
        pairs = self._pairs
        sheets = self._sheet[self._used]
        if self._once_a_row() and np.bincount(sheets).max(initial=0) <= 1:
            # Most files: nobody answers twice, and there is nothing to sort.
            return slice(None)
        key = self._sheet[pairs.row] * len(pairs.features) + pairs.feature
        _, first_from_end = np.unique(key[::-1], return_index=True)
        kept: Codes = np.sort(key.size - 1 - first_from_end)
        return kept

    def _once_a_row(self) -> bool:
        """Whether no row names a feature twice."""
        pairs = self._pairs
        same_row = pairs.row[1:] == pairs.row[:-1]
        return bool(np.all(pairs.feature[1:][same_row] > pairs.feature[:-1][same_row]))

    def _course(self, tally: Tally, places: Codes) -> Course:
        """Rows of which an answer is left count as used, the others were repeated."""
        if self._asked.wave is not None:
            without = places[self._wave[places] < 0]
            tally.add_rows(KEPT + NO_WAVE, rows=self._rows.numbers[without], column=self._asked.wave)
        repeated = int(self._used.size - places.size)
        return Course(tally, rows=self._rows.rows, used=int(places.size), repeated=repeated)

    def _notes(self, table: AnswerTable, layout: Layout, scale: AnswerScale, *, repeated: int) -> list[str]:
        notes, numbers = [*table.notes, *layout.notes], self._pairs.numbers
        if self.waves.labels:
            kind = f"a {self.waves.period} each" if self.waves.period else "by name"
            shown = ", ".join(self.waves.labels[:8]) + (", …" if len(self.waves.labels) > 8 else "")
            notes.append(f"Waves in this order ({kind}): {shown}.")
        if layout.respondent is None:
            notes.append("No column names the respondents: each row was taken for another one.")
        if repeated:
            hint = "" if self._asked.wave else " If they are waves, name their column with --wave."
            notes.append(
                f"Rows answered again further down by the same respondent: {repeated}; "
                f"the last answer counts.{hint}"
            )
        if 0 in numbers and scale.answer(0) == UNKNOWN and 5 not in numbers:
            notes.append("There are answers 0 but none 5: say --scale 0..4 if 0 stands for like.")
        return notes


def _places_in(rows: NDArray[np.int32], *, count: int) -> Codes:
    """The different rows among many, in order."""
    there = np.zeros(count, dtype=np.bool_)
    there[rows] = True
    return np.flatnonzero(there)


def _text(names: Sequence[str], codes: NDArray[np.integer[Any]]) -> pa.Array:
    """Names by code, null for −1; kept as codes, for a million sheets have only so many names."""
    indices = pa.array(codes.astype(np.int16), mask=codes < 0)
    return pa.DictionaryArray.from_arrays(indices, pa.array(list(names), TEXT))
