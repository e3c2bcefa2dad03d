"""What several sections are made of: tables and pictures in two widths."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class DataTable:
    """A table as text; the first cell of a row is its name."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Pictures:
    """The same picture for a wide and for a narrow page."""

    wide: Markup
    narrow: Markup


def data_table(caption: str, *, head: Sequence[str], rows: Sequence[Sequence[str]]) -> DataTable:
    """A table whose rows all have as many cells as its head."""
    return DataTable(caption=caption, head=tuple(head), rows=tuple(tuple(row) for row in rows))
