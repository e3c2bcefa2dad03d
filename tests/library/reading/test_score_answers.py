"""Answers on a scale: what is read, what is counted as unusable with its rows, what is no answer."""

from pathlib import Path

import numpy as np
import pytest

from forvent.errors import BadOption, MissingColumn, NothingUsable
from forvent.reading.score_answers import AnswerColumns, read_answers
from forvent.reading.score_cells import in_order
from forvent.records import Scale

FIVE = Scale(1, 5, guessed=False)


def read(tmp_path: Path, text: str, **columns):
    file = tmp_path / "answers.csv"
    file.write_text(text, encoding="utf-8")
    return read_answers(file, columns=AnswerColumns(**columns))


def rows(values, *, head="q"):
    return head + "\n" + "".join(f"{value}\n" for value in values)


def ratings(found, place=0):
    return found.table[f"score_{place}"].to_pylist()


def test_answers_are_brought_to_0_to_1_on_their_scale(tmp_path):
    found = read(tmp_path, rows([1, 3, 5]), scores=("q",), scale=FIVE)
    assert ratings(found) == [0.0, 0.5, 1.0]
    assert read(tmp_path, rows([1, 3, 5]), scores=("q",), scale=Scale(5, 1)).table["score_0"].to_pylist() == [
        1,
        0.5,
        0,
    ]


def test_the_scale_is_guessed_and_so_is_the_column(tmp_path):
    found = read(tmp_path, "order,stars\n" + "".join(f"{n},{1 + n % 5}\n" for n in range(30)))
    assert found.scores == ("stars",)
    assert (found.scales[0].low, found.scales[0].high) == (1, 5)
    assert "score" in found.report.guessed


@pytest.mark.parametrize(
    "words", [("yes", "no"), ("true", "false"), ("kept", "late"), ("ano", "ne"), ("1", "0"), ("Y", "N")]
)
def test_yes_and_no_are_read_in_many_words(tmp_path, words):
    found = read(tmp_path, rows([words[0], words[1], words[0]]), scores=("q",))
    assert ratings(found) == [1.0, 0.0, 1.0]
    assert (found.scales[0].low, found.scales[0].high) == (0, 1)


def test_answers_outside_the_scale_and_words_are_counted_with_their_rows(tmp_path):
    found = read(tmp_path, rows([5, 7, "great", 4, 0, 9]), scores=("q",), scale=FIVE)
    assert ratings(found) == [1.0, None, None, 0.75, None, None]
    assert [(one.reason, one.count, one.rows, one.column, one.example) for one in found.report.unusable] == [
        ("kept, but: answer outside the scale 1–5", 3, (3, 6, 7), "q", "7"),
        ("kept, but: no answer on a scale", 1, (4,), "q", None),
    ]


def test_nothing_and_what_is_not_applicable_are_no_answers_and_no_errors(tmp_path):
    found = read(tmp_path, rows([5, "n/a", 0, 99, "99.0", "Weiß nicht"], head="q,x").replace("\n", ",\n"),
                 scores=("q",), scale=FIVE, not_applicable=("0", "99", "weiß nicht"))  # fmt: skip
    assert ratings(found) == [1.0, None, None, None, None, None]
    assert found.report.unusable == ()


def test_codes_for_no_answer_do_not_move_the_guess_of_the_scale(tmp_path):
    found = read(tmp_path, rows([1, 2, 3, 4, 5, 99, 99]), scores=("q",), not_applicable=("99",))
    assert (found.scales[0].low, found.scales[0].high) == (1, 5)


def test_customers_are_codes_and_whoever_is_not_named_is_one_of_their_own(tmp_path):
    text = "who,q\n" + "".join(f"{who},4\n" for who in ("ann", "", "bo", "ann", ""))
    codes = read(tmp_path, text, scores=("q",), customer="who", scale=FIVE).table["customer"].to_pylist()
    assert codes[0] == codes[3]
    assert len(set(codes)) == 4
    alone = read(tmp_path, text, scores=("q",), customer="-", scale=FIVE).table["customer"].to_pylist()
    assert alone == [0, 1, 2, 3, 4]


def test_waves_come_in_the_order_a_person_counts_them(tmp_path):
    assert in_order(["wave 10", "Wave 9", "2026-02", "2025-11"]) == [
        "2025-11",
        "2026-02",
        "Wave 9",
        "wave 10",
    ]
    found = read(tmp_path, "w,q\nwave 10,5\nwave 9,1\n,3\n", scores=("q",), wave="w", scale=FIVE)
    assert found.waves == ("wave 9", "wave 10")
    assert found.table["wave"].to_pylist() == [1, 0, -1]
    assert found.report.unusable[0].reason == "kept, but: no wave"


@pytest.mark.parametrize(
    ("every", "waves"),
    [("month", ("2026-01", "2026-04")), ("quarter", ("2026-Q1", "2026-Q2")), ("year", ("2026",))],
)
def test_times_are_cut_into_periods(tmp_path, every, waves):
    text = "day,q\n2026-01-30,5\n2026-04-01 10:00,1\n"
    assert read(tmp_path, text, scores=("q",), wave="day", every=every, scale=FIVE).waves == waves


