"""Cells → answers on a scale, yes or no, and names of waves."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from forvent.errors import BadOption
from forvent.reading.cells import Cell, as_text, is_error_value, is_nothing, shortened, value_of
from forvent.reading.ratings import Given, guess_scale, own_scale, rating_on, read_rating, scale_name
from forvent.reading.times import DateOrder, read_time
from forvent.reading.yes_no import yes_or_no
from forvent.records import Scale

NO_RATING = "no answer on a scale"
EVERY = ("month", "quarter", "year")

_YES_NO = {
    **dict.fromkeys(("true", "y", "t", "kept", "on time", "met", "achieved", "solved", "resolved"), 1.0),
    **dict.fromkeys(("false", "n", "f", "broken", "late", "missed", "not kept", "unmet", "unsolved"), 0.0),
}
_DIGITS = re.compile(r"(\d+)")


def given_in(cell: Cell) -> Given | None:
    """The answer in a cell: a rating as everywhere, or a word for yes and no."""
    if isinstance(cell, str) and (answer := _YES_NO.get(cell.strip().lower())) is not None:
        return Given(answer, 0.0, 1.0)
    return read_rating(cell)


def scale_of(
    cells: Sequence[Cell], *, column: str, alike: str | None = None
) -> tuple[Scale, tuple[str, ...]]:
    """The scale of a column, with notes on how it was found; ``alike`` is a name that says the scale.

    Raises
    ------
    BadOption
        If the column holds no answers, or they fit no usual scale.
    """
    given = [found for cell in cells if (found := given_in(cell)) is not None]
    filled = sum(value_of(cell) is not None for cell in cells)
    if not given or len(given) < 0.5 * filled:
        raise BadOption(
            f"“{column}” holds no answers on a scale ({len(given)} of {filled} filled cells).",
            hint="Name the right column with --score COLUMN.",
        )
    own = Counter(scale for one in given if (scale := own_scale(one, top=None, zero_seen=False)) is not None)
    if own.total() > len(given) / 2:
        return own.most_common(1)[0][0], ()
    guess = guess_scale((one.value for one in given if one.high is None), column=alike or column)
    if guess.scale is None:
        raise BadOption(guess.notes[0], hint="Write it as --scale 1..5, the worst answer first.")
    return guess.scale, guess.notes


def answer_on(cell: Cell, *, scale: Scale, missing: Collection[str]) -> tuple[float | None, str | None]:
    """The answer on 0–1, or None with the reason, which is None too where nothing was answered."""
    text = as_text(cell)
    if is_nothing(text) or is_error_value(text) or is_not_applicable(cell, missing=missing):
        return None, None
    given = given_in(cell)
    if given is None:
        return None, NO_RATING
    own = own_scale(given, top=None, zero_seen=False)
    on = scale if own is None or not scale.guessed else own
    rating = rating_on(given, scale=on)
    return rating, None if rating is not None else f"answer outside the scale {scale_name(scale)}"


def like_answers(cells: Sequence[Cell], *, scale: Scale) -> bool:
    """Whether a column looks like answers on the same scale: few whole numbers that span half of it."""
    low, high = sorted((scale.low, scale.high))
    filled = [cell for cell in cells if value_of(cell) is not None]
    given = [found for cell in filled if (found := read_rating(cell)) is not None and found.high is None]
    values = {one.value for one in given}
    inside = [value for value in values if low <= value <= high]
    return (
        len(given) > 0.9 * len(filled)
        and 3 <= len(values) <= 12
        and len(inside) >= len(values) - 1
        and all(value.is_integer() for value in values)
        and max(inside, default=low) - min(inside, default=low) >= (high - low) / 2
    )


def is_not_applicable(cell: Cell, *, missing: Collection[str]) -> bool:
    """Whether a cell holds a value that stands for no answer; a number in whatever way it is written.

    A word such as "no" is an answer, even where 0 stands for none.
    """
    if as_text(cell).lower() in missing:
        return True
    given = given_in(cell)
    if given is None or given.high is not None or not math.isfinite(given.value):
        return False
    return f"{given.value:g}" in missing


def number_as_written(word: str) -> str:
    """A value that stands for no answer in lower case, a number in its shortest form: "99.0" is "99"."""
    given = read_rating(word.strip())
    if given is None or given.high is not None or not math.isfinite(given.value):
        return word.strip().lower()
    return f"{given.value:g}"


def is_invited(cell: Cell) -> bool:
    """Whether a cell says that someone was invited: anything but nothing, a word for no, and 0."""
    return value_of(cell) is not None and yes_or_no(cell) is not False


def period(cell: Cell, *, order: DateOrder, every: str) -> str | None:
    """Month, quarter or year of a time, as 2026-03, 2026-Q1 or 2026; None where it is no time."""
    moment = read_time(cell, order=order)
    if moment is None:
        return None
    if every == "month":
        return f"{moment.time:%Y-%m}"
    quarter = f"-Q{(moment.time.month + 2) // 3}" if every == "quarter" else ""
    return f"{moment.time.year}{quarter}"


def in_order(names: Iterable[str]) -> list[str]:
    """Names as a person counts them: wave 9 before wave 10."""
    return sorted(names, key=_key)


def _key(name: str) -> list[tuple[int, int, str]]:
    parts = _DIGITS.split(name.casefold())
    return [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts if part]


def called(value: Cell) -> str | None:
    """The name of a group as a cell holds it; None where it is empty."""
    text = value_of(value)
    return None if text is None else shortened(" ".join(text.split()))
