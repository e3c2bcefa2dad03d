"""The databases that the workspace is measured on."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests/server"))

from on_postgresql import postgresql

#: As the command line has them, and as people do.
DATABASES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


@contextmanager
def database(name: str) -> Iterator[None]:
    """SQLite in the workspace's folder, or a PostgreSQL server that lives as long as the block.

    The server keeps what it takes as one in real use does.
    """
    os.environ.pop("FORVENT_DATABASE_URL", None)
    if name == "sqlite":
        yield
        return
    with postgresql(careful=True) as url:
        os.environ["FORVENT_DATABASE_URL"] = url
        yield


def section_of(script: str, name: str) -> str:
    """The section of docs/performance.md for what a script measured on a database."""
    return script if name == "sqlite" else f"{script}-{name}"
