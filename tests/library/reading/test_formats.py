from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from forvent.errors import UnreadableFile
from forvent.reading.formats import open_rows

Write = Callable[..., Path]
USABLE = "CSV, TSV, Excel, OpenDocument, JSON, JSONL or Parquet"


def table_of(path: Path) -> list[list[object]]:
    source = open_rows(path)
    return [list(source.names), *[list(row.cells) for row in source.rows()]]


def workbook(*sheets: tuple[str, list[list[object]]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def open_document(rows: list[list[str]]) -> bytes:
    office = "urn:oasis:names:tc:opendocument:xmlns:"
    cells = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'
            for cell in row
        )
        + "</table:table-row>"
        for row in rows
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="{office}office:1.0" '
        f'xmlns:table="{office}table:1.0" xmlns:text="{office}text:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="Reviews">{cells}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = f'<manifest:manifest xmlns:manifest="{office}manifest:1.0"/>'
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", manifest)
    return file.getvalue()


def parquet(columns: dict[str, object]) -> bytes:
    file = io.BytesIO()
    pq.write_table(pa.table(columns), file)
    return file.getvalue()


TABLE = [["id", "text"], ["1", "přišlo pozdě"], ["2", "迟到"]]
CONTENTS: dict[str, bytes] = {
    "CSV (comma)": "id,text\n1,přišlo pozdě\n2,迟到\n".encode(),
    "CSV (semicolon)": "id;text\n1;přišlo pozdě\n2;迟到\n".encode(),
    "CSV (bar)": "id|text\n1|přišlo pozdě\n2|迟到\n".encode(),
    "TSV": "id\ttext\r\n1\tpřišlo pozdě\r\n2\t迟到\r\n".encode("utf-16"),
    "JSONL": '{"id": "1", "text": "přišlo pozdě"}\n\n{"text": "迟到", "id": "2"}\n'.encode(),
    "JSON array": '[{"id": "1", "text": "přišlo pozdě"},\n {"text": "迟到", "id": "2"}]'.encode(),
    "Parquet": parquet({"id": ["1", "2"], "text": ["přišlo pozdě", "迟到"]}),
    "Excel (.xlsx), sheet “Reviews”": workbook(("Reviews", TABLE)),
    "OpenDocument (.ods), sheet “Reviews”": open_document(TABLE),
}


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
@pytest.mark.parametrize("format_name", CONTENTS)
def test_reads_every_format_by_its_content_whatever_its_name(
    write: Write, format_name: str, packed: bool
) -> None:
    content = CONTENTS[format_name]
    path = write(gzip.compress(content) if packed else content, name="export.dat")
    assert open_rows(path).format == format_name
    assert table_of(path) == TABLE


def test_rows_can_be_read_again_from_the_start(write: Write) -> None:
    source = open_rows(write("id,text\n1,a\n2,b\n"))
    first = next(source.rows())
    assert next(source.rows()) == first
    assert len(list(source.rows())) == 2


def test_takes_the_first_sheet_with_rows_and_names_the_others(write: Write) -> None:
    content = workbook(("Cover", []), ("Reviews", TABLE), ("Old", [["x"], ["y"]]))
    source = open_rows(write(content, name="v.xlsx"))
    assert source.format == "Excel (.xlsx), sheet “Reviews”"
    assert source.notes == ("Other sheets were not read: “Cover”, “Old”.",)


def test_rows_of_a_sheet_have_the_numbers_that_the_spreadsheet_shows(write: Write) -> None:
    rows: list[list[object]] = [[], ["id", "when"], [1, datetime(2024, 5, 1, 10)], [], [2, None]]
    source = open_rows(write(workbook(("S", rows)), name="v.xlsx"))
    assert [(row.number, list(row.cells)) for row in source.rows()] == [
        (3, [1.0, datetime(2024, 5, 1, 10)]),
        (5, [2.0, ""]),
    ]


def test_parquet_keeps_types_and_cuts_nanoseconds(write: Write) -> None:
    stamps = pa.array([1_714_557_600_000_000_001, None], pa.timestamp("ns"))
    path = write(parquet({"when": stamps, "n": pa.array([1, 2])}), name="v.parquet")
    assert table_of(path) == [["when", "n"], [datetime(2024, 5, 1, 10), 1], [None, 2]]


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00", "a PNG picture"),
        (b"MZ\x90\x00\x03\x00", "a program"),
        (b"%PDF-1.7 ...", "a PDF document"),
        (b"<!DOCTYPE html><table></table>", "a web page or XML document"),
        (bytes(range(256)) * 20, "a binary file"),
    ],
)
def test_names_what_a_file_is_that_is_no_table(write: Write, content: bytes, what: str) -> None:
    with pytest.raises(UnreadableFile) as refused:
        open_rows(write(content, name="v.csv"))
    assert str(refused.value) == f"v.csv is {what}, not a table. Save the table as {USABLE}."


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "v.csv is empty. Choose a file with a header and at least one row."),
        (b"\xef\xbb\xbf\r\n", "v.csv is empty. Choose a file with a header and at least one row."),
        (b"PK\x03\x04junk", "v.csv is a damaged ZIP archive. Copy or download it again."),
        (
            gzip.compress(b"id,text\n" * 9999)[:-30],
            "v.csv is damaged: its gzip compression breaks off. Copy or download it again.",
        ),
        (
            b"PAR1",
            "v.csv looks like Parquet but is damaged (Parquet file size is 4 bytes, smaller t…). "
            "Write it again.",
        ),
        (
            b'{\n "reviews": []\n}',
            "v.csv holds one JSON object over several lines, not a list of records. "
            "Export the records as a JSON array or as JSONL, one object a line.",
        ),
        (
            b'[{"a":1},{"b"',
            "v.csv is damaged: no complete JSON value after record 1. "
            "Export it again, as JSONL if that is offered.",
        ),
        (
            b'{"a"\n"b"}\n',
            'v.csv holds no JSON objects with named fields. Write objects such as {"text": "…"}.',
        ),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1junk",
            "v.csv looks like a spreadsheet but is damaged (Cannot detect file format). "
            "Save it again, or save it as CSV.",
        ),
    ],
)
def test_says_what_is_wrong_with_a_file_and_what_to_do(write: Write, content: bytes, message: str) -> None:
    with pytest.raises(UnreadableFile) as refused:
        list(open_rows(write(content, name="v.csv")).rows())
    assert str(refused.value) == message


def test_says_that_a_zip_archive_must_be_unpacked(write: Write) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("reviews.csv", "id,text\n")
    with pytest.raises(UnreadableFile, match=r"^v\.zip is a ZIP archive, not a table\."):
        open_rows(write(file.getvalue(), name="v.zip"))


def test_a_workbook_without_rows_is_refused(write: Write) -> None:
    with pytest.raises(UnreadableFile, match=r"^v\.xlsx holds no sheet with rows\."):
        open_rows(write(workbook(("A", []), ("B", [])), name="v.xlsx"))


def test_a_missing_file_is_named_with_its_path(tmp_path: Path) -> None:
    with pytest.raises(
        UnreadableFile, match=r"none\.csv cannot be opened \(No such file or directory\)\. Check the path"
    ):
        open_rows(tmp_path / "none.csv")
