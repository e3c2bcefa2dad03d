"""The files of what reports and pages say: a folder a language, a file a part, read as one table."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

ENGLISH = "en"


class TextFiles:
    """The texts of one folder; those of a language that lack are English."""

    def __init__(self, folder: Traversable, *, beneath: TextFiles | None = None) -> None:
        self._folder = folder
        self._beneath = beneath
        self.own_texts = cache(self._own_texts)
        self.texts = cache(self._texts)

    def languages(self) -> tuple[str, ...]:
        """Codes of the languages there are texts in, in alphabetical order."""
        return tuple(sorted(folder.name for folder in self._folder.iterdir() if folder.is_dir()))

    def _own_texts(self, language: str) -> Mapping[str, Any]:
        """What the files of the language hold, as one table; a text said in two files is an error."""
        found: dict[str, Any] = {}
        for file in sorted(self._folder.joinpath(language).iterdir(), key=lambda file: file.name):
            if file.name.endswith(".toml"):
                _take_in(found, tomllib.loads(file.read_text(encoding="utf-8")), at=f"{language}/{file.name}")
        return found

    def _texts(self, language: str) -> Mapping[str, Any]:
        """All texts of the language, over those beneath, with the English one wherever a text is missing."""
        own = self.own_texts(language)
        whole = own if language == ENGLISH else filled(own, self.own_texts(ENGLISH))
        return filled(whole, self._beneath.texts(language)) if self._beneath else whole


REPORT_TEXTS = TextFiles(resources.files("forvent.report").joinpath("texts"))
languages = REPORT_TEXTS.languages
own_texts = REPORT_TEXTS.own_texts
texts = REPORT_TEXTS.texts


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
