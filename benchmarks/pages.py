"""Speed of the workspace's pages: prints a Markdown table.

Fills a store of its own with invented voices by bulk insert, and asks for Today, Journey,
Expectation, Voices and Customers as a browser would, in one process, without the network.
Run: python benchmarks/pages.py [--voices 1000000] [--rounds 40] [--demo FOLDER] [--keep FOLDER]
"""

from __future__ import annotations

import argparse
import json
import os
import random
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
BATCH = 5_000
#: Openings, what happened (with its expectation and polarity) and ends: enough that texts differ.
OPENINGS = {
    "en": ("I ordered in {month} and", "Last week", "For the {n}th time", "At your shop in street {n}"),
    "cs": ("Objednal jsem v {month} a", "Minulý týden", "Už po{n}té", "V prodejně číslo {n}"),
    "zh": ("我在{n}号下单，", "上周", "第{n}次", "在{n}号店，"),
}
SAID = {
    "en": (
        ("the parcel arrived late", "on_time", "unmet"),
        ("the courier was very kind", "friendly", "met"),
        ("nobody answered my e-mails", "reachable", "unmet"),
        ("the price was fair", "fair_price", "met"),
    ),
    "cs": (
        ("balík přišel pozdě", "on_time", "unmet"),
        ("kurýr byl velmi milý", "friendly", "met"),
        ("nikdo neodpověděl na e-maily", "reachable", "unmet"),
        ("cena byla férová", "fair_price", "met"),
    ),
    "zh": (
        ("快递太慢了", "on_time", "unmet"),
        ("客服很热情", "friendly", "met"),
        ("没有人回复邮件", "reachable", "unmet"),
        ("价格合理", "fair_price", "met"),
    ),
}
ENDS = ("", " Order {n}.", " Item {n}-{m} it was.", " Never again with number {n}.")
CHANNELS = ("web", "mail", "phone", "shop", "app")


