"""Days as numbers since 1970, and back."""

from __future__ import annotations

from datetime import date, timedelta

FIRST_DAY = date(1970, 1, 1)


def day_number(day: date) -> int:
    """Days since 1970."""
    return (day - FIRST_DAY).days


def day_of(number: int) -> date:
    """The date of a number of days since 1970."""
    return FIRST_DAY + timedelta(days=number)
