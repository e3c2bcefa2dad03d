"""What a measurement says: a row of the page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

SHARED = Path(__file__).resolve().parents[3] / "shared/data"


@dataclass(frozen=True)
class Row:
    """One measurement: what was measured on what, what came out, and the bar it is held to.

    ``held`` is None where there is no bar, or nothing was measured.
    """

    on: str
    what: str
    found: str
    bar: str = ""
    held: bool | None = None


def absent(on: str, path: Path) -> Row | None:
    """A row that says that a data set is not there; None where it is."""
    if path.exists():
        return None
    return Row(on, "", f"not measured: {path.name} is not beside the project")


def table(rows: Iterable[Row]) -> Iterator[str]:
    """Rows as a Markdown table."""
    yield "| on | what | found | bar | |"
    yield "|---|---|---|---|---|"
    for row in rows:
        held = {None: "", True: "✓", False: "✗"}[row.held]
        yield f"| {row.on} | {row.what} | {row.found} | {row.bar} | {held} |"