def invented(count: int, *, chance: random.Random) -> Iterator[dict[str, Any]]:
    """Voices with their one mention, the oldest first."""
    for number in range(count):
        language = chance.choices(("en", "cs", "zh"), weights=(70, 28, 2))[0]
        words, expectation, polarity = chance.choice(SAID[language])
        n, m = chance.randrange(100_000), chance.randrange(1000)
        before = chance.choice(OPENINGS[language]).format(month="May", n=n) + " "
        yield {
            "number": number,
            "text": before + words + "." + chance.choice(ENDS).format(n=n, m=m),
            "start": len(before),
            "words": words,
            "language": language,
            "expectation": expectation,
            "polarity": polarity,
            "channel": chance.choice(CHANNELS) if number % 5000 else "fax",
            "time": NOW - timedelta(minutes=count - number),
            "customer": chance.randrange(1, max(2, count // 5)),
        }


def fill(count: int, *, findings: dict[str, Any]) -> None:
    """The voices, their customers and one assessment into the store."""
    # Django is set up by now, and not before.
    from forvent.report.read_back import findings_from
    from forvent_server.actions.assessments import keep_assessment
    from forvent_server.actions.people import open_workspace
    from forvent_server.store.models import Customer, CustomerKey, Mention, Voice

    open_workspace(
        business="Invented",
        name="Ada",
        email="ada@example.org",
        password=secrets.token_urlsafe(16),
        language="en",
        now=NOW,
    )
    people = range(1, max(2, count // 5) + 1)
    Customer.objects.bulk_create((Customer(pk=pk, first_seen_at=NOW) for pk in people), batch_size=BATCH)
    CustomerKey.objects.bulk_create(
        (CustomerKey(customer_id=pk, value=f"K-{pk:07}") for pk in people), batch_size=BATCH
    )
    batch: list[dict[str, Any]] = []
    chance = random.Random(7)  # noqa: S311 - invented words
    for one in invented(count, chance=chance):
        batch.append(one)
        if len(batch) == BATCH or one["number"] == count - 1:
            rows = Voice.objects.bulk_create(map(_voice, batch))
            Mention.objects.bulk_create(_mention(row, one) for row, one in zip(rows, batch, strict=True))
            batch = []
    keep_assessment(
        findings_from(findings, file="findings.json"), document=findings, made_from="invented", now=NOW
    )


def _voice(one: dict[str, Any]) -> Any:
    from forvent_server.store.models import Voice

    return Voice(
        key=f"1/{one['number']}",
        content=one["number"],
        text=one["text"],
        time=one["time"],
        came_at=NOW,
        rating=one["number"] % 5 / 4,
        rating_given=one["number"] % 5 + 1,
        channel=one["channel"],
        touchpoint="Delivery" if one["number"] % 3 else "Shop",
        customer_id=one["customer"],
        language=one["language"],
        polarity="negative" if one["polarity"] == "unmet" else "positive",
        act="complaint" if one["polarity"] == "unmet" else "praise",
        doubtful=one["number"] % 997 == 0,
        identified_at=NOW,
    )


def _mention(row: Any, one: dict[str, Any]) -> Any:
    from forvent_server.store.models import Mention

    return Mention(
        voice=row,
        expectation=one["expectation"],
        polarity=one["polarity"],
        quote=one["words"],
        start=one["start"],
        end=one["start"] + len(one["words"]),
        confidence=0.9,
        stage="receive",
    )


def addresses(count: int) -> dict[str, list[str]]:
    """What is asked for, by the name under which it is shown."""
    chance = random.Random(11)  # noqa: S311 - invented words
    numbers = [chance.randrange(100_000) for _ in range(200)]
    return {
        "Today": ["/"],
        "Journey": ["/journey/"],
        "Expectations": ["/expectations/"],
        "Expectation": ["/expectations/on_time/", "/expectations/friendly/"],
        "Voices": ["/voices/"],
        "Voices, frequent word": ["/voices/?q=parcel", "/voices/?q=late", "/voices/?q=the+courier"],
        "Voices, rare word": [f"/voices/?q={number:05}" for number in numbers],
        "Voices, Chinese": ["/voices/?q=%E5%A4%AA%E6%85%A2", "/voices/?q=%E5%BF%AB%E9%80%92%E5%A4%AA"],
        "Voices, nobody said it": ["/voices/?q=zzzzzz", "/voices/?q=qx"],
        "Voices, expectation": ["/voices/?expectation=on_time&polarity=unmet"],
        "Voices, none of the kind": ["/voices/?expectation=on_time&polarity=met"],
        "Voices, filters": [
            "/voices/?channel=fax",
            "/voices/?language=zh&rating=low",
            "/voices/?doubtful=yes",
            "/voices/?touchpoint=Shop&act=complaint",
        ],
        "Voices, word and filters": [
            "/voices/?q=late&expectation=on_time&language=en",
            "/voices/?q=parcel&channel=fax",
        ],
        "Voices, a month": ["/voices/?from=2026-01-01&until=2026-01-31"],
        "Voices, far back": [f"/voices/?before={count // 2}"],
        "Customers": ["/customers/", "/customers/?q=K-00000"],
        "Customer": [f"/customers/{1 + number % max(1, count // 5)}/" for number in numbers],
    }


def measured(rounds: int, *, count: int) -> Iterator[tuple[str, float, float]]:
    """Each page with the median and the 95th percentile of its milliseconds, after one request to warm it."""
    from django.test import Client

    from forvent_server.store.models import Person

    client = Client()
    client.force_login(Person.objects.get())
    for name, asked in addresses(count).items():
        client.get(asked[0])
        took = []
        for place in range(rounds):
            address = asked[place % len(asked)]
            began = time.perf_counter()
            answer = client.get(address)
            took.append(1000 * (time.perf_counter() - began))
            if answer.status_code != 200:
                raise SystemExit(f"{address} answered {answer.status_code}.")
        took.sort()
        yield name, took[len(took) // 2], took[max(0, -(-len(took) * 95 // 100) - 1)]


def main() -> None:
    """Fill, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--voices", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--demo", type=Path, help="folder that forvent demo left; else one is made")
    parser.add_argument("--keep", type=Path, help="folder for the store; filled only if it is new")
    options = parser.parse_args()
    with TemporaryDirectory(prefix="forvent-pages-") as temporary:
        folder = options.keep or Path(temporary)
        new = not (folder / "forvent.sqlite3").exists()
        os.environ |= {"FORVENT_DATA": str(folder), "FORVENT_HOSTS": "testserver"}
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "forvent_server.settings")
        folder.mkdir(parents=True, exist_ok=True)
        # The folder has to be known before the workspace is loaded.
        import django
        from django.core.management import call_command

        django.setup()
        if new:
            call_command("migrate", interactive=False, verbosity=0)
            began = time.perf_counter()
            fill(options.voices, findings=_findings(options.demo, folder=Path(temporary)))
            print(f"{options.voices:,} voices put in within {time.perf_counter() - began:.0f} s.\n")
        size = (folder / "forvent.sqlite3").stat().st_size / 2**20
        print(f"{options.voices:,} voices in SQLite ({size:,.0f} MiB), {options.rounds} requests a page.\n")
        print("| page | median, ms | p95, ms |\n|---|---:|---:|")
        for name, median, high in measured(options.rounds, count=options.voices):
            print(f"| {name} | {median:.0f} | {high:.0f} |", flush=True)


def _findings(demo: Path | None, *, folder: Path) -> dict[str, Any]:
    """What a demo found: the pages draw it."""
    if demo is None:
        demo = folder / "demo"
        command = [str(Path(sys.executable).with_name("forvent")), "demo", "--out", str(demo)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    found: dict[str, Any] = json.loads((demo / "findings.json").read_text(encoding="utf-8"))
    return found


if __name__ == "__main__":
    main()
