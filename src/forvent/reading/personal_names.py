"""Where names of persons stand in a text: behind titles, greetings and closing formulas."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from forvent.reading.personal_numbers import Found, any_of, words

_NAME = r"[^\W\d_][\w'’-]{0,30}\.?"
_CZECH = re.compile(r"[ěščřžýůňť]", re.I)
_MOST_WORDS = 3
_WORD = re.compile(r"[^\W\d_](?:[^\W_]|['’-])*")


@cache
def cue_words() -> frozenset[str]:
    """Lower-case words, with the marks that may follow; one stands near every name that can be found."""
    lists = words()
    cues = {title.lower() for title in lists["titles"]}
    for field in ("greetings", "introductions", "closings"):
        cues.update(phrase.split()[-1] for phrase in lists[field])
    return frozenset(cue + mark for cue in cues for mark in ("", ",", ".", "!", ":"))


def names(plain: str, language: str | None) -> Iterator[Found]:
    """Names, by the words that stand before or behind them."""
    doubtful = words()["doubtful_titles"]["cs"]
    is_czech = language == "cs" or (language is None and _CZECH.search(plain) is not None)
    for found in _titles().finditer(plain):
        if is_czech or found["title"] not in doubtful:
            yield from _name_at(plain, found.end())
    for found in _greetings().finditer(plain):
        if found["name"] in _first_names():
            yield found.start("name"), found.end("whole"), "name"
    for found in _introductions().finditer(plain):
        yield from _name_at(plain, found.end())
    for found in _closings().finditer(plain):
        yield from _signature(plain, found.end())
    for found in _behind().finditer(plain):
        yield found.start("name"), found.end("name"), "name"


def _name_at(plain: str, start: int) -> Iterator[Found]:
    """The capitalised words from a place on, three at most."""
    end, at = start, start
    for _ in range(_MOST_WORDS):
        word = _WORD.match(plain, at)
        if word is None or not word[0][0].isupper() or word[0] in _no_names():
            break
        end = word.end()
        if plain[end : end + 1] == "." and len(word[0]) == 1:
            end += 1
        if plain[end : end + 1] != " ":
            break
        at = end + 1
    if end > start + 1:
        yield start, end, "name"


def _signature(plain: str, start: int) -> Iterator[Found]:
    """A name that ends its line, or the text."""
    for first, last, kind in _name_at(plain, start):
        if plain[last : last + 1] in ("", "\n", ",", ".", ";"):
            yield first, last, kind


@cache
def _titles() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?<!\d )(?P<title>{any_of(words()['titles'])})(?!\w) (?=[^\W\d_])")


@cache
def _greetings() -> re.Pattern[str]:
    greeting = any_of(words()["greetings"])
    begins = rf"(?m)^[^\w\n]{{0,3}}(?i:{greeting})(?!\w)[ ,]{{1,2}}"
    name = r"(?P<whole>(?P<name>[^\W\d_]{2,30})(?: [^\W\d_]{2,30})?)(?=[ ]?[,!:.\n]|$)"
    return re.compile(begins + name)


@cache
def _introductions() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{any_of(words()['introductions'])}) (?=[^\W\d_])", re.I)


@cache
def _closings() -> re.Pattern[str]:
    return re.compile(
        rf"(?<!\w)(?:{any_of(words()['closings'])})(?!\w)[,.!]?[ ]{{0,2}}\n{{0,2}}[ ]{{0,2}}(?=[^\W\d_])",
        re.I,
    )


@cache
def _behind() -> re.Pattern[str]:
    lists = words()
    one = rf"(?:{any_of(lists['double_surnames'])}|[{lists['surnames']}])"
    whole = rf"(?:(?<![\u4e00-\u9fff]){one}[\u4e00-\u9fff]{{0,2}}|{one})"
    return re.compile(rf"(?P<name>{whole})(?={any_of(lists['titles_behind'])})")


@cache
def _first_names() -> frozenset[str]:
    return frozenset(words()["first_names"].split())


@cache
def _no_names() -> frozenset[str]:
    return frozenset(words()["no_names"])
