"""What a plan reads of the folder that a report was written to."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from forvent.errors import UnreadableFile
from forvent.records import Estimate, NotEnough
from forvent.records.loyalty import ValueAtRisk
from forvent.report.read_back import check_findings, record_from

FINDINGS, VOICES, MENTIONS, EPISODES = (
    "findings.json",
    "voices.parquet",
    "mentions.parquet",
    "episodes.parquet",
)


def read_findings(folder: Path) -> Mapping[str, Any]:
    """The findings of a folder, as plain JSON."""
    file = there(folder, FINDINGS)
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
        found["schema"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UnreadableFile(f"'{file}' is no JSON of findings.", hint="Run forvent report again.") from error
    check_findings(found, file=str(file))
    return dict(found)


def there(folder: Path, name: str) -> Path:
    """A file of the folder."""
    file = folder / name
    if not file.is_file():
        raise UnreadableFile(
            f"There is no '{name}' in '{folder}'.",
            hint="Give the folder that forvent report wrote; if it is older than forvent plan, run it again.",
        )
    return file


def moment(text: str | None) -> datetime | None:
    """A moment as findings write it."""
    return None if text is None else datetime.fromisoformat(text).replace(tzinfo=None)


def amount(found: Mapping[str, Any]) -> Estimate | NotEnough:
    """A number of the findings as a record."""
    if "not_enough" in found:
        return NotEnough(**found["not_enough"])
    return Estimate(**found)


def at_risk(findings: Mapping[str, Any]) -> tuple[ValueAtRisk, ...]:
    """The money ahead behind gaps, where the findings have it."""
    return tuple(record_from(ValueAtRisk, risk) for risk in findings.get("at_risk") or ())
