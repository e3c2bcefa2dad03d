"""How fast voices come in by the API: in batches of 500, and one by one beside a bare Django view.

``python benchmarks/ingest.py [--batches 40] [--ones 2000] [--clients 4]`` serves a new workspace in a folder
of its own (or in the database of FORVENT_DATABASE_URL) and prints a table. The bare view writes one row of
the same table by Django's own means, behind the same server and the same middleware; both take turns.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

HERE = Path(__file__).resolve().parent
WORDS = (
    "The parcel came two days after the promised date and nobody told us why.",
    "Friendly people at the counter, and everything was explained clearly.",
    "Zásilka přišla o čtyři dny později, než bylo slíbeno.",
    "客服很好，但是快递太慢了。",
)
ROUNDS = 3
Body = Callable[[int], bytes]


def main() -> None:
    """Measure, and print a table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--batches", type=int, default=40)
    options.add_argument("--ones", type=int, default=2000)
    options.add_argument("--clients", type=int, default=4)
    given = options.parse_args()
    with workspace() as (port, secret):
        numbers = count()
        send = Sender(port, secret=secret, clients=given.clients)
        send.all("/api/v1/voices", [batch(numbers, 1) for _ in range(200)])
        rate = 500 * send.all("/api/v1/voices", [batch(numbers, 500) for _ in range(given.batches)])
        ours, bare = [], []
        for _ in range(ROUNDS):
            bare.append(send.all("/bare/", [batch(numbers, 1) for _ in range(given.ones // ROUNDS)]))
            ours.append(send.all("/api/v1/voices", [batch(numbers, 1) for _ in range(given.ones // ROUNDS)]))
    one, plain = statistics.median(ours), statistics.median(bare)
    print("| ingest by REST | voices/s |\n|---|---|")
    print(f"| batches of 500, {given.clients} clients | {rate:,.0f} |")
    print(f"| one by one | {one:,.0f} |")
    print(f"| a bare Django view that writes one row | {plain:,.0f} |")
    print(f"| one by one against the bare view | {one / plain:.2f} |")


def batch(numbers: Iterator[int], size: int) -> bytes:
    """Voices that nobody sent before."""
    voices = []
    for _ in range(size):
        number = next(numbers)
        voices.append(
            {
                "id": f"v{number}",
                "text": f"{WORDS[number % len(WORDS)]} ({number})",
                "time": f"2026-02-{number % 28 + 1:02d}T10:00:00Z",
                "rating": number % 5 + 1,
                "channel": "web",
            }
        )
    return json.dumps({"voices": voices}).encode()


class Sender:
    """Several programs that send at once, each over one connection."""

    def __init__(self, port: int, *, secret: str, clients: int) -> None:
        self._port, self._clients = port, clients
        self._headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}

    def all(self, path: str, bodies: list[bytes]) -> float:
        """Requests a second until all are answered."""
        parts = [bodies[place :: self._clients] for place in range(self._clients)]
        threads = [threading.Thread(target=self._send, args=(path, part)) for part in parts]
        began = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return len(bodies) / (time.perf_counter() - began)

    def _send(self, path: str, bodies: list[bytes]) -> None:
        line = http.client.HTTPConnection("127.0.0.1", self._port)
        for body in bodies:
            line.request("POST", path, body=body, headers=self._headers)
            answer = line.getresponse()
            told = answer.read()
            if answer.status != 200:
                raise SystemExit(f"{path}: {answer.status} {told[:500]!r}")
        line.close()


@contextmanager
def workspace() -> Iterator[tuple[int, str]]:
    """The port of a served workspace, and the secret of a key that may write."""
    with tempfile.TemporaryDirectory(prefix="forvent-ingest-") as folder, socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
        door.close()
        environment = os.environ | {
            "FORVENT_DATA": folder,
            "FORVENT_API_PER_MINUTE": "100000000",
            "PYTHONPATH": str(HERE),
            "DJANGO_SETTINGS_MODULE": "ingest_server",
        }
        secret = subprocess.run(
            [sys.executable, str(HERE / "ingest_server.py")],
            env=environment,
            check=True,
            capture_output=True,
            text=True,
        ).stdout.strip()
        served = subprocess.Popen(
            [sys.executable, "-m", "forvent.cli", "serve", "--no-work", "--port", str(port)], env=environment
        )
        try:
            _wait(port)
            yield port, secret
        finally:
            served.terminate()
            served.wait(20)


def _wait(port: int) -> None:
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("The workspace does not answer.")


if __name__ == "__main__":
    main()
