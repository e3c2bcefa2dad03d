"""A file that was opened and looked through once: its rows, its columns, and what the columns hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias, TypeVar

from forvent.errors import NothingUsable, UnreadableFile
from forvent.reading.cells import Cell
from forvent.reading.columns import Columns, guess_columns
from forvent.reading.formats import open_rows
from forvent.reading.machine_made import LongTexts
from forvent.reading.rows import Row, RowSource
from forvent.reading.sample import Sample, sample_of
from forvent.reading.tally import Tally, drops_row
from forvent.records import ReadingReport, Scale

Progress: TypeAlias = Callable[[int, int | None], None]
"""Called with the rows read so far and the number of all rows."""

Record = TypeVar("Record")


@dataclass(frozen=True, slots=True)
class Opened:
    """A table, the columns of its fields, and the number of its rows."""

    file: str
    source: RowSource
    columns: Columns
    total: int
    long_texts: LongTexts | None = None

    def index(self, field: str) -> int | None:
        """The position of a field's column; None where the file has none."""
        column = self.columns.mapping.get(field)
        return None if column is None else self.source.names.index(column)

    def cell(self, row: Row, field: str) -> Cell:
        """What a row holds in a field's column."""
        index = self.index(field)
        return None if index is None else row.cells[index]


@dataclass(slots=True)
class Course:
    """How far one reading of a file has come, and what it counted."""

    tally: Tally
    rows: int = 0
    used: int = 0
    repeated: int = 0
    masked: dict[str, int] = field(default_factory=dict)


def open_table(path: Path | str, *, kind: str, given: Mapping[str, str]) -> tuple[Opened, Sample]:
    """Open a file, look through it once, and find its columns; the sample may be forgotten after use."""
    path = Path(path)
    long_texts = LongTexts() if kind == "voices" else None
    source, sample = look_through(path, look=None if long_texts is None else long_texts.look)
    columns = guess_columns(source.names, sample=sample, kind=kind, given=given, file=path.name)
    return Opened(path.name, source, columns, sample.total, long_texts), sample


def look_through(
    path: Path, *, look: Callable[[Sequence[Cell]], None] | None = None
) -> tuple[RowSource, Sample]:
    """Open a file and take a sample of its rows, without a guess at its columns."""
    source = open_rows(path)
    sample = sample_of(source.rows(), look=look)
    if sample.total == 0:
        raise UnreadableFile(
            f"{path.name} has a header but no rows.", hint="Choose a file with at least one row."
        )
    return source, sample


def sampled(opened: Opened, sample: Sample, *, field: str) -> list[Cell]:
    """The sampled cells of a field; none where the file has no such column."""
    index = opened.index(field)
    return [] if index is None else sample.column(index)


def read_in_batches(
    opened: Opened,
    *,
    course: Course,
    make: Callable[[Row], Record | None],
    size: int,
    progress: Progress | None,
) -> Iterator[list[Record]]:
    """Records of all rows that can be used, ``size`` rows of the file at a time."""
    batch: list[Record] = []
    for row in opened.source.rows():
        course.rows += 1
        if row.flaw is not None:
            course.tally.add(row.flaw, row=row.number)
        elif (record := make(row)) is not None:
            course.used += 1
            batch.append(record)
        if course.rows % size == 0:
            if progress is not None:
                progress(course.rows, opened.total)
            if batch:
                yield batch
                batch = []
    if progress is not None:
        progress(course.rows, opened.total)
    if batch:
        yield batch


def report_of(
    opened: Opened, *, course: Course, notes: Sequence[str], scale: Scale | None = None
) -> ReadingReport:
    """The report of one whole reading.

    Raises
    ------
    NothingUsable
        If no row could be used.
    """
    report = ReadingReport(
        file=opened.file,
        format=opened.source.format,
        encoding=opened.source.encoding,
        rows=course.rows,
        used=course.used,
        repeated=course.repeated,
        mapping=dict(opened.columns.mapping),
        guessed=opened.columns.guessed,
        unusable=course.tally.unusable(),
        notes=tuple(notes),
        scale=scale,
        masked=dict(sorted(course.masked.items())),
    )
    if report.used == 0:
        reasons = "; ".join(
            f"{entry.reason} ({entry.count})" for entry in report.unusable if drops_row(entry)
        )
        read_as = ", ".join(f"{field}={column}" for field, column in report.mapping.items())
        raise NothingUsable(
            f"None of the {report.rows} rows of {report.file} can be used: {reasons}.",
            hint=f"Columns were read as {read_as}; name others if that is wrong.",
        )
    return report
