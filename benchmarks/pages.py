"""Speed of the workspace's pages: prints a Markdown table, and writes it into docs/performance.md.

Fills a store of its own with invented voices (SQLite, or the empty database of FORVENT_DATABASE_URL) and asks
for pages as a browser would: one after the other in one process, then by several clients at once of a served
workspace. Run: python benchmarks/pages.py [--voices 1000000] [--rounds 40] [--clients 4] [--demo FOLDER]
[--keep FOLDER] [--cpu] [--write]
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.invented_voices import NOW, customers_of, fill  # noqa: E402
from benchmarks.performance_page import conditions, write_section  # noqa: E402

#: What a page may take, in milliseconds, at its 95th percentile.
BAR = 300


@dataclass
class Measured:
    """One page: its queries, and how long its requests took, in milliseconds."""

    name: str
    queries: int
    first: float
    alone: list[float]
    together: list[float] = field(default_factory=list)


class Queries:
    """Counts what the database is asked."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, execute: Callable[..., Any], *asked: Any) -> Any:
        self.count += 1
        return execute(*asked)


def main() -> None:
    """Fill, measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--voices", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--clients", type=int, default=4, help="that ask at once; 0 for none")
    parser.add_argument("--demo", type=Path, help="folder that forvent demo left; else one is made")
    parser.add_argument("--keep", type=Path, help="folder for the store; filled only if it is new")
    parser.add_argument("--cpu", action="store_true", help="count the processor's time, on a busy machine")
    parser.add_argument("--write", action="store_true", help="write the section of docs/performance.md")
    options = parser.parse_args()
    with TemporaryDirectory(prefix="forvent-pages-") as temporary:
        folder = options.keep or Path(temporary)
        count = prepared(folder, count=options.voices, demo=options.demo)
        clock = time.process_time if options.cpu else time.perf_counter
        where = conditions()
        rows = list(measured(options.rounds, count=count, clock=clock))
        if options.clients:
            measure_together(rows, rounds=options.rounds, count=count, clients=options.clients)
        text = section(rows, count=count, where=where, options=options)
        print(text)
        if options.write:
            write_section("pages", text)


def prepared(folder: Path, *, count: int, demo: Path | None) -> int:
    """A workspace with so many voices and an assessment; how many there are, where it was there before."""
    folder.mkdir(parents=True, exist_ok=True)
    os.environ |= {"FORVENT_DATA": str(folder), "FORVENT_HOSTS": "testserver,127.0.0.1"}
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "forvent_server.settings")
    # The folder has to be known before the workspace is loaded.
    import django
    from django.core.management import call_command

    django.setup()
    from forvent_server.store.models import Voice

    call_command("migrate", interactive=False, verbosity=0)
    there = Voice.objects.count()
    if there:
        return there
    began = time.perf_counter()
    fill(count)
    keep_findings(demo, folder=folder)
    print(f"{count:,} voices put in within {time.perf_counter() - began:.0f} s.\n", file=sys.stderr)
    return count


def keep_findings(demo: Path | None, *, folder: Path) -> None:
    """What a demo found, as the assessment that the pages draw."""
    from forvent.report.read_back import findings_from
    from forvent_server.actions.assessments import keep_assessment

    if demo is None:
        demo = folder / "demo"
        command = [str(Path(sys.executable).with_name("forvent")), "demo", "--out", str(demo)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    found: dict[str, Any] = json.loads((demo / "findings.json").read_text(encoding="utf-8"))
    findings = findings_from(found, file="findings.json")
    keep_assessment(findings, document=found, made_from="invented", now=NOW)


def addresses(count: int) -> Mapping[str, list[str]]:
    """What is asked for, by the name under which it is shown."""
    chance = random.Random(11)  # noqa: S311 - invented words
    numbers = [chance.randrange(100_000) for _ in range(200)]
    people = [chance.randrange(1, customers_of(count) + 1) for _ in range(200)]

    def voices(*asked: Mapping[str, object]) -> list[str]:
        return [f"/voices/?{urlencode(one)}" for one in asked]

    return {
        "Today": ["/"],
        "Journey": ["/journey/"],
        "Expectations": ["/expectations/"],
        "Expectation": ["/expectations/on_time/", "/expectations/friendly/"],
        "Voices": ["/voices/"],
        "Voices, frequent word": voices({"q": "parcel"}, {"q": "late"}, {"q": "courier"}, {"q": "balík"}),
        "Voices, two frequent words": voices({"q": "the courier"}, {"q": "parcel late"}, {"q": "kurýr milý"}),
        "Voices, rare word": voices(
            {"q": "zeppelin"}, {"q": "vzducholoď"}, {"q": "օդանավ"}, {"q": "飞艇独特"}
        ),
        "Voices, a number": voices(*({"q": f"{number:05}"} for number in numbers)),
        "Voices, Chinese of two characters": voices(
            {"q": "太慢"}, {"q": "飞艇"}, {"q": "热情"}, {"q": "独特"}
        ),
        "Voices, one or two letters": voices({"q": "k"}, {"q": "慢"}, {"q": "qx"}, {"q": "ճճ"}),
        "Voices, nobody said it": voices({"q": "zzzzzz"}, {"q": "parcelate"}, {"q": "zeppelin late"}),
        "Voices, expectation": voices({"expectation": "on_time", "polarity": "unmet"}, {"polarity": "met"}),
        "Voices, none of the kind": voices({"expectation": "on_time", "polarity": "met"}),
        "Voices, filters": voices(
            {"channel": "fax"},
            {"language": "zh", "rating": "low"},
            {"doubtful": "yes"},
            {"touchpoint": "Shop", "act": "complaint"},
            {"channel": "fax", "language": "hy", "act": "praise"},
        ),
        "Voices, word and filters": voices(
            {"q": "late", "expectation": "on_time", "language": "en"},
            {"q": "parcel", "channel": "fax"},
            {"q": "zeppelin", "touchpoint": "Shop"},
            {"q": "太慢", "rating": "low", "channel": "web"},
        ),
        "Voices, word and filters that never meet": voices({"q": "parcel", "language": "cs"}),
        "Voices, a month": voices({"from": "2026-01-01", "until": "2026-01-31"}),
        "Voices, far back": voices({"before": count // 2}, {"before": count // 9, "q": "late"}),
        "Voice": [f"/voices/{1 + number % count}/" for number in numbers],
        "Customers": ["/customers/"],
        "Customers, asked for": ["/customers/?q=K-00000", "/customers/?q=Person+17", "/customers/?q=nobody"],
        "Customer": [f"/customers/{number}/" for number in people],
        "Promises": ["/promises/"],
        "Plan": ["/plan/"],
    }


def measured(rounds: int, *, count: int, clock: Callable[[], float]) -> Iterator[Measured]:
    """Each page asked for in this process; the first request is told by itself."""
    from django.db import connection
    from django.test import Client

    from forvent_server.store.models import Person

    client = Client()
    client.force_login(Person.objects.get())

    def took(address: str) -> float:
        began = clock()
        answer = client.get(address)
        if answer.status_code != 200:
            raise SystemExit(f"{address} answered {answer.status_code}.")
        return 1000 * (clock() - began)

    for name, asked in addresses(count).items():
        first = took(asked[0])
        queries = Queries()
        with connection.execute_wrapper(queries):
            took(asked[0])
        alone = [took(asked[place % len(asked)]) for place in range(rounds)]
        print(f"{name}: {quantile(alone, 0.95):.0f}", file=sys.stderr, flush=True)
        yield Measured(name, queries.count, first, alone)


def measure_together(rows: list[Measured], *, rounds: int, count: int, clients: int) -> None:
    """Each page asked for by several clients at once of a served workspace."""
    pages = addresses(count)
    with served() as (port, cookie):
        for row in rows:
            asked = pages[row.name]
            parts: list[list[float]] = [[] for _ in range(clients)]
            threads = [
                threading.Thread(
                    target=_ask, args=(port, cookie, asked[place:] + asked[:place], rounds, part)
                )
                for place, part in enumerate(parts)
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            row.together = [one for part in parts for one in part]


def _ask(port: int, cookie: str, asked: list[str], rounds: int, took: list[float]) -> None:
    line = http.client.HTTPConnection("127.0.0.1", port)
    for place in range(rounds + 1):
        began = time.perf_counter()
        line.request("GET", asked[place % len(asked)], headers={"Cookie": cookie})
        answer = line.getresponse()
        answer.read()
        # The first one of each client warms what a process keeps.
        if place and answer.status == 200:
            took.append(1000 * (time.perf_counter() - began))
    line.close()


@contextmanager
def served() -> Iterator[tuple[int, str]]:
    """The port of this workspace, served without a worker, and the cookie of somebody who is signed in."""
    from django.conf import settings
    from django.test import Client

    from forvent_server.store.models import Person

    client = Client()
    client.force_login(Person.objects.get())
    name = settings.SESSION_COOKIE_NAME
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
    command = [sys.executable, "-m", "forvent.cli", "serve", "--no-work", "--port", str(port)]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        for _ in range(600):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield port, f"{name}={client.cookies[name].value}"
    finally:
        process.terminate()
        process.wait(30)


def quantile(values: list[float], share: float) -> float:
    """The value that so large a share of them does not pass."""
    ordered = sorted(values)
    return ordered[max(0, -int(-len(ordered) * share // 1) - 1)]


def section(rows: list[Measured], *, count: int, where: str, options: argparse.Namespace) -> str:
    """The section of docs/performance.md."""
    from django.db import connection

    from forvent_server.store.models import CustomerKey, Mention

    clock = "time of the processor" if options.cpu else "the clock on the wall"
    said = (
        f"{where} {Mention.objects.count():,} mentions, {CustomerKey.objects.count():,} customers; "
        f"{options.rounds} requests a page, by {clock}. *First* is the first request of a process, which "
        f"draws what is kept afterwards. The bar is {BAR} ms."
    )
    heads = ["page", "queries", "first, ms", "median, ms", "p95, ms"]
    if options.clients:
        said += f" *Together* are {options.clients} clients at once of a workspace with its usual settings."
        heads.append("p95 together, ms")
    lines = [f"## Pages, at {count:,} voices in {connection.display_name} {{#pages}}", "", said, ""]
    lines += [f"| {' | '.join(heads)} |", "|---|" + "---:|" * (len(heads) - 1)]
    for row in rows:
        high = quantile(row.alone, 0.95)
        over = " (over)" if high > BAR else ""
        cells = [row.name, f"{row.queries}", f"{row.first:.0f}", f"{quantile(row.alone, 0.5):.0f}"]
        cells.append(f"{high:.0f}{over}")
        cells += [f"{quantile(row.together, 0.95):.0f}"] if row.together else []
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
