"""The files of what a report says: a folder a language, a file a part, read as one table."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

ENGLISH = "en"
_FOLDER = resources.files("forvent.report").joinpath("texts")


def languages() -> tuple[str, ...]:
    """Codes of the languages there are texts in, in alphabetical order."""
    return tuple(sorted(folder.name for folder in _FOLDER.iterdir() if folder.is_dir()))


@cache
def own_texts(language: str) -> Mapping[str, Any]:
    """What the files of the language hold, as one table; a text said in two files is an error."""
    found: dict[str, Any] = {}
    for file in sorted(_FOLDER.joinpath(language).iterdir(), key=lambda file: file.name):
        if file.name.endswith(".toml"):
            _take_in(found, tomllib.loads(file.read_text(encoding="utf-8")), at=f"{language}/{file.name}")
    return found


@cache
def texts(language: str) -> Mapping[str, Any]:
    """All texts of the language, with the English one wherever a text is missing."""
    own = own_texts(language)
    return own if language == ENGLISH else filled(own, texts(ENGLISH))


def filled(own: Mapping[str, Any], english: Mapping[str, Any]) -> dict[str, Any]:
    """The own texts, with the English one wherever a key is missing."""
    found = dict(english)
    for key, text in own.items():
        before = english.get(key)
        # A table of plural forms is taken whole: languages differ in their forms.
        deeper = isinstance(text, Mapping) and isinstance(before, Mapping) and "other" not in text
        found[key] = filled(text, before) if deeper and before is not None else text
    return found


def _take_in(found: dict[str, Any], part: Mapping[str, Any], *, at: str) -> None:
    for key, text in part.items():
        before = found.get(key)
        if before is None:
            found[key] = text
        elif isinstance(before, dict) and isinstance(text, Mapping):
            _take_in(before, text, at=f"{at}: {key}")
        else:
            raise ValueError(f"{at}: {key} is said in two files.")
