"""Where an expectation comes from: own experience, the company, other people, another company."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forvent.identify.known_words import rows_by_language
from forvent.identify.levels_numbers import word_trie
from forvent.identify.levels_words import base_language, fold_table, plain
from forvent.identify.quick_words import QuickWords, quick_lists
from forvent.language import Span
from forvent.language.words import Words
from forvent.records.sources import Source

#: Where two kinds are as near, the one that stands first: "my friend said" is no word of the company.
KINDS = ("other_company", "word_of_mouth", "own_experience", "company")
#: Words further from the clause than this say nothing of it.
FARTHEST = 90
#: Most characters between a thing or person and the verb that makes it a source ("the site … said").
_TOGETHER = 40
_SENTENCE_ENDS = re.compile(r"[.!?…](?=\s)|[։。！？\n]")
# A capital within a sentence: the names that are found stand there, or beside words of their own.
_MAY_BE_NAME = re.compile(r"[^\W\d_][,;]?\s+[A-ZÀ-ÖØ-ÞĀ-ŽА-ЯԱ-Ֆ][\w&]|[A-Za-z]-?[ա-ֆ]")
_NOTHING = "(?!)"
#: Beside the bits of the kinds of cues: that names may stand in a text.
_NAMED = 1 << len(KINDS)


@dataclass(frozen=True, slots=True)
class _SourceWords:
    """The cues of one language."""

    spaced: bool
    table: Mapping[int, str]
    quick: QuickWords
    cues: Mapping[str, re.Pattern[str]]
    denied: re.Pattern[str]
    names: tuple[re.Pattern[str], ...]


@dataclass(frozen=True, slots=True)
class _Cue:
    rank: int
    start: int
    end: int
    name: str | None
    sure: bool = False

    @property
    def place(self) -> tuple[int, int]:
        return self.start, self.end


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
    return sources_of(text, (clause,), language, rivals=rivals)[0]


def sources_of(
    text: str,
    clauses: Sequence[Span],
    language: str,
    *,
    rivals: Collection[str] = (),
    hints: int | None = None,
) -> tuple[Source | None, ...]:
    """The source of each of several clauses of one voice: the text is searched once.

    Parameters
    ----------
    text, language, rivals
        As for :func:`source_of`.
    clauses
        Where expectations are spoken of.
    hints
        What :func:`source_hints` says of the text, if it was asked already.

    Returns
    -------
    tuple of Source or None
        One for each clause.

    Source
    ------
    Our own definition, docs/formulas/identify-levels.md#source.

    Examples
    --------
    >>> sources_of("Lovely soup.", (Span(0, 12),), "en")
    (None,)
    """
    words = _source_words(base_language(language))
    if words is None:
        return (None,) * len(clauses)
    if hints is None or not words.spaced:
        hints = words.quick.lists_in(text) | _NAMED * _may_name(text, words)
    cues = [*_of_rivals(text, rivals=rivals), *_cues(text, words=words, hints=hints)]
    if not cues:
        return (None,) * len(clauses)
    return tuple(_nearest(cues, clause, text=text) for clause in clauses)


def source_hints(
    texts: Sequence[str], languages: Sequence[str], words: Words, *, among: Sequence[int] | None = None
) -> NDArray[np.int64]:
    """What each of many texts may say of where an expectation comes from, but for the names of rivals.

    Parameters
    ----------
    texts
        Any texts.
    languages
        ISO 639-1 code of each.
    words
        Their words, :func:`forvent.language.words.words_of`.
    among
        Only these are looked at, if given; all others are 0.

    Returns
    -------
    array of int
        One for each text: a bit for each of :data:`KINDS` it may have a cue of, and one for names; 0 only
        where :func:`sources_of` finds none without rivals.

    Source
    ------
    Our own definition, docs/formulas/identify-levels.md#source.

    Examples
    --------
    >>> from forvent.language.words import words_of
    >>> texts = ["At my old bank it took a day.", "Lovely soup."]
    >>> (source_hints(texts, ["en", "en"], words_of(texts)) > 0).tolist()
    [True, False]
    """
    hints = np.zeros(len(texts), dtype=np.int64)
    wanted = np.zeros(len(texts), dtype=np.bool_)
    wanted[np.arange(len(texts)) if among is None else np.array(among, dtype=np.int64)] = True
    for language, of_language in rows_by_language(languages).items():
        cues = _source_words(base_language(language))
        if cues is None:
            continue
        rows = of_language[wanted[of_language]]
        hints[rows] = cues.quick.lists_in_all(texts, words, rows)
        named = [row for row in rows.tolist() if _may_name(texts[row], cues)] if cues.names else []
        hints[named] |= _NAMED
    return hints


def _may_name(text: str, words: _SourceWords) -> bool:
    return bool(words.names) and _MAY_BE_NAME.search(text) is not None


def _nearest(cues: Sequence[_Cue], clause: Span, *, text: str) -> Source | None:
    placed = [(cue, -1 if cue.sure else _away(cue.place, clause, text=text)) for cue in cues]
    near = ((cue, away) for cue, away in placed if away <= FARTHEST)
    best = min(near, key=lambda one: (one[1], one[0].rank, one[0].start, -one[0].end), default=None)
    return Source(KINDS[best[0].rank], best[0].name, best[0].start, best[0].end) if best else None


def _cues(text: str, *, words: _SourceWords, hints: int) -> Iterator[_Cue]:
    if hints & (_NAMED - 1):
        low = plain(text, table=words.table)
        for rank, kind in enumerate(KINDS):
            for match in words.cues[kind].finditer(low) if hints >> rank & 1 else ():
                if words.denied.match(low, match.end()) is None:
                    yield _Cue(rank, *match.span(), None)
    if hints & (_NAMED | 1):
        for pattern in words.names:
            for match in pattern.finditer(text):
                if match["name"] not in _never_names():
                    yield _Cue(0, *match.span("name"), match["name"])


def _of_rivals(text: str, *, rivals: Collection[str]) -> Iterator[_Cue]:
    for name in sorted(rivals):
        for match in re.finditer(rf"(?<![a-z]){re.escape(name)}", text, re.IGNORECASE):
            # A name that the business gave is surer than any cue.
            yield _Cue(0, *match.span(), name, sure=True)


def _away(place: tuple[int, int], clause: Span, *, text: str) -> int:
    """Characters between a cue and the clause; too many where a sentence ends between them."""
    away = max(0, clause.start - place[1], place[0] - clause.end)
    if away:
        between = (place[1], clause.start) if place[1] <= clause.start else (clause.end, place[0])
        if _SENTENCE_ENDS.search(text, max(0, between[0] - 1), between[1] + 1):
            return FARTHEST + 1
    return away


@cache
def _never_names() -> frozenset[str]:
    """Words with a capital that name no company: channels, things, days and months."""
    file = files("forvent.identify") / "source_words" / "never_names.txt"
    return frozenset(file.read_text(encoding="utf-8").split())


@lru_cache(maxsize=64)
def _source_words(base: str) -> _SourceWords | None:
    file = files("forvent.identify") / "source_words" / f"{base}.toml"
    if not re.fullmatch(r"[a-z]{2,3}", base) or not file.is_file():
        return None
    lists: Mapping[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
    spaced, table = bool(lists.get("spaced", True)), fold_table(lists)
    cues = {kind: _pattern(lists[kind], spaced=spaced, table=table) for kind in KINDS}
    return _SourceWords(
        spaced=spaced,
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
    """One list of words a kind, in their order."""
    listed = [
        [*lists[kind]["words"], *lists[kind].get("things", ()), *lists[kind].get("quick", ())]
        for kind in KINDS
    ]
    # A text may be written in traditional signs throughout.
    other = {ord(new): chr(old) for old, new in table.items()} if not spaced else {}

    def forms(word: str) -> Iterator[str]:
        yield from (word, plain(word, table=table), word.translate(other))

    return quick_lists([[form for word in words for form in forms(word)] for words in listed], spaced=spaced)
