"""Files → cases that promises are learned from: start, end, and what was known at the start."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from forvent.errors import BadOption
from forvent.reading.case_columns import CaseColumns, Kind, find_fields
from forvent.reading.case_desk import Case, CaseDesk
from forvent.reading.columns import Columns
from forvent.reading.opened import Course, Opened, Progress, look_through, read_in_batches, report_of
from forvent.reading.tally import Tally
from forvent.records import ReadingReport


class CasesReader:
    """Cases of one file, read in batches; the file is looked through once when it is opened.

    All but ``report`` is known at once; ``report`` is there when all cases were read. Reading again
    starts from the first row. ``kinds`` says of each column known at the start whether it holds
    "number" or "text". ``amount`` is the column of the amounts, "" where they are waits;
    ``amount_unit`` and ``promised_unit`` are what stands beside the numbers, in lower case.
    """

    def __init__(
        self,
        path: Path | str,
        *,
        columns: CaseColumns,
        keep_unserved: bool = False,
        progress: Progress | None = None,
    ) -> None:
        path = Path(path)
        source, sample = look_through(path)
        fields = find_fields(columns, source=source, sample=sample, file=path.name)
        self._fields = fields
        self._keep_unserved = keep_unserved
        self._opened = Opened(path.name, source, Columns(fields.mapping, ()), sample.total)
        self._progress = progress
        self._report: ReadingReport | None = None
        self.columns = columns
        self.file = path.name
        self.rows = sample.total
        self.mapping = fields.mapping
        self.by_day = fields.by_day
        self.amount = "" if fields.amount is None else fields.amount.name
        self.amount_unit = "" if fields.amount is None else fields.amount.unit
        self.promised_unit = "" if fields.promised_amount is None else fields.promised_amount.unit
        self.kinds: Mapping[str, Kind] = {known.name: known.kind for known in fields.known}
        self.notes = (*source.notes, *fields.notes)

    def __iter__(self) -> Iterator[Case]:
        for batch in self.batches():
            yield from batch

    def batches(self, size: int = 1000) -> Iterator[list[Case]]:
        """Cases in lists of at most ``size``, in the order of their first rows; no list is empty."""
        self._report = None
        course = Course(Tally())
        desk = CaseDesk(
            file=self.file, fields=self._fields, tally=course.tally, keep_unserved=self._keep_unserved
        )
        if self._fields.case is None:
            yield from read_in_batches(
                self._opened, course=course, make=desk.of_row, size=size, progress=self._progress
            )
        else:
            yield from self._folded(desk, course=course, size=size)
        notes = (*self.notes, *desk.notes(used=course.used))
        report = report_of(self._opened, course=course, notes=notes)
        desk.check()
        self._report = report

    @property
    def report(self) -> ReadingReport:
        """What was read and what was left out; there once all cases were read."""
        if self._report is None:
            raise BadOption(
                "The report is there once all cases were read.", hint="Read the batches to their end."
            )
        return self._report

    def _folded(self, desk: CaseDesk, *, course: Course, size: int) -> Iterator[list[Case]]:
        """The cases of an event log, all of which is read before the first of them is known."""
        for row in self._opened.source.rows():
            course.rows += 1
            if row.flaw is not None:
                course.tally.add(row.flaw, row=row.number)
            else:
                desk.add_event(row)
            if self._progress is not None and course.rows % size == 0:
                self._progress(course.rows, self._opened.total)
        batch: list[Case] = []
        for case, events in desk.of_log():
            course.used += events
            batch.append(case)
            if len(batch) == size:
                yield batch
                batch = []
        if batch:
            yield batch


def read_cases(
    path: Path | str,
    *,
    columns: CaseColumns,
    keep_unserved: bool = False,
    progress: Progress | None = None,
) -> CasesReader:
    r"""A reader that yields the past cases of one file, in the order of the file.

    Only the columns that are named are used, and every row is one case unless ``columns.case``
    names one. A case without an end is open. Of an event log, the rows of one case are one:
    its start is the earliest, its end the latest, everything else that of its first event,
    except ``served``, which is that of its last.

    A promise is by day where its column holds days without time of day; a wait without a
    promise, where start and end do. Where start and end share a column of days, an end more
    than 12 hours before the start is of the next day. A case that ended before its start is
    left out, and so is one that was not served; a promise before the start is not used. Rows
    that cannot be used are counted in ``report.unusable`` with their numbers: rows = used + the
    counts of all reasons that do not begin with "kept, but: ".

    Parameters
    ----------
    path
        CSV, TSV, Excel, OpenDocument, JSONL, JSON array or Parquet, each also gzipped.
    columns
        See :class:`CaseColumns`.
    keep_unserved
        Whether cases that were given up or cancelled are kept, with ``served`` False.
    progress
        Called after every batch with the rows read and the number of all rows.

    Returns
    -------
    CasesReader
        Iterable over cases, and over batches of them; ``report`` after the last. Times are UTC.

    Raises
    ------
    UnreadableFile
        If the file is missing, empty, binary or damaged.
    MissingColumn
        If a named column is not there.
    BadOption
        If a column does not hold what it is named for, or the amounts are in several units.
    NothingUsable
        At the end of the reading, if no row could be used or no case has ended.

    Source
    ------
    Our own definition, ``docs/howto/promise.md``.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "orders.csv"
    ...     rows = "ordered,due,arrived,zip\n2024-05-02 10:00,2024-05-04,2024-05-03 18:30,04750\n"
    ...     _ = path.write_text(rows, encoding="utf-8")
    ...     reader = read_cases(path, columns=CaseColumns("ordered", "arrived", promised="due", by=("zip",)))
    ...     cases = list(reader)
    >>> [(str(case.known - case.start), str(case.promised), case.values) for case in cases]
    [('1 day, 8:30:00', '2024-05-04 23:59:59', ('04750',))]
    >>> reader.by_day
    True
    """
    return CasesReader(path, columns=columns, keep_unserved=keep_unserved, progress=progress)
