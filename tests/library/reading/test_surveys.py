"""Surveys as coded columns: at once or row by row, the same cells; and what their columns say."""

from __future__ import annotations

import gzip

import numpy as np
import pytest

from forvent.errors import BadOption, MissingColumn, UnreadableFile
from forvent.reading import surveys
from forvent.reading.formats import open_rows
from forvent.reading.plain_tables import plain_columns
from forvent.reading.survey_ratings import looks_rated, overall_of, rated, scales_of
from forvent.reading.surveys import CodedColumn, read_survey
from forvent.records import Scale

PLAIN = "csat,staff,when\n5,4,x\n1,,y z\n5,0,\n"


def written(folder, text, name="survey.csv", encoding="utf-8"):
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def column(*cells):
    """A column with these cells, one a row."""
    distinct = tuple(dict.fromkeys(cells))
    return CodedColumn("csat", distinct, np.array([distinct.index(cell) for cell in cells], dtype=np.int32))


def cells(survey, name):
    found = survey.columns[name]
    return [found.cells[code] for code in found.codes]


@pytest.mark.parametrize(
    "text",
    [
        PLAIN,
        PLAIN.replace("\n", "\r\n"),
        PLAIN.replace(",", ";"),
        PLAIN.replace(",", "\t"),
        PLAIN.rstrip("\n"),
        '"csat","staff","when"\n5,4,x\n1,2,y\n',
        "\ufeff" + PLAIN,
        PLAIN.replace("y z", "čau 你好"),
    ],
)
def test_a_plain_file_is_read_at_once_with_the_same_cells(tmp_path, text):
    path = written(tmp_path, text)
    source = open_rows(path)
    assert plain_columns(path, source) is not None
    quick, slow = read_survey(path), surveys._read_by_row(path.name, source, kept=())
    assert quick.names == slow.names
    assert quick.numbers.tolist() == slow.numbers.tolist()
    for name in quick.names:
        assert cells(quick, name) == cells(slow, name)


@pytest.mark.parametrize(
    "text",
    [
        'a,b\n"1,5",2\n3,4\n',
        "a,b\n1,2\n\n3,4\n",
        "a,b\n1,2\n,\n3,4\n",
        "a,b\n1,2\n3\n3,4\n",
        "a,b\n1,2\n3,4,5\n3\n",
        "A survey of ours\na,b\n1,2\n3,4\n5,6\n",
        "a,b\n1,2\r3\n3,4\n",
    ],
)
def test_an_odd_file_is_read_row_by_row(tmp_path, text):
    path = written(tmp_path, text)
    assert plain_columns(path, open_rows(path)) is None
    assert read_survey(path).rows >= 2


def test_a_file_in_another_encoding_is_read_row_by_row(tmp_path):
    path = written(
        tmp_path, "spokojen,b\nvelmi spokojený,2\nne, 3\nvelmi spokojená,2\n" * 20, encoding="cp1250"
    )
    assert cells(read_survey(path), "spokojen")[0] == "velmi spokojený"


def test_rows_keep_their_numbers_and_flawed_ones_are_counted(tmp_path):
    found = read_survey(written(tmp_path, "a,b\n1,2\n\n3,4,5\n5,6\n"))
    assert found.numbers.tolist() == [2, 5]
    assert [(one.reason, one.rows) for one in found.flawed] == [("more cells than columns", (4,))]
    assert found.rows == 3


def test_a_column_of_many_cells_is_kept_only_where_it_is_asked_for(tmp_path):
    text = "id,a\n" + "".join(f"{number},1\n" for number in range(surveys.MOST_CELLS + 1))
    for path in (written(tmp_path, text), written(tmp_path, text + '"x",1\n', name="quoted.csv")):
        assert list(read_survey(path).columns) == ["a"]
        assert list(read_survey(path, keep={"ID": "who answered"}).columns) == ["id", "a"]


def test_packed_files_and_other_formats_are_read(tmp_path):
    packed = tmp_path / "survey.csv.gz"
    packed.write_bytes(gzip.compress(PLAIN.encode()))
    assert cells(read_survey(packed), "csat") == ["5", "1", "5"]
    lines = written(tmp_path, '{"csat": 5, "staff": 4}\n{"csat": 1}\n', name="survey.jsonl")
    assert cells(read_survey(lines), "staff") == [4, None]


