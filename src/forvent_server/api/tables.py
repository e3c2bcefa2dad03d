"""What can be taken away whole, column by column, and how rows become CSV, JSON lines or Parquet."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from forvent_server.store.models import (
    Action,
    Assessment,
    Calendar,
    Correction,
    Customer,
    CustomerKey,
    Episode,
    Event,
    GapValue,
    Import,
    Mention,
    Person,
    Promise,
    Source,
    Touchpoint,
    Voice,
)

#: Rows read and written at once; between two of them nobody is kept waiting.
ROWS = 2000
_TYPES: tuple[tuple[type[Any], pa.DataType], ...] = (
    (models.BooleanField, pa.bool_()),
    (models.FloatField, pa.float64()),
    (models.DateTimeField, pa.timestamp("us", tz="UTC")),
    (models.DateField, pa.date32()),
    (models.ForeignKey, pa.int64()),
    (models.IntegerField, pa.int64()),
    (models.AutoField, pa.int64()),
)


@dataclass(frozen=True, slots=True)
class Export:
    """A table of the store; ``without`` are the columns that stay here. Some are for managers only."""

    model: type[models.Model]
    without: tuple[str, ...] = ()
    managers: bool = False

    @property
    def columns(self) -> list[Any]:
        """The columns of the table."""
        return [field for field in self.model._meta.concrete_fields if field.name not in self.without]

    @property
    def names(self) -> list[str]:
        """Their names."""
        return [field.name for field in self.columns]

    def batches(self) -> Iterator[list[tuple[Any, ...]]]:
        """All rows in the order of their numbers; each batch is a query of its own: none lasts long."""
        rows = self.model._default_manager.order_by("pk")
        columns = [field.attname for field in self.columns]
        last = 0
        while batch := list(rows.filter(pk__gt=last).values_list("pk", *columns)[:ROWS]):
            last = batch[-1][0]
            yield [row[1:] for row in batch]


EXPORTS = {
    "voices": Export(Voice, without=("key", "content")),
    "mentions": Export(Mention),
    "corrections": Export(Correction, without=("text_hash",)),
    "episodes": Export(Episode),
    "promises": Export(Promise),
    "customers": Export(Customer),
    "customer_keys": Export(CustomerKey),
    "touchpoints": Export(Touchpoint),
    "calendars": Export(Calendar),
    "assessments": Export(Assessment),
    "gaps": Export(GapValue),
    "actions": Export(Action),
    "imports": Export(Import, without=("path",)),
    "sources": Export(Source, without=("settings", "sealed_secret", "place")),
    "people": Export(
        Person, without=("password", "last_login", "sealed_totp_secret", "totp_step"), managers=True
    ),
    "audit": Export(Event, managers=True),
}


def csv_of(export: Export) -> Iterator[bytes]:
    """The table as CSV in UTF-8; what is nested is JSON in its cell."""
    yield _lines([export.names])
    for batch in export.batches():
        yield _lines([_cell(value) for value in row] for row in batch)


def jsonl_of(export: Export) -> Iterator[bytes]:
    """The table as JSON, a row a line."""
    names = export.names
    for batch in export.batches():
        lines = (
            json.dumps(dict(zip(names, row, strict=True)), cls=DjangoJSONEncoder, ensure_ascii=False)
            for row in batch
        )
        yield ("\n".join(lines) + "\n").encode("utf-8", "replace")


def parquet_of(export: Export) -> Iterator[bytes]:
    """The table as Parquet, a group of rows at a time; what is nested is JSON in its cell."""
    schema = pa.schema([pa.field(field.name, _type(field)) for field in export.columns])
    waiting = _Waiting()
    with pq.ParquetWriter(waiting, schema) as writer:
        for batch in export.batches():
            columns = list(zip(*batch, strict=True))
            arrays = [
                pa.array([_value(value, part.type) for value in column], part.type)
                for column, part in zip(columns, schema, strict=True)
            ]
            writer.write_batch(pa.record_batch(arrays, schema=schema))
            yield waiting.taken()
    yield waiting.taken()


class _Waiting(io.RawIOBase):
    """A file that is handed on while it is written."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[bytes] = []
        self._written = 0

    def writable(self) -> bool:
        return True

    def write(self, part: Any) -> int:
        kept = bytes(part)
        self._parts.append(kept)
        self._written += len(kept)
        return len(kept)

    def tell(self) -> int:
        return self._written

    def taken(self) -> bytes:
        """What was written since the last time."""
        parts, self._parts = self._parts, []
        return b"".join(parts)


def _lines(rows: Iterable[Iterable[Any]]) -> bytes:
    kept = io.StringIO()
    csv.writer(kept, lineterminator="\r\n").writerows(rows)
    return kept.getvalue().encode("utf-8", "replace")


def _cell(value: Any) -> Any:
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return value.isoformat() if hasattr(value, "isoformat") else value


def _type(field: Any) -> pa.DataType:
    return next((found for kind, found in _TYPES if isinstance(field, kind)), pa.string())


def _value(value: Any, kind: pa.DataType) -> Any:
    return (
        json.dumps(value, ensure_ascii=False)
        if kind == pa.string() and not isinstance(value, str | None)
        else value
    )
