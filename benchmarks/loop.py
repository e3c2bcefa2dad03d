"""Speed and memory of the loop: writes its section of docs/performance.md.

Voices per second of each stage on the sample business, memory from 10,000 to 100,000
voices (each size in a process of its own), and the time of everything after
identify on 1,000,000 mentions. Run: python benchmarks/loop.py [--quick]
"""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.peak import peak_mib  # noqa: E402
from benchmarks.performance_page import OUT, conditions, write_section  # noqa: E402

from forvent.engine import Engine  # noqa: E402
from forvent.identify import Identifier, catalogue, names  # noqa: E402
from forvent.identify.heads import Judged  # noqa: E402
from forvent.identify.judges import Judge  # noqa: E402
from forvent.identify.prepared import get_judge  # noqa: E402
from forvent.loop import Options, Run, conclude, run_loop  # noqa: E402
from forvent.reading import read_voices  # noqa: E402
from forvent.records import ReadingReport  # noqa: E402
from forvent.report import findings_json, page  # noqa: E402
from forvent.rows import episodes_schema, mentions_schema, voices_schema  # noqa: E402
from forvent.runs.assessing import RunTables  # noqa: E402
from forvent.runs.hearing import Heard, Record, hear  # noqa: E402
from forvent.simulate import sample_business, write_sample  # noqa: E402
from forvent.tables import POLARITIES  # noqa: E402

NOW = datetime(2026, 11, 21)


class Counted:
    """A judge that counts the texts it is asked for and the time it takes."""

    def __init__(self, judge: Judge, into: dict[str, float]) -> None:
        self._judge, self._into = judge, into
        self.name, self.version, self.expectations = judge.name, judge.version, judge.expectations
        self.mention_from, self.thresholds = judge.mention_from, judge.thresholds

    @property
    def narrower(self) -> Counted:
        """Who tells the smallest part of a clause; counted alike."""
        return Counted(self._judge.narrower, self._into)

    def judge(self, texts: Sequence[str]) -> Judged:
        """What the judge says of the texts."""
        start = time.perf_counter()
        judged = self._judge.judge(texts)
        self._into["seconds"] += time.perf_counter() - start
        self._into["texts"] += len(texts)
        return judged


class Clock:
    """Seconds of each stage, as a run tells of its progress."""

    #: Stages that are told of when a part of them is done; of the others, before they begin.
    AFTER = ("identify", "read episodes")

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self._stage, self._last = "open", time.perf_counter()

    def __call__(self, stage: str, *_: object) -> None:
        self._take(stage if stage in self.AFTER else self._stage)
        self._stage = stage

    def stop(self) -> dict[str, float]:
        """The seconds of all stages."""
        self._take(self._stage)
        return self.seconds

    def _take(self, stage: str) -> None:
        now = time.perf_counter()
        self.seconds[stage] += now - self._last
        self._last = now


