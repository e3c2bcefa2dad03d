"""Arguments of the command line that say what the cases of a file are, and the cases they name."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from forvent.adjust.history import History
from forvent.adjust.lengths import SECONDS
from forvent.commands.options import listed
from forvent.errors import BadOption
from forvent.reading import UNITS_OF_TIME, CaseColumns, CasesReader, drops_row, read_cases
from forvent.reading.quantities import NumberStyle, read_quantity
from forvent.reading.times import DateOrder, read_time
from forvent.records import ReadingReport
from forvent.runs.past_cases import history_of

if TYPE_CHECKING:
    from forvent.adjust.calendar.calendar import Calendar

_ROWS_SHOWN = 5


def add_cases(command: argparse.ArgumentParser) -> None:
    """The arguments of a file of cases with promises."""
    add_times(command)
    command.add_argument(
        "--promised", metavar="COL", help="what was promised: a time, or a number with --amount"
    )
    command.add_argument(
        "--amount", metavar="COL", help="promise this quantity instead of the time to the end"
    )
    command.add_argument("--case", metavar="COL", help="rows with the same value are events of one case")
    command.add_argument("--unit", help="minute, hour or day; the unit of the amounts")
    command.add_argument("--hours", metavar="HOURS", help='count working time: "mon-fri 09:00-17:00"')
    command.add_argument("--zone", help="time zone of the hours, and of times that name none: Europe/Prague")
    command.add_argument("--holidays", metavar="COUNTRY", help="public holidays are closed: CZ, DE-BY")


def add_times(command: argparse.ArgumentParser) -> None:
    """The arguments of a file of cases that begin and end."""
    command.add_argument("file", metavar="FILE", help="CSV, TSV, Excel, JSONL or Parquet, also .gz")
    command.add_argument(
        "--start", required=True, metavar="COL", help="when a case began; two columns: day+time"
    )
    command.add_argument("--end", required=True, metavar="COL", help="when it ended; empty while it is open")
    command.add_argument(
        "--by", action="append", default=[], metavar="COL,COL", help="columns that group the cases"
    )
    command.add_argument(
        "--use", action="append", default=[], metavar="COL,COL", help="other columns known at the start"
    )
    command.add_argument("--served", metavar="COL=VALUE,VALUE", help="cases with another value were given up")


def open_history(options: argparse.Namespace) -> tuple[History, ReadingReport]:
    """The cases of a file with promises, read to their end."""
    calendar = _calendar(options)
    columns = CaseColumns(
        start=options.start,
        end=options.end,
        promised=options.promised,
        amount=options.amount,
        by=listed(options.by),
        use=listed(options.use),
        case=options.case,
        served=_served(options.served),
        zone=options.zone,
    )
    with _reading() as progress:
        return history_of(
            read_cases(options.file, columns=columns, progress=progress), unit=options.unit, calendar=calendar
        )


def open_waits(options: argparse.Namespace) -> CasesReader:
    """The waits of a file, with those that were given up."""
    columns = CaseColumns(
        start=options.start,
        end=options.end,
        by=listed(options.by),
        use=listed(options.use),
        served=_served(options.served),
    )
    return read_cases(options.file, columns=columns, keep_unserved=True)


def moment(given: str | None, *, option: str, zone: str | None = None) -> datetime | None:
    """The time that an option gives, UTC; of the zone where it names none. None where it is not given."""
    if given is None:
        return None
    found = read_time(given, order=DateOrder())
    if found is None:
        raise BadOption(
            f"'{option} {given}' is no date or time.", hint=f"Write it as {option} 2018-05-01T10:00."
        )
    if found.zoned or zone is None:
        return found.time
    return found.time.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC).replace(tzinfo=None)


def time_between(given: str | None, *, option: str) -> timedelta | None:
    """The hours, days or weeks that an option gives; None where it is not given."""
    if given is None:
        return None
    found = read_quantity(given, style=NumberStyle())
    name, per = UNITS_OF_TIME.get("" if found is None else found.unit, ("", 0.0))
    try:
        between = timedelta(seconds=(0.0 if found is None else found.value) * per * SECONDS.get(name, 0))
    except (OverflowError, ValueError):
        between = timedelta(0)
    if name not in ("hour", "day") or between <= timedelta(0):
        raise BadOption(
            f"'{option} {given}' is no time in hours, days or weeks.", hint=f"Write it as {option} 7d."
        )
    return between


def length_asked(given: str, unit: str | None) -> tuple[float, str | None]:
    """The number in a length such as 30 or "30 min", and the unit to count in."""
    found = read_quantity(given, style=NumberStyle(comma_decides=False))
    if found is None:
        raise BadOption(f"'--length {given}' is no length.", hint='Write it as --length 30 or "30 min".')
    if not found.unit:
        return found.value, unit
    name, per = UNITS_OF_TIME.get(found.unit, (found.unit, 1.0))
    asked = name if unit is None else UNITS_OF_TIME.get(unit.strip().lower(), (unit, 1.0))[0]
    if asked != name:
        raise BadOption(f"'--length {given}' is not in the unit {unit}.", hint="Leave one of the units out.")
    return found.value * per, name


def report_lines(report: ReadingReport) -> Iterator[str]:
    """What was read of a file, what was left out and why."""
    yield f"{report.used:,} of {report.rows:,} rows of {report.file} used."
    for entry in report.unusable:
        rows = ", ".join(map(str, entry.rows[:_ROWS_SHOWN])) + (", …" if entry.count > _ROWS_SHOWN else "")
        where = f" in {entry.column}" if entry.column else ""
        example = f", such as “{entry.example}”" if entry.example else ""
        left_out = "left out: " if drops_row(entry) else ""
        yield f"  {left_out}{entry.reason}{where}{example}: {entry.count:,} (rows {rows})"
    yield from (f"  {note}" for note in report.notes)


def _served(given: str | None) -> tuple[str, tuple[str, ...]] | None:
    if given is None:
        return None
    column, _, values = given.partition("=")
    if not column.strip() or not listed([values]):
        raise BadOption(f"'--served {given}' names no value.", hint="Write it as --served outcome=AGENT.")
    return column.strip(), listed([values])


def _calendar(options: argparse.Namespace) -> Calendar | None:
    if options.hours is not None:
        # Here and not above: most runs need no opening hours.
        from forvent.adjust.calendar.calendar import calendar_from

        return calendar_from(options.hours, zone=options.zone or "UTC", holidays=options.holidays)
    if options.zone or options.holidays:
        raise BadOption(
            "--zone and --holidays say more about opening hours, and none are given.",
            hint='Add --hours "mon-fri 09:00-17:00", or leave them out.',
        )
    return None


@contextmanager
def _reading() -> Iterator[Callable[[int, int | None], None]]:
    """A bar on the terminal; silent where the error stream is not one."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("Reading past cases", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
