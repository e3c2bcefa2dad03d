"""Imports: uploaded files and how far they are read; the sources that voices come from."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.shortcuts import get_object_or_404
from ninja import Router, Schema

from forvent_server.api.door import Asked
from forvent_server.api.shapes import Cursor, Key, Limit, Page, paged
from forvent_server.store.models import Import, Source

router = Router()


class ImportShown(Schema):
    """A file; `state` is uploaded, mapped, reading, done, failed or withdrawn."""

    id: int
    name: str
    holds: str
    state: str
    size: int
    sha256: str
    rows: int | None
    brought: int
    known: int
    made_at: datetime
    ended_at: datetime | None
    trouble: str
    report: dict[str, Any]


class SourceShown(Schema):
    """A source and its health; what it was set to is not shown."""

    id: int
    kind: str
    name: str
    active: bool
    made_at: datetime
    looked_at: datetime | None
    brought_at: datetime | None
    trouble: str


@router.get("", response=Page[ImportShown], summary="Read imports, the newest first")
def read_imports(request: Asked, cursor: Cursor = None, limit: Limit = 100) -> dict[str, Any]:
    """All files that were uploaded."""
    found, following = paged(Import.objects.all(), cursor=cursor, limit=limit)
    return {"items": [_shown(row, ImportShown) for row in found], "next": following}


@router.get("/sources", response=Page[SourceShown], summary="Read sources")
def read_sources(request: Asked, cursor: Cursor = None, limit: Limit = 100) -> dict[str, Any]:
    """All doors through which voices come in, with their health."""
    found, following = paged(Source.objects.all(), cursor=cursor, limit=limit, newest_first=False)
    return {"items": [_shown(row, SourceShown) for row in found], "next": following}


@router.get("/{pk}", response=ImportShown, summary="Read one import")
def read_import(request: Asked, pk: Key) -> dict[str, Any]:
    """One file, how far it is read, and what of it could not be used."""
    return _shown(get_object_or_404(Import, pk=pk), ImportShown)


def _shown(row: Any, shape: type[Schema]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in shape.model_fields}
