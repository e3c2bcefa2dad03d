"""Speed and peak memory of functions and commands on a million answers, each in a process of its own.

Run by `benchmarks/assess.py`; alone: python benchmarks/assessment/speed.py COMMAND FILE, or
python benchmarks/assessment/speed.py --function NAME COUNT
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import shlex
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from benchmarks.assessment.functions import FUNCTIONS  # noqa: E402
from benchmarks.assessment.invented import (  # noqa: E402
    TOUCHPOINTS,
    paired,
    purchases,
    questionnaire,
    survey,
)
from benchmarks.assessment.rows import Row  # noqa: E402
from benchmarks.peak import peak_mib  # noqa: E402

SECONDS, MIB = 10.0, 2048.0
#: Rows of the call before, which is not measured.
FEW = 5_000


@dataclass(frozen=True)
class Command:
    """One command: what it reads, and how it is called; ``{file}`` stands for the file."""

    name: str
    file: Callable[[int], pa.Table]
    options: str
    called: str


_SCORES = " ".join(f"--score 'touchpoint {place}'" for place in range(TOUCHPOINTS))
_BOUGHT = "--customer customer --time date --amount amount --until 2025-06-30 --horizon 90"
# Other rooms add their commands here.
COMMANDS = (
    Command("kano", questionnaire, "{file}", "kano"),
    Command("gap", paired, "{file} --by shop", "gap --by shop"),
    Command("drivers", survey, "{file} --overall overall --rounds 2000", "drivers"),
    Command("scores", survey, f"{{file}} {_SCORES} --segment shop", "scores of 15 columns, --segment shop"),
    Command("loyalty", purchases, f"{{file}} {_BOUGHT}", "loyalty --horizon 90"),
    Command("predict", purchases, f"--purchases {{file}} {_BOUGHT}", "predict --purchases --horizon 90"),
)


def steps(count: int) -> Mapping[str, Callable[[], Iterator[Row]]]:
    """Every function on answers in memory, and every command from CSV and once more from Parquet."""
    functions: dict[str, Callable[[], Iterator[Row]]] = {
        f"function {name}": partial(_of_function, name, count) for name in FUNCTIONS
    }
    return functions | {f"command {one.name}": partial(_of_command, one, count) for one in COMMANDS}


def _of_function(name: str, count: int) -> Iterator[Row]:
    # A first call with little compiles what it needs.
    _done("--function", name, str(min(count, FEW)))
    yield _row(f"{count:,} rows in memory", name, _done("--function", name, str(count)))


def _of_command(command: Command, count: int) -> Iterator[Row]:
    with TemporaryDirectory() as home:
        few = Path(home) / "few.csv"
        _write(command.file(min(count, FEW)), few)
        _done(command.name, str(few))
        table = command.file(count)
        for form, called in (("csv", "CSV"), ("parquet", "Parquet")):
            file = Path(home) / f"answers.{form}"
            _write(table, file)
            done = _done(command.name, str(file))
            yield _row(f"{count:,} rows, {called}", f"forvent {command.called}", done)
            file.unlink()


def _done(*asked: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, __file__, *asked]
    surroundings = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    surroundings["PYTHONPYCACHEPREFIX"] = _bytecode().name
    return subprocess.run(command, capture_output=True, text=True, check=False, env=surroundings)


@cache
def _bytecode() -> TemporaryDirectory[str]:
    """Where compiled modules are kept: a package that is installed comes compiled, and so is measured."""
    return TemporaryDirectory()


def _row(on: str, what: str, done: subprocess.CompletedProcess[str]) -> Row:
    if done.returncode:
        return Row(on, what, f"failed: {done.stderr.strip()[-200:]}", held=False)
    one = json.loads(done.stdout.splitlines()[-1])
    found = f"{one['seconds']:.1f} s ({one['worked']:.1f} s of processor), {one['peak']:,.0f} MiB"
    return Row(on, what, found, "10 s, 2,048 MiB", one["seconds"] < SECONDS and one["peak"] < MIB)


def measure(name: str, file: str) -> None:
    """One command in this process, from the call to the written JSON; prints seconds and peak memory."""
    from forvent.cli import main

    (command,) = (one for one in COMMANDS if one.name == name)
    asked = [*shlex.split(command.options.format(file=shlex.quote(file))), "--json", f"{file}.json"]
    said = io.StringIO()

    def work() -> None:
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            status = main([name, *asked])
        if status:
            sys.exit(said.getvalue())

    print(_timed(work))


def measure_function(name: str, count: str) -> None:
    """One function in this process, its answers in memory; prints the same."""
    print(_timed(FUNCTIONS[name](int(count))))


def _timed(work: Callable[[], object]) -> str:
    begun, worked = time.perf_counter(), time.process_time()
    work()
    seconds, worked = time.perf_counter() - begun, time.process_time() - worked
    return json.dumps({"seconds": seconds, "worked": worked, "peak": peak_mib()})


def _write(table: pa.Table, file: Path) -> None:
    if file.suffix == ".csv":
        pyarrow.csv.write_csv(table, file)
    else:
        pyarrow.parquet.write_table(table, file)


if __name__ == "__main__":
    if sys.argv[1] == "--function":
        measure_function(*sys.argv[2:])
    else:
        measure(*sys.argv[1:])
