"""Where an expectation comes from: own experience, the company, other people, another company."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from forvent.identify.levels_numbers import word_trie
from forvent.identify.levels_words import base_language, fold_table, plain
from forvent.identify.quick_words import QuickWords, quick_words
from forvent.language import Span
from forvent.records.sources import Source

#: Where two kinds are as near, the one that stands first: "my friend said" is no word of the company.
KINDS = ("other_company", "word_of_mouth", "own_experience", "company")
#: Words further from the clause than this say nothing of it.
FARTHEST = 90
#: Most characters between a thing or person and the verb that makes it a source ("the site … said").
_TOGETHER = 40
_SENTENCE_ENDS = re.compile(r"[.!?…](?=\s)|[։。！？\n]")
_NOTHING = "(?!)"


@dataclass(frozen=True, slots=True)
class _SourceWords:
    """The cues of one language."""

    table: Mapping[int, str]
    quick: QuickWords
    cues: Mapping[str, re.Pattern[str]]
    denied: re.Pattern[str]
    names: tuple[re.Pattern[str], ...]


@dataclass(frozen=True, slots=True)
class _Cue:
    away: int
    rank: int
    start: int
    end: int
    name: str | None

    @property
    def order(self) -> tuple[int, int, int, int]:
        return self.away, self.rank, self.start, -self.end


def source_of(text: str, clause: Span, language: str, *, rivals: Collection[str] = ()) -> Source | None:
    """What the words in or near a clause name as the source of its expectation.

    By lexical cues only: the nearest one in the sentences of the clause, within 90 characters of it.

    Parameters
    ----------
    text
        The whole voice.
    clause
        Where the expectation is spoken of.
    language
        ISO 639-1 code; None comes back in a language without word file.
    rivals
        Names of other companies, as the business knows them; found in any script, whatever their case.

    Returns
    -------
    Source or None
        None where nothing says where the expectation comes from.

    Source
    ------
    Our own definition, docs/formulas/identify-levels.md#source.

    Examples
    --------
    >>> text = "At my old bank it took a day, here a week."
    >>> source_of(text, Span(0, len(text)), "en").kind
    'other_company'
    >>> source_of("Lovely soup.", Span(0, 12), "en") is None
    True
    """
    words = _source_words(base_language(language))
    if words is None:
        return None
    cues = list(_of_rivals(text, rivals=rivals)) if rivals else []
    if not cues and not words.quick.may_be_in(text):
        return None
    cues.extend(_cues(text, clause, words=words))
    best = min((cue for cue in cues if cue.away <= FARTHEST), key=lambda cue: cue.order, default=None)
    return Source(KINDS[best.rank], best.name, best.start, best.end) if best else None


def _cues(text: str, clause: Span, *, words: _SourceWords) -> Iterator[_Cue]:
    low = plain(text, table=words.table)
    for rank, kind in enumerate(KINDS):
        for match in words.cues[kind].finditer(low):
            if words.denied.match(low, match.end()) is None:
                yield _Cue(_away(match.span(), clause, text=text), rank, *match.span(), None)
    for pattern in words.names:
        for match in pattern.finditer(text):
            start, end = match.span("name")
            yield _Cue(_away((start, end), clause, text=text), 0, start, end, match["name"])


def _of_rivals(text: str, *, rivals: Collection[str]) -> Iterator[_Cue]:
    for name in sorted(rivals):
        for match in re.finditer(rf"(?<![a-z]){re.escape(name)}", text, re.IGNORECASE):
            # A name that the business gave is surer than any cue.
            yield _Cue(-1, 0, *match.span(), name)


def _away(place: tuple[int, int], clause: Span, *, text: str) -> int:
    """Characters between a cue and the clause; too many where a sentence ends between them."""
    away = max(0, clause.start - place[1], place[0] - clause.end)
    if away:
        between = (place[1], clause.start) if place[1] <= clause.start else (clause.end, place[0])
        if _SENTENCE_ENDS.search(text, max(0, between[0] - 1), between[1] + 1):
            return FARTHEST + 1
    return away


@lru_cache(maxsize=64)
def _source_words(base: str) -> _SourceWords | None:
    file = files("forvent.identify") / "source_words" / f"{base}.toml"
    if not re.fullmatch(r"[a-z]{2,3}", base) or not file.is_file():
        return None
    lists: Mapping[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
    spaced, table = bool(lists.get("spaced", True)), fold_table(lists)
    cues = {kind: _pattern(lists[kind], spaced=spaced, table=table) for kind in KINDS}
    return _SourceWords(
        table=table,
        quick=_quick(lists, spaced=spaced, table=table),
        cues=cues,
        denied=re.compile("|".join(lists["company"].get("denied", ())) or _NOTHING),
        names=tuple(re.compile(pattern) for pattern in lists["other_company"].get("names", ())),
    )


def _pattern(lists: Mapping[str, Any], *, spaced: bool, table: Mapping[int, str]) -> re.Pattern[str]:
    trie = word_trie(plain(word, table=table) for word in lists["words"])
    words = rf"(?<!\w){trie}(?!\w)" if spaced else trie
    return re.compile("|".join([*_said(lists, table=table), words, *lists.get("patterns", ())]))


def _said(lists: Mapping[str, Any], *, table: Mapping[int, str]) -> Iterator[str]:
    """Things and people, which are a source only beside a verb of saying, in either order."""
    if "things" in lists:
        thing, verb = (
            rf"(?<!\w){word_trie(plain(word, table=table) for word in lists[key])}(?!\w)"
            for key in ("things", "verbs")
        )
        yield rf"{thing}[^.!?;։\n]{{1,{_TOGETHER}}}?{verb}"
        yield rf"{verb}[^.!?;։\n]{{1,{_TOGETHER}}}?{thing}"


def _quick(lists: Mapping[str, Any], *, spaced: bool, table: Mapping[int, str]) -> QuickWords:
    words = [
        word
        for kind in KINDS
        for word in (
            *lists[kind]["words"],
            *lists[kind].get("things", ()),
            *lists[kind].get("quick", ()),
        )
    ]
    return quick_words([*words, *(plain(word, table=table) for word in words)], spaced=spaced)
