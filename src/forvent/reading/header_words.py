"""How well the name of a column fits a field; the words stand in ``header_words.toml``."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

EXACT, HOLDS, FAIR_EXACT, FAIR_HOLDS, UNFIT = 4.0, 3.0, 2.5, 1.5, -3.0

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_WORD = re.compile(r"[^\W_]+")
_HAN = re.compile(r"[\u3400-\u9fff]")
_OTHER_LETTERS = str.maketrans({"ø": "o", "æ": "ae", "ß": "ss", "ł": "l", "đ": "d"})


@dataclass(frozen=True, slots=True)
class FieldWords:
    """The words of one field, folded and cut."""

    best: frozenset[tuple[str, ...]]
    fair: frozenset[tuple[str, ...]]
    against: frozenset[str]
    whole: bool


def folded(name: str) -> tuple[str, ...]:
    """The words of a header without case and accents: "OrderID" and "order_id" are alike."""
    spaced = _CAMEL.sub(" ", name).lower().translate(_OTHER_LETTERS)
    plain = "".join(
        letter for letter in unicodedata.normalize("NFKD", spaced) if not unicodedata.combining(letter)
    )
    return tuple(_WORD.findall(plain))


def name_score(name: str, *, words: FieldWords) -> float:
    """How well a header fits a field: from -3 (it is something else) over 0 (says nothing) to 4 (exactly)."""
    header = folded(name)
    if header in words.best:
        return EXACT
    score = 0.0
    if best := _longest(header, words.best):
        score = HOLDS + 0.1 * len(best) if _whole(header, phrase=best, words=words) else 0.0
    if header in words.fair:
        score = max(score, FAIR_EXACT)
    elif not score and (fair := _longest(header, words.fair)):
        score = FAIR_HOLDS + 0.1 * len(fair) if _whole(header, phrase=fair, words=words) else 0.0
    against = words.against.intersection(header) or _holds_han(header, words.against)
    return UNFIT if against else score


@cache
def field_words(kind: str) -> Mapping[str, FieldWords]:
    """The words of every field of a kind of file: "voices", "episodes", "kano" or "margins"."""
    return {field: _field_words(entry) for field, entry in _lists()[kind].items()}


@cache
def status_words(kind: str) -> frozenset[tuple[str, ...]]:
    """Words of a status column that say "cancelled" or "delivered"."""
    return frozenset(map(folded, _lists()["status"][kind]))


def _field_words(entry: Mapping[str, Any]) -> FieldWords:
    return FieldWords(
        best=frozenset(map(folded, entry["best"])),
        fair=frozenset(map(folded, entry["fair"])),
        against=frozenset(word for phrase in entry["against"] for word in folded(phrase)),
        whole=entry.get("whole", False),
    )


@cache
def _lists() -> Mapping[str, Any]:
    return tomllib.loads(files("forvent.reading").joinpath("header_words.toml").read_text(encoding="utf-8"))


@cache
def _fillers() -> frozenset[str]:
    return frozenset(word for phrase in _lists()["fillers"] for word in folded(phrase))


def _longest(header: Sequence[str], phrases: frozenset[tuple[str, ...]]) -> tuple[str, ...]:
    """The longest phrase in a header; Chinese has no blanks, so there a part of a word will do."""
    found = [phrase for phrase in phrases if _stands_in(phrase, header)]
    return max(found, key=lambda phrase: (len(phrase), len("".join(phrase))), default=())


def _stands_in(phrase: tuple[str, ...], header: Sequence[str]) -> bool:
    if len(phrase) == 1 and _HAN.search(phrase[0]):
        return any(phrase[0] in word for word in header)
    length = len(phrase)
    return any(tuple(header[start : start + length]) == phrase for start in range(len(header) - length + 1))


def _holds_han(header: Sequence[str], against: frozenset[str]) -> bool:
    return any(_HAN.search(word) and any(word in part for part in header) for word in against)


def _whole(header: Sequence[str], *, phrase: tuple[str, ...], words: FieldWords) -> bool:
    if not words.whole:
        return True
    known = {word for name in words.best for word in name}
    return all(word in _fillers() or word in known or word in phrase or _HAN.search(word) for word in header)
