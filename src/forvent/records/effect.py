"""What is done about a gap, and whether it helped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from forvent.records.numbers import Estimate, NotEnough


@dataclass(frozen=True, slots=True)
class Tally:
    """A week of a measure, from its Monday: ``n`` judgements of which ``good`` are good; halves count.

    ``squared`` is the sum over customers of their squared number of judgements in that week.
    """

    week: date
    n: int
    good: float
    squared: float


@dataclass(frozen=True, slots=True)
class Baseline:
    """What was known when an action was decided; never changed afterwards.

    ``estimate`` is the measure from ``first`` to ``last`` under ``definition``; ``rebound`` is by how much it
    is to be expected to rise without any action, because it was picked for being low. ``weeks`` and
    ``comparison_weeks`` are the tallies behind it.
    """

    estimate: Estimate
    first: date
    last: date
    definition: str
    rebound: float
    weeks: tuple[Tally, ...]
    comparison_weeks: tuple[Tally, ...] = ()


@dataclass(frozen=True, slots=True)
class Action:
    """Something done about a gap: what, by whom, until when, why it should help, and how that will be seen.

    ``subject`` is an expectation, with "@touchpoint" where it is about one place. ``status`` is open, done or
    dropped. ``comparison`` is another subject that nothing is done about, or empty.
    """

    id: str
    subject: str
    action: str
    owner: str
    hypothesis: str
    measure: str
    comparison: str
    target: Estimate
    baseline: Baseline
    added: date
    due: date | None = None
    effort_days: float | None = None
    status: str = "open"
    done: date | None = None
    why: str = ""

    @property
    def expectation(self) -> str:
        """The expectation of the subject."""
        return self.subject.partition("@")[0]


@dataclass(frozen=True, slots=True)
class Effect:
    """Whether a gap closed after an action.

    ``verdict`` is closed, narrower, no visible change, wider or cannot tell. ``change`` is by how much the
    measure rose beyond what was to be expected without the action, ``remaining`` the new gap to the target.
    ``design`` is what carries it: difference in differences, interrupted series, before and after, or none.
    ``detectable`` is the change that would be seen four times in five. ``dispersion`` is how much more the
    weeks vary than chance alone would have them.
    """

    verdict: str
    definition: str
    design: str
    change: Estimate | NotEnough
    before: Estimate | NotEnough
    after: Estimate | NotEnough
    remaining: Estimate | NotEnough
    rebound: float
    detectable: float | None
    dispersion: float | None
    periods_before: int
    periods_after: int
    weeks_a_period: int
    cautions: tuple[str, ...] = ()
