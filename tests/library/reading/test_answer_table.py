"""Tables of answers: at once or row by row, the same cells, the same rows, the same sample."""

from __future__ import annotations

import gzip
from datetime import datetime
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from forvent.errors import MissingColumn, UnreadableFile
from forvent.reading.answer_table import AnswerTable
from forvent.reading.sample import sample_of

PLAIN = "csat,staff,when\n5,4,x\n1,,y z\n5,0,\n"


def written(folder, text, name="survey.csv", encoding="utf-8"):
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def read_both(path):
    """The file as it is read, and as it would be read row by row."""
    quick, slow = AnswerTable(path), AnswerTable(path)
    slow.__dict__["_block"] = None
    return quick, slow


def is_quick(table):
    return table._block is not None


def cells(table, name):
    found = table.read([name]).columns[name]
    return [found.cells[code] for code in found.codes]


def assert_same(quick, slow):
    assert quick.names == slow.names
    assert quick.sample == slow.sample
    one, other = quick.read(quick.names), slow.read(slow.names)
    assert (one.rows, one.numbers.tolist()) == (other.rows, other.numbers.tolist())
    assert {reason: rows.tolist() for reason, rows in one.flaws.items()} == {
        reason: rows.tolist() for reason, rows in other.flaws.items()
    }
    for name in quick.names:
        assert cells(quick, name) == cells(slow, name)


@pytest.mark.parametrize(
    "text",
    [
        PLAIN,
        PLAIN.replace("\n", "\r\n"),
        PLAIN.replace(",", ";"),
        PLAIN.replace(",", "\t"),
        PLAIN.rstrip("\n"),
        "\ufeff" + PLAIN,
        PLAIN.replace("y z", "čau 你好"),
        '"csat","staff","when"\n5,4,x\n1,2,y\n',
        'a,b\n"1,5",2\n3,4\n',
        'a,b\n1,"she said ""well"""\n2,""\n"",3\n',
        'a,b\n1,"two\nlines, one cell"\n2,"\n\n"\n3,4\n',
        'a,b\r\n1,"two\r\nlines"\r\n3,4\r\n',
        '"a","b"\n"",""\n"1","2"\n',
        "a,b\n1,2\n\n3,4\n",
        "a,b\n1,2\n,\n3,4\n,\n\n",
        "a,a,\n1,2,3\n4,5,6\n7,8,9\n",
    ],
)
def test_a_file_that_can_be_read_in_one_way_only_is_read_at_once(tmp_path, text):
    quick, slow = read_both(written(tmp_path, text))
    assert is_quick(quick) is not text.startswith("a,a,")
    assert_same(quick, slow)


@pytest.mark.parametrize(
    "text",
    [
        "a,b\n1,2\n3\n3,4\n",
        "a,b\n1,2\n3,4,5\n3\n",
        "A survey of ours\na,b\n1,2\n3,4\n5,6\n",
        "a,b\n1,2\r3\n3,4\n",
        'a,b\n1,a 5" nail\n3,4\n',
        'a,b\n1,"open\n3,4\n5,6\n',
        'a,b\n1,"x"y\n3,4\n5,6\n',
        'a,b\n1, "x"\n3,4\n5,6\n',
        'a,b\n1,"x\\"y"\n3,4\n5,"a\\""\n',
        "a,b\n1,2\n3,\x004\n" + "5,6\n" * 40,
    ],
)
def test_an_odd_file_is_read_row_by_row(tmp_path, text):
    table = AnswerTable(written(tmp_path, text))
    assert not is_quick(table)
    assert table.read(["a"]).rows >= 2


def test_quotes_are_followed_over_the_ends_of_pieces(tmp_path, monkeypatch):
    text = "a,b\n" + "".join(f'{number},"line\n""{number}"", {"x" * (number % 7)}"\n' for number in range(60))
    for size in (1, 2, 3, 7, 64):
        monkeypatch.setattr("forvent.reading.plain_tables._PIECE", size)
        quick, slow = read_both(written(tmp_path, text))
        assert is_quick(quick)
        assert_same(quick, slow)


def test_a_file_in_another_encoding_is_read_row_by_row(tmp_path):
    text = "spokojen,b\nvelmi spokojený,2\nne, 3\nvelmi spokojená,2\n" * 20
    table = AnswerTable(written(tmp_path, text, encoding="cp1250"))
    assert not is_quick(table)
    assert cells(table, "spokojen")[0] == "velmi spokojený"


def test_a_cell_of_endless_length_is_left_to_the_rows(tmp_path):
    table = AnswerTable(written(tmp_path, f"a,b\n1,{'x' * 1_000_001}\n3,4\n"))
    assert not is_quick(table)
    assert table.read(["a"]).numbers.tolist() == [3]


