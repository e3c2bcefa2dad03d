"""What kind a feature is, from pairs of questions: with it, and without it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from forvent.records.assess import Asymmetry
from forvent.records.numbers import Estimate, NotEnough
from forvent.records.reading import ReadingReport


@dataclass(frozen=True, slots=True)
class KanoCounts:
    """Pairs of answers by the kind that the 25 cells give them (M, O, A, I, R and Q of the literature)."""

    basic: int
    performance: int
    excitement: int
    indifferent: int
    reverse: int
    questionable: int

    @property
    def n(self) -> int:
        """All pairs."""
        return self.judged + self.reverse + self.questionable

    @property
    def judged(self) -> int:
        """Pairs behind Better and Worse: all but reverse and questionable ones."""
        return self.basic + self.performance + self.excitement + self.indifferent


@dataclass(frozen=True, slots=True)
class FongTest:
    """The two most frequent kinds, how many pairs they are apart, and how many Fong's test asks for."""

    first: str
    second: str
    difference: int
    needed: float
    differs: bool


@dataclass(frozen=True, slots=True)
class KanoFeature:
    """One feature, over all respondents, in one segment or in one wave.

    ``kind`` is one of ``tables.KINDS``; where it is undecided ``why`` says why. ``leading`` is the kind with
    most pairs. ``rate`` is the smallest false discovery rate at which ``leading`` counts as found, over the
    features it was judged with, None where nothing can be judged. ``strength`` and ``total_strength`` are
    shares of all pairs, ``better`` lies in 0…1 and ``worse`` in −1…0. ``functional`` and ``dysfunctional``
    are mean scores in −2…4, and ``placed`` the kind whose quarter of their plane they surely lie in.
    """

    feature: str
    counts: KanoCounts
    kind: str
    why: str
    leading: str
    rate: float | None
    fong: FongTest | None
    strength: Estimate | NotEnough
    total_strength: Estimate | NotEnough
    better: Estimate | NotEnough
    worse: Estimate | NotEnough
    questionable: Estimate | NotEnough
    functional: Estimate | NotEnough
    dysfunctional: Estimate | NotEnough
    placed: str


@dataclass(frozen=True, slots=True)
class KanoChange:
    """A difference of Better and of Worse: a segment less the rest, or the last wave less the first.

    The rates are the smallest false discovery rates at which the differences count as found. ``verdict``
    is "differs", "no difference found" or "not enough data".
    """

    feature: str
    better: Estimate | NotEnough
    better_rate: float | None
    worse: Estimate | NotEnough
    worse_rate: float | None
    verdict: str


@dataclass(frozen=True, slots=True)
class KanoGroup:
    """All features in one segment or one wave; ``changes`` are against the rest, empty for a wave."""

    name: str
    features: tuple[KanoFeature, ...]
    changes: tuple[KanoChange, ...] = ()


@dataclass(frozen=True, slots=True)
class KanoSegments:
    """Features by the values of one column; ``left_out`` counts pairs of small or unknown segments."""

    column: str
    segments: tuple[KanoGroup, ...]
    left_out: int


@dataclass(frozen=True, slots=True)
class KanoDrift:
    """Features by wave, in the order of time; ``changes`` are along the line through all waves."""

    column: str
    waves: tuple[KanoGroup, ...]
    changes: tuple[KanoChange, ...]
    left_out: int


@dataclass(frozen=True, slots=True)
class KindsBeside:
    """What people answer about a feature beside what their voices look like.

    ``verdict`` is "same", "different", "undecided" (a side is), "only asked" or "only said".
    """

    expectation: str
    asked: KanoFeature | None
    said: Asymmetry | None
    verdict: str


@dataclass(frozen=True, slots=True)
class Kano:
    """What a Kano questionnaire says.

    ``sheets`` counts filled-in questionnaires with at least one whole pair, ``unanswered`` the pairs that
    they lack of each feature. ``same`` counts sheets that give one answer throughout. ``scale`` says what
    stood for "like" and "dislike", such as "1..5", empty where all answers were words. ``cautions``
    name what makes the result doubtful. ``beside`` are kinds by ratings beside those of the questionnaire,
    from ``beside_file``.
    """

    made_at: datetime
    features: tuple[KanoFeature, ...]
    sheets: int
    unanswered: Mapping[str, int]
    same: int
    scale: str
    cautions: tuple[str, ...]
    level: float
    false_share: float
    least_strength: float
    file: ReadingReport
    segments: tuple[KanoSegments, ...] = ()
    drift: KanoDrift | None = None
    beside: tuple[KindsBeside, ...] = ()
    beside_file: str = ""
