"""Rows → episodes: what was ordered, promised and delivered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from forvent.errors import BadOption
from forvent.reading.cells import Cell, as_text, clean_text, value_of
from forvent.reading.columns import find_column, missing
from forvent.reading.header_words import folded, status_words
from forvent.reading.opened import (
    Course,
    Opened,
    Progress,
    open_table,
    read_in_batches,
    report_of,
    sampled,
)
from forvent.reading.repeats import Repeats, fingerprint
from forvent.reading.rows import Row
from forvent.reading.sample import Sample
from forvent.reading.tally import KEPT, Tally
from forvent.reading.times import IMPOSSIBLE, DateOrder, Moment, date_order, read_time
from forvent.records import Episode, ReadingReport

NO_ID = "no id"
NO_START = "no start"
NO_DELIVERY_TIME = "status says delivered, but there is no time of delivery"
DELIVERED_FIRST = "delivered before the start"
PROMISED_FIRST = "promised before the start, so read without its promise"
SAME_ID = "same id, different content"

_TIMES = ("start", "promised", "delivered")
_TRUE = frozenset(("true", "1", "yes", "y", "x", "ano", "ja", "jah", "այո", "是", "sim"))
_NO_COLUMNS: Mapping[str, str] = MappingProxyType({})


class EpisodeReader:
    """Episodes of one file, read in batches; the file is looked through once when it is opened.

    ``names`` (of all columns), ``mapping``, ``guessed``, ``notes`` and ``by_day`` are known at once,
    ``report`` when all episodes were read. Reading again starts from the first row.
    """

    def __init__(
        self,
        path: Path | str,
        *,
        columns: Mapping[str, str] = _NO_COLUMNS,
        by: Sequence[str] = (),
        progress: Progress | None = None,
    ) -> None:
        self._opened, sample = open_table(path, kind="episodes", given=columns)
        _require_times(self._opened)
        names, file = self._opened.source.names, self._opened.file
        self._groups = {
            find_column(column, names=names, what="a group", file=file): names.index(
                find_column(column, names=names, what="a group", file=file)
            )
            for column in by
        }
        self._order = date_order(
            cell for field in _TIMES for cell in sampled(self._opened, sample, field=field)
        )
        self._progress = progress
        self._report: ReadingReport | None = None
        self.by_day = _names_days(self._opened, sample, order=self._order)
        self.rows = self._opened.total
        self.names = tuple(self._opened.source.names)
        self.mapping = self._opened.columns.mapping
        self.guessed = self._opened.columns.guessed
        self.notes = (
            *self._opened.source.notes,
            *self._opened.columns.notes,
            *self._order.notes,
            *_notes_on(self._opened, by_day=self.by_day),
        )

    def __iter__(self) -> Iterator[Episode]:
        for batch in self.batches():
            yield from batch

    def batches(self, size: int = 1000) -> Iterator[list[Episode]]:
        """Episodes in lists of at most ``size``, in the order of the file; no list is empty."""
        self._report = None
        course = Course(Tally())
        desk = _Desk(self._opened, order=self._order, by_day=self.by_day, groups=self._groups, course=course)
        yield from read_in_batches(
            self._opened, course=course, make=desk.episode, size=size, progress=self._progress
        )
        self._report = report_of(self._opened, course=course, notes=(*self.notes, *desk.notes()))

    @property
    def report(self) -> ReadingReport:
        """What was read and what was left out; there once all episodes were read."""
        if self._report is None:
            raise BadOption(
                "The report is there once all episodes were read.", hint="Read the batches to their end."
            )
        return self._report


def read_episodes(
    path: Path | str,
    *,
    columns: Mapping[str, str] = _NO_COLUMNS,
    by: Sequence[str] = (),
    progress: Progress | None = None,
) -> EpisodeReader:
    r"""A reader that yields the orders, visits or contacts of one file, each once, in the order of the file.

    Cases without a time of delivery are open. A promise is by day where its column holds
    days without time of day. An episode delivered before its start is unusable; one
    promised before its start is kept without the promise. Rows that cannot be used are
    counted in ``report.unusable`` with their numbers: rows = used + repeated + the counts
    of all reasons that do not begin with "kept, but: ".

    Parameters
    ----------
    path
        CSV, TSV, Excel, OpenDocument, JSONL, JSON array or Parquet, each also gzipped.
    columns
        Field → column, where the guess is wrong; "-" switches a field off. Fields:
        episode, start, promised, delivered, status, customer.
    by
        Columns that group the episodes, kept in ``groups`` as text; "" where a cell is empty.
    progress
        Called after every batch with the rows read and the number of all rows.

    Returns
    -------
    EpisodeReader
        Iterable over episodes, and over batches of them; ``report`` after the last.
        Times are UTC; what a row does not have is None.

    Raises
    ------
    UnreadableFile
        If the file is missing, empty, binary or damaged.
    MissingColumn
        If a named column is not there, no column looks like a start, or none like a promise or delivery.
    BadOption
        If a field cannot be.
    NothingUsable
        At the end of the reading, if no row could be used.

    Source
    ------
    Our own definition, ``docs/howto/read-your-data.md``.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "orders.csv"
    ...     rows = "order id,ordered at,promised,delivered\n7,2024-05-02 10:00,2024-05-04,2024-05-03 18:30\n"
    ...     _ = path.write_text(rows, encoding="utf-8")
    ...     episodes = list(read_episodes(path))
    >>> [(episode.episode, str(episode.delivered - episode.start), episode.by_day) for episode in episodes]
    [('7', '1 day, 8:30:00', True)]
    """
    return EpisodeReader(path, columns=columns, by=by, progress=progress)


class _Desk:
    """Makes episodes of rows, and counts what it has to leave out."""

    def __init__(
        self, opened: Opened, *, order: DateOrder, by_day: bool, groups: Mapping[str, int], course: Course
    ) -> None:
        self._opened = opened
        self._order = order
        self._by_day = by_day
        self._groups = groups
        self._course = course
        self._repeats = Repeats()
        self._cancelled_yet_delivered = 0
        self._flag = folded(opened.columns.mapping.get("status", "")) in status_words("cancelled")

    def episode(self, row: Row) -> Episode | None:
        """The episode of a row; None where it cannot be used or was there before."""
        start = self._time(row, "start", needed=True)
        if start is None:
            return None
        unreadable, delivered = self._delivered(row, start)
        if unreadable:
            return None
        promised = self._promised(row, start)
        cancelled, done = self._state(row)
        if done and delivered is None and "delivered" in self._opened.columns.mapping:
            self._left_out(NO_DELIVERY_TIME, row=row, field="status")
            return None
        self._cancelled_yet_delivered += cancelled and delivered is not None
        name = self._name(row)
        if name is None:
            self._left_out(NO_ID, row=row, field="episode")
            return None
        episode = Episode(
            episode=name,
            start=start.time,
            row=row.number,
            promised=None if promised is None else promised.time,
            delivered=None if delivered is None else delivered.time,
            by_day=promised is not None and promised.by_day and self._by_day,
            cancelled=cancelled,
            customer=_label(self._opened.cell(row, "customer")),
            groups={column: _label(row.cells[index]) or "" for column, index in self._groups.items()},
        )
        return self._once(episode)

    def notes(self) -> Iterator[str]:
        """What came to light while reading."""
        if self._cancelled_yet_delivered:
            count = self._cancelled_yet_delivered
            yield f"{count} cancelled episodes have a time of delivery; they stay cancelled."

    def _once(self, episode: Episode) -> Episode | None:
        content = fingerprint(
            episode.start,
            episode.promised,
            episode.delivered,
            episode.cancelled,
            episode.customer,
            *episode.groups.values(),
        )
        place = self._repeats.place(episode.episode, content=content)
        if place.repeated:
            self._course.repeated += 1
            return None
        if place.number > 1:
            self._course.tally.add(
                SAME_ID, row=episode.row, column=self._column("episode"), example=episode.episode
            )
            return None
        return episode

    def _name(self, row: Row) -> str | None:
        if "episode" not in self._opened.columns.mapping:
            return f"row {row.number}"
        return _label(self._opened.cell(row, "episode"))

    def _time(self, row: Row, field: str, *, needed: bool) -> Moment | None:
        """The time in a field; where it is needed or cannot be read, the reason is counted."""
        cell = self._opened.cell(row, field)
        if value_of(cell) is None:
            if needed:
                self._left_out(NO_START, row=row, field=field)
            return None
        moment = read_time(cell, order=self._order)
        if moment is None:
            reason = f"{field}: {IMPOSSIBLE}"
            self._left_out(
                KEPT + reason if field == "promised" else reason, row=row, field=field, example=cell
            )
        return moment

    def _delivered(self, row: Row, start: Moment) -> tuple[bool, Moment | None]:
        """Whether the row must be left out, and the time of delivery."""
        delivered = self._time(row, "delivered", needed=False)
        if delivered is None:
            # An unreadable time must not pass for an open case: that would count as a broken promise.
            return value_of(self._opened.cell(row, "delivered")) is not None, None
        if _is_before(delivered, start):
            self._left_out(
                DELIVERED_FIRST, row=row, field="delivered", example=self._opened.cell(row, "delivered")
            )
            return True, None
        return False, delivered

    def _promised(self, row: Row, start: Moment) -> Moment | None:
        promised = self._time(row, "promised", needed=False)
        if promised is None or not _is_before(promised, start):
            return promised
        self._left_out(
            KEPT + PROMISED_FIRST, row=row, field="promised", example=self._opened.cell(row, "promised")
        )
        return None

    def _state(self, row: Row) -> tuple[bool, bool]:
        """Whether the status says cancelled, and whether it says delivered."""
        status = value_of(self._opened.cell(row, "status"))
        if status is None:
            return False, False
        words = folded(status)
        if self._flag:
            return status.lower() in _TRUE or words in status_words("cancelled"), False
        return words in status_words("cancelled"), words in status_words("delivered")

    def _left_out(self, reason: str, *, row: Row, field: str, example: Cell = None) -> None:
        self._course.tally.add(reason, row=row.number, column=self._column(field), example=example)

    def _column(self, field: str) -> str | None:
        return self._opened.columns.mapping.get(field)


def _require_times(opened: Opened) -> None:
    names = opened.source.names
    if "start" not in opened.columns.mapping:
        hint = "Name the column with the time of the order or first contact: start=COLUMN."
        raise missing(opened.file, what="the start of an episode", names=names, hint=hint)
    if not opened.columns.mapping.keys() & {"promised", "delivered"}:
        hint = "Name at least one: promised=COLUMN or delivered=COLUMN."
        raise missing(opened.file, what="a promised or delivered time", names=names, hint=hint)


def _notes_on(opened: Opened, *, by_day: bool) -> Iterator[str]:
    if "episode" not in opened.columns.mapping:
        yield "No column holds an id, so episodes are named by their row and cannot be joined with voices."
    if "promised" not in opened.columns.mapping:
        yield "No column holds a promised time, so it cannot be said whether promises were kept."
    elif by_day:
        yield "Promises name a day without a time of day: they are kept until the end of that day."
    if "delivered" not in opened.columns.mapping:
        yield "No column holds a time of delivery, so all episodes are open."


def _names_days(opened: Opened, sample: Sample, *, order: DateOrder) -> bool:
    """True where no sampled promise has a time of day."""
    moments = [read_time(cell, order=order) for cell in sampled(opened, sample, field="promised")]
    known = [moment for moment in moments if moment is not None]
    return bool(known) and all(moment.by_day for moment in known)


def _is_before(moment: Moment, start: Moment) -> bool:
    """True where a time lies before the start; a day without time of day counts to its end."""
    if moment.by_day or start.by_day:
        return moment.time.date() < start.time.date()
    return moment.time < start.time


def _label(cell: Cell) -> str | None:
    value = value_of(cell)
    return None if value is None else " ".join(clean_text(as_text(value)).text.split()) or None
