"""How good, how honest and how fast assess is: writes docs/assessment.md.

Quality on real surveys and purchases beside what is known of them, coverage of intervals on simulated
surveys, speed and peak memory of every command on a million answers. Data sets that are not beside the
project are passed over and named. Run: python benchmarks/assess.py [--quick] [--resume] [--part NAME]
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from itertools import chain
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.assessment import coverage, real, recommended, shops, speed, verdicts  # noqa: E402
from benchmarks.assessment.rows import Row, table  # noqa: E402

OUT = ROOT / "docs/assessment.md"
KEPT = ROOT / "quality-rows/assess.json"


#: A measurement that is kept as a whole: a data set, a room, a command.
Steps = Mapping[str, Callable[[], Iterable[Row]]]
Kept = dict[str, dict[str, list[Row]]]


@dataclass(frozen=True)
class Part:
    """One part of the page: its heading, what is said above its table, and the steps that make its rows."""

    heading: str
    said: str
    steps: Callable[[bool], Steps]


#: The parts in the order of the page; a new room adds its rows to one of them, or a part of its own.
PARTS: Mapping[str, Part] = {
    "real": Part(
        "On real data",
        "Test data beside the project, with what is published or known of them as the bar.",
        lambda _: real.steps(),
    ),
    "coverage": Part(
        "Intervals on simulated surveys",
        "Surveys are drawn anew and the true value is known. Below the level a method may miss what is known "
        "of it (`tests/guarantees`) and four standard errors of the share.",
        lambda quick: coverage.steps(50 if quick else 1000),
    ),
    "verdicts": Part(
        "Verdicts on simulated data",
        "Kinds that were put in, and actions after which nothing changed; each share with its 95 % interval.",
        lambda quick: verdicts.steps(50 if quick else 1000),
    ),
    "shops": Part(
        "Forecasts on simulated shops",
        "Purchases held out of shops of different kinds, which nothing was chosen on, beside plain BG/NBD. "
        "The number told of a single customer is the median, that of all together the mean.",
        lambda quick: shops.steps(2 if quick else 20),
    ),
    "recommended": Part(
        "Recommendations on simulated shops",
        "Shops in which everybody likes the same, and shops in which each customer likes a fifth of the "
        "products more. Without tastes nothing may be recommended more often than by chance.",
        lambda quick: {"shops": partial(recommended.rows, 10 if quick else 200)},
    ),
    "speed": Part(
        "Speed and memory",
        "Functions on answers in memory, and commands from the call to the written JSON; bootstraps of 2,000 "
        "rounds included; fifteen touchpoints, pairs or features. Each in a process of its own with modules "
        "compiled, as those of an installed package are; its peak memory is the system's (VmHWM).",
        lambda quick: speed.steps(20_000 if quick else 1_000_000),
    ),
}


def main() -> None:
    """Measure what is asked for, keep each step as soon as it is done, write the page of all that is kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", action="append", choices=tuple(PARTS), help="only this part")
    parser.add_argument("--resume", action="store_true", help="leave out the steps that are kept already")
    parser.add_argument(
        "--quick", action="store_true", help="smaller sizes, to try the script; nothing is written"
    )
    options = parser.parse_args()
    kept = {} if options.quick else kept_rows()
    for name in options.part or PARTS:
        done = kept.setdefault(name, {})
        if not options.resume:
            done.clear()
        for step, rows in PARTS[name].steps(options.quick).items():
            if step not in done:
                done[step] = measured(rows())
                if not options.quick:
                    keep(kept)
    if not options.quick:
        OUT.write_text(page_of(kept), encoding="utf-8", newline="\n")
        print(OUT)


def measured(rows: Iterable[Row]) -> list[Row]:
    """The rows of a step, each shown as it comes."""
    found = []
    for row in rows:
        print(list(table([row]))[-1], flush=True)
        found.append(row)
    return found


def keep(kept: Kept) -> None:
    """Write all rows, so that a run that is broken off can be resumed."""
    KEPT.parent.mkdir(exist_ok=True)
    plain = {
        name: {step: list(map(asdict, rows)) for step, rows in steps.items()} for name, steps in kept.items()
    }
    KEPT.write_text(json.dumps(plain), encoding="utf-8")


def kept_rows() -> Kept:
    """Rows that were measured before, by part and step."""
    if not KEPT.exists():
        return {}
    plain = json.loads(KEPT.read_text(encoding="utf-8"))
    # Before steps were kept, a part was one list.
    return {
        name: {step: [Row(**row) for row in rows] for step, rows in steps.items()}
        for name, steps in plain.items()
        if isinstance(steps, dict)
    }


def page_of(kept: Kept) -> str:
    """The page of figures."""
    lines = [
        "# Assessment",
        "",
        "Written by `python benchmarks/assess.py`; do not edit by hand. "
        f"Python {platform.python_version()} on {platform.machine()}, two cores that others use too.",
        "",
    ]
    for name, part in PARTS.items():
        if kept.get(name):
            rows = chain.from_iterable(kept[name].values())
            lines += [f"## {part.heading} {{#{name}}}", "", part.said, "", *table(rows), ""]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
