"""What customers expect: the catalogue and its mentions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from forvent.records.numbers import Estimate, NotEnough


@dataclass(frozen=True, slots=True)
class Expectation:
    """A record of the catalogue."""

    id: str
    expects: str
    stage: str
    usual_type: str
    usual_kind: str


@dataclass(frozen=True, slots=True)
class Level:
    """A stated quantity.

    ``unit`` is second, minute, hour, day, week, month, year, percent or a currency code;
    ``seconds`` is None where the quantity is no duration.
    """

    value: float
    unit: str
    seconds: float | None


@dataclass(frozen=True, slots=True)
class Mention:
    """An expectation found in a voice, with the words it came from.

    ``start`` and ``end`` are character offsets of ``quote`` in the voice's text.
    ``confidence`` is the calibrated probability that the expectation is there.
    ``level`` is what was expected or promised, ``experienced`` what was got.
    """

    voice_id: str
    expectation: str
    polarity: str
    stated: bool
    quote: str
    start: int
    end: int
    confidence: float
    language: str
    touchpoint: str
    stage: str
    level: Level | None = None
    experienced: Level | None = None


@dataclass(frozen=True, slots=True)
class IdentifiedVoice:
    """What was understood of one voice."""

    voice_id: str
    language: str
    polarity: str
    confidence: float
    content_free: bool
    mentions: tuple[Mention, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of what was said the catalogue knows."""

    voices: int
    content_free: int
    other: int
    covered: Estimate | NotEnough
    languages: Mapping[str, int]
