"""Small files that would become too large: refused before anything holds them in memory."""

from __future__ import annotations

import gzip
import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from forvent.errors import UnreadableFile
from forvent.reading import files, packed, read_voices

Write = Callable[..., Path]
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
TABLE = "urn:oasis:names:tc:opendocument:xmlns"
WORDS = '<row r="1"><c r="A1" t="inlineStr"><is><t>comment</t></is></c></row>'


def xlsx(rows: str, *, sheet: bytes | None = None, name: str = "sheet1.xml") -> bytes:
    """A workbook of one sheet with these rows."""
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" '
        f'Type="{REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{SHEET}" xmlns:r="{REL}"><sheets>'
        '<sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" '
        f'Type="{REL}/worksheet" Target="worksheets/{name}"/></Relationships>',
        f"xl/worksheets/{name}": sheet
        or f'<worksheet xmlns="{SHEET}"><sheetData>{rows}</sheetData></worksheet>',
    }
    return archive(parts)


def ods(rows: str) -> bytes:
    """An OpenDocument table with these rows."""
    spaces = " ".join(f'xmlns:{name}="{TABLE}:{name}:1.0"' for name in ("office", "table", "text"))
    content = (
        f"<office:document-content {spaces}><office:body><office:spreadsheet>"
        f'<table:table table:name="a"><table:table-column/>{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    return archive({"mimetype": kind, "META-INF/manifest.xml": "<manifest/>", "content.xml": content})


def archive(parts: dict[str, str | bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as made:
        for name, part in parts.items():
            made.writestr(name, part)
    return held.getvalue()


def cell(text: str, *, times: int = 1) -> str:
    repeated = f' table:number-columns-repeated="{times}"' if times > 1 else ""
    return (
        f'<table:table-cell office:value-type="string"{repeated}><text:p>{text}</text:p></table:table-cell>'
    )


def row(cells: str, *, times: int = 1) -> str:
    return f'<table:table-row table:number-rows-repeated="{times}">{cells}</table:table-row>'


def binary_sheet(*records: tuple[int, int]) -> bytes:
    """Records of a kind with a number, as a binary sheet of Excel has them."""
    body = b"".join(bytes([kind, 8]) + number.to_bytes(8, "little") for kind, number in records)
    return body + b"\x82\x01\x00" + bytes(20)


FAR = "a sheet of 1,048,576 rows and 16,384 columns"


@pytest.mark.parametrize(
    ("content", "extent"),
    [
        (xlsx(WORDS + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'), FAR),
        # Where it is may be written in other ways, too.
        (xlsx(WORDS + "<row><c s='>' r = 'XFD1048576'><v>1</v></c></row>"), FAR),
        (xlsx(WORDS + '<x:row r="1048576"><x:c r="XFD1048576"/></x:row>'), FAR),
        (xlsx(f'<row>{"<c/>" * 16384}</row><row r="1048576"><c/></row>'), FAR),
        (xlsx("", sheet=binary_sheet((0, 0), (7, 0), (0, 1048575), (7, 16383)), name="s.bin"), FAR),
        (ods(row(cell("comment")) + row(cell("x", times=16384), times=1048575)), FAR),
        (ods(row("<table:table-cell/>", times=1048575) + row(cell("x", times=16384))), FAR),
    ],
)
def test_cells_far_apart_are_refused_before_there_is_a_table_between_them(
    content: bytes, extent: str, write: Write
) -> None:
    with pytest.raises(UnreadableFile) as caught:
        read_voices(write(content, name="far.xlsx"))
    assert str(caught.value) == (
        f"far.xlsx has {extent}. Delete what lies far below or beside the table, or save the table as CSV."
    )


def test_what_is_empty_to_the_end_of_the_sheet_does_no_harm(write: Write) -> None:
    empty = '<table:table-cell table:number-columns-repeated="16383"/>'
    rows = row(cell("comment") + empty) + row(cell("Late again.") + empty) + row(empty, times=1048574)
    reader = read_voices(write(ods(rows), name="voices.ods"))
    assert [voice.text for batch in reader.batches(size=9) for voice in batch] == ["Late again."]


def test_a_sheet_of_usual_size_passes(write: Write) -> None:
    rows = "".join(
        f'<row r="{n}"><c r="A{n}" t="inlineStr"><is><t>Late again, {n}.</t></is></c></row>'
        for n in range(2, 40)
    )
    reader = read_voices(write(xlsx(WORDS + rows), name="voices.xlsx"))
    assert sum(len(batch) for batch in reader.batches(size=100)) == 38


def test_what_unpacks_to_too_much_is_refused_whatever_it_says_of_itself(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packed, "MOST_BYTES", 3 << 20)
    content = xlsx(WORDS + " " * (4 << 20))
    with pytest.raises(UnreadableFile, match=re.escape("bomb.xlsx would unpack to more than 0 GiB.")):
        read_voices(write(content, name="bomb.xlsx"))
    # One byte of the sizes in its directory is enough to claim less.
    size = (len(zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml"))).to_bytes(4, "little")
    lying = content.replace(size, (100).to_bytes(4, "little"))
    assert lying != content
    with pytest.raises(UnreadableFile, match=re.escape("bomb.xlsx would unpack to more than 0 GiB.")):
        read_voices(write(lying, name="bomb.xlsx"))


def test_a_tag_without_end_is_damage(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "_LONGEST_TAG", 1000)
    with pytest.raises(UnreadableFile, match="is a damaged ZIP archive"):
        read_voices(write(xlsx("", sheet=b"<worksheet><row " + b"a" * 2000), name="cut.xlsx"))


def test_a_bomb_of_gzip_is_refused_and_a_table_that_packs_well_is_not(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "SURELY_FINE", 1 << 20)
    table = "id,comment\n" + "".join(f"{n},Late again number {n * 7919 % 10007}.\n" for n in range(60_000))
    reader = read_voices(write(gzip.compress(table.encode()), name="voices.csv.gz"))
    assert sum(len(batch) for batch in reader.batches(size=10_000)) == 60_000
    bomb = gzip.compress(b"id,comment\n1,Late.\n" + b"\n" * (8 << 20))
    with pytest.raises(UnreadableFile) as caught:
        reader = read_voices(write(bomb, name="bomb.csv.gz"))
        list(reader.batches(size=100))
    assert caught.value.hint == "Unpack it, and look at what is in it."
