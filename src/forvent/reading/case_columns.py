"""Which columns of a file say what of a case; each is named, none is guessed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from forvent.errors import BadOption
from forvent.reading.cells import Cell, value_of
from forvent.reading.columns import find_column
from forvent.reading.quantities import (
    NumberStyle,
    holds_numbers,
    number_style,
    read_number,
    read_quantity,
)
from forvent.reading.rows import RowSource
from forvent.reading.sample import Sample
from forvent.reading.time_columns import TimeColumn, find_times, names_days, require_times
from forvent.reading.times import DateOrder, date_order, is_time_of

Kind: TypeAlias = Literal["number", "text"]

#: Up to so many different numbers are the names of groups where a column groups the cases.
MOST_NUMBERED_GROUPS = 20
# A group must not be lost because most others are numbers; of what is only used, a number says more.
_NUMBERS_FROM = {"by": 0.95, "use": 0.5}
_TIMES_FROM = 0.95
_DATES_HINT = "Name a column with dates such as 2026-05-01 or 2026-05-01 10:30."


@dataclass(frozen=True, slots=True)
class CaseColumns:
    """The columns of a file of cases, as their user names them.

    ``start``, ``end`` and ``promised`` hold times; "date+time" names two columns that hold day and
    time of day. ``amount`` holds another quantity than the time from start to end; ``end`` then says
    when it came to be known, and ``promised`` holds a number. ``by`` and ``use`` hold what was known
    at the start. ``case`` makes the file an event log: rows with one value are one case. ``served``
    is a column and the values that say that the case was served, not cancelled or given up.
    ``zone`` is that of times that name none, UTC if not given.
    """

    start: str
    end: str
    promised: str | None = None
    amount: str | None = None
    by: tuple[str, ...] = ()
    use: tuple[str, ...] = ()
    case: str | None = None
    served: tuple[str, tuple[str, ...]] | None = None
    zone: str | None = None


@dataclass(frozen=True, slots=True)
class Amounts:
    """A column of amounts, how its numbers are read, and the unit that stands in most of its cells."""

    name: str
    index: int
    style: NumberStyle
    unit: str


@dataclass(frozen=True, slots=True)
class Served:
    """A column and the values, in lower case, that say that a case was served."""

    name: str
    index: int
    values: frozenset[str]


@dataclass(frozen=True, slots=True)
class Known:
    """A column whose value is known when a case begins."""

    name: str
    index: int
    kind: Kind
    style: NumberStyle


@dataclass(frozen=True, slots=True)
class Times:
    """The columns of times and how their cells are read.

    ``by_day``: promises, or starts and ends, are days without time of day; ``end_by_day``: ends are.
    """

    start: TimeColumn
    end: TimeColumn
    promised: TimeColumn | None
    order: DateOrder
    zone: ZoneInfo | None
    by_day: bool
    end_by_day: bool


@dataclass(frozen=True, slots=True)
class CaseFields:
    """Where in the rows of one file each thing stands; ``by_day``: waits are counted in calendar days."""

    times: Times
    amount: Amounts | None
    promised_amount: Amounts | None
    known: tuple[Known, ...]
    case: int | None
    served: Served | None
    by_day: bool
    mapping: Mapping[str, str]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class File:
    """A file as far as its columns are looked for in it."""

    name: str
    columns: tuple[str, ...]
    sample: Sample

    def index(self, column: str, *, what: str) -> tuple[str, int]:
        """Name and position of a column."""
        name = find_column(column, names=self.columns, what=what, file=self.name)
        return name, self.columns.index(name)


def find_fields(columns: CaseColumns, *, source: RowSource, sample: Sample, file: str) -> CaseFields:
    """The columns that were named, and what a sample says of how they are to be read.

    Raises
    ------
    MissingColumn
        If a column is not in the file.
    BadOption
        If a column does not hold what it is named for.
    """
    opened = File(file, source.names, sample)
    times = _times(opened, columns)
    amount = promised_amount = None
    if columns.amount is not None:
        amount = _amounts(opened, columns.amount, what="the amount")
        if columns.promised is not None:
            promised_amount = _amounts(opened, columns.promised, what="the promise")
    served = _served(opened, columns.served)
    later = {(times.end.day if times.end.clock is None else times.end.clock): "when a case ended"}
    later |= {} if amount is None else {amount.index: "what a case amounted to"}
    later |= {} if served is None else {served.index: "how a case ended"}
    known, notes = _known(opened, columns, later=later)
    return CaseFields(
        times=times,
        amount=amount,
        promised_amount=promised_amount,
        known=known,
        case=None if columns.case is None else opened.index(columns.case, what="the case")[1],
        served=served,
        by_day=amount is None and times.by_day,
        mapping=_mapping(columns, times=times, known=known),
        notes=(*times.order.notes, *notes),
    )


def _times(file: File, columns: CaseColumns) -> Times:
    def found(column: str, what: str) -> TimeColumn:
        return find_times(column, names=file.columns, what=what, file=file.name)

    start, end = found(columns.start, "the start"), found(columns.end, "the end")
    promised = None
    if columns.promised is not None and columns.amount is None:
        promised = found(columns.promised, "the promise")
    named = [column for column in (start, end, promised) if column is not None]
    order = date_order(chain.from_iterable(column.sampled(file.sample) for column in named))
    _require_times(file, start=start, end=end, promised=promised, order=order)
    end_by_day = names_days(end, sample=file.sample, order=order)
    # Without a promise it takes both times to tell; a promise decides it alone.
    tells = names_days(promised or start, sample=file.sample, order=order)
    return Times(
        start=start,
        end=end,
        promised=promised,
        order=order,
        zone=_zone(columns.zone),
        end_by_day=end_by_day,
        by_day=tells and (promised is not None or end_by_day),
    )


def _require_times(
    file: File, *, start: TimeColumn, end: TimeColumn, promised: TimeColumn | None, order: DateOrder
) -> None:
    named = [("the start", start, _DATES_HINT), ("the end", end, _DATES_HINT)]
    if promised is not None:
        hint = f"{_DATES_HINT} A promise in numbers goes with amounts: amount=COLUMN (--amount COLUMN)."
        named.append(("the promise", promised, hint))
    for what, column, hint in named:
        require_times(column, sample=file.sample, order=order, what=what, file=file.name, hint=hint)


def _amounts(file: File, column: str, *, what: str) -> Amounts:
    name, index = file.index(column, what=what)
    cells = [cell for cell in file.sample.column(index) if value_of(cell) is not None]
    style = number_style(cells)
    quantities = [read_quantity(cell, style=style) for cell in cells]
    units = Counter(quantity.unit for quantity in quantities if quantity is not None)
    if cells and not units:
        raise BadOption(
            f"{file.name}: column “{name}” for {what} holds no numbers, but for example "
            f"“{value_of(cells[0])}”.",
            hint="Name a column with numbers, each alone or with its unit, such as 12 or 12 min.",
        )
    return Amounts(name, index, style, units.most_common(1)[0][0] if units else "")


def _served(file: File, given: tuple[str, tuple[str, ...]] | None) -> Served | None:
    if given is None:
        return None
    name, index = file.index(given[0], what="being served")
    values = frozenset(value.strip().lower() for value in given[1])
    seen = Counter(filter(None, map(value_of, file.sample.column(index))))
    if not values & {value.lower() for value in seen}:
        most = ", ".join(f"“{value}”" for value, _ in seen.most_common(8))
        raise BadOption(
            f"{file.name}: no case has “{', '.join(given[1])}” in column “{name}”, so none was served.",
            hint=f"It holds {most}." if most else "The column is empty.",
        )
    return Served(name, index, values)


def _known(
    file: File, columns: CaseColumns, *, later: Mapping[int, str]
) -> tuple[tuple[Known, ...], tuple[str, ...]]:
    """The columns known at the start, each once, and what to say about those that cannot be used."""
    found: dict[str, Known] = {}
    notes = []
    for column, role in (*((name, "by") for name in columns.by), *((name, "use") for name in columns.use)):
        name, index = file.index(column, what="a group" if role == "by" else "use")
        cells = file.sample.column(index)
        if index in later:
            raise BadOption(
                f"“{name}” says {later[index]}, which nobody knows when a case begins.",
                hint="Use only columns that are filled at the start of a case.",
            )
        if holds_times(cells):
            notes.append(f"“{name}” holds times, which tell nothing as groups; it is not used.")
        elif name not in found:
            style = number_style(cells)
            found[name] = Known(name, index, _kind(cells, style=style, role=role), style)
    return tuple(found.values()), tuple(dict.fromkeys(notes))


def holds_times(cells: Sequence[Cell]) -> bool:
    """Whether nearly all filled cells are dates or times; bare numbers are none."""
    filled = [cell for cell in cells if value_of(cell) is not None]
    style = NumberStyle()
    times = sum(read_number(cell, style=style) is None and is_time_of(cell) for cell in filled)
    return bool(filled) and times >= _TIMES_FROM * len(filled)


def _kind(cells: Sequence[Cell], *, style: NumberStyle, role: str) -> Kind:
    if not holds_numbers(cells, style=style, share=_NUMBERS_FROM[role]):
        return "text"
    few = len(set(filter(None, map(value_of, cells)))) <= MOST_NUMBERED_GROUPS
    return "text" if role == "by" and few else "number"


def _zone(name: str | None) -> ZoneInfo | None:
    try:
        return None if name is None else ZoneInfo(name)
    except (ValueError, OSError, ZoneInfoNotFoundError):
        raise BadOption(
            f"“{name}” is no time zone.", hint="Write it as Continent/City, such as Europe/Prague."
        ) from None


def _mapping(columns: CaseColumns, *, times: Times, known: Sequence[Known]) -> dict[str, str]:
    def fields() -> Iterator[tuple[str, str | None]]:
        yield "start", times.start.name
        yield "end", times.end.name
        yield "promised", columns.promised
        yield "amount", columns.amount
        yield "case", columns.case
        yield (
            "served",
            None if columns.served is None else f"{columns.served[0]}={','.join(columns.served[1])}",
        )
        yield "known at the start", ", ".join(column.name for column in known) or None

    return {field: column for field, column in fields() if column is not None}
