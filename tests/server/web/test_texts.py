"""The pages speak six languages whole: the same texts, the same fields, and nothing beside the catalogue."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator, Mapping
from html import unescape
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from babel import Locale

from forvent.identify import names
from forvent.tables import LANGUAGES
from forvent_server.jobs.worker import KINDS
from forvent_server.store.models.people import ROLES, SCOPES
from forvent_server.web.imports import FIELDS
from forvent_server.web.language import PAGE_TEXTS
from forvent_server.web.menu import MENU

SERVER = Path(str(resources.files("forvent_server")))
TEMPLATES = sorted((SERVER / "web/templates").rglob("*.html"))
OTHERS = [language for language in LANGUAGES if language != "en"]
PLURAL = re.compile(r"\.(zero|one|two|few|many|other)$")
#: Attributes of elements that are read aloud or shown.
SHOWN = re.compile(r'\b(?:aria-label|title|alt|placeholder|label|summary)="([^"]*)"')
#: What is the same everywhere: our name, and how the keys of programs begin.
NAMES = {"forvent", "fv"}
#: What is written in letters of its own.
SCRIPTS = {"hy": re.compile("[\u0531-\u058a]"), "zh": re.compile("[\u4e00-\u9fff]")}


def flat(table: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from flat(value, f"{before}{key}.")
        else:
            yield f"{before}{key}", value


def own(language: str) -> dict[str, str]:
    return dict(flat(PAGE_TEXTS.own_texts(language)))


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def bare(text: str) -> str:
    """A template without its tags and what the program fills in: what is left is shown as it stands."""
    text = re.sub(r"{#.*?#}|{%.*?%}|{{.*?}}", " ", text, flags=re.DOTALL)
    text = re.sub(r"<svg.*?</svg>|<[^>]*>", " ", text, flags=re.DOTALL)
    return unescape(text)


def test_the_pages_speak_every_language_of_the_product() -> None:
    assert set(PAGE_TEXTS.languages()) == set(LANGUAGES)


@pytest.mark.parametrize("language", OTHERS)
def test_every_language_has_the_same_files(language: str) -> None:
    folder = SERVER / "web/texts"
    english = {path.name for path in (folder / "en").iterdir()}
    assert {path.name for path in (folder / language).iterdir()} == english


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_says_all_that_english_says_and_no_more(language: str) -> None:
    english = {PLURAL.sub("", key) for key in own("en")}
    assert {PLURAL.sub("", key) for key in own(language)} == english


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_fills_in_the_same_fields(language: str) -> None:
    english = own("en")
    for key, text in own(language).items():
        base = english.get(key) or english.get(f"{key.rpartition('.')[0]}.other", text)
        assert fields(text) == fields(base), key
        assert text.strip() == text != "", key


@pytest.mark.parametrize("language", LANGUAGES)
def test_plural_tables_have_every_form_of_the_language(language: str) -> None:
    needed = set(Locale.parse(language).plural_form.tags) | {"other"}
    for noun, forms in PAGE_TEXTS.own_texts(language).get("counts", {}).items():
        assert set(forms) >= needed, noun


@pytest.mark.parametrize("language", SCRIPTS)
def test_a_language_with_letters_of_its_own_is_written_in_them(language: str) -> None:
    """A text left in English is found by its letters."""
    latin = [
        key
        for key, text in own(language).items()
        if re.search("[A-Za-z]{4}", re.sub("{.*?}", "", text))
        and not SCRIPTS[language].search(text)
        # Most are names of products.
        and not key.startswith("source_kinds.")
    ]
    assert latin == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_says_nothing_beside_the_catalogue(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    shown = [bare(text), *(re.sub(r"{{.*?}}", "", value) for value in SHOWN.findall(text))]
    words = {word for part in shown for word in re.findall(r"[^\W\d_]{2,}", part)}
    assert words - NAMES == set()


def test_every_text_that_is_asked_for_exists() -> None:
    texts = dict(flat(PAGE_TEXTS.texts("en")))
    asked: set[str] = set()
    for path in [*SERVER.rglob("*.py"), *TEMPLATES]:
        text = path.read_text(encoding="utf-8")
        asked |= set(re.findall(r'(?:\.say|\bt)\(\s*"([a-z_]+\.[a-z_.]+)"\s*[,)]', text))
        asked |= {f"counts.{noun}.other" for noun in re.findall(r'\.counted\(\s*"([a-z_]+)"', text)}
    assert asked - set(texts) == set()
    assert len(asked) > 60


def test_everything_the_program_names_by_a_key_has_a_name() -> None:
    texts = PAGE_TEXTS.texts("en")
    assert {name for _, name, _ in MENU} <= set(texts["frame"])
    assert set(ROLES) == set(texts["roles"])
    assert {f"may_{role}" for role in ROLES} <= set(texts["people"])
    assert {f"scope_{scope}" for scope in SCOPES} <= set(texts["keys"])
    assert {field for kind in FIELDS.values() for field in kind} <= set(texts["imports_fields"])
    assert set(KINDS) <= set(texts["stages_of_work"])


def test_everything_that_is_recorded_has_a_name_in_the_audit() -> None:
    said = set(PAGE_TEXTS.texts("en")["audit_kinds"])
    recorded: set[str] = set()
    for path in SERVER.rglob("*.py"):
        recorded |= set(re.findall(r'\brecord\(\s*"([a-z ]+)"', path.read_text(encoding="utf-8")))
    assert recorded - said == set()
    assert len(recorded) > 10


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_names_of_the_catalogue_are_there_in_the_language(language: str) -> None:
    assert {"stages", "polarities", "kinds"} <= set(names(language))
