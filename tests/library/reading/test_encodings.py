from __future__ import annotations

import io

import pytest

from forvent.reading.encodings import encoding_of, guess_encoding, mixed_note
from forvent.reading.lines import is_marked, open_lines

CZECH = (
    "Zásilka přišla o týden později, než bylo slíbeno.\nŽádné potíže, děkuji.\nŘidič byl milý, vůz čistý.\n"
)
NORWEGIAN = (
    "Pakken kom en uke for sent på grunn av været.\nVeldig fornøyd, hyggelig sjåfør.\nÆrlig og grei.\n"
)
ESTONIAN = "Pakk jõudis nädal aega hiljem kohale.\nŠokolaad oli külmast läinud, žürii ei olnud rõõmus.\n"
CHINESE = "包裹比承诺的晚到了一个星期。\n送货员很友好，谢谢。\n味道不错，就是太慢了！\n"
PORTUGUESE = "A encomenda não chegou até à data.\nMuito satisfeita, ótima atenção e preço.\n"
GERMAN = "Das Päckchen kam spät, für den Preis enttäuschend.\nSchöne Größe, süß verpackt.\n"
RUSSIAN = "Посылка пришла на неделю позже обещанного.\n"


def read_all(content: bytes, *, limit: int = 10_000) -> list[str]:
    stream = io.BytesIO(content)
    lines = open_lines(stream, encoding=encoding_of(stream))
    read: list[str] = []
    while line := lines.read(limit):
        read.append(line)
    return read


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (CZECH, "cp1250"),
        (CZECH, "iso8859-2"),
        (NORWEGIAN, "cp1252"),
        (NORWEGIAN, "mac_roman"),
        (ESTONIAN, "cp1257"),
        (CHINESE, "gb18030"),
        (PORTUGUESE, "cp1252"),
        (PORTUGUESE, "mac_roman"),
        (GERMAN, "cp1252"),
        (RUSSIAN, "cp1251"),
        *[(CZECH + CHINESE, encoding) for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-32")],
        *[("id,text\n1," + CZECH, encoding) for encoding in ("utf-16-le", "utf-16-be")],
    ],
)
def test_reads_every_letter_of_what_spreadsheets_write(text: str, encoding: str) -> None:
    assert "".join(read_all(text.encode(encoding))) == text


def test_decides_on_letters_from_the_whole_file_not_from_its_beginning() -> None:
    text = "id,comment\n" + "1,plain words\n" * 200_000 + CZECH
    assert "".join(read_all(text.encode("cp1250"))).endswith(CZECH)


def test_decodes_the_odd_rows_of_a_mixed_file_with_the_encoding_of_its_language() -> None:
    good, odd = CZECH * 3, "Žádné výtky, příště zase.\n"
    stream = io.BytesIO(good.encode() + odd.encode("cp1250"))
    encoding = encoding_of(stream)
    assert "".join(read_all(stream.getvalue())) == good + odd
    assert mixed_note(encoding) == ("Lines that are not utf-8, read as cp1250: 1.",)


def test_reads_the_odd_utf8_rows_of_a_cp1250_file() -> None:
    content = (CZECH * 3).encode("cp1250") + "Přišlo pozdě.\n".encode()
    encoding = encoding_of(io.BytesIO(content))
    assert read_all(content)[-1] == "Přišlo pozdě.\n"
    assert (encoding.name, encoding.mixed) == ("cp1250", 1)


def test_marks_what_no_encoding_explains_instead_of_guessing() -> None:
    lines = read_all((CZECH * 3).encode() + b"9,\x81\x8d\xff\xfe\x90\x81\n10,fine\n")
    assert is_marked(lines[-2])
    assert not any(is_marked(line) for line in lines if line != lines[-2])


def test_says_nothing_about_a_handful_of_bytes_that_fit_no_language() -> None:
    assert guess_encoding(b"\x81\x8d\x8f") is None


def test_lines_may_end_in_carriage_returns_alone() -> None:
    assert read_all("a,b\rč,2\r".encode()) == ["a,b\n", "č,2\n"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("limit", [3, 4, 5, 7])
def test_pieces_of_a_long_line_break_no_letter(encoding: str, limit: int) -> None:
    assert (
        "".join(read_all(("日本" * 50 + "\nč" * 20).encode(encoding), limit=limit))
        == "日本" * 50 + "\nč" * 20
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1250"])
def test_goes_back_to_where_it_was(encoding: str) -> None:
    stream = io.BytesIO((CZECH * 900).encode(encoding))
    lines = open_lines(stream, encoding=encoding_of(stream))
    for _ in range(2000):
        lines.read(10_000)
    place = lines.tell()
    line = lines.read(10_000)
    lines.read(10_000)
    lines.seek(place)
    assert lines.read(10_000) == line
    lines.seek(0)
    assert lines.read(10_000) == CZECH.splitlines(keepends=True)[0]


def test_half_a_character_at_the_end_of_a_damaged_file_ends_it() -> None:
    assert read_all("a\nb\n".encode("utf-16")[:-1]) == ["a\n", "b"]
