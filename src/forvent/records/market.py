"""How one's own voices compare with those about other companies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from forvent.records.assess import MentionCounts
from forvent.records.loop import Quote
from forvent.records.numbers import Estimate, NotEnough
from forvent.records.reading import ReadingReport


@dataclass(frozen=True, slots=True)
class Company:
    """Who is spoken of, and where those voices come from.

    ``speaking`` counts the voices that say something. A voice without customer counts as a ``customers`` of
    its own; ``named`` counts the voices that name their customer. ``channels`` and ``languages``
    count voices, the most frequent first; ``rated`` counts those with a rating, ``dated`` those with a time.
    """

    name: str
    voices: int
    speaking: int
    customers: int
    named: int
    rated: int
    dated: int
    first: datetime | None
    last: datetime | None
    channels: Mapping[str, int]
    languages: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Standing:
    """What is said of one company on one expectation.

    ``met`` is the share of judging voices that find it met, ``reach`` the share of speaking voices that
    mention it. ``voices`` and ``customers`` count those who mention it.
    """

    counts: MentionCounts
    voices: int
    customers: int
    met: Estimate | NotEnough
    reach: Estimate | NotEnough


@dataclass(frozen=True, slots=True)
class Comparison:
    """One expectation: own minus other, in share met and in reach.

    ``met_rate`` and ``reach_rate`` are the smallest false discovery rates at which the difference counts as
    found (Benjamini–Hochberg over the expectations), None where there is no difference to judge.
    ``verdict`` speaks of the share met: ahead, behind, level or "not enough data"; ``reach_verdict``
    of the reach: more, less, level or "not enough data".
    """

    expectation: str
    stage: str
    own: Standing
    other: Standing
    met: Estimate | NotEnough
    reach: Estimate | NotEnough
    met_rate: float | None
    reach_rate: float | None
    verdict: str
    reach_verdict: str


@dataclass(frozen=True, slots=True)
class Against:
    """One's own company beside one other, expectation by expectation.

    ``cautions`` name what makes the two sets of voices hard to compare: files, channels, languages,
    times, ratings, or customers (nobody can tell who speaks twice); with ``_unknown`` where it is not known.
    """

    other: Company
    comparisons: tuple[Comparison, ...]
    cautions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Market:
    """All that one comparison found; what ``market.json`` holds.

    ``level`` is that of the intervals, ``false_share`` the share of false ones that is accepted on average
    among the differences found, ``alike`` the difference up to which two shares count as level.
    ``quotes`` are by name of the company and id of the expectation.
    """

    made_at: datetime
    own: Company
    against: tuple[Against, ...]
    level: float
    false_share: float
    alike: float
    encoder: str
    quotes: Mapping[str, Mapping[str, tuple[Quote, ...]]]
    files: tuple[ReadingReport, ...] = ()
    left_out: Mapping[str, int] = field(default_factory=dict)
