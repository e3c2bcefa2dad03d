"""Imports: upload a file, see how it is understood, read it, see what could not be used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404

from forvent.errors import BadOption, ForventError
from forvent.reading import EpisodeReader, VoiceReader, read_episodes, read_voices
from forvent.report.notes import note_said
from forvent.report.wording import Wording
from forvent_server.actions.imports import start_import, upload
from forvent_server.store.models import Import, Job
from forvent_server.web.pages import Asked, draw, now, page
from forvent_server.web.told import told
from forvent_server.web.troubles import in_words, reason_in_words
from forvent_server.web.uploads import keep, sent_file

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
#: Under which option the columns stand by which customers, or what happened, are told apart.
APART: Mapping[str, str] = {"voices": "segments", "episodes": "by"}
#: Imports shown on one page.
SHOWN = 50
#: Rows of a file that are shown before it is read, and characters of one of their cells.
PREVIEWED, LONGEST_CELL = 5, 120
#: Fields that are part of another one by the time a row is read.
WITHIN = frozenset(("title", "rating_max"))


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
class Preview:
    """The first rows as they would be read: names of fields, and what each row holds of them."""

    fields: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class ImportPage:
    """One import: its columns before it is read, its counts afterwards.

    ``apart`` are those by which customers, or what happened, are told apart.
    """

    made: Import
    fields: tuple[Field, ...]
    columns: tuple[str, ...]
    apart: tuple[str, ...]
    notes: tuple[str, ...]
    unusable: tuple[Mapping[str, Any], ...]
    job: Job | None
    wrong: str = ""
    preview: Preview | None = None


@page(role="agent")
def imports_page(request: Asked) -> HttpResponse:
    """All imports."""
    return draw(request, "pages/imports.html", ImportsPage(tuple(Import.objects.all()[:SHOWN])))


@page(role="agent", methods=("POST",))
def upload_page(request: Asked) -> HttpResponse:
    """Receive a file whole; a file that is none is told at once and not kept."""
    holds = request.POST.get("holds", "voices")
    try:
        if holds not in FIELDS:
            raise BadOption("No file was chosen.", hint="Choose one and send it again.")
        made = _kept(sent_file(request), holds=holds, request=request)
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
            reader = _open(made, mapping=mapping)
            if request.POST.get("action") == "look":
                made.mapping = mapping
                return draw(request, "pages/import.html", _shown(made, request=request, wrong=""))
            options = _options(made, reader=reader, chosen=request.POST.getlist("apart"))
            if request.POST.get("mask") == "on" and made.holds == "voices":
                options["mask"] = True
            start_import(made, mapping=mapping, options=options, who=request.user, now=now())
            return HttpResponseRedirect(f"/imports/{made.pk}/")
        except ForventError as error:
            wrong = told(request, error)
    shown = _shown(made, request=request, wrong=wrong)
    return draw(request, "pages/import.html", shown, status=400 if wrong else 200)


def _kept(file: UploadedFile[Any], *, holds: str, request: Asked) -> Import:
    kept = keep(file)
    try:
        _reader(kept.path, holds=holds, mapping={})
    except ForventError as error:
        if error.code != "missing-column":
            kept.path.unlink(missing_ok=True)
            raise _named(error, path=kept.path, name=file.name or "") from error
    return upload(
        name=Path(file.name or "file").name,
        holds=holds,
        path=str(kept.path),
        size=kept.size,
        sha256=kept.sha256,
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


def _notes(reader: VoiceReader | EpisodeReader, request: Asked) -> tuple[str, ...]:
    return tuple(note_said(one, wording=request.words) for one in reader.notes)


def _options(made: Import, *, reader: VoiceReader | EpisodeReader, chosen: Sequence[str]) -> dict[str, Any]:
    """The columns that tell customers, or what happened, apart: those that the file has."""
    columns = [name for name in reader.names if name in chosen]
    return {APART[made.holds]: columns} if columns else {}


def _shown(made: Import, *, request: Asked, wrong: str) -> ImportPage:
    job = Job.objects.filter(kind="read", key=f"import-{made.pk}").order_by("-pk").first()
    unusable = tuple(
        {**entry, "reason": reason_in_words(entry["reason"], words=request.words)}
        for entry in made.report.get("unusable", ())
    )
    trouble = in_words(made.trouble, words=request.words)
    if made.state not in ("uploaded", "failed") or not Path(made.path).exists():
        fields = tuple(Field(name, column, False) for name, column in made.report.get("mapping", {}).items())
        apart = tuple(made.options.get(APART[made.holds], ()))
        said = tuple(note_said(one, wording=request.words) for one in made.report.get("notes", ()))
        return ImportPage(made, fields, (), apart, said, unusable, job, wrong or trouble)
    try:
        reader = _open(made, mapping=made.mapping)
        known, guessed, notes = reader.mapping, set(reader.guessed), _notes(reader, request)
        columns, preview = reader.names, _preview(made, words=request.words)
    except ForventError as error:
        known, guessed, notes, columns, preview = {}, set[str](), (), (), None
        wrong = wrong or told(request, error)
    fields = tuple(Field(name, known.get(name, NOT_USED), name in guessed) for name in FIELDS[made.holds])
    used = set(known.values())
    apart = tuple(name for name in columns if name not in used)
    return ImportPage(made, fields, columns, apart, notes, unusable, job, wrong or trouble, preview)


def _preview(made: Import, *, words: Wording) -> Preview | None:
    """The first rows that can be used; None where there are none. By a reader of its own: it is read once."""
    reader = _open(made, mapping=made.mapping)
    try:
        first: Sequence[Any] = next(iter(reader.batches(size=PREVIEWED)), ())
    except ForventError:
        # Reading it whole will tell why.
        return None
    fields = [name for name in FIELDS[made.holds] if name in reader.mapping and name not in WITHIN]
    rows = [tuple(_cell(one, name, words=words) for name in fields) for one in first[:PREVIEWED]]
    return Preview(tuple(fields), tuple(rows)) if rows else None


def _cell(one: Any, name: str, *, words: Wording) -> str:
    """What a record holds of a field, as people read it."""
    if name == "status":
        return words.say("episodes.cancelled") if one.cancelled else ""
    value = getattr(one, {"id": "voice_id", "rating": "rating_given"}.get(name, name))
    if isinstance(value, datetime):
        plain = value.time() == time()
        return words.date(value) if plain else f"{words.date(value)} {value:%H:%M}"
    if isinstance(value, float):
        return words.number(value, decimals=0 if value == round(value) else 1)
    text = " ".join(str(value or "").split())
    return text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - 1] + "…"
