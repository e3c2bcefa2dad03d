"""Kills the web and the worker at any moment under load, and looks whether anything accepted was lost.

``python benchmarks/kill.py --kills 200``; on PostgreSQL with ``FORVENT_DATABASE_URL`` of an empty database.
Programs send voices without a pause and send again what was not answered, as they are told to. Processes are
ended by SIGKILL in the middle of whatever they do, and started again. When all is quiet, every voice that was
accepted must be there once, understood, with no job left over and a sound database.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.client import HTTPException

BATCH, SENDERS = 20, 2
#: A short lease, so that what a killed worker held is taken over within the run.
LEASE_SECONDS, QUIET_SECONDS, START_SECONDS = 3, 300, 60
#: Share of kills that wait until voices are accepted again.
UNDER_LOAD = 0.9
TEXTS = (
    "My order arrived two days after the promised date.",
    "Delivered on the promised day. Thank you.",
    "The box was broken when it arrived.",
    "Nobody answers my e-mails.",
)


@dataclass
class Outcome:
    """What was sent, accepted and found."""

    kills: dict[str, int]
    accepted: set[str] = field(default_factory=set)
    again: int = 0
    stored: int = 0
    lost: int = 0
    doubled: int = 0
    not_understood: int = 0
    jobs_left: dict[str, int] = field(default_factory=dict)
    sound: str = ""

    @property
    def fine(self) -> bool:
        """Whether nothing was lost or doubled and the database is sound."""
        wrong = self.lost + self.doubled + self.not_understood + sum(self.jobs_left.values())
        return wrong == 0 and self.sound == "ok"


class Load(threading.Thread):
    """Sends batches of voices, each until it is accepted."""

    def __init__(self, name: str, *, port: int, secret: str, stop: threading.Event, told: Outcome) -> None:
        super().__init__(daemon=True)
        self.name, self._stop_asked, self._told = name, stop, told
        self._address, self._secret = f"http://127.0.0.1:{port}/api/v1/voices", secret

    def run(self) -> None:
        """Send until stopped; what was begun is sent to its end."""
        number = 0
        while not self._stop_asked.is_set():
            ids = [f"{self.name}-{number + place}" for place in range(BATCH)]
            number += BATCH
            voices = [{"id": one, "text": f"{TEXTS[n % 4]} ({one})"} for n, one in enumerate(ids)]
            body = json.dumps({"voices": voices}).encode()
            while not self._accepted(body):
                self._told.again += 1
                time.sleep(0.1)
            self._told.accepted.update(ids)

    def _accepted(self, body: bytes) -> bool:
        headers = {"Authorization": f"Bearer {self._secret}", "Content-Type": "application/json"}
        request = urllib.request.Request(self._address, data=body, headers=headers)  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
                return bool(answer.status == 200)
        except urllib.error.HTTPError as refused:
            if refused.code < 500:
                sys.stderr.write(f"refused: {refused.code} {refused.read()[:300]!r}\n")
            return False
        except (OSError, HTTPException):
            return False


class Process:
    """A process that is killed and started again."""

    def __init__(self, *command: str) -> None:
        self._command = [sys.executable, *command]
        self.start()

    def start(self) -> None:
        """Start it, as the leader of a group of its own."""
        self._running = subprocess.Popen(self._command, start_new_session=True, stderr=subprocess.DEVNULL)

    def end(self) -> None:
        """SIGKILL to it and all that it started."""
        os.killpg(self._running.pid, signal.SIGKILL)
        self._running.wait()


def main() -> int:
    """Print what was found; 1 where anything was lost."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("what", nargs="?", choices=("kill", "work"), default="kill")
    options.add_argument("--kills", type=int, default=30)
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args()
    if chosen.what == "work":
        work()
        return 0
    with tempfile.TemporaryDirectory(prefix="forvent-kill-", ignore_cleanup_errors=True) as folder:
        os.environ["FORVENT_DATA"] = folder
        os.environ |= {"FORVENT_ENCODER": "fast", "FORVENT_API_PER_MINUTE": "10000000"}
        started = time.monotonic()
        found = kill_and_look(kills=chosen.kills, rng=random.Random(chosen.seed))  # noqa: S311
    print(f"{sum(found.kills.values())} kills in {time.monotonic() - started:.0f} s: {found.kills}")
    print(
        f"{len(found.accepted):,} voices accepted, {found.again:,} times sent again, {found.stored:,} stored"
    )
    print(f"lost {found.lost}, doubled {found.doubled}, not understood {found.not_understood}")
    print(f"jobs left {found.jobs_left or 0}; database: {found.sound}")
    return 0 if found.fine else 1


