"""Where rows stand in a product of matrices, so that each is summed up alike whatever stands beside it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]

#: A library of products works out rows in groups, and may sum up the second half of a group in another order
#: than the first, or rows left over at the end in a third. Twelve is what OpenBLAS takes where a processor
#: has AVX2 but not AVX-512; with AVX-512 all rows are alike.
GROUP = 12
_HALF = GROUP // 2
#: Numbers of groups that are tried: few, and the most that 512 places of texts of three or of all come to.
_TRIED = (1, 2, 3, 4, 21, 43, 57)


@dataclass(frozen=True, slots=True)
class RowPlaces:
    """Places of the rows of texts of one length in the products that work them out.

    Parameters
    ----------
    count
        Texts.
    rows
        Rows of all products together, those that stay empty too.
    place
        Row of each place of each text, shape (count · length,).
    products
        Products that the rows are worked out in: 1, or one for each text.
    """

    count: int
    rows: int
    place: NDArray[np.int64]
    products: int

    def put(self, x: Matrix) -> Matrix:
        """Rows text after text, shape (count · length, width), in their places; empty ones are 0."""
        placed = np.zeros((self.rows, x.shape[1]), dtype=np.float32)
        placed[self.place] = x
        return placed

    def taken(self, placed: Matrix) -> Matrix:
        """Those rows text after text again."""
        found: Matrix = placed.take(self.place, axis=0)
        return found

    def times(self, placed: Matrix, matrix: Matrix) -> Matrix:
        """Rows times a matrix, shape (rows, columns of it)."""
        apart = placed.reshape(self.products, -1, placed.shape[1])
        return (apart @ matrix).reshape(self.rows, -1)


def by_halves(count: int, length: int) -> RowPlaces:
    """The first half of each text in first halves of groups, the second half in second ones.

    So each place of a text is always in the same half, and there are no rows left over. Nearly nothing is
    padded where there are several texts.

    Source
    ------
    Our own definition, decision 0020.

    Examples
    --------
    >>> by_halves(2, 4).place
    array([0, 1, 6, 7, 2, 3, 8, 9])
    """
    first = (length + 1) // 2
    place = np.empty((count, length), dtype=np.int64)
    place[:, :first] = _in_halves(count * first).reshape(count, first)
    place[:, first:] = _HALF + _in_halves(count * (length - first)).reshape(count, length - first)
    groups = -(-count * first // _HALF)
    return RowPlaces(count, groups * GROUP, place.ravel(), products=1)


def one_by_one(count: int, length: int) -> RowPlaces:
    """A product for each text, in which nothing stands beside it; slower, and right with any library.

    Source
    ------
    Our own definition, decision 0020.

    Examples
    --------
    >>> one_by_one(2, 3).products
    2
    """
    rows = count * length
    return RowPlaces(count, rows, np.arange(rows, dtype=np.int64), products=count)


def halves_are_alike(matrices: Iterable[Matrix]) -> bool:
    """Whether this machine's products sum up all rows in the same half of a group alike.

    Parameters
    ----------
    matrices
        Those that rows will be multiplied by.

    Returns
    -------
    bool
        True if rows that are the same come out the same, bit for bit, in every number of groups tried.

    Source
    ------
    Our own definition, decision 0020.

    Examples
    --------
    >>> halves_are_alike([np.ones((2, 2), dtype=np.float32)])
    True
    """
    for matrix in matrices:
        row = np.sin(np.arange(len(matrix), dtype=np.float32))
        halves = None
        for groups in _TRIED:
            found = np.tile(row, (groups * GROUP, 1)) @ matrix
            found = found.reshape(groups, 2, _HALF, -1)
            halves = found[0, :, 0].copy() if halves is None else halves
            if not (found == halves[None, :, None]).all():
                return False
    return True


def _in_halves(number: int) -> NDArray[np.int64]:
    """Places of so many rows in first halves of groups."""
    one = np.arange(number, dtype=np.int64)
    return GROUP * (one // _HALF) + one % _HALF
