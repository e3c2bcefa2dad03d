"""The sample business as a workspace: the files of a demo, with what its report understood of them."""

from __future__ import annotations

import hashlib
import json
import secrets
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from django.conf import settings
from django.db import transaction

from forvent import records
from forvent.reading import EpisodeReader, VoiceReader, read_episodes, read_voices
from forvent.report.read_back import findings_from
from forvent.report.versioned_json import jsonable
from forvent_server.actions.assessments import keep_assessment
from forvent_server.actions.episodes import take_in_episodes
from forvent_server.actions.imports import count_brought, end_import, files_source, upload
from forvent_server.actions.people import open_workspace
from forvent_server.actions.voices import TakenIn, keep_identified, take_in_voices
from forvent_server.jobs.assess import fingerprint
from forvent_server.store.models import Import, Person, Voice

#: Who owns the workspace of a demo; nobody knows the password, a link signs them in.
OWNER, ADDRESS = "Ada Berg", "ada@example.org"
GROUPS = ("region", "shipping")
ROWS = 1000


@transaction.atomic
def fill_with_sample(folder: Path, *, language: str, now: datetime) -> Person:
    """The workspace of the business whose demo lies in the folder, whole or not at all; its owner.

    Parameters
    ----------
    folder
        What ``forvent demo`` wrote: both files, what was understood, and the findings.
    language
        The language of the owner's pages.
    now
        When it is opened.
    """
    there = Person.objects.filter(email=ADDRESS).first()
    if there is not None:
        return there
    findings = json.loads((folder / "findings.json").read_text(encoding="utf-8"))
    owner = open_workspace(
        business=findings["title"],
        name=OWNER,
        email=ADDRESS,
        password=secrets.token_urlsafe(32),
        language=language,
        now=now,
        sample=True,
    )
    understood = dict(_understood(folder))

    def voices(batch: list[records.Voice], made: Import) -> TakenIn:
        taken = take_in_voices(batch, source=files_source(now), now=now, imported_by=made)
        _keep(batch, made=made, understood=understood, by=str(findings["encoder"]), now=now)
        return taken

    # As the report read them: personal data masked, so that quotes stand where they stood.
    said, happened = folder / "voices.csv", folder / "episodes.csv"
    _bring(said, reader=read_voices(said, mask=True), holds="voices", take_in=voices, who=owner, now=now)
    _bring(
        happened,
        reader=read_episodes(happened, by=GROUPS),
        holds="episodes",
        take_in=lambda batch, made: take_in_episodes(batch, now=now, imported_by=made),
        who=owner,
        now=now,
    )
    _assess(findings, now=now)
    return owner


def _assess(findings: dict[str, Any], *, now: datetime) -> None:
    """What the report found, with its quotes leading to the voices of the store; not computed again."""
    rows = {key.partition("/")[2]: str(pk) for key, pk in Voice.objects.values_list("key", "pk")}
    quotes = {
        expectation: [quote | {"voice_id": rows[quote["voice_id"]]} for quote in said]
        for expectation, said in findings["quotes"].items()
    }
    document = findings | {"quotes": quotes}
    keep_assessment(
        findings_from(document, file="findings.json"), document=document, made_from=fingerprint(), now=now
    )


def _bring(
    file: Path,
    *,
    reader: VoiceReader | EpisodeReader,
    holds: str,
    take_in: Callable[[list[Any], Import], TakenIn],
    who: Person,
    now: datetime,
) -> None:
    """All rows of a file, as an import that somebody made."""
    settings.UPLOADS.mkdir(parents=True, exist_ok=True)
    kept = Path(shutil.copyfile(file, settings.UPLOADS / secrets.token_hex(16)))
    digest = hashlib.sha256(kept.read_bytes()).hexdigest()
    made = upload(
        name=file.name, holds=holds, path=str(kept), size=kept.stat().st_size, sha256=digest, who=who, now=now
    )
    new = known = 0
    for batch in reader.batches(size=ROWS):
        taken = take_in(batch, made)
        new, known = new + taken.new, known + taken.known
    count_brought(made, new=new, known=known)
    end_import(made, report=jsonable(reader.report), rows=reader.report.rows, now=now)


def _keep(
    batch: list[records.Voice],
    *,
    made: Import,
    understood: dict[str, records.IdentifiedVoice],
    by: str,
    now: datetime,
) -> None:
    by_row = {voice.row: understood[voice.voice_id] for voice in batch if voice.voice_id in understood}
    rows = list(Voice.objects.filter(imported_by=made, row__in=by_row))
    keep_identified(rows, identified=[by_row[row.row] for row in rows], by=by, now=now)


def _understood(folder: Path) -> Iterator[tuple[str, records.IdentifiedVoice]]:
    """What the report understood of each voice, by its id."""
    mentions: dict[str, list[records.Mention]] = defaultdict(list)
    for row in pq.read_table(folder / "mentions.parquet").to_pylist():
        mentions[row["voice_id"]].append(_mention(row))
    columns = ["voice_id", "language", "polarity", "confidence", "content_free", "act", "doubtful"]
    for row in pq.read_table(folder / "voices.parquet", columns=columns).to_pylist():
        yield row["voice_id"], records.IdentifiedVoice(mentions=tuple(mentions[row["voice_id"]]), **row)


def _mention(row: dict[str, Any]) -> records.Mention:
    plain = (
        "voice_id",
        "expectation",
        "polarity",
        "stated",
        "quote",
        "start",
        "end",
        "confidence",
        "language",
    )
    return records.Mention(
        **{name: row[name] for name in (*plain, "touchpoint", "stage", "type", "doubtful")},
        level=_level(row, "level"),
        experienced=_level(row, "experienced"),
    )


def _level(row: dict[str, Any], name: str) -> records.Level | None:
    value, unit = row[f"{name}_value"], row[f"{name}_unit"]
    # The table does not keep which day was named: such a level is left out rather than told wrongly.
    if value is None or unit == "date":
        return None
    return records.Level(value=value, unit=unit, seconds=row[f"{name}_seconds"])
