"""Cells of a survey → answers on one scale, or amounts in one unit."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from forvent.errors import BadOption
from forvent.reading.cells import Cell, value_of
from forvent.reading.coded import CellReader
from forvent.reading.pair_columns import PairColumns, is_better_less, unit_in
from forvent.reading.quantities import UNITS_OF_TIME, NumberStyle, number_style, read_quantity
from forvent.reading.ratings import guess_scale, own_scale, rating_on, read_rating, scale_name
from forvent.records import Scale, SurveyPair

NO_NUMBER = "no number"
NOT_APPLICABLE = "coded as not applicable"
BELOW_ZERO = "an amount below zero"
OTHER_UNIT = "another unit"
_LOOK_AT = 500
_MINUTES = {"minute": 1.0, "hour": 60.0, "day": 1440.0}


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a person said of how answers are to be read; "" and None where a guess shall do."""

    scale: tuple[float, float] | None = None
    not_applicable: frozenset[float] = frozenset()
    less: frozenset[str] = frozenset()
    more: frozenset[str] = frozenset()
    unit: str = ""


@dataclass(frozen=True, slots=True)
class ScaleFound:
    """The scale of all ratings of a survey, and what to say of how it was found."""

    scale: Scale | None
    notes: tuple[str, ...]


def pair_kinds(
    pairs: Sequence[PairColumns], *, cells: Callable[[str], Counter[Cell]], wishes: Wishes
) -> tuple[SurveyPair, ...]:
    """Whether each pair holds ratings or amounts, the unit of amounts, and whether less is better.

    A pair named in ``less`` or ``more`` holds amounts; so does one with units in its cells or a unit of time
    in a header, and one whose numbers fit no usual scale of ratings.
    """
    return tuple(_kind_of(pair, cells=cells, wishes=wishes) for pair in pairs)


def find_scale(
    pairs: Sequence[SurveyPair], *, cells: Callable[[str], Counter[Cell]], wishes: Wishes
) -> ScaleFound:
    """The one scale of all ratings: the one given, else the smallest usual one that holds them all.

    Raises
    ------
    BadOption
        If the given scale has no width, or no usual scale holds the ratings.
    """
    if wishes.scale is not None:
        low, high = wishes.scale
        if not (math.isfinite(low) and math.isfinite(high) and low < high):
            raise BadOption(f"{low:g} to {high:g} is no scale.", hint="Write it as --scale 1..5.")
        return ScaleFound(Scale(low, high, guessed=False), ())
    values, own = _ratings(_filled([pair for pair in pairs if pair.kind == "rating"], cells), wishes)
    if not values:
        return ScaleFound(own, ())
    guess = guess_scale(values, column="expected and received")
    if guess.scale is None:
        raise BadOption(
            f"The answers fit no usual scale: they lie from {min(values):g} to {max(values):g}.",
            hint="Say which it is with --scale 1..7; amounts such as days are named with --less-is-better.",
        )
    return ScaleFound(guess.scale, (*guess.notes, *_zeros(values, guess.scale)))


def rating_cell(scale: Scale, wishes: Wishes, *, turned: bool = False) -> CellReader:
    """How a column of ratings is read; cells with a scale of their own are brought to ``scale``.

    ``turned`` says that the column runs the other way: its highest answer becomes the lowest.
    """
    outside = f"outside the scale {scale_name(scale)}"

    def read(cell: Cell) -> float | str:
        if value_of(cell) is None:
            return math.nan
        given = read_rating(cell)
        if given is None or not math.isfinite(given.value):
            return NO_NUMBER
        if given.value in wishes.not_applicable:
            return NOT_APPLICABLE
        own = own_scale(given, top=None, zero_seen=scale.low == 0.0)
        share = rating_on(given, scale=own or scale)
        if share is None:
            return outside
        value = given.value if own is None else scale.low + share * (scale.high - scale.low)
        return scale.low + scale.high - value if turned else value

    return read


def amount_cell(pair: SurveyPair, *, column: str, style: NumberStyle, wishes: Wishes) -> CellReader:
    """How the cells of a column of amounts are read, all in the unit of the pair."""
    here = unit_in(column) or pair.unit

    def read(cell: Cell) -> float | str:
        if value_of(cell) is None:
            return math.nan
        found = read_quantity(cell, style=style)
        if found is None or not math.isfinite(found.value):
            return NO_NUMBER
        if found.value in wishes.not_applicable:
            return NOT_APPLICABLE
        unit, per = UNITS_OF_TIME.get(found.unit, (found.unit, 1.0)) if found.unit else (here, 1.0)
        if unit in _MINUTES and pair.unit in _MINUTES:
            value = found.value * per * _MINUTES[unit] / _MINUTES[pair.unit]
            return BELOW_ZERO if value < 0.0 else value
        return found.value if unit == pair.unit or not found.unit else OTHER_UNIT

    return read


