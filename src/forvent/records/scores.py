"""Scores of a survey: of all, of segments and of waves, who answered, and how answers were weighted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from forvent.records.numbers import Estimate, NotEnough
from forvent.records.reading import ReadingReport, Scale


@dataclass(frozen=True, slots=True)
class SurveyScore:
    """One score with its versioned definition.

    ``effective`` is the number of independent, unweighted answers that its interval rests on, at most ``n``.
    """

    name: str
    estimate: Estimate | NotEnough
    unit: str
    definition: str
    effective: float | None = None


@dataclass(frozen=True, slots=True)
class ScoreGroup:
    """Scores of the answers of one group; ``segment`` and ``wave`` are None where all are meant.

    ``segment`` names the column, ``group`` the value in it. ``customers`` counts who answered.
    """

    segment: str | None
    group: str | None
    wave: str | None
    answers: int
    customers: int
    scores: tuple[SurveyScore, ...]


@dataclass(frozen=True, slots=True)
class ScoreChange:
    """A score of a later wave minus that of the one before.

    ``rate`` is the smallest false discovery rate at which the change is a finding, over all changes of
    the score: of all answers, or of the groups of one segment column. ``verdict`` is higher, lower, no
    visible change, or not enough data. ``both`` counts customers who answered in both waves.
    """

    segment: str | None
    group: str | None
    name: str
    unit: str
    earlier: str
    later: str
    difference: Estimate | NotEnough
    both: int
    rate: float | None
    verdict: str


@dataclass(frozen=True, slots=True)
class ScoreBounds:
    """What a score would be if all who did not answer had given the worst, or the best, answer.

    ``largest_bias`` is how far at most the score lies from that of all invited, as far as what is known of
    them tells; None where the R-indicator could not be made.
    """

    name: str
    unit: str
    worst: Estimate | NotEnough
    best: Estimate | NotEnough
    largest_bias: Estimate | NotEnough | None = None


@dataclass(frozen=True, slots=True)
class GroupResponse:
    """How many of a group of invited customers answered."""

    column: str
    group: str
    invited: int
    answered: int
    rate: Estimate | NotEnough


@dataclass(frozen=True, slots=True)
class Representativeness:
    """How alike the groups of invited customers are in how often they answer.

    ``indicator`` is 1 where all are alike and 0 at the most unlike. ``partial`` is the spread of the rates
    over the groups of each column. ``converged`` is of the logistic regression behind it.
    """

    indicator: Estimate | NotEnough
    partial: Mapping[str, float]
    groups: tuple[GroupResponse, ...]
    converged: bool


@dataclass(frozen=True, slots=True)
class InvitedRead:
    """How a column of invitations was read: values taken for yes and for no, with the rows that hold them.

    ``other`` counts rows with something else, such as a date, which were taken for yes; ``empty`` those
    without anything, taken for no.
    """

    yes: Mapping[str, int]
    no: Mapping[str, int]
    other: int
    empty: int


@dataclass(frozen=True, slots=True)
class Response:
    """How many of those invited answered, and what the others could change.

    ``uninvited`` counts answers of customers that were not invited; they are in no rate. ``read_as`` says how
    their column was read; None where only a number was given.
    """

    invited: int
    answered: int
    uninvited: int
    rate: Estimate | NotEnough
    bounds: tuple[ScoreBounds, ...]
    representativeness: Representativeness | NotEnough
    read_as: InvitedRead | None = None


@dataclass(frozen=True, slots=True)
class Weighting:
    """How answers were weighted to known margins; ``wave`` is None for all answers together.

    ``largest_miss`` is the largest difference of a weighted share to its margin. ``effective`` is Kish's
    number of answers, ``design_effect`` the answers over it. ``smallest`` and ``largest`` are weights
    relative to their mean. Where only a column of weights was given, ``margins`` is empty.
    """

    wave: str | None
    margins: tuple[str, ...]
    answers: int
    unplaced: int
    iterations: int
    converged: bool
    largest_miss: float
    effective: float
    design_effect: float
    smallest: float
    largest: float


@dataclass(frozen=True, slots=True)
class ScaleCheck:
    """Whether the scale of a column runs the way it was read; ``verdict`` names it.

    ``against`` names the other ratings of the file, ``correlation`` is with their mean. Verdicts: as read,
    upside down, one of two is upside down, cannot tell.
    """

    against: tuple[str, ...]
    correlation: Estimate | NotEnough
    verdict: str


@dataclass(frozen=True, slots=True)
class ColumnScores:
    """All that was found of one column of answers; ``answers`` counts each answer as it was given."""

    column: str
    scale: Scale
    answers: Mapping[str, int]
    scale_check: ScaleCheck
    groups: tuple[ScoreGroup, ...]
    changes: tuple[ScoreChange, ...]
    response: Response | None
    weighting: tuple[Weighting, ...]
    cautions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scores:
    """Scores of a file of answers."""

    level: float
    false_share: float
    columns: tuple[ColumnScores, ...]
    waves: tuple[str, ...]
    repeated: bool
    file: ReadingReport
    cautions: tuple[str, ...]
