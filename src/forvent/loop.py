"""The five steps in order: identify, assess, adjust, communicate, feedback.

The only module that knows them all. Voices stream through in batches and are kept
as Parquet; everything after the vectors is expressions over tables.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa

from forvent import adjust, communicate, feedback
from forvent.assessing import AssessedRun, RunTables, assessed
from forvent.engine import Engine
from forvent.errors import BadOption
from forvent.hearing import Heard, Progress, Record, hear, recall, silent
from forvent.identify import Identifier, catalogue
from forvent.language import Encoder
from forvent.reading import EpisodeReader, VoiceReader, read_episodes, read_voices
from forvent.records import (
    Coverage,
    Estimate,
    Findings,
    FrontierPoint,
    KeptRate,
    NoPromise,
    NotEnough,
    Promise,
    Sentence,
)
from forvent.stats import wilson
from forvent.tables import Table

#: Called with the readers of both files once they are open.
Opened = Callable[[VoiceReader, EpisodeReader | None], None]

#: What customers are told that an episode is.
NOUN = "orders"


def _unseen(voices: VoiceReader, episodes: EpisodeReader | None) -> None:
    """Guesses that nobody looks at."""


@dataclass(frozen=True)
class Options:
    """How a run is to be made; the defaults are those of the command line.

    ``encoder`` is a tier (exact, fast, auto), an encoder, or an identifier made ready with packs and
    corrections, or what makes one once the files are open; ``columns`` and
    ``episode_columns`` map fields to columns where the guess is wrong,
    ``by`` names columns that group the episodes, ``seed`` is that of every bootstrap, ``mask`` takes
    personal data out of the voices as they are read.
    """

    level: float = 0.95
    encoder: Identifier | Callable[[], Identifier] | Encoder | str = "exact"
    columns: Mapping[str, str] = field(default_factory=dict)
    episode_columns: Mapping[str, str] = field(default_factory=dict)
    by: tuple[str, ...] = ()
    scale: tuple[float, float] | None = None
    seed: int = 1
    mask: bool = True


def run_loop(
    voices: Path | str,
    *,
    now: datetime,
    episodes: Path | str | None = None,
    options: Options | None = None,
    mentions_to: Path | None = None,
    opened: Opened = _unseen,
    progress: Progress = silent,
) -> Findings:
    """What the customers expect, where it falls short, what can be promised and said, what to ask next.

    Parameters
    ----------
    voices
        File with what customers said; see :func:`forvent.reading.read_voices`.
    now
        When the run is made, UTC; it is written into the findings and decides nothing.
    episodes
        File with what was promised and delivered; without it there is no promise and no chain.
    options
        See :class:`Options`.
    mentions_to
        Where to leave the table of mentions as Parquet; nowhere if not given.
    opened
        Called with both readers once the files are open and their columns guessed, before the long work.
    progress
        Called as the work goes on.

    Returns
    -------
    Findings
        All findings, each number with its count and interval.

    Raises
    ------
    ForventError
        If a file cannot be read or an option cannot be; nothing is left half-written.

    Source
    ------
    Our own definition, ``docs/formulas.md``.

    Examples
    --------
    One voice is read and understood, but it carries no score.

    >>> with TemporaryDirectory() as home:
    ...     file = Path(home) / "reviews.csv"
    ...     _ = file.write_text("comment,stars\\nThe parcel came four days late.,1\\n", encoding="utf-8")
    ...     findings = run_loop(file, now=datetime(2026, 3, 1))
    >>> findings.voices.mapping["text"], findings.coverage.languages
    ('comment', {'en': 1})
    >>> findings.scores[0].estimate
    NotEnough(n=1, needed=5, why='too few ratings')
    """
    chosen = options or Options()
    if not 0 < chosen.level < 1:
        raise BadOption(
            f"A level of {chosen.level:g} is not between 0 and 1.", hint="Give a share, such as 0.95."
        )
    # Both files are opened before anything long begins: a wrong column shows at once.
    voice_reader = read_voices(voices, columns=chosen.columns, scale=chosen.scale, mask=chosen.mask)
    episode_reader = (
        read_episodes(episodes, columns=chosen.episode_columns, by=chosen.by)
        if episodes is not None
        else None
    )
    opened(voice_reader, episode_reader)
    identifier = _identifier(chosen.encoder)
    with TemporaryDirectory(prefix="forvent-") as kept, Engine() as engine:
        folder = Path(kept)
        mentions_at = mentions_to or folder / "mentions.parquet"
        heard = hear(
            voice_reader, identifier=identifier, folder=folder, mentions_to=mentions_at, progress=progress
        )
        record = recall(episode_reader, folder=folder, progress=progress) if episode_reader else None
        tables = RunTables(
            voices=engine.scan(folder / "voices.parquet"),
            mentions=engine.scan(mentions_at),
            episodes=engine.scan(folder / "episodes.parquet") if record else None,
        )
        return _findings(
            _Run(engine, tables, chosen, identifier, now), heard=heard, record=record, progress=progress
        )


def _identifier(given: Identifier | Callable[[], Identifier] | Encoder | str) -> Identifier:
    if isinstance(given, Identifier):
        return given
    if isinstance(given, (str, Encoder)):
        return Identifier(given)
    return given()


# ------------------------------------------------------------------------------- the steps


@dataclass(frozen=True)
class _Run:
    engine: Engine
    tables: RunTables
    options: Options
    identifier: Identifier
    now: datetime

    def collect(self, table: Table) -> pa.Table:
        return self.engine.collect(table)


@dataclass(frozen=True)
class _Promises:
    """What adjust and communicate found; empty without episodes."""

    kept: tuple[KeptRate, ...] = ()
    promises: tuple[Promise | NoPromise, ...] = ()
    frontier: tuple[FrontierPoint, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    waits: tuple[float, ...] = ()


def _findings(run: _Run, *, heard: Heard, record: Record | None, progress: Progress) -> Findings:
    progress("adjust", 0, None)
    promised = _promises(run, record) if record else _Promises()
    progress("assess", 0, None)
    found = assessed(
        AssessedRun(
            run.engine,
            run.tables,
            level=run.options.level,
            seed=run.options.seed,
            usual_kinds={name: each.usual_kind for name, each in run.identifier.records.items()},
            scale=heard.report.scale,
            as_of=record.as_of if record else None,
            waits=promised.waits,
        )
    )
    return Findings(
        made_at=run.now,
        level=run.options.level,
        encoder=run.identifier.name,
        voices=heard.report,
        episodes=record.report if record else None,
        coverage=_coverage(heard),
        kept=promised.kept,
        promises=promised.promises,
        frontier=promised.frontier,
        sentences=promised.sentences,
        questions=feedback.next_questions(found.gaps, catalogue=tuple(catalogue())),
        quotes=heard.quotes,
        title=heard.report.file,
        **{each.name: getattr(found, each.name) for each in fields(found)},
    )


def _coverage(heard: Heard) -> Coverage:
    speaking = heard.report.used - heard.content_free
    covered: Estimate | NotEnough = (
        wilson(speaking - heard.other, speaking) if speaking else NotEnough(0, 1, "no voice says anything")
    )
    return Coverage(heard.report.used, heard.content_free, heard.other, covered, heard.languages)


def _promises(run: _Run, record: Record) -> _Promises:
    if run.tables.episodes is None:
        return _Promises()
    by = record.groups
    outcomes = adjust.outcomes(run.tables.episodes, as_of=record.as_of)
    for column in by:
        outcomes = adjust.name_groups(outcomes, by=column)
    kept = adjust.kept_rates(run.collect(adjust.kept_by_group(outcomes)).to_pylist())
    for column in by:
        counts = run.collect(adjust.kept_by_group(outcomes, by=column)).to_pylist()
        kept += adjust.kept_rates(counts, column=column)
    cases = adjust.cases_from(run.collect(outcomes), as_of=record.as_of, by_day=record.by_day, groups=by)
    if not cases.n:
        return _Promises(kept=kept)
    promises = adjust.promises_by_group(cases, level=run.options.level)
    waits = cases.wait[~np.isnan(cases.wait)]
    return _Promises(kept, promises, adjust.frontier(cases), _sentences(promises), tuple(waits.tolist()))


def _sentences(promises: Sequence[Promise | NoPromise]) -> tuple[Sentence, ...]:
    """Each supported promise in words; where there is not even one for all cases, that this is so."""
    said = [
        sentence
        for promise in promises
        if isinstance(promise, Promise)
        for sentence in communicate.promise_sentences(promise, noun=NOUN)
    ]
    if isinstance(promises[0], NoPromise):
        said = [*communicate.not_enough_sentences(promises[0], noun=NOUN), *said]
    return tuple(said)
