"""Speed and memory of the loop: writes docs/performance.md.

Voices per second of each stage on the sample business, memory from 10,000 to 100,000
voices (each size in a process of its own), and the time of everything after the
vectors on 1,000,000 mentions. Run: python benchmarks/loop.py [--quick]
"""

from __future__ import annotations

import argparse
import csv
import json
import platform
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from forvent import adjust, assess
from forvent.engine import Engine
from forvent.identify import Identifier, catalogue, names
from forvent.language import Encoder, get_encoder
from forvent.hearing import hear
from forvent.loop import Options, run_loop
from forvent.reading import read_voices
from forvent.report import findings_json, page
from forvent.rows import episodes_schema, mentions_schema, voices_schema
from forvent.simulate import sample_business, write_sample
from forvent.tables import POLARITIES

HERE = Path(__file__).resolve().parent
OUT = HERE.parent / "docs/performance.md"
NOW = datetime(2026, 11, 21)


class Counted:
    """An encoder that counts the texts it is asked for and the time it takes."""

    def __init__(self, encoder: Encoder) -> None:
        self.name, self.size = encoder.name, encoder.size
        self.texts, self.seconds = 0, 0.0
        self._encoder = encoder

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of the texts."""
        start = time.perf_counter()
        vectors = self._encoder.encode(texts)
        self.seconds += time.perf_counter() - start
        self.texts += len(texts)
        return vectors


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
    OUT.write_text(page_of(stages, memory, tables), encoding="utf-8")
    print(OUT.read_text(encoding="utf-8"))


def measured(what: str, size: int) -> dict[str, float]:
    """One measurement in a process of its own, so that its peak memory is its own."""
    done = subprocess.run(
        [sys.executable, __file__, "--measure", what, str(size)], check=True, capture_output=True, text=True
    )
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return result


def peak() -> float:
    """Peak memory of this process, MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def stages(customers: int) -> dict[str, float]:
    """Seconds of each stage on the sample business."""
    with TemporaryDirectory() as kept:
        folder = Path(kept)
        voices, episodes = write_sample(sample_business(customers=customers), folder)
        start = time.perf_counter()
        reader = read_voices(voices)
        count = sum(len(batch) for batch in reader.batches())
        read = time.perf_counter() - start
        encoder = Counted(get_encoder("exact"))
        identifier = Identifier(encoder)
        start = time.perf_counter()
        hear(read_voices(voices), identifier=identifier, folder=folder, mentions_to=folder / "m.parquet")
        heard = time.perf_counter() - start
        vectors, texts = encoder.seconds, encoder.texts
        # Once more with the vectors remembered, and then the whole loop: the difference is what comes after.
        start = time.perf_counter()
        hear(read_voices(voices), identifier=identifier, folder=folder, mentions_to=folder / "m.parquet")
        again = time.perf_counter() - start
        start = time.perf_counter()
        findings = run_loop(voices, episodes=episodes, now=NOW, options=Options(encoder=identifier))
        whole = time.perf_counter() - start
        start = time.perf_counter()
        page(findings, names=names("en"))
        findings_json(findings)
        written = time.perf_counter() - start
    return {
        "voices": count,
        "texts": texts,
        "read": read,
        "vectors": vectors,
        "identify": heard - vectors - read,
        "after": max(whole - again, 0.0),
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
        before = peak()
        hear(read_voices(path), identifier=identifier, folder=folder, mentions_to=folder / "m.parquet")
        return {"voices": size, "before": before, "peak": peak(), "seconds": time.perf_counter() - start}


def tables(size: int) -> dict[str, float]:
    """Seconds of everything after the vectors on so many mentions, with half as many episodes."""
    with TemporaryDirectory() as kept, Engine() as engine:
        folder = Path(kept)
        invent_tables(folder, size)
        start = time.perf_counter()
        voices, mentions = engine.scan(folder / "voices.parquet"), engine.scan(folder / "mentions.parquet")
        episodes = engine.scan(folder / "episodes.parquet")
        judged = assess.judgements(
            engine.collect(assess.judged_mentions(mentions)),
            voices=engine.collect(assess.speaking_voices(voices)),
        )
        fit = assess.contrast(judged, rng=np.random.default_rng(1))
        kinds = assess.asymmetries(judged, contrast=fit)
        usual = {name: record.usual_kind for name, record in catalogue().items()}
        for touchpoint in (False, True):
            found = assess.gaps(
                judged, contrast=fit, asymmetries=kinds, usual_kinds=usual, by_touchpoint=touchpoint
            )
            assess.rank_gaps(found)
        assessed = time.perf_counter() - start
        joined = engine.collect(
            assess.joined_episodes(voices, episodes=episodes, mentions=mentions, as_of=NOW)
        )
        assess.chain(joined, rng=np.random.default_rng(1))
        chained = time.perf_counter() - start - assessed
        outcomes = adjust.name_groups(adjust.outcomes(episodes, as_of=NOW), by="region")
        adjust.kept_rates(
            engine.collect(adjust.kept_by_group(outcomes, by="region")).to_pylist(), column="region"
        )
        cases = adjust.cases_from(engine.collect(outcomes), as_of=NOW, by_day=True, groups=("region",))
        adjust.promises_by_group(cases, level=0.95)
        adjust.frontier(cases)
        seconds = time.perf_counter() - start
    return {
        "mentions": size,
        "assess": assessed,
        "chain": chained,
        "adjust": seconds - assessed - chained,
        "seconds": seconds,
        "peak": peak(),
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
    """The page of figures."""
    count = stages["voices"]
    rows = [
        f"| {what} | {stages[key]:.1f} | {count / max(stages[key], 1e-9):,.0f} |"
        for key, what in (
            ("read", "reading"),
            ("vectors", f"vectors ({stages['texts']:.0f} clauses and texts)"),
            ("identify", "language, clauses, heads, levels, tables"),
            ("after", "assess, adjust, communicate, feedback"),
            ("report", "report and findings"),
        )
    ]
    grown = [
        f"| {size:,} | {one['before']:.0f} | {one['peak']:.0f} | {one['seconds']:.0f} |"
        for size, one in memory.items()
    ]
    return "\n".join(
        [
            "# Speed and memory",
            "",
            "Written by `python benchmarks/loop.py`; do not edit by hand. "
            f"Python {platform.python_version()} on {platform.machine()}, two cores that others use too:",
            "compare the rows with each other, and expect better on a quiet machine.",
            "",
            f"## Stages, on the sample business of {count:.0f} voices in six languages",
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
            f"## Everything after the vectors, on {tables['mentions']:,.0f} mentions",
            "",
            "Of 0.6 times as many voices and 0.3 times as many episodes; bootstraps of 1,000 rounds.",
            "",
            "| step | seconds |",
            "|---|---|",
            f"| gaps, kinds, touchpoints | {tables['assess']:.1f} |",
            f"| chain | {tables['chain']:.1f} |",
            f"| kept rates, promises, frontier | {tables['adjust']:.1f} |",
            f"| **together** | **{tables['seconds']:.1f}** |",
            "",
            f"Peak memory {tables['peak']:.0f} MiB.",
            "",
        ]
    )


MEASURES = {"stages": stages, "memory": memory, "tables": tables}

if __name__ == "__main__":
    main()
