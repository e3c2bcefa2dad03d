"""Kills the web and the worker at any moment under load, and looks whether anything accepted was lost.

``python benchmarks/kill.py [--kills 200] [--database sqlite|postgresql] [--seed 1]``; PostgreSQL is a server
of its own, as the tests start it. Programs send voices and a person uploads files with hardly a pause; what
was not answered is sent again, as they are told to. An address is told of each import and each assessment.
Processes are ended by SIGKILL in the middle of whatever they do, some of them while they assess, and started
again. When all is quiet, every voice that was accepted must be there once and understood, every file whole,
every message arrived, with no job left over and a sound database. Prints a table.

What was accepted is on the disk before it counts, in a folder that stays where something was wrong.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import socket
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.databases import DATABASES, database, section_of  # noqa: E402
from benchmarks.killing.ledger import Ledger  # noqa: E402
from benchmarks.killing.load import EMAIL, PASSWORD, ROWS, Load, Receiver, Sender, Uploader  # noqa: E402
from benchmarks.killing.looking import Found, left_over, look  # noqa: E402
from benchmarks.killing.processes import Process  # noqa: E402
from benchmarks.performance_page import conditions, write_section  # noqa: E402

#: Seconds until all must be quiet, and that are waited at most for something accepted, or something assessed.
QUIET, ACCEPTED, ASSESSED = 600, 20, 20
#: Voices that wait to be understood or to be read: beyond so many nothing new is sent until half is done.
MOST_WAITING = 1500
#: Shares of kills: while something is assessed; once there is load again; the rest at any moment of a start.
ASSESSING, UNDER_LOAD = 0.25, 0.65
#: Share of kills that end both at once.
BOTH = 0.1


@dataclass
class Kills:
    """How often what was ended, and in the middle of what."""

    ended: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    again: int = 0

    @property
    def times(self) -> int:
        """How many processes were ended."""
        return self.ended["web"] + self.ended["worker"]


def main() -> int:
    """Print what was found; 1 where anything was lost."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--kills", type=int, default=30)
    options.add_argument("--database", choices=tuple(DATABASES), default="sqlite")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--write", action="store_true", help="write the section of docs/performance.md")
    chosen = options.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="forvent-kill-"))
    os.environ |= {"FORVENT_DATA": str(folder / "data"), "FORVENT_ENCODER": "fast"}
    os.environ |= {"FORVENT_API_PER_MINUTE": "10000000", "FORVENT_WEBHOOKS_INSIDE": "yes"}
    with database(chosen.database):
        kills, found = kill_and_look(folder, kills=chosen.kills, rng=random.Random(chosen.seed))  # noqa: S311
        text = table(chosen.database, kills, found, failures=failures(folder))
        print(text)
    if chosen.write:
        said = f"## Ended by kill -9, on {DATABASES[chosen.database]}\n\n{text}\n\n{conditions()}"
        write_section(section_of("kill", chosen.database), said)
    if found.fine:
        shutil.rmtree(folder)
        return 0
    print(f"\nSomething was wrong; the ledger and what the processes said lie in {folder}.")
    return 1


def kill_and_look(folder: Path, *, kills: int, rng: random.Random) -> tuple[Kills, Found]:
    """Web and worker under load, ended so often; then what became of what was accepted."""
    ledger, stop, port = Ledger(folder / "ledger.tsv"), threading.Event(), free_port()
    receiver = Receiver(ledger=ledger)
    threading.Thread(target=receiver.serve_forever, daemon=True).start()
    secret, told, began = open_workspace(receiver.address), Kills(), time.monotonic()
    processes = {name: Process(name, port=port, log=folder / f"{name}.log") for name in ("web", "worker")}
    go = threading.Event()
    given: dict[str, Any] = {"ledger": ledger, "stop": stop, "go": go}
    load: list[Load] = [Sender(f"s{n}", port=port, secret=secret, marked=n > 0, **given) for n in range(2)]
    load.append(Uploader("u", port=port, **given))
    try:
        for one in load:
            one.start()
        while told.times < kills:
            let_go(go)
            kill_once(processes, told, ledger=ledger, go=go, rng=rng)
            sys.stderr.write(f"\r{told.times} of {kills}")
        sys.stderr.write("\n")
        stop.set()
        for one in load:
            one.join(QUIET)
        wait_until_quiet()
    finally:
        for process in processes.values():
            process.leave()
        receiver.shutdown()
    told.again, told.seconds = sum(one.again for one in load), time.monotonic() - began
    return told, look(ledger.read())


