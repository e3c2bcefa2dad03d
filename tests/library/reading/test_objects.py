from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from forvent.errors import UnreadableFile
from forvent.reading.delimited import BAD_BYTES, TOO_LONG
from forvent.reading.formats import open_rows
from forvent.reading.objects import BAD_JSON, NO_OBJECT

Write = Callable[..., Path]


def test_fields_inside_fields_get_names_with_a_dot(write: Write) -> None:
    source = open_rows(
        write('{"id": 1, "user": {"name": "A", "at": {"x": 2}}, "tags": ["a"]}\n', name="v.jsonl")
    )
    assert source.names == ("id", "user.name", "user.at.x", "tags")
    assert list(next(source.rows()).cells) == [1, "A", 2, '["a"]']


def test_lines_that_are_no_records_are_counted_by_their_line(write: Write) -> None:
    content = (
        b'{"id": 1}\nnot json\n[1, 2]\n\n{"id": 5}\n{"id": "\x81\x8d\x90"}\n'
        + b'{"id": "'
        + b"x" * 1_000_001
        + b'"}\n'
    )
    rows = list(open_rows(write(content, name="v.jsonl")).rows())
    assert [(row.number, row.flaw) for row in rows] == [
        (1, None),
        (2, BAD_JSON),
        (3, NO_OBJECT),
        (5, None),
        (6, BAD_BYTES),
        (7, TOO_LONG),
    ]


def test_an_endless_line_costs_its_row_only(write: Write) -> None:
    content = '{"id": 1, "text": "' + "x" * 9_000_000 + '"}\n{"id": 2, "text": "fine"}\n'
    rows = list(open_rows(write(content, name="v.jsonl")).rows())
    assert [(row.number, row.flaw) for row in rows] == [(1, TOO_LONG), (2, None)]


def test_fields_that_come_later_than_the_first_record_are_columns_too(write: Write) -> None:
    source = open_rows(write('{"id": 1}\n{"id": 2, "note": "x"}\n', name="v.jsonl"))
    assert [list(row.cells) for row in source.rows()] == [[1, None], [2, "x"]]


@pytest.mark.parametrize("indent", [None, 2])
def test_a_long_array_is_read_whole_on_one_line_or_many(write: Write, indent: int | None) -> None:
    records = [{"id": number, "text": "čekali jsme, 三天 " * 40} for number in range(9000)]
    path = write(json.dumps(records, ensure_ascii=False, indent=indent), name="v.json")
    cells = [list(row.cells) for row in open_rows(path).rows()]
    assert cells == [[record["id"], record["text"]] for record in records]


def test_an_endless_record_in_an_array_is_named(write: Write) -> None:
    content = '[{"id": 1}, {"id": 2, "text": "' + "x" * 9_000_000 + '"}]'
    with pytest.raises(UnreadableFile) as refused:
        list(open_rows(write(content, name="v.json")).rows())
    assert str(refused.value) == (
        "v.json: record 2 has more than 4,000,000 characters. "
        "Export it as JSONL, so that it can be passed over."
    )


def test_an_empty_array_holds_no_rows(write: Write) -> None:
    with pytest.raises(UnreadableFile, match=r"^v\.json holds no rows\."):
        open_rows(write("[ ]", name="v.json"))
