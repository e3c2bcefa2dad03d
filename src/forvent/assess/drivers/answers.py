"""Answers of a survey: from a table of ratings to what every number about drivers needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import narwhals as nw
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from forvent.errors import BadOption, TooFewObservations
from forvent.records.reading import Scale
from forvent.tables import Table

Floats = NDArray[np.float64]
Bytes = NDArray[np.int8]

#: States of an answer about a touchpoint.
BLANK, NOT_APPLICABLE, LOW, MIDDLE, HIGH = -2, -1, 0, 1, 2
#: Parts of the scale (0–1) up to which a rating is low, and from which it is high.
LOW_UNTIL, HIGH_FROM = 0.3, 0.7
_OVERALL, _CUSTOMER = "overall", "customer"
_EDGE = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """Answers of n people about k touchpoints, all on scales from 0 to 1.

    ``overall`` has shape (n,), ``ratings`` shape (n, k) with NaN where there is none, ``states`` the same
    shape and says why, and where on the scale a rating lies. ``customer`` numbers who answered.
    """

    names: tuple[str, ...]
    overall: Floats
    ratings: Floats
    states: Bytes
    customer: NDArray[np.int64]


def scaled_answers(
    answers: Table,
    *,
    overall: tuple[str, Scale],
    touchpoints: Mapping[str, Scale],
    not_applicable: float | None = None,
    customer: str | None = None,
    kept: Sequence[str] = (),
) -> Table:
    """Ratings between 0 and 1, lazily; what lies outside its scale is null.

    Parameters
    ----------
    answers
        One row a person (or a person at one time); columns of numbers as they were given.
    overall
        Column of overall satisfaction, and its scale.
    touchpoints
        Columns of ratings with their scales; ``low`` above ``high`` turns a scale that is upside down.
    not_applicable
        Value that says that a touchpoint does not apply; it is no rating, whatever the scale is.
    customer
        Column that says who answered, where somebody may have answered twice.
    kept
        Further columns to keep as they are, such as those of segments.

    Returns
    -------
    Table
        ``overall``, where there is one ``customer``, and for touchpoint number i ``rating_i`` (null where
        none was given) and ``none_i`` (true where it was said not to apply). Rows without overall
        satisfaction are left out.

    Source
    ------
    Our own definition, docs/formulas/assess-drivers.md#answers.

    Examples
    --------
    >>> import duckdb
    >>> given = duckdb.from_arrow(pa.table({"csat": [5.0, 1.0], "staff": [3.0, 0.0]}))
    >>> scaled = scaled_answers(
    ...     nw.from_native(given).lazy(),
    ...     overall=("csat", Scale(1, 5)),
    ...     touchpoints={"staff": Scale(1, 5)},
    ...     not_applicable=0.0,
    ... )
    >>> scaled.collect("pyarrow").to_native().to_pylist()  # doctest: +NORMALIZE_WHITESPACE
    [{'overall': 1.0, 'rating_0': 0.5, 'none_0': False},
     {'overall': 0.0, 'rating_0': None, 'none_0': True}]
    """
    column, scale = overall
    chosen = [_scaled(nw.col(column), scale).alias(_OVERALL)]
    if customer is not None:
        chosen.append(nw.col(customer).alias(_CUSTOMER))
    chosen += [nw.col(name) for name in kept]
    for number, (name, own) in enumerate(touchpoints.items()):
        given = nw.col(name)
        none = nw.lit(value=False) if not_applicable is None else given == not_applicable
        rating = _scaled(given, own, apart=not_applicable)
        chosen += [rating.alias(f"rating_{number}"), none.fill_null(value=False).alias(f"none_{number}")]
    return answers.select(*chosen).filter(~nw.col(_OVERALL).is_null())


def answers_of(
    scaled: pa.Table, *, names: tuple[str, ...], low: float = LOW_UNTIL, high: float = HIGH_FROM
) -> Answers:
    """Collected rows of :func:`scaled_answers` as arrays.

    Parameters
    ----------
    scaled
        The collected table.
    names
        Names of the touchpoints, in the order they were given.
    low
        Part of the scale (0–1) up to which a rating is low.
    high
        Part of the scale from which it is high.

    Returns
    -------
    Answers
        One row a row of the table.

    Raises
    ------
    BadOption
        If no middle is left between ``low`` and ``high``.
    TooFewObservations
        If nobody said how satisfied they are overall.

    Source
    ------
    Our own definition, docs/formulas/assess-drivers.md#answers.

    Examples
    --------
    >>> rows = pa.table({"overall": [1.0, 0.0], "rating_0": [0.75, None], "none_0": [False, True]})
    >>> answers_of(rows, names=("staff",)).states.tolist()
    [[2], [-1]]
    """
    if not 0.0 <= low < high <= 1.0:
        raise BadOption(
            f"Low up to {low:g} and high from {high:g} leave no middle of the scale.",
            hint=f"{LOW_UNTIL} and {HIGH_FROM} of the scale are usual.",
        )
    if scaled.num_rows == 0:
        raise TooFewObservations(
            "Nobody said how satisfied they are overall.", hint="Name the column of overall satisfaction."
        )
    shape = (scaled.num_rows, len(names))
    ratings, states = np.full(shape, np.nan), np.full(shape, BLANK, dtype=np.int8)
    for number in range(len(names)):
        rating = scaled[f"rating_{number}"].to_numpy().astype(np.float64)
        ratings[:, number] = rating
        states[:, number] = _states(rating, low=low, high=high)
        states[scaled[f"none_{number}"].to_numpy(), number] = NOT_APPLICABLE
    return Answers(
        names=names,
        overall=scaled[_OVERALL].to_numpy().astype(np.float64),
        ratings=ratings,
        states=states,
        customer=_numbered(scaled),
    )


def _scaled(given: nw.Expr, scale: Scale, *, apart: float | None = None) -> nw.Expr:
    lowest, highest = sorted((scale.low, scale.high))
    inside = (given >= lowest) & (given <= highest)
    if apart is not None and lowest <= apart <= highest:
        inside &= given != apart
    return nw.when(inside).then((given - scale.low) * (1.0 / (scale.high - scale.low)))


def _states(rating: Floats, *, low: float, high: float) -> Bytes:
    states = np.full(rating.shape, MIDDLE, dtype=np.int8)
    states[rating <= low + _EDGE] = LOW
    states[rating >= high - _EDGE] = HIGH
    states[np.isnan(rating)] = BLANK
    return states


def _numbered(scaled: pa.Table) -> NDArray[np.int64]:
    """Number of who answered; where that is not known, everybody answered once."""
    if _CUSTOMER not in scaled.column_names:
        return np.arange(scaled.num_rows)
    known = scaled[_CUSTOMER].combine_chunks().dictionary_encode().indices
    codes = known.to_numpy(zero_copy_only=False).astype(np.float64)
    missing = np.isnan(codes)
    codes[missing] = codes.size + np.flatnonzero(missing)
    numbers: NDArray[np.int64] = codes.astype(np.int64)
    return numbers
