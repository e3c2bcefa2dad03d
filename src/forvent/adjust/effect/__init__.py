"""Did it help? A measure week by week, and whether its gap closed after an action."""

from forvent.adjust.effect.closed import DEFINITION, EffectSettings, effect_of
from forvent.adjust.effect.course import Course, pooled, rebound
from forvent.adjust.effect.tallies import (
    kept_by_week,
    met_by_week,
    rated_by_week,
    tallies,
    week_begins,
    week_of,
)

__all__ = [
    "DEFINITION",
    "Course",
    "EffectSettings",
    "effect_of",
    "kept_by_week",
    "met_by_week",
    "pooled",
    "rated_by_week",
    "rebound",
    "tallies",
    "week_begins",
    "week_of",
]
