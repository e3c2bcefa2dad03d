"""Files of help desks, as records: JSON in whole, JSON a line, or a table."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice, zip_longest
from pathlib import Path
from typing import Any

from forvent.reading.formats import open_rows
from forvent.records import Scale
from forvent_server.sources.contract import Brought, Trouble
from forvent_server.sources.said import Piece, voice_of

#: Bytes of a JSON file that is read in whole.
LARGEST = 256 * 1024 * 1024
AT_ONCE = 500
SCALE = Scale(1.0, 5.0)


def is_json(path: Path) -> bool:
    """Whether a file begins as JSON does."""
    with path.open("rb") as file:
        start = file.read(64).removeprefix(b"\xef\xbb\xbf").lstrip()
    return start[:1] in (b"{", b"[")


def documents(path: Path) -> list[Any]:
    """The documents of a file: one, or one a line.

    Raises
    ------
    Trouble
        If it is too large or no JSON.
    """
    size = path.stat().st_size
    if size > LARGEST:
        raise Trouble(
            "file_size",
            f"The file has {size // 1024 // 1024} MiB; 256 are the most.",
            hint="Export a shorter time at once.",
            size=size // 1024 // 1024,
        )
    text = path.read_text(encoding="utf-8-sig", errors="replace")
    try:
        return [json.loads(text)]
    except RecursionError as error:
        raise no_export() from error
    except ValueError:
        return _lines(text)


def table(path: Path) -> Iterator[dict[str, str]]:
    """The rows of a table, by the names of its columns."""
    source = open_rows(path)
    names = list(source.names)
    for row in source.rows():
        yield {
            name: "" if cell is None else str(cell)
            for name, cell in zip_longest(names, row.cells[: len(names)])
        }


def objects(document: Any, *names: str) -> list[Mapping[str, Any]]:
    """The objects of a document: a list itself, or the list under the first of the names that there is."""
    if isinstance(document, list):
        return [one for one in document if isinstance(one, dict)]
    if not isinstance(document, dict):
        return []
    for name in names:
        inner: Any = document
        for step in name.split("."):
            inner = inner.get(step) if isinstance(inner, dict) else None
        if isinstance(inner, dict):
            inner = list(inner.values())
        if isinstance(inner, list):
            return [one for one in inner if isinstance(one, dict)]
    return [document]


def brought(pieces: Iterable[Piece | None], *, scale: Scale = SCALE) -> Iterator[Brought]:
    """Voices of the pieces, five hundred at a time; None is a piece that is nobody's voice.

    Raises
    ------
    Trouble
        If not one piece is a voice: then it is another file.
    """
    waiting, row, used = iter(pieces), 0, 0
    while batch := list(islice(waiting, AT_ONCE)):
        voices = []
        for piece in batch:
            row += 1
            voice = voice_of(piece, row=row, scale=scale) if piece else None
            if voice:
                voices.append(voice)
        used += len(voices)
        yield Brought(tuple(voices), unusable=len(batch) - len(voices))
    if not used:
        raise no_export()


def no_export() -> Trouble:
    """The file is another one than this source reads."""
    return Trouble(
        "no_export",
        "Nothing in the file is what a customer wrote.",
        hint="docs/howto/sources.md says which export is meant.",
    )


def _lines(text: str) -> list[Any]:
    try:
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    except (ValueError, RecursionError) as error:
        raise no_export() from error
