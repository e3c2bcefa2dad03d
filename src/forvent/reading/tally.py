"""What could not be used, because; counted row by row."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from forvent.reading.cells import shortened
from forvent.records import Unusable

KEPT = "kept, but: "
"""Reasons that begin so were counted, but their rows were used."""

_SHOWN_ROWS = 20


@dataclass(slots=True)
class _Count:
    count: int = 0
    rows: list[int] = field(default_factory=list)
    example: str | None = None


class Tally:
    """Rows by reason; every reason keeps its first twenty row numbers and one example."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, str | None], _Count] = {}

    def add(self, reason: str, *, row: int, column: str | None = None, example: object = None) -> None:
        """Count one row; ``example`` must never be a customer's text."""
        entry = self._counts.setdefault((reason, column), _Count())
        entry.count += 1
        if len(entry.rows) < _SHOWN_ROWS:
            entry.rows.append(row)
        if entry.example is None and example is not None:
            entry.example = shortened(example)

    def add_rows(
        self,
        reason: str,
        *,
        rows: NDArray[np.int64],
        column: str | None = None,
        example: object = None,
    ) -> None:
        """Count rows by their numbers, in the order of the file; none at all is no reason."""
        if not rows.size:
            return
        entry = self._counts.setdefault((reason, column), _Count())
        entry.count += int(rows.size)
        entry.rows.extend(int(row) for row in rows[: max(0, _SHOWN_ROWS - len(entry.rows))])
        if entry.example is None and example is not None:
            entry.example = shortened(example)

    def unusable(self) -> tuple[Unusable, ...]:
        """All reasons, the commonest first; rows that were left out before those that were kept."""
        entries = [
            Unusable(reason, entry.count, tuple(entry.rows), column, entry.example)
            for (reason, column), entry in self._counts.items()
        ]
        return tuple(
            sorted(
                entries,
                key=lambda entry: (not drops_row(entry), -entry.count, entry.reason, entry.rows[:1]),
            )
        )


def drops_row(unusable: Unusable) -> bool:
    """True where the rows of a reason were left out, False where they were used without the bad part.

    Parameters
    ----------
    unusable
        One entry of ``ReadingReport.unusable``.

    Returns
    -------
    bool
        False for reasons that begin with "kept, but: "; never missing.

    Source
    ------
    Our own definition, ``docs/howto/read-your-data.md``, section "What counts as unusable".

    Examples
    --------
    >>> drops_row(Unusable("no start", 1, (2,)))
    True
    >>> drops_row(Unusable("kept, but: no possible date or time", 1, (3,)))
    False
    """
    return not unusable.reason.startswith(KEPT)
