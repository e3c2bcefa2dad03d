from __future__ import annotations

import io

import pytest

from forvent.reading.delimited import BAD_BYTES, BAD_QUOTES, TOO_LONG, delimited_rows, dialect_of
from forvent.reading.encodings import encoding_of
from forvent.reading.lines import Lines, open_lines
from forvent.reading.rows import Row


def lines_of(content: str | bytes) -> Lines:
    stream = io.BytesIO(content if isinstance(content, bytes) else content.encode())
    return open_lines(stream, encoding=encoding_of(stream))


def rows_of(content: str | bytes) -> list[Row]:
    lines = lines_of(content)
    return list(delimited_rows(lines, dialect=dialect_of(lines)))


def cells_of(content: str | bytes) -> list[list[object]]:
    return [list(row.cells) for row in rows_of(content)]


@pytest.mark.parametrize(
    ("content", "delimiter"),
    [
        ("id,text\n1,good\n2,bad\n", ","),
        ("id;text;stars\n1;good, really, good;4,5\n2;bad, very bad, yes;1,5\n", ";"),
        ("id\ttext\n1\tgood; fine\n2\tbad, sad\n", "\t"),
        ("id|text|n\n1|good, fine|2\n2|bad|3\n", "|"),
        ('id,text\n1,"a;b;c"\n2,"d;e;f"\n', ","),
        ("sep=;\nid;text\n1;a,b\n", ";"),
        ("Export of 3 May;;\n\nid;text;stars\n1;good, yes;4\n2;bad, no;1\n", ";"),
    ],
)
def test_finds_the_delimiter_that_makes_an_even_table(content: str, delimiter: str) -> None:
    assert dialect_of(lines_of(content)).delimiter == delimiter


def test_sentences_with_commas_under_one_header_stay_one_column() -> None:
    content = 'comment\nGreat, fast, cheap\nSlow, rude, dear\n"quoted" words\n'
    assert cells_of(content) == [
        ["comment"],
        ["Great, fast, cheap"],
        ["Slow, rude, dear"],
        ['"quoted" words'],
    ]


def test_keeps_newlines_and_returns_inside_quotes_and_counts_rows_as_a_spreadsheet_does() -> None:
    rows = rows_of('id,text\r\n1,"one\r\ntwo\rthree"\r\n\r\n2,"say ""hi"", please"\r\n')
    assert [(row.number, list(row.cells)) for row in rows] == [
        (1, ["id", "text"]),
        (2, ["1", "one\r\ntwo\rthree"]),
        (3, []),
        (4, ["2", 'say "hi", please']),
    ]


def test_reads_quotes_escaped_by_backslash() -> None:
    assert cells_of('"id","text"\n"1","he said \\"no, thanks\\""\n"2","ok"\n')[1] == [
        "1",
        'he said "no, thanks"',
    ]


def test_reads_quotes_that_stand_behind_a_blank() -> None:
    assert cells_of('id, text, n\n1, "good, fine", 2\n2, "bad, sad", 3\n')[1] == ["1", "good, fine", "2"]


def test_a_quote_that_is_never_closed_costs_no_other_row() -> None:
    content = 'id,text\n1,"It never came\n' + "".join(f"{number},fine\n" for number in range(2, 500))
    cells = cells_of(content)
    assert cells[1] == ["1", '"It never came']
    assert len(cells) == 500
    assert cells[-1] == ["499", "fine"]


def test_a_quote_that_is_never_closed_is_found_over_more_than_a_million_characters() -> None:
    content = 'id,text\n1,"It never came\n' + "2,fine weather today\n" * 60_000
    cells = cells_of(content)
    assert len(cells) == 60_002
    assert cells[-1] == ["2", "fine weather today"]


def test_an_opening_quote_closed_by_a_later_row_joins_no_rows() -> None:
    rows = rows_of('id,text\n1,"It never came\n2,"Good, really"\n3,Bye\n')
    assert [list(row.cells) for row in rows] == [
        ["id", "text"],
        ["1", '"It never came'],
        ["2", "Good, really"],
        ["3", "Bye"],
    ]


def test_words_in_quotes_inside_a_quoted_cell_are_kept() -> None:
    rows = rows_of('id,text,n\n1,"He said "hello" and left",4\n2,"He said "well, yes" and left",5\n')
    assert list(rows[1].cells) == ["1", 'He said "hello" and left', "4"]
    assert rows[2].doubt == BAD_QUOTES
    assert len(rows[2].cells) == 4


@pytest.mark.parametrize("quote", ["", '"'])
def test_an_endless_cell_costs_its_row_only(quote: str) -> None:
    content = f"id,text\n1,{quote}{'x' * 9_000_000}{quote}\n2,fine\n"
    rows = rows_of(content)
    assert [(row.number, row.flaw) for row in rows] == [(1, None), (2, TOO_LONG), (3, None)]


def test_an_endless_cell_of_many_lines_costs_its_row_only() -> None:
    rows = rows_of('id,text\n1,"' + "it was bad\n" * 200_000 + '",x\n2,fine\n')
    assert [(row.number, row.flaw) for row in rows] == [(1, None), (2, TOO_LONG), (3, None)]


def test_a_stray_carriage_return_ends_a_row_where_no_quotes_are() -> None:
    assert cells_of("id,text\n1,a\r2,b\n3,c\n") == [["id", "text"], ["1", "a"], ["2", "b"], ["3", "c"]]


def test_a_row_that_cannot_be_decoded_is_marked_as_such() -> None:
    content = b"id,text\n" + "1,Přišlo příliš pozdě\n".encode() * 9
    rows = rows_of(content + b"2,\x81\x8d\xff\xfe\n3,fine\n")
    assert [row.number for row in rows if row.flaw == BAD_BYTES] == [11]
    assert list(rows[-1].cells) == ["3", "fine"]


def test_an_empty_cell_and_nul_bytes_do_no_harm() -> None:
    assert cells_of("id,text,n\n1,,\n2,a\x00b,3\n") == [
        ["id", "text", "n"],
        ["1", "", ""],
        ["2", "a\x00b", "3"],
    ]
