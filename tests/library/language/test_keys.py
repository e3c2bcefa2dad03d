"""Hashes of parts of texts, and the numbers they are known by."""

from __future__ import annotations

import numpy as np
import pytest

from forvent.language.keys import Hashes, KeyTable
from forvent.language.signs import codes_of


def test_the_same_signs_have_the_same_hash_wherever_they_stand() -> None:
    hashes = Hashes(codes_of(["late and later", "x" * 70_000 + "late"]))
    starts = np.array([0, 9, 15 + 70_000, 9])
    found = hashes.of(starts, starts + np.array([4, 4, 4, 5]))
    assert found[0] == found[1] == found[2]
    assert found[3] != found[0]


def test_keys_are_numbered_in_the_order_in_which_they_came() -> None:
    keys = np.random.default_rng(3).integers(1, 2**63, 20_000, dtype=np.uint64)
    table = KeyTable()
    for part in np.array_split(keys, 7):
        table.add(part)
    assert len(table) == len(keys)
    assert np.array_equal(table.find(keys), np.arange(len(keys)))
    assert (table.find(keys + np.uint64(1)) == -1).all()


@pytest.mark.parametrize("many", [0, 1])
def test_an_empty_table_knows_nothing(many: int) -> None:
    assert KeyTable().find(np.ones(many, dtype=np.uint64)).tolist() == [-1] * many


def test_keys_that_want_the_same_place_are_told_apart() -> None:
    # The address is the leading bits of a product: small steps of a key give near addresses.
    table, keys = KeyTable(), np.arange(1, 3000, dtype=np.uint64)
    table.add(keys)
    assert np.array_equal(table.find(keys), np.arange(len(keys)))
