from __future__ import annotations

import math
from datetime import date, time

import pytest

from forvent.reading.cells import Cell
from forvent.reading.quantities import (
    NumberStyle,
    Quantity,
    holds_numbers,
    number_style,
    read_number,
    read_quantity,
)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["1,5", "2,25"], [1.5, 2.25]),
        (["1,234", "12,500"], [1234.0, 12500.0]),
        (["1,234", "12,5"], [1.234, 12.5]),
        (["1,234.50", "7,1"], [1234.5, None]),
        (["1.234,50", "3,1"], [1234.5, 3.1]),
        (["1 234", "1\u202f234.5", "1’234"], [1234.0, 1234.5, 1234.0]),
        (["−3", "+4", ".5", "1e3"], [-3.0, 4.0, 0.5, 1000.0]),
    ],
)
def test_reads_numbers_as_the_column_writes_them(cells: list[Cell], expected: list[float | None]) -> None:
    style = number_style(cells)
    assert [read_number(cell, style=style) for cell in cells] == expected


@pytest.mark.parametrize("cell", ["", None, "n/a", "nan", "12 min", "A7", "1.2.3", True, math.nan])
def test_what_is_no_number_is_none(cell: Cell) -> None:
    assert read_number(cell, style=NumberStyle()) is None


@pytest.mark.parametrize("cell", [date(2024, 5, 1), time(10, 0), "2024-05-01", "10:30"])
def test_times_are_no_numbers(cell: Cell) -> None:
    assert read_number(cell, style=NumberStyle()) is None


@pytest.mark.parametrize(
    ("cell", "value"), [("inf", math.inf), ("-Infinity", -math.inf), ("∞", math.inf), ("1e999", math.inf)]
)
def test_an_infinite_number_says_so(cell: str, value: float) -> None:
    assert read_number(cell, style=NumberStyle()) == value


@pytest.mark.parametrize(
    ("cell", "quantity"),
    [
        ("12 min", Quantity(12.0, "min")),
        ("3h", Quantity(3.0, "h")),
        ("1,5 Hours", Quantity(1.5, "hours")),
        ("2 wks.", Quantity(2.0, "wks")),
        ("€ 3.50", Quantity(3.5, "€")),
        ("$120", Quantity(120.0, "$")),
        ("450 Kč", Quantity(450.0, "kč")),
        ("80 %", Quantity(80.0, "%")),
        (7, Quantity(7.0, "")),
    ],
)
def test_reads_an_amount_with_its_unit(cell: Cell, quantity: Quantity) -> None:
    assert read_quantity(cell, style=NumberStyle()) == quantity


@pytest.mark.parametrize("cell", ["soon", "12 to 15 min", "3 h 20 min", "", None])
def test_what_is_no_single_amount_is_none(cell: Cell) -> None:
    assert read_quantity(cell, style=NumberStyle()) is None


def test_a_column_of_numbers_may_hold_a_few_words() -> None:
    assert holds_numbers(["1", "2", "", "x"], style=NumberStyle(), share=0.5)
    assert not holds_numbers(["1", "2", "", "x"], style=NumberStyle(), share=0.95)
    assert not holds_numbers(["", None], style=NumberStyle(), share=0.5)


def test_codes_with_leading_zeros_are_no_numbers() -> None:
    assert not holds_numbers(["04750", *["14166"] * 99], style=NumberStyle(), share=0.5)
    assert holds_numbers(["0", "0.5", "12"], style=NumberStyle(), share=0.95)
