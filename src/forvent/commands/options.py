"""What several commands read from their options: lists of names, the two ends of a scale."""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence

from forvent.errors import BadOption


def listed(given: Sequence[str]) -> tuple[str, ...]:
    """Names given one by one or with commas between them; one that holds a comma stands in quotes."""
    names = (name.strip() for row in csv.reader(given, skipinitialspace=True) for name in row)
    return tuple(name for name in names if name)


def ends_of(
    given: str | None, *, option: str = "--scale", such_as: str = "1..5"
) -> tuple[float, float] | None:
    """The two ends of a scale written LOW..HIGH; None where it is not given.

    Raises
    ------
    BadOption
        If these are no two numbers, or one number twice.
    """
    if given is None:
        return None
    low, sign, high = given.partition("..")
    try:
        ends = float(low), float(high if sign else "")
    except ValueError:
        raise BadOption(f"'{option} {given}' is no scale.", hint=f"Write it as {option} {such_as}.") from None
    if ends[0] == ends[1] or not all(map(math.isfinite, ends)):
        raise BadOption(f"'{option} {given}' has no two ends.", hint=f"Write it as {option} {such_as}.")
    return ends
