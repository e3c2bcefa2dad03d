"""The newest voices that fit everything that was asked for, found without reading all there are.

Every condition can name its voices by itself, the newest first: a word by the index of pieces, an expectation
by that of mentions, a column by its own. The one whose voices are the scarcest leads, and those it names are
looked at for all other conditions, a chunk at a time, until a page is full. Where many were looked at and the
page is not full, it ends all the same and says where to go on.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

from django.db import connection
from django.db.models import Exists, F, Func, OuterRef, QuerySet
from django.db.models.expressions import RawSQL

from forvent_server.store.models import Mention, Voice
from forvent_server.store.words import Words, words_of

#: Voices looked at first, then at a time, and for one page at the most, in so many voices and in seconds.
FIRST = 400
CHUNK = 4000
MOST_LOOKED_AT = 24_000
PATIENCE = 0.15
#: Texts read at a time.
TEXTS = 500
#: Columns that have an index of their own; other conditions are read along one that holds them all.
INDEXED = frozenset(("language", "channel", "touchpoint", "doubtful"))


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for: words in the text, conditions on the voice, conditions on one mention of it."""

    words: str = ""
    columns: Mapping[str, Any] = field(default_factory=dict)
    mention: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Found:
    """The voices of one page. ``further`` is below which one it goes on, None at the end.

    ``unfinished`` where the page is not full because enough were looked at.
    """

    pks: tuple[int, ...]
    further: int | None = None
    unfinished: bool = False


@dataclass(frozen=True, slots=True)
class Lead:
    """A condition that names its voices: the next ones below one, the newest first, not more than so many."""

    condition: str
    next: Callable[[int | None, int], list[int]]


def newest(wanted: Wanted, *, most: int, before: int | None = None) -> Found:
    """The newest voices that fit, below the one given."""
    words = words_of(wanted.words)
    leads = list(_leads(wanted))
    size = most + 1 if len(leads) == 1 and not words.forms else FIRST
    lead, chunk = _scarcest(leads, before, size)
    found: list[int] = []
    looked_at, began = 0, perf_counter()
    # Frequent words are found without an index, which for some words reads all there are.
    index_from = FIRST if words.stepwise else FIRST + CHUNK
    index_to_come = words.indexed
    while True:
        found += _fitting(chunk, wanted, words, known=lead.condition, most=most + 1 - len(found))
        if len(found) > most:
            return Found(tuple(found[:most]), further=found[most - 1])
        if len(chunk) < size:
            return Found(tuple(found))
        before, looked_at, size = chunk[-1], looked_at + size, CHUNK
        tired = not index_to_come and perf_counter() - began > PATIENCE
        if looked_at >= MOST_LOOKED_AT or tired:
            return Found(tuple(found), further=before, unfinished=True)
        leads = [lead]
        if index_to_come and looked_at >= index_from:
            leads, index_to_come = [lead, Lead("words", words.newest)], False
        lead, chunk = _scarcest(leads, before, size)


def _leads(wanted: Wanted) -> Iterator[Lead]:
    """Everything that can lead, the quickest first; all conditions on columns together may take long."""
    if len(wanted.columns) > 1:
        for name in wanted.columns.keys() & INDEXED:
            yield Lead("", _along(Voice.objects.filter(**{name: wanted.columns[name]}), "pk"))
    if wanted.mention:
        yield Lead("mention", _along(Mention.objects.filter(**wanted.mention).distinct(), "voice_id"))
    if wanted.columns:
        yield Lead("columns", _along(_indexed(wanted.columns), "pk"))
    if not wanted.columns and not wanted.mention:
        yield Lead("", _along(Voice.objects.all(), "pk"))


def _along(rows: QuerySet[Any], name: str) -> Callable[[int | None, int], list[int]]:
    def following(before: int | None, most: int) -> list[int]:
        below = rows if before is None else rows.filter(**{f"{name}__lt": before})
        return list(below.order_by(f"-{name}").values_list(name, flat=True)[:most])

    return following


def _scarcest(leads: Sequence[Lead], before: int | None, most: int) -> tuple[Lead, list[int]]:
    """The lead whose next voices reach the furthest back, with them; the first that comes to its end."""
    chunks = []
    for lead in leads:
        chunk = lead.next(before, most)
        if len(chunk) < most:
            return lead, chunk
        chunks.append((lead, chunk))
    return min(chunks, key=lambda pair: pair[1][-1])


def _fitting(chunk: list[int], wanted: Wanted, words: Words, *, known: str, most: int) -> list[int]:
    """Those of the chunk that fit everything, of which one condition is known; so many or a few more."""
    rows = Voice.objects.all()
    if wanted.columns and known != "columns":
        rows = _with_columns(wanted.columns)
    if wanted.mention and known != "mention":
        rows = rows.filter(Exists(Mention.objects.filter(voice=OuterRef("pk"), **wanted.mention)))
    if rows.query.where:
        chunk = list(_among(rows, chunk).values_list("pk", flat=True))
    if not words.forms:
        return chunk
    found: list[int] = []
    for start in range(0, len(chunk), TEXTS):
        texts = _among(Voice.objects.all(), chunk[start : start + TEXTS]).values_list("pk", "text")
        found += [pk for pk, text in texts if words.stand_in(text)]
        if len(found) >= most:
            break
    return found


def _among(rows: QuerySet[Voice], pks: Sequence[int]) -> QuerySet[Voice]:
    """The rows with one of some thousand numbers, which go to the database as one value."""
    if connection.vendor == "sqlite":
        among = RawSQL("SELECT value FROM json_each(%s)", [json.dumps(pks)])
    else:
        among = RawSQL("SELECT unnest(%s::bigint[])", [list(pks)])
    return rows.filter(pk__in=among).order_by("-pk")


class Plain(Func):
    """A column by itself, of which SQLite shall use no index."""

    template = "%(expressions)s"
    arity = 1

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, Any]:
        return self.as_sql(compiler, connection, template="+%(expressions)s", **extra)


def _indexed(columns: Mapping[str, Any]) -> QuerySet[Voice]:
    """Voices with conditions on columns: along the index of the only one, or along the one of all."""
    if len(columns) == 1 and columns.keys() <= INDEXED:
        return Voice.objects.filter(**columns)
    return _with_columns(columns)


def _with_columns(columns: Mapping[str, Any]) -> QuerySet[Voice]:
    """Voices with conditions on columns, for none of which an index is used."""
    names = {name: name.partition("__") for name in columns}
    return Voice.objects.alias(**{f"plain_{name}": Plain(F(name)) for name, *_ in names.values()}).filter(
        **{f"plain_{name}{between}{how}": columns[whole] for whole, (name, between, how) in names.items()}
    )