def test_a_column_that_is_not_there_and_a_file_without_rows_are_refused(tmp_path):
    with pytest.raises(MissingColumn) as missing:
        read_survey(written(tmp_path, PLAIN), keep={"stuff": "a touchpoint"})
    assert str(missing.value) == (
        "survey.csv has no column “stuff” for a touchpoint. "
        "Its columns: csat, staff, when. Did you mean “staff”?"
    )
    with pytest.raises(UnreadableFile) as empty:
        read_survey(written(tmp_path, "a,b\n"))
    assert str(empty.value) == "survey.csv has a header but no rows. Choose a file with at least one row."


def test_ratings_are_numbers_stars_or_words_and_the_rest_is_unread():
    found = rated(column("5", "4,5", "", "n/a", "soon", "0"), none=("0.0",))
    assert found.given().tolist()[:2] == [5.0, 4.5]
    assert found.unread.tolist() == [False, False, False, False, True, False]
    assert found.says_none().tolist() == [False] * 5 + [True]


def test_a_word_can_say_that_it_does_not_apply():
    found = rated(column("5", "never used"), none=("Never used",))
    assert (found.says_none().tolist(), found.unread.any()) == ([False, True], False)


@pytest.mark.parametrize(
    ("values", "looks"),
    [
        (["1", "3", "5"], True),
        (["0", "1", "1"], False),
        (["3", "3"], False),
        (["blue", "red"], False),
        ([str(number) for number in range(40)], False),
    ],
)
def test_columns_that_look_like_ratings(values, looks):
    assert looks_rated(column(*values)) is looks


def test_touchpoints_share_a_scale_unless_one_reaches_half_of_it():
    def named(name, *values):
        return rated(CodedColumn(name, values, np.arange(len(values), dtype=np.int32)))

    ten = named("a", *map(str, range(1, 11)))
    found = scales_of(
        [ten, named("b", "6", "7", "8"), named("c", "1", "3", "5"), named("d", "", "-")], given=None
    )
    assert [(one.low, one.high) for one in found.scales.values()] == [(1, 10), (1, 10), (1, 5), (1, 10)]
    assert "“c” was read on 1–5, the others not." in found.notes


def test_overall_satisfaction_may_be_a_rating_or_one_of_two_answers():
    assert overall_of(column("1", "3", "5")).scale == Scale(1.0, 5.0)
    two = overall_of(column("Satisfied", "Neutral or Dissatisfied", ""))
    assert two.given.tolist()[:2] == [1.0, 0.0]
    assert np.isnan(two.given[2])
    assert two.notes == ("“csat” counts as satisfied: Satisfied; not: Neutral or Dissatisfied.",)
    assert overall_of(column("no", "yes")).given.tolist() == [0.0, 1.0]
    assert overall_of(column("1", "2", "2")).given.tolist() == [0.0, 1.0, 1.0]
    assert overall_of(column("happy", "ok", "sad"), good=("Happy", "ok")).given.tolist() == [1.0, 1.0, 0.0]


def test_overall_satisfaction_that_says_nothing_clear_is_refused():
    with pytest.raises(BadOption) as two:
        overall_of(column("stayed", "left"))
    assert str(two.value) == (
        "“csat” holds “left” and “stayed”, and it cannot be told which is the good one. "
        "Say it with --good ANSWER."
    )
    with pytest.raises(BadOption) as words:
        overall_of(column("stayed", "left", "moved"))
    assert str(words.value) == (
        "“csat” holds answers that are no ratings, such as “stayed”. "
        "Say which answers count as satisfied: --good ANSWER."
    )
    with pytest.raises(BadOption) as unknown:
        overall_of(column("stayed", "left"), good=("happy",))
    assert str(unknown.value) == "No answer in “csat” is happy. Its answers: left, stayed."
    with pytest.raises(MissingColumn) as empty:
        overall_of(column("", "-"))
    assert str(empty.value) == "The column “csat” is empty. Name the one of overall satisfaction."
