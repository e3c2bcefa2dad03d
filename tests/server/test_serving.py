"""The worker beside the pages: there again after a crash, and gone with them."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from forvent_server.jobs.worker import Worker
from forvent_server.serving import Beside

#: Says that it began, then waits for a signal.
WAITING = (
    "import os, pathlib, signal, sys; pathlib.Path(sys.argv[1], str(os.getpid())).touch(); signal.pause()"
)
WAIT = 30.0


@pytest.fixture
def beside(tmp_path: Path) -> Iterator[Beside]:
    made = Beside([sys.executable, "-c", WAITING, str(tmp_path)], pause=0.01)
    yield made
    made.end()


def until(reached: Callable[[], bool]) -> None:
    waiting = threading.Event()
    for _ in range(int(WAIT / 0.02)):
        if reached():
            return
        waiting.wait(0.02)
    raise AssertionError("It never came to that.")


def test_a_worker_that_was_killed_is_started_again(
    beside: Beside, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    first = beside.pid
    until(lambda: (tmp_path / str(first)).exists())
    os.kill(first, signal.SIGKILL)
    until(lambda: beside.pid != first and (tmp_path / str(beside.pid)).exists())
    assert "the worker ended by itself and is started again" in capfd.readouterr().err


def test_a_worker_that_is_ended_stays_so(beside: Beside, tmp_path: Path) -> None:
    first = beside.pid
    until(lambda: (tmp_path / str(first)).exists())
    beside.end()
    with pytest.raises(ProcessLookupError):
        os.kill(first, 0)
    assert beside.pid == first
    assert [path.name for path in tmp_path.iterdir()] == [str(first)]


def test_a_worker_ends_with_the_pages_that_started_it() -> None:
    # Somebody else's child by now: it returns, before it asks the database anything.
    Worker(name="test", started_by=os.getppid() + 1).run()
    assert not Worker(name="test", started_by=os.getppid())._left_alone()
    assert not Worker(name="test")._left_alone()
