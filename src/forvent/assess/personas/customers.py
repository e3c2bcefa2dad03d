"""Collected tables of customers as the arrays that groups are found in and described by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from forvent.assess.personas.patterns import Patterns, patterns_of

Floats: TypeAlias = NDArray[np.float64]
Codes: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]

#: Customers, and share of those who mention anything, that an expectation needs to tell groups apart.
LEAST_MENTIONED, LEAST_SHARE = 20, 0.01
#: Customers on either side that a wish or a level needs, and how many of these are used at most.
LEAST_NUANCE, MOST_NUANCES = 30, 8
WISHED, SOONER = "wished", "sooner"


@dataclass(frozen=True, slots=True)
class Nuance:
    """What can be said about a mention: that it is wished for, or wanted within so many seconds."""

    expectation: int
    feature: str
    within: float | None = None


@dataclass(frozen=True, eq=False)
class Customers:
    """What n customers mention, in m rows of one customer and expectation each.

    ``customer`` and ``expectation``, shape (m,), are codes; ``content``, ``judged`` and ``wished`` count
    voices (a mixed one is half content), ``within`` is the level stated in seconds, NaN where none is.
    ``rated`` and ``rating`` (their sum), shape (n,), are of the ratings. ``owner`` and ``trait``, shape (t,),
    tell which customer has which of ``traits``, pairs of column and value.
    """

    expectations: tuple[str, ...]
    customer: Codes
    expectation: Codes
    content: Floats
    judged: Floats
    wished: Floats
    within: Floats
    rated: Floats
    rating: Floats
    owner: Codes
    trait: Codes
    traits: tuple[tuple[str, str], ...]

    @property
    def count(self) -> int:
        """Customers who say something."""
        return self.rated.size

    @property
    def mentioning(self) -> Flags:
        """Whether each customer mentions an expectation, shape (n,)."""
        flags = np.zeros(self.count, dtype=np.bool_)
        flags[self.customer] = True
        return flags


@dataclass(frozen=True, eq=False)
class Grouped:
    """The customers who can be grouped: what they say as patterns, and which pattern each customer says.

    ``expectations`` are the codes of those that tell groups apart, ``nuances`` what is asked about them;
    ``place`` has shape (n,) and is −1 for customers who mention none of these.
    """

    patterns: Patterns
    place: Codes
    expectations: Codes
    nuances: tuple[Nuance, ...]


def customers(heard: pa.Table, *, mentions: pa.Table, traits: pa.Table | None = None) -> Customers:
    """Collected tables as codes; what does not hang on the order of rows is the same for every order.

    Parameters
    ----------
    heard
        Collected ``customers_heard``.
    mentions
        Collected ``customers_mentions``.
    traits
        Collected ``customers_traits``; none if not given.

    Returns
    -------
    Customers
        What ``personas`` and ``segments`` read.

    Source
    ------
    Our own definition, docs/formulas/assess-personas.md#customers.

    Examples
    --------
    >>> heard = pa.table({"person": ["a", "b"], "rated": [1, 0], "rating": [0.5, 0.0]})
    >>> said = {"person": ["b"], "expectation": ["on_time"], "met": [1], "unmet": [0], "mixed": [0]}
    >>> told = pa.table(said | {"wished": [0], "level_seconds": pa.array([None], pa.float64())})
    >>> found = customers(heard, mentions=told)
    >>> found.count, found.customer.tolist(), found.mentioning.tolist()
    (2, [1], [False, True])
    """
    people = heard["person"].combine_chunks()
    names = tuple(sorted(pc.unique(mentions["expectation"]).to_pylist()))
    met, mixed, unmet, wished = (_floats(mentions[name]) for name in ("met", "mixed", "unmet", "wished"))
    owner, trait, pairs = _traits(traits, people)
    return Customers(
        expectations=names,
        customer=_codes(mentions["person"], people),
        expectation=_codes(mentions["expectation"], pa.array(names, pa.string())),
        content=met + mixed / 2.0,
        judged=met + mixed + unmet,
        wished=wished,
        within=_floats(mentions["level_seconds"]),
        rated=_floats(heard["rated"]),
        rating=_floats(heard["rating"]),
        owner=owner,
        trait=trait,
        traits=pairs,
    )


def grouped(found: Customers) -> Grouped:
    """What tells customers apart: expectations that enough of them mention, and how they mention them.

    Parameters
    ----------
    found
        The customers.

    Returns
    -------
    Grouped
        Patterns over the expectations that 20 customers, and one in a hundred of those who mention any, name;
        over the eight wishes and levels of these that part most customers, with 30 on either side.

    Source
    ------
    Our own definition, docs/formulas/assess-personas.md#groups.
    """
    mentioned = np.bincount(found.expectation, minlength=len(found.expectations))
    least = max(LEAST_MENTIONED, LEAST_SHARE * int(found.mentioning.sum()))
    used = np.flatnonzero(mentioned >= least)
    new = np.full(len(found.expectations), -1)
    new[used] = np.arange(used.size)
    rows = np.flatnonzero(new[found.expectation] >= 0)
    said = np.zeros((found.count, used.size), dtype=np.bool_, order="F")
    said[found.customer[rows], new[found.expectation[rows]]] = True
    nuances = _nuances(found, used)
    asked, answered = (np.zeros((found.count, len(nuances)), dtype=np.bool_, order="F") for _ in range(2))
    for at, nuance in enumerate(nuances):
        asks, answers = nuance_rows(found, nuance)
        asked[found.customer[asks], at] = True
        answered[found.customer[answers], at] = True
    some = said.any(axis=1)
    patterns, own = patterns_of(said[some], asked=asked[some], answered=answered[some])
    place = np.full(found.count, -1)
    place[some] = own
    return Grouped(patterns, place, used, nuances)


def nuance_rows(found: Customers, nuance: Nuance) -> tuple[Codes, Codes]:
    """Rows in which a nuance applies, and those of them in which it is so."""
    mine = found.expectation == nuance.expectation
    if nuance.feature == WISHED:
        return np.flatnonzero(mine), np.flatnonzero(mine & (found.wished > 0))
    asks = mine & ~np.isnan(found.within)
    return np.flatnonzero(asks), np.flatnonzero(asks & (found.within <= (nuance.within or 0.0)))


def _nuances(found: Customers, used: Codes) -> tuple[Nuance, ...]:
    """The nuances that part most customers, in the order of the expectations."""
    said = np.bincount(found.expectation, minlength=len(found.expectations))
    wished = np.bincount(found.expectation[found.wished > 0], minlength=len(found.expectations))
    stating = np.flatnonzero(~np.isnan(found.within))
    sides: dict[Nuance, int] = {}
    for expectation in used.tolist():
        side = int(min(wished[expectation], said[expectation] - wished[expectation]))
        sides[Nuance(expectation, WISHED)] = side
        levels = found.within[stating[found.expectation[stating] == expectation]]
        if levels.size:
            cut = _cut(levels)
            below = int((levels <= cut).sum())
            sides[Nuance(expectation, SOONER, cut)] = min(below, levels.size - below)
    wide = sorted((one for one in sides if sides[one] >= LEAST_NUANCE), key=lambda one: -sides[one])
    return tuple(one for one in sides if one in wide[:MOST_NUANCES])


def _cut(stated: Floats) -> float:
    """The stated level that parts the customers most evenly: that many ask for it or for less."""
    levels, counts = np.unique(stated, return_counts=True)
    below = np.cumsum(counts)
    return float(levels[np.abs(below - stated.size / 2.0).argmin()])


def _traits(table: pa.Table | None, people: pa.Array) -> tuple[Codes, Codes, tuple[tuple[str, str], ...]]:
    if table is None or not table.num_rows:
        return np.zeros(0, np.int64), np.zeros(0, np.int64), ()
    columns, values = (table[name].combine_chunks().dictionary_encode() for name in ("column", "value"))
    width = len(values.dictionary)
    joined = _integers(columns.indices) * width + _integers(values.indices)
    kinds, code = np.unique(joined, return_inverse=True)
    pairs = [
        (columns.dictionary[int(kind) // width].as_py(), values.dictionary[int(kind) % width].as_py())
        for kind in kinds
    ]
    order = sorted(range(len(pairs)), key=pairs.__getitem__)
    rank = np.empty(len(pairs), dtype=np.int64)
    rank[order] = np.arange(len(pairs))
    return _codes(table["person"], people), rank[code], tuple(pairs[at] for at in order)


def _codes(words: pa.ChunkedArray, names: pa.Array) -> Codes:
    return np.asarray(pc.index_in(words, value_set=names).to_numpy(), dtype=np.int64)


def _integers(codes: pa.Array) -> Codes:
    return np.asarray(codes.to_numpy(zero_copy_only=False), dtype=np.int64)


def _floats(column: pa.ChunkedArray) -> Floats:
    return np.asarray(pc.fill_null(pc.cast(column, pa.float64()), np.nan).to_numpy(), dtype=np.float64)
