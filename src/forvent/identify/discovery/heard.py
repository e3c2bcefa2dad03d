"""Voices → the clauses in which the catalogue found nothing, each different one once, with its vector."""

from __future__ import annotations

import hashlib
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

import numpy as np

from forvent.identify.content import is_content_free
from forvent.identify.discovery.space import Vectors
from forvent.language import Encoder, Span, split_clauses
from forvent.records import IdentifiedVoice, Voice

COVERED, UNCOVERED, CONTENT_FREE = "covered", "uncovered", "content_free"


class Identifies(Protocol):
    """What finds expectations: :class:`forvent.identify.Identifier`, with the packs it was given."""

    def identify(self, voices: Sequence[Voice]) -> tuple[IdentifiedVoice, ...]:
        """What each voice of one batch says, in the order of the batch."""
        ...


@dataclass(frozen=True, slots=True)
class Said:
    """One clause of one voice; ``key`` is the fingerprint of its words."""

    key: str
    start: int
    end: int
    outcome: str
    polarity: str


@dataclass(frozen=True, slots=True)
class HeardVoice:
    """A voice and its clauses; ``repeats`` counts further voices with the same text."""

    voice_id: str
    language: str
    time: datetime | None
    clauses: tuple[Said, ...]
    repeats: int = 0


@dataclass
class Heard:
    """Everything that was said, each different text once, in an order that does not hang on the files.

    ``words``, ``languages`` and ``vectors`` are of the different uncovered clauses, in the order of ``keys``.
    """

    voices: tuple[HeardVoice, ...]
    keys: tuple[str, ...]
    words: tuple[str, ...]
    languages: tuple[str, ...]
    vectors: Vectors
    repeats: int = field(default=0)


class Listener:
    """Gathers clauses batch by batch; each different voice and each different clause is looked at once."""

    def __init__(self, identifier: Identifies, encoder: Encoder) -> None:
        self._identifier = identifier
        self._encoder = encoder
        self._voices: dict[str, HeardVoice] = {}
        self._judged: dict[tuple[str, str], tuple[str, str]] = {}
        self._vectors: dict[str, Vectors] = {}
        self._words: dict[str, str] = {}
        self._waiting: list[str] = []

    def hear(self, batch: Sequence[Voice]) -> None:
        """Take in one batch of voices; what was said before in the same words is only counted."""
        new: dict[str, Voice] = {}
        for voice in batch:
            key = fingerprint(voice.language or "", plain(voice.text))
            if key in self._voices:
                self._voices[key] = _also(self._voices[key], voice)
            elif key in new:
                new[key] = _first(new[key], voice)
            else:
                new[key] = voice
        repeated = Counter(fingerprint(voice.language or "", plain(voice.text)) for voice in batch)
        found = self._identifier.identify(list(new.values()))
        for (key, voice), identified in zip(new.items(), found, strict=True):
            said = self._clauses(voice, identified)
            self._voices[key] = HeardVoice(
                voice.voice_id, identified.language, voice.time, tuple(said), repeated[key] - 1
            )
        self._remember_vectors()

    def heard(self) -> Heard:
        """All that was taken in, in the order of fingerprints."""
        voices = tuple(self._voices[key] for key in sorted(self._voices))
        languages = _languages(voices)
        keys = tuple(key for key in sorted(self._vectors) if key in languages)
        size = self._encoder.size
        vectors = np.stack([self._vectors[key] for key in keys]) if keys else np.zeros((0, size), np.float32)
        return Heard(
            voices=voices,
            keys=keys,
            words=tuple(self._words[key] for key in keys),
            languages=tuple(languages[key] for key in keys),
            vectors=np.asarray(vectors, dtype=np.float32),
            repeats=sum(voice.repeats for voice in voices),
        )

    def _clauses(self, voice: Voice, identified: IdentifiedVoice) -> list[Said]:
        language = identified.language
        spans = split_clauses(voice.text, language)
        if identified.content_free or not spans:
            return [Said(fingerprint("", plain(voice.text)), 0, len(voice.text), CONTENT_FREE, "neutral")]
        rest = [span for span in spans if not _speaks(identified, span)]
        self._judge([span.of(voice.text) for span in rest], language)
        said = []
        for span in spans:
            words = plain(span.of(voice.text))
            outcome, polarity = (
                self._judged[language, words] if span in rest else (COVERED, identified.polarity)
            )
            said.append(Said(fingerprint("", words), span.start, span.end, outcome, polarity))
        return said

    def _judge(self, clauses: Sequence[str], language: str) -> None:
        """Ask of each clause alone: one quote stands for all clauses of a voice that speak of the same."""
        new = [words for words in dict.fromkeys(map(plain, clauses)) if (language, words) not in self._judged]
        asked = [Voice(voice_id="clause", text=words, row=0, language=language) for words in new]
        for words, identified in zip(new, self._identifier.identify(asked) if asked else (), strict=True):
            if identified.content_free or is_content_free(words):
                outcome = CONTENT_FREE
            else:
                outcome = COVERED if identified.mentions else UNCOVERED
                key = fingerprint("", words)
                if outcome == UNCOVERED and key not in self._words:
                    self._words[key] = words
                    self._waiting.append(key)
            self._judged[language, words] = (outcome, identified.polarity)

    def _remember_vectors(self) -> None:
        new, self._waiting = self._waiting, []
        if new:
            vectors = self._encoder.encode([self._words[key] for key in new])
            self._vectors.update((key, vector.copy()) for key, vector in zip(new, vectors, strict=True))


def plain(text: str) -> str:
    """The text in one Unicode form with single blanks: what counts as the same words."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def fingerprint(*parts: str) -> str:
    """What words are recognised by without being kept: 32 hexadecimal digits."""
    joined = "\x1f".join(parts)
    # Unpaired surrogates are in no encoding, but may stand in a text.
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _speaks(identified: IdentifiedVoice, span: Span) -> bool:
    return any(mention.start < span.end and span.start < mention.end for mention in identified.mentions)


def _first(one: Voice, other: Voice) -> Voice:
    """The smaller id and the earlier time, so that the order of the file decides nothing."""
    time = min((moment for moment in (one.time, other.time) if moment is not None), default=None)
    return replace(one if one.voice_id <= other.voice_id else other, time=time)


def _also(heard: HeardVoice, voice: Voice) -> HeardVoice:
    time = min((moment for moment in (heard.time, voice.time) if moment is not None), default=None)
    return replace(heard, voice_id=min(heard.voice_id, voice.voice_id), time=time, repeats=heard.repeats + 1)


def _languages(voices: Iterable[HeardVoice]) -> dict[str, str]:
    """Language of each uncovered clause: the one it is most often said in."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for voice in voices:
        for said in voice.clauses:
            if said.outcome == UNCOVERED:
                counts[said.key][voice.language] += 1
    return {key: min(found, key=lambda code: (-found[code], code)) for key, found in counts.items()}
