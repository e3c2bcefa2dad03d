"""Pages and worker in one: granian answers requests, a process beside it does the jobs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence

from forvent.errors import BadOption

#: Seconds a worker has to come to the next sign of progress before it is ended.
PATIENCE = 20
#: Seconds until a worker that ended by itself is started again: one that cannot start keeps nobody busy.
PAUSE = 2.0


def serve(*, host: str, port: int, workers: int, work: bool) -> None:
    """Serve until Ctrl-C or SIGTERM.

    Raises
    ------
    BadOption
        If nobody can listen there.
    """
    # Loaded here: the server takes its time, which commands without it need not spend.
    from granian import Granian
    from granian.constants import Interfaces

    check_free(host, port)
    beside = Beside([sys.executable, "-m", "forvent.cli", "work", "--beside"]) if work else None
    sys.stderr.write(f"forvent: the workspace is open at http://{host}:{port}/ (stop with Ctrl-C)\n")
    try:
        Granian(
            "forvent_server.wsgi:application",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=workers,
            blocking_threads=1,
            log_enabled=False,
            respawn_failed_workers=True,
        ).serve()
    finally:
        if beside is not None:
            beside.end()


class Beside:
    """A process beside the pages: started again where it ends by itself, as by a crash."""

    def __init__(self, command: Sequence[str], *, pause: float = PAUSE) -> None:
        self._command, self._pause = list(command), pause
        self._stop, self._lock = threading.Event(), threading.Lock()
        self._process = self._started()
        threading.Thread(target=self._watch, daemon=True).start()

    @property
    def pid(self) -> int:
        """The number of the process that runs now."""
        return self._process.pid

    def end(self) -> None:
        """End it, and start it no more."""
        with self._lock:
            self._stop.set()
        _end(self._process)

    def _started(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(self._command)  # noqa: S603 - our own command

    def _watch(self) -> None:
        while True:
            self._process.wait()
            self._stop.wait(self._pause)
            with self._lock:
                if self._stop.is_set():
                    return
                sys.stderr.write("forvent: the worker ended by itself and is started again\n")
                self._process = self._started()


def check_free(host: str, port: int) -> None:
    """Make sure that somebody can listen there.

    Raises
    ------
    BadOption
        If nobody can.
    """
    import socket

    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((host, port))
        except OSError as error:
            raise BadOption(
                f"Nobody can listen on {host}:{port}: {error.strerror}.", hint="Choose another --port."
            ) from error


def _end(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
