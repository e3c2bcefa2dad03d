from __future__ import annotations

from collections.abc import Iterator

import pytest

from forvent.errors import UnreadableFile
from forvent.reading.cells import Cell
from forvent.reading.headers import TOO_FEW, TOO_MANY, fitting_rows, header_of
from forvent.reading.rows import Row


def numbered(*rows: list[Cell]) -> Iterator[Row]:
    return (Row(number, cells) for number, cells in enumerate(rows, start=1))


def test_takes_the_first_row_as_wide_as_the_table_and_tells_of_the_rows_above() -> None:
    header = header_of(
        numbered(["Export", "", ""], [], ["id", "text", "n"], ["1", "a", "2"], ["2", "b", "3"]), file="f"
    )
    assert (header.row, header.names) == (3, ("id", "text", "n"))
    assert header.notes == ("Rows above the header (row 3), which are no data: 1.",)


def test_names_nameless_columns_by_place_and_tells_repeated_ones_apart() -> None:
    header = header_of(
        numbered(["id", "", "text", "text", " text\n(long) ", ""], ["1", "2", "3", "4", "5", ""]), file="f"
    )
    assert header.names == ("id", "column 2", "text", "text (2)", "text (long)")


def test_refuses_a_table_whose_first_row_holds_values() -> None:
    with pytest.raises(UnreadableFile) as refused:
        header_of(numbered(["17", "2024-05-01", "It was slow"], ["18", "2024-05-02", "ok"]), file="v.csv")
    assert str(refused.value) == (
        "Row 1 of v.csv holds values such as “17”, not names of columns. "
        "Add a first row with the name of each column."
    )


def test_refuses_a_table_without_rows() -> None:
    with pytest.raises(UnreadableFile, match=r"^v\.csv holds no rows\. Choose a file with a header"):
        header_of(numbered([], ["", ""]), file="v.csv")


def test_ragged_rows_are_flawed_but_empty_cells_at_the_end_are_not() -> None:
    rows: list[list[Cell]] = [
        ["id", "text"],
        ["1", "a", "", ""],
        ["2"],
        ["3", "b", "x"],
        ["", ""],
        ["4", "c"],
    ]
    header = header_of(numbered(*rows), file="f")
    fitted = list(fitting_rows(lambda: numbered(*rows), header=header))
    assert [(row.number, row.flaw) for row in fitted] == [(2, None), (3, TOO_FEW), (4, TOO_MANY), (6, None)]
    assert list(fitted[0].cells) == ["1", "a"]


def test_a_file_that_leaves_off_empty_cells_throughout_loses_no_row() -> None:
    rows: list[list[Cell]] = [["id", "text", "n"], *[["1", "a", "2"], ["2", "b"]] * 10]
    header = header_of(numbered(*rows), file="f")
    fitted = list(fitting_rows(lambda: numbered(*rows), header=header))
    assert {row.flaw for row in fitted} == {None}
    assert list(fitted[1].cells) == ["2", "b", None]
    assert header.notes == ("Many rows end early; their missing cells were read as empty.",)


def test_names_damaged_quotes_as_the_reason_where_they_are() -> None:
    rows = [
        Row(1, ["id", "text"]),
        Row(2, ["1", "a", "b"], doubt="quotes"),
        Row(3, ["2", "c"], doubt="quotes"),
    ]
    header = header_of(iter(rows), file="f")
    assert [row.flaw for row in fitting_rows(lambda: iter(rows), header=header)] == ["quotes", None]
