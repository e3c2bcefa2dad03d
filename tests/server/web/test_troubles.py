"""Errors are told in the language of the page, by the pattern of their English sentence."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from server_people import signed_in

from forvent import errors
from forvent.reading import read_voices
from forvent.tables import LANGUAGES
from forvent_server.actions.imports import fail_import, start_import, upload
from forvent_server.actions.people import choose_language
from forvent_server.store.models import Person
from forvent_server.web.language import words
from forvent_server.web.pages import now
from forvent_server.web.troubles import in_words, reason_in_words

LIBRARY = Path(str(resources.files("forvent")))
SERVER = Path(str(resources.files("forvent_server")))
#: Where errors come from that a person meets while uploading, and on the pages of people and settings.
READING = [
    "columns",
    "files",
    "formats",
    "headers",
    "objects",
    "opened",
    "packed",
    "time_columns",
    "workbooks",
]
ACTING = [
    "business",
    "calendars",
    "customer_export",
    "passwords",
    "people",
    "retention",
    "second_factor",
    "sources",
]
SOURCES = [
    *(LIBRARY / "reading" / f"{name}.py" for name in READING),
    *(SERVER / "actions" / f"{name}.py" for name in ACTING),
    *(SERVER / "sources" / f"{name}.py" for name in ("contract", "feed", "webhook", "slices")),
    SERVER / "jobs" / "read.py",
    *(
        SERVER / "web" / f"{name}.py"
        for name in ("imports", "plan", "privacy", "sources", "uploads", "voices")
    ),
]
KINDS = {name for name in vars(errors) if name[0].isupper()} | {"NotAllowed"}
#: Said only to who writes programs or serves the workspace.
APART = {"«1» cannot be opened («2»).", "“«1»” is no field that can be mapped."}


def raised(path: Path) -> Iterator[tuple[str, str]]:
    """Message and hint of every error of a file, with invented words in the places of values."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in KINDS and node.args:
            hints = [word.value for word in node.keywords if word.arg == "hint"]
            yield written(node.args[0]), written(hints[0]) if hints else ""


def written(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        parts = [
            part.value if isinstance(part, ast.Constant) else f"«{place}»"
            for place, part in enumerate(node.values)
        ]
        # Places are counted by values alone, so that the words between them do not matter.
        counted = iter(range(1, len(parts) + 1))
        return "".join(re.sub("«.*»", f"«{next(counted)}»", part) if "«" in part else part for part in parts)
    return ""


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_error_of_uploads_sources_people_and_settings_is_in_the_catalogue(path: Path) -> None:
    told = words("zh")
    messages = {message for message, _ in raised(path) if message} - APART
    english = {message for message in messages if in_words(message, words=told) == message}
    assert english == set()


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "en"])
def test_says_message_and_hint_with_their_values(language: str, tmp_path: Path) -> None:
    file = tmp_path / "notes.csv"
    file.write_bytes(b"%PDF-1.7 ...")
    with pytest.raises(errors.UnreadableFile) as caught:
        read_voices(file)
    told = in_words(str(caught.value), words=words(language))
    assert "notes.csv" in told
    assert "Parquet" in told
    assert "is a PDF document" not in told
    assert "Save the table" not in told


def test_says_what_happened_as_it_was_said_where_the_catalogue_lacks_it() -> None:
    assert in_words("The moon is full. Wait.", words=words("hy")) == "The moon is full. Wait."
    assert in_words("notes.csv is empty. Sing.", words=words("cs")) == "Soubor notes.csv je prázdný. Sing."
    assert in_words("notes.csv is empty.", words=words("en")) == "notes.csv is empty."


def test_names_fields_roles_and_reasons_in_the_language_too() -> None:
    said = "Finn Aas may not invite somebody as owner. Ask an owner."
    assert in_words(said, words=words("cs")) == "Finn Aas nesmí zvát do role „Vlastník“. Požádejte vlastníka."
    said = "None of the 2 rows of a.csv can be used: neither text nor rating (2)."
    assert in_words(said, words=words("zh")) == "a.csv的2行全部不可用：既没有文本也没有评分 (2)。"
    said = "a.csv has no column “x” for time. Its columns: a, b. Name one of these columns."
    assert in_words(said, words=words("et")) == (
        "Failis a.csv ei ole veergu „x“ (aeg). Veerud: a, b. Valige üks neist veergudest."
    )
    assert reason_in_words("start: no possible date or time", words=words("nb")) == (
        "start: ingen mulig dato eller tid"
    )


def test_an_upload_that_is_no_table_is_told_in_the_language_of_the_person(owner: Person) -> None:
    choose_language(owner, language="hy", now=now())
    file = SimpleUploadedFile("notes.csv", b"")
    answer = signed_in(owner).post("/imports/upload/", {"file": file, "holds": "voices"})
    assert answer.status_code == 400
    assert "notes.csv ֆայլը դատարկ է։" in answer.content.decode()


def test_what_a_job_could_not_read_is_told_in_the_language_of_who_looks(owner: Person) -> None:
    made = upload(name="a.csv", holds="voices", path="gone", size=1, sha256="0", who=owner, now=now())
    start_import(made, mapping={}, options={}, who=owner, now=now())
    fail_import(made, trouble="a.csv is damaged: its gzip compression breaks off.", now=now())
    assert "breaks off" in signed_in(owner).get(f"/imports/{made.pk}/").content.decode()
    choose_language(owner, language="zh", now=now())
    assert "gzip压缩数据中断" in signed_in(Person.objects.get()).get(f"/imports/{made.pk}/").content.decode()


def test_a_field_of_a_source_is_named_as_its_form_names_it(owner: Person) -> None:
    assert (
        in_words("'host' is empty. Fill it in.", words=words("cs")) == "Pole „Server“ je prázdné. Vyplňte je."
    )
    choose_language(owner, language="nb", now=now())
    answer = signed_in(owner).post("/sources/new/feed/", {"source-name": "", "field-address": "x"})
    assert answer.status_code == 400
    assert "Kilden har ikke noe navn. Skriv" in answer.content.decode()


def test_no_customer_is_told_apart_from_several(owner: Person) -> None:
    said = "No customer is known by 'x'. Give an id, an address, a number or #17; a name alone is not enough."
    assert (
        in_words(said, words=words("zh")) == "没有客户与“x”相符。请给出编号、地址、号码或#17；只有姓名不够。"
    )
    assert in_words("Several customers are known by 'x'.", words=words("zh")) == "有多位客户与“x”相符。"
