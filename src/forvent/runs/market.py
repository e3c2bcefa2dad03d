"""Reading, identify and assess joined: one's own voices beside those about other companies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa

from forvent.assess.market import ALIKE, cautions, company_records, compare_market
from forvent.assess.market_counts import OWN, companies_heard, heard_by, mention_sums, speaking_sums
from forvent.engine import Engine
from forvent.errors import BadOption, NothingUsable
from forvent.identify import Identifier, QuoteBook
from forvent.identify.maker import Maker
from forvent.reading import VoiceReader, read_voices
from forvent.records import Quote, ReadingReport, Voice
from forvent.records.market import Against, Company, Market
from forvent.runs.hearing import BATCH, Ledger, Progress, silent
from forvent.tables import Table

#: Called with the readers once all files are open.
Opened = Callable[[Sequence[VoiceReader]], None]

#: Quotes kept of each company, expectation and polarity.
QUOTES = 3
#: A column with more names than this is none of companies.
MOST_NAMES = 1000
SWITCHED_OFF = "-"


def _unseen(readers: Sequence[VoiceReader]) -> None:
    """Guesses that nobody looks at."""


@dataclass(frozen=True)
class MarketOptions:
    """How a comparison is to be made; the defaults are those of the command line.

    ``own`` is the name of one's own company, as a column of companies writes it. ``columns`` maps
    fields to columns where the guess is wrong, ``other_columns`` does so for the files about others.
    ``most`` is how many others are compared with, those with most voices first.
    """

    own: str = ""
    level: float = 0.95
    alike: float = ALIKE
    encoder: str = "exact"
    columns: Mapping[str, str] = field(default_factory=dict)
    other_columns: Mapping[str, str] = field(default_factory=dict)
    mask: bool = True
    most: int = 6
    heads: str | None = None


def compare_with_others(
    files: Sequence[Path | str],
    *,
    now: datetime,
    others: Mapping[str, Path | str] | None = None,
    options: MarketOptions | None = None,
    opened: Opened = _unseen,
    progress: Progress = silent,
) -> Market:
    """How one's own voices compare with those about others, expectation by expectation.

    Parameters
    ----------
    files
        Files with what customers said of one's own company; where a column names companies, of those too.
    now
        When the comparison is made, UTC; it is written into the result and decides nothing.
    others
        Files about one other company each, by its name.
    options
        See :class:`MarketOptions`.
    opened
        Called with all readers once the files are open, before the long work.
    progress
        Called as the work goes on.

    Returns
    -------
    Market
        All comparisons, each number with its count and interval.

    Raises
    ------
    ForventError
        If a file cannot be read, an option cannot be, or nobody speaks of others or of oneself.

    Source
    ------
    Our own definition, docs/formulas/assess-market.md.

    Examples
    --------
    >>> with TemporaryDirectory() as home:
    ...     ours, theirs = Path(home) / "ours.csv", Path(home) / "theirs.csv"
    ...     _ = ours.write_text("comment\\nThe parcel came four days late.\\n", encoding="utf-8")
    ...     _ = theirs.write_text("comment\\nThe waiter was rude to us.\\n", encoding="utf-8")
    ...     market = compare_with_others([ours], others={"Nordkiste": theirs}, now=datetime(2026, 3, 1))
    >>> [(side.other.name, side.comparisons[0].verdict) for side in market.against]
    [('Nordkiste', 'not enough data')]
    """
    chosen = options or MarketOptions()
    _check(files, others=others or {}, options=chosen)
    sources = _open(files, others=others or {}, options=chosen)
    opened([source.reader for source in sources])
    with TemporaryDirectory(prefix="forvent-") as kept, Engine() as engine:
        identifier = Maker(chosen.encoder, heads=chosen.heads).make()
        heard = _hear(sources, identifier=identifier, folder=Path(kept), progress=progress)
        progress("compare", 0, None)
        voices, mentions = (engine.scan(Path(kept) / f"{name}.parquet") for name in ("voices", "mentions"))
        return compare_heard(engine, heard, voices=voices, mentions=mentions, options=chosen, now=now)


# ------------------------------------------------------------------------------- reading


@dataclass(frozen=True)
class _Source:
    """An opened file; ``company`` is the other company that all of it is about, None where a column says."""

    reader: VoiceReader
    company: str | None
    prefix: str


def _check(files: Sequence[Path | str], *, others: Mapping[str, Path | str], options: MarketOptions) -> None:
    if not files:
        raise BadOption("No file holds one's own voices.", hint="Give at least one file.")
    if options.most < 1:
        raise BadOption(f"{options.most} others cannot be compared with.", hint="Give at least 1.")
    for name in others:
        if not name.strip() or company_key(name) == company_key(options.own):
            raise BadOption(
                f"'{name}' is no name of another company.", hint="Write it as --others NAME=FILE."
            )


def _open(
    files: Sequence[Path | str], *, others: Mapping[str, Path | str], options: MarketOptions
) -> list[_Source]:
    own_name = options.own or None
    readers: list[tuple[VoiceReader, str | None]] = [
        (read_voices(file, columns=options.columns, mask=options.mask, own_name=own_name), None)
        for file in files
    ]
    about = {**options.columns, **options.other_columns, "competitor": SWITCHED_OFF}
    readers += [(read_voices(file, columns=about, mask=options.mask), name) for name, file in others.items()]
    if not others and not any("competitor" in reader.mapping for reader, _ in readers):
        raise BadOption(
            "Nothing says which voices are about another company.",
            hint="Name the column with --map competitor=COLUMN, or add a file with --others NAME=FILE.",
        )
    several = len(readers) > 1
    return [
        _Source(reader, company, f"{number}/" if several else "")
        for number, (reader, company) in enumerate(readers, start=1)
    ]


@dataclass(frozen=True)
class CompaniesHeard:
    """What streaming the voices left beside the tables; companies by their key, one's own by ``OWN``.

    ``names`` says how each key is written, ``files`` which sources its voices came from.
    """

    names: Mapping[str, str]
    quotes: Mapping[str, Mapping[str, tuple[Quote, ...]]]
    files: Mapping[str, frozenset[int]]
    reports: tuple[ReadingReport, ...]
    encoder: str


def _hear(
    sources: Sequence[_Source], *, identifier: Identifier, folder: Path, progress: Progress
) -> CompaniesHeard:
    books: dict[str, QuoteBook] = {}
    spellings: dict[str, Counter[str]] = {}
    files: dict[str, set[int]] = {}
    done, total = 0, sum(source.reader.rows for source in sources)
    at = folder / "mentions.parquet"
    with Ledger(identifier, voices_to=folder / "voices.parquet", mentions_to=at) as ledger:
        for number, source in enumerate(sources):
            for batch in source.reader.batches(size=BATCH):
                spoken = [_placed(voice, source, spellings) for voice in batch]
                for voice, one in zip(spoken, ledger.take_in(spoken), strict=True):
                    key = voice.competitor or OWN
                    books.setdefault(key, QuoteBook(most=QUOTES)).add(voice, one)
                    files.setdefault(key, set()).add(number)
                done += len(batch)
                progress("identify", done, total)
    return CompaniesHeard(
        names={key: max(sorted(counts), key=counts.__getitem__) for key, counts in spellings.items()},
        quotes={key: book.quotes() for key, book in books.items()},
        files={key: frozenset(numbers) for key, numbers in files.items()},
        reports=tuple(source.reader.report for source in sources),
        encoder=identifier.name,
    )


def _placed(voice: Voice, source: _Source, spellings: dict[str, Counter[str]]) -> Voice:
    """The voice under the key of the company it is about, with an id of its own over all files."""
    said = source.company or voice.competitor
    key = company_key(said or "") or None
    if key is not None and said is not None:
        if key not in spellings and len(spellings) >= MOST_NAMES:
            raise BadOption(
                f"The column of companies holds more than {MOST_NAMES} names, such as '{said[:40]}'.",
                hint="Name the right one with --map competitor=COLUMN, or '-' for none.",
            )
        spellings.setdefault(key, Counter())[" ".join(said.split())] += 1
    return replace(voice, voice_id=source.prefix + voice.voice_id, competitor=key)


def company_key(name: str) -> str:
    """The same for all ways of writing a name with other spaces or capitals.

    Source
    ------
    Our own definition, docs/formulas/assess-market.md.

    Examples
    --------
    >>> company_key(" Nord  Kiste ")
    'nord kiste'
    """
    return " ".join(name.split()).casefold()


# ----------------------------------------------------------------------------- comparing


def compare_heard(
    engine: Engine,
    heard: CompaniesHeard,
    *,
    voices: Table,
    mentions: Table,
    options: MarketOptions,
    now: datetime,
) -> Market:
    """How one's own voices compare with those about others, once all are in tables.

    Parameters
    ----------
    engine
        Runs the lazy tables.
    heard
        What was kept beside the tables.
    voices, mentions
        All voices, those about others under the key of the company, and their mentions.
    options
        Level, what counts as alike, and how many others.
    now
        When the comparison is made, UTC.

    Returns
    -------
    Market
        All comparisons.

    Raises
    ------
    NothingUsable
        If nobody speaks of others, or nobody of one's own.

    Source
    ------
    Our own definition, docs/formulas/assess-market.md.
    """
    known, channels, languages, speaking, sums = engine.collect_all(
        [
            companies_heard(voices),
            heard_by(voices, column="channel"),
            heard_by(voices, column="language"),
            speaking_sums(voices),
            mention_sums(mentions, voices=voices),
        ]
    )
    found = company_records(known, channels=channels, languages=languages, own=OWN)
    _need_both(found, names=heard.names)
    own, *rest = found
    against = tuple(
        _against(own, other, heard=heard, sums=sums, speaking=speaking, options=options)
        for other in rest[: options.most]
    )
    shown = {OWN: options.own, **{other.name: heard.names[other.name] for other in rest[: options.most]}}
    return Market(
        made_at=now,
        own=replace(own, name=options.own),
        against=against,
        level=options.level,
        false_share=round(1.0 - options.level, 9),
        alike=options.alike,
        encoder=heard.encoder,
        quotes={name: heard.quotes.get(key, {}) for key, name in shown.items()},
        files=heard.reports,
        left_out={heard.names[other.name]: other.voices for other in rest[options.most :]},
    )


def _against(
    own: Company,
    other: Company,
    *,
    heard: CompaniesHeard,
    sums: pa.Table,
    speaking: pa.Table,
    options: MarketOptions,
) -> Against:
    same = heard.files.get(OWN) == heard.files.get(other.name)
    return Against(
        other=replace(other, name=heard.names[other.name]),
        comparisons=compare_market(
            sums, speaking=speaking, other=other.name, level=options.level, alike=options.alike
        ),
        cautions=cautions(own, other, same_file=same),
    )


def _need_both(found: Sequence[Company], *, names: Mapping[str, str]) -> None:
    others = [names[company.name] for company in found if company.name != OWN]
    if not others:
        raise NothingUsable(
            "No voice is about another company.",
            hint="Look at the column of companies, or add a file with --others NAME=FILE.",
        )
    if len(others) == len(found):
        raise NothingUsable(
            f"Every voice is about another company: {', '.join(others[:3])}{' …' if others[3:] else ''}.",
            hint="Say which one is yours with --own NAME.",
        )
