"""A folder as a report leaves it, made without understanding any text."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from forvent.rows import episodes_schema, mentions_schema, voices_schema

BEGIN = datetime(2026, 1, 5)
#: Share met and share judging of each expectation.
SAID = {
    "on_time": (0.45, 0.5),
    "product_quality": (0.8, 0.5),
    "friendly_staff": (0.5, 0.3),
    "fair_price": (0.6, 0.4),
}


def spoken(seed: int, *, weeks: int, first: datetime, met: dict[str, float]) -> tuple[pa.Table, pa.Table]:
    """Voices and mentions: forty voices a week, unmet ones rated lower."""
    rng = np.random.default_rng(seed)
    voices: list[dict[str, Any]] = []
    mentions: list[dict[str, Any]] = []
    for place in range(40 * weeks):
        name, bad = f"v{seed}-{place}", 0
        when = first + timedelta(weeks=place // 40, minutes=int(rng.integers(0, 7 * 24 * 60)))
        for expectation, (_, judging) in SAID.items():
            if rng.random() > judging:
                continue
            polarity = "met" if rng.random() < met[expectation] else "unmet"
            bad += polarity == "unmet"
            mentions.append(
                _row(
                    mentions_schema(),
                    voice_id=name,
                    expectation=expectation,
                    polarity=polarity,
                    stage="receive",
                    touchpoint="shop" if place % 2 else "web",
                    language="en",
                )
            )
        voices.append(
            _row(
                voices_schema(),
                voice_id=name,
                time=when,
                rating=float(np.clip(0.9 - 0.3 * bad + rng.normal() * 0.1, 0, 1)),
                customer=f"c{rng.integers(0, 20 * weeks)}",
                content_free=False,
                row=place + 2,
            )
        )
    return (
        pa.Table.from_pylist(voices, schema=voices_schema()),
        pa.Table.from_pylist(mentions, schema=mentions_schema()),
    )


def _row(schema: pa.Schema, **known: Any) -> dict[str, Any]:
    return dict.fromkeys(schema.names) | known


def happened(seed: int, *, weeks: int, first: datetime, kept: float) -> pa.Table:
    """Episodes of two regions, thirty a week each, promised for three days."""
    rng = np.random.default_rng(seed)
    rows = []
    for place in range(60 * weeks):
        start = first + timedelta(weeks=place // 60, hours=int(rng.integers(0, 150)))
        late = rng.random() > (kept if place % 2 else 0.7)
        rows.append(
            _row(
                episodes_schema(("region",)),
                episode=f"o{seed}-{place}",
                start=start,
                promised=start + timedelta(days=3),
                delivered=start + timedelta(days=5 if late else 2),
                by_day=False,
                cancelled=False,
                row=place + 2,
                region="Coast" if place % 2 else "City",
            )
        )
    return pa.Table.from_pylist(rows, schema=episodes_schema(("region",)))


def write_folder(
    folder: Path, *, seed: int = 1, weeks: int = 16, later: bool = False, better: float = 0.0
) -> Path:
    """What a report leaves; ``later`` is the run that comes after, in which on_time may be met more often."""
    folder.mkdir(exist_ok=True)
    met = {name: share for name, (share, _) in SAID.items()}
    first = BEGIN + timedelta(weeks=16) if later else BEGIN
    voices, mentions = spoken(seed, weeks=weeks, first=first, met=met | {"on_time": met["on_time"] + better})
    pq.write_table(voices, folder / "voices.parquet")
    pq.write_table(mentions, folder / "mentions.parquet")
    pq.write_table(happened(seed, weeks=weeks, first=first, kept=0.7 + better), folder / "episodes.parquet")
    last = (first + timedelta(weeks=weeks)).isoformat() + "Z"
    estimate = {"value": 0.7, "low": 0.67, "high": 0.73, "n": 900, "level": 0.95}
    findings = {
        "schema": "forvent/findings/2",
        "level": 0.95,
        "voices": {"scale": {"low": 1.0, "high": 5.0}},
        "episodes": {"last": last},
        "chain": {"late_difference": {"value": -0.4, "low": -0.5, "high": -0.3, "n": 90, "level": 0.95}},
        "kept": [{"group": {}, "kept": estimate}],
        "frontier": [
            {"length": length, "unit": "day", "kept": estimate | {"value": share}}
            for length, share in ((0.0, 0.0), (3.0, 0.7), (5.0, 0.98))
        ],
    }
    (folder / "findings.json").write_text(json.dumps(findings), encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that no test may change."""
    return write_folder(tmp_path_factory.mktemp("plan") / "out")


@pytest.fixture
def folder(tmp_path: Path, written: Path) -> Path:
    """A folder of one's own."""
    own = tmp_path / "out"
    own.mkdir()
    for file in written.iterdir():
        if file.suffix in (".parquet", ".json") and file.name not in ("plan.json", "actions.json"):
            (own / file.name).write_bytes(file.read_bytes())
    return own


@pytest.fixture
def later() -> Any:
    """Writes the run that comes after into a folder; ``better`` is how much more often on_time is met."""

    def write(folder: Path, *, better: float) -> Path:
        return write_folder(folder, seed=2, weeks=12, later=True, better=better)

    return write
