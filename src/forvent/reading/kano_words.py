"""Cells of a Kano questionnaire → the five answers, as numbers on a scale or as words in six languages."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from forvent.reading.cells import Cell, value_of
from forvent.reading.header_words import folded

LIKE, MUST_BE, NEUTRAL, LIVE_WITH, DISLIKE = range(1, 6)
#: What is no answer: an empty cell, and one that says something else.
EMPTY, UNKNOWN = 0, -1

_ANSWERS = ("like", "must_be", "neutral", "live_with", "dislike")
_NUMBER = re.compile(r"[-+]?\d+(?:[.,]0+)?")
_NUMBERED = re.compile(r"\W*[-+]?\d\W+(?=[^\W\d])")
_HAN = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class AnswerScale:
    """Which numbers stand for "like" and for "dislike"; the three others lie between them."""

    like: int = LIKE
    dislike: int = DISLIKE

    def answer(self, number: int) -> int:
        """1 (like) to 5 (dislike); unknown outside the scale."""
        step = (number - self.like) * (1 if self.dislike > self.like else -1)
        return step + 1 if 0 <= step <= 4 else UNKNOWN

    @property
    def name(self) -> str:
        """The scale as the command line writes it."""
        return f"{self.like}..{self.dislike}"


def read_answer(cell: Cell, *, scale: AnswerScale) -> int:
    """The answer in a cell: 1 (like) to 5 (dislike), 0 where it is empty, −1 where it says something else."""
    if isinstance(cell, bool):
        return UNKNOWN
    text = value_of(cell)
    if text is None:
        return EMPTY
    number = number_in(text)
    return _worded(text) if number is None else scale.answer(number)


def number_in(text: str) -> int | None:
    """The whole number that a cell holds; None where it holds anything else."""
    return int(re.split("[.,]", text)[0]) if _NUMBER.fullmatch(text) else None


def _worded(text: str) -> int:
    """The answer that the longest known phrase says, if nothing beside it turns its sense round."""
    words = folded(_NUMBERED.sub("", text, count=1))
    exact = _phrases().get(words)
    if exact is not None:
        return exact
    found = [(phrase, answer) for phrase, answer in _phrases().items() if _holds(words, phrase)]
    if not found:
        return UNKNOWN
    most = max(_length(phrase) for phrase, _ in found)
    answers = {answer for phrase, answer in found if _length(phrase) == most}
    longest = next(phrase for phrase, _ in found if _length(phrase) == most)
    return UNKNOWN if len(answers) > 1 or _turned(words, longest) else answers.pop()


def _holds(words: tuple[str, ...], phrase: tuple[str, ...]) -> bool:
    """Chinese has no blanks, so there a part of a word will do."""
    if len(phrase) == 1 and _HAN.search(phrase[0]):
        return any(phrase[0] in word for word in words)
    size = len(phrase)
    return any(words[start : start + size] == phrase for start in range(len(words) - size + 1))


def _turned(words: tuple[str, ...], phrase: tuple[str, ...]) -> bool:
    """Whether a word such as "not" is left over beside the phrase."""
    if len(phrase) == 1 and _HAN.search(phrase[0]):
        rest = "".join(words).replace(phrase[0], "", 1)
        return any(turn in rest for turn in _turns() if _HAN.search(turn))
    left = list(words)
    for word in phrase:
        left.remove(word)
    return any(word in _turns() for word in left)


def _length(phrase: tuple[str, ...]) -> int:
    return len("".join(phrase))


@cache
def _phrases() -> Mapping[tuple[str, ...], int]:
    return {
        folded(phrase): number
        for language in _lists()["answers"].values()
        for number, answer in enumerate(_ANSWERS, start=1)
        for phrase in language[answer]
    }


@cache
def _turns() -> frozenset[str]:
    return frozenset(
        word
        for language in _lists()["answers"].values()
        for turn in language["turns"]
        for word in folded(turn)
    )


@cache
def _lists() -> Mapping[str, Any]:
    file = files("forvent.reading").joinpath("kano_words.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))
