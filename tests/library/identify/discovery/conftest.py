"""Customers of an invented pool, and an encoder and an identifier that understand only their few words."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from functools import cache
from types import SimpleNamespace

import numpy as np
import pytest

from forvent.identify.catalogue import examples
from forvent.identify.discovery import discover
from forvent.identify.discovery.discover import Discovered
from forvent.identify.discovery.space import general_phrases
from forvent.language import split_clauses
from forvent.language.encoder import Vectors
from forvent.records import IdentifiedVoice, Mention, Voice

SIZE = 256
#: Topic → the word that stands for it in each language.
TOPICS = {
    "snorkel": {"en": "snorkel", "cs": "šnorchl", "zh": "潜水"},
    "kickboard": {"en": "kickboard", "cs": "plovací deska", "zh": "浮板"},
    "trampoline": {"en": "trampoline", "cs": "trampolína", "zh": "蹦床"},
}
NAMES = ("Ada", "Ben", "Cyd", "Dov", "Eda", "Fay", "Gus", "Hal", "Ivy", "Jon")


@cache
def _random(*parts: str) -> np.ndarray:
    seed = zlib.crc32("\x1f".join(parts).encode("utf-8", "surrogatepass"))
    vector = np.random.default_rng(seed).normal(size=SIZE)
    return vector / np.linalg.norm(vector)


@cache
def _czech() -> frozenset[str]:
    return frozenset(example.text for example in examples("cs")) | frozenset(general_phrases("cs"))


def language_of(text: str) -> str:
    if any("\u4e00" <= sign <= "\u9fff" for sign in text):
        return "zh"
    return "cs" if text in _czech() or any(words["cs"] in text for words in TOPICS.values()) else "en"


class TopicEncoder:
    """A strong part for the language, a weaker one for the topic, and something of the text's own."""

    name = "topics"
    size = SIZE

    def __init__(self, *, own: float = 0.55) -> None:
        self._own = own

    def encode(self, texts: Sequence[str]) -> Vectors:
        rows = [self._one(text) for text in texts]
        return np.array(rows, dtype=np.float32).reshape(len(texts), SIZE)

    def _one(self, text: str) -> np.ndarray:
        vector = 2.0 * _random("language", language_of(text)) + self._own * _random("text", text)
        for topic, words in TOPICS.items():
            if any(word in text for word in words.values()):
                vector = vector + _random("topic", topic)
        return vector / np.linalg.norm(vector)


class WordIdentifier:
    """Knows one expectation, by the word "late"; "fine" judges well, all else badly."""

    def identify(self, voices: Sequence[Voice]) -> tuple[IdentifiedVoice, ...]:
        return tuple(self._one(voice) for voice in voices)

    def _one(self, voice: Voice) -> IdentifiedVoice:
        language = voice.language or language_of(voice.text)
        polarity = "positive" if "fine" in voice.text else "negative"
        if voice.text == "ok":
            return IdentifiedVoice(voice.voice_id, language, "neutral", 1.0, True, ())
        late = next((s for s in split_clauses(voice.text, language) if "late" in s.of(voice.text)), None)
        found = () if late is None else (_mention(voice, late.start, late.end, language),)
        return IdentifiedVoice(voice.voice_id, language, polarity, 1.0, False, found)


def _mention(voice: Voice, start: int, end: int, language: str) -> Mention:
    return Mention(
        voice.voice_id, "on_time", "unmet", False, voice.text[start:end], start, end, 0.9, language,
        "receive", "receive",
    )  # fmt: skip


def about(topic: str, n: int, *, language: str = "en", first: int = 0) -> list[Voice]:
    """So many different voices on one topic."""
    word = TOPICS[topic][language]
    texts = {
        "en": "the {word} upset {name} on visit {number}",
        "cs": "{word} zlobí {name} při návštěvě {number}",
        "zh": "{word}让{name}第{number}次不满",
    }
    return [
        Voice(
            voice_id=f"{topic}-{language}-{number}",
            text=texts[language].format(word=word, name=NAMES[number % 10], number=number),
            row=number + 2,
            language=language,
        )
        for number in range(first, first + n)
    ]


def various(n: int) -> list[Voice]:
    """Voices that have nothing to do with each other."""
    return [
        Voice(voice_id=f"v{number}", text=f"remark number {number}", row=2, language="en")
        for number in range(n)
    ]


def found_in(voices: Sequence[Voice], *, size: int = 50, **options: object) -> Discovered:
    batches = [voices[first : first + size] for first in range(0, len(voices), size)]
    return discover(batches, identifier=WordIdentifier(), encoder=TopicEncoder(), **options)  # type: ignore[arg-type]


@pytest.fixture
def pool() -> list[Voice]:
    """Three topics in two languages, and remarks that belong nowhere."""
    return [
        *about("snorkel", 20),
        *about("snorkel", 12, language="cs"),
        *about("kickboard", 14),
        *about("trampoline", 10, language="zh"),
        *various(15),
    ]


@pytest.fixture(scope="session")
def invented() -> SimpleNamespace:
    """The makers above, since tests cannot import them from here."""
    return SimpleNamespace(
        about=about,
        various=various,
        found_in=found_in,
        encoder=TopicEncoder,
        identifier=WordIdentifier,
    )
