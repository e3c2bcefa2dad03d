"""The five steps in order: identify, assess, adjust, communicate, feedback.

The only module that knows them all. Voices stream through in batches and are kept
as Parquet; everything after the vectors is expressions over tables.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import narwhals as nw
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from forvent import adjust, assess, communicate, feedback
from forvent.engine import Engine
from forvent.errors import BadOption, NothingUsable
from forvent.identify import Identifier, QuoteBook, catalogue
from forvent.language import Encoder
from forvent.reading import EpisodeReader, VoiceReader, read_episodes, read_voices
from forvent.records import (
    Chain,
    Coverage,
    Estimate,
    Findings,
    FrontierPoint,
    KeptRate,
    LevelComparison,
    NoPromise,
    NotEnough,
    Promise,
    Quote,
    ReadingReport,
    Said,
    Score,
    Sentence,
)
from forvent.rows import (
    RowWriter,
    episode_row,
    episodes_schema,
    mention_row,
    mentions_schema,
    voice_row,
    voices_schema,
)
from forvent.stats import wilson
from forvent.tables import Table

#: Called with what is being done, how much of it is done, and how much there is (None if unknown).
Progress = Callable[[str, int, int | None], None]

#: Called with the readers of both files once they are open.
Opened = Callable[[VoiceReader, EpisodeReader | None], None]

BATCH = 256
ROUNDS = 1000
#: What customers are told that an episode is.
NOUN = "orders"
TIMED = ("on_time", "fast_delivery", "fast_response", "fast_resolution")


def _silent(stage: str, done: int, total: int | None) -> None:
    """Progress that nobody watches."""


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
    progress: Progress = _silent,
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
        progress("assess", 0, None)
        tables = _Tables(
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


# ------------------------------------------------------------------ reading and identifying


@dataclass(frozen=True)
class Heard:
    """What streaming the voices left beside the tables."""

    report: ReadingReport
    languages: Mapping[str, int]
    content_free: int
    other: int
    quotes: Mapping[str, tuple[Quote, ...]]


def hear(
    reader: VoiceReader,
    *,
    identifier: Identifier,
    folder: Path,
    mentions_to: Path,
    progress: Progress = _silent,
) -> Heard:
    """Identify all voices of a reader, batch by batch, into ``voices.parquet`` and a table of mentions.

    Parameters
    ----------
    reader
        An opened file of voices.
    identifier
        What finds expectations in voices.
    folder
        Where ``voices.parquet`` is written; it must exist.
    mentions_to
        Path of the Parquet file of mentions.
    progress
        Called after every batch.

    Returns
    -------
    Heard
        Counts, quotes and the reading report.

    Source
    ------
    Our own definition, ``docs/formulas/identify.md#coverage``.
    """
    book, languages = QuoteBook(), Counter[str]()
    content_free = other = done = about_others = 0
    times: list[datetime] = []
    with (
        RowWriter(folder / "voices.parquet", voices_schema()) as voices,
        RowWriter(mentions_to, mentions_schema()) as mentions,
    ):
        for read in reader.batches(size=BATCH):
            done += len(read)
            batch = [voice for voice in read if voice.competitor is None]
            about_others += len(read) - len(batch)
            identified = identifier.identify(batch)
            voices.write(map(voice_row, batch, identified))
            mentions.write(mention_row(mention) for one in identified for mention in one.mentions)
            for voice, one in zip(batch, identified, strict=True):
                book.add(voice, one)
                if not one.content_free:
                    languages[one.language] += 1
                content_free += one.content_free
                other += not one.content_free and not one.mentions
                times.extend([voice.time] if voice.time else [])
            times = [min(times), max(times)] if times else []
            progress("identify", done, reader.rows)
    report = _without_others(_dated(reader.report, times), about_others)
    return Heard(report, dict(languages.most_common()), content_free, other, book.quotes())


def _without_others(report: ReadingReport, count: int) -> ReadingReport:
    """Voices about other companies say nothing of one's own gaps; they are left out and told."""
    if not count:
        return report
    note = f"{count} voices speak of another company and were left out; forvent market compares with them."
    return replace(report, used=report.used - count, notes=(*report.notes, note))


@dataclass(frozen=True)
class Record:
    """What reading the episodes left beside the table."""

    report: ReadingReport
    as_of: datetime
    by_day: bool
    groups: tuple[str, ...]


def recall(reader: EpisodeReader, *, folder: Path, progress: Progress = _silent) -> Record:
    """Read all episodes into ``episodes.parquet``.

    Parameters
    ----------
    reader
        An opened file of episodes.
    folder
        Where ``episodes.parquet`` is written; it must exist.
    progress
        Called after every batch.

    Returns
    -------
    Record
        The reading report, and the latest start or delivery seen: up to then the record reaches.

    Source
    ------
    Our own definition, ``docs/formulas.md#kept``.
    """
    done, latest, first = 0, datetime.min, datetime.max
    groups: tuple[str, ...] = ()
    writer: RowWriter | None = None
    with ExitStack() as files:
        for batch in reader.batches(size=1000):
            if writer is None:
                groups = tuple(batch[0].groups)
                writer = files.enter_context(RowWriter(folder / "episodes.parquet", episodes_schema(groups)))
            writer.write(map(episode_row, batch))
            latest = max(
                latest, *(moment for one in batch for moment in (one.start, one.delivered) if moment)
            )
            first = min(first, *(one.start for one in batch))
            done += len(batch)
            progress("read episodes", done, reader.rows)
    if writer is None:
        raise NothingUsable("No episode could be used.", hint="See the columns that were guessed.")
    return Record(_dated(reader.report, [first, latest]), latest, reader.by_day, groups)


