"""Look at a source. At least once: what it brought before is known by its keys and its place."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError

from forvent.errors import ForventError
from forvent_server.actions.queue import enqueue
from forvent_server.actions.sources import end_look, key_of, take_in_brought
from forvent_server.jobs.work import Lost, Stopping, Work
from forvent_server.sources.contract import Ask, Brought, Slice, Trouble
from forvent_server.sources.slices import slice_of
from forvent_server.store.models import Job, Source
from forvent_server.store.models.jobs import RUNNING

log = logging.getLogger(__name__)


def look(work: Work) -> None:
    """Store what a source brings, bit by bit; what went wrong stands at the source, and it is tried again."""
    source = Source.objects.filter(pk=work.job.arguments["source_id"]).first()
    file = work.job.arguments.get("file", "")
    if source is None or not (source.active or file):
        return
    if _busy(source, work=work):
        enqueue(
            "look",
            key=key_of(source),
            now=work.now(),
            due_at=work.now() + timedelta(minutes=1),
            source_id=source.pk,
        )
        return
    new, trouble = _take_in(source, file=file, work=work)
    end_look(source, now=work.now(), trouble=trouble, new=new)
    if file:
        Path(file).unlink(missing_ok=True)


def _take_in(source: Source, *, file: str, work: Work) -> tuple[int, Trouble | None]:
    new = done = 0
    try:
        with closing(_parts(source, file=file, work=work)) as parts:
            for brought in parts:
                taken = take_in_brought(source, brought, now=work.now())
                new, done = new + taken.new, done + len(brought.voices) + brought.unusable
                work.progress("look", done, None)
    except (Lost, Stopping, DatabaseError):
        raise
    except Trouble as trouble:
        return new, trouble
    except ForventError as error:
        return new, Trouble("told", error.message, hint=error.hint, said=str(error))
    except Exception as error:
        # A slice may be anybody's: what it did not think of is told at the source and stops no other job.
        log.error("source %s (%s) failed: %s", source.pk, source.kind, type(error).__name__)
        return new, Trouble("unexpected", type(error).__name__, error=type(error).__name__)
    return new, None


def _parts(source: Source, *, file: str, work: Work) -> Any:
    made = slice_of(source.kind)
    if made is None:
        raise Trouble("no_plugin", f"There is no source '{source.kind}'.", kind_name=source.kind)
    if file:
        return made.read(Path(file)) if made.read else _nothing()
    return made.look(asked(source, made, work=work)) if made.look else _nothing()


def _nothing() -> Iterator[Brought]:
    yield from ()


def asked(source: Source, made: Slice, *, work: Work) -> Ask:
    """What the slice is given; settings that came with a newer version have their defaults."""
    defaults = {one.name: one.default for one in made.fields if one.kind != "secret"}
    return Ask(
        settings=defaults | source.settings,
        now=work.now(),
        secret=source.secret,
        place=source.place,
        inside=settings.FORVENT["FORVENT_SOURCES_INSIDE"],
    )


def _busy(source: Source, *, work: Work) -> bool:
    """Whether another worker looks at it at this moment: both would bring the same."""
    others = Job.objects.filter(kind="look", key=key_of(source), state=RUNNING, leased_until__gt=work.now())
    return bool(work.job.key) and others.filter(pk__lt=work.job.pk).exists()