def holds_answers(cells: Counter[Cell]) -> bool:
    """Whether at least half of the filled cells are ratings or amounts."""
    filled = {cell: count for cell, count in cells.items() if value_of(cell) is not None}
    style = number_style(filled)
    looked_at = dict(islice(filled.items(), _LOOK_AT))
    readable = sum(
        count
        for cell, count in looked_at.items()
        if read_rating(cell) is not None or read_quantity(cell, style=style) is not None
    )
    return bool(looked_at) and readable >= 0.5 * sum(looked_at.values())


def _filled(pairs: Iterable[SurveyPair], cells: Callable[[str], Counter[Cell]]) -> Counter[Cell]:
    columns = dict.fromkeys(
        column
        for pair in pairs
        for column in (pair.expected, pair.received, pair.adequate, pair.desired)
        if column
    )
    return _filled_of(columns, cells)


def _filled_of(columns: Iterable[str], cells: Callable[[str], Counter[Cell]]) -> Counter[Cell]:
    """How often each filled cell stands in some columns."""
    found: Counter[Cell] = Counter()
    for column in columns:
        found.update({cell: count for cell, count in cells(column).items() if value_of(cell) is not None})
    return found


def _zeros(values: Counter[float], scale: Scale) -> tuple[str, ...]:
    """What to say of zeros that may as well mean that nothing was answered."""
    zeros, answers = values[0.0], values.total()
    if scale.low != 0.0 or scale.high not in (5.0, 10.0) or zeros > 0.2 * answers:
        return ()
    return (
        f"0 was read as the lowest answer of {scale_name(scale)} ({zeros} of {answers} answers looked at); "
        "if it means “not applicable”, say so with --not-applicable 0.",
    )


def _kind_of(pair: PairColumns, *, cells: Callable[[str], Counter[Cell]], wishes: Wishes) -> SurveyPair:
    columns: Mapping[str, str] = pair.columns
    values = _filled_of(columns.values(), cells)
    unit = _unit(columns.values(), values)
    given = pair.name in wishes.less or pair.name in wishes.more
    level = given or bool(unit) or (wishes.scale is None and _fits_no_scale(values, wishes))
    less = pair.name in wishes.less or (
        pair.name not in wishes.more and (unit in _MINUTES or any(map(is_better_less, columns.values())))
    )
    return SurveyPair(
        name=pair.name,
        expected=columns.get("expected", ""),
        received=columns["received"],
        adequate=columns.get("adequate", ""),
        desired=columns.get("desired", ""),
        dimension=pair.dimension if not level else "",
        kind="level" if level else "rating",
        better="less" if level and less else "more",
        unit=(unit or wishes.unit) if level else "",
    )


def _unit(columns: Iterable[str], values: Counter[Cell]) -> str:
    """The unit beside most of the numbers, else the one in a header; "" where there is none."""
    style = number_style(values)
    units: Counter[str] = Counter()
    for cell, count in values.items():
        if isinstance(cell, str) and read_rating(cell) is None:
            found = read_quantity(cell, style=style)
            if found is not None and found.unit:
                units[UNITS_OF_TIME.get(found.unit, (found.unit, 1.0))[0]] += count
    if units and 2 * units.total() >= values.total():
        return units.most_common(1)[0][0]
    return next((unit for column in columns if (unit := unit_in(column))), "")


def _fits_no_scale(values: Counter[Cell], wishes: Wishes) -> bool:
    plain, _ = _ratings(values, wishes)
    return bool(plain) and guess_scale(plain, column="pair").scale is None


def _ratings(values: Counter[Cell], wishes: Wishes) -> tuple[Counter[float], Scale | None]:
    """Plain numbers among filled cells, and the scale of those that bring their own."""
    plain, own = Counter[float](), None
    for cell, count in values.items():
        given = read_rating(cell)
        if given is None or given.value in wishes.not_applicable:
            continue
        brought = own_scale(given, top=None, zero_seen=False)
        if brought is None:
            plain[given.value] += count
        else:
            own = own or brought
    return plain, own
