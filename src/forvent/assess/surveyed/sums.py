"""Sums over respondents: all that gaps, their spread, and shares of met pairs need of a set of sheets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from forvent.assess.surveyed.sheets import Codes, Floats, Sheets, Truths
from forvent.stats.clusters import ClusterSums

# Sheets taken at once: changes memory, never more than the last digits of the answer.
AT_ONCE = 1 << 15
_SHARES = ("cases", "met", "cases_squared", "met_squared", "products")


@dataclass(frozen=True, slots=True, eq=False)
class Sums:
    """Sums over the respondents of a set of sheets, for k pairs and m mixes of them.

    ``total`` (3k,) and ``cross`` (3k, 3k) are of a respondent's sums of ``Sheets.parts``. ``people`` (m,)
    counts those who answered any pair of a mix; ``cases``, ``met`` and their squares and products (m,) are
    of their whole pairs and of those that were met.
    """

    sheets: int
    respondents: int
    total: Floats
    cross: Floats
    people: Codes
    shares: dict[str, Floats] = field(repr=False)

    def share(self, mix: int) -> ClusterSums:
        """What the share met of a mix needs."""
        held = {name: values[mix] for name, values in self.shares.items()}
        return ClusterSums(
            clusters=int(self.people[mix]),
            cases=round(float(held["cases"])),
            successes=float(held["met"]),
            cases_squared=float(held["cases_squared"]),
            successes_squared=float(held["met_squared"]),
            products=float(held["products"]),
        )


@dataclass(frozen=True, slots=True, eq=False)
class TwoSides:
    """Sums of a group, those of all other sheets, and the products of both (3k, 3k)."""

    group: Sums
    rest: Sums
    shared: Floats


def all_sums(sheets: Sheets, mixes: Truths) -> Sums:
    """Sums of all sheets.

    Parameters
    ----------
    sheets
        The answers.
    mixes
        Pairs of each mix, shape (m, k).

    Returns
    -------
    Sums
        Over all respondents.

    Source
    ------
    Our own definition, docs/formulas/assess-surveyed.md#gap.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from forvent.assess.surveyed.sheets import sheets_of
    >>> rows = {"customer": ["x", "y"], "expected_0": [9.0, 7.0], "received_0": [7.0, 7.0]}
    >>> found = all_sums(sheets_of(pa.table(rows), better=("more",)), np.array([[True]]))
    >>> found.respondents, found.shares["met"].tolist()
    (2, [1.0])
    """
    rows = np.arange(sheets.person.size)
    if sheets.persons < rows.size:
        rows = np.argsort(sheets.person, kind="stable")
    return _sums_of(sheets, mixes, rows=rows)


def side_sums(sheets: Sheets, mixes: Truths, *, inside: Truths, total: Sums) -> TwoSides:
    """Sums of the sheets of a group and of all others; a respondent may stand on both sides.

    Parameters
    ----------
    sheets
        The answers.
    mixes
        Pairs of each mix, shape (m, k).
    inside
        True for the sheets of the group, shape (n,).
    total
        Result of ``all_sums``.

    Returns
    -------
    TwoSides
        Both sides.

    Source
    ------
    Our own definition, docs/formulas/assess-surveyed.md#groups.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from forvent.assess.surveyed.sheets import sheets_of
    >>> rows = {"customer": ["x", "y", "x"], "expected_0": [9.0, 7.0, 8.0], "received_0": [7.0, 7.0, 9.0]}
    >>> sheets, mixes = sheets_of(pa.table(rows), better=("more",)), np.array([[True]])
    >>> group = np.array([True, True, False])
    >>> found = side_sums(sheets, mixes, inside=group, total=all_sums(sheets, mixes))
    >>> found.group.respondents, found.rest.respondents
    (2, 1)
    """
    if sheets.persons == sheets.person.size:
        alone = _sums_of(sheets, mixes, rows=np.flatnonzero(inside))
        found = _Inside(alone, np.zeros_like(alone.cross), 0, np.zeros_like(alone.people))
    else:
        found = _inside(sheets, mixes, inside=inside)
    group, shared = found.sums, found.shared
    rest = Sums(
        sheets=total.sheets - group.sheets,
        respondents=total.respondents - group.respondents + found.both,
        total=total.total - group.total,
        cross=total.cross - group.cross - shared - shared.T,
        people=total.people - group.people + found.both_people,
        shares={},
    )
    return TwoSides(group, rest, shared)


class _Running:
    """Sums that grow portion by portion."""

    def __init__(self, width: int, mixes: Truths) -> None:
        many = mixes.shape[0]
        self.weights = mixes.astype(np.float64)
        self.total, self.cross = np.zeros(width), np.zeros((width, width))
        self.people = np.zeros(many, np.int64)
        self.shares = {name: np.zeros(many) for name in _SHARES}
        self.sheets = self.respondents = 0

    def add(self, parts: Floats, met: Floats, *, sheets: int) -> Truths:
        """Add the sums of some respondents, one a column; says who of them answered which mix."""
        self.total += parts.sum(axis=1)
        self.cross += parts @ parts.T
        answered, liked = self.answered(parts), self.weights @ met
        for name, one, other in (
            ("cases_squared", answered, answered),
            ("met_squared", liked, liked),
            ("products", answered, liked),
        ):
            self.shares[name] += np.einsum("ij,ij->i", one, other)
        self.shares["cases"] += answered.sum(axis=1)
        self.shares["met"] += liked.sum(axis=1)
        self.people += np.count_nonzero(answered, axis=1)
        self.sheets += sheets
        self.respondents += parts.shape[1]
        return answered > 0.0

    def answered(self, parts: Floats) -> Floats:
        """Whole pairs of each mix."""
        whole: Floats = self.weights @ parts[2 * self.weights.shape[1] :]
        return whole

    def sums(self) -> Sums:
        """What was summed."""
        return Sums(self.sheets, self.respondents, self.total, self.cross, self.people, self.shares)


@dataclass(frozen=True, slots=True, eq=False)
class _Inside:
    """Sums of a group, its products with what the same respondents answered outside, and how many those are.

    ``both`` counts them over all, ``both_people`` by mix.
    """

    sums: Sums
    shared: Floats
    both: int
    both_people: Codes


def _sums_of(sheets: Sheets, mixes: Truths, *, rows: Codes) -> Sums:
    """Sums of some sheets, which are in the order of respondents."""
    running = _Running(sheets.parts.shape[0], mixes)
    for held in _portions(sheets, rows):
        starts = _starts(sheets.person[held])
        parts = _by_person(_taken(sheets.parts, held), starts)
        met = _by_person(_taken(sheets.met, held), starts)
        running.add(parts, met, sheets=held.size)
    return running.sums()


def _inside(sheets: Sheets, mixes: Truths, *, inside: Truths) -> _Inside:
    """A group whose respondents may have answered outside it too."""
    width = sheets.parts.shape[0]
    touched = np.zeros(sheets.persons, np.bool_)
    touched[sheets.person[inside]] = True
    rows = np.flatnonzero(touched[sheets.person])
    rows = rows[np.argsort(sheets.person[rows], kind="stable")]
    running, shared = _Running(width, mixes), np.zeros((width, width))
    both, both_people = 0, np.zeros(mixes.shape[0], np.int64)
    for held in _portions(sheets, rows):
        starts, mark = _starts(sheets.person[held]), inside[held]
        everywhere = sheets.parts[:, held]
        here = _by_person(everywhere * mark, starts)
        met = _by_person(sheets.met[:, held] & mark, starts)
        answered = running.add(here, met, sheets=int(np.count_nonzero(mark)))
        there = _by_person(everywhere, starts) - here
        shared += here @ there.T
        both += int(np.count_nonzero(np.add.reduceat((~mark).astype(np.int64), starts)))
        both_people += np.count_nonzero(answered & (running.answered(there) > 0.0), axis=1)
    return _Inside(running.sums(), shared, both, both_people)


def _portions(sheets: Sheets, rows: Codes) -> Iterator[Codes]:
    """Rows some ten thousands at a time, no respondent cut in two."""
    start = 0
    while start < rows.size:
        end = min(start + AT_ONCE, rows.size)
        if end < rows.size and sheets.persons < sheets.person.size:
            same = sheets.person[rows[end:]] != sheets.person[rows[end - 1]]
            end = end + int(same.argmax()) if same.any() else rows.size
        yield rows[start:end]
        start = end


def _taken(values: Floats | Truths, held: Codes) -> Floats | Truths:
    """Columns of an array; a view where they stand side by side."""
    first, last = int(held[0]), int(held[-1])
    if last - first + 1 == held.size and bool((np.diff(held) == 1).all()):
        return values[:, first : last + 1]
    return values[:, held]


def _starts(person: Codes) -> Codes:
    return np.flatnonzero(np.concatenate(([True], person[1:] != person[:-1]))).astype(np.int64)


def _by_person(values: Floats | Truths, starts: Codes) -> Floats:
    """Sums of the columns of each respondent."""
    plain = values.astype(np.float64, copy=False)
    if starts.size == values.shape[1]:
        return plain
    summed: Floats = np.add.reduceat(plain, starts, axis=1)
    return summed
