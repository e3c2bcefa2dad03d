"""How fast voices come in by the API: in batches of 500, and one by one beside a bare Django view.

``python benchmarks/ingest.py [--batches 40] [--ones 3000] [--clients 4] [--database postgresql] [--write]``
serves a new workspace in a folder of its own, or on a server of its own, and prints a table. The bare view
writes one row of the same table by Django's own means, in the same server and with the same care for power
cuts; nobody asks it for a key. It is asked twice: behind all that stands before pages, as Django's own
projects have it, and as straight as the API. All take turns, and each figure is the median of its turns.
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
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from benchmarks.databases import DATABASES, database, section_of  # noqa: E402
from benchmarks.performance_page import conditions, write_section  # noqa: E402

WORDS = (
    "The parcel came two days after the promised date and nobody told us why.",
    "Friendly people at the counter, and everything was explained clearly.",
    "Zásilka přišla o čtyři dny později, než bylo slíbeno.",
    "客服很好，但是快递太慢了。",
)
ROUNDS = 9
VOICES, BARE, STRAIGHT = "/api/v1/voices", "/bare/", "/api/v1/bare/"


def main() -> None:
    """Measure, print, write."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--batches", type=int, default=40)
    options.add_argument("--ones", type=int, default=3000)
    options.add_argument("--clients", type=int, default=4)
    options.add_argument("--database", choices=tuple(DATABASES), default="sqlite")
    options.add_argument("--write", action="store_true", help="write the section of docs/performance.md")
    given = options.parse_args()
    with database(given.database), workspace() as (port, secret, durable):
        text = measured(port, secret=secret, given=given)
    kept = f"Kept {durable}; {given.clients} clients."
    said = f"## Voices that arrive, on {DATABASES[given.database]}\n\n{kept}\n\n{text}"
    print(said)
    if given.write:
        write_section(section_of("ingest", given.database), f"{said}\n\n{conditions()}")


def measured(port: int, *, secret: str, given: argparse.Namespace) -> str:
    """The table of what comes in a second."""
    send = Sender(port, secret=secret, clients=given.clients)
    numbers = count()
    for path in (VOICES, BARE, STRAIGHT):
        send.all(path, [batch(numbers, 1) for _ in range(100)])
    plain = 500 * send.all(VOICES, [batch(numbers, 500) for _ in range(given.batches)])
    known = 500 * send.all(VOICES, [batch(numbers, 500, customers=True) for _ in range(given.batches)])
    rates = one_by_one(send, numbers, ones=given.ones)
    rows = [
        ("batches of 500", f"{plain:,.0f}"),
        ("batches of 500, each voice with its customer and its order", f"{known:,.0f}"),
        ("one by one", f"{rates[VOICES]:,.0f}"),
        ("a bare Django view that writes one row", f"{rates[BARE]:,.0f}"),
        ("the same view, as straight as the API", f"{rates[STRAIGHT]:,.0f}"),
        ("one by one against the bare view", f"{rates[VOICES] / rates[BARE]:.2f}"),
        ("one by one against the view as straight as the API", f"{rates[VOICES] / rates[STRAIGHT]:.2f}"),
    ]
    head = ["| ingest by REST | voices/s |", "|---|---|"]
    return "\n".join([*head, *(f"| {name} | {rate} |" for name, rate in rows)])


def one_by_one(send: Sender, numbers: Iterator[int], *, ones: int) -> dict[str, float]:
    """Voices a second of each path, the median of turns in changing order."""
    paths, found = [VOICES, BARE, STRAIGHT], dict[str, list[float]]()
    for turn in range(ROUNDS):
        for path in (*paths[turn % 3 :], *paths[: turn % 3]):
            bodies = [batch(numbers, 1) for _ in range(ones // ROUNDS)]
            found.setdefault(path, []).append(send.all(path, bodies))
    return {path: statistics.median(rates) for path, rates in found.items()}


def batch(numbers: Iterator[int], size: int, *, customers: bool = False) -> bytes:
    """Voices that nobody sent before; three in ten of a customer who said something in the batch already."""
    voices = []
    for _ in range(size):
        number = next(numbers)
        said = {
            "id": f"v{number}",
            "text": f"{WORDS[number % len(WORDS)]} ({number})",
            "time": f"2026-02-{number % 28 + 1:02d}T10:00:00Z",
            "rating": number % 5 + 1,
            "channel": "web",
        }
        if customers:
            said |= {"customer": f"c{number * 7 // 10}", "episode": f"o{number}"}
        voices.append(said)
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
def workspace() -> Iterator[tuple[int, str, str]]:
    """The port of a served workspace, the secret of a key that may write, and how its database keeps."""
    with tempfile.TemporaryDirectory(prefix="forvent-ingest-") as folder, socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
        door.close()
        environment = os.environ | {
            "FORVENT_DATA": folder,
            "FORVENT_API_PER_MINUTE": "100000000",
            "PYTHONPATH": os.pathsep.join(filter(None, (str(HERE), os.environ.get("PYTHONPATH")))),
            "DJANGO_SETTINGS_MODULE": "ingest_server",
        }
        secret, durable = subprocess.run(
            [sys.executable, str(HERE / "ingest_server.py")],
            env=environment,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        ).stdout.splitlines()
        served = subprocess.Popen(
            [sys.executable, "-m", "forvent.cli", "serve", "--no-work", "--port", str(port)], env=environment
        )
        try:
            _wait(port)
            yield port, secret, durable
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
