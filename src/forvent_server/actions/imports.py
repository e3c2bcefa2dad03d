"""Uploaded files: kept, looked at, read, withdrawn."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from forvent_server.actions.events import record
from forvent_server.actions.queue import enqueue
from forvent_server.actions.webhooks import tell
from forvent_server.store.models import Import, Person, Source


@transaction.atomic
def upload(
    *, name: str, holds: str, path: str, size: int, sha256: str, who: Person | None, now: datetime
) -> Import:
    """A file that was received whole; nothing of it is read yet."""
    made = Import.objects.create(
        name=name[:300],
        holds=holds,
        state="uploaded",
        path=path,
        size=size,
        sha256=sha256,
        by=who,
        made_at=now,
    )
    record("upload", who=who, now=now, about=made, holds=holds, size=size)
    # Files are not kept for ever.
    enqueue("retain", key="daily", now=now, due_at=now + timedelta(days=1))
    return made


@transaction.atomic
def start_import(
    made: Import, *, mapping: Mapping[str, str], options: Mapping[str, Any], who: Person | None, now: datetime
) -> Import:
    """The columns are understood: a job reads the file. Asked twice, it is read once."""
    changed = Import.objects.filter(pk=made.pk, state__in=("uploaded", "failed")).update(
        state="reading", mapping=dict(mapping), options=dict(options), trouble="", ended_at=None
    )
    if changed:
        record("start import", who=who, now=now, about=made)
        enqueue("read", key=f"import-{made.pk}", now=now, import_id=made.pk)
    made.refresh_from_db()
    return made


@transaction.atomic
def end_import(made: Import, *, report: Mapping[str, Any], rows: int, now: datetime) -> None:
    """The file is read: what was used, and what could not be and why."""
    Import.objects.filter(pk=made.pk).update(state="done", report=dict(report), rows=rows, ended_at=now)
    record("end import", who=None, now=now, about=made)
    tell("import.ended", now=now, data={"import": made.pk, "state": "done", "rows": rows})
    enqueue("assess", key="all", now=now)


@transaction.atomic
def fail_import(made: Import, *, trouble: str, now: datetime) -> None:
    """The file could not be read; what it brought before that is kept."""
    Import.objects.filter(pk=made.pk).update(state="failed", trouble=trouble[:2000], ended_at=now)
    record("fail import", who=None, now=now, about=made)
    tell("import.ended", now=now, data={"import": made.pk, "state": "failed", "rows": None})


@transaction.atomic
def count_brought(made: Import, *, new: int, known: int) -> None:
    """How many rows came so far."""
    Import.objects.filter(pk=made.pk).update(brought=new, known=known)


def files_source(now: datetime) -> Source:
    """The source of all uploaded files."""
    made, _ = Source.objects.get_or_create(name="files", defaults={"kind": "file", "made_at": now})
    return made
