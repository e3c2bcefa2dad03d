"""Voices of a file through the identifier into rows, on one core or several."""

from __future__ import annotations

import gc
import multiprocessing
import os
import sys
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, fields
from itertools import chain, repeat
from operator import attrgetter
from typing import Any, TypeAlias

import pyarrow as pa
from threadpoolctl import threadpool_limits

from forvent.identify import Identifier
from forvent.identify.maker import Maker
from forvent.reading import VoiceReader
from forvent.records import Voice
from forvent.rows import mention_batch, mention_lines, voice_batch, voice_lines

#: Voices understood at once: few where each takes long, so that progress shows.
FEW, MANY = 256, 2048
#: Voices that teach what every process should know, and else each would learn by itself.
_TAUGHT = 1024
#: Batches handed out ahead of what was written.
AHEAD = 3


@dataclass(frozen=True, slots=True)
class Wanted:
    """In which form mentions and voices are wanted: rows of a table, or lines of JSON."""

    mentions: str = "rows"
    voices: str | None = "rows"


@dataclass(frozen=True, slots=True)
class Understood:
    """One batch of voices, understood: a record batch where rows were wanted, else lines."""

    count: int
    mentions: pa.RecordBatch | str
    voices: pa.RecordBatch | str | None


def listen(
    reader: VoiceReader, *, maker: Maker, wanted: Wanted | None = None, jobs: int = 0
) -> Iterator[Understood]:
    """What the voices of a reader say, batch by batch in their order.

    Parameters
    ----------
    reader
        An opened file of voices.
    maker
        What the identifier is made from.
    wanted
        Rows if not given.
    jobs
        Processes; 0 for one a core where the tier is fast, and one otherwise: its encoder has threads.

    Returns
    -------
    Iterator of Understood
        The same whatever the number of processes.

    Source
    ------
    Our own definition, ``docs/formulas/identify.md#tiers``.
    """
    form = wanted or Wanted()
    quick = maker.tier == "fast"
    batches = reader.batches(size=MANY if quick else FEW)
    many = jobs or ((os.cpu_count() or 1) if quick else 1)
    first = next(batches, None)
    second = next(batches, None) if first is not None else None
    if first is None:
        return
    begun = [batch for batch in (first, second) if batch is not None]
    if many > 1 and second is not None and not _may_fork(maker):
        # Started afresh: a forked copy of the exact encoder's threads would hang.
        yield from _spread(
            chain(begun, batches),
            ProcessPoolExecutor(
                many,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=_begin,
                initargs=(maker, form),
            ),
            ahead=many + AHEAD,
        )
        return
    identifier = maker.make()
    if many == 1 or second is None:
        for batch in chain(begun, batches):
            yield understood(identifier, batch, wanted=form)
        return
    # What they teach of words, pieces and languages, every copy of this process knows, and what they say.
    identifier.identify(first[:_TAUGHT])
    _make_ready(identifier, form)
    yield from _spread(
        chain(begun, batches),
        ProcessPoolExecutor(many, mp_context=multiprocessing.get_context("fork"), initializer=_limit),
        ahead=many + AHEAD,
    )


def understood(identifier: Identifier, voices: Sequence[Voice], *, wanted: Wanted) -> Understood:
    """One batch of voices, understood.

    Source
    ------
    Our own definition, ``docs/formulas/identify.md#tiers``.
    """
    identified = identifier.identify(voices)
    mentions = mention_batch(identified) if wanted.mentions == "rows" else mention_lines(identified)
    heard: pa.RecordBatch | str | None = None
    if wanted.voices == "rows":
        heard = voice_batch(voices, identified)
    elif wanted.voices is not None:
        heard = voice_lines(identified)
    return Understood(len(voices), mentions, heard)


def _may_fork(maker: Maker) -> bool:
    """Whether this process can be copied as it is: the fast tier leaves no threads behind."""
    return maker.tier == "fast" and sys.platform == "linux" and threading.active_count() == 1


def _spread(batches: Iterator[list[Voice]], pool: ProcessPoolExecutor, *, ahead: int) -> Iterator[Understood]:
    with pool:
        waiting: deque[Future[Understood]] = deque()
        for batch in batches:
            waiting.append(pool.submit(_work, _packed(batch)))
            if len(waiting) >= ahead:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


#: Of a working process: made once, when it begins.
_worker: list[tuple[Identifier, Wanted]] = []

#: Fields of voices, which travel to other processes column by column.
_FIELDS = tuple(field.name for field in fields(Voice))
_Columns: TypeAlias = list[list[Any] | None]


def _begin(maker: Maker, wanted: Wanted) -> None:
    _limit()
    _make_ready(maker.make(), wanted)


def _limit() -> None:
    # One core a process: threads of several would stand in each other's way.
    threadpool_limits(1)
    # Voices come and go by the batch; looking for circles among them after every few hundred is in vain.
    gc.set_threshold(50_000, 20, 100)


def _make_ready(identifier: Identifier, wanted: Wanted) -> None:
    _worker[:] = [(identifier, wanted)]
    # What was loaded stays; looking through it for what can go would cost more than the voices.
    gc.collect()
    gc.freeze()


def _work(columns: _Columns) -> Understood:
    identifier, wanted = _worker[0]
    return understood(identifier, _unpacked(columns), wanted=wanted)


def _packed(voices: Sequence[Voice]) -> _Columns:
    """The columns of voices; None for one in which none has a value."""
    columns = [list(map(attrgetter(name), voices)) for name in _FIELDS]
    return [None if column.count(None) == len(column) else column for column in columns]


def _unpacked(columns: _Columns) -> list[Voice]:
    filled = [repeat(None) if column is None else column for column in columns]
    return list(map(Voice, *filled))