def _dated(report: ReadingReport, times: Sequence[datetime]) -> ReadingReport:
    return replace(report, first=min(times), last=max(times)) if times else report


# ------------------------------------------------------------------------------- the steps


@dataclass(frozen=True)
class _Tables:
    voices: Table
    mentions: Table
    episodes: Table | None


@dataclass(frozen=True)
class _Run:
    engine: Engine
    tables: _Tables
    options: Options
    identifier: Identifier
    now: datetime

    def collect(self, table: Table) -> pa.Table:
        return self.engine.collect(table)

    def rng(self) -> np.random.Generator:
        return np.random.default_rng(self.options.seed)


@dataclass(frozen=True)
class _Promises:
    """What adjust and communicate found; empty without episodes."""

    kept: tuple[KeptRate, ...] = ()
    promises: tuple[Promise | NoPromise, ...] = ()
    frontier: tuple[FrontierPoint, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    waits: tuple[float, ...] = ()


def _findings(run: _Run, *, heard: Heard, record: Record | None, progress: Progress) -> Findings:
    level, tables = run.options.level, run.tables
    judged = assess.judgements(
        run.collect(assess.judged_mentions(tables.mentions)),
        voices=run.collect(assess.speaking_voices(tables.voices)),
    )
    fit = assess.contrast(judged, rng=run.rng(), rounds=ROUNDS)
    kinds = assess.asymmetries(judged, contrast=fit)
    usual = {name: record_.usual_kind for name, record_ in run.identifier.records.items()}
    found = assess.rank_gaps(assess.gaps(judged, contrast=fit, asymmetries=kinds, usual_kinds=usual))
    touchpoints = assess.rank_gaps(
        assess.gaps(judged, contrast=fit, asymmetries=kinds, usual_kinds=usual, by_touchpoint=True)
    )
    progress("adjust", 0, None)
    promised = _promises(run, record) if record else _Promises()
    return Findings(
        made_at=run.now,
        level=level,
        encoder=run.identifier.name,
        voices=heard.report,
        episodes=record.report if record else None,
        coverage=_coverage(heard),
        scores=_scores(run, heard),
        gaps=found,
        touchpoints=touchpoints,
        asymmetries=tuple(kinds),
        levels=_levels(run, promised.waits),
        chain=_chain(run, record) if record else None,
        kept=promised.kept,
        promises=promised.promises,
        frontier=promised.frontier,
        sentences=promised.sentences,
        questions=feedback.next_questions(found, catalogue=tuple(catalogue())),
        quotes=heard.quotes,
        title=heard.report.file,
        said=_said(run),
    )


def _said(run: _Run) -> Said:
    counts = assess.said_counts(run.tables.voices, mentions=run.tables.mentions)
    return assess.said(run.collect(counts).to_pylist())


def _coverage(heard: Heard) -> Coverage:
    speaking = heard.report.used - heard.content_free
    covered: Estimate | NotEnough = (
        wilson(speaking - heard.other, speaking) if speaking else NotEnough(0, 1, "no voice says anything")
    )
    return Coverage(heard.report.used, heard.content_free, heard.other, covered, heard.languages)


def _scores(run: _Run, heard: Heard) -> tuple[Score, ...]:
    rated = run.collect(
        run.tables.voices.filter(~nw.col("rating").is_null()).select("rating", "customer", "row").sort("row")
    )
    if not rated.num_rows:
        return ()
    return assess.scores(
        rated["rating"].to_numpy(),
        customers=assess.customer_codes(rated["customer"]),
        rng=run.rng(),
        scale=heard.report.scale,
    )


def _levels(run: _Run, waits: Sequence[float]) -> tuple[LevelComparison, ...]:
    rows = run.collect(assess.stated_levels(run.tables.mentions))
    found = []
    for expectation in TIMED:
        mine = rows.filter(pc.equal(rows["expectation"], expectation))
        stated = mine["level_seconds"].drop_null().to_numpy()
        experienced = mine["experienced_seconds"].drop_null().to_numpy()
        if len(stated) or len(experienced):
            delivered = waits if expectation in ("on_time", "fast_delivery") else ()
            found.append(
                assess.compare_levels(
                    expectation, stated=stated, experienced=experienced, delivered=delivered
                )
            )
    return tuple(found)


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


def _chain(run: _Run, record: Record) -> Chain | None:
    if run.tables.episodes is None:
        return None
    joined = run.collect(
        assess.joined_episodes(
            run.tables.voices, episodes=run.tables.episodes, mentions=run.tables.mentions, as_of=record.as_of
        )
    )
    chain = assess.chain(joined, rng=run.rng(), rounds=ROUNDS)
    return chain if isinstance(chain, Chain) else None
