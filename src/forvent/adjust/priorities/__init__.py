"""Which gap first: ranked by customer value, gap, kind, certainty and effort."""

from forvent.adjust.priorities.chances import Chances, chances_real
from forvent.adjust.priorities.people import judging_customers, wanted_times
from forvent.adjust.priorities.ranked import (
    DEFINITION,
    EFFORTS,
    WEIGHTS,
    PlanSettings,
    Stakes,
    effort_in_days,
    ranked,
)
from forvent.adjust.priorities.reranked import reranked

__all__ = [
    "DEFINITION",
    "EFFORTS",
    "WEIGHTS",
    "Chances",
    "PlanSettings",
    "Stakes",
    "chances_real",
    "effort_in_days",
    "judging_customers",
    "ranked",
    "reranked",
    "wanted_times",
]
