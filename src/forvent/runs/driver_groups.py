"""Columns of segments and of time of a survey, as groups of its answers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from forvent.assess.drivers import Answers, Grouped, Judging, driver_drift, driver_segments
from forvent.errors import BadOption
from forvent.reading.cells import as_text
from forvent.reading.coded import CodedColumn
from forvent.reading.kano_waves import waves_of
from forvent.records.drivers import DriverDrift, DriverSegments

Codes = NDArray[np.int64]


def segments_by(
    columns: Sequence[CodedColumn], *, answers: Answers, rows: Codes, judging: Judging, seed: int
) -> tuple[DriverSegments, ...]:
    """Kinds in the segments of each column; ``rows`` are the rows of the survey that the answers stand in."""
    return tuple(
        driver_segments(
            _segments(column, answers=answers, rows=rows), judging=judging, rng=np.random.default_rng(seed)
        )
        for column in columns
    )


def drift_over(
    column: CodedColumn, *, every: str | None, answers: Answers, rows: Codes, judging: Judging, seed: int
) -> DriverDrift:
    """Kinds in the periods of a column of dates, or of names of waves, and how far they moved."""
    cells = column.cells
    filled = [place for place, cell in enumerate(cells) if as_text(cell)]
    waves = waves_of([cells[place] for place in filled], every=every, column=column.name)
    if not waves.labels:
        raise BadOption(f"Column “{column.name}” holds no time.", hint="Name a column of dates with --time.")
    number = np.full(len(cells) + 1, -1)
    number[filled] = waves.place
    grouped = Grouped(answers, column.name, number[column.codes[rows]], waves.labels)
    return driver_drift(grouped, at=waves.at, judging=judging, rng=np.random.default_rng(seed))


def _segments(column: CodedColumn, *, answers: Answers, rows: Codes) -> Grouped:
    """Cells that read alike are one segment; an empty one is none."""
    texts = [as_text(cell) for cell in column.cells]
    names = tuple(sorted({text for text in texts if text}))
    at = {name: place for place, name in enumerate(names)}
    number = np.array([*(at.get(text, -1) for text in texts), -1], dtype=np.int64)
    return Grouped(answers, column.name, number[column.codes[rows]], names)
