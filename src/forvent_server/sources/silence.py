"""Silence is not satisfaction: whether a source has been quiet for longer than it usually is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from statistics import median

#: Days with voices that it takes to know what is usual, and how many of the last are looked at.
FEWEST, LOOKED_AT = 5, 60
#: So many times as long as usual, and longer than ever of late, is silence.
TIMES = 3


@dataclass(frozen=True, slots=True)
class Silence:
    """Nothing for so many days, where there usually is something every so many."""

    days: int
    usually: int


def silence(days: Iterable[date], *, today: date) -> Silence | None:
    """Whether a source is silent, from the days on which it brought something; None where it is not.

    It is silent after three times its usual pause (the median), if that is also longer than any pause
    of late. With fewer than five days nothing is usual yet, and nothing is said.
    """
    known = sorted({day for day in days if day <= today})[-LOOKED_AT:]
    if len(known) < FEWEST:
        return None
    pauses = [(after - before).days for before, after in pairwise(known)]
    usually = max(1, round(median(pauses)))
    quiet = (today - known[-1]).days
    return Silence(quiet, usually) if quiet > max(TIMES * usually, *pauses) else None
