"""Records with named fields: JSONL, JSON arrays and Parquet."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet

from forvent.errors import UnreadableFile
from forvent.reading.cells import LONGEST_CELL, Cell, plain_cell, shortened
from forvent.reading.delimited import BAD_BYTES, LONGEST_LINE, TOO_LONG
from forvent.reading.encodings import encoding_of, mixed_note
from forvent.reading.files import open_bytes
from forvent.reading.lines import Lines, is_marked, open_lines
from forvent.reading.rows import Row

BAD_JSON = "not valid JSON"
NO_OBJECT = "not a JSON object"

_NAMES_FROM = 2000
_MOST_NAMES = 1000
_BATCH = 1000
_BETWEEN = re.compile(r"[\s,]*")
# pyarrow carries no types.
_arrow: Any = pyarrow


class JsonLines:
    """One JSON object a line; the row number is the line."""

    format = "JSONL"

    def __init__(self, path: Path) -> None:
        self._path = path
        with open_bytes(path) as stream:
            self._encoding = encoding_of(stream)
        self.encoding: str | None = self._encoding.name
        self.names = _names_of(self._objects(), file=path.name)
        self.notes = mixed_note(self._encoding)

    def rows(self) -> Iterator[Row]:
        """Every line that is not empty."""
        return _named_rows(self._objects(), names=self.names)

    def _objects(self) -> Iterator[tuple[int, Any]]:
        with open_bytes(self._path) as stream:
            lines = open_lines(stream, encoding=self._encoding)
            number = 0
            while line := lines.read(LONGEST_LINE):
                number += 1
                if len(line) >= LONGEST_LINE and not line.endswith("\n"):
                    while (piece := lines.read(LONGEST_LINE)) and not piece.endswith("\n"):
                        pass
                    yield number, TOO_LONG
                elif line.strip():
                    yield number, _object_in(line)


class JsonArray:
    """A JSON array of objects, read piece by piece; the row number is the position."""

    format = "JSON array"

    def __init__(self, path: Path) -> None:
        self._path = path
        with open_bytes(path) as stream:
            self._encoding = encoding_of(stream)
        self.encoding: str | None = self._encoding.name
        self.names = _names_of(self._objects(), file=path.name)
        self.notes = mixed_note(self._encoding)

    def rows(self) -> Iterator[Row]:
        """Every object of the array."""
        return _named_rows(self._objects(), names=self.names)

    def _objects(self) -> Iterator[tuple[int, Any]]:
        with open_bytes(self._path) as stream:
            values = _Values(open_lines(stream, encoding=self._encoding))
            yield from enumerate(values, start=1)
            if values.endless:
                raise UnreadableFile(
                    f"{self._path.name}: record {values.count + 1} has more than 4,000,000 characters.",
                    hint="Export it as JSONL, so that it can be passed over.",
                )
            if not values.complete:
                raise UnreadableFile(
                    f"{self._path.name} is damaged: no complete JSON value after record {values.count}.",
                    hint="Export it again, as JSONL if that is offered.",
                )


class _Values:
    """The values of a JSON array, one after the other, with little of the text in memory."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self._text = ""
        self._at = 0
        self._decoder = json.JSONDecoder()
        self.count = 0
        self.complete = False
        self.endless = False

    def __iter__(self) -> Iterator[Any]:
        while not self._text.strip() and self._read_more():
            pass
        self._at = self._text.find("[") + 1
        while (found := self._next()) is not None:
            self.count += 1
            yield found[0]

    def _next(self) -> tuple[Any] | None:
        """The next value, in a tuple because it may be null; None at the end or at damage."""
        while True:
            self._skip_between()
            if self._text.startswith("]", self._at):
                self.complete = True
                return None
            try:
                value, self._at = self._decoder.raw_decode(self._text, self._at)
            except (ValueError, RecursionError):
                # As much again as there is, so that a long value is tried only a few times.
                self.endless = len(self._text) - self._at > LONGEST_LINE
                if self.endless or not self._read_more():
                    return None
            else:
                return (value,)

    def _skip_between(self) -> None:
        between = _BETWEEN.match(self._text, self._at)
        self._at = between.end() if between else self._at

    def _read_more(self) -> bool:
        rest = self._text[self._at :]
        parts = [rest]
        found = 0
        while found <= len(rest) and (line := self._lines.read(LONGEST_LINE)):
            parts.append(line)
            found += len(line)
        self._text, self._at = "".join(parts), 0
        return found > 0


