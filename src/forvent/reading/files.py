"""A file as a stream of bytes, unpacked where it is gzipped, closed when done."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from forvent.errors import UnreadableFile

_GZIP = b"\x1f\x8b"
#: Beyond so many bytes, no table was ever packed to so small a part of itself.
SURELY_FINE, MOST_TIMES = 1 << 30, 200


class _Unpacked(gzip.GzipFile):
    """What a gzipped file holds, up to where it can be no table any more."""

    def __init__(self, packed: BinaryIO, *, file: str) -> None:
        super().__init__(fileobj=packed)
        self._packed, self._file = packed, file

    def read(self, size: int | None = -1) -> bytes:
        """The next bytes."""
        self._refuse_bomb()
        return super().read(size)

    def read1(self, size: int = -1) -> bytes:
        """The next bytes that are there."""
        self._refuse_bomb()
        return super().read1(size)

    def readline(self, size: int | None = -1) -> bytes:
        """The next line."""
        self._refuse_bomb()
        return super().readline(size)

    def _refuse_bomb(self) -> None:
        place = self.tell()
        if place > SURELY_FINE and place > MOST_TIMES * self._packed.tell():
            raise UnreadableFile(
                f"{self._file} would unpack to more than {SURELY_FINE >> 30} GiB.",
                hint="Unpack it, and look at what is in it.",
            )


@contextmanager
def open_bytes(path: Path) -> Iterator[BinaryIO]:
    """The bytes of a file, unpacked where it is gzipped, whatever its name.

    Raises
    ------
    UnreadableFile
        If it cannot be opened, its compression breaks off while it is read, or it unpacks to more than any
        table does.
    """
    try:
        raw = path.open("rb")
    except OSError as error:
        raise UnreadableFile(
            f"{path} cannot be opened ({error.strerror}).", hint="Check the path and that you may read it."
        ) from error
    with raw:
        packed = raw.read(2) == _GZIP
        raw.seek(0)
        if not packed:
            yield raw
            return
        try:
            with _Unpacked(raw, file=path.name) as unpacked:
                yield cast("BinaryIO", unpacked)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise UnreadableFile(
                f"{path.name} is damaged: its gzip compression breaks off.", hint="Copy or download it again."
            ) from error
