"""Reading, identify and assess joined: who is likely to be disappointed, or to leave, before it is known."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from forvent.assess.loyalty import DAYS_A_WEEK, fit_purchases, fit_spend, mean_values, outlooks
from forvent.assess.prediction.leaving import Origin, leaving, no_purchase_chance
from forvent.engine import Engine
from forvent.errors import BadOption
from forvent.identify import Identifier
from forvent.reading import EpisodeReader, VoiceReader, read_episodes, read_voices
from forvent.reading.purchases import PurchaseColumns, read_purchases
from forvent.reading.tally import drops_row
from forvent.records import NotEnough, ReadingReport, Voice
from forvent.records.identify import IdentifiedVoice
from forvent.records.loyalty import PurchaseFit
from forvent.records.prediction import Prediction
from forvent.rows import RowWriter, voice_row, voices_schema
from forvent.runs.foretold import foretell
from forvent.runs.hearing import Progress, recall, silent
from forvent.runs.purchase_history import Shop, open_shop
from forvent.stats import check_level

__all__ = ["PredictOptions", "PurchaseColumns", "disappointment_of", "leaving_of"]

#: Voices read at once; changes memory, never the answer.
BATCH = 4096
#: Days of the past at which it is tried who leaves, at most.
ORIGINS = 8
LEAVING_MODEL = "mbg-nbd"
#: Whoever buys with less than this probability is taken to buy once if at all.
_LEAST_BUYS = 1e-9
#: Days that can be looked ahead: twenty years.
FARTHEST = 7305
#: Fields of an episode that may not be used to foretell how it ends.
ENDS = ("delivered", "status")
Floats: TypeAlias = NDArray[np.float64]
Opened = Callable[[VoiceReader, EpisodeReader], None]


def _unseen(voices: VoiceReader, episodes: EpisodeReader) -> None:
    """Guesses that nobody looks at."""


@dataclass(frozen=True)
class PredictOptions:
    """How it is to be foretold; the defaults are those of the command line.

    ``identifier`` makes what understands voices that carry no rating; it is only made if there are such.
    ``by`` names columns of the episodes that are known at their start, ``mask`` takes personal data out of
    the voices as they are read.
    """

    identifier: Callable[[], Identifier] = Identifier
    columns: Mapping[str, str] = field(default_factory=dict)
    episode_columns: Mapping[str, str] = field(default_factory=dict)
    by: tuple[str, ...] = ()
    level: float = 0.95
    seed: int = 1
    mask: bool = True


def disappointment_of(
    voices: Path | str,
    *,
    episodes: Path | str,
    options: PredictOptions | None = None,
    opened: Opened = _unseen,
    progress: Progress = silent,
) -> Prediction:
    """Which episodes of a file will probably disappoint, and how good such probabilities were.

    Parameters
    ----------
    voices
        File with what customers said, with the episode each speaks of.
    episodes
        File with what was promised and delivered.
    options
        See :class:`PredictOptions`.
    opened
        Called with both readers once the files are open.
    progress
        Called as the work goes on.

    Returns
    -------
    Prediction
        Accuracies and the cases without an outcome; ``notes`` say what could not be joined.

    Raises
    ------
    ForventError
        If a file cannot be read, an option cannot be, or a column says how an episode ended.

    Source
    ------
    Our own definition, docs/predict.md.

    Examples
    --------
    Two voices tell nothing of the episodes to come:

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as home:
    ...     voices, orders = Path(home) / "reviews.csv", Path(home) / "orders.csv"
    ...     _ = voices.write_text("id,order,stars\\n1,7,5\\n2,8,1\\n", encoding="utf-8")
    ...     rows = [
    ...         "order,ordered,promised,delivered",
    ...         *(f"{n},2024-05-0{n},2024-05-09,2024-05-09" for n in (7, 8)),
    ...     ]
    ...     _ = orders.write_text("\\n".join(rows), encoding="utf-8")
    ...     columns = {"episode": "order", "rating": "stars", "text": "-"}
    ...     found = disappointment_of(voices, episodes=orders, options=PredictOptions(columns=columns))
    >>> {one.silent.needed for one in found.accuracies}
    {40}
    """
    chosen = options or PredictOptions()
    check_level(chosen.level)
    voice_reader = read_voices(voices, columns=chosen.columns, mask=chosen.mask)
    episode_reader = read_episodes(episodes, columns=chosen.episode_columns, by=chosen.by)
    _refuse_ends(episode_reader, by=chosen.by)
    opened(voice_reader, episode_reader)
    with TemporaryDirectory(prefix="forvent-") as kept, Engine() as engine:
        folder = Path(kept)
        record = recall(episode_reader, folder=folder, progress=progress)
        joined = _hear_outcomes(voice_reader, folder=folder, options=chosen, progress=progress)
        progress("predict", 0, None)
        found = foretell(
            engine,
            voices=engine.scan(folder / "voices.parquet"),
            episodes=engine.scan(folder / "episodes.parquet"),
            as_of=record.as_of,
            level=chosen.level,
            seed=chosen.seed,
        )
    return found if joined else replace(found, notes=(*found.notes, _NOT_JOINED))


_NOT_JOINED = (
    "No voice says which episode it speaks of, so no outcome is known. "
    "Name the column that holds the episode's id: --map episode=COLUMN."
)


def _refuse_ends(reader: EpisodeReader, *, by: tuple[str, ...]) -> None:
    """A column that says how an episode ended cannot foretell it."""
    for name in ENDS:
        column = reader.mapping.get(name)
        if column is not None and column.casefold() in {given.casefold() for given in by}:
            raise BadOption(
                f"“{column}” is known only when an episode is over, so it cannot foretell how it ends.",
                hint="Leave it out of --by; name columns that are known at the start.",
            )


def _hear_outcomes(reader: VoiceReader, *, folder: Path, options: PredictOptions, progress: Progress) -> int:
    """Ratings, and the polarity of voices without one, into a table; how many name their episode."""
    identifier: Identifier | None = None
    joined = done = 0
    with RowWriter(folder / "voices.parquet", voices_schema()) as rows:
        for read in reader.batches(size=BATCH):
            done += len(read)
            batch = [voice for voice in read if voice.competitor is None and voice.episode is not None]
            joined += len(batch)
            unrated = [voice for voice in batch if voice.rating is None]
            if unrated and identifier is None:
                identifier = options.identifier()
            heard = identifier.identify(unrated) if identifier is not None and unrated else ()
            by_id = {voice.voice_id: one for voice, one in zip(unrated, heard, strict=True)}
            rows.write([_outcome_row(voice, by_id.get(voice.voice_id)) for voice in batch])
            progress("identify", done, reader.rows)
    return joined


def _outcome_row(voice: Voice, heard: IdentifiedVoice | None) -> dict[str, object]:
    if heard is not None:
        return voice_row(voice, heard)
    return {name: getattr(voice, name, None) for name in voices_schema().names}


def leaving_of(
    file: Path | str,
    *,
    columns: PurchaseColumns,
    horizon: int,
    until: date | None = None,
    level: float = 0.95,
    seed: int = 1,
    progress: Callable[[int, int | None], None] | None = None,
) -> Prediction:
    """Which customers of a file of purchases will probably buy nothing in the days ahead.

    Parameters
    ----------
    file
        Purchases, one a row.
    columns
        Names of the columns.
    horizon
        Days ahead, 1 to 7,305.
    until
        Last day that is known; the day of the last purchase if not given.
    level
        Confidence level of every interval.
    seed
        Of models, bootstrap and shuffling.
    progress
        Called as the file is read, with the rows so far and the number of all rows.

    Returns
    -------
    Prediction
        One accuracy, and all customers: by falling value at risk where ``amount`` is given and their value
        can be told, else by falling probability; ``order`` says which.

    Raises
    ------
    ForventError
        If the file cannot be read, an option cannot be, or nothing was bought up to ``until``.

    Source
    ------
    Our own definition, docs/predict.md.

    Examples
    --------
    Three purchases tell nothing of who leaves:

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as home:
    ...     path = Path(home) / "orders.csv"
    ...     _ = path.write_text("who,when\\na,2024-01-03\\nb,2024-01-09\\na,2024-03-01\\n", encoding="utf-8")
    ...     found = leaving_of(path, columns=PurchaseColumns("who", "when"), horizon=30)
    >>> found.open_cases, found.accuracies[0].silent.why
    (2, 'too few days of the past to try it on')
    """
    check_level(level)
    if not 1 <= horizon <= FARTHEST:
        raise BadOption(f"{horizon} days cannot be looked ahead.", hint=f"Give 1 to {FARTHEST} days.")
    with Engine() as engine:
        reader = read_purchases(file, columns=columns, progress=progress)
        shop = open_shop(reader, engine=engine, until=until or date.max, horizon=horizon, level=level)
        end = shop.span.last if until is None else shop.until
        first = shop.span.first
        days = [end - horizon * number for number in range(ORIGINS, 0, -1)]
        past: list[Origin] = []
        fit: PurchaseFit | None = None
        for day in days:
            if day > first:
                origin, fit = _origin(shop, day=day, horizon=horizon, near=fit)
                past.append(origin)
        today, fit = _origin(shop, day=end, horizon=horizon, near=fit)
        if fit is not None and "amount" in reader.mapping:
            today = replace(today, worth=_worth(today, fit=fit, horizon=horizon, level=level))
    rng = np.random.default_rng(seed)
    found = leaving(past, today=today, horizon=horizon, rng=rng, level=level, seed=seed)
    return replace(found, notes=(*found.notes, *_left_out(reader.report)))


def _left_out(report: ReadingReport) -> Iterator[str]:
    """What of the file was not used."""
    for one in report.unusable:
        if drops_row(one):
            yield f"Rows of {report.file} that were left out: {one.reason} ({one.count:,})."


def _worth(today: Origin, *, fit: PurchaseFit, horizon: int, level: float) -> Floats:
    """What each customer is expected to pay in the horizon if they buy at all: E[X] · value / P(X ≥ 1)."""
    known = today.histories
    spend = fit_spend(known, level=level)
    if isinstance(spend, NotEnough) or isinstance(spend.mean, NotEnough):
        return np.full(len(known.names), np.nan)
    ahead = outlooks(fit, histories=known, weeks=horizon / DAYS_A_WEEK, level=level)
    buys = np.maximum(1.0 - today.chance, _LEAST_BUYS)
    worth: Floats = np.maximum(ahead.expected / buys, 1.0) * mean_values(spend, histories=known)
    return worth


def _origin(
    shop: Shop, *, day: int, horizon: int, near: PurchaseFit | None
) -> tuple[Origin, PurchaseFit | None]:
    """The customers at the end of a day, with what the purchase model says of them."""
    known = shop.known(day, ahead=horizon, when=False)
    fit = fit_purchases(known, model=LEAVING_MODEL, level=shop.level, near=near)
    if isinstance(fit, NotEnough) or not fit.converged:
        return Origin(day, known, np.full(len(known.names), np.nan)), near
    weeks = horizon / DAYS_A_WEEK
    ahead = outlooks(fit, histories=known, weeks=weeks, level=shop.level)
    return Origin(day, known, no_purchase_chance(fit, histories=known, outlook=ahead, weeks=weeks)), fit
