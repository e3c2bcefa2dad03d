"""Cells → numbers and amounts with their unit, as people and exports write them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta

from forvent.reading.cells import Cell, as_text, value_of

#: Words for units of time, each with its unit and how many of the unit it is.
UNITS_OF_TIME = {
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), ("minute", 1 / 60)),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), ("minute", 1.0)),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), ("hour", 1.0)),
    **dict.fromkeys(("d", "day", "days"), ("day", 1.0)),
    **dict.fromkeys(("w", "wk", "week", "weeks"), ("day", 7.0)),
}

_PLAIN = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?", re.I)
_INFINITE = re.compile(r"[-+]?(?:inf|infinity|∞)", re.I)
_SEPARATED = re.compile(r"(?<=\d)[ \u00a0\u2009\u202f'’](?=\d{3}(?!\d))")
_COMMA = re.compile(r"\d,(?P<behind>\d+)(?![,\d])")
_COMMA_GROUPS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_POINT_GROUPS = re.compile(r"(?<=\d)\.(?=\d{3}(?!\d))")
_QUANTITY = re.compile(
    r"(?P<before>[^\d\s.,+−-]{0,4}) ?(?P<number>[-+−]?[\d.,][^a-z%]*?) ?(?P<after>[^\d.,]*)\.?", re.I
)
_LEADING_ZERO = re.compile(r"0\d+")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number and the unit that stands beside it, "" where there is none; ``value`` may be infinite."""

    value: float
    unit: str


@dataclass(frozen=True, slots=True)
class NumberStyle:
    """How numbers such as 1,234 are read in one column."""

    comma_decides: bool = True


def number_style(cells: Iterable[Cell]) -> NumberStyle:
    """How one column writes its numbers: a comma before three digits each time groups thousands."""
    texts = [cell for cell in cells if isinstance(cell, str) and "," in cell]
    behind = [match["behind"] for text in texts for match in _COMMA.finditer(text)]
    groups = any(text.count(",") > 1 or 0 <= text.find(",") < text.rfind(".") for text in texts)
    return NumberStyle(not groups and any(len(digits) != 3 for digits in behind))


def read_number(cell: Cell, *, style: NumberStyle) -> float | None:
    """The number in a cell, infinite where it says so; None where it holds something else."""
    if isinstance(cell, bool | date | time | timedelta) or cell is None:
        return None
    if isinstance(cell, int | float):
        return None if math.isnan(cell) else float(cell)
    return _number(cell.strip(), style=style)


def read_quantity(cell: Cell, *, style: NumberStyle) -> Quantity | None:
    """The number in a cell with its unit: "12 min", "€ 3,50", "7"; None where it holds something else."""
    plain = read_number(cell, style=style)
    if plain is not None:
        return Quantity(plain, "")
    match = _QUANTITY.fullmatch(as_text(cell))
    number = None if match is None else _number(match["number"].strip(), style=style)
    if match is None or number is None:
        return None
    return Quantity(number, (match["before"] or match["after"]).strip().rstrip(".").lower())


def holds_numbers(cells: Iterable[Cell], *, style: NumberStyle, share: float) -> bool:
    """Whether a share of the filled cells are numbers and none is a code such as 04750."""
    filled = [cell for cell in cells if value_of(cell) is not None]
    if any(isinstance(cell, str) and _LEADING_ZERO.fullmatch(cell.strip()) for cell in filled):
        return False
    numbers = sum(read_number(cell, style=style) is not None for cell in filled)
    return bool(filled) and numbers >= share * len(filled)


def _number(text: str, *, style: NumberStyle) -> float | None:
    if _PLAIN.fullmatch(text):
        return float(text)
    text = _SEPARATED.sub("", text.replace("−", "-"))
    if _INFINITE.fullmatch(text):
        return -math.inf if text.startswith("-") else math.inf
    if style.comma_decides:
        text = _POINT_GROUPS.sub("", text).replace(",", ".") if "," in text else text
    else:
        text = _COMMA_GROUPS.sub("", text)
    return float(text) if _PLAIN.fullmatch(text) else None
