"""Every text that is asked for exists, and every translation says the same with the same fields."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator, Mapping
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from babel import Locale

from forvent.report.text_files import _take_in, filled, languages, own_texts

REPORT = Path(str(resources.files("forvent.report")))
ENGLISH = own_texts("en")
LANGUAGES = languages()
OTHERS = [language for language in LANGUAGES if language != "en"]
# Tables whose keys come from other parts of the program.
OPEN_TABLES = ("meanings", "reasons", "score_names", "score_definitions", "score_remarks")


def _flat(table: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{before}{key}.")
        else:
            yield f"{before}{key}", value


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def _texts(language: str) -> dict[str, str]:
    return dict(_flat(own_texts(language)))


def _asked() -> set[str]:
    """Keys that the source and the templates ask for by their whole name."""
    found: set[str] = set()
    for path in [*REPORT.rglob("*.py"), *REPORT.rglob("*.html")]:
        text = path.read_text(encoding="utf-8")
        found |= set(re.findall(r'(?:\.say|\bt)\(\s*"([a-z_.]+)"', text))
        found |= {f"counts.{noun}" for noun in re.findall(r'\.counted\(\s*"([a-z_]+)"', text)}
    return found


def test_every_text_that_is_asked_for_exists() -> None:
    texts = dict(_flat(ENGLISH))
    missing = [key for key in _asked() if key not in texts and f"{key}.other" not in texts]
    assert missing == []
    assert len(_asked()) > 100


def test_every_english_text_has_only_named_fields() -> None:
    for key, text in _flat(ENGLISH):
        assert all(name.isidentifier() for name in _fields(text)), key


def test_no_text_words_an_association_as_a_cause() -> None:
    told = re.compile(r"\b(causes|leads to|because of|results in|drives|makes customers)\b", re.IGNORECASE)
    assert [key for key, text in _flat(ENGLISH) if told.search(text)] == []


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_has_no_key_that_english_lacks(language: str) -> None:
    plural = re.compile(r"\.(zero|one|two|few|many|other)$")
    known = {plural.sub("", key) for key, _ in _flat(ENGLISH)}
    own = {plural.sub("", key) for key in _texts(language)}
    assert {key for key in own - known if not key.startswith(OPEN_TABLES)} == set()


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_uses_only_fields_that_arefilled(language: str) -> None:
    english = dict(_flat(ENGLISH))
    for key, text in _texts(language).items():
        base = english.get(key) or english.get(f"{key.rpartition('.')[0]}.other")
        if base is not None:
            assert _fields(text) <= _fields(base), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_plural_tables_have_every_form_of_the_language(language: str) -> None:
    own = own_texts(language)
    needed = set(Locale.parse(language).plural_form.tags) | {"other"}
    for table in ("counts", "units"):
        for noun, forms in own.get(table, {}).items():
            assert set(forms) >= needed, noun


def test_a_missing_translation_is_filled_with_english() -> None:
    own = {"gaps": {"question": "Kde zaostáváme?"}, "counts": {"voices": {"other": "{n} hlasů"}}}
    found = filled(own, ENGLISH)
    assert found["gaps"]["question"] == "Kde zaostáváme?"
    assert found["gaps"]["finding_none"] == ENGLISH["gaps"]["finding_none"]
    # A table of plural forms is taken whole: English forms would be wrong in it.
    assert found["counts"]["voices"] == {"other": "{n} hlasů"}
    assert found["counts"]["cases"] == ENGLISH["counts"]["cases"]


def test_every_language_has_the_same_files() -> None:
    files = {
        language: {path.name for path in (REPORT / "texts" / language).iterdir()} for language in LANGUAGES
    }
    assert all(names == files["en"] for names in files.values()), files


def test_tables_of_two_files_become_one_and_a_text_said_twice_is_an_error() -> None:
    found = {"counts": {"voices": "a"}}
    _take_in(found, {"counts": {"cases": "b"}}, at="en/words.toml")
    assert found == {"counts": {"voices": "a", "cases": "b"}}
    with pytest.raises(ValueError, match=r"^en/gaps.toml: counts: cases is said in two files\.$"):
        _take_in(found, {"counts": {"cases": "c"}}, at="en/gaps.toml")
