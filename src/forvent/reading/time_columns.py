"""Times that stand in one column, or as day and time of day in two."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from forvent.errors import BadOption, MissingColumn
from forvent.reading.cells import Cell, value_of
from forvent.reading.columns import find_column
from forvent.reading.sample import Sample
from forvent.reading.times import DateOrder, read_time

_MIDNIGHT = re.compile(r"[ T]0?0:00(:00)?(\.0+)?$")


@dataclass(frozen=True, slots=True)
class TimeColumn:
    """Where the times of a field stand; ``clock`` is the column of the time of day, if that is another."""

    name: str
    day: int
    clock: int | None = None

    def cell(self, cells: Sequence[Cell]) -> Cell:
        """The time as one cell; empty where day or time of day is."""
        if self.clock is None:
            return cells[self.day]
        return joined_time(cells[self.day], cells[self.clock])

    def sampled(self, sample: Sample) -> list[Cell]:
        """The times of a sample, filled or not."""
        return [self.cell(row) for row in sample.rows]

    def shares_day(self, other: TimeColumn) -> bool:
        """Whether two times of day belong to one column of days."""
        return self.clock is not None and other.clock is not None and self.day == other.day


def joined_time(day: Cell, clock: Cell) -> Cell:
    """A day and a time of day as one cell; empty where one of them is."""
    named, told = value_of(day), value_of(clock)
    if named is None or told is None:
        return None
    hour = clock.time().isoformat() if isinstance(clock, datetime) else told
    return f"{_MIDNIGHT.sub('', named)} {hour}"


def find_times(column: str, *, names: Sequence[str], what: str, file: str) -> TimeColumn:
    """The column of a time, or the two of "day+time" where no column has that name.

    Raises
    ------
    MissingColumn
        If a column is not in the file.
    """
    parts = [part.strip() for part in column.split("+")]
    if len(parts) == 2 and all(parts) and column not in names:
        try:
            return TimeColumn(*_found(column, names=names, what=what, file=file))
        except MissingColumn:
            day, clock = (_found(part, names=names, what=what, file=file) for part in parts)
            return TimeColumn(f"{day[0]}+{clock[0]}", day[1], clock[1])
    return TimeColumn(*_found(column, names=names, what=what, file=file))


def require_times(
    column: TimeColumn, *, sample: Sample, order: DateOrder, what: str, file: str, hint: str
) -> None:
    """Refuse a column of which no filled cell is a time.

    Raises
    ------
    BadOption
        With one of its values; not where the sampled cells are all empty.
    """
    filled = [cell for cell in column.sampled(sample) if value_of(cell) is not None]
    if filled and all(read_time(cell, order=order) is None for cell in filled):
        raise BadOption(
            f"{file}: column “{column.name}” for {what} holds no dates or times, but for example "
            f"“{value_of(filled[0])}”.",
            hint=hint,
        )


def names_days(column: TimeColumn, *, sample: Sample, order: DateOrder) -> bool:
    """True where all sampled times are days without a time of day."""
    moments = [read_time(cell, order=order) for cell in column.sampled(sample)]
    known = [moment for moment in moments if moment is not None]
    return bool(known) and all(moment.by_day for moment in known)


def _found(column: str, *, names: Sequence[str], what: str, file: str) -> tuple[str, int]:
    name = find_column(column, names=names, what=what, file=file)
    return name, names.index(name)
