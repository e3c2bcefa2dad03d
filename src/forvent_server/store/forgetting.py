"""What a database does so that erased words cannot be read out of its file."""

from __future__ import annotations

from django.db import connection


def overwrite_what_goes() -> None:
    """From now on, on this connection, what is deleted is overwritten in the file too."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete=ON")


def tidy_search(*, pages: int = 500) -> bool:
    """One step of writing the index of texts anew without what was erased; whether more is to do."""
    if connection.vendor != "sqlite":
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT total_changes()")
        before = cursor.fetchone()[0]
        cursor.execute("INSERT INTO voice_search(voice_search, rank) VALUES ('merge', %s)", [-pages])
        cursor.execute("SELECT total_changes()")
        # The statement itself is one change; more say that something was merged.
        return bool(cursor.fetchone()[0] - before > 1)


def tidy_log() -> None:
    """Empties the log that lies beside the file: pages of before stand in it. Not inside a transaction."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            # Where somebody reads at this moment it waits, and then leaves it to the next time.
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
