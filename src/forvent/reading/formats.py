"""Which format a file has, by its content, and a source of its rows."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from forvent.errors import UnreadableFile
from forvent.reading.delimited import delimited_rows, dialect_of
from forvent.reading.encodings import encoding_of, mixed_note
from forvent.reading.files import open_bytes
from forvent.reading.headers import fitting_rows, header_of
from forvent.reading.lines import open_lines
from forvent.reading.objects import JsonArray, JsonLines, Parquet
from forvent.reading.packed import refuse_what_would_burst
from forvent.reading.rows import Row, RowSource
from forvent.reading.workbooks import Workbook

_HEAD = 1 << 16
_MAGIC = (
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"%PDF", "a PDF document"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3", "an SQLite database"),
    (b"{\\rtf", "an RTF document"),
    (b"BZh", "a bzip2 archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"Rar!", "a RAR archive"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
)
_USABLE = "CSV, TSV, Excel, OpenDocument, JSON, JSONL or Parquet"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class Delimited:
    """CSV, TSV and the like."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with open_bytes(path) as stream:
            self._encoding = encoding_of(stream)
            self._dialect = dialect_of(open_lines(stream, encoding=self._encoding))
        self._header = header_of(self._all_rows(), file=path.name)
        self.format = "TSV" if self._dialect.delimiter == "\t" else f"CSV ({self._dialect.name})"
        self.encoding: str | None = self._encoding.name
        self.names = self._header.names
        self.notes = (*self._header.notes, *mixed_note(self._encoding))

    def rows(self) -> Iterator[Row]:
        """Every row of data that is not empty."""
        return fitting_rows(self._all_rows, header=self._header)

    def _all_rows(self) -> Iterator[Row]:
        with open_bytes(self._path) as stream:
            lines = open_lines(stream, encoding=self._encoding)
            yield from delimited_rows(lines, dialect=self._dialect)


def open_rows(path: Path) -> RowSource:
    """A source of the rows of a file of any format that forvent reads, told by its content.

    Raises
    ------
    UnreadableFile
        If the file is missing, empty, damaged, or none of the formats.
    """
    file = path.name
    with open_bytes(path) as stream:
        head = stream.read(_HEAD)
        if not head.strip(b" \t\r\n\x00\xef\xbb\xbf\xff\xfe"):
            raise UnreadableFile(
                f"{file} is empty.", hint="Choose a file with a header and at least one row."
            )
        if head.startswith(b"PK\x03\x04"):
            kind = _kind_of_archive(stream, file=file)
            refuse_what_would_burst(stream, file=file)
            return Workbook(stream, file=file, kind=kind)
        if head.startswith(_OLE):
            return Workbook(stream, file=file, kind="Excel (.xls)")
    if head.startswith(b"PAR1"):
        return Parquet(path)
    _refuse_others(head, file=file)
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"[") and start[1:].lstrip().startswith((b"{", b"]")):
        return JsonArray(path)
    if start.startswith(b"{"):
        return _json_lines(start, path=path)
    return Delimited(path)


def _json_lines(start: bytes, *, path: Path) -> RowSource:
    first, newline, _ = start.partition(b"\n")
    if newline and b'"' not in first:
        raise UnreadableFile(
            f"{path.name} holds one JSON object over several lines, not a list of records.",
            hint="Export the records as a JSON array or as JSONL, one object a line.",
        )
    return JsonLines(path)


def _kind_of_archive(stream: BinaryIO, *, file: str) -> str:
    stream.seek(0)
    try:
        with zipfile.ZipFile(stream) as archive:
            inside = set(archive.namelist())
            document = b""
            if "mimetype" in inside:
                with archive.open("mimetype") as told:
                    document = told.read(80)
    except (zipfile.BadZipFile, KeyError, OSError) as error:
        raise UnreadableFile(
            f"{file} is a damaged ZIP archive.", hint="Copy or download it again."
        ) from error
    if "xl/workbook.xml" in inside:
        return "Excel (.xlsx)"
    if "xl/workbook.bin" in inside:
        return "Excel (.xlsb)"
    if b"opendocument.spreadsheet" in document:
        return "OpenDocument (.ods)"
    what = "a Word document" if "word/document.xml" in inside else "a ZIP archive"
    raise UnreadableFile(
        f"{file} is {what}, not a table.", hint=f"Take the table out and save it as {_USABLE}."
    )


def _refuse_others(head: bytes, *, file: str) -> None:
    what = next((name for magic, name in _MAGIC if head.startswith(magic)), None)
    if what is None and head.startswith(b"MZ") and b"\x00" in head:
        what = "a program"
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:200].lower()
    if what is None and start.startswith((b"<!doctype html", b"<html", b"<table", b"<?xml")):
        what = "a web page or XML document"
    if what is None and _is_binary(head):
        what = "a binary file"
    if what is not None:
        raise UnreadableFile(f"{file} is {what}, not a table.", hint=f"Save the table as {_USABLE}.")


def _is_binary(head: bytes) -> bool:
    """True where many bytes are control characters that no text has, in no second-byte pattern."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) > 0.3 * len(head) / 2 and min(even, odd) < 0.02 * len(head) / 2:
        return False
    controls = sum(head.count(bytes([code])) for code in range(32) if code not in (9, 10, 12, 13, 27))
    return controls > 8 + 0.02 * len(head)
