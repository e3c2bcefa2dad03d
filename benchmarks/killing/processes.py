"""Processes that are killed and started again: each is forked from one that has loaded everything already.

A start takes no time to speak of then, and most kills fall into work. What is killed is what serves and works
for real: the process of ``forvent serve`` with its children, and that of ``forvent work``.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

#: A short lease, so that what a killed worker held is taken over within the run.
LEASE_SECONDS, ROWS_AT_ONCE = 3, 100
ROOT = Path(__file__).resolve().parents[2]


class Process:
    """One that can be killed and started again; what it says goes into a file."""

    def __init__(self, kind: str, *, port: int, log: Path) -> None:
        command = [sys.executable, "-m", "benchmarks.killing.processes", kind, str(port)]
        paths = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
        with log.open("ab") as said:
            self._standing_by = subprocess.Popen(
                command,
                env=os.environ | {"PYTHONPATH": paths},
                start_new_session=True,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=said,
            )
        self._running = 0
        self.start()

    def start(self) -> None:
        """Start it, as the leader of a group of its own."""
        self._running = int(self._asked(b"start\n"))

    def end(self) -> None:
        """SIGKILL to it and all that it started."""
        os.killpg(self._running, signal.SIGKILL)
        self._asked(b"wait\n")

    def leave(self) -> None:
        """End it for good, with the one that it is started from."""
        self.end()
        self._standing_by.kill()
        self._standing_by.wait()

    def _asked(self, word: bytes) -> bytes:
        asked, told = self._standing_by.stdin, self._standing_by.stdout
        if asked is None or told is None:
            raise SystemExit("There are no pipes.")
        asked.write(word)
        asked.flush()
        answer = told.readline()
        if not answer:
            raise SystemExit("A process could not be started; its log says why.")
        return answer


def stand_by(run: Callable[[], None]) -> None:
    """Fork a process that runs whenever it is asked for, and wait for its end when asked to."""
    running = 0
    for word in sys.stdin:
        if word == "wait\n":
            os.waitpid(running, 0)
        else:
            running = os.fork()
            if not running:
                os.setpgid(0, 0)
                os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
                os.dup2(2, 1)
                run()
                os._exit(0)
            # By whom of the two it is done first is nobody's choice, and it may be killed at once.
            _make_leader(running)
        print(running, flush=True)


def _make_leader(pid: int) -> None:
    try:
        os.setpgid(pid, pid)
    except (PermissionError, ProcessLookupError):
        # It did so itself, and is further by now.
        return


def web(port: int) -> Callable[[], None]:
    """What serves the workspace, with all addresses loaded."""
    from forvent_server.ready import ready

    ready(migrate=False)
    from django.urls import get_resolver

    from forvent_server import wsgi
    from forvent_server.serving import serve

    if not (wsgi.application and get_resolver().url_patterns):
        raise SystemExit("There is nothing to serve.")
    return lambda: serve(host="127.0.0.1", port=port, workers=1, work=False)


def worker(_: int) -> Callable[[], None]:
    """What works, with what it understands voices by; files are read in short steps."""
    from forvent_server.ready import ready

    ready(migrate=False)
    from forvent.identify.prepared import get_judge
    from forvent_server.actions import queue
    from forvent_server.jobs import read, worker

    queue.LEASE, worker.RENEWAL, worker.MOST_ATTEMPTS = timedelta(seconds=LEASE_SECONDS), 1.0, 10_000
    read.ROWS = ROWS_AT_ONCE
    get_judge("fast")
    return lambda: worker.Worker().run()


if __name__ == "__main__":
    stand_by({"web": web, "worker": worker}[sys.argv[1]](int(sys.argv[2])))
