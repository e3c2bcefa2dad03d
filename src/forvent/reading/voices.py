"""Rows → voices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Self

from forvent.errors import BadOption
from forvent.reading.columns import NOT_USED, find_column, missing
from forvent.reading.opened import (
    Course,
    Opened,
    Progress,
    open_table,
    read_in_batches,
    report_of,
)
from forvent.reading.tally import Tally
from forvent.reading.voice_rows import VoiceDesk, understood
from forvent.reading.voice_texts import VoiceTexts
from forvent.records import ReadingReport, Voice

_NO_COLUMNS: Mapping[str, str] = MappingProxyType({})


class VoiceReader:
    """Voices of one file, read in batches; the file is looked through once when it is opened.

    ``names`` (of all columns), ``mapping``, ``guessed``, ``notes`` and ``scale`` are known at once,
    ``report`` when all voices were read. Reading again starts from the first row.
    """

    def __init__(
        self,
        path: Path | str,
        *,
        columns: Mapping[str, str] = _NO_COLUMNS,
        scale: tuple[float, float] | None = None,
        progress: Progress | None = None,
        mask: bool = False,
        own_words: bool = True,
        own_name: str | None = None,
    ) -> None:
        if scale is not None and scale[0] == scale[1]:
            raise BadOption(
                f"A scale from {scale[0]:g} to {scale[1]:g} has no length.", hint="Give two numbers."
            )
        self._opened, sample = open_table(path, kind="voices", given=columns)
        self._progress = progress
        self._mask = mask
        self._own_words = own_words
        self._own_name = own_name
        self._report: ReadingReport | None = None
        self._segments: Mapping[str, int] = {}
        self.segments: tuple[str, ...] = ()
        _require_text(self._opened, columns=columns)
        self._known = understood(self._opened, sample, scale=scale)
        self.rows = self._opened.total
        self.names = tuple(self._opened.source.names)
        self.mapping = self._opened.columns.mapping
        self.guessed = self._opened.columns.guessed
        self.notes = (*self._opened.source.notes, *self._opened.columns.notes, *self._known.notes)
        self.scale = self._known.scale

    def __iter__(self) -> Iterator[Voice]:
        for batch in self.batches():
            yield from batch

    def by(self, segments: Sequence[str]) -> Self:
        """The same reader, that also keeps columns that name segments of the customers, as text."""
        self._segments = _found(segments, opened=self._opened)
        self.segments = tuple(self._segments)
        return self

    def batches(self, size: int = 1000) -> Iterator[list[Voice]]:
        """Voices in lists of at most ``size``, in the order of the file; no list is empty."""
        self._report = None
        course = Course(Tally())
        texts = VoiceTexts(self._opened, course=course, own_words_only=self._own_words, mask=self._mask)
        desk = VoiceDesk(
            self._opened,
            known=self._known,
            course=course,
            own_name=self._own_name,
            texts=texts,
            segments=self._segments,
        )
        yield from read_in_batches(
            self._opened, course=course, make=desk.voice, size=size, progress=self._progress
        )
        notes = (*self.notes, *desk.notes())
        self._report = report_of(self._opened, course=course, notes=notes, scale=desk.scale())

    @property
    def report(self) -> ReadingReport:
        """What was read and what was left out; there once all voices were read."""
        if self._report is None:
            raise BadOption(
                "The report is there once all voices were read.", hint="Read the batches to their end."
            )
        return self._report


def read_voices(
    path: Path | str,
    *,
    columns: Mapping[str, str] = _NO_COLUMNS,
    scale: tuple[float, float] | None = None,
    progress: Progress | None = None,
    mask: bool = False,
    own_words: bool = True,
    own_name: str | None = None,
) -> VoiceReader:
    r"""A reader that yields what customers said in one file, each voice once, in the order of the file.

    Format, encoding, columns, the scale of the ratings and the order of dates are guessed
    from the whole file and told in ``notes``; a guess can be wrong, so show it. Rows that
    cannot be used are counted in ``report.unusable`` with their numbers: rows = used +
    repeated + the counts of all reasons that do not begin with "kept, but: ".

    Parameters
    ----------
    path
        CSV, TSV, Excel, OpenDocument, JSONL, JSON array or Parquet, each also gzipped.
    columns
        Field → column, where the guess is wrong; "-" switches a field off. Fields: text,
        title, id, time, rating, rating_max, channel, touchpoint, customer, language, episode, competitor.
    scale
        Lowest and highest rating; (5, 1) where 1 is best. Missing: guessed.
    progress
        Called after every batch with the rows read and the number of all rows.
    mask
        Take personal data out of the texts, :func:`masked`; ids do not hang on it.
    own_words
        Of mails and HTML, keep only what their writer wrote anew.
    own_name
        One's own company as the column of competitors writes it; a blank there means the same.

    Returns
    -------
    VoiceReader
        Iterable over voices, and over batches of them; ``report`` after the last.
        Ratings lie in 0–1, times are UTC; what a row does not have is None.

    Raises
    ------
    UnreadableFile
        If the file is missing, empty, binary or damaged.
    MissingColumn
        If a named column is not there, or none looks like text.
    BadOption
        If a field or the scale cannot be.
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
    ...     path = Path(folder) / "reviews.csv"
    ...     _ = path.write_text("id,comment,stars\n1,It came late,2\n2,,5\n3,,\n", encoding="utf-8")
    ...     reader = read_voices(path)
    ...     voices = list(reader)
    >>> [(voice.voice_id, voice.text, voice.rating) for voice in voices]
    [('1', 'It came late', 0.25), ('2', '', 1.0)]
    >>> [(entry.reason, entry.rows) for entry in reader.report.unusable]
    [('neither text nor rating', (4,))]
    """
    return VoiceReader(
        path,
        columns=columns,
        scale=scale,
        progress=progress,
        mask=mask,
        own_words=own_words,
        own_name=own_name,
    )


def _found(segments: Sequence[str], *, opened: Opened) -> dict[str, int]:
    """Place of each column that names segments, by its name in the file."""
    names = opened.source.names
    columns = (find_column(one, names=names, what="a segment", file=opened.file) for one in segments)
    return {column: names.index(column) for column in columns}


def _require_text(opened: Opened, *, columns: Mapping[str, str]) -> None:
    if "text" in opened.columns.mapping:
        return
    if columns.get("text") != NOT_USED:
        hint = "Name it: text=COLUMN. To read ratings alone, say text=-."
        raise missing(opened.file, what="text", names=opened.source.names, hint=hint)
    if "rating" not in opened.columns.mapping:
        raise missing(opened.file, what="a rating", names=opened.source.names, hint="Name it: rating=COLUMN.")
