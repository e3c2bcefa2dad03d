"""The five steps in order: identify, assess, adjust, communicate, feedback.

The only module that knows them all. Voices stream through in batches and are kept
as Parquet; everything after the vectors is expressions over tables.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from forvent import adjust, communicate, feedback
from forvent.engine import Engine
from forvent.errors import BadOption
from forvent.identify import Identifier, catalogue
from forvent.language import Encoder
from forvent.reading import EpisodeReader, VoiceReader, read_episodes, read_voices
from forvent.reading.columns import find_column
from forvent.records import (
    Action,
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
from forvent.runs.acting import acted
from forvent.runs.assessing import AssessedRun, RunTables, assessed
from forvent.runs.changing import changed
from forvent.runs.expecting import expected_of, segment_columns, who_expects
from forvent.runs.hearing import Heard, Progress, Record, hear, recall, silent
from forvent.runs.planning import PlanTables, promises_tried
from forvent.stats import wilson
from forvent.tables import Table

if TYPE_CHECKING:
    from forvent.adjust.calendar.calendar import Calendar

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
    personal data out of the voices as they are read, ``owners`` names by fault (over_promised,
    under_delivered, misunderstood) the column of the episodes that says whose it may be. ``actions`` are
    what was decided after earlier runs, ``efforts`` days by expectation; see ``forvent.runs.plan_folder``.
    ``tables_to`` is a folder to leave ``voices.parquet`` and, with episodes, ``episodes.parquet`` in.
    ``segments`` names columns of the voices by which customers are told apart. ``touchpoint_stages`` is the
    stage of the journey by name of touchpoint, where it is another than that of what is expected there.
    ``calendars`` are those that the column ``adjust.CLOCK`` of the episodes names: promises of these episodes
    count working time.
    """

    level: float = 0.95
    encoder: Identifier | Callable[[], Identifier] | Encoder | str = "exact"
    columns: Mapping[str, str] = field(default_factory=dict)
    episode_columns: Mapping[str, str] = field(default_factory=dict)
    by: tuple[str, ...] = ()
    scale: tuple[float, float] | None = None
    seed: int = 1
    mask: bool = True
    owners: Mapping[str, str] = field(default_factory=dict)
    actions: Sequence[Action] = ()
    efforts: Mapping[str, float] = field(default_factory=dict)
    segments: tuple[str, ...] = ()
    tables_to: Path | None = None
    touchpoint_stages: Mapping[str, str] = field(default_factory=dict)
    calendars: Mapping[str, Calendar] = field(default_factory=dict)


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
        Where to leave the table of mentions as Parquet, and beside it as ``chain.parquet`` the chain of
        every episode (``tables.CHAIN``); nowhere if not given.
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
    voice_reader = read_voices(voices, columns=chosen.columns, scale=chosen.scale, mask=chosen.mask).by(
        chosen.segments
    )
    episode_reader = (
        read_episodes(episodes, columns=chosen.episode_columns, by=(*chosen.by, *chosen.owners.values()))
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
        usual_kinds = {name: each.usual_kind for name, each in identifier.records.items()}
        parents = {name: each.parent for name, each in identifier.records.items() if each.parent}
        run = Run(
            engine,
            tables,
            options=chosen,
            usual_kinds=usual_kinds,
            encoder=identifier.name,
            now=now,
            parents=parents,
            chain_to=mentions_to.with_name("chain.parquet") if mentions_to else None,
            usual_types={name: each.usual_type for name, each in identifier.records.items()},
        )
        _leave(folder, chosen.tables_to)
        return conclude(run, heard=heard, record=record, progress=progress)


def _leave(folder: Path, tables_to: Path | None) -> None:
    """The tables of voices and episodes, kept for what is asked of the run later."""
    if tables_to is not None:
        for file in (folder / "voices.parquet", folder / "episodes.parquet"):
            if file.exists():
                copyfile(file, tables_to / file.name)


def _identifier(given: Identifier | Callable[[], Identifier] | Encoder | str) -> Identifier:
    if isinstance(given, Identifier):
        return given
    if isinstance(given, (str, Encoder)):
        return Identifier(given)
    return given()


# ------------------------------------------------------------------------------- the steps


@dataclass(frozen=True)
class Run:
    """What the steps after identify are made on: the tables of what was heard and of what happened.

    ``usual_kinds`` are those of the catalogue by expectation, ``encoder`` is who understood the voices.
    """

    engine: Engine
    tables: RunTables
    options: Options
    usual_kinds: Mapping[str, str]
    encoder: str
    now: datetime
    parents: Mapping[str, str] = field(default_factory=dict)
    chain_to: Path | None = None
    usual_types: Mapping[str, str] = field(default_factory=dict)

    def collect(self, table: Table) -> pa.Table:
        """The rows of a lazy table."""
        return self.engine.collect(table)


@dataclass(frozen=True)
class _Promises:
    """What adjust and communicate found; empty without episodes."""

    kept: tuple[KeptRate, ...] = ()
    promises: tuple[Promise | NoPromise, ...] = ()
    frontier: tuple[FrontierPoint, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    waits: tuple[float, ...] = ()


def conclude(
    run: Run, *, heard: Heard, record: Record | None = None, progress: Progress = silent
) -> Findings:
    """What follows from what was heard and what happened: the steps after identify.

    Parameters
    ----------
    run
        The tables, and how the run is to be made.
    heard
        What streaming the voices left beside the tables.
    record
        What reading the episodes left; without it there is no promise and no chain.
    progress
        Called as the work goes on.

    Returns
    -------
    Findings
        All findings, each number with its count and interval.

    Source
    ------
    Our own definition, ``docs/formulas.md``.
    """
    progress("adjust", 0, None)
    promised = _promises(run, record) if record else _Promises()
    progress("assess", 0, None)
    assessing = AssessedRun(
        run.engine,
        run.tables,
        level=run.options.level,
        seed=run.options.seed,
        usual_kinds=run.usual_kinds,
        scale=heard.report.scale,
        as_of=record.as_of if record else None,
        waits=promised.waits,
        owners=_owners(run, record) if record else {},
        parents=run.parents,
        chain_to=run.chain_to,
        usual_types=run.usual_types,
        efforts=run.options.efforts,
        intents=heard.intents,
        asked_intents=heard.asked_intents,
        touchpoint_stages=run.options.touchpoint_stages,
    )
    found = assessed(assessing)
    who = who_expects(
        run.engine,
        voices=run.tables.voices,
        mentions=run.tables.mentions,
        expected=expected_of(found.gaps),
        segments=segment_columns(heard.segments),
        rng=assessing.rng(),
    )
    findings = Findings(
        made_at=run.now,
        level=run.options.level,
        encoder=run.encoder,
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
        change=changed(assessing),
        personas=who.personas,
        segments=who.segments,
        **{each.name: getattr(found, each.name) for each in fields(found)},
    )
    tables = PlanTables(
        run.tables.voices, run.tables.mentions, run.tables.episodes, record.as_of if record else None
    )
    return acted(promises_tried(findings), tables, collect=run.collect, actions=run.options.actions)


def _coverage(heard: Heard) -> Coverage:
    speaking = heard.report.used - heard.content_free
    covered: Estimate | NotEnough = (
        wilson(speaking - heard.other, speaking) if speaking else NotEnough(0, 1, "no voice says anything")
    )
    return Coverage(heard.report.used, heard.content_free, heard.other, covered, heard.languages)


def _owners(run: Run, record: Record) -> dict[str, str]:
    """Column of the owners by fault, as the file writes it."""
    return {
        fault: find_column(column, names=record.groups, what="an owner", file=record.report.file)
        for fault, column in run.options.owners.items()
    }


def _groups(run: Run, record: Record) -> tuple[str, ...]:
    """Columns that group the promises: all that were read but those that only name owners."""
    grouping = {
        find_column(column, names=record.groups, what="a group", file=record.report.file)
        for column in run.options.by
        if column
    }
    only_owners = set(_owners(run, record).values()) - grouping
    return tuple(column for column in record.groups if column not in only_owners)


def _promises(run: Run, record: Record) -> _Promises:
    if run.tables.episodes is None:
        return _Promises()
    by = _groups(run, record)
    outcomes = adjust.outcomes(run.tables.episodes, as_of=record.as_of)
    for column in by:
        outcomes = adjust.name_groups(outcomes, by=column)
    kept = adjust.kept_rates(run.collect(adjust.kept_by_group(outcomes)).to_pylist())
    for column in by:
        counts = run.collect(adjust.kept_by_group(outcomes, by=column)).to_pylist()
        kept += adjust.kept_rates(counts, column=column)
    cases = adjust.cases_from(
        run.collect(outcomes),
        as_of=record.as_of,
        by_day=record.by_day,
        groups=by,
        calendars=run.options.calendars,
    )
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
