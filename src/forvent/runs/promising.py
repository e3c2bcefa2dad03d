"""Past cases to promises: what the promise commands ask of the engine.

The engines are imported where they are called: LightGBM takes seconds to load, which reading
a file, a quote and every other command should not wait for.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from forvent.adjust.history import Column, History
from forvent.adjust.promise.columns import HOUR_OF_DAY, PROMISED, WEEKDAY
from forvent.errors import BadOption, MissingColumn
from forvent.reading import CasesReader
from forvent.reading.header_words import folded
from forvent.reading.quantities import NumberStyle, read_number
from forvent.records import Backtest, Offer, WaitBacktest, WhatIf
from forvent.runs.past_cases import EPOCH, columns_of, history_of, seconds_of, start_of
from forvent.stats import check_level

if TYPE_CHECKING:
    from forvent.adjust.promise.model import PromiseModel

__all__ = ["history_of", "learn_promise", "line_ranges", "model_from", "offer_from", "try_length", "walk"]

#: Learning oftener than this along a record takes hours and changes nothing.
MOST_REFITS = 2_000
TARGET_LEVEL = 0.5


def walk(
    history: History,
    *,
    level: float | None,
    begin: datetime | None = None,
    by: Sequence[str] = (),
    refit_every: timedelta | None = None,
    each_group: bool = False,
    seed: int = 1,
) -> Backtest:
    """What each way of promising would have promised along a record, and whether it was kept.

    Parameters
    ----------
    history
        Past cases.
    level
        Share of promises to be kept, inside (0, 1); None for the share that the company's own
        promise reached in the months before.
    begin
        Cases that start before (UTC) are learned from only; None for as soon as there is enough.
    by
        Columns that group the cases; the first that holds text divides the result.
    refit_every
        Time between two learnings; None for after each sixtieth of the cases.
    each_group
        Whether the level is to be held in each of the groups and not only over all.
    seed
        Of everything that is drawn.

    Returns
    -------
    Backtest
        All ways of promising on the same cases.

    Raises
    ------
    BadOption
        If the level, begin or refit_every cannot be, there is no promise of the company to be
        matched, or no column of text to hold the level in.
    TooFewObservations
        If there are not enough cases to learn from and be judged.

    Source
    ------
    Our own definition, ``docs/howto/promise.md``.
    """
    # Here and not above: LightGBM takes long to load.
    from forvent.adjust.backtest.compared import backtest

    if level is not None:
        check_level(level)
    elif not history.has_promise:
        raise BadOption(
            "No case has a promise of the company whose kept share could be matched.",
            hint="Name the column with promised=COLUMN (--promised COLUMN), or give a level.",
        )
    since = None if begin is None else (begin - EPOCH).total_seconds()
    if since is not None and not since <= history.start[-1]:
        last = EPOCH + timedelta(seconds=float(history.start[-1]))
        raise BadOption(
            f"No case starts at {begin:%Y-%m-%d} or later; the last one starts at {last:%Y-%m-%d}.",
            hint="Begin earlier.",
        )
    return backtest(
        history,
        level=level,
        begin=since,
        by=_group_column(history, by, each=each_group),
        refit_every=_seconds_between(history, refit_every),
        each_group=each_group,
        seed=seed,
    )


def learn_promise(
    history: History,
    *,
    out: Path,
    level: float,
    target_level: float | None = None,
    by: Sequence[str] = (),
    each_group: bool = False,
) -> PromiseModel:
    """A model that offers promises, learned from all cases of a record and written to a file.

    Parameters
    ----------
    history
        Past cases.
    out
        The model file; it is overwritten.
    level
        Share of promises to customers that are to be kept, inside (0, 1).
    target_level
        Share in which the limit that staff plan for is to be kept, inside (0, ``level``]; None for 0.5,
        or for the level where that is lower.
    by
        Columns that group the cases; the first that holds text is the one of the model.
    each_group
        Whether the level is to be held in each of the groups and not only over all.

    Returns
    -------
    PromiseModel
        As the file holds it, for ``offer_from``; ``kept`` says what such promises kept along the record.

    Raises
    ------
    BadOption
        If a level cannot be, or there is no column of text to hold it in.
    TooFewObservations
        If there are not enough cases for the level.
    CannotWrite
        If the file cannot be written.

    Source
    ------
    Our own definition, ``docs/howto/promise.md``.
    """
    # Here and not above: LightGBM takes long to load.
    from forvent.adjust.promise.learn import learn

    # Here and not above: only a model is written.
    from forvent.adjust.promise.model_file import save_model

    check_level(level)
    model = learn(
        history,
        level=level,
        target_level=min(TARGET_LEVEL, level) if target_level is None else target_level,
        by=_group_column(history, by, each=each_group),
        each_group=each_group,
    )
    save_model(model, out)
    return model


def model_from(path: Path | str) -> PromiseModel:
    """The model in a file that ``learn_promise`` wrote.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    PromiseModel
        The same offers as the model that was written.

    Raises
    ------
    UnreadableFile
        If the file is no model, or of another version.

    Source
    ------
    Our own definition, ``docs/howto/promise.md``.
    """
    # Here and not above: only a quote reads a model.
    from forvent.adjust.promise.model_file import load_model

    return load_model(path)


def offer_from(model: PromiseModel, *, given: Mapping[str, str], at: datetime) -> Offer:
    """Promise to one case, of which values are given as text.

    Parameters
    ----------
    model
        What was learned.
    given
        Column → value as text, "" where missing; columns that are not given count as missing.
        “promised” is the company's own promise, a number in the unit of the model.
    at
        When the case begins; UTC where it names no zone.

    Returns
    -------
    Offer
        In the unit of the model. A value that the model has not met counts as missing; a note says so.

    Raises
    ------
    MissingColumn
        If the model was not learned on a given column.
    BadOption
        If a value of a column of numbers is none.

    Source
    ------
    Our own definition, ``docs/howto/promise.md``.
    """
    values = _values(model, given)
    offer = model.offer(values, at=at, explain=True)
    return replace(offer, notes=(*offer.notes, *_not_met(model, values)))


def try_length(history: History, length: float, *, level: float, by: Sequence[str] = ()) -> WhatIf:
    """How often one promise to all would be kept, over all and by group.

    Parameters
    ----------
    history
        Past cases.
    length
        The promise, 0 or more, in the unit of the history.
    level
        Share of promises to be kept, inside (0, 1).
    by
        Columns that group the cases; the first that is not the same in all of them makes the rows.

    Returns
    -------
    WhatIf
        See ``forvent.adjust.tried.what_if``.

    Raises
    ------
    BadOption
        If the level or the length cannot be.

    Source
    ------
    Our own definition, docs/formulas/adjust-margin.md#what-if.
    """
    # Here and not above: it is wanted by this command alone.
    from forvent.adjust.tried import what_if

    return what_if(history, length, level=level, by=next(iter(_named(history, by)), None))


def line_ranges(reader: CasesReader, *, level: float = 0.9, two_sided: bool = False) -> WaitBacktest:
    """How announced waits along a recorded line would have done; who gave up is counted, not left out.

    Parameters
    ----------
    reader
        An opened file of waits that keeps those that were not served.
    level
        Share of waits to lie in what is announced, inside (0, 1).
    two_sided
        Announce a range and not only "at most".

    Returns
    -------
    WaitBacktest
        See ``forvent.adjust.waiting.ranges.wait_ranges``.

    Raises
    ------
    BadOption
        If the level cannot be, or waits are days without time of day.
    TooFewObservations
        If the record is shorter than the warm-up.

    Source
    ------
    Our own definition, ``docs/formulas/adjust-waiting.md#known``.
    """
    # Here and not above: only waits need the line.
    from forvent.adjust.waiting.line import waiting_line

    # Here and not above: LightGBM takes long to load.
    from forvent.adjust.waiting.ranges import wait_ranges

    check_level(level)
    if reader.by_day or reader.amount:
        raise BadOption(
            f"A waiting line is known by its times of day, which {reader.file} does not name.",
            hint="Name columns with date and time for start and end; two columns are written day+time.",
        )
    cases = sorted(reader, key=start_of)
    left = seconds_of([case.known for case in cases])
    columns, _ = columns_of(reader, cases)
    served = np.array([case.served for case in cases])
    line = waiting_line(
        seconds_of([case.start for case in cases]),
        service_start=np.where(served, left, np.nan),
        left=left,
        columns=columns,
    )
    return wait_ranges(line, level=level, two_sided=two_sided)


def _named(history: History, by: Sequence[str]) -> list[str]:
    """The columns of the history that are meant; those that tell nothing are not in it."""
    return [column for name in by for column in history.columns if folded(column) == folded(name)]


def _group_column(history: History, by: Sequence[str], *, each: bool) -> str | None:
    def holds_text(column: Column) -> bool:
        return column.dtype.kind == "U"

    found = next((name for name in _named(history, by) if holds_text(history.columns[name])), None)
    if each and found is None:
        raise BadOption(
            "The level is to be held in each group, and no column of text with two groups or more is named.",
            hint="Name one with by=COLUMN (--by COLUMN), or hold the level over all cases.",
        )
    return found


def _seconds_between(history: History, refit_every: timedelta | None) -> float | None:
    if refit_every is None:
        return None
    seconds = refit_every.total_seconds()
    span = float(history.start[-1] - history.start[0])
    if seconds <= 0 or span / seconds > MOST_REFITS:
        raise BadOption(
            f"Learning anew every {refit_every} would be done over {MOST_REFITS:,} times in this record.",
            hint="Learn less often, such as every 7 days.",
        )
    return seconds


def _values(model: PromiseModel, given: Mapping[str, str]) -> dict[str, str | float | None]:
    numbers = {PROMISED, *(column.name for column in model.columns.numbers)}
    # Weekday and hour are those of the start of the case.
    names = [name for name in model.columns.names if name not in (WEEKDAY, HOUR_OF_DAY)]
    if model.follows_promised and PROMISED not in names:
        names.append(PROMISED)
    values: dict[str, str | float | None] = {}
    for asked, text in given.items():
        name = next((name for name in names if folded(name) == folded(asked)), None)
        if name is None:
            close = difflib.get_close_matches(asked, names, n=3, cutoff=0.5)
            raise MissingColumn(
                f"The model was not learned on a column “{asked}”. "
                f"Its columns: {', '.join(names) or 'none'}.",
                hint=f"Did you mean {', '.join(f'“{one}”' for one in close)}?" if close else "Leave it out.",
            )
        values[name] = _number(name, text) if name in numbers and text else text or None
    return values


def _not_met(model: PromiseModel, values: Mapping[str, str | float | None]) -> tuple[str, ...]:
    return tuple(
        f"“{values[column.name]}” was too rare in “{column.name}” to learn from; it counts as not given."
        for column in model.columns.texts
        if values.get(column.name) is not None and values[column.name] not in column.levels
    )


def _number(name: str, text: str) -> float:
    number = read_number(text, style=NumberStyle(comma_decides=False))
    if number is None or not np.isfinite(number):
        raise BadOption(
            f"“{text}” is no number, but the model was learned on numbers in “{name}”.",
            hint="Write it as 1200 or 1200.5.",
        )
    return number
