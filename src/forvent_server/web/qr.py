"""QR codes (ISO/IEC 18004), for an address that a phone reads off the screen.

Bytes only, at the lowest level of correction: a screen is not torn, and larger squares read better.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from forvent.errors import BadOption

#: By version, from 1 on: codewords of correction in a block, and blocks, at level L (table 9).
PER_BLOCK = (7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28)
BLOCKS = (1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8)
#: Bits that say level L, in the information on the format.
LEVEL_L = 1
#: Squares left white around.
QUIET = 4

Matrix = tuple[tuple[bool, ...], ...]


@dataclass(slots=True)
class Grid:
    """A code in the making: what is black, and which squares carry no data."""

    size: int
    black: list[list[bool]] = field(init=False)
    taken: list[list[bool]] = field(init=False)

    def __post_init__(self) -> None:
        self.black = [[False] * self.size for _ in range(self.size)]
        self.taken = [[False] * self.size for _ in range(self.size)]

    def put(self, row: int, column: int, black: bool) -> None:
        """A square that carries no data."""
        if 0 <= row < self.size and 0 <= column < self.size:
            self.black[row][column], self.taken[row][column] = black, True


def qr_code(text: str) -> Matrix:
    """The squares of the code of a text, row by row; True is black.

    Raises
    ------
    BadOption
        If the text is longer than the largest code holds, about 850 bytes.
    """
    data = text.encode("utf-8")
    version = _version(len(data))
    grid = Grid(4 * version + 17)
    _patterns(grid, version)
    words = _with_correction(_codewords(data, version), version)
    bits = [bool(word >> bit & 1) for word in words for bit in range(7, -1, -1)]
    for (row, column), black in zip(_places(grid), bits, strict=False):
        grid.black[row][column] = black
    return min((_masked(grid, mask) for mask in range(8)), key=penalty)


def svg_path(matrix: Matrix) -> str:
    """The black squares as the path of a picture whose units are squares, with the quiet zone around."""
    rows = enumerate(matrix, start=QUIET)
    return "".join(
        f"M{x} {y}h1v1h-1z" for y, row in rows for x, black in enumerate(row, start=QUIET) if black
    )


def _version(length: int) -> int:
    for version in range(1, len(BLOCKS) + 1):
        if length <= _room(version) - (2 if version < 10 else 3):
            return version
    raise BadOption(f"{length} bytes are too many for a QR code.", hint="Shorten the text.")


def _room(version: int) -> int:
    """Codewords of data that a code of the version holds."""
    return _codeword_count(version) - PER_BLOCK[version - 1] * BLOCKS[version - 1]


def _codeword_count(version: int) -> int:
    squares = (16 * version + 128) * version + 64
    if version >= 2:
        marks = version // 7 + 2
        squares -= (25 * marks - 10) * marks - 55
    if version >= 7:
        squares -= 36
    return squares // 8


def _codewords(data: bytes, version: int) -> bytes:
    """Mode, length and bytes, filled up to the room of the version."""
    counted = 8 if version < 10 else 16
    bits = f"0100{len(data):0{counted}b}" + "".join(f"{byte:08b}" for byte in data)
    room = 8 * _room(version)
    bits += "0" * min(4, room - len(bits))
    bits += "0" * (-len(bits) % 8)
    whole = bytearray(int(bits[at : at + 8], 2) for at in range(0, len(bits), 8))
    while len(whole) < _room(version):
        whole += b"\xec" if (len(whole) - len(bits) // 8) % 2 == 0 else b"\x11"
    return bytes(whole)


def _with_correction(data: bytes, version: int) -> list[int]:
    """Data and correction, block by block, interleaved as they are written into the code."""
    blocks, length = BLOCKS[version - 1], PER_BLOCK[version - 1]
    short, longer = divmod(len(data), blocks)
    parts, at = [], 0
    for number in range(blocks):
        size = short + (number >= blocks - longer)
        parts.append(data[at : at + size])
        at += size
    corrections = [correction(part, length) for part in parts]
    return [*_interleaved(parts), *_interleaved(corrections)]


def _interleaved(parts: Sequence[bytes]) -> Iterator[int]:
    for at in range(max(map(len, parts))):
        yield from (part[at] for part in parts if at < len(part))


def correction(data: bytes, length: int) -> bytes:
    """The Reed–Solomon remainder of the data over GF(256), of so many codewords."""
    divisor = [0] * (length - 1) + [1]
    root = 1
    for _ in range(length):
        divisor = [
            times(part, root) ^ (divisor[at + 1] if at + 1 < length else 0) for at, part in enumerate(divisor)
        ]
        root = times(root, 2)
    rest = [0] * length
    for byte in data:
        factor = byte ^ rest[0]
        rest = [
            part ^ times(times_by, factor) for part, times_by in zip([*rest[1:], 0], divisor, strict=True)
        ]
    return bytes(rest)


def times(one: int, other: int) -> int:
    """A product in GF(256) modulo x^8 + x^4 + x^3 + x^2 + 1."""
    product = 0
    for bit in range(7, -1, -1):
        product = product << 1 ^ (product >> 7) * 0x11D
        product ^= (other >> bit & 1) * one
    return product


def _patterns(grid: Grid, version: int) -> None:
    """All that stands in every code of the version: corners, rulers, marks, and room for the format."""
    for at in range(grid.size):
        grid.put(6, at, at % 2 == 0)
        grid.put(at, 6, at % 2 == 0)
    for row, column in ((3, 3), (3, grid.size - 4), (grid.size - 4, 3)):
        _square(grid, row, column, reach=4, white=(2, 4))
    marks = _mark_places(version)
    corners = {(6, 6), (6, grid.size - 7), (grid.size - 7, 6)}
    for row in marks:
        for column in marks:
            if (row, column) not in corners:
                _square(grid, row, column, reach=2, white=(1,))
    _put_format(grid, 0)
    if version >= 7:
        bits = version << 12 | _remainder(version, 12, 0x1F25)
        for at in range(18):
            far, near = grid.size - 11 + at % 3, at // 3
            grid.put(far, near, bool(bits >> at & 1))
            grid.put(near, far, bool(bits >> at & 1))


def _square(grid: Grid, row: int, column: int, *, reach: int, white: tuple[int, ...]) -> None:
    """Squares inside each other around a centre; ``white`` are the distances of the white ones."""
    for down in range(-reach, reach + 1):
        for right in range(-reach, reach + 1):
            far = max(abs(down), abs(right))
            grid.put(row + down, column + right, far not in white)


def _mark_places(version: int) -> list[int]:
    if version == 1:
        return []
    count = version // 7 + 2
    last = 4 * version + 10
    step = (4 * version + 2 * count + 1) // (2 * count - 2) * 2
    return [6, *(last - step * back for back in range(count - 2, -1, -1))]


def _remainder(value: int, bits: int, divisor: int) -> int:
    """The remainder of a polynomial over GF(2), of so many bits."""
    rest = value
    for _ in range(bits):
        rest = rest << 1 ^ (rest >> (bits - 1)) * divisor
    return rest


def format_bits(mask: int) -> int:
    """The fifteen bits that tell level L and the mask."""
    told = LEVEL_L << 3 | mask
    return (told << 10 | _remainder(told, 10, 0x537)) ^ 0x5412


def _put_format(grid: Grid, mask: int) -> None:
    bits = [bool(format_bits(mask) >> at & 1) for at in range(15)]
    near = [
        *((at, 8) for at in (0, 1, 2, 3, 4, 5, 7)),
        (8, 8),
        (8, 7),
        *((8, 14 - at) for at in range(9, 15)),
    ]
    far = [*((8, grid.size - 1 - at) for at in range(8)), *((grid.size - 15 + at, 8) for at in range(8, 15))]
    for places in (near, far):
        for (row, column), black in zip(places, bits, strict=True):
            grid.put(row, column, black)
    grid.put(grid.size - 8, 8, True)


def _places(grid: Grid) -> Iterator[tuple[int, int]]:
    """The squares of data in their order: two columns at a time from the right, up and down in turn."""
    for turn, right in enumerate(
        right for right in range(grid.size - 1, 0, -1) if right != 6 and _pairs(right)
    ):
        rows = range(grid.size - 1, -1, -1) if turn % 2 == 0 else range(grid.size)
        for row in rows:
            for column in (right, right - 1):
                if not grid.taken[row][column]:
                    yield row, column


def _pairs(right: int) -> bool:
    """Whether a column is the right one of a pair; the upright ruler in column 6 belongs to none."""
    return right % 2 == 0 if right > 6 else right % 2 == 1


MASKS: tuple[Callable[[int, int], bool], ...] = (
    lambda row, column: (row + column) % 2 == 0,
    lambda row, _: row % 2 == 0,
    lambda _, column: column % 3 == 0,
    lambda row, column: (row + column) % 3 == 0,
    lambda row, column: (row // 2 + column // 3) % 2 == 0,
    lambda row, column: row * column % 2 + row * column % 3 == 0,
    lambda row, column: (row * column % 2 + row * column % 3) % 2 == 0,
    lambda row, column: ((row + column) % 2 + row * column % 3) % 2 == 0,
)


def _masked(grid: Grid, mask: int) -> Matrix:
    """The code under a mask, which is told in its format."""
    _put_format(grid, mask)
    turned = MASKS[mask]
    return tuple(
        tuple(
            black != (not taken and turned(row, column))
            for column, (black, taken) in enumerate(zip(blacks, takens, strict=True))
        )
        for row, (blacks, takens) in enumerate(zip(grid.black, grid.taken, strict=True))
    )


def penalty(matrix: Matrix) -> int:
    """How hard a code is to read, by the four rules of the standard; of the masks the least wins."""
    lines = [
        "".join("#" if black else "." for black in line) for line in (*matrix, *zip(*matrix, strict=True))
    ]
    found = 0
    for line in lines:
        found += sum(run - 2 for run in _runs(line) if run >= 5)
        for pattern in ("#.###.#....", "....#.###.#"):
            found += 40 * sum(line.startswith(pattern, at) for at in range(len(line)))
    size = len(matrix)
    for row in range(size - 1):
        for column in range(size - 1):
            here = matrix[row][column]
            found += 3 * (
                here == matrix[row][column + 1] == matrix[row + 1][column] == matrix[row + 1][column + 1]
            )
    black = 100 * sum(map(sum, matrix)) / size**2
    return found + 10 * int(abs(black - 50) / 5)


def _runs(line: str) -> Iterator[int]:
    start = 0
    for at in range(1, len(line) + 1):
        if at == len(line) or line[at] != line[start]:
            yield at - start
            start = at
