from __future__ import annotations

import csv
import io
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forvent.reading.cells import (
    as_text,
    clean_text,
    is_error_value,
    neutralise_cell,
    plain_cell,
    shortened,
    value_of,
)


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "+1",
        "-2+3",
        "@SUM(A1)",
        "\tx",
        "\rx",
        "\nx",
        "  =1+1",
        "\u00a0=1",
        "＝1+1",
        '=cmd|"/c calc"!A1',
    ],
)
def test_puts_a_mark_before_every_cell_that_a_spreadsheet_would_run(cell: str) -> None:
    assert neutralise_cell(cell) == "'" + cell


@pytest.mark.parametrize("cell", ["", "It came late.", "5 = five", "a@b.example", "'=1+1", "迟到了"])
def test_leaves_other_cells_as_they_are(cell: str) -> None:
    assert neutralise_cell(cell) == cell


@given(st.text())
def test_no_neutralised_cell_begins_like_a_formula_even_after_a_trip_through_csv(cell: str) -> None:
    file = io.StringIO(newline="")
    csv.writer(file).writerow([neutralise_cell(cell), "end"])
    file.seek(0)
    read = next(csv.reader(file))[0]
    assert not read.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r"))


def test_numbers_of_spreadsheets_read_as_people_see_them() -> None:
    assert [as_text(cell) for cell in (1001.0, 4.5, 7, True, None, " x ")] == [
        "1001",
        "4.5",
        "7",
        "true",
        "",
        "x",
    ]
    assert as_text(datetime(2024, 5, 1, 10, 30)) == "2024-05-01 10:30:00"


@pytest.mark.parametrize("cell", ["", "N/A", "null", "None", "-", " ", "#REF!", "#DIV/0!", None])
def test_knows_what_exports_write_for_nothing(cell: str | None) -> None:
    assert value_of(cell) is None


def test_an_error_of_a_spreadsheet_is_no_hashtag() -> None:
    assert is_error_value("#N/A")
    assert not is_error_value("#late")


def test_takes_out_control_direction_and_unpaired_characters_and_counts_them() -> None:
    cleaned = clean_text("a\x00b\x07c \u202etxt\u202c \ud83d\ufeff\r\nnext\rlast\tcell")
    assert cleaned.text == "abc txt \nnext\nlast\tcell"
    assert cleaned.removed == 6


def test_rare_line_breaks_become_newlines_so_that_no_words_grow_together() -> None:
    assert clean_text("one\x0btwo\x85three\u2028four").text == "one\ntwo\nthree\nfour"


def test_keeps_right_to_left_words_emoji_and_joiners() -> None:
    text = "שלום \u200d👩\u200d🔧 ‌خوب"
    assert clean_text(text).text == text
    assert clean_text(text).removed == 0


def test_values_of_records_become_cells() -> None:
    assert plain_cell(float("nan")) is None
    assert plain_cell(b"caf\xc3\xa9") == "café"
    assert plain_cell([{"a": 1}]) == '[{"a": 1}]'
    assert plain_cell(False) is False


def test_examples_in_messages_are_one_short_line() -> None:
    assert shortened("a\nb\x00c") == "a bc"
    assert shortened("x" * 1000) == "x" * 39 + "…"
