"""Read an uploaded file into the store. At least once: a row that came already is known by its key."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db import DatabaseError

from forvent.errors import CannotWrite, ForventError, UnreadableFile
from forvent.reading import read_episodes, read_voices
from forvent.report.versioned_json import jsonable
from forvent_server.actions.episodes import take_in_episodes
from forvent_server.actions.imports import count_brought, end_import, fail_import, files_source
from forvent_server.actions.segments import keep_segments
from forvent_server.actions.voices import TakenIn, take_in_voices
from forvent_server.jobs.work import Work
from forvent_server.store.models import Business, Import

#: Rows of one transaction: more would keep others from writing.
ROWS = 1000
DISK_FULL = CannotWrite(
    "The disk of the workspace is full; what came so far is kept.",
    hint="Free some space, then start the import again: nothing comes twice.",
)
CHANGED = UnreadableFile(
    "The file is not as long as it was when it was uploaded; what came so far is kept.",
    hint="Upload it again, whole: nothing comes twice.",
)


def read(work: Work) -> None:
    """Read the file of an import, row by row, in transactions of a thousand."""
    made = Import.objects.get(pk=work.job.arguments["import_id"])
    if made.state != "reading":
        return
    try:
        reader = _open(made)
        _refuse_changed(made)
        new = known = done = 0
        for batch in reader.batches(size=ROWS):
            taken = _take_in(batch, made=made, work=work)
            new, known, done = new + taken.new, known + taken.known, done + len(batch)
            count_brought(made, new=new, known=known)
            _refuse_changed(made)
            work.progress("read", done, reader.rows)
    except ForventError as error:
        fail_import(made, trouble=str(error), now=work.now())
        return
    except (OSError, DatabaseError) as error:
        if not _is_full(error):
            raise
        # Each batch came whole or not at all; read again, what came is known.
        fail_import(made, trouble=str(DISK_FULL), now=work.now())
        return
    end_import(made, report=jsonable(reader.report), rows=reader.report.rows, now=work.now())


def _refuse_changed(made: Import) -> None:
    """A file that grows, or was cut, is not the one that was uploaded."""
    if Path(made.path).stat().st_size != made.size:
        raise CHANGED


def _is_full(error: OSError | DatabaseError) -> bool:
    told = str(error)
    return "is full" in told or "No space left" in told


def _open(made: Import) -> Any:
    if made.holds == "episodes":
        return read_episodes(made.path, columns=made.mapping, by=tuple(made.options.get("by", ())))
    mask = bool(made.options.get("mask")) or Business.objects.filter(mask=True).exists()
    reader = read_voices(made.path, columns=made.mapping, mask=mask)
    return reader.by(tuple(made.options.get("segments", ())))


def _take_in(batch: list[Any], *, made: Import, work: Work) -> TakenIn:
    if made.holds == "episodes":
        return take_in_episodes(batch, now=work.now(), imported_by=made)
    source = files_source(work.now())
    taken = take_in_voices(batch, source=source, now=work.now(), imported_by=made)
    keep_segments(batch, source=source)
    return taken
