"""Cells that give a kind, and tables of cells from kinds."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

Cells = NDArray[np.int64]
#: One cell that says each kind.
SAYS = {
    "basic": (2, 4),
    "performance": (0, 4),
    "excitement": (0, 2),
    "indifferent": (2, 2),
    "reverse": (4, 2),
    "questionable": (0, 0),
}


@pytest.fixture(scope="session")
def cells_of() -> Callable[..., Cells]:
    """Cells with so many pairs of each kind."""

    def cells(**kinds: int) -> Cells:
        counts = np.zeros((5, 5), dtype=np.int64)
        for kind, count in kinds.items():
            counts[SAYS[kind]] = count
        return counts

    return cells
