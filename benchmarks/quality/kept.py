"""Rows of figures in a folder, so that a run that was cut off goes on, and parts can be put together."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

Row = dict[str, Any]


class Kept:
    """Rows by part, tier and name; a row is measured again if heads, labels or counts changed.

    Each part has a file of its own, so that parts can run beside each other.
    """

    def __init__(self, folder: Path, *, most: int, only_read: bool = False) -> None:
        self.most = most
        self._folder = folder
        self._only_read = only_read
        self._rows: dict[tuple[str, str, str], Row] = {}
        for path in sorted(folder.glob("*.jsonl")):
            for line in path.read_text(encoding="utf-8").splitlines():
                entry = json.loads(line)
                self._rows[path.stem, entry["tier"], entry["name"]] = entry

    def row(self, part: str, tier: str, name: str) -> Row | None:
        """What was measured, if anything."""
        entry = self._rows.get((part, tier, name))
        return entry["row"] if entry else None

    def tiers(self) -> list[str]:
        """Tiers of which there are rows, in the order of the page."""
        known = {tier for _, tier, _ in self._rows}
        return [tier for tier in ("exact", "fast", "auto") if tier in known]

    def version(self, tier: str) -> str:
        """Version of the heads the rows of a tier were measured with; all of them, should they differ."""
        return " / ".join(
            sorted({e["version"] for (_, of, _), e in self._rows.items() if of == tier and e["version"]})
        )

    def counts(self) -> set[int]:
        """How many texts of a set were taken at most."""
        return {entry["most"] for entry in self._rows.values()}

    def keep(
        self, part: str, tier: str, name: str, *, version: str, measure: Callable[[], Row], source: str = ""
    ) -> None:
        """Measure what is not there yet, or was measured with other heads, labels or counts."""
        known = self._rows.get((part, tier, name))
        asked = {"tier": tier, "name": name, "version": version, "most": self.most, "source": source}
        if self._only_read or (known and all(known.get(key) == value for key, value in asked.items())):
            return
        entry = {**asked, "row": measure()}
        self._rows[part, tier, name] = entry
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / f"{part}.jsonl").open("a", encoding="utf-8", newline="\n") as file:
            file.write(json.dumps(entry, ensure_ascii=False) + "\n")
        print(part, tier, name, str(entry["row"])[:160], flush=True)
