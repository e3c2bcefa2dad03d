"""Engine, reading and assess joined: which episodes will probably disappoint, from the tables of one run."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

import numpy as np
import pyarrow as pa

from forvent.assess.prediction import Column, disappointment, episode_history, episode_outcomes
from forvent.engine import Engine
from forvent.reading.quantities import holds_numbers, number_style, read_number
from forvent.reading.times import DateOrder, read_time
from forvent.records.prediction import LeftOutColumn, Prediction
from forvent.tables import EPISODES, Table

#: Cells that are looked at to see what a column holds.
SAMPLED = 2_000
#: More different numbers than this are amounts, fewer name groups.
MOST_NUMBERED_GROUPS = 20
_NUMBERS_FROM, _TIMES_FROM = 0.95, 0.9
_EPOCH = datetime(1970, 1, 1)
HOLDS_TIMES = "it holds times, which may be those of what came later"


def foretell(
    engine: Engine,
    *,
    voices: Table,
    episodes: Table,
    as_of: datetime,
    leave_out: Collection[str] = (),
    level: float = 0.95,
    seed: int = 1,
) -> Prediction:
    """Which episodes will probably disappoint, and how good such probabilities were.

    What is known at the start are the columns of the episodes beyond the usual ones (``--by``): numbers where
    nearly all of a column are, else text. Columns of times are left out.

    Parameters
    ----------
    engine
        Where the tables are.
    voices, episodes
        Tables of one run.
    as_of
        Moment up to which the record of the episodes reaches.
    leave_out
        Columns that are not to be used.
    level
        Confidence level of every interval.
    seed
        Of models, bootstrap and shuffling.

    Returns
    -------
    Prediction
        Accuracies, and all cases without an outcome.

    Source
    ------
    Our own definition, docs/formulas/assess-prediction.md.
    """
    rows = engine.collect(episode_outcomes(voices, episodes=episodes))
    columns, left_out = known_columns(rows, leave_out=leave_out)
    history = episode_history(rows, columns=columns, as_of=(as_of - _EPOCH).total_seconds())
    found = disappointment(history, rng=np.random.default_rng(seed), level=level, seed=seed)
    return replace(found, left_out=(*left_out, *found.left_out))


def known_columns(
    rows: pa.Table, *, leave_out: Collection[str] = ()
) -> tuple[dict[str, Column], tuple[LeftOutColumn, ...]]:
    """The columns beyond those every episode has, as numbers or text, and those that cannot be used.

    Examples
    --------
    >>> rows = pa.table({"size": ["1", "2.5", ""], "shop": ["A", "B", "A"], "sent": ["2024-05-01"] * 3})
    >>> columns, left = known_columns(rows)
    >>> columns["shop"].tolist(), [one.column for one in left]
    (['A', 'B', 'A'], ['sent'])
    """
    usual = {column.name for column in EPISODES}
    made = {"rating", "negative", "voices", "first_said", "last_said"}
    columns: dict[str, Column] = {}
    left = []
    for name in rows.column_names:
        if name in usual or name in made or name in leave_out:
            continue
        cells = rows[name].cast(pa.string()).fill_null("").to_pylist()
        if _holds_times(cells):
            left.append(LeftOutColumn(name, HOLDS_TIMES, after=True))
        else:
            columns[name] = _column(cells)
    return columns, tuple(left)


def _column(cells: list[str]) -> Column:
    filled = [cell for cell in cells if cell]
    sample = filled[:: max(1, len(filled) // SAMPLED)]
    style = number_style(sample)
    numbers = holds_numbers(sample, style=style, share=_NUMBERS_FROM)
    if not numbers or len(set(sample)) <= min(MOST_NUMBERED_GROUPS, len(sample) // 2):
        return np.array(cells, dtype=np.str_)
    read = (read_number(cell, style=style) for cell in cells)
    values = np.array([np.nan if value is None else value for value in read], dtype=np.float64)
    return np.where(np.isfinite(values), values, np.nan)


def _holds_times(cells: list[str]) -> bool:
    filled = [cell for cell in cells if cell]
    sample = filled[:: max(1, len(filled) // SAMPLED)]
    # Plain numbers such as 20240501 or a year may be anything.
    looks = [cell for cell in sample if not cell.isdigit()]
    times = sum(read_time(cell, order=DateOrder()) is not None for cell in looks)
    return bool(looks) and times >= _TIMES_FROM * len(sample)
