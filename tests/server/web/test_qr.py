"""QR codes: the standard's own examples, and a reader of our own that reads back what was written."""

from __future__ import annotations

import pytest

from forvent.errors import BadOption
from forvent_server.web.qr import BLOCKS, MASKS, PER_BLOCK, Matrix, correction, format_bits, qr_code, svg_path

ADDRESS = (
    "otpauth://totp/Linden:ada@example.org?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Linden&period=30"
)


def test_the_correction_is_that_of_the_known_example() -> None:
    # "HELLO WORLD" at level M, as tutorials of the standard work it out by hand.
    data = bytes([32, 91, 11, 120, 209, 114, 220, 77, 67, 64, 236, 17, 236, 17, 236, 17])
    assert list(correction(data, 10)) == [196, 35, 39, 119, 235, 215, 231, 226, 93, 23]


def test_the_format_is_that_of_the_table_of_the_standard() -> None:
    told = [format(format_bits(mask), "015b") for mask in range(8)]
    assert told == [
        "111011111000100",
        "111001011110011",
        "111110110101010",
        "111100010011101",
        "110011000101111",
        "110001100011000",
        "110110001000001",
        "110100101110110",
    ]


@pytest.mark.parametrize(
    "text", ["a", ADDRESS, "Լինդեն 林登 " * 6, "x" * 230, "y" * 271, "z" * 272, "w" * 858]
)
def test_what_was_written_is_read_back(text: str) -> None:
    assert read(qr_code(text)) == text


def test_more_than_the_largest_code_holds_is_refused() -> None:
    with pytest.raises(BadOption, match="859 bytes are too many for a QR code"):
        qr_code("w" * 859)


def test_the_picture_has_a_square_for_every_black_one_and_a_quiet_zone() -> None:
    code = qr_code("a")
    path = svg_path(code)
    assert path.count("M") == sum(map(sum, code))
    assert path.startswith("M4 4h1v1h-1z")


def read(code: Matrix) -> str:
    """The text of a code without faults: format, mask, blocks and bytes undone one after the other."""
    size = len(code)
    version = (size - 17) // 4
    bits = [code[row][8] for row in (0, 1, 2, 3, 4, 5, 7)] + [code[8][8], code[8][7]]
    bits += [code[8][column] for column in range(5, -1, -1)]
    told = sum(bit << place for place, bit in enumerate(bits))
    mask = next(mask for mask in range(8) if format_bits(mask) == told)
    words = _words(code, version, mask)
    data = _data(words, version)
    stream = "".join(f"{byte:08b}" for byte in data)
    counted = 8 if version < 10 else 16
    assert stream[:4] == "0100"
    length = int(stream[4 : 4 + counted], 2)
    start = 4 + counted
    return bytes(int(stream[start + 8 * at : start + 8 * at + 8], 2) for at in range(length)).decode()


def _words(code: Matrix, version: int, mask: int) -> list[int]:
    size = len(code)
    bits = []
    upwards = True
    column = size - 1
    while column > 0:
        column -= column == 6
        for row in range(size - 1, -1, -1) if upwards else range(size):
            for at in (column, column - 1):
                if not _reserved(row, at, version):
                    bits.append(code[row][at] != MASKS[mask](row, at))
        upwards = not upwards
        column -= 2
    return [int("".join("01"[bit] for bit in bits[at : at + 8]), 2) for at in range(0, len(bits) // 8 * 8, 8)]


#: Centres of the small squares, from annex E of the standard.
CENTRES = {
    1: (),
    5: (6, 30),
    6: (6, 34),
    7: (6, 22, 38),
    9: (6, 26, 46),
    10: (6, 28, 50),
    11: (6, 30, 54),
    20: (6, 34, 62, 90),
}


def _reserved(row: int, column: int, version: int) -> bool:
    size = 4 * version + 17
    corner = (row < 9 and column < 9) or (row < 9 and column >= size - 8) or (row >= size - 8 and column < 9)
    told = version >= 7 and (
        (row < 6 and size - 11 <= column < size - 8) or (column < 6 and size - 11 <= row < size - 8)
    )
    centres = CENTRES[version]
    small = any(
        abs(row - down) <= 2 and abs(column - right) <= 2
        for down in centres
        for right in centres
        if (down, right) not in {(6, 6), (6, size - 7), (size - 7, 6)}
    )
    return corner or told or small or row == 6 or column == 6


def _data(words: list[int], version: int) -> bytes:
    blocks, length = BLOCKS[version - 1], PER_BLOCK[version - 1]
    room = len(words) - blocks * length
    sizes = [room // blocks + (number >= blocks - room % blocks) for number in range(blocks)]
    parts: list[list[int]] = [[] for _ in range(blocks)]
    at = 0
    for place in range(max(sizes)):
        for number in range(blocks):
            if place < sizes[number]:
                parts[number].append(words[at])
                at += 1
    for number, part in enumerate(parts):
        assert list(correction(bytes(part), length)) == words[at + number :: blocks][:length]
    return bytes(byte for part in parts for byte in part)
