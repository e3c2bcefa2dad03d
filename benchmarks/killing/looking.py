"""What became of all that was accepted: looked up in the store when everything is quiet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from benchmarks.killing.ledger import Known

#: Jobs for later than this are not left over: they look once an hour or a day.
SOON = timedelta(minutes=20)


@dataclass
class Found:
    """What is in the store, and what is not as it must be."""

    voices: int = 0
    lost: int = 0
    doubled: int = 0
    not_understood: int = 0
    mentions_doubled: int = 0
    files: int = 0
    files_not_whole: int = 0
    messages: int = 0
    messages_lost: int = 0
    arrived_again: int = 0
    jobs: int = 0
    taken_over: int = 0
    jobs_left: dict[str, int] = field(default_factory=dict)
    assessed: int = 0
    sound: str = ""

    @property
    def fine(self) -> bool:
        """Whether nothing was lost or doubled, and the database is sound."""
        wrong = (self.lost, self.doubled, self.not_understood, self.mentions_doubled, self.files_not_whole)
        whole = not any(wrong) and not self.messages_lost and not self.jobs_left
        return whole and self.assessed == self.voices and self.sound == "ok"


def look(known: Known) -> Found:
    """Compare what was accepted with what is there."""
    found = Found()
    _look_at_voices(found, known)
    _look_at_files(found, known)
    _look_at_messages(found, known)
    _look_at_jobs(found)
    found.sound = soundness()
    return found


def _look_at_voices(found: Found, known: Known) -> None:
    from forvent_server.store.models import Assessment, Mention, Voice

    stored = list(Voice.objects.values_list("key", "text", "identified_at"))
    ids = Counter(key.partition("/")[2] for key, _, _ in stored)
    accepted = known.voices.union(*known.files.values())
    found.voices, found.lost = len(stored), len(accepted - ids.keys())
    # Every text is one voice's own: a text that is there twice is a voice that came twice.
    found.doubled = _more_than_once(ids.elements()) + _more_than_once(text for _, text, _ in stored)
    found.not_understood = sum(identified_at is None for _, _, identified_at in stored)
    found.mentions_doubled = _more_than_once(
        Mention.objects.values_list("voice", "expectation", "start", "end", "polarity")
    )
    last = Assessment.objects.order_by("-made_at", "-pk").first()
    found.assessed = last.voices if last else 0


def _look_at_files(found: Found, known: Known) -> None:
    from forvent_server.store.models import Import, Voice

    found.files = len(known.files)
    done = set(Import.objects.filter(state="done").values_list("pk", flat=True))
    stored = {key.partition("/")[2] for key in Voice.objects.values_list("key", flat=True)}
    found.files_not_whole = sum(pk not in done or not rows <= stored for pk, rows in known.files.items())


def _look_at_messages(found: Found, known: Known) -> None:
    from forvent_server.store.models import Assessment, Delivery, Import

    made = set(Delivery.objects.values_list("uid", flat=True))
    ended = Import.objects.filter(state__in=("done", "failed")).count() + Assessment.objects.count()
    found.messages = len(made)
    # One for each import that ended and each assessment that was made; each at least once.
    found.messages_lost = len(made - known.arrived.keys()) + abs(ended - len(made))
    found.arrived_again = sum(times - 1 for times in known.arrived.values())


def _look_at_jobs(found: Found) -> None:
    from forvent_server.store.models import Job

    found.jobs = Job.objects.filter(state="done").count()
    found.taken_over = Job.objects.filter(state="done", attempts__gt=1).count()
    found.jobs_left = left_over()


def left_over() -> dict[str, int]:
    """Jobs that are not done and not for later, by kind and state."""
    from forvent_server.store.models import Job

    soon = datetime.now(UTC) + SOON
    left = Job.objects.exclude(state="done").filter(due_at__lt=soon)
    return dict(Counter(f"{kind} {state}" for kind, state in left.values_list("kind", "state")))


def _more_than_once(values: Iterable[Any]) -> int:
    return sum(times - 1 for times in Counter(values).values())


def soundness() -> str:
    """``ok``, or what is wrong with the database by its own checks."""
    from django.db import connection

    with connection.cursor() as cursor:
        return _of_sqlite(cursor) if connection.vendor == "sqlite" else _of_postgresql(cursor)


def _of_sqlite(cursor: Any) -> str:
    cursor.execute("PRAGMA integrity_check")
    told = str(cursor.fetchone()[0])
    if told != "ok":
        return told
    cursor.execute("PRAGMA foreign_key_check")
    if broken := cursor.fetchall():
        return f"{len(broken)} rows belong to none"
    # It fails where the index of texts and the table of voices say different things.
    cursor.execute("INSERT INTO voice_search(voice_search, rank) VALUES ('integrity-check', 1)")
    return "ok"


def _of_postgresql(cursor: Any) -> str:
    cursor.execute("SELECT 1 FROM pg_available_extensions WHERE name = 'amcheck'")
    if cursor.fetchone() is None:
        return _counts_agree(cursor)
    cursor.execute("CREATE EXTENSION IF NOT EXISTS amcheck")
    # Each raises where an index lacks a row of its table, or a page is damaged.
    cursor.execute(
        "SELECT count(bt_index_check(i.indexrelid, true)) FROM pg_index i "
        "JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am a ON a.oid = c.relam "
        "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE a.amname = 'btree' AND n.nspname = 'public'"
    )
    cursor.execute(
        "SELECT c.relname, v.msg FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace, "
        "LATERAL verify_heapam(c.oid) v WHERE c.relkind = 'r' AND n.nspname = 'public'"
    )
    damaged = cursor.fetchall()
    return "; ".join(f"{table}: {told}" for table, told in damaged[:5]) or "ok"


def _counts_agree(cursor: Any) -> str:
    """Without the extension: as many rows by the index as by the table itself."""
    from django.apps import apps

    for model in apps.get_app_config("store").get_models(include_auto_created=True):
        table, counts = model._meta.db_table, []
        for setting in ("enable_indexscan = off, enable_indexonlyscan = off", "enable_seqscan = off"):
            for one in setting.split(", "):
                cursor.execute(f"SET {one}")
            cursor.execute(f'SELECT count(*) FROM "{table}" WHERE id IS NOT NULL')  # noqa: S608
            counts.append(cursor.fetchone()[0])
            cursor.execute("RESET ALL")
        if counts[0] != counts[1]:
            return f"{table}: {counts[0]} rows, {counts[1]} by its index"
    return "ok"
