"""What customers expect: the catalogue and its mentions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from forvent.records.numbers import Estimate, NotEnough
from forvent.records.sources import Source


@dataclass(frozen=True, slots=True)
class Expectation:
    """A record of the catalogue, general or of a trade pack.

    ``parent`` is the id of the general catalogue that an expectation of a pack makes more exact; None for
    the general ones, and where a pack names something that has no parent.
    """

    id: str
    expects: str
    stage: str
    usual_type: str
    usual_kind: str
    parent: str | None = None
    pack: str = "general"


@dataclass(frozen=True, slots=True)
class Level:
    """A stated quantity, or a day.

    ``unit`` is second, minute, hour, day, week, month, year, percent, count, date or a currency code;
    ``seconds`` is None where the quantity is no duration. ``date`` is set where the unit is date: an ISO
    date, month and day (``12-24``), a day of the month (``24``) or an English weekday (``friday``), and then
    ``value`` is 0. ``of`` is how many there are in all, where a count says so ("2 of 5").
    """

    value: float
    unit: str
    seconds: float | None
    date: str | None = None
    of: float | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """An expectation found in a voice, with the words it came from.

    ``start`` and ``end`` are character offsets of ``quote`` in the voice's text.
    ``confidence`` is the calibrated probability that the expectation is there.
    ``level`` is what was expected or promised, ``experienced`` what was got.
    ``type`` is explicit, implicit, interpersonal, digital or dynamic; ``source`` where the
    expectation came from, if the words say it; ``doubtful`` marks what may be meant ironically.
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
    type: str = "implicit"
    source: Source | None = None
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class IdentifiedVoice:
    """What was understood of one voice.

    ``act`` is what the voice chiefly does: complaint, praise, request, question or remark; none
    where it says nothing. ``doubtful`` marks a voice that may be meant ironically.
    """

    voice_id: str
    language: str
    polarity: str
    confidence: float
    content_free: bool
    mentions: tuple[Mention, ...]
    act: str = "remark"
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of what was said the catalogue knows."""

    voices: int
    content_free: int
    other: int
    covered: Estimate | NotEnough
    languages: Mapping[str, int]
