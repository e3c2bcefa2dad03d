"""Sums over respondents: all that gaps, their spread, and shares of met pairs need of a set of sheets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TypeVar

import numpy as np

from forvent.assess.surveyed.sheets import Codes, Floats, Sheets, Truths
from forvent.stats.clusters import ClusterSums

# Sheets taken at once: changes memory, never more than the last digits of the answer.
AT_ONCE = 1 << 13
Column = TypeVar("Column", Floats, Truths)


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
    (found,) = _tallies(sheets, mixes, group=np.zeros(sheets.person.size, np.int64), groups=1)
    return found.sums()


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
    (found,) = cut_sums(sheets, mixes, group=np.where(inside, 0, -1), groups=1, total=total)
    return found


def cut_sums(
    sheets: Sheets, mixes: Truths, *, group: Codes, groups: int, total: Sums
) -> tuple[TwoSides, ...]:
    """Sums of each group of sheets beside those of all other sheets, in one pass over the sheets.

    Parameters
    ----------
    sheets
        The answers.
    mixes
        Pairs of each mix, shape (m, k).
    group
        Number of each sheet's group, shape (n,); −1 for sheets of no group, which are others to all.
    groups
        How many groups there are.
    total
        Result of ``all_sums``.

    Returns
    -------
    tuple of TwoSides
        One a group; a respondent may stand in several.

    Source
    ------
    Our own definition, docs/formulas/assess-surveyed.md#groups.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from forvent.assess.surveyed.sheets import sheets_of
    >>> rows = {"customer": ["x", "y", "x"], "expected_0": [9.0, 7.0, 8.0], "received_0": [7.0, 7.0, 9.0]}
    >>> sheets, mixes = sheets_of(pa.table(rows), better=("more",)), np.array([[True]])
    >>> total = all_sums(sheets, mixes)
    >>> found = cut_sums(sheets, mixes, group=np.array([0, 0, 1]), groups=2, total=total)
    >>> [(side.group.sheets, side.rest.respondents) for side in found]
    [(2, 1), (1, 2)]
    """
    return tuple(one.beside(total) for one in _tallies(sheets, mixes, group=group, groups=groups))


class _Tally:
    """Sums of one group that grow portion by portion, and what its respondents answered outside it.

    All that is summed of a respondent stands in one column, ``Sheets.parts`` above ``Sheets.met``, so that
    one product of matrices holds every square and product that is needed. ``both`` counts the respondents
    with sheets outside too, ``both_people`` those who answered a mix on both sides.
    """

    def __init__(self, width: int, mixes: Truths) -> None:
        pairs = mixes.shape[1]
        self.weights, self.pairs = mixes.astype(np.float64), pairs
        self.total, self.cross = np.zeros(width), np.zeros((width, width))
        self.shared = np.zeros((3 * pairs, 3 * pairs))
        self.people, self.both_people = np.zeros((2, mixes.shape[0]), np.int64)
        self.sheets = self.respondents = self.both = 0

    def add(self, here: Floats, *, sheets: int) -> Truths:
        """Add some respondents, one a column; says who of them answered which mix."""
        self.total += here.sum(axis=1)
        self.cross += here @ here.T
        answered = self.answered(here)
        self.people += np.count_nonzero(answered, axis=1)
        self.sheets += sheets
        self.respondents += here.shape[1]
        return answered

    def add_outside(self, here: Floats, there: Floats, *, answered: Truths) -> None:
        """Add what those of the respondents who have sheets outside the group answered on both sides."""
        parts = 3 * self.pairs
        self.shared += here[:parts] @ there[:parts].T
        self.both += here.shape[1]
        self.both_people += np.count_nonzero(answered & self.answered(there), axis=1)

    def answered(self, columns: Floats) -> Truths:
        """Whether each respondent has a whole pair of each mix."""
        found: Truths = self.weights @ columns[2 * self.pairs : 3 * self.pairs] > 0.0
        return found

    def sums(self) -> Sums:
        """What was summed of the group."""
        parts = 3 * self.pairs
        whole, met = slice(2 * self.pairs, parts), slice(parts, None)

        def of_mixes(one: slice, other: slice) -> Floats:
            found: Floats = ((self.weights @ self.cross[one, other]) * self.weights).sum(axis=1)
            return found

        shares = {
            "cases": self.weights @ self.total[whole],
            "met": self.weights @ self.total[met],
            "cases_squared": of_mixes(whole, whole),
            "met_squared": of_mixes(met, met),
            "products": of_mixes(whole, met),
        }
        total, cross = self.total[:parts], self.cross[:parts, :parts]
        return Sums(self.sheets, self.respondents, total, cross, self.people, shares)

    def beside(self, total: Sums) -> TwoSides:
        """The group and all other sheets."""
        group = self.sums()
        rest = Sums(
            sheets=total.sheets - group.sheets,
            respondents=total.respondents - group.respondents + self.both,
            total=total.total - group.total,
            cross=total.cross - group.cross - self.shared - self.shared.T,
            people=total.people - group.people + self.both_people,
            shares={},
        )
        return TwoSides(group, rest, self.shared)


def _tallies(sheets: Sheets, mixes: Truths, *, group: Codes, groups: int) -> list[_Tally]:
    """One tally a group, in one pass."""
    tallies = [_Tally(4 * sheets.pairs, mixes) for _ in range(groups)]
    for rows in _portions(sheets):
        columns = np.concatenate([_taken(sheets.parts, rows), _taken(sheets.met, rows)])
        _add(tallies, columns, group=group[rows], person=sheets.person[rows])
    return tallies


def _add(tallies: list[_Tally], columns: Floats, *, group: Codes, person: Codes) -> None:
    """Add a portion of sheets, in which the sheets of a respondent stand together, to their groups."""
    cells = _cells(columns, group=group, person=person)
    starts = np.searchsorted(cells.group, np.arange(len(tallies) + 1)).tolist()
    for tally, (start, end) in zip(tallies, pairwise(starts), strict=True):
        if start == end:
            continue
        here, outside = cells.sums[:, start:end], cells.outside[start:end]
        answered = tally.add(here, sheets=int(cells.sheets[start:end].sum()))
        if outside.any():
            there = cells.there(start + np.flatnonzero(outside))
            tally.add_outside(here[:, outside], there, answered=answered[:, outside])


@dataclass(frozen=True, slots=True, eq=False)
class _Cells:
    """Sums of each respondent within each group, one a column, in the order of the groups.

    ``group`` and ``sheets`` are of the cells; ``outside`` says whether the respondent has sheets outside;
    ``whole`` holds the sums of each respondent, ``person`` the place of a cell's respondent there.
    """

    sums: Floats
    group: Codes
    sheets: Codes
    outside: Truths
    whole: Floats
    person: Codes

    def there(self, cells: Codes) -> Floats:
        """What the respondents of some cells answered outside their groups."""
        found: Floats = self.whole[:, self.person[cells]] - self.sums[:, cells]
        return found


def _cells(columns: Floats, *, group: Codes, person: Codes) -> _Cells:
    begun = _first(person)
    starts, place = np.flatnonzero(begun), np.cumsum(begun) - 1
    # Sorting is stable: within a group the sheets of a respondent still stand together.
    mixed = bool(np.ptp(group))
    order = np.argsort(group, kind="stable") if mixed else np.arange(group.size)
    first = np.flatnonzero(_first(group[order]) | _first(person[order]))
    sheets = np.diff(first, append=group.size)
    of_person = np.diff(starts, append=group.size)
    here = place[order][first]
    return _Cells(
        sums=_summed(_taken(columns, order) if mixed else columns, first),
        group=group[order][first],
        sheets=sheets,
        outside=of_person[here] > sheets,
        whole=_summed(columns, starts),
        person=here,
    )


def _portions(sheets: Sheets) -> Iterator[slice | Codes]:
    """Sheets some thousands at a time, those of a respondent together and never cut in two."""
    size, start = sheets.person.size, 0
    if sheets.persons == size:
        yield from (slice(start, start + AT_ONCE) for start in range(0, size, AT_ONCE))
        return
    order = np.argsort(sheets.person, kind="stable")
    person = sheets.person[order]
    while start < size:
        last = person[min(start + AT_ONCE, size) - 1]
        end = int(np.searchsorted(person, last, side="right"))
        yield order[start:end]
        start = end


def _taken(values: Column, rows: slice | Codes) -> Column:
    """Some columns of an array."""
    # take is several times as fast as an index, and without looking for places outside once more.
    taken: Column = values[:, rows] if isinstance(rows, slice) else np.take(values, rows, axis=1, mode="clip")
    return taken


def _first(codes: Codes) -> Truths:
    """Whether each code differs from the one before it."""
    return np.concatenate(([True], codes[1:] != codes[:-1]))


def _summed(columns: Floats, starts: Codes) -> Floats:
    """Sums of the columns from each start to the next."""
    if starts.size == columns.shape[1]:
        return columns
    summed: Floats = np.add.reduceat(columns, starts, axis=1)
    return summed
