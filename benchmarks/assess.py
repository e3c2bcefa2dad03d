"""How good, how honest and how fast assess is: writes docs/assessment.md.

Quality on real surveys and purchases beside what is known of them, coverage of intervals on simulated
surveys, speed and peak memory of every command on a million answers. Data sets that are not beside the
project are passed over and named. Run: python benchmarks/assess.py [--quick] [--part real|coverage|speed]
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.assessment import coverage, real, speed  # noqa: E402
from benchmarks.assessment.rows import Row, table  # noqa: E402

OUT = ROOT / "docs/assessment.md"
KEPT = ROOT / "quality-rows/assess.json"


@dataclass(frozen=True)
class Part:
    """One part of the page: its heading, what is said above its table, and how its rows are made."""

    heading: str
    said: str
    rows: Callable[[bool], Iterable[Row]]


#: The parts in the order of the page; a new room adds its rows to one of them, or a part of its own.
PARTS: Mapping[str, Part] = {
    "real": Part(
        "On real data",
        "Test data beside the project, with what is published or known of them as the bar.",
        lambda _: real.rows(),
    ),
    "coverage": Part(
        "Intervals on simulated surveys",
        "Surveys are drawn anew and the true value is known. Below the level a method may miss what is known "
        "of it (`tests/guarantees`) and four standard errors of the share.",
        lambda quick: coverage.rows(50 if quick else 1000),
    ),
    "speed": Part(
        "Speed and memory",
        "From the command to the written JSON, bootstraps of 2,000 rounds included; fifteen touchpoints, "
        "pairs or features. Each command in a process of its own; its peak memory is the system's (VmHWM).",
        lambda quick: speed.rows(20_000 if quick else 1_000_000),
    ),
}


def main() -> None:
    """Measure what is asked for, keep it, write the page of all that is kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", action="append", choices=tuple(PARTS), help="only this part")
    parser.add_argument(
        "--quick", action="store_true", help="smaller sizes, to try the script; nothing is written"
    )
    options = parser.parse_args()
    kept = {} if options.quick else kept_rows()
    for name in options.part or PARTS:
        kept[name] = []
        for row in PARTS[name].rows(options.quick):
            print(list(table([row]))[-1], flush=True)
            kept[name].append(row)
    if options.quick:
        return
    KEPT.parent.mkdir(exist_ok=True)
    rows = {name: list(map(asdict, rows)) for name, rows in kept.items()}
    KEPT.write_text(json.dumps(rows), encoding="utf-8")
    OUT.write_text(page_of(kept), encoding="utf-8", newline="\n")
    print(OUT)


def kept_rows() -> dict[str, list[Row]]:
    """Rows of parts that were measured before."""
    if not KEPT.exists():
        return {}
    rows = json.loads(KEPT.read_text(encoding="utf-8"))
    return {name: [Row(**row) for row in of] for name, of in rows.items()}


def page_of(kept: Mapping[str, Iterable[Row]]) -> str:
    """The page of figures."""
    lines = [
        "# Assessment",
        "",
        "Written by `python benchmarks/assess.py`; do not edit by hand. "
        f"Python {platform.python_version()} on {platform.machine()}, two cores that others use too.",
        "",
    ]
    for name, part in PARTS.items():
        if name in kept:
            lines += [f"## {part.heading} {{#{name}}}", "", part.said, "", *table(kept[name]), ""]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
