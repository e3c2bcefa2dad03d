"""What several steps need: intervals, ranks, the bootstrap, many comparisons and open cases."""

from forvent.stats.bootstrap import block_of, bootstrap_counts
from forvent.stats.comparisons import benjamini_hochberg, binomial_p
from forvent.stats.intervals import (
    mean_interval,
    nps_interval,
    percentile_interval,
    widest,
    wilson,
)
from forvent.stats.level import check_level
from forvent.stats.poisson import poisson_limits
from forvent.stats.ranks import conformal_rank, quantile_interval
from forvent.stats.student import student_quantile
from forvent.stats.survival import EndedWithin, ended_quantiles, kaplan_meier

__all__ = [
    "EndedWithin",
    "benjamini_hochberg",
    "binomial_p",
    "block_of",
    "bootstrap_counts",
    "check_level",
    "conformal_rank",
    "ended_quantiles",
    "kaplan_meier",
    "mean_interval",
    "nps_interval",
    "percentile_interval",
    "poisson_limits",
    "quantile_interval",
    "student_quantile",
    "widest",
    "wilson",
]
