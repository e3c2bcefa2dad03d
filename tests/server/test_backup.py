"""Backup and restore: all of it, verified, from any earlier version, into either database."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import zipfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection, connections
from server_people import signed_in

from forvent.cli import main
from forvent.errors import BadOption, CannotWrite
from forvent.records import Episode as Ordered
from forvent.records import IdentifiedVoice, Level, Mention
from forvent.records import Voice as Given
from forvent_server import backup
from forvent_server.actions import restoring
from forvent_server.actions.calendars import change_calendar
from forvent_server.actions.episodes import take_in_episodes
from forvent_server.actions.imports import files_source, upload
from forvent_server.actions.restoring import restore
from forvent_server.actions.sealed import locked_away
from forvent_server.actions.voices import keep_identified, take_in_voices
from forvent_server.actions.webhooks import make_webhook
from forvent_server.backup import NoBackup, kept_models, make_backup, opened, verify
from forvent_server.store.models import (
    Calendar,
    Event,
    Import,
    Person,
    Promise,
    SignIn,
    Source,
    Voice,
    Webhook,
)
from forvent_server.store.models import Mention as VoiceMention
from forvent_server.store.search import Wanted, newest

pytestmark = pytest.mark.django_db(transaction=True)
NAME = "ab" * 16


@pytest.fixture
def data(settings: Any, tmp_path: Path) -> Path:
    """A folder of a workspace with a key and one upload."""
    settings.DATA, settings.UPLOADS = tmp_path / "data", tmp_path / "data/uploads"
    settings.FORVENT = settings.FORVENT | {"FORVENT_SECRET_KEY": ""}
    settings.UPLOADS.mkdir(parents=True)
    (settings.DATA / "secret-key").write_text("k" * 60, encoding="ascii")
    (settings.UPLOADS / NAME).write_bytes(b"id,comment\n1,Late.\n")
    return tmp_path / "data"


@pytest.fixture
def filled(owner: Person, now: datetime, data: Path) -> Person:
    """A workspace with voices in several scripts, one of them understood."""
    upload(
        name="a.csv",
        holds="voices",
        path=str(data / "uploads" / NAME),
        size=9,
        sha256="0",
        who=owner,
        now=now,
    )
    said = [
        Given("1", "Arrived after 5 days, promised were 2.", 1, time=datetime(2026, 1, 2, 3, 4, 5, 678901)),
        Given("2", "Առաքումը ուշացավ։\n送货太慢 \U0001f600", 2, rating=0.25),
        Given("3", 'He said "no", and left.', 3, customer="c-1"),
    ]
    take_in_voices(said, source=files_source(now), now=now)
    first = Voice.objects.get(key__endswith="/1")
    level = Level(5.0, "day", 432000.0)
    mention = Mention(
        str(first.pk), "on_time", "unmet", True, "5 days", 14, 20, 0.9, "en", "", "receive", level=level
    )
    one = IdentifiedVoice(str(first.pk), "en", "unmet", 0.9, False, (mention,))
    keep_identified([first], identified=[one], by="test", now=now)
    return owner


def everything() -> dict[str, list[dict[str, Any]]]:
    """All rows that a backup keeps, but what tells of the restoring itself and where uploads lie."""
    rows = {
        model._meta.db_table: list(model._base_manager.order_by("pk").values()) for model in kept_models()
    }
    rows["store_event"] = [row for row in rows["store_event"] if row["what"] != "restore backup"]
    rows["store_import"] = [row | {"path": Path(row["path"]).name} for row in rows["store_import"]]
    return rows


def test_what_was_kept_comes_back_as_it_was(
    filled: Person, now: datetime, tmp_path: Path, settings: Any
) -> None:
    signed_in(filled)
    before, file = everything(), tmp_path / "kept.zip"
    about = make_backup(file, now=now)
    assert (about.voices, about.uploads, about.key) == (3, 1, True)
    assert file.stat().st_mode & 0o077 == 0
    take_in_voices([Given("9", "Later.", 1)], source=files_source(now), now=now)
    settings.DATA, settings.UPLOADS = tmp_path / "other", tmp_path / "other/uploads"
    restore(file, now=now, replace=True)
    assert everything() == before
    assert Event.objects.get(what="restore backup").details["voices"] == 3
    # Who was signed in is not any more, and new rows get new numbers.
    assert not Session.objects.exists()
    assert not SignIn.objects.exists()
    assert take_in_voices([Given("9", "Later.", 1)], source=files_source(now), now=now).new == 1
    assert Path(Import.objects.get().path) == tmp_path / "other/uploads" / NAME
    assert Path(Import.objects.get().path).read_bytes() == b"id,comment\n1,Late.\n"
    assert (tmp_path / "other/secret-key").read_text(encoding="ascii") == "k" * 60


def test_calendars_and_what_stood_behind_promises_come_back(
    filled: Person, now: datetime, tmp_path: Path
) -> None:
    week = ["09:00-17:00"] * 5 + ["", ""]
    change_calendar(hours=week, zone="Europe/Oslo", clock="business", who=filled, now=now)
    start = datetime(2026, 1, 5, 9)
    take_in_episodes([Ordered("O1", start, 1, promised=start + timedelta(days=3))], now=now)
    before = everything()
    make_backup(tmp_path / "kept.zip", now=now)
    change_calendar(hours=week, zone="UTC", clock="wall", who=filled, now=now)
    Promise.objects.update(policy={})
    restore(tmp_path / "kept.zip", now=now, replace=True)
    assert everything() == before
    assert Promise.objects.get().policy["calendar"] == Calendar.objects.get().pk


def test_uploads_and_the_key_are_left_out_where_asked(filled: Person, now: datetime, tmp_path: Path) -> None:
    about = make_backup(tmp_path / "kept.zip", now=now, uploads=False, key=False)
    assert (about.uploads, about.key) == (0, False)
    names = zipfile.ZipFile(tmp_path / "kept.zip").namelist()
    assert not [name for name in names if name.startswith("uploads/") or name == "secret-key"]


def test_a_workspace_in_use_is_not_replaced_unasked(filled: Person, now: datetime, tmp_path: Path) -> None:
    make_backup(tmp_path / "kept.zip", now=now)
    with pytest.raises(BadOption, match="The workspace is in use"):
        restore(tmp_path / "kept.zip", now=now)


def test_a_backup_replaces_no_other_file(filled: Person, now: datetime, tmp_path: Path) -> None:
    (tmp_path / "kept.zip").write_text("mine")
    with pytest.raises(BadOption, match="is there already"):
        make_backup(tmp_path / "kept.zip", now=now)


def test_a_full_disk_leaves_no_half_of_a_backup(
    filled: Person, now: datetime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(CannotWrite) as caught:
        make_backup(tmp_path / "kept.zip", now=now)
    assert caught.value.message == f"Could not write '{tmp_path / 'kept.zip'}': No space left on device."
    assert [path.name for path in tmp_path.iterdir() if "kept" in path.name] == []


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is no backup, or is damaged"),
        (b"id,comment\n1,Late.\n", "is no backup, or is damaged"),
        ("other zip", "is no backup of forvent"),
        ("cut", "is no backup, or is damaged"),
        ("flipped", "is damaged"),
        ("fewer rows", r"2 of 3 rows of store_voice are in it"),
        ("newer schema", "is of another version"),
        ("newer", "was made by a newer version"),
        ("gone", "There is no file"),
    ],
)
def test_a_wrong_file_is_refused_and_changes_nothing(
    content: bytes | str, message: str, filled: Person, now: datetime, tmp_path: Path
) -> None:
    file = tmp_path / "wrong.zip"
    make_backup(tmp_path / "kept.zip", now=now)
    _spoil(content, whole=tmp_path / "kept.zip", file=file)
    before = everything()
    with pytest.raises(NoBackup, match=message):
        restore(file, now=now, replace=True)
    assert everything() == before


def _spoil(content: bytes | str, *, whole: Path, file: Path) -> None:
    if isinstance(content, bytes):
        file.write_bytes(content)
    elif content == "other zip":
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("a.txt", "a")
    elif content == "cut":
        file.write_bytes(whole.read_bytes()[:-200])
    elif content == "flipped":
        held = bytearray(whole.read_bytes())
        with zipfile.ZipFile(whole) as archive:
            place = archive.getinfo("rows/store_voice.jsonl").header_offset + 90
        held[place : place + 8] = bytes(byte ^ 0xFF for byte in held[place : place + 8])
        file.write_bytes(bytes(held))
    elif content != "gone":
        _changed(content, whole=whole, file=file)


def _changed(content: str, *, whole: Path, file: Path) -> None:
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if content == "fewer rows" and name == "rows/store_voice.jsonl":
                part = b"".join(part.splitlines(keepends=True)[:-1])
            if name == "backup.json" and content != "fewer rows":
                newer = {"newer": {"migration": "0999_later"}, "newer schema": {"schema": "forvent/backup/2"}}
                part = json.dumps(json.loads(part) | newer[content]).encode()
            new.writestr(name, part)


def test_a_backup_of_the_first_version_comes_back_in_this_one(
    filled: Person, now: datetime, tmp_path: Path
) -> None:
    make_backup(tmp_path / "kept.zip", now=now)
    before = kept_rows(tmp_path / "kept.zip")
    with zipfile.ZipFile(tmp_path / "kept.zip") as whole, zipfile.ZipFile(tmp_path / "old.zip", "w") as old:
        for name in whole.namelist():
            part = whole.read(name)
            if name == "backup.json":
                part = json.dumps(json.loads(part) | {"migration": "0001_store"}).encode()
            old.writestr(name, part)
    forvent("restore", str(tmp_path / "old.zip"), data=tmp_path / "here")
    # And the database of the first version becomes that of this one by being used.
    forvent("manage", "migrate", "store", "0001_store", "--skip-checks", data=tmp_path / "here")
    forvent("backup", str(tmp_path / "again.zip"), data=tmp_path / "here")
    assert kept_rows(tmp_path / "again.zip") == before
    with opened(tmp_path / "again.zip") as (_, about):
        assert about.migration != "0001_store"


def forvent(*command: str, data: Path) -> None:
    """A command on the workspace of a folder, in SQLite."""
    python("from forvent.cli import main; sys.exit(main(sys.argv[1:]))", *command, data=data)


def python(script: str, *arguments: str, data: Path) -> str:
    """What a script prints on the workspace of a folder, in SQLite."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("FORVENT_", "DJANGO_"))
    }
    ran = subprocess.run(
        [sys.executable, "-c", f"import sys\n{script}", *arguments],
        env=environment | {"FORVENT_DATA": str(data)},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def kept_rows(file: Path) -> dict[str, list[dict[str, Any]]]:
    """The rows of a backup, but what tells of restoring it and where uploads lie."""
    with zipfile.ZipFile(file) as archive:
        tables = [name for name in archive.namelist() if name.startswith("rows/")]
        rows = {name: [json.loads(line) for line in archive.read(name).splitlines()] for name in tables}
    events = rows["rows/store_event.jsonl"]
    rows["rows/store_event.jsonl"] = [row for row in events if row["what"] != "restore backup"]
    for row in rows["rows/store_import.jsonl"]:
        row["path"] = Path(row["path"]).name
    return rows


def test_a_trouble_while_restoring_changes_nothing(
    filled: Person, now: datetime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_backup(tmp_path / "kept.zip", now=now)
    before = everything()

    def broken(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(restoring, "rows_of", broken)
    with pytest.raises(OSError, match="No space left"):
        restore(tmp_path / "kept.zip", now=now, replace=True)
    assert everything() == before


def test_names_in_a_backup_lead_nowhere_else(filled: Person, now: datetime, tmp_path: Path) -> None:
    make_backup(tmp_path / "kept.zip", now=now)
    with zipfile.ZipFile(tmp_path / "kept.zip", "a") as archive:
        archive.writestr("uploads/../../escaped", "x")
        about = json.loads(archive.read("backup.json")) | {"uploads": 2}
    with zipfile.ZipFile(tmp_path / "kept.zip") as old, zipfile.ZipFile(tmp_path / "bad.zip", "w") as new:
        for name in old.namelist():
            new.writestr(name, json.dumps(about) if name == "backup.json" else old.read(name))
    restore(tmp_path / "bad.zip", now=now, replace=True)
    assert not list(tmp_path.rglob("escaped"))


def test_a_backup_is_of_one_moment_whatever_is_written_meanwhile(
    filled: Person, now: datetime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_rows = backup._write_rows

    def written_meanwhile(archive: Any, model: Any) -> int:
        rows = write_rows(archive, model)
        aside(now)
        return rows

    monkeypatch.setattr(backup, "_write_rows", written_meanwhile)
    before = kept_count()
    if connection.vendor == "sqlite":
        # Only a file can be written to beside a reader: the same in a workspace of its own.
        files = (str(backed_up(tmp_path, now)), str(tmp_path / "again.zip"))
        told = python(WRITTEN_MEANWHILE, *files, data=tmp_path / "here")
        assert told.split() == ["3", "True"]
        return
    make_backup(tmp_path / "kept.zip", now=now)
    with opened(tmp_path / "kept.zip") as (_, about):
        assert (about.voices, about.rows["store_mention"]) == before
    assert kept_count() > before


#: A backup in a workspace of its own, while another connection changes all voices after each table.
WRITTEN_MEANWHILE = """
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from forvent_server.ready import ready
ready()
from django.conf import settings
from forvent_server import backup
from forvent_server.actions.restoring import restore

restore(Path(sys.argv[1]), now=datetime.now(UTC))
write_rows, number = backup._write_rows, 0

def written_meanwhile(archive, model):
    global number
    number += 1
    rows = write_rows(archive, model)
    other = sqlite3.connect(settings.DATA / "forvent.sqlite3")
    other.execute("UPDATE store_voice SET text = text || ?", (" more",))
    other.execute("DELETE FROM store_mention")
    other.commit()
    other.close()
    return rows

backup._write_rows = written_meanwhile
about = backup.make_backup(Path(sys.argv[2]), now=datetime.now(UTC))
with backup.opened(Path(sys.argv[2])) as (archive, _):
    kept = archive.read("rows/store_voice.jsonl").decode()
print(about.voices, about.rows["store_mention"] == 1 and " more" not in kept and number > 5)
"""


def aside(now: datetime) -> None:
    """A voice comes on a connection of its own."""

    def bring() -> None:
        said = [Given(str(Voice.objects.count() + 100), "Meanwhile.", 1)]
        take_in_voices(said, source=files_source(now), now=now)
        connections.close_all()

    other = threading.Thread(target=bring)
    if connection.vendor != "sqlite":
        other.start()
        other.join()


def kept_count() -> tuple[int, int]:
    return Voice.objects.count(), VoiceMention.objects.count()


def backed_up(folder: Path, now: datetime) -> Path:
    """A backup that nobody wrote beside."""
    make_backup(folder / "quiet.zip", now=now)
    return folder / "quiet.zip"


def test_a_backup_goes_to_another_database_and_back(filled: Person, now: datetime, tmp_path: Path) -> None:
    # In PostgreSQL's turn this is from PostgreSQL to SQLite and back, secrets and all.
    hook = make_webhook(address="https://example.org/", events=["action.due"], who=filled, now=now)
    before, secret = everything(), hook.secret
    make_backup(tmp_path / "kept.zip", now=now, key=False)
    there = 'from forvent.cli import main; main(sys.argv[1:3]); main(["backup", sys.argv[3], "--no-secret"])'
    python(there, "restore", str(tmp_path / "kept.zip"), str(tmp_path / "again.zip"), data=tmp_path / "here")
    restore(tmp_path / "again.zip", now=now, replace=True)
    assert everything() == before
    assert Webhook.objects.get().secret == secret


def test_the_search_is_made_for_voices_that_were_there_before_it(filled: Person, now: datetime) -> None:
    call_command("migrate", "store", "0001_store", verbosity=0)
    try:
        take_in_voices([Given("20", "Between two versions.", 1)], source=files_source(now), now=now)
    finally:
        call_command("migrate", verbosity=0)
    found = newest(Wanted(words="two vers"), most=5)
    assert [Voice.objects.get(pk=pk).text for pk in found.pks] == ["Between two versions."]
    take_in_voices([Given("21", "After the second version.", 1)], source=files_source(now), now=now)
    assert len(newest(Wanted(words="version"), most=5).pks) == 2


def test_a_secret_is_sealed_in_a_backup_and_opened_with_the_key_that_lies_in_it(
    filled: Person, now: datetime, tmp_path: Path, settings: Any
) -> None:
    settings.SECRET_KEY = "k" * 60
    Source.objects.create(kind="mailbox", name="Mail", secret="the word of the mailbox", made_at=now)
    make_backup(tmp_path / "kept.zip", now=now)
    with zipfile.ZipFile(tmp_path / "kept.zip") as archive:
        assert not any(b"the word of the mailbox" in archive.read(name) for name in archive.namelist())
    settings.DATA, settings.SECRET_KEY = tmp_path / "other", "o" * 60
    settings.UPLOADS = tmp_path / "other/uploads"
    restore(tmp_path / "kept.zip", now=now, replace=True)
    assert Source.objects.get(kind="mailbox").secret == "the word of the mailbox"
    assert locked_away() == 0


def test_without_its_key_a_backup_says_how_many_secrets_stay_locked(
    filled: Person, now: datetime, tmp_path: Path, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    Source.objects.create(kind="mailbox", name="Mail", secret="the word of the mailbox", made_at=now)
    make_backup(tmp_path / "kept.zip", now=now, key=False)
    settings.SECRET_KEY = "o" * 60
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("forvent_server.keeping.ready", lambda: None)
        assert main(["restore", str(tmp_path / "kept.zip"), "--replace"]) == 0
    assert "1 secrets of sources, webhooks and second factors were sealed" in capsys.readouterr().out


def test_a_restore_that_fails_leaves_the_key_as_it_was(
    filled: Person, now: datetime, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_backup(tmp_path / "kept.zip", now=now)
    settings.SECRET_KEY = "o" * 60
    (settings.DATA / "secret-key").write_text("o" * 60 + "\n", encoding="ascii")

    def broken(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(restoring, "rows_of", broken)
    with pytest.raises(OSError, match="No space left"):
        restore(tmp_path / "kept.zip", now=now, replace=True)
    assert (settings.DATA / "secret-key").read_text(encoding="ascii") == "o" * 60 + "\n"


def test_the_commands_say_what_was_kept_and_restored(
    filled: Person, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("forvent_server.keeping.ready", lambda: None)
    file = tmp_path / "kept.zip"
    assert main(["backup", str(file)]) == 0
    assert "3 of them voices, 1 uploads, the secret key;" in capsys.readouterr().out
    assert main(["restore", str(file)]) == 2
    assert "The workspace is in use" in capsys.readouterr().err
    assert main(["restore", str(file), "--replace"]) == 0
    assert "Start the workspace anew." in capsys.readouterr().out
    assert main(["link", "ADA@example.org", "--address", "https://voices.example.org/"]) == 0
    assert "https://voices.example.org/link/" in capsys.readouterr().out
    assert main(["link", "nobody@example.org"]) == 2
    assert "Nobody here has the address 'nobody@example.org'." in capsys.readouterr().err


def test_a_whole_backup_is_verified(filled: Person, now: datetime, tmp_path: Path) -> None:
    make_backup(tmp_path / "kept.zip", now=now)
    with opened(tmp_path / "kept.zip") as (archive, about):
        verify(archive, about)
    assert django_settings.FORVENT["FORVENT_SECRET_KEY"] == ""
