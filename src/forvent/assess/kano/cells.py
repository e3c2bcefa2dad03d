"""The 25 cells of a pair of answers: which kind each says, and how many pairs fall into it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import narwhals as nw
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from forvent.errors import BadOption
from forvent.records import KanoCounts
from forvent.tables import Table

Cells: TypeAlias = NDArray[np.int64]
"""Pairs by functional (row) and dysfunctional answer (column), shape (…, 5, 5)."""

ANSWERS = ("like", "must be", "neutral", "live with", "dislike")
QUESTIONABLE = "questionable"
#: Rows: with the feature; columns: without it; both in the order of ``ANSWERS``.
KANO_TABLE = (
    (QUESTIONABLE, "excitement", "excitement", "excitement", "performance"),
    ("reverse", "indifferent", "indifferent", "indifferent", "basic"),
    ("reverse", "indifferent", "indifferent", "indifferent", "basic"),
    ("reverse", "indifferent", "indifferent", "indifferent", "basic"),
    ("reverse", "reverse", "reverse", "reverse", QUESTIONABLE),
)
#: What a pair can say, in the order in which a tie is broken; a questionable pair says nothing.
ASKED_KINDS = ("basic", "performance", "excitement", "indifferent", "reverse")
_SAYS = np.array(KANO_TABLE)


@dataclass(frozen=True, slots=True, eq=False)
class KanoCells:
    """Pairs by group, feature and cell: shape (groups, features, 5, 5).

    Groups and features are in alphabetical order; the name of a group is None where its rows have none.
    """

    groups: tuple[str | None, ...]
    features: tuple[str, ...]
    counts: Cells


def kano_kind(functional: int, dysfunctional: int) -> str:
    """What one pair of answers says of a feature.

    Parameters
    ----------
    functional
        Answer to "how is it with the feature?": 1 like, 2 must be, 3 neutral, 4 live with, 5 dislike.
    dysfunctional
        Answer to "how is it without it?", alike.

    Returns
    -------
    str
        basic (M), performance (O), excitement (A), indifferent (I), reverse (R) or questionable (Q).

    Raises
    ------
    BadOption
        If an answer is none of 1 to 5.

    Source
    ------
    Berger et al. (1993), Center for Quality of Management Journal 2(4), after Kano et al. (1984).

    Examples
    --------
    >>> kano_kind(1, 5), kano_kind(3, 5), kano_kind(1, 3), kano_kind(1, 1)
    ('performance', 'basic', 'excitement', 'questionable')
    """
    for answer in (functional, dysfunctional):
        if answer not in range(1, 6):
            raise BadOption(f"{answer} is no answer.", hint="Answers are 1 (like) to 5 (dislike).")
    return KANO_TABLE[functional - 1][dysfunctional - 1]


def kano_cells(answers: Table, *, by: str | None = None) -> Table:
    """How many pairs fall into each cell, by feature and, on demand, by group.

    Parameters
    ----------
    answers
        Table of answers (``tables.KANO_ANSWERS``), each sheet and feature once. Pairs with one answer
        missing are left out.
    by
        A column of text that groups the pairs, such as wave.

    Returns
    -------
    Table
        group (null where not grouped or unknown), feature, functional, dysfunctional, n; sorted.

    Source
    ------
    Our own definition, docs/formulas/assess-kano.md#cells.

    Examples
    --------
    >>> rows = pa.table(
    ...     {
    ...         "feature": ["chat", "chat"],
    ...         "functional": pa.array([1, 1]),
    ...         "dysfunctional": pa.array([5, None]),
    ...     }
    ... )
    >>> kano_cells(nw.from_native(rows).lazy()).collect().rows()
    [(None, 'chat', 1, 5, 1)]
    """
    group = nw.lit(None, nw.String) if by is None else nw.col(by)
    whole = ~nw.col("functional").is_null() & ~nw.col("dysfunctional").is_null()
    keys = ("group", "feature", "functional", "dysfunctional")
    counted = (
        answers.filter(whole)
        .with_columns(group=group)
        .select(*keys)
        .group_by(*keys)
        .agg(n=nw.len())
        .with_columns(nw.col("n").cast(nw.Int64))
    )
    return counted.sort(*keys)


def same_answers(answers: Table, *, least: int = 3) -> Table:
    """How many sheets there are, and how many of them give one answer to everything.

    Parameters
    ----------
    answers
        Table of answers (``tables.KANO_ANSWERS``); only whole pairs count.
    least
        Features that a sheet must answer before "one answer to everything" means anything.

    Returns
    -------
    Table
        One row: sheets, same.

    Source
    ------
    Our own definition, docs/formulas/assess-kano.md#cautions.

    Examples
    --------
    >>> rows = pa.table({"sheet": [1, 1, 1, 2], "functional": [3, 3, 3, 1], "dysfunctional": [3, 3, 3, 5]})
    >>> same_answers(nw.from_native(rows).lazy()).collect().rows()
    [(2, 1)]
    """
    first, second = nw.col("functional"), nw.col("dysfunctional")
    pairs = answers.filter(~first.is_null() & ~second.is_null()).select(
        "sheet", low=nw.min_horizontal(first, second), high=nw.max_horizontal(first, second)
    )
    sheets = pairs.group_by("sheet").agg(pairs=nw.len(), low=nw.col("low").min(), high=nw.col("high").max())
    even = (nw.col("low") == nw.col("high")) & (nw.col("pairs") >= least)
    flagged = sheets.with_columns(same=even.cast(nw.Int64))
    return flagged.select(sheets=nw.len().cast(nw.Int64), same=nw.col("same").sum().cast(nw.Int64))


def cell_counts(cells: pa.Table, *, features: tuple[str, ...] = ()) -> KanoCells:
    """Collected cells as an array.

    Parameters
    ----------
    cells
        Collected ``kano_cells``.
    features
        Features that are there even if nobody answered them.

    Returns
    -------
    KanoCells
        Counts of shape (groups, features, 5, 5).

    Raises
    ------
    BadOption
        If an answer is none of 1 to 5.

    Source
    ------
    Our own definition, docs/formulas/assess-kano.md#cells.

    Examples
    --------
    >>> rows = pa.table(
    ...     {
    ...         "group": pa.array([None], pa.string()),
    ...         "feature": ["chat"],
    ...         "functional": [1],
    ...         "dysfunctional": [5],
    ...         "n": [7],
    ...     }
    ... )
    >>> found = cell_counts(rows, features=("app",))
    >>> found.features, found.counts[0, :, 0, 4].tolist()
    (('app', 'chat'), [0, 7])
    """
    answers = [np.asarray(cells[name].to_numpy(), dtype=np.int64) for name in ("functional", "dysfunctional")]
    for given in answers:
        wrong = given[(given < 1) | (given > 5)]
        if wrong.size:
            raise BadOption(f"{wrong[0]} is no answer.", hint="Answers are 1 (like) to 5 (dislike).")
    told, asked = cells["group"].to_pylist(), cells["feature"].to_pylist()
    names = tuple(sorted({*asked, *features}))
    groups: tuple[str | None, ...] = tuple(sorted({name for name in told if name is not None}))
    # Rows without a group come last; a table without rows has the one group of all.
    groups = (*groups, None) if None in told or not groups else groups
    group_at, feature_at = ({name: place for place, name in enumerate(all_)} for all_ in (groups, names))
    shape = (len(groups), len(names), 5, 5)
    places = (
        np.array([group_at[name] for name in told], dtype=np.int64),
        np.array([feature_at[name] for name in asked], dtype=np.int64),
        answers[0] - 1,
        answers[1] - 1,
    )
    counts = np.zeros(shape, dtype=np.int64)
    np.add.at(counts.reshape(-1), np.ravel_multi_index(places, shape), np.asarray(cells["n"].to_numpy()))
    return KanoCells(groups, names, counts)


def kind_counts(cells: Cells) -> KanoCounts:
    """Pairs of one feature by what they say.

    Parameters
    ----------
    cells
        Counts, shape (5, 5): functional answer by dysfunctional answer.

    Returns
    -------
    KanoCounts
        Pairs by kind, and questionable ones.

    Source
    ------
    Berger et al. (1993), Center for Quality of Management Journal 2(4).

    Examples
    --------
    >>> kind_counts(np.ones((5, 5), dtype=np.int64))
    KanoCounts(basic=3, performance=1, excitement=3, indifferent=9, reverse=7, questionable=2)
    """
    said = {kind: int(cells[kind == _SAYS].sum()) for kind in (*ASKED_KINDS, QUESTIONABLE)}
    return KanoCounts(**said)
