"""Cells and tables of the quality card."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from benchmarks.quality.figures import Figure

#: Where there is no figure.
NONE = "–"


def of_row(row: Mapping[str, Any]) -> Figure:
    """A kept figure."""
    return Figure(row["value"], row["low"], row["high"], int(row["n"]))


def cell(figure: Figure | None) -> str:
    """A figure with its interval."""
    if figure is None or not figure.n:
        return NONE
    return f"{figure.value:.3f} ({figure.low:.3f}–{figure.high:.3f})".replace("-", "−")


def marked(figure: Figure | None, bar: float | None) -> str:
    """A figure, with a mark if it misses its bar, as shown to three places."""
    missed = figure is not None and figure.n and bar is not None and round(figure.value, 3) < bar
    return cell(figure) + (" **below**" if missed else "")


def beside(figure: Figure, bar: float | None) -> list[str]:
    """A figure and its count as two cells."""
    return [marked(figure, bar), str(figure.n)]


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """The lines of a table, with a blank one behind."""
    yield _line(head)
    yield _line(["---"] * len(head)).replace(" ", "")
    yield from map(_line, rows)
    yield ""


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
