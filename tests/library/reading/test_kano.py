"""Files of a Kano questionnaire."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from forvent.errors import BadOption, NothingUsable, UnreadableFile
from forvent.reading.kano import KanoAnswers, read_kano
from forvent.reading.kano_layout import KanoColumns

Read = Callable[..., KanoAnswers]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Reads the lines of a file."""

    def reading(*lines: str, **wanted: object) -> KanoAnswers:
        path = tmp_path / "kano.csv"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return read_kano(path, wanted=KanoColumns(**wanted))  # type: ignore[arg-type]

    return reading


def pairs(answers: KanoAnswers, *more: str) -> list[tuple[object, ...]]:
    names = ("feature", "functional", "dysfunctional", *more)
    return [tuple(row[name] for name in names) for row in answers.table.to_pylist()]


def unusable(answers: KanoAnswers) -> dict[str, tuple[int, tuple[int, ...]]]:
    return {entry.reason: (entry.count, entry.rows) for entry in answers.report.unusable}


def test_both_forms_give_the_same_pairs(read: Read) -> None:
    wide = read("id,chat+,chat-,app+,app-", "a,1,5,3,3", "b,2,5,1,2")
    long = read(
        "id,feature,functional,dysfunctional",
        "a,chat,like,dislike",
        "a,app,neutral,neutral",
        "b,chat,must be,dislike",
        "b,app,like,must be",
    )
    expected = [("chat", 1, 5), ("app", 3, 3), ("chat", 2, 5), ("app", 1, 2)]
    assert pairs(wide) == pairs(long) == expected
    assert wide.features == long.features == ("chat", "app")
    assert wide.table["sheet"].to_pylist() == long.table["sheet"].to_pylist() == [0, 0, 1, 1]
    assert (wide.scale, long.scale) == ("1..5", "")


def test_what_cannot_be_used_is_counted_with_its_rows(read: Read) -> None:
    answers = read("id,chat+,chat-,app+,app-", "a,1,5,3,", "b,7,5,1,2", "c,,,,", "d,1,,,5", "e,1,5,1,5")
    assert pairs(answers) == [("chat", 1, 5), ("app", 1, 2), ("chat", 1, 5), ("app", 1, 5)]
    assert unusable(answers) == {
        "no pair with both questions answered": (2, (4, 5)),
        "kept, but: only one of the two questions answered": (1, (2,)),
        "kept, but: an answer that is none of the five": (1, (3,)),
    }
    entry = answers.report.unusable[-2]
    assert (entry.column, entry.example) == ("chat+", "7")
    assert (answers.report.rows, answers.report.used, answers.report.repeated) == (5, 3, 0)


def test_rows_that_name_their_feature_are_dropped_one_by_one(read: Read) -> None:
    answers = read(
        "id,feature,functional,dysfunctional",
        "a,chat,1,5",
        "b,,1,5",
        "c,chat,,",
        "d,chat,1,",
        "e,chat,I would rather write you a long letter,5",
    )
    assert unusable(answers) == {
        "no feature named": (1, (3,)),
        "neither question answered": (1, (4,)),
        "only one of the two questions answered": (1, (5,)),
        "an answer that is none of the five": (1, (6,)),
    }
    # What may be a customer's own words is not shown.
    assert [entry.example for entry in answers.report.unusable] == [None] * 4


def test_the_last_answer_of_a_respondent_counts(read: Read) -> None:
    answers = read("id,chat+,chat-,app+,app-", "a,1,5,3,3", "b,1,5,1,5", "a,3,3,,", "b,2,2,2,2")
    assert pairs(answers, "sheet") == [
        ("app", 3, 3, 0),
        ("chat", 3, 3, 0),
        ("chat", 2, 2, 1),
        ("app", 2, 2, 1),
    ]
    assert (answers.report.rows, answers.report.used, answers.report.repeated) == (4, 3, 1)
    assert answers.report.notes == (
        "Rows answered again further down by the same respondent: 1; the last answer counts. "
        "If they are waves, name their column with --wave.",
    )


