"""Files that people send: too large, from strangers, bombs, and a disk that runs full while they come."""

from __future__ import annotations

import io
import re
import tracemalloc
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.test import Client
from server_people import signed_in

from forvent_server.store.models import Import, Person, Source
from forvent_server.web import uploads

CSV = b"id,comment\n1,Late again.\n"


@pytest.fixture
def kept(settings: Any, tmp_path: Path) -> Path:
    """Where uploads are kept, and that none is there yet."""
    settings.UPLOADS = tmp_path / "uploads"
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    return tmp_path / "uploads"


def send(client: Client, content: bytes, *, name: str = "voices.csv") -> Any:
    return client.post("/imports/upload/", {"holds": "voices", "file": SimpleUploadedFile(name, content)})


def limited(settings: Any, *, mib: int) -> None:
    settings.FORVENT = settings.FORVENT | {"FORVENT_UPLOAD_MB": mib}


def test_a_file_is_kept_whole_and_known_by_what_is_in_it(agent: Person, kept: Path) -> None:
    assert send(signed_in(agent), CSV).status_code == 302
    made = Import.objects.get()
    assert Path(made.path).read_bytes() == CSV
    assert made.size == len(CSV)
    assert len(made.sha256) == 64


def test_a_file_beyond_the_limit_is_not_even_written(
    agent: Person, kept: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    limited(settings, mib=1)
    written: list[bytes] = []
    monkeypatch.setattr(TemporaryUploadedFile, "write", lambda _, part: written.append(part), raising=False)
    answer = send(signed_in(agent), CSV + b"x" * (3 << 20))
    assert answer.status_code == 400
    assert "The file has 3 MiB; the limit is 1." in answer.content.decode()
    assert written == []
    assert not kept.exists()
    assert not Import.objects.exists()


def test_a_file_that_does_not_say_how_large_it_is_ends_at_the_limit(
    agent: Person, kept: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    limited(settings, mib=1)
    monkeypatch.setattr(uploads.Received, "handle_raw_input", lambda *_, **__: None)
    answer = send(signed_in(agent), CSV + b"x" * (3 << 20))
    assert (answer.status_code, Import.objects.exists()) == (400, False)
    assert "the limit is 1." in answer.content.decode()
    # Of what came until then nothing is left either.
    assert [path.name for path in kept.parent.iterdir() if path.suffix == ".upload"] == []


@pytest.mark.parametrize("address", ["/sign-in/", "/imports/upload/", "/start/"])
def test_strangers_write_nothing_to_the_disk(
    address: str, owner: Person, reader: Person, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[object] = []
    monkeypatch.setattr(
        "django.core.files.uploadhandler.TemporaryFileUploadHandler.new_file",
        lambda *given, **_: begun.append(given),
    )
    for client in (Client(), Client(enforce_csrf_checks=True), signed_in(reader)):
        client.post(address, {"file": SimpleUploadedFile("voices.csv", CSV)})
    assert begun == []


def test_a_disk_that_runs_full_while_a_file_comes_is_told(
    agent: Person, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(TemporaryUploadedFile, "write", full, raising=False)
    answer = send(signed_in(agent), CSV)
    assert answer.status_code == 400
    assert "The file could not be kept: No space left on device." in answer.content.decode()
    assert not Import.objects.exists()


def test_a_spreadsheet_that_would_burst_is_told_and_not_kept(agent: Person, kept: Path) -> None:
    held = io.BytesIO()
    far = (
        '<worksheet><sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    )
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("xl/workbook.xml", "<workbook/>")
        made.writestr("xl/worksheets/sheet1.xml", far)
    answer = send(signed_in(agent), held.getvalue(), name="far.xlsx")
    assert answer.status_code == 400
    assert "far.xlsx has a sheet of 1,048,576 rows and 16,384 columns." in answer.content.decode()
    assert list(kept.iterdir()) == []


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
ENTITIES = {
    "bomb": f'<!DOCTYPE sst [<!ENTITY l0 "late ">{LAUGHS}]>',
    "of this computer": '<!DOCTYPE sst [<!ENTITY l9 SYSTEM "file://SECRET">]>',
}


@pytest.mark.parametrize("kind", ENTITIES)
def test_entities_of_a_spreadsheet_are_never_put_in(
    agent: Person, kept: Path, tmp_path: Path, kind: str
) -> None:
    """A billion laughs take no memory, and nothing of this computer gets into a voice."""
    secret = tmp_path / "secret"
    secret.write_text("of this computer alone", encoding="utf-8")
    entities = ENTITIES[kind].replace("SECRET", str(secret))
    plain = io.BytesIO()
    book = openpyxl.Workbook()
    book.active.append(["id", "comment"])
    book.active.append(["1", "MARK it came late and nobody called."])
    book.save(plain)
    held = io.BytesIO()
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "xl/sharedStrings.xml":
                text = part.decode().replace("MARK", "&l9;")
                part = re.sub(r"(<\?xml[^>]*\?>)?", lambda found: found[0] + entities, text, count=1).encode()
            new.writestr(name, part)
    tracemalloc.start()
    answer = send(signed_in(agent), held.getvalue(), name="laughs.xlsx")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert answer.status_code in (302, 400)
    assert peak < 64 << 20
    if answer.status_code == 302:
        shown = signed_in(agent).get(answer.headers["Location"]).content.decode()
        assert "late late" not in shown
        assert "of this computer alone" not in shown


def test_a_file_for_a_source_keeps_to_the_same_limit(
    agent: Person, now: datetime, kept: Path, settings: Any
) -> None:
    limited(settings, mib=1)
    source = Source.objects.create(kind="zammad", name="Help desk", made_at=now)
    content = SimpleUploadedFile("export.json", b"[]" + b" " * (3 << 20))
    answer = signed_in(agent).post(f"/sources/{source.pk}/", {"action": "bring", "file": content})
    assert answer.status_code == 400
    assert "The file has 3 MiB; the limit is 1." in answer.content.decode()
