"""What changed over time, in this order::

calendar = choose_periods(days, counts)                     # weeks, months or quarters
dated = in_periods(voices, days=table_of(calendar.days()))  # relational: sums by period
tracks = summed_tracks(collect(met_by_period(mentions, voices=dated)), measure="met", periods=…)
found = changes(tracks, calendar, rng=rng, heard=heard)     # change points, trends, alerts
"""

from forvent.assess.change.found import Halves, Heard, changes
from forvent.assess.change.gap_changes import gap_changes
from forvent.assess.change.kept_alerts import acknowledged, remembered
from forvent.assess.change.noise import with_scatter
from forvent.assess.change.periods import Calendar, choose_periods
from forvent.assess.change.scan import scan
from forvent.assess.change.tables import (
    DAY,
    PERIOD,
    in_periods,
    kept_by_period,
    levels_by_period,
    met_by_period,
    ratings_by_period,
    reach_by_period,
    speaking_by_period,
    voices_by_day,
)
from forvent.assess.change.tracks import KEPT, LEVEL, MET, RATING, REACH, Track, level_tracks, summed_tracks
from forvent.assess.change.trend import trends
from forvent.assess.change.watch import watch

__all__ = [
    "DAY",
    "KEPT",
    "LEVEL",
    "MET",
    "PERIOD",
    "RATING",
    "REACH",
    "Calendar",
    "Halves",
    "Heard",
    "Track",
    "acknowledged",
    "changes",
    "choose_periods",
    "gap_changes",
    "in_periods",
    "kept_by_period",
    "level_tracks",
    "levels_by_period",
    "met_by_period",
    "ratings_by_period",
    "reach_by_period",
    "remembered",
    "scan",
    "speaking_by_period",
    "summed_tracks",
    "trends",
    "voices_by_day",
    "watch",
    "with_scatter",
]