def test_a_respondent_of_two_waves_fills_in_two_sheets(read: Read) -> None:
    lines = ("id,wave,chat+,chat-", "a,Q1 2025,1,5", "a,Q4 2024,3,3", "b,,1,5", "a,Q1 2025,2,5")
    answers = read(*lines, wave="Wave")
    assert answers.waves == ("Q4 2024", "Q1 2025")
    assert answers.at == (0.0, 1.0)
    assert pairs(answers, "wave") == [
        ("chat", 3, 3, "Q4 2024"),
        ("chat", 1, 5, None),
        ("chat", 2, 5, "Q1 2025"),
    ]
    assert len(set(answers.table["sheet"].to_pylist())) == 3
    assert unusable(answers) == {"kept, but: no wave": (1, (4,))}
    assert answers.report.notes[0] == "Waves in this order (by name): Q4 2024, Q1 2025."
    assert answers.report.mapping["wave"] == "wave"


def test_segments_come_with_each_pair(read: Read) -> None:
    answers = read("id,region,chat+,chat-", "a,Coast,1,5", "b, coast ,1,5", "c,,1,5", by=("region",))
    assert answers.table["by region"].to_pylist() == ["Coast", "Coast", None]


def test_without_a_column_of_respondents_each_row_is_one(read: Read) -> None:
    answers = read("chat+,chat-", "1,5", "1,5")
    assert len(set(answers.table["sheet"].to_pylist())) == 2
    assert answers.report.notes == ("No column names the respondents: each row was taken for another one.",)


def test_a_scale_can_run_down_or_start_at_zero(read: Read) -> None:
    down = read("id,chat+,chat-", "a,5,1", "b,3,1", scale=(5, 1))
    zero = read("id,chat+,chat-", "a,0,4", "b,2,4", scale=(0, 4))
    assert pairs(down) == pairs(zero) == [("chat", 1, 5), ("chat", 3, 5)]
    assert (down.scale, zero.scale) == ("5..1", "0..4")


def test_zeros_without_fives_are_said(read: Read) -> None:
    answers = read("id,chat+,chat-", "a,0,4", "b,1,4")
    assert answers.report.notes == ("There are answers 0 but none 5: say --scale 0..4 if 0 stands for like.",)


def test_other_formats_are_read_too(tmp_path: Path) -> None:
    table = pa.table({"id": ["a", "b"], "chat+": [1.0, None], "chat-": [5.0, 5.0]})

    pq.write_table(table, tmp_path / "kano.parquet")
    answers = read_kano(tmp_path / "kano.parquet")
    assert pairs(answers) == [("chat", 1, 5)]
    assert answers.report.format == "Parquet"


def test_features_keep_their_first_spelling(read: Read) -> None:
    answers = read("feature,functional,dysfunctional", "Live chat,1,5", "live  CHAT,3,3")
    assert answers.features == ("Live chat",)


def test_progress_is_told(tmp_path: Path) -> None:
    path = tmp_path / "kano.csv"
    path.write_text("id,chat+,chat-\na,1,5\nb,1,5\n", encoding="utf-8")
    told: list[tuple[int, int | None]] = []
    read_kano(path, progress=lambda done, total: told.append((done, total)))
    assert told == [(2, 2)]


def test_a_header_alone_is_refused(read: Read) -> None:
    with pytest.raises(UnreadableFile) as error:
        read("id,chat+,chat-")
    assert str(error.value) == "kano.csv has a header but no rows. Choose a file with at least one row."


def test_nothing_usable_says_why(read: Read) -> None:
    with pytest.raises(NothingUsable) as error:
        read("id,chat+,chat-", "a,1,", "b,,")
    assert error.value.message == (
        "None of the 2 rows of kano.csv can be used: no pair with both questions answered (2)."
    )


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ({"scale": (1, 7)}, "A scale from 1 to 7 has not five answers."),
        ({"by": ("id",)}, "The column of segments “id” holds more than 200 different values."),
    ],
)
def test_refuses_what_cannot_be(read: Read, wanted: dict[str, object], message: str) -> None:
    with pytest.raises(BadOption) as error:
        read("id,chat+,chat-", *(f"r{number},1,5" for number in range(201)), **wanted)
    assert error.value.message == message
    assert error.value.hint
