"""A sample of rows from the whole of a file, in bounded memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from forvent.reading.cells import Cell
from forvent.reading.rows import Row

SAMPLE_ROWS = 10_000
_LONGEST = 400


@dataclass(frozen=True, slots=True)
class Sample:
    """Every ``step``-th row of the file, long cells cut, and the number of all rows."""

    rows: tuple[tuple[Cell, ...], ...]
    total: int
    step: int

    def column(self, index: int) -> list[Cell]:
        """The sampled cells of one column."""
        return [row[index] for row in self.rows if index < len(row)]


def sample_of(
    rows: Iterable[Row], *, size: int = SAMPLE_ROWS, look: Callable[[Sequence[Cell]], None] | None = None
) -> Sample:
    """Evenly spaced rows of the whole file, between half of ``size`` and ``size`` of them.

    A sample of the first rows only would miss what comes later: files are sorted by
    time, and days above the twelfth decide how dates are read. ``look`` is shown the cells of all rows.
    """
    kept: list[tuple[Cell, ...]] = []
    step, total, usable = 1, 0, 0
    for row in rows:
        total += 1
        if row.flaw is not None:
            continue
        if look is not None:
            look(row.cells)
        if usable % step == 0:
            kept.append(tuple(shortened_cell(cell) for cell in row.cells))
            if len(kept) >= size:
                kept = kept[::2]
                step *= 2
        usable += 1
    return Sample(rows=tuple(kept), total=total, step=step)


def shortened_cell(cell: Cell) -> Cell:
    """A cell as a sample keeps it."""
    return cell[:_LONGEST] if isinstance(cell, str) and len(cell) > _LONGEST else cell
