"""What a spreadsheet would become when it is unpacked, looked at before anything holds it in memory.

A few kilobytes can unpack to gigabytes, and two cells at opposite corners of a sheet make a table of billions
between them. What reads spreadsheets keeps a whole table in memory, so both are refused beforehand.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from forvent.errors import UnreadableFile

#: Bytes that all parts of an archive may unpack to, and cells that the table of a sheet may have.
MOST_BYTES, MOST_CELLS = 2 << 30, 50_000_000
_CHUNK = 1 << 20
#: No tag of a table has more bytes.
_LONGEST_TAG = 1 << 20
_LOCAL_HEADER = 30

_SHEETS = re.compile(r"xl/worksheets/[^/]+\.xml")
_BINARY_SHEETS = re.compile(r"xl/worksheets/[^/]+\.bin")
_DOCUMENT = "content.xml"
#: Kinds of records of a binary sheet: a row, an empty cell, and the last of the cells.
_ROW_RECORD, _BLANK, _LAST_CELL = 0, 1, 11
#: Attributes before the one that is looked for, whatever stands in them.
_OTHERS = rb"(?:\s+(?!r\s*=)[\w:.-]+\s*=\s*(?:\"[^\"]*\"|'[^']*'))*\s+r\s*=\s*[\"']"
_PLAIN_CELLS = re.compile(rb"<c r=\"([A-Z]{1,3})(\d{1,7})\"")
_PREFIXED_CELLS, _PREFIXED_ROWS = re.compile(rb"<\w+:c\b"), re.compile(rb"<\w+:row\b")
_CELLS = re.compile(rb"<(?:\w+:)?c" + _OTHERS + rb"([A-Za-z]{1,7})(\d{1,10})")
_ROWS = re.compile(rb"<(?:\w+:)?row" + _OTHERS + rb"(\d{1,10})")
_ANY_ROW, _ANY_CELL = re.compile(rb"<(?:\w+:)?row\b"), re.compile(rb"<(?:\w+:)?c\b")
_TABLE_TAGS = re.compile(
    rb"<table:(table-row|covered-table-cell|table-cell|table)(?=[\s/>])((?:[^>\"']++|\"[^\"]*\"|'[^']*')*+)>"
)
_REPEATED = re.compile(rb"number-(?:columns|rows)-repeated\s*=\s*[\"'](\d{1,10})[\"']")


@dataclass(slots=True)
class Extent:
    """The corner of a table that lies farthest out."""

    rows: int = 0
    columns: int = 0

    def reach(self, *, rows: int, columns: int) -> None:
        """There is something there."""
        self.rows, self.columns = max(self.rows, rows), max(self.columns, columns)

    @property
    def too_large(self) -> bool:
        """Whether a table up to there would have too many cells."""
        return self.rows * self.columns > MOST_CELLS


def refuse_what_would_burst(stream: BinaryIO, *, file: str) -> None:
    """Let a spreadsheet in an archive pass whose parts and sheets can be held in memory.

    Raises
    ------
    UnreadableFile
        If it would unpack to more than two gibibytes, a sheet would have more than fifty million cells, or
        the archive is damaged.
    """
    stream.seek(0)
    try:
        with zipfile.ZipFile(stream) as archive:
            left = MOST_BYTES
            for part in archive.infolist():
                left = _look_at(stream, part, left=left, file=file)
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise UnreadableFile(
            f"{file} is a damaged ZIP archive.", hint="Copy or download it again."
        ) from error


def _look_at(stream: BinaryIO, part: zipfile.ZipInfo, *, left: int, file: str) -> int:
    """How many bytes the other parts may still have."""
    extent = Extent()
    for size in _sizes(_pieces(stream, part), name=part.filename, extent=extent):
        left -= size
        if left < 0:
            raise UnreadableFile(
                f"{file} would unpack to more than {MOST_BYTES >> 30} GiB.", hint="Save the table as CSV."
            )
        if extent.too_large:
            raise UnreadableFile(
                f"{file} has a sheet of {extent.rows:,} rows and {extent.columns:,} columns.",
                hint="Delete what lies far below or beside the table, or save the table as CSV.",
            )
    return left


def _sizes(pieces: Iterator[bytes], *, name: str, extent: Extent) -> Iterator[int]:
    """The size of each piece of a part; a sheet tells its extent so far."""
    if name == _DOCUMENT:
        return _of_document(pieces, extent)
    if _SHEETS.fullmatch(name):
        return _of_sheet(pieces, extent)
    if _BINARY_SHEETS.fullmatch(name):
        return _of_binary(pieces, extent)
    return map(len, pieces)


def _pieces(stream: BinaryIO, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """The bytes of a part, unpacked piece by piece, however many it says it has."""
    stream.seek(part.header_offset)
    header = stream.read(_LOCAL_HEADER)
    if len(header) < _LOCAL_HEADER or part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise zipfile.BadZipFile("no header, or packed in another way")
    stream.seek(int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little"), 1)
    place, waiting = stream.tell(), part.compress_size
    unpacker = zlib.decompressobj(-15) if part.compress_type == zipfile.ZIP_DEFLATED else None
    while waiting > 0:
        # Others read the same file in between.
        stream.seek(place)
        packed = stream.read(min(_CHUNK, waiting))
        if not packed:
            raise EOFError
        place, waiting = place + len(packed), waiting - len(packed)
        if unpacker is None:
            yield packed
            continue
        while packed:
            yield unpacker.decompress(packed, _CHUNK)
            packed = unpacker.unconsumed_tail


def _of_sheet(pieces: Iterator[bytes], extent: Extent) -> Iterator[int]:
    """Of a sheet of Excel: where its cells and rows say that they are, or else how many follow each other."""
    begun = 0
    for size, whole in _whole_tags(pieces):
        found = _PLAIN_CELLS.findall(whole)
        begun += whole.count(b"<row") + len(_PREFIXED_ROWS.findall(whole))
        if len(found) < whole.count(b"<c") + len(_PREFIXED_CELLS.findall(whole)):
            # Something begins like a cell and does not say at once where it is.
            found = _CELLS.findall(whole)
            _reach_of_others(whole, known=len(found), begun=begun, extent=extent)
        extent.reach(
            rows=max(map(int, {number for _, number in found}), default=0),
            columns=max(map(_column, {name for name, _ in found}), default=0),
        )
        yield size


def _reach_of_others(whole: bytes, *, known: int, begun: int, extent: Extent) -> None:
    """Cells that do not say where they are follow each other, in rows that may say which they are."""
    if known == len(_ANY_CELL.findall(whole)):
        return
    longest = max(len(_ANY_CELL.findall(part)) for part in _ANY_ROW.split(whole))
    said = max(map(int, _ROWS.findall(whole)), default=0)
    extent.reach(rows=max(begun, said), columns=longest)


def _whole_tags(pieces: Iterator[bytes]) -> Iterator[tuple[int, bytes]]:
    """Each piece with its size, a tag at its end left to the next one."""
    before = b""
    for piece in pieces:
        whole = before + piece
        last = whole.rfind(b"<")
        end = len(whole) if last < 0 or b">" in whole[last:] else last
        before = whole[end:]
        if len(before) > _LONGEST_TAG:
            raise zipfile.BadZipFile("a tag without end")
        yield len(piece), whole[:end]


def _column(name: bytes) -> int:
    number = 0
    for letter in name.upper():
        number = number * 26 + letter - 64
    return number


def _of_binary(pieces: Iterator[bytes], extent: Extent) -> Iterator[int]:
    """Of a binary sheet of Excel: its records are numbers of rows and, below each, numbers of columns."""
    held, skip, row = b"", 0, 0
    for piece in pieces:
        held += piece
        place = 0
        while (record := _record(held, place + skip)) is not None:
            kind, size, start = record
            place, skip = start, size
            if size >= 4 and kind <= _LAST_CELL:
                number = int.from_bytes(held[start : start + 4], "little") + 1
                row = number if kind == _ROW_RECORD else row
                if kind > _BLANK:
                    extent.reach(rows=row, columns=number)
        step = min(place + skip, len(held))
        held, skip = held[step:], place + skip - step
        yield len(piece)


def _record(held: bytes, place: int) -> tuple[int, int, int] | None:
    """Kind, size and first byte of the record at a place; None where more has to be read before."""
    if place + 10 > len(held):
        return None
    kind, place = held[place], place + 1
    if kind & 0x80:
        kind, place = kind & 0x7F | held[place] << 7, place + 1
    size = 0
    for shift in range(0, 28, 7):
        part, place = held[place], place + 1
        size |= (part & 0x7F) << shift
        if part < 0x80:
            break
    return kind, size, place


def _of_document(pieces: Iterator[bytes], extent: Extent) -> Iterator[int]:
    """Of an OpenDocument table: what is repeated counts as often as it says."""
    table = _Table(extent)
    for size, whole in _whole_tags(pieces):
        for tag in _TABLE_TAGS.finditer(whole):
            table.take(tag[1], tag[2])
        yield size


class _Table:
    """Rows and cells as they come; empty ones count only where something follows them."""

    def __init__(self, extent: Extent) -> None:
        self._extent = extent
        self._row = self._column = 0

    def take(self, name: bytes, attributes: bytes) -> None:
        """The next tag."""
        repeated = _REPEATED.search(attributes)
        times = int(repeated[1]) if repeated else 1
        if name == b"table":
            self._row = self._column = 0
        elif name == b"table-row":
            self._row, self._column = self._row + times, 0
        else:
            self._column += times
            if not attributes.rstrip().endswith(b"/") or b"value" in attributes:
                self._extent.reach(rows=self._row, columns=self._column)
