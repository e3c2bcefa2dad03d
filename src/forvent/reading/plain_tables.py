"""Delimited files in which nothing is odd, read at once: the same cells as row by row, but quicker."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pyarrow
import pyarrow.csv
from numpy.typing import NDArray

from forvent.reading.cells import as_text, clean_text
from forvent.reading.files import open_bytes
from forvent.reading.headers import unique_names
from forvent.reading.rows import RowSource

_DELIMITERS = {"CSV (comma)": ",", "CSV (semicolon)": ";", "TSV": "\t", "CSV (bar)": "|"}
_PIECE = 1 << 22
_BLOCK = 1 << 23
_BOM = b"\xef\xbb\xbf"
_QUOTE, _LINE, _RETURN = (ord(sign) for sign in '"\n\r')
# pyarrow carries no types.
_arrow: Any = pyarrow


@dataclass(frozen=True, slots=True)
class _Way:
    """How a plain file is read."""

    delimiter: str
    quoted: bool


def plain_table(path: Path, source: RowSource) -> Any | None:
    """An Arrow table with every line below the header as a row of texts, blank lines too, as codes.

    None where a row could be odd: quotes that do not match, lone carriage returns, another encoding than
    UTF-8, rows of another width, lines before the header. Then rows must be read one by one. Otherwise row
    number i (from 0) is row i + 2 of the file.
    """
    delimiter = _DELIMITERS.get(source.format)
    if delimiter is None or source.notes or len(source.names) < 2:
        return None
    with open_bytes(path) as stream:
        way = _way_of(stream, delimiter=delimiter, names=source.names)
    if way is None:
        return None
    try:
        with open_bytes(path) as stream:
            return _parsed(stream, names=source.names, way=way)
    except (_arrow.ArrowInvalid, _arrow.ArrowKeyError):
        return None


def _way_of(stream: BinaryIO, *, delimiter: str, names: tuple[str, ...]) -> _Way | None:
    first = stream.readline()
    if _header(first, delimiter=delimiter) != names:
        return None
    quoted = b'"' in first
    is_open = False
    for piece in _pieces(stream):
        if b"\x00" in piece or b'\\"' in piece:
            return None
        if b"\r" in piece and not _ends_lines(np.frombuffer(piece, dtype=np.uint8)):
            return None
        if b'"' in piece:
            quoted = True
            fit = _fitting_quotes(np.frombuffer(piece, dtype=np.uint8), is_open, mark=ord(delimiter))
            if fit is None:
                return None
            is_open = fit
    return None if is_open else _Way(delimiter, quoted)


def _header(line: bytes, *, delimiter: str) -> tuple[str, ...]:
    """Names as the reader of rows makes them; empty where the header goes on in another line."""
    text = line.removeprefix(_BOM).rstrip(b"\r\n").decode("utf-8", errors="replace")
    if text.count('"') % 2:
        return ()
    cells = [clean_text(as_text(cell)).text for cell in next(csv.reader([text], delimiter=delimiter), ())]
    names = unique_names(cells)
    return names if len(names) == len(cells) else ()


def _pieces(stream: BinaryIO) -> Iterator[bytes]:
    """The rest of a file in pieces; each begins with the byte before it and ends with the one behind it."""
    held = b"\n"
    while read := stream.read(_PIECE):
        held += read
        yield held
        held = held[-2:]
    yield held + b"\n"


def _ends_lines(piece: NDArray[np.uint8]) -> bool:
    """Whether each carriage return stands before a newline."""
    inner = np.flatnonzero(piece[1:-1] == _RETURN) + 1
    return bool((piece[inner + 1] == _LINE).all())


def _fitting_quotes(piece: NDArray[np.uint8], is_open: bool, *, mark: int) -> bool | None:
    """Whether a cell is still open behind the piece; None where quotes do not match.

    Each quote that opens a cell stands behind a delimiter, a newline or, doubled, behind another quote; each
    that closes one stands before these. Then nobody can read the file in two ways.
    """
    quotes = np.flatnonzero(piece[1:-1] == _QUOTE) + 1
    opening, closing = quotes[int(is_open) :: 2], quotes[1 - int(is_open) :: 2]
    before, after = piece[opening - 1], piece[closing + 1]
    opened = (before == mark) | (before == _LINE) | (before == _QUOTE)
    closed = (after == mark) | (after == _LINE) | (after == _RETURN) | (after == _QUOTE)
    return is_open ^ bool(quotes.size % 2) if opened.all() and closed.all() else None


def _parsed(stream: BinaryIO, *, names: tuple[str, ...], way: _Way) -> Any:
    cells = _arrow.dictionary(_arrow.int32(), _arrow.string())
    table = _arrow.csv
    return table.read_csv(
        stream,
        read_options=table.ReadOptions(column_names=list(names), skip_rows=1, block_size=_BLOCK),
        parse_options=table.ParseOptions(
            delimiter=way.delimiter,
            quote_char='"' if way.quoted else False,
            double_quote=way.quoted,
            newlines_in_values=way.quoted,
            # They count as rows, so that those below them keep their numbers.
            ignore_empty_lines=False,
        ),
        convert_options=table.ConvertOptions(
            column_types=dict.fromkeys(names, cells), null_values=[], strings_can_be_null=False
        ),
    )