def test_a_weight_that_is_none_takes_its_row_out(tmp_path):
    found = read(tmp_path, "w,q\n2,5\n0,1\nmuch,3\n1.5,4\n", scores=("q",), weight="w", scale=FIVE)
    assert found.table["weight"].to_pylist() == [2.0, 1.5]
    assert [(one.reason, one.rows) for one in found.report.unusable] == [
        ("weight that is not above 0", (3, 4))
    ]
    assert (found.report.rows, found.report.used) == (4, 2)


def test_who_was_invited_is_read_from_yes_no_or_a_date(tmp_path):
    text = "asked,q\nyes,5\nno,\n,4\n2026-01-02,3\n0,1\n1,2\n"
    found = read(tmp_path, text, scores=("q",), invited="asked", scale=FIVE)
    assert found.table["invited"].to_pylist() == [True, False, False, True, False, True]


def test_other_ratings_of_the_file_stand_beside_for_checking_the_scale(tmp_path):
    rng = np.random.default_rng(1)
    lines = [
        ",".join(map(str, (n, *rng.integers(1, 6, 2), rng.integers(18, 80), rng.integers(1, 3))))
        for n in range(60)
    ]
    found = read(tmp_path, "id,q,food,age,sex\n" + "\n".join(lines) + "\n", scores=("q",))
    assert list(found.beside) == ["q", "food"]


@pytest.mark.parametrize(
    ("text", "columns", "error", "said"),
    [
        ("q\nwell\nbad thing\n", {"scores": ("q",)}, BadOption,
         "“q” holds no answers on a scale (0 of 2 filled cells). Name the right column with --score COLUMN."),
        ("q\n3\n", {"scores": ("joy",)}, MissingColumn,
         "answers.csv has no column “joy” for score. Its columns: q. Name one of these columns."),
        ("name,town\nann,Oslo\n", {}, MissingColumn,
         "answers.csv has no column that looks like a rating. Its columns: name, town. "
         "Name it with --score COLUMN."),
        ("q,x\n,1\n,2\n", {"scores": ("q",), "scale": FIVE}, NothingUsable,
         "answers.csv has 2 rows and no answer that can be used. "
         "Name the column with --score COLUMN, and the scale with --scale 1..5, worst first."),
        ("q\n7\n9\n", {"scores": ("q",), "scale": FIVE}, NothingUsable,
         "answers.csv has 2 rows and no answer that can be used: "
         "kept, but: answer outside the scale 1–5 (2). "
         "Name the column with --score COLUMN, and the scale with --scale 1..5, worst first."),
    ],
)  # fmt: skip
def test_files_that_cannot_be_used_are_refused(tmp_path, text, columns, error, said):
    with pytest.raises(error) as raised:
        read(tmp_path, text, **columns)
    assert str(raised.value) == said


def test_a_column_of_ids_is_no_segment_and_no_wave(tmp_path):
    text = "id,q\n" + "".join(f"c{n},{1 + n % 5}\n" for n in range(300))
    with pytest.raises(BadOption) as error:
        read(tmp_path, text, scores=("q",), groups=("id",))
    assert str(error.value) == "“id” has more than 200 groups, such as “c200”. Name another column."
    with pytest.raises(BadOption) as error:
        read(tmp_path, text, scores=("q",), wave="id")
    assert str(error.value) == (
        "“id” has more than 60 groups, such as “c60”. Name another column, or cut times with --every month."
    )


def test_says_which_values_were_taken_for_invited(tmp_path):
    cells = ["Ano", "Ano", "not sent", "0", "2026-03-01", "", "bounced", "1"]
    text = "q,asked\n" + "".join(f"4,{cell}\n" for cell in cells)
    found = read(tmp_path, text, scores=("q",), invited="asked", scale=FIVE)
    assert found.table["invited"].to_pylist() == [True, True, False, False, True, False, False, True]
    said = found.invited_read
    assert said.yes == {"Ano": 2, "1": 1}
    assert said.no == {"not sent": 1, "0": 1, "bounced": 1}
    assert (said.other, said.empty) == (1, 1)


def test_what_is_not_applicable_is_known_in_whatever_way_it_is_written(tmp_path):
    text = "q\n5\n99\n99.0\n1\n"
    found = read(tmp_path, text, scores=("q",), not_applicable=("99",))
    assert found.table["score_0"].to_pylist() == [1.0, None, None, 0.0]
    assert found.report.unusable == ()


def test_no_is_an_answer_where_zero_stands_for_none(tmp_path):
    text = "kept\nyes\nno\n0\nyes\n"
    found = read(tmp_path, text, scores=("kept",), scale=Scale(0, 1), not_applicable=("0",))
    assert found.table["score_0"].to_pylist() == [1.0, 0.0, None, 1.0]
