"""Imports: upload a file, see how it is understood, read it, see what could not be used."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404

from forvent.errors import BadOption, CannotWrite, ForventError
from forvent.reading import EpisodeReader, VoiceReader, read_episodes, read_voices
from forvent_server.actions.imports import start_import, upload
from forvent_server.store.models import Import, Job
from forvent_server.web.pages import Asked, draw, now, page
from forvent_server.web.told import told
from forvent_server.web.troubles import in_words, reason_in_words

FIELDS: Mapping[str, Sequence[str]] = {
    "voices": (
        [
            "text",
            "title",
            "id",
            "time",
            "rating",
            "rating_max",
            "channel",
            "touchpoint",
            "customer",
            "language",
            "episode",
            "competitor",
        ]
    ),
    "episodes": ["episode", "start", "promised", "delivered", "status", "customer"],
}
NOT_USED = "-"
#: Imports shown on one page.
SHOWN = 50


@dataclass(frozen=True, slots=True)
class ImportsPage:
    """All imports, the newest first."""

    imports: tuple[Import, ...]
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """A field, the column it is read from, and whether that is guessed."""

    name: str
    column: str
    guessed: bool


@dataclass(frozen=True, slots=True)
class ImportPage:
    """One import: its columns before it is read, its counts afterwards."""

    made: Import
    fields: tuple[Field, ...]
    columns: tuple[str, ...]
    notes: tuple[str, ...]
    unusable: tuple[Mapping[str, Any], ...]
    job: Job | None
    wrong: str = ""


@page(role="agent")
def imports_page(request: Asked) -> HttpResponse:
    """All imports."""
    return draw(request, "pages/imports.html", ImportsPage(tuple(Import.objects.all()[:SHOWN])))


@page(role="agent", methods=("POST",))
def upload_page(request: Asked) -> HttpResponse:
    """Receive a file whole; a file that is none is told at once and not kept."""
    file = request.FILES.get("file")
    holds = request.POST.get("holds", "voices")
    try:
        if not isinstance(file, UploadedFile) or holds not in FIELDS:
            raise BadOption("No file was chosen.", hint="Choose one and send it again.")
        made = _kept(file, holds=holds, request=request)
    except ForventError as error:
        shown = ImportsPage(tuple(Import.objects.all()[:SHOWN]), wrong=told(request, error))
        return draw(request, "pages/imports.html", shown, status=400)
    return HttpResponseRedirect(f"/imports/{made.pk}/")


@page(role="agent", methods=("GET", "POST"))
def import_page(request: Asked, pk: int) -> HttpResponse:
    """One import: the preview of its columns, and what became of it."""
    made = get_object_or_404(Import, pk=pk)
    wrong = ""
    if request.method == "POST":
        mapping = {
            name: request.POST.get(f"column-{name}", "")
            for name in FIELDS[made.holds]
            if request.POST.get(f"column-{name}")
        }
        try:
            _open(made, mapping=mapping)
            start_import(made, mapping=mapping, options={}, who=request.user, now=now())
            return HttpResponseRedirect(f"/imports/{made.pk}/")
        except ForventError as error:
            wrong = told(request, error)
    shown = _shown(made, request=request, wrong=wrong)
    return draw(request, "pages/import.html", shown, status=400 if wrong else 200)


def _kept(file: UploadedFile[Any], *, holds: str, request: Asked) -> Import:
    limit = settings.FORVENT["FORVENT_UPLOAD_MB"] * 1024 * 1024
    if (file.size or 0) > limit:
        raise BadOption(
            f"The file has {(file.size or 0) // 1024 // 1024} MiB; the limit is {limit // 1024 // 1024}.",
            hint="Split it, or have FORVENT_UPLOAD_MB raised.",
        )
    settings.UPLOADS.mkdir(parents=True, exist_ok=True)
    # The name of the file is the sender's and names no place of ours; its ending tells nothing we rely on.
    path = settings.UPLOADS / secrets.token_hex(16)
    digest = hashlib.sha256()
    try:
        with path.open("wb") as kept:
            for chunk in file.chunks():
                digest.update(chunk)
                kept.write(chunk)
    except OSError as error:
        path.unlink(missing_ok=True)
        raise CannotWrite(
            f"The file could not be kept: {error.strerror}.",
            hint="Free some space there, then send it again.",
        ) from error
    try:
        _reader(path, holds=holds, mapping={})
    except ForventError as error:
        if error.code != "missing-column":
            path.unlink(missing_ok=True)
            raise _named(error, path=path, name=file.name or "") from error
    return upload(
        name=Path(file.name or "file").name,
        holds=holds,
        path=str(path),
        size=file.size or 0,
        sha256=digest.hexdigest(),
        who=request.user,
        now=now(),
    )


def _named(error: ForventError, *, path: Path, name: str) -> ForventError:
    """The error under the name the sender knows the file by."""
    return type(error)(error.message.replace(path.name, name), hint=error.hint)


def _reader(path: Path, *, holds: str, mapping: Mapping[str, str]) -> VoiceReader | EpisodeReader:
    return read_episodes(path, columns=mapping) if holds == "episodes" else read_voices(path, columns=mapping)


def _open(made: Import, *, mapping: Mapping[str, str]) -> VoiceReader | EpisodeReader:
    try:
        return _reader(Path(made.path), holds=made.holds, mapping=mapping)
    except ForventError as error:
        raise _named(error, path=Path(made.path), name=made.name) from error


def _shown(made: Import, *, request: Asked, wrong: str) -> ImportPage:
    job = Job.objects.filter(kind="read", key=f"import-{made.pk}").order_by("-pk").first()
    unusable = tuple(
        {**entry, "reason": reason_in_words(entry["reason"], words=request.words)}
        for entry in made.report.get("unusable", ())
    )
    trouble = in_words(made.trouble, words=request.words)
    if made.state not in ("uploaded", "failed") or not Path(made.path).exists():
        fields = tuple(Field(name, column, False) for name, column in made.report.get("mapping", {}).items())
        return ImportPage(
            made, fields, (), tuple(made.report.get("notes", ())), unusable, job, wrong or trouble
        )
    try:
        reader = _open(made, mapping=made.mapping)
        known, guessed, notes = reader.mapping, set(reader.guessed), tuple(reader.notes)
        columns = reader.names
    except ForventError as error:
        known, guessed, notes, columns = {}, set[str](), (), ()
        wrong = wrong or told(request, error)
    fields = tuple(Field(name, known.get(name, NOT_USED), name in guessed) for name in FIELDS[made.holds])
    return ImportPage(
        made, fields, columns, notes, unusable, job, wrong or in_words(made.trouble, words=request.words)
    )
