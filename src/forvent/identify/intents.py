"""What customers say they will do: come again or not, recommend or warn; and whether somebody sent them."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from forvent.identify.levels_words import base_language
from forvent.identify.quotes import CONTEXT
from forvent.records import IdentifiedVoice, Quote, Voice

#: In the order in which they are looked for: "will not come again" holds "come again".
#: A voice may hold several.
INTENTS = ("will_not_return", "will_return", "warns", "came_by_recommendation", "recommends")


@dataclass(frozen=True, slots=True)
class Intent:
    """One thing that a voice says of itself, and where in its text."""

    kind: str
    start: int
    end: int


def intents_in(text: str, language: str) -> tuple[Intent, ...]:
    """What a customer says they will do, the first place of each kind, in the order of the text.

    By patterns of words only. A negation further away, irony, and what somebody else says ("they told us that
    they will never come again") are not seen; docs/formulas/identify-levels.md#intent has the measured
    precision.

    Parameters
    ----------
    text
        The whole voice.
    language
        ISO 639-1 code; nothing is found in a language without a file of words.

    Returns
    -------
    tuple of Intent
        Each kind of ``INTENTS`` at most once.

    Source
    ------
    Our own definition, docs/formulas/identify-levels.md#intent.

    Examples
    --------
    >>> [
    ...     one.kind
    ...     for one in intents_in("Great soup! We will definitely come back, highly recommended.", "en")
    ... ]
    ['will_return', 'recommends']
    >>> [one.kind for one in intents_in("I will never order here again.", "en")]
    ['will_not_return']
    """
    words = _words(base_language(language))
    if words is None:
        return ()
    looked_at = "".join(map(_bare, text.lower())) if words.fold else text.lower()
    if len(looked_at) != len(text):
        # A letter that is two in lower case would shift every place after it.
        looked_at = "".join(sign if len(sign.lower()) != 1 else sign.lower() for sign in text)
    taken: list[Intent] = []
    for kind, pattern in words.patterns.items():
        for match in pattern.finditer(looked_at):
            inside = any(one.start < match.end() and match.start() < one.end for one in taken)
            if not inside:
                taken.append(Intent(kind, match.start(), match.end()))
                break
    return tuple(sorted(taken, key=lambda one: one.start))


def has_intent_words(language: str) -> bool:
    """Whether there is a file of words for a language."""
    return _words(base_language(language)) is not None


def intent_key(kind: str) -> str:
    """The key under which the quotes of an intent stand among those of expectations.

    Parameters
    ----------
    kind
        One of ``INTENTS``.

    Returns
    -------
    str
        No expectation of a catalogue or pack has such a name, for it holds a point.

    Source
    ------
    Our own definition, docs/findings.md.

    Examples
    --------
    >>> intent_key("will_return")
    'intent.will_return'
    """
    return f"intent.{kind}"


class IntentBook:
    """How many voices say each thing, and a few of their words, the same in whatever order the voices come.

    Only voices that say something, in languages with words for it, are ``asked``.
    """

    def __init__(self, *, most: int = 3) -> None:
        self._most = most
        self._kept: dict[str, list[tuple[int, str, Quote]]] = {kind: [] for kind in INTENTS}
        self._counts = Counter[str]()
        self.asked = 0

    @property
    def counts(self) -> dict[str, int]:
        """Voices by what they say, in the order of ``INTENTS``."""
        return {kind: self._counts[kind] for kind in INTENTS}

    def add(self, voice: Voice, identified: IdentifiedVoice, *, quoted: bool = True) -> None:
        """Count one voice; one that is not to be quoted keeps its words to itself."""
        if identified.content_free or not has_intent_words(identified.language):
            return
        self.asked += 1
        for found in intents_in(voice.text, identified.language):
            self._counts[found.kind] += 1
            if quoted:
                self._keep(voice, identified, found)

    def _keep(self, voice: Voice, identified: IdentifiedVoice, found: Intent) -> None:
        kept = self._kept[found.kind]
        kept.append((len(voice.text), voice.voice_id, _quote(voice, identified, found)))
        kept.sort(key=lambda entry: entry[:2])
        del kept[self._most :]

    def quotes(self) -> dict[str, tuple[Quote, ...]]:
        """Quotes by key, the shortest voices first; kinds that no voice says are left out."""
        return {
            intent_key(kind): tuple(quote for *_, quote in kept) for kind, kept in self._kept.items() if kept
        }


def _quote(voice: Voice, identified: IdentifiedVoice, found: Intent) -> Quote:
    before = voice.text[max(0, found.start - CONTEXT) : found.start]
    after = voice.text[found.end : found.end + CONTEXT]
    return Quote(
        voice_id=voice.voice_id,
        expectation=intent_key(found.kind),
        polarity="said",
        language=identified.language,
        before=("…" if found.start > CONTEXT else "") + before,
        words=voice.text[found.start : found.end],
        after=after + ("…" if found.end + CONTEXT < len(voice.text) else ""),
        confidence=1.0,
    )


@dataclass(frozen=True, slots=True)
class _IntentWords:
    fold: bool
    patterns: Mapping[str, re.Pattern[str]]


@cache
def _words(language: str) -> _IntentWords | None:
    if not re.fullmatch(r"[a-z]{2,3}", language):
        return None
    file = files("forvent.identify").joinpath(f"intent_words/{language}.toml")
    if not file.is_file():
        return None
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    patterns = {kind: re.compile("|".join(f"(?:{one})" for one in table[kind])) for kind in INTENTS}
    return _IntentWords(bool(table.get("fold", False)), patterns)


@cache
def _bare(sign: str) -> str:
    """A letter without its accents."""
    return unicodedata.normalize("NFD", sign)[0]
