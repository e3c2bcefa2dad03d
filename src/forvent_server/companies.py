"""Own voices beside those about other companies, from what the store holds."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from forvent.assess.market_counts import OWN
from forvent.engine import Engine
from forvent.errors import NothingUsable
from forvent.identify import QuoteBook
from forvent.records import Quote
from forvent.records.market import Market
from forvent.rows import RowWriter, mention_row, mentions_schema, voice_row, voices_schema
from forvent.runs.market import QUOTES, CompaniesHeard, MarketOptions, company_key, compare_heard
from forvent_server.bridge import identified_record, in_steps, voice_record
from forvent_server.store.models import Voice

Progress = Callable[[str, int, int | None], None]
ROWS = 2000


def market_so_far(
    folder: Path,
    *,
    engine: Engine,
    quotes: Mapping[str, tuple[Quote, ...]],
    options: MarketOptions,
    now: datetime,
    progress: Progress,
) -> Market | None:
    """The comparison with the companies that voices name; None where they name none.

    The tables of the own voices lie in the folder already; those about others are put beside them.
    """
    about = Voice.objects.exclude(competitor="").exclude(identified_at=None)
    if not about.exists():
        return None
    books: dict[str, QuoteBook] = defaultdict(lambda: QuoteBook(most=QUOTES))
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    files: dict[str, set[int]] = defaultdict(set)
    with (
        RowWriter(folder / "voices-others.parquet", voices_schema()) as voices,
        RowWriter(folder / "mentions-others.parquet", mentions_schema()) as mentions,
    ):
        for batch in in_steps(about.prefetch_related("mentions"), size=ROWS):
            for row in batch:
                key = company_key(row.competitor)
                row.competitor, told = key, row.competitor
                voice, found = voice_record(row), identified_record(row, row.mentions.all())
                voices.write([voice_row(voice, found)])
                mentions.write([mention_row(mention) for mention in found.mentions])
                books[key].add(voice, found)
                spellings[key][" ".join(told.split())] += 1
                files[key].add(row.imported_by_id or 0)
            progress("collect", voices.rows, None)
    files[OWN] = {
        key or 0
        for key in Voice.objects.filter(competitor="").values_list("imported_by_id", flat=True).distinct()
    }
    heard = CompaniesHeard(
        names={key: max(sorted(told), key=told.__getitem__) for key, told in spellings.items()},
        quotes={key: book.quotes() for key, book in books.items()} | {OWN: quotes},
        files={key: frozenset(numbers) for key, numbers in files.items()},
        reports=(),
        encoder=options.encoder,
    )
    try:
        return compare_heard(
            engine,
            heard,
            voices=engine.scan(folder / "voices*.parquet"),
            mentions=engine.scan(folder / "mentions*.parquet"),
            options=options,
            now=now,
        )
    except NothingUsable:
        # All voices are about others: there is nothing to hold them against yet.
        return None
