"""Past cases of a file as the promise engine reads them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from forvent.adjust.history import Clock, Column, Floats, History, elapsed, whole_days
from forvent.adjust.lengths import MINUTE, SECONDS, unit_to_say
from forvent.errors import BadOption
from forvent.reading import UNITS_OF_TIME, Case, CasesReader
from forvent.records import ReadingReport

if TYPE_CHECKING:
    from forvent.adjust.calendar.calendar import Calendar

EPOCH = datetime(1970, 1, 1)
_SECOND = timedelta(seconds=1)


def history_of(
    reader: CasesReader, *, unit: str | None = None, calendar: Calendar | None = None
) -> tuple[History, ReadingReport]:
    r"""The cases of a file as the promise engine reads them, and the report of the reading.

    Waits are counted in calendar days where the reader is by day, else in elapsed time, or in
    working time with a calendar. The record reaches to the latest start or end in it. Columns
    with one value only tell nothing; they are left out and named in the report's notes.

    Parameters
    ----------
    reader
        An opened file of cases; it is read to its end.
    unit
        Of a wait: minute, hour or day (no day with a calendar); the one that people say for the
        median if not given. Of another amount: the unit of its numbers, the name of its column if not given.
    calendar
        When the business is open; None for time around the clock.

    Returns
    -------
    tuple of History and ReadingReport
        Cases in the order of their start; ``first`` and ``last`` of the report are starts.

    Raises
    ------
    BadOption
        If the unit does not fit the file.
    NothingUsable
        If no row could be used or no case has ended.

    Source
    ------
    Our own definition, ``docs/howto/promise.md``.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from forvent.reading import CaseColumns, read_cases
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "orders.csv"
    ...     _ = path.write_text("ordered,due,arrived\n2024-05-02 21:00,2024-05-04,2024-05-03 08:30\n")
    ...     columns = CaseColumns("ordered", "arrived", promised="due")
    ...     history, report = history_of(read_cases(path, columns=columns))
    >>> history.amount.tolist(), history.promised.tolist(), history.unit, history.by_day
    ([1.0], [2.0], 'day', True)
    """
    cases = sorted(reader, key=start_of)
    start, known = seconds_of([case.start for case in cases]), seconds_of([case.known for case in cases])
    columns, notes = columns_of(reader, cases)
    if reader.amount:
        amount, promised, unit = _amounts(reader, cases, unit=unit)
        clock: Clock | None = None
    else:
        unit = _unit_of_waits(reader, unit, start=start, known=known, calendar=calendar)
        clock = _clock(reader, unit=unit, calendar=calendar)
        due = seconds_of([case.promised if isinstance(case.promised, datetime) else None for case in cases])
        amount, promised = _passed(clock, start, known), _passed(clock, start, due)
    history = History(
        start=start,
        known=known,
        amount=amount,
        promised=promised,
        columns=columns,
        unit=unit,
        as_of=float(max(start[-1], np.nanmax(known))),
        by_day=clock is whole_days,
        clock=clock,
        calendar=calendar if clock is not None else None,
    )
    report = reader.report
    notes = [*report.notes, *notes]
    return history, replace(report, notes=tuple(notes), first=cases[0].start, last=cases[-1].start)


def start_of(case: Case) -> datetime:
    """When a case began."""
    return case.start


def seconds_of(times: Sequence[datetime | None]) -> Floats:
    """Seconds since 1970 UTC; NaN for None."""
    return np.array(
        [np.nan if time is None else (time - EPOCH) / _SECOND for time in times], dtype=np.float64
    )


def _passed(clock: Clock, start: Floats, moment: Floats) -> Floats:
    """Amount from each start to a moment; NaN where there is none."""
    there = np.isfinite(moment)
    passed = np.full(start.size, np.nan)
    passed[there] = clock(start[there], moment[there])
    return passed


def columns_of(reader: CasesReader, cases: Sequence[Case]) -> tuple[dict[str, Column], list[str]]:
    """What was known of the cases at their start, and a note on each column that tells nothing."""
    columns: dict[str, Column] = {}
    notes = []
    for place, (name, kind) in enumerate(reader.kinds.items()):
        values = [case.values[place] for case in cases]
        if len({"" if value != value else value for value in values}) == 1:
            notes.append(f"“{name}” is the same in all cases, so it tells nothing; it is not used.")
        else:
            numbers = kind == "number"
            columns[name] = np.array(values, np.float64) if numbers else np.array(values, np.str_)
    return columns, notes


def _unit_of_waits(
    reader: CasesReader, unit: str | None, *, start: Floats, known: Floats, calendar: Calendar | None
) -> str:
    named = None if unit is None else _time_unit(unit)
    if calendar is not None:
        if named == "day":
            raise BadOption(
                "With opening hours a day has no fixed length, so waits cannot be promised in days.",
                hint="Choose minute or hour, or leave the hours out.",
            )
        minutes = float(np.nanmedian(_passed(calendar.clock("minute"), start, known)))
        return named or ("minute" if unit_to_say(minutes * MINUTE) == "minute" else "hour")
    if reader.by_day:
        if named not in (None, "day"):
            raise BadOption(
                f"{reader.file} names days without time of day, so it cannot be counted in {named}s.",
                hint="Leave the unit out, or name columns with a time of day.",
            )
        return "day"
    return named or unit_to_say(float(np.nanmedian(known - start)))


def _clock(reader: CasesReader, *, unit: str, calendar: Calendar | None) -> Clock:
    if calendar is not None:
        return calendar.clock(unit)
    return whole_days if reader.by_day else elapsed(unit)


def _time_unit(unit: str) -> str:
    name, per = UNITS_OF_TIME.get(unit.strip().lower(), ("", 0.0))
    if per != 1.0:
        raise BadOption(f"Waits cannot be promised in “{unit}”.", hint="Choose minute, hour or day.")
    return name


def _amounts(reader: CasesReader, cases: Sequence[Case], *, unit: str | None) -> tuple[Floats, Floats, str]:
    name, per = _unit_of_amounts(reader, unit)
    amounts = [np.nan if case.amount is None else case.amount for case in cases]
    promised = [case.promised if isinstance(case.promised, float) else np.nan for case in cases]
    factor = _factor(reader, unit=name, per=per)
    return np.array(amounts) * per, np.array(promised) * factor, name


def _unit_of_amounts(reader: CasesReader, unit: str | None) -> tuple[str, float]:
    """Unit of the promises, and how many of it one of the column's numbers is."""
    written = reader.amount_unit
    if written in UNITS_OF_TIME:
        name, per = UNITS_OF_TIME[written]
        if unit is None:
            return name, per
        asked = _time_unit(unit)
        return asked, per * SECONDS[name] / SECONDS[asked]
    if unit is None:
        return written or reader.amount, 1.0
    return UNITS_OF_TIME.get(unit.strip().lower(), (unit.strip(), 1.0))


def _factor(reader: CasesReader, *, unit: str, per: float) -> float:
    """How many of the unit one of the promised numbers is."""
    written = reader.promised_unit
    if written in ("", reader.amount_unit):
        return per
    if written in UNITS_OF_TIME and unit in SECONDS:
        name, of_it = UNITS_OF_TIME[written]
        return of_it * SECONDS[name] / SECONDS[unit]
    raise BadOption(
        f"{reader.file}: “{reader.mapping['promised']}” is in “{written}”, but "
        f"“{reader.amount}” in “{reader.amount_unit or unit}”.",
        hint="Write both in one unit.",
    )
