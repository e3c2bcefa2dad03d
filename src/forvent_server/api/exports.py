"""Everything, to take away: each table as CSV, JSON lines or Parquet, streamed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Annotated, Any, Literal

from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.timezone import now
from ninja import Path, Router, Schema

from forvent_server.actions.brought import say_taken_away
from forvent_server.api.door import Asked, manager_of
from forvent_server.api.tables import EXPORTS, Export, csv_of, jsonl_of, parquet_of

router = Router()
Table = Literal[
    "voices", "mentions", "corrections", "episodes", "promises", "customers", "customer_keys", "touchpoints",
    "calendars", "assessments", "gaps", "actions", "imports", "sources", "people", "audit",
]  # fmt: skip
Format = Literal["csv", "jsonl", "parquet"]
#: How each format is written, and what it is called on the net.
FORMATS: dict[str, tuple[Callable[[Export], Iterator[bytes]], str]] = {
    "csv": (csv_of, "text/csv; charset=utf-8"),
    "jsonl": (jsonl_of, "application/jsonl"),
    "parquet": (parquet_of, "application/vnd.apache.parquet"),
}
_CONTENT: dict[str, Any] = {
    kind.partition(";")[0]: {"schema": {"type": "string"}} for _, kind in FORMATS.values()
}


class ExportShown(Schema):
    """A table and its columns."""

    table: str
    columns: list[str]
    managers_only: bool


@router.get("", response=list[ExportShown], summary="Read what can be taken away")
def read_exports(request: Asked) -> list[dict[str, Any]]:
    """All tables with their columns."""
    return [
        {"table": name, "columns": one.names, "managers_only": one.managers} for name, one in EXPORTS.items()
    ]


@router.get(
    "/{table}.{kind}",
    response=None,
    summary="Take a table away",
    openapi_extra={"responses": {"200": {"description": "The table, streamed", "content": _CONTENT}}},
)
def take_away(
    request: Asked,
    table: Annotated[Table, Path(description="Which table")],
    kind: Annotated[Format, Path(description="csv, jsonl or parquet")],
) -> HttpResponseBase:
    """All rows in the order of their numbers. People and audit only with a key that a manager made."""
    export = EXPORTS[table]
    if export.managers:
        manager_of(request)
    say_taken_away(request.auth.key, table=table, now=now())
    write, content_type = FORMATS[kind]
    name = f"{table}.{kind}"
    return StreamingHttpResponse(
        write(export),
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
