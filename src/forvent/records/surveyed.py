"""Gaps of a survey that asked both what was expected and what was received."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from forvent.records.numbers import Estimate, NotEnough
from forvent.records.personas import Personas
from forvent.records.reading import ReadingReport


@dataclass(frozen=True, slots=True)
class SurveyPair:
    """One thing that was asked about twice: what was expected and what was received.

    ``expected`` is "" where only the zone of tolerance was asked; the desired level then stands for it.
    ``kind`` is "rating" (an answer on the scale) or "level" (an amount such as days, in ``unit``).
    ``better`` says whether "more" or "less" of it is better. ``reversed`` names the columns that were turned.
    """

    name: str
    expected: str
    received: str
    adequate: str = ""
    desired: str = ""
    dimension: str = ""
    kind: str = "rating"
    better: str = "more"
    unit: str = ""
    reversed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reliability:
    """How much of the spread of a difference is more than chance of the answer, 0–1; may fall below 0.

    ``difference`` follows from the two alphas and the correlation of the parts; ``items`` is Cronbach's
    alpha of the differences themselves. ``n`` of each number is the answers that left no pair of it open.
    ``verdict`` is of ``difference``: "enough", "low", "unclear" or "not enough data".
    """

    expected: Estimate | NotEnough
    received: Estimate | NotEnough
    correlation: Estimate | NotEnough
    difference: Estimate | NotEnough
    items: Estimate | NotEnough
    verdict: str


@dataclass(frozen=True, slots=True)
class ToleranceZone:
    """Where what was received lies against the adequate and the desired level; shares of pairs.

    ``over_adequate`` is received minus adequate, ``over_desired`` received minus desired. ``crossed``
    counts pairs whose adequate level lies above the desired one; they are in no share.
    """

    below: Estimate | NotEnough
    inside: Estimate | NotEnough
    above: Estimate | NotEnough
    over_adequate: Estimate | NotEnough
    over_desired: Estimate | NotEnough
    crossed: int


@dataclass(frozen=True, slots=True)
class SurveyGap:
    """Received minus expected of one pair, one dimension or all pairs.

    ``part`` is "pair", "dimension", "all" or "weighted"; ``pairs`` names what went in. ``n`` counts complete
    pairs, ``respondents`` the people behind them, ``only_expected`` and ``only_received`` the halves
    left over. ``met`` is the share of pairs in which at least the expected was received. ``rate`` is the
    smallest false discovery rate at which the gap is a finding, over all of its part. ``middle`` is the
    median difference, of levels only.
    """

    name: str
    part: str
    pairs: tuple[str, ...]
    unit: str
    better: str
    n: int
    respondents: int
    only_expected: int
    only_received: int
    expected: Estimate | NotEnough
    received: Estimate | NotEnough
    gap: Estimate | NotEnough
    rate: float | None
    verdict: str
    met: Estimate | NotEnough
    middle: Estimate | NotEnough | None = None
    reliability: Reliability | None = None
    zone: ToleranceZone | None = None


@dataclass(frozen=True, slots=True)
class GroupGap:
    """Received minus expected in one group, and how far that lies from the other answers.

    ``against_rest`` is the gap of the group minus that of all answers outside it.
    """

    name: str
    part: str
    n: int
    respondents: int
    expected: Estimate | NotEnough
    received: Estimate | NotEnough
    gap: Estimate | NotEnough
    rate: float | None
    verdict: str
    against_rest: Estimate | NotEnough
    rest_rate: float | None
    rest_verdict: str


@dataclass(frozen=True, slots=True)
class SurveyGroup:
    """The answers with one value of a column; ``name`` of a period is its first day."""

    name: str
    answers: int
    respondents: int
    gaps: tuple[GroupGap, ...]


@dataclass(frozen=True, slots=True)
class SurveyCut:
    """All groups of one column; ``kind`` is "touchpoint", "segment" or "time".

    ``left_out`` counts groups beyond the largest that are shown, ``blank`` the answers without a value.
    """

    column: str
    kind: str
    groups: tuple[SurveyGroup, ...]
    left_out: int
    blank: int


@dataclass(frozen=True, slots=True)
class SurveyCaution:
    """Something that makes the numbers doubtful; names and meanings stand in ``docs/surveyed.md``.

    ``about`` names columns or pairs, ``value`` what was measured, ``count`` the answers it concerns.
    """

    name: str
    about: tuple[str, ...]
    value: float | None = None
    count: int = 0


@dataclass(frozen=True, slots=True)
class SurveyedGaps:
    """What a survey says of expected and received; ``scale`` is that of the ratings, None without ratings.

    Gaps come in the order pairs, dimensions, all, weighted. ``weights`` are the points that were given.
    ``personas`` groups people by what they expect more of than of the rest; None with fewer than three
    ratings.
    """

    made_at: datetime
    answers: int
    respondents: int
    scale: tuple[float, float] | None
    level: float
    false_share: float
    alike: float
    pairs: tuple[SurveyPair, ...]
    gaps: tuple[SurveyGap, ...]
    cuts: tuple[SurveyCut, ...]
    cautions: tuple[SurveyCaution, ...]
    files: tuple[ReadingReport, ...] = ()
    weights: Mapping[str, float] = field(default_factory=dict)
    personas: Personas | None = None