class Parquet:
    """A Parquet file; the row number is the position."""

    format = "Parquet"
    encoding = None
    notes: tuple[str, ...] = ()

    def __init__(self, path: Path) -> None:
        self._path = path
        with open_bytes(path) as stream:
            try:
                table = _arrow.parquet.ParquetFile(stream)
            except (_arrow.ArrowException, OSError) as error:
                raise self._damaged(error) from error
            self.names: tuple[str, ...] = tuple(table.schema_arrow.names)

    def rows(self) -> Iterator[Row]:
        """Every record."""
        number = 0
        with open_bytes(self._path) as stream:
            try:
                for batch in _arrow.parquet.ParquetFile(stream).iter_batches(batch_size=_BATCH):
                    columns = [_plain_column(column) for column in batch.columns]
                    for cells in zip(*columns, strict=True):
                        number += 1
                        long = any(isinstance(cell, str) and len(cell) > LONGEST_CELL for cell in cells)
                        yield Row(number, (), flaw=TOO_LONG) if long else Row(number, cells)
            except (_arrow.ArrowException, OSError) as error:
                raise self._damaged(error) from error

    def table(self) -> Any:
        """All records as an Arrow table, texts as codes."""
        with open_bytes(self._path) as stream:
            try:
                file = _arrow.parquet.ParquetFile(stream)
                texts = [
                    field.name
                    for field in file.schema_arrow
                    if _arrow.types.is_string(field.type) or _arrow.types.is_large_string(field.type)
                ]
                stream.seek(0)
                return _arrow.parquet.ParquetFile(stream, read_dictionary=texts).read()
            except (_arrow.ArrowException, OSError) as error:
                raise self._damaged(error) from error

    def _damaged(self, error: Exception) -> UnreadableFile:
        return UnreadableFile(
            f"{self._path.name} looks like Parquet but is damaged ({shortened(str(error))}).",
            hint="Write it again.",
        )


def _plain_column(column: Any) -> list[Cell]:
    return [plain_cell(value) for value in without_nanoseconds(column).to_pylist()]


def without_nanoseconds(column: Any) -> Any:
    """An Arrow column whose times Python knows; the cut is far below any clock in a shop."""
    if _arrow.types.is_timestamp(column.type) and column.type.unit == "ns":
        return column.cast(_arrow.timestamp("us", tz=column.type.tz), safe=False)
    return column


def _object_in(line: str) -> Any:
    if not line.isascii() and is_marked(line):
        return BAD_BYTES
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return BAD_JSON


def _names_of(objects: Iterator[tuple[int, Any]], *, file: str) -> tuple[str, ...]:
    names: dict[str, None] = {}
    seen = False
    for count, (_, value) in enumerate(objects):
        seen = True
        if count >= _NAMES_FROM or len(names) >= _MOST_NAMES:
            break
        if isinstance(value, dict):
            names.update(dict.fromkeys(_flat(value)))
    if not seen:
        raise UnreadableFile(f"{file} holds no rows.", hint="Choose a file with at least one record.")
    if not names:
        raise UnreadableFile(
            f"{file} holds no JSON objects with named fields.", hint='Write objects such as {"text": "…"}.'
        )
    return tuple(names)


def _named_rows(objects: Iterator[tuple[int, Any]], *, names: tuple[str, ...]) -> Iterator[Row]:
    for number, value in objects:
        if isinstance(value, dict):
            flat = _flat(value)
            if any(isinstance(cell, str) and len(cell) > LONGEST_CELL for cell in flat.values()):
                yield Row(number, (), flaw=TOO_LONG)
            else:
                yield Row(number, [flat.get(name) for name in names])
        else:
            yield Row(number, (), flaw=value if value in (BAD_JSON, BAD_BYTES, TOO_LONG) else NO_OBJECT)


def _flat(value: Mapping[str, Any], *, under: str = "", depth: int = 0) -> dict[str, Cell]:
    """Fields of an object by name; those of an object inside it as "outer.inner"."""
    cells: dict[str, Cell] = {}
    for key, inner in value.items():
        name = f"{under}.{key}" if under else key
        if isinstance(inner, dict) and depth < 3:
            cells.update(_flat(inner, under=name, depth=depth + 1))
        else:
            cells[name] = plain_cell(inner)
    return cells
