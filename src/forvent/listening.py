"""Voices of a file through the identifier into rows, on one core or several."""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass

import pyarrow as pa

from forvent.identify import Identifier, get_judge, load_pack, read_corrections
from forvent.reading import VoiceReader
from forvent.records import Voice
from forvent.rows import (
    mention_lines,
    mention_row,
    mentions_schema,
    record_batch,
    voice_lines,
    voice_row,
    voices_schema,
)

#: Voices understood at once: few where each takes long, so that progress shows.
FEW, MANY = 256, 4096
#: Batches handed out ahead of what was written.
AHEAD = 3


@dataclass(frozen=True, slots=True)
class Maker:
    """What an identifier is made from; goes to other processes as it is."""

    tier: str = "exact"
    packs: tuple[str, ...] = ()
    corrections: str | None = None
    rivals: tuple[str, ...] = ()
    #: A file of heads, for an encoder that none ship for.
    heads: str | None = None

    def make(self) -> Identifier:
        """The identifier, ready to use."""
        packs = [load_pack(pack) for pack in self.packs]
        corrections = read_corrections(self.corrections) if self.corrections else ()
        judge = get_judge(self.tier, packs=packs, corrections=corrections, heads=self.heads)
        return Identifier(judge, packs=packs, corrections=corrections, rivals=self.rivals)


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
    if many == 1 or second is None:
        identifier = maker.make()
        for batch in _again(first, second, batches):
            yield understood(identifier, batch, wanted=form)
        return
    yield from _spread(_again(first, second, batches), maker=maker, wanted=form, jobs=many)


def understood(identifier: Identifier, voices: Sequence[Voice], *, wanted: Wanted) -> Understood:
    """One batch of voices, understood.

    Source
    ------
    Our own definition, ``docs/formulas/identify.md#tiers``.
    """
    identified = identifier.identify(voices)
    mentions: pa.RecordBatch | str
    if wanted.mentions == "rows":
        rows = [mention_row(mention) for one in identified for mention in one.mentions]
        mentions = record_batch(rows, mentions_schema())
    else:
        mentions = mention_lines(identified)
    heard: pa.RecordBatch | str | None = None
    if wanted.voices == "rows":
        heard = record_batch(list(map(voice_row, voices, identified)), voices_schema())
    elif wanted.voices is not None:
        heard = voice_lines(identified)
    return Understood(len(voices), mentions, heard)


def _again(
    first: list[Voice], second: list[Voice] | None, rest: Iterator[list[Voice]]
) -> Iterator[list[Voice]]:
    yield first
    if second is not None:
        yield second
        yield from rest


def _spread(
    batches: Iterator[list[Voice]], *, maker: Maker, wanted: Wanted, jobs: int
) -> Iterator[Understood]:
    # Started afresh: a forked copy of the encoder's threads would hang.
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=fresh, initializer=_begin, initargs=(maker, wanted)) as pool:
        waiting: deque[Future[Understood]] = deque()
        for batch in batches:
            waiting.append(pool.submit(_work, batch))
            if len(waiting) >= jobs + AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


#: Of a working process: made once, when it begins.
_worker: list[tuple[Identifier, Wanted]] = []


def _begin(maker: Maker, wanted: Wanted) -> None:
    _worker[:] = [(maker.make(), wanted)]


def _work(batch: list[Voice]) -> Understood:
    identifier, wanted = _worker[0]
    return understood(identifier, batch, wanted=wanted)