def kill_once(
    processes: dict[str, Process], told: Kills, *, ledger: Ledger, go: threading.Event, rng: random.Random
) -> None:
    """Wait for a moment of some kind, then end the web, the worker or both, and start them again."""
    chance = rng.random()
    while_assessing = chance < ASSESSING and wait_for_assessing()
    if not while_assessing and chance < ASSESSING + UNDER_LOAD and go.is_set():
        wait_for_load(ledger)
    time.sleep(rng.uniform(0.0, 1.5))
    both = rng.random() < BOTH
    names = sorted(processes) if both else ["worker" if while_assessing else rng.choice(sorted(processes))]
    told.ended["while assessing"] += while_assessing and assessing()
    for name in names:
        processes[name].end()
        told.ended[name] += 1
    for name in names:
        processes[name].start()


def let_go(go: threading.Event) -> None:
    """Let more come, or let no more come until half of what waits is understood."""
    from forvent_server.store.models import Import, Voice

    waiting = Voice.objects.filter(identified_at=None).count()
    waiting += ROWS * Import.objects.exclude(state="done").count()
    if waiting > MOST_WAITING:
        go.clear()
    elif waiting < MOST_WAITING / 2:
        go.set()


def wait_for_load(ledger: Ledger) -> None:
    """Until something was accepted since now."""
    before, end = ledger.lines, time.monotonic() + ACCEPTED
    while ledger.lines == before and time.monotonic() < end:
        time.sleep(0.02)


def wait_for_assessing() -> bool:
    """Whether an assessment is being made, now or within some seconds."""
    end = time.monotonic() + ASSESSED
    while time.monotonic() < end:
        if assessing():
            return True
        time.sleep(0.1)
    return False


def assessing() -> bool:
    """Whether a worker assesses at this moment."""
    from forvent_server.store.models import Job

    held = Job.objects.filter(kind="assess", state="running", leased_until__gt=datetime.now(UTC))
    return held.exists()


def open_workspace(told: str) -> str:
    """A workspace with an address that is told of things, and a key that may send voices; its secret."""
    from forvent_server.ready import ready

    ready()
    from forvent_server.actions import people, webhooks

    now = datetime.now(UTC)
    owner = people.open_workspace(
        business="Kill", name="Ada Berg", email=EMAIL, password=PASSWORD, language="en", now=now
    )
    webhooks.make_webhook(address=told, events=["import.ended", "assessment.made"], who=owner, now=now)
    return people.make_key(name="load", scopes=["read", "write"], who=owner, now=now)[1]


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def wait_until_quiet() -> None:
    """Until no job is due, for as long as that may take."""
    end = time.monotonic() + QUIET
    while left_over() and time.monotonic() < end:
        time.sleep(0.5)


def failures(folder: Path) -> int:
    """How often the worker said that a job failed or the database did not answer."""
    lines = (folder / "worker.log").read_text(encoding="utf-8", errors="replace").splitlines()
    return sum(" ERROR " in line for line in lines)


def table(database: str, kills: Kills, found: Found, *, failures: int) -> str:
    """What was found, as a table of Markdown."""
    ended, left = kills.ended, ", ".join(f"{n} {name}" for name, n in found.jobs_left.items())
    rows = {
        "kills of the web, of the worker": f"{ended['web']}, {ended['worker']}",
        "of these while it assessed": ended["while assessing"],
        "minutes": f"{kills.seconds / 60:.1f}",
        "voices accepted and stored": f"{found.voices:,}",
        "requests sent again": f"{kills.again:,}",
        "voices lost, doubled, not understood": f"{found.lost}, {found.doubled}, {found.not_understood}",
        "mentions doubled": found.mentions_doubled,
        "files accepted, not whole": f"{found.files:,}, {found.files_not_whole}",
        "messages to an address, lost, arrived again": (
            f"{found.messages:,}, {found.messages_lost}, {found.arrived_again}"
        ),
        "jobs done, taken over, left": f"{found.jobs:,}, {found.taken_over:,}, {left or 0}",
        "troubles told by the worker": failures,
        "voices in the last assessment": f"{found.assessed:,}",
        "database by its own checks": found.sound,
    }
    lines = [f"| {what} | {value} |" for what, value in rows.items()]
    return "\n".join([f"| kill -9 under load | {database} |", "|---|---|", *lines])


if __name__ == "__main__":
    sys.exit(main())
