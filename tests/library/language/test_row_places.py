"""Where rows stand in a product, against products that sum them up in other orders."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from forvent.language.row_places import GROUP, RowPlaces, by_halves, halves_are_alike, one_by_one

Rows = NDArray[np.float32]

HALF = GROUP // 2


class Reversed(np.ndarray[tuple[int, ...], np.dtype[np.float32]]):
    """A matrix by which some rows are multiplied from its end."""

    def __rmatmul__(self, rows: Rows) -> Rows:  # type: ignore[override]
        matrix = np.asarray(self)
        found = np.empty((len(rows), matrix.shape[1]), dtype=np.float32)
        for place, row in enumerate(rows):
            step = -1 if self.turned(place, len(rows)) else 1
            found[place] = np.cumsum(row[::step, None] * matrix[::step], axis=0, dtype=np.float32)[-1]
        return found

    def turned(self, place: int, rows: int) -> bool:
        raise NotImplementedError


class SecondHalves(Reversed):
    def turned(self, place: int, rows: int) -> bool:
        return place % GROUP >= HALF


class Leftovers(Reversed):
    def turned(self, place: int, rows: int) -> bool:
        return place >= rows // GROUP * GROUP


class LastRows(Reversed):
    def turned(self, place: int, rows: int) -> bool:
        return place >= rows - 3


@pytest.fixture(scope="module")
def matrix() -> Rows:
    return np.random.default_rng(0).normal(size=(40, 5)).astype(np.float32)


@pytest.mark.parametrize("places", [by_halves, one_by_one])
@pytest.mark.parametrize(("count", "length"), [(1, 1), (1, 12), (3, 4), (5, 7), (13, 2)])
def test_what_is_put_comes_back(places: Callable[[int, int], RowPlaces], count: int, length: int) -> None:
    rows = np.arange(count * length * 3, dtype=np.float32).reshape(-1, 3)
    there = places(count, length)
    placed = there.put(rows)
    assert len(placed) == there.rows
    assert placed.sum() == rows.sum()
    assert np.array_equal(there.taken(placed), rows)


@pytest.mark.parametrize("places", [by_halves, one_by_one])
def test_rows_times_a_matrix_are_those_of_the_product(
    matrix: Rows, places: Callable[[int, int], RowPlaces]
) -> None:
    rows = np.random.default_rng(1).normal(size=(15, 40)).astype(np.float32)
    there = places(3, 5)
    assert np.allclose(there.taken(there.times(there.put(rows), matrix)), rows @ matrix, atol=1e-5)


@pytest.mark.parametrize("length", [1, 2, 5, 8, 13])
def test_each_place_of_a_text_is_always_in_the_same_half_of_whole_groups(length: int) -> None:
    for count in range(1, 40):
        there = by_halves(count, length)
        assert there.rows % GROUP == 0
        second = there.place.reshape(count, length) % GROUP >= HALF
        assert (second == (np.arange(length) >= (length + 1) // 2)).all()


def test_next_to_nothing_is_padded_where_texts_are_many() -> None:
    assert by_halves(64, 8).rows <= 64 * 8 + GROUP


@pytest.mark.parametrize(
    ("products", "alike"), [(np.ndarray, True), (SecondHalves, True), (Leftovers, True), (LastRows, False)]
)
def test_products_are_trusted_only_where_halves_are_alike(
    matrix: Rows, products: type[Rows], alike: bool
) -> None:
    assert halves_are_alike([matrix.view(products)]) is alike


def test_halves_keep_texts_apart_from_their_neighbours_where_second_halves_differ(matrix: Rows) -> None:
    turned = matrix.view(SecondHalves)
    texts = np.random.default_rng(2).normal(size=(9, 5, 40)).astype(np.float32)

    def worked_out(batch: Rows) -> Rows:
        there = by_halves(*batch.shape[:2])
        placed = there.put(batch.reshape(-1, 40))
        return there.taken(np.asarray(placed @ turned)).reshape(*batch.shape[:2], -1)

    alone = np.concatenate([worked_out(text[None]) for text in texts])
    assert np.array_equal(worked_out(texts), alone)
    # Without places they would differ: the order of summing tells in the last bits.
    beside = np.asarray(texts.reshape(-1, 40) @ turned).reshape(9, 5, -1)
    assert not np.array_equal(beside, np.stack([np.asarray(text @ turned) for text in texts]))
