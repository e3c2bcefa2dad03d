"""What cells come to is found once a kind of cell, and told of each row."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from forvent.reading.cells import clean_text, value_of
from forvent.reading.coded import (
    CodedColumn,
    name_codes,
    own_codes,
    read_cells,
    read_names,
    same_rows,
    texts_of,
)
from forvent.reading.tally import KEPT, Tally


def column(*cells, name="q"):
    distinct = tuple(dict.fromkeys(cells))
    return CodedColumn(name, distinct, np.array([distinct.index(cell) for cell in cells], dtype=np.int32))


def read(cell):
    return float(cell) if cell.isdigit() else "no number" if cell else float("nan")


def test_cells_that_cannot_be_used_are_counted_with_rows_column_and_example():
    tally = Tally()
    found = read_cells(
        column("5", "x", "", "y", "x"),
        read,
        numbers=np.arange(2, 7),
        tally=tally,
        kept=KEPT,
        shown=lambda cell: cell,
    )
    assert np.array_equal(found, [5.0, np.nan, np.nan, np.nan, np.nan], equal_nan=True)
    (one,) = tally.unusable()
    assert (one.reason, one.count, one.rows) == ("kept, but: no number", 3, (3, 5, 6))
    assert (one.column, one.example) == ("q", "x")


def test_what_may_not_be_shown_is_no_example():
    tally = Tally()
    read_cells(column("x"), read, numbers=np.array([2]), tally=tally, kept="", shown=lambda cell: None)
    assert tally.unusable()[0].example is None


def test_each_cell_is_read_once():
    seen = []
    many = column(*["1", "2"] * 1000)
    read_cells(
        many,
        lambda cell: seen.append(cell) or 1.0,
        numbers=np.arange(2000),
        tally=Tally(),
        kept="",
        shown=lambda cell: cell,
    )
    assert seen == ["1", "2"]


def test_names_are_numbered_in_the_order_of_the_file():
    names, codes = name_codes(column("b", "", "a", "B"), lambda cell: cell.lower() or None)
    assert (names, codes.tolist()) == (["b", "a"], [0, -1, 1, 0])


def test_whoever_is_not_named_is_one_of_their_own():
    assert own_codes(None, count=3).tolist() == [0, 1, 2]
    assert own_codes(column("a", "", "-", "a", " a", ""), count=6).tolist() == [0, 1, 2, 0, 0, 3]
    arrow = CodedColumn("id", pa.array(["a", "b"]), np.array([1, 0, 1], dtype=np.int32))
    assert own_codes(arrow, count=3).tolist() == [1, 0, 1]


@pytest.mark.parametrize("values", [("a", "", "n/a"), pa.array(["a", "", "n/a"])])
def test_texts_of_rows_are_null_where_cells_are_empty(values):
    found = CodedColumn("q", values, np.array([0, 1, 2, 0], dtype=np.int32))
    assert texts_of(found).to_pylist() == ["a", None, None, "a"]


def test_rows_with_the_same_cells_are_found_however_many_columns_there_are():
    rng = np.random.default_rng(1)
    cells = rng.integers(0, 3, (400, 4))
    wide = [column(*map(str, cells[:, place % 4]), name=str(place)) for place in range(80)]
    first = same_rows(wide, count=400)
    seen = {}
    expected = [seen.setdefault(tuple(row), number) for number, row in enumerate(cells.tolist())]
    assert first.tolist() == expected
    assert same_rows(wide[:1], count=400).max() < 400


def test_names_read_at_once_are_those_read_one_by_one():
    cells = [
        "c1",
        " c2",
        "c 3",
        "c\u00a04",
        "-",
        "NaN",
        "#N/A",
        "žena",
        "a\u202eb",
        "",
        None,
        "x\ty",
        "(none)",
    ]

    def named(cell):
        name = value_of(cell)
        return None if name is None else " ".join(clean_text(name).text.split()) or None

    column = CodedColumn("who", pa.array(cells), np.arange(len(cells), dtype=np.int32))
    assert read_names(column, named).to_pylist() == [named(cell) for cell in cells]
    numbers = CodedColumn("who", pa.array([7, 12]), np.array([0, 1], dtype=np.int32))
    assert read_names(numbers, named).to_pylist() == ["7", "12"]