def main() -> None:
    """Measure, write the page."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true", help="smaller sizes, to try the script")
    parser.add_argument("--measure", nargs=2, metavar=("WHAT", "N"), help="one measurement, as JSON")
    options = parser.parse_args()
    if options.measure:
        what, size = options.measure
        print(json.dumps(MEASURES[what](int(size))))
        return
    customers = 300
    sizes = (1_000, 3_000) if options.quick else (10_000, 100_000)
    stages = measured("stages", customers)
    memory = {size: measured("memory", size) for size in sizes}
    tables = measured("tables", 50_000 if options.quick else 1_000_000)
    write_section("loop", page_of(stages, memory, tables))
    print(OUT.read_text(encoding="utf-8"))


def measured(what: str, size: int) -> dict[str, float]:
    """One measurement in a process of its own, so that its peak memory is its own."""
    done = subprocess.run(
        [sys.executable, __file__, "--measure", what, str(size)], check=True, capture_output=True, text=True
    )
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return result


def stages(customers: int) -> dict[str, float]:
    """Seconds of each stage on the sample business."""
    with TemporaryDirectory() as kept:
        folder = Path(kept)
        voices, episodes = write_sample(sample_business(customers=customers), folder)
        start = time.perf_counter()
        count = sum(len(batch) for batch in read_voices(voices).batches())
        read = time.perf_counter() - start
        judged = {"texts": 0.0, "seconds": 0.0}
        identifier = Identifier(Counted(get_judge("exact"), judged))
        clock = Clock()
        findings = run_loop(
            voices, episodes=episodes, now=NOW, options=Options(encoder=identifier), progress=clock
        )
        seconds = clock.stop()
        start = time.perf_counter()
        page(findings, names=names("en"))
        findings_json(findings)
        written = time.perf_counter() - start
    return {
        "voices": count,
        "texts": judged["texts"],
        "read": read,
        "judged": judged["seconds"],
        "identify": seconds["identify"] - judged["seconds"] - read,
        "adjust": seconds["read episodes"] + seconds["adjust"],
        "assess": seconds["assess"],
        "report": written,
    }


def memory(size: int) -> dict[str, float]:
    """Peak memory of reading and identifying so many voices.

    The sentences of the sample business are dealt out again and again, each voice with
    an id of its own, so that vectors are remembered: it is memory that is measured.
    """
    with TemporaryDirectory() as kept:
        folder = Path(kept)
        path = folder / "voices.csv"
        texts = [voice.comment for voice in sample_business(customers=400).voices if voice.comment]
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["id", "stars", "customer", "comment"])
            for number in range(size):
                writer.writerow([f"v{number}", 1 + number % 5, f"c{number // 2}", texts[number % len(texts)]])
        start = time.perf_counter()
        identifier = Identifier("exact")
        before = peak_mib()
        hear(read_voices(path), identifier=identifier, folder=folder, mentions_to=folder / "m.parquet")
        return {"voices": size, "before": before, "peak": peak_mib(), "seconds": time.perf_counter() - start}


def tables(size: int) -> dict[str, float]:
    """Seconds of everything after identify on so many mentions, with a third as many episodes."""
    with TemporaryDirectory() as kept, Engine() as engine:
        folder = Path(kept)
        invent_tables(folder, size)
        voices, mentions, episodes = (
            engine.scan(folder / f"{name}.parquet") for name in ("voices", "mentions", "episodes")
        )
        report = ReadingReport("invented.csv", "CSV (comma)", "utf-8", size, size, 0, {}, (), ())
        clock = Clock()
        conclude(
            Run(
                engine,
                RunTables(voices, mentions, episodes),
                options=Options(by=("region",)),
                usual_kinds={name: record.usual_kind for name, record in catalogue().items()},
                encoder="invented",
                now=NOW,
                usual_types={name: record.usual_type for name, record in catalogue().items()},
            ),
            heard=Heard(report, {"en": int(size * 0.6)}, 0, 0, {}),
            record=Record(report, NOW, True, ("region",)),
            progress=clock,
        )
        seconds = clock.stop()
    return {
        "mentions": size,
        "adjust": seconds["adjust"],
        "assess": seconds["assess"],
        "seconds": seconds["adjust"] + seconds["assess"],
        "peak": peak_mib(),
    }


def invent_tables(folder: Path, size: int) -> None:
    """Tables of random voices, mentions and episodes as the loop leaves them."""
    rng = np.random.default_rng(7)
    count = int(size * 0.6)
    ids = np.char.add("v", np.arange(count).astype(str))
    orders = np.char.add("o", np.arange(count // 2).astype(str))
    places = pa.array(np.array(list(catalogue()))[rng.integers(0, 32, size)])
    stages_of = {name: record.stage for name, record in catalogue().items()}
    stage = pa.array([stages_of[name] for name in places.to_pylist()])
    nothing = pa.nulls(size)
    columns = {
        "voice_id": pa.array(ids[rng.integers(0, count, size)]),
        "expectation": places,
        "polarity": pa.array(np.array(POLARITIES)[rng.choice(4, size, p=[0.5, 0.4, 0.05, 0.05])]),
        "stated": pa.array(rng.random(size) < 0.1),
        "quote": pa.array(["…"] * size),
        "start": pa.array(np.zeros(size, dtype=np.int64)),
        "end": pa.array(np.ones(size, dtype=np.int64)),
        "confidence": pa.array(rng.random(size)),
        "language": pa.array(["en"] * size),
        "touchpoint": stage,
        "stage": stage,
    }
    write(folder / "mentions.parquet", mentions_schema(), columns, nothing)
    start = np.datetime64("2025-01-01", "us") + rng.integers(0, 400 * 86_400, count // 2).astype(
        "timedelta64[s]"
    )
    wait = rng.gamma(4.0, 1.0, count // 2)
    rating = rng.integers(0, 5, count) / 4
    write(
        folder / "voices.parquet",
        voices_schema(),
        {
            "voice_id": pa.array(ids),
            "language": pa.array(["en"] * count),
            "polarity": pa.array(["positive"] * count),
            "content_free": pa.array(np.zeros(count, dtype=bool)),
            "rating": pa.array(rating),
            "customer": pa.array(np.char.add("c", (np.arange(count) // 2).astype(str))),
            "episode": pa.array(orders[rng.integers(0, count // 2, count)]),
            "row": pa.array(np.arange(count)),
        },
        pa.nulls(count),
    )
    write(
        folder / "episodes.parquet",
        episodes_schema(("region",)),
        {
            "episode": pa.array(orders),
            "start": pa.array(start),
            "promised": pa.array(start + np.timedelta64(timedelta(days=7))),
            "delivered": pa.array(start + (wait * 86_400).astype("timedelta64[s]")),
            "by_day": pa.array(np.ones(count // 2, dtype=bool)),
            "cancelled": pa.array(np.zeros(count // 2, dtype=bool)),
            "row": pa.array(np.arange(count // 2)),
            "region": pa.array(np.array(["North", "South", "East", "West"])[rng.integers(0, 4, count // 2)]),
        },
        pa.nulls(count // 2),
    )


def write(path: Path, schema: pa.Schema, columns: dict[str, pa.Array], nothing: pa.Array) -> None:
    """Write a table; columns that are not given are null."""
    arrays = [columns.get(field.name, nothing).cast(field.type) for field in schema]
    pq.write_table(pa.Table.from_arrays(arrays, schema=schema), path)


def page_of(stages: dict[str, float], memory: dict[int, dict[str, float]], tables: dict[str, float]) -> str:
    """The section of figures."""
    count = stages["voices"]
    rows = [
        f"| {what} | {stages[key]:.1f} | {count / max(stages[key], 1e-9):,.0f} |"
        for key, what in (
            ("read", "reading"),
            ("judged", f"both tiers ({stages['texts']:.0f} clauses and texts)"),
            ("identify", "language, clauses, levels, sources, tables"),
            ("adjust", "episodes, promises"),
            ("assess", "assess, communicate, feedback"),
            ("report", "report and findings"),
        )
    ]
    grown = [
        f"| {size:,} | {one['before']:.0f} | {one['peak']:.0f} | {one['seconds']:.0f} |"
        for size, one in memory.items()
    ]
    return "\n".join(
        [
            f"## Stages, on the sample business of {count:.0f} voices in six languages",
            "",
            conditions(),
            "",
            "| stage | seconds | voices/s |",
            "|---|---|---|",
            *rows,
            "",
            "## Memory, reading and identifying",
            "",
            "Each size in a process of its own; *before* is with the encoder loaded. The texts repeat, so",
            "that the time says nothing of the encoder.",
            "",
            "| voices | before, MiB | peak, MiB | seconds |",
            "|---|---|---|---|",
            *grown,
            "",
            f"## Everything after identify, on {tables['mentions']:,.0f} mentions",
            "",
            "Of 0.6 times as many voices and 0.3 times as many episodes; bootstraps of 1,000 rounds.",
            "",
            "| step | seconds |",
            "|---|---|",
            f"| kept rates, promises, frontier | {tables['adjust']:.1f} |",
            f"| gaps, kinds, importance, chain, change, plan and all else | {tables['assess']:.1f} |",
            f"| **together** | **{tables['seconds']:.1f}** |",
            "",
            f"Peak memory {tables['peak']:.0f} MiB.",
            "",
        ]
    )


MEASURES = {"stages": stages, "memory": memory, "tables": tables}

if __name__ == "__main__":
    main()
