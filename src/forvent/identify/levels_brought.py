"""Levels of voices, and the expectations that they bring up: a little below where one counts as mentioned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from forvent.identify.levels_tied import Numbers, Tie, ties_of
from forvent.language import Span
from forvent.records import Expectation

#: A level brings up no expectation that no clause says with this probability.
LEAST = 0.01


class LevelTies:
    """Ties levels to the expectations that one judge knows; those of packs stand for their parents.

    Parameters
    ----------
    expectations
        The expectations of the judge, in the order of its columns.
    """

    def __init__(self, expectations: Sequence[Expectation]) -> None:
        self._columns = {one.id: column for column, one in enumerate(expectations)}
        self._ids = tuple(self._columns)
        parents = ((column, one.parent) for column, one in enumerate(expectations))
        self._children = [
            (column, self._columns[parent])
            for column, parent in parents
            if parent and parent in self._columns
        ]

    def of(self, text: str, language: str, clauses: Sequence[Span], likely: Numbers) -> Mapping[str, Tie]:
        """Each expectation that has a level, by general id; what a child of it says, it says itself."""
        if not len(clauses):
            return {}
        for column, parent in self._children:
            likely = likely.copy()
            likely[:, parent] = np.maximum(likely[:, parent], likely[:, column])
        return ties_of(text, language, clauses, likely, expectations=self._ids)

    def missing(
        self, ties: Mapping[str, Tie], found: Sequence[Expectation], likely: Numbers
    ) -> list[tuple[int, Tie]]:
        """Columns that ties bring up beside what was found, with their ties."""
        known = {name for one in found for name in (one.id, one.parent)}
        return [
            (self._columns[name], tie)
            for name, tie in ties.items()
            if name not in known and likely[tie.row, self._columns[name]] >= LEAST
        ]
