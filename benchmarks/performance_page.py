"""docs/performance.md, a section for each script that measures speed.

``write_section("ingest", text)`` puts the figures of one script where they belong and leaves those of the
others alone. ``text`` is Markdown that begins with a heading of the second level; ``conditions()`` is the
sentence that says where they were measured.
"""

from __future__ import annotations

import os
import platform
import re
from pathlib import Path

OUT = Path(__file__).resolve().parents[1] / "docs/performance.md"
#: The sections in the order of the page, each with the script that writes it.
SECTIONS = {
    "loop": "python benchmarks/loop.py",
    "pages": "python benchmarks/pages.py --write",
    "ingest": "python benchmarks/ingest.py --write",
    "ingest-postgresql": "python benchmarks/ingest.py --database postgresql --write",
    "kill": "python benchmarks/kill.py --kills 200 --write",
    "kill-postgresql": "python benchmarks/kill.py --kills 200 --database postgresql --write",
}
HEAD = """# Speed and memory

Each section is written by the script that its last line names; do not edit by hand. Compare the rows of one
section with each other, and expect better on a quiet machine.
"""


def write_section(name: str, text: str, *, to: Path = OUT) -> None:
    """Put one script's section into the page, in place of the one it wrote before."""
    page = to.read_text(encoding="utf-8") if to.exists() else ""
    sections = sections_of(page) | {name: text.strip()}
    to.write_text(page_of(sections), encoding="utf-8", newline="\n")


def sections_of(page: str) -> dict[str, str]:
    """The sections of a page by their names."""
    found = {}
    for name in SECTIONS:
        between = re.search(rf"<!-- {name} -->\n(.*?)\n<!-- end of {name} -->", page, re.DOTALL)
        if between:
            found[name] = between[1].removesuffix(_written_by(name)).strip()
    return found


def page_of(sections: dict[str, str]) -> str:
    """The page that holds these sections."""
    unknown = sections.keys() - SECTIONS.keys()
    if unknown:
        raise KeyError(f"No such section of {OUT.name}: {', '.join(sorted(unknown))}.")
    parts = [
        f"<!-- {name} -->\n{sections[name]}\n\n{_written_by(name)}\n<!-- end of {name} -->\n"
        for name in SECTIONS
        if name in sections
    ]
    return "\n".join([HEAD, *parts])


def conditions() -> str:
    """Where and how busy: the sentence that goes with every figure."""
    load = f", load average {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return (
        f"Python {platform.python_version()} on {platform.machine()}, {os.cpu_count()} cores that others use "
        f"too{load}."
    )


def _written_by(name: str) -> str:
    return f"Written by `{SECTIONS[name]}`."
