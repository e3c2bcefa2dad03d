"""What was read: voices, episodes, and the report of the reading."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Scale:
    """The scale a rating was given on; ``low`` becomes 0 and ``high`` becomes 1."""

    low: float
    high: float
    guessed: bool = True


@dataclass(frozen=True, slots=True)
class Voice:
    """One thing a customer said or answered.

    ``competitor`` is the company it is about, where that is not one's own; ``segments`` holds the columns
    that name segments, without those that are empty.
    """

    voice_id: str
    text: str
    row: int
    time: datetime | None = None
    rating: float | None = None
    rating_given: float | None = None
    channel: str | None = None
    touchpoint: str | None = None
    customer: str | None = None
    language: str | None = None
    episode: str | None = None
    competitor: str | None = None
    segments: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Episode:
    """One order, visit or contact: the join key of expected, promised, delivered, perceived.

    ``by_day`` says that the promise names a day without a time of day: it is kept
    if the calendar date of ``delivered`` is not after that of ``promised``.
    ``ended`` is False while the case is open; a case that ended without delivery
    (cancelled) has ``cancelled`` True and counts neither as kept nor as broken.
    """

    episode: str
    start: datetime
    row: int
    promised: datetime | None = None
    delivered: datetime | None = None
    by_day: bool = False
    cancelled: bool = False
    customer: str | None = None
    groups: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Unusable:
    """Rows that could not be used, because of one reason.

    ``rows`` holds the first twenty row numbers as a spreadsheet shows them
    (the header is row 1), ``example`` one offending value, shortened; it is
    never a customer's text.
    """

    reason: str
    count: int
    rows: tuple[int, ...]
    column: str | None = None
    example: str | None = None


@dataclass(frozen=True, slots=True)
class ReadingReport:
    """What was read of one file, how it was understood, and what was left out.

    ``first`` and ``last`` are the earliest and latest time of the rows used (of episodes: their start).
    ``masked`` counts the personal data taken out of texts by kind; empty where none was looked for.
    """

    file: str
    format: str
    encoding: str | None
    rows: int
    used: int
    repeated: int
    mapping: Mapping[str, str]
    guessed: tuple[str, ...]
    unusable: tuple[Unusable, ...]
    notes: tuple[str, ...] = ()
    scale: Scale | None = None
    first: datetime | None = None
    last: datetime | None = None
    masked: Mapping[str, int] = field(default_factory=dict)
