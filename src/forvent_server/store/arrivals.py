"""Voices that arrive, put into the store by one statement: each key once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import connection

from forvent_server.store.many import defaults, names, plain, put_in_many
from forvent_server.store.models import Voice
from forvent_server.store.models.jobs import WAITING


class Arrival(NamedTuple):
    """What one voice brings with it; ``time`` is in UTC. Names are those of the columns."""

    key: str
    content: int
    text: str
    time: datetime | None
    rating: float | None
    rating_given: float | None
    channel: str
    touchpoint: str
    competitor: str
    segments: dict[str, Any] | None
    language: str
    customer_id: int | None
    episode_key: str
    row: int


def put_in(
    arrivals: Sequence[Arrival], *, source_id: int, imported_by_id: int | None, now: datetime
) -> set[str]:
    """The keys of the voices that were new; those whose key is taken are left out.

    Called inside a transaction.
    """
    alike = {"came_at": now, "source_id": source_id, "imported_by_id": imported_by_id}
    told = put_in_many(Voice, arrivals, columns=Arrival._fields, alike=alike, unique=("key",), told=("key",))
    return {key for (key,) in told}


def contents_of(keys: Iterable[str]) -> dict[str, int]:
    """The fingerprint of what stands under each of the keys that are taken."""
    return dict(Voice.objects.filter(key__in=set(keys)).values_list("key", "content"))


class Expected(NamedTuple):
    """What must hold for a voice to be put in at a word; where it does not, the long way finds out why.

    The source is that of the name and brought something after ``since``; a job of the kind and key waits,
    which will see the voice; none of ``erased``, kinds and hashes, was erased; the ``customer`` is known by
    this id, where there is one; and texts are kept as they come, with personal data in them.
    """

    source_id: int
    source: str
    since: datetime
    job: str
    job_key: str
    erased: Sequence[tuple[str, str]]
    customer: str


def put_in_at_a_word(arrival: Arrival, *, expected: Expected, now: datetime) -> bool:
    """Whether the voice was new and all that is expected held: it stands in the store then.

    One statement, and outside a transaction one by itself, as durable as any other.
    """
    left = defaults(Voice, left=Arrival._fields)
    given = left | arrival._asdict() | {"came_at": now, "imported_by_id": None, "waiting": WAITING}
    given |= expected._asdict()
    pairs = given.pop("erased")
    for number, (kind, digest) in enumerate(pairs):
        given |= {f"kind_{number}": kind, f"digest_{number}": digest}
    sql = _at_a_word(tuple(left), len(pairs), bool(expected.customer))
    with connection.cursor() as cursor:
        cursor.execute(sql, {name: plain(value) for name, value in given.items()})
        # Read to its end: only then is it kept.
        return bool(cursor.fetchall())


@lru_cache(maxsize=8)
def _at_a_word(left: tuple[str, ...], erased: int, customer: bool) -> str:
    columns = [*Arrival._fields, *left]
    values = {name: f"%({name})s" for name in columns}
    gone = " OR ".join(f"(kind = %(kind_{one})s AND digest = %(digest_{one})s)" for one in range(erased))
    among = "store_source AS source"
    if customer:
        values["customer_id"] = "known.customer_id"
        among += " JOIN store_customerkey AS known ON known.kind = 'id' AND known.value = %(customer)s"
    # Whoever wants to claim the job waits until the voice is there to be seen.
    held = "FOR UPDATE" if connection.features.has_select_for_update else ""
    # The names are those of our own tables; every value is a parameter.
    return (
        "WITH held AS (SELECT id FROM store_job WHERE kind = %(job)s AND key = %(job_key)s "  # noqa: S608
        f"AND state = %(waiting)s AND due_at <= %(came_at)s {held}) "
        f"INSERT INTO store_voice ({names(*values)}) SELECT {', '.join(values.values())} FROM {among} "
        "WHERE source.id = %(source_id)s AND source.name = %(source)s AND source.brought_at > %(since)s "
        f"AND EXISTS (SELECT 1 FROM held) AND NOT EXISTS (SELECT 1 FROM store_erased WHERE {gone}) "
        "AND NOT EXISTS (SELECT 1 FROM store_business WHERE mask) "
        "ON CONFLICT (key) DO NOTHING RETURNING id"
    )
