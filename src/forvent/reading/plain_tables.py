"""Delimited files in which nothing is odd, read at once: the same cells as row by row, but quicker."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow
import pyarrow.csv
from numpy.typing import NDArray

from forvent.reading.files import open_bytes
from forvent.reading.rows import RowSource

#: Bytes up to which a file is held in memory.
LARGEST = 600_000_000
_DELIMITERS = {"CSV (comma)": ",", "CSV (semicolon)": ";", "TSV": "\t", "CSV (bar)": "|"}
_PIECE = 1 << 24
_BOM = b"\xef\xbb\xbf"
# pyarrow carries no types.
_arrow: Any = pyarrow


def plain_columns(
    path: Path, source: RowSource
) -> Iterator[tuple[tuple[str, ...], NDArray[np.int32]]] | None:
    """Distinct cells of each column and the number of each row's cell, column by column.

    None where a row could be odd: quotes, lone carriage returns, another encoding than UTF-8, rows of
    another width or without any cell, lines before the header. Then rows must be read one by one.
    Otherwise row number i (from 0) is line i + 2 of the file.
    """
    delimiter = _DELIMITERS.get(source.format)
    if delimiter is None or source.notes or len(source.names) < 2:
        return None
    with open_bytes(path) as stream:
        content = stream.read(LARGEST + 1)
    first, _, content = content.removeprefix(_BOM).partition(b"\n")
    named = _cells(first, delimiter=delimiter) == source.names
    if not named or not 0 < len(content) <= LARGEST or not _is_plain(content, source, delimiter=delimiter):
        return None
    try:
        table = _parsed(content, names=source.names, delimiter=delimiter)
    except (_arrow.ArrowInvalid, _arrow.ArrowKeyError):
        return None
    return (_coded(table.column(number)) for number in range(len(source.names)))


def _cells(line: bytes, *, delimiter: str) -> tuple[str, ...]:
    text = line.rstrip(b"\r").decode("utf-8", errors="replace")
    return tuple(next(csv.reader([text], delimiter=delimiter), ()))


def _is_plain(content: bytes, source: RowSource, *, delimiter: str) -> bool:
    if b'"' in content or b"\x00" in content or content.count(b"\r") != content.count(b"\r\n"):
        return False
    width, mark = len(source.names), ord(delimiter)
    return all(_is_even(piece, width=width, mark=mark) for piece in _pieces(content))


def _pieces(content: bytes) -> Iterator[NDArray[np.uint8]]:
    """Whole lines, some at a time, each with its end."""
    start = 0
    while start < len(content):
        end = (
            content.rfind(b"\n", start, start + _PIECE) + 1 or content.find(b"\n", start) + 1 or len(content)
        )
        piece = content[start:end]
        yield np.frombuffer(piece if piece.endswith(b"\n") else piece + b"\n", dtype=np.uint8)
        start = end


def _is_even(piece: NDArray[np.uint8], *, width: int, mark: int) -> bool:
    """Whether each line has as many cells as the header, and one that is not empty."""
    ends = np.flatnonzero(piece == ord("\n"))
    marks = np.flatnonzero(piece == mark)
    if marks.size != ends.size * (width - 1):
        return False
    # The last mark of each line stands before its end, and the first of the next behind it.
    by_line = marks.reshape(ends.size, width - 1)
    starts = np.concatenate([[0], ends[:-1] + 1])
    lengths = ends - starts - (piece[np.maximum(ends - 1, 0)] == ord("\r"))
    return bool(
        (by_line[:, 0] >= starts).all() and (by_line[:, -1] < ends).all() and (lengths > width - 1).all()
    )


def _parsed(content: bytes, *, names: Sequence[str], delimiter: str) -> Any:
    cells = _arrow.dictionary(_arrow.int32(), _arrow.string())
    table = _arrow.csv
    return table.read_csv(
        io.BytesIO(content),
        read_options=table.ReadOptions(column_names=list(names)),
        parse_options=table.ParseOptions(delimiter=delimiter, quote_char=False, double_quote=False),
        convert_options=table.ConvertOptions(
            column_types=dict.fromkeys(names, cells), null_values=[], strings_can_be_null=False
        ),
    )


def _coded(column: Any) -> tuple[tuple[str, ...], NDArray[np.int32]]:
    whole = column.combine_chunks()
    if isinstance(whole, _arrow.ChunkedArray):
        whole = whole.unify_dictionaries().combine_chunks()
    return tuple(whole.dictionary.to_pylist()), whole.indices.to_numpy().astype(np.int32)
