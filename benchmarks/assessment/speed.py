"""Speed and peak memory of every command on a million answers, each in a process of its own.

Run by `benchmarks/assess.py`; alone: python benchmarks/assessment/speed.py COMMAND FILE
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from benchmarks.assessment.rows import Row  # noqa: E402
from benchmarks.peak import peak_mib  # noqa: E402

SECONDS, MIB = 10.0, 2048.0
TOUCHPOINTS = 15
FIRST = np.datetime64("2025-01-01")
SHOPS = np.array(["Brno", "Oslo", "Tartu", "Yerevan"])


@dataclass(frozen=True)
class Command:
    """One command: how it is called, and what it reads."""

    name: str
    file: Callable[[int], pa.Table]
    options: str


def survey(count: int) -> pa.Table:
    """Ratings 1 to 5 of fifteen touchpoints that go with a mood, and overall satisfaction."""
    rng = np.random.default_rng(1)
    mood = rng.normal(size=count)
    ratings = [_rated(3.5 + 0.6 * mood, rng, 5) for _ in range(TOUCHPOINTS)]
    part = sum(rating - 3.5 for rating in ratings[:5])
    overall = _rated(3.3 + 0.8 * mood + 0.2 * part, rng, 5, noise=0.6)
    touchpoints = {f"touchpoint {place}": rating for place, rating in enumerate(ratings)}
    return pa.table({**_about(count, rng), **touchpoints, "overall": overall})


def paired(count: int) -> pa.Table:
    """Fifteen pairs of expected and received, 1 to 7."""
    rng = np.random.default_rng(2)
    mood = rng.normal(size=count)
    columns = {}
    for place in range(TOUCHPOINTS):
        columns[f"part {place} expected"] = _rated(5.5 + 0.4 * mood, rng, 7)
        columns[f"part {place} received"] = _rated(5.0 + 0.5 * mood, rng, 7)
    return pa.table({**_about(count, rng), **columns})


def questionnaire(count: int) -> pa.Table:
    """Both Kano questions of fifteen features."""
    rng = np.random.default_rng(3)
    chances = np.array([0.4, 0.2, 0.2, 0.15, 0.05])
    columns = {}
    for place in range(TOUCHPOINTS):
        columns[f"feature {place}+"] = (rng.choice(5, count, p=chances) + 1).astype(np.int8)
        columns[f"feature {place}-"] = (rng.choice(5, count, p=chances[::-1]) + 1).astype(np.int8)
    return pa.table({**_about(count, rng), **columns})


def purchases(count: int) -> pa.Table:
    """Purchases of an eighth as many customers in two years."""
    rng = np.random.default_rng(4)
    customers = count // 8
    rate = rng.gamma(1.2, 1.0, customers)
    who = rng.choice(customers, count, p=rate / rate.sum())
    first = rng.integers(0, 200, customers)
    day = np.minimum(first[who] + rng.exponential(150.0, count).astype(int), 699)
    return pa.table(
        {
            "customer": np.char.add("c", who.astype(str)),
            "date": (FIRST - 366 + day).astype(str),
            "amount": np.round(rng.gamma(2.0, 20.0, count), 2),
            "order": np.arange(count),
        }
    )


_SCORES = " ".join(f"--score 'touchpoint {place}'" for place in range(TOUCHPOINTS))
# Other rooms add their commands here.
COMMANDS = (
    Command("kano", questionnaire, ""),
    Command("gap", paired, "--by shop"),
    Command("drivers", survey, "--overall overall --rounds 2000"),
    Command("scores", survey, f"{_SCORES} --segment shop"),
    Command(
        "loyalty",
        purchases,
        "--customer customer --time date --amount amount --until 2025-06-30 --horizon 90",
    ),
)


def rows(count: int) -> Iterator[Row]:
    """Every command from CSV, and once more from Parquet."""
    with TemporaryDirectory() as home:
        for command in COMMANDS:
            table = command.file(count)
            for form in ("csv", "parquet"):
                file = Path(home) / f"answers.{form}"
                _write(table, file)
                yield _measured(command, file, count)
                file.unlink()


def _measured(command: Command, file: Path, count: int) -> Row:
    done = subprocess.run(
        [sys.executable, __file__, command.name, str(file)], capture_output=True, text=True, check=False
    )
    on = f"{count:,} rows, {'CSV' if file.suffix == '.csv' else 'Parquet'}"
    if done.returncode:
        return Row(on, f"forvent {command.name}", f"failed: {done.stderr.strip()[-200:]}", held=False)
    one = json.loads(done.stdout.splitlines()[-1])
    found = f"{one['seconds']:.1f} s ({one['worked']:.1f} s of processor), {one['peak']:,.0f} MiB"
    return Row(
        on,
        f"forvent {command.name}",
        found,
        "10 s, 2,048 MiB",
        one["seconds"] < SECONDS and one["peak"] < MIB,
    )


def measure(name: str, file: str) -> None:
    """One command in this process, from the call to the written JSON; prints seconds and peak memory."""
    import contextlib
    import io
    import shlex

    from forvent.cli import main

    (command,) = (one for one in COMMANDS if one.name == name)
    said = io.StringIO()
    begun, worked = time.perf_counter(), time.process_time()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        status = main([name, file, *shlex.split(command.options), "--json", f"{file}.json"])
    if status:
        sys.exit(said.getvalue())
    seconds, worked = time.perf_counter() - begun, time.process_time() - worked
    print(json.dumps({"seconds": seconds, "worked": worked, "peak": peak_mib()}))


def _about(count: int, rng: np.random.Generator) -> dict[str, NDArray[np.generic]]:
    """Who answered, where and when."""
    return {
        "id": np.arange(count),
        "shop": SHOPS[rng.integers(0, SHOPS.size, count)],
        "date": (FIRST + rng.integers(0, 365, count)).astype(str),
    }


def _rated(
    middle: NDArray[np.float64], rng: np.random.Generator, top: int, *, noise: float = 1.0
) -> NDArray[np.int8]:
    rating: NDArray[np.int8] = np.clip(np.rint(middle + rng.normal(0.0, noise, middle.size)), 1, top).astype(
        np.int8
    )
    return rating


def _write(table: pa.Table, file: Path) -> None:
    if file.suffix == ".csv":
        pyarrow.csv.write_csv(table, file)
    else:
        pyarrow.parquet.write_table(table, file)


if __name__ == "__main__":
    measure(*sys.argv[1:])