def work() -> None:
    """A worker with a short lease."""
    from forvent_server.ready import ready

    ready(migrate=False)
    from forvent_server.actions import queue
    from forvent_server.jobs import worker

    queue.LEASE, worker.RENEWAL, worker.MOST_ATTEMPTS = timedelta(seconds=LEASE_SECONDS), 1.0, 10_000
    worker.Worker().run()


def kill_and_look(*, kills: int, rng: random.Random) -> Outcome:
    """Web and worker under load, killed so many times; then what became of the voices."""
    secret, port = open_workspace(), free_port()
    told, stop = Outcome({"web": 0, "worker": 0}), threading.Event()
    processes = {
        "web": Process("-m", "forvent.cli", "serve", "--no-work", "--workers", "1", "--port", str(port)),
        "worker": Process(__file__, "work"),
    }
    senders = [Load(f"s{n}", port=port, secret=secret, stop=stop, told=told) for n in range(SENDERS)]
    try:
        for sender in senders:
            sender.start()
        for _ in range(kills):
            # Mostly once there is load again, and now and then while it starts.
            if rng.random() < UNDER_LOAD:
                wait_for_load(told)
            time.sleep(rng.uniform(0.0, 1.5))
            name = rng.choice(sorted(processes))
            processes[name].end()
            told.kills[name] += 1
            processes[name].start()
        stop.set()
        for sender in senders:
            sender.join(QUIET_SECONDS)
        wait_until_quiet()
    finally:
        for process in processes.values():
            process.end()
    look(told)
    return told


def wait_for_load(told: Outcome) -> None:
    """Until something was accepted since now."""
    before, end = len(told.accepted), time.monotonic() + START_SECONDS
    while len(told.accepted) == before and time.monotonic() < end:
        time.sleep(0.02)


def open_workspace() -> str:
    """A workspace with a key that may send voices; the secret of the key."""
    from forvent_server.ready import ready

    ready()
    from forvent_server.actions import people

    now = datetime.now(UTC)
    owner = people.open_workspace(
        business="Kill", name="Ada Berg", email="ada@example.org", password="a long enough word 7",  # noqa: S106
        language="en", now=now,
    )  # fmt: skip
    return people.make_key(name="load", scopes=["read", "write"], who=owner, now=now)[1]


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def wait_until_quiet() -> None:
    """Until no job is due, for as long as that may take."""
    end = time.monotonic() + QUIET_SECONDS
    while left_over() and time.monotonic() < end:
        time.sleep(0.5)


def left_over() -> dict[str, int]:
    """Jobs that are not done and not for later, by kind and state."""
    from forvent_server.store.models import Job

    soon = datetime.now(UTC) + timedelta(hours=2)
    found: dict[str, int] = {}
    for kind, state in Job.objects.exclude(state="done").filter(due_at__lt=soon).values_list("kind", "state"):
        found[f"{kind} {state}"] = found.get(f"{kind} {state}", 0) + 1
    return found


def look(told: Outcome) -> None:
    """Compare what was accepted with what is there."""
    from django.db import connection

    from forvent_server.store.models import Voice

    ids = [key.partition("/")[2] for key in Voice.objects.values_list("key", flat=True)]
    told.stored, told.lost = len(ids), len(told.accepted - set(ids))
    texts = list(Voice.objects.values_list("text", flat=True))
    told.doubled = len(texts) - len(set(texts))
    told.not_understood = Voice.objects.filter(identified_at=None).count()
    told.jobs_left = left_over()
    told.sound = "ok"
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check")
            told.sound = str(cursor.fetchone()[0])


if __name__ == "__main__":
    sys.exit(main())