def test_rows_keep_their_numbers_and_flawed_ones_are_counted(tmp_path):
    rows = AnswerTable(written(tmp_path, "a,b\n1,2\n\n3,4,5\n5,6\n")).read(["a"])
    assert (rows.rows, rows.numbers.tolist()) == (3, [2, 5])
    assert [(one.reason, one.rows) for one in rows.tally().unusable()] == [("more cells than columns", (4,))]


def test_the_sample_is_that_of_the_rows(tmp_path):
    text = "id,a\n" + "".join(f"{number},{number % 5}\n" for number in range(25_000))
    table = AnswerTable(written(tmp_path, text))
    assert is_quick(table)
    assert table.sample == sample_of(table.source.rows())
    assert (table.sample.step, len(table.sample.rows)) == (4, 6250)


def test_a_column_of_many_cells_is_read_only_where_it_is_asked_for(tmp_path):
    text = "id,a\n" + "".join(f"{number},1\n" for number in range(51))
    for path in (written(tmp_path, text), written(tmp_path, text + 'x",1\n', name="odd.csv")):
        table = AnswerTable(path)
        assert list(table.read((), most=50).columns) == ["a"]
        assert list(table.read(["id"], most=50).columns) == ["id", "a"]
        assert list(table.read(["id"]).columns) == ["id"]


def test_packed_files_and_other_formats_are_read(tmp_path):
    packed = tmp_path / "survey.csv.gz"
    packed.write_bytes(gzip.compress(PLAIN.encode()))
    assert cells(AnswerTable(packed), "csat") == ["5", "1", "5"]
    lines = written(tmp_path, '{"csat": 5, "staff": 4}\n{"csat": 1}\n', name="survey.jsonl")
    assert cells(AnswerTable(lines), "staff") == [4, None]


def test_true_is_not_one(tmp_path):
    lines = written(
        tmp_path, "".join(f'{{"a": {cell}}}\n' for cell in ("1", "true", "0", "false", '"x"')), "a.jsonl"
    )
    assert list(map(repr, cells(AnswerTable(lines), "a"))) == ["1", "True", "0", "False", "'x'"]


def test_parquet_is_read_at_once_with_the_same_cells(tmp_path):
    path = tmp_path / "survey.parquet"
    table = pa.table(
        {
            "text": ["a", None, "", "a"],
            "number": [1.5, float("nan"), None, 2.0],
            "flag": [True, False, None, True],
            "time": pa.array([datetime(2026, 3, 1), None, None, datetime(2026, 3, 2)], pa.timestamp("ns")),
            "price": [Decimal("12.50"), None, Decimal("0.10"), None],
            "list": [[1], None, [], [2, 3]],
            "kind": pa.array(["x", "y", "x", None]).dictionary_encode(),
            "empty": pa.nulls(4),
        }
    )
    pq.write_table(table, path)
    quick, slow = read_both(path)
    assert is_quick(quick)
    assert_same(quick, slow)
    assert cells(quick, "price") == [12.5, None, 0.1, None]
    assert quick.read(["text"]).numbers.tolist() == [1, 2, 3, 4]


def test_a_parquet_cell_of_endless_length_makes_its_row_unusable(tmp_path):
    pq.write_table(pa.table({"a": ["x" * 1_000_001, "y"], "b": [1, 2]}), tmp_path / "a.parquet")
    rows = AnswerTable(tmp_path / "a.parquet").read(["b"])
    assert rows.numbers.tolist() == [2]


def test_names_and_what_only_looks_like_one(tmp_path):
    text = "who,also,blank\n" + "ann,ann,ann\nbo, bo,bo\n007,7,n/a\n"
    columns = AnswerTable(written(tmp_path, text)).read(["who", "also", "blank"]).columns
    assert [columns[name].are_names for name in ("who", "also", "blank")] == [True, False, False]


def test_progress_is_told(tmp_path):
    told = []
    AnswerTable(written(tmp_path, PLAIN)).read(
        ["csat"], progress=lambda done, total: told.append((done, total))
    )
    assert told == [(3, 3)]
    told.clear()
    odd = written(tmp_path, "a,b\n" + "1,2\n" * 50_000 + '3" nail,4\n', name="odd.csv")
    AnswerTable(odd).read(["a"], progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (50_001, 50_001)
    assert [total for _, total in told[:-1]] == [None] * (len(told) - 1)
    assert len(told) > 2


def test_a_column_that_is_not_there_and_a_file_without_rows_are_refused(tmp_path):
    with pytest.raises(MissingColumn) as missing:
        AnswerTable(written(tmp_path, PLAIN)).find("stuff", what="a touchpoint")
    assert str(missing.value) == (
        "survey.csv has no column “stuff” for a touchpoint. "
        "Its columns: csat, staff, when. Did you mean “staff”?"
    )
    for ask in (lambda table: table.sample, lambda table: table.read(["a"])):
        with pytest.raises(UnreadableFile) as empty:
            ask(AnswerTable(written(tmp_path, "a,b\n")))
        assert str(empty.value) == "survey.csv has a header but no rows. Choose a file with at least one row."
