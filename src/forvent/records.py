"""Frozen values that travel between steps; no behaviour beyond what a reader needs.

Units: shares and ratings lie in 0–1, durations are seconds unless the name says
otherwise, times are UTC without time zone mark.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

# --------------------------------------------------------------------- numbers


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its interval and the count behind it."""

    value: float
    low: float
    high: float
    n: int
    level: float = 0.95


@dataclass(frozen=True, slots=True)
class NotEnough:
    """The honest answer where the data cannot carry a number."""

    n: int
    needed: int
    why: str


# --------------------------------------------------------------------- reading


@dataclass(frozen=True, slots=True)
class Scale:
    """The scale a rating was given on; ``low`` becomes 0 and ``high`` becomes 1."""

    low: float
    high: float
    guessed: bool = True


@dataclass(frozen=True, slots=True)
class Voice:
    """One thing a customer said or answered."""

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


# -------------------------------------------------------------------- identify


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


# ---------------------------------------------------------------------- assess


@dataclass(frozen=True, slots=True)
class MentionCounts:
    """Voices by what they say of one expectation."""

    met: int
    unmet: int
    mixed: int
    wished: int

    @property
    def judged(self) -> int:
        """Voices that say whether it was met."""
        return self.met + self.unmet + self.mixed


@dataclass(frozen=True, slots=True)
class Asymmetry:
    """What goes together with an expectation being unmet or met, against voices that do not mention it."""

    expectation: str
    penalty: Estimate | NotEnough
    reward: Estimate | NotEnough
    asymmetry: Estimate | NotEnough
    kind: str


@dataclass(frozen=True, slots=True)
class Gap:
    """Got minus expected, for one expectation, over all or at one touchpoint.

    ``expected`` is the share met at which customers who mention it rate as those
    who do not (see ``docs/formulas.md#gap``); ``basis`` is "ratings" where it was
    measured and "usual kind" where ratings are missing or too few, so that the
    catalogue's usual kind stands in.
    """

    expectation: str
    stage: str
    touchpoint: str | None
    counts: MentionCounts
    got: Estimate | NotEnough
    expected: Estimate | NotEnough
    gap: Estimate | NotEnough
    basis: str
    importance: Estimate | NotEnough
    stake: Estimate | NotEnough
    kind: str


@dataclass(frozen=True, slots=True)
class Score:
    """A score of the ratings with its interval, count and versioned definition."""

    name: str
    estimate: Estimate | NotEnough
    unit: str
    definition: str


@dataclass(frozen=True, slots=True)
class LevelComparison:
    """Stated levels of one expectation beside what was got, both in seconds.

    ``experienced`` is what the voices say they got; ``delivered`` is what the episodes
    record, empty where there are none. ``delivered_median`` is of ``delivered``, else of
    ``experienced``. Long series are thinned to evenly spaced order statistics.
    """

    expectation: str
    stated: tuple[float, ...]
    experienced: tuple[float, ...]
    stated_median: Estimate | NotEnough
    delivered_median: Estimate | NotEnough
    delivered: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """One link of the chain and the share of dissatisfied episodes in which it broke first.

    ``name`` is expected_promised, promised_delivered, delivered_perceived or elsewhere.
    """

    name: str
    share: Estimate | NotEnough
    count: int


@dataclass(frozen=True, slots=True)
class SatisfactionCell:
    """Satisfied share among episodes that were kept or late, and quick or slow."""

    kept: bool
    slow: bool
    satisfied: Estimate | NotEnough
    mean_rating: Estimate | NotEnough


@dataclass(frozen=True, slots=True)
class SatisfactionPoint:
    """Mean rating of episodes delivered so many days before (negative) or after their promise."""

    days_late_from: float
    days_late_to: float
    mean_rating: Estimate | NotEnough


@dataclass(frozen=True, slots=True)
class Chain:
    """Which link broke: expected, promised, delivered, perceived."""

    joined: int
    dissatisfied: int
    links: tuple[Link, ...]
    cells: tuple[SatisfactionCell, ...]
    curve: tuple[SatisfactionPoint, ...]
    slow_from_days: float
    late_difference: Estimate | NotEnough
    slow_difference: Estimate | NotEnough


# ---------------------------------------------------------------------- adjust


@dataclass(frozen=True, slots=True)
class KeptRate:
    """How often the promise was kept, for all cases or one group.

    ``group`` maps column to value and is empty for all cases. Open cases whose
    promise has passed count as broken; open cases that can still be kept are in ``pending``.
    ``slack_days`` is the median of promised minus delivered time.
    """

    group: Mapping[str, str]
    kept: Estimate | NotEnough
    pending: int
    mean_promise_days: float | None
    median_wait_days: float | None
    slack_days: float | None


@dataclass(frozen=True, slots=True)
class Promise:
    """The tightest upper limit that the earlier record supports, checked on the later.

    ``upper`` is in ``unit``; ``kept_later`` is how often it would have been kept in the
    later part; ``own_promise`` and ``own_kept`` are the company's own promise there.
    ``learned_until`` is the moment that divides the record; None where it was not divided.
    """

    group: Mapping[str, str]
    upper: float
    unit: str
    level: float
    n: int
    by_day: bool
    kept_later: Estimate | NotEnough
    own_promise: float | None
    own_kept: Estimate | NotEnough
    padded: bool
    learned_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class NoPromise:
    """A group whose record cannot carry a promise at the level."""

    group: Mapping[str, str]
    level: float
    reason: NotEnough


@dataclass(frozen=True, slots=True)
class FrontierPoint:
    """Share of cases that a promise of this length would have kept."""

    length: float
    unit: str
    kept: Estimate


# ----------------------------------------------------------------- communicate


@dataclass(frozen=True, slots=True)
class Sentence:
    """What a customer can be told, in one language, with the evidence sentence beside it.

    ``group`` is that of the promise: empty for all cases.
    """

    language: str
    text: str
    evidence: str
    group: Mapping[str, str] = field(default_factory=dict)


# -------------------------------------------------------------------- feedback


@dataclass(frozen=True, slots=True)
class Question:
    """What to ask next: the expectation on which one more answer tells most.

    ``gain`` is the expected narrowing of the interval of the share met times the
    importance, per answer; ``texts`` and ``answers`` are by language.
    """

    expectation: str
    gain: float
    texts: Mapping[str, str]
    answers: Mapping[str, tuple[str, ...]]


# ------------------------------------------------------------------------ loop


@dataclass(frozen=True, slots=True)
class Quote:
    """The words behind a finding: a part of a voice, with the marked span in it."""

    voice_id: str
    expectation: str
    polarity: str
    language: str
    before: str
    words: str
    after: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Findings:
    """All that one run of the loop found; what ``findings.json`` holds."""

    made_at: datetime
    level: float
    encoder: str
    voices: ReadingReport
    episodes: ReadingReport | None
    coverage: Coverage
    scores: tuple[Score, ...]
    gaps: tuple[Gap, ...]
    touchpoints: tuple[Gap, ...]
    asymmetries: tuple[Asymmetry, ...]
    levels: tuple[LevelComparison, ...]
    chain: Chain | None
    kept: tuple[KeptRate, ...]
    promises: tuple[Promise | NoPromise, ...]
    frontier: tuple[FrontierPoint, ...]
    sentences: tuple[Sentence, ...]
    questions: tuple[Question, ...]
    quotes: Mapping[str, tuple[Quote, ...]]
    title: str = ""
