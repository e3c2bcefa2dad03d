"""What the catalogue does not cover: candidates for new expectations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from forvent.records.numbers import Estimate, NotEnough


@dataclass(frozen=True, slots=True)
class CandidateQuote:
    """The words of one clause of a candidate; masked where the caller asked for it."""

    voice_id: str
    language: str
    words: str


@dataclass(frozen=True, slots=True)
class Growth:
    """Share of voices that speak of something up to the median time, after it, and the difference."""

    earlier: Estimate | NotEnough
    later: Estimate | NotEnough
    change: Estimate | NotEnough


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something customers speak of for which the catalogue has no expectation.

    ``voices`` counts voices with different texts, ``repeats`` further voices whose whole text
    had been counted already, ``texts`` different clauses. ``share`` is of all voices that say something.
    ``words`` are the words that set it apart, by language. ``nearest`` is the id of the catalogue whose
    examples lie nearest, ``similarity`` how near (-1 to 1). ``known`` is True where an earlier
    result had it. ``centre`` and ``members`` (a fingerprint of each clause, never its words) are
    what a later run recognises it by.
    """

    id: str
    words: Mapping[str, tuple[str, ...]]
    voices: int
    repeats: int
    texts: int
    share: Estimate | NotEnough
    negative: Estimate | NotEnough
    positive: Estimate | NotEnough
    growth: Growth
    languages: Mapping[str, int]
    nearest: str | None
    similarity: float | None
    quotes: tuple[CandidateQuote, ...]
    known: bool
    centre: tuple[float, ...]
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClauseCoverage:
    """Where the clauses of all different voices went; the parts add up to ``clauses``.

    ``general`` says only that somebody is glad or not, thanks or greets; ``content_free`` nothing at all.
    ``repeats`` are voices left out because their whole text had been counted.
    """

    voices: int
    repeats: int
    clauses: int
    covered: int
    candidates: int
    other: int
    general: int
    content_free: int
    catalogue_share: Estimate | NotEnough
    with_candidates_share: Estimate | NotEnough


@dataclass(frozen=True, slots=True)
class Discovery:
    """All candidates, largest first, what they cover, and how firmly they stand.

    ``stability`` is the adjusted Rand index between the groups of half of the clauses and those of all.
    ``space`` holds the centre of each language, subtracted before grouping.
    """

    encoder: str
    size: int
    least: int
    candidates: tuple[Candidate, ...]
    coverage: ClauseCoverage
    stability: Estimate | NotEnough
    space: Mapping[str, tuple[float, ...]]
    notes: tuple[str, ...] = ()
