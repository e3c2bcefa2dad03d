"""What several steps need: intervals, ranks and the bootstrap."""

from forvent.stats.bootstrap import block_of, bootstrap_counts
from forvent.stats.intervals import (
    mean_interval,
    nps_interval,
    percentile_interval,
    widest,
    wilson,
)
from forvent.stats.level import check_level
from forvent.stats.ranks import conformal_rank, quantile_interval
from forvent.stats.student import student_quantile

__all__ = [
    "block_of",
    "bootstrap_counts",
    "check_level",
    "conformal_rank",
    "mean_interval",
    "nps_interval",
    "percentile_interval",
    "quantile_interval",
    "student_quantile",
    "widest",
    "wilson",
]
