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


@contextmanager
def open_bytes(path: Path) -> Iterator[BinaryIO]:
    """The bytes of a file, unpacked where it is gzipped, whatever its name.

    Raises
    ------
    UnreadableFile
        If it cannot be opened, or its compression breaks off while it is read.
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
            with gzip.GzipFile(fileobj=raw) as unpacked:
                yield cast("BinaryIO", unpacked)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise UnreadableFile(
                f"{path.name} is damaged: its gzip compression breaks off.", hint="Copy or download it again."
            ) from error
