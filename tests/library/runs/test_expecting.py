"""Who expects what, from tables and through the whole loop."""

from __future__ import annotations

import csv
import json
from datetime import datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import forvent as fv
from forvent.cli import main
from forvent.errors import MissingColumn
from forvent.rows import mentions_schema, voices_schema

SAID = {
    "time": ["The parcel came four days late.", "They promised Tuesday and it came on Friday."],
    "people": ["The staff were rude and unhelpful.", "Nobody at the counter was friendly."],
}


def tables(*, groups: int, n: int = 900) -> tuple[pa.Table, pa.Table]:
    """Voices and mentions as identify leaves them, with a column of the analyst's own."""
    rng = np.random.default_rng(3)
    said, mentions = [], []
    for number in range(n):
        group = int(rng.integers(groups))
        weights = np.ones(8)
        weights[3 * group : 3 * group + 3] *= 12
        for what in rng.choice(8, size=rng.integers(1, 4), replace=False, p=weights / weights.sum()):
            mentions.append(
                {"voice_id": f"v{number}", "expectation": f"e{what}", "polarity": "met", "stage": "use",
                 "touchpoint": "use"}
            )  # fmt: skip
        said.append({"voice_id": f"v{number}", "rating": 0.5, "content_free": False, "plan": f"p{group}"})
    schema = voices_schema().append(pa.field("plan", pa.string()))
    return (
        pa.Table.from_pylist(said, schema=schema),
        pa.Table.from_pylist(mentions, schema=mentions_schema()),
    )


def test_groups_are_found_in_the_tables_that_identify_writes(tmp_path: Path) -> None:
    voices, mentions = tables(groups=2)
    found = fv.personas(mentions, voices=voices, segments=["plan"])
    assert [one.named_by[0].feature for one in found.personas.personas] == ["mentioned"] * 2
    assert [one.value for one in found.segments[0].segments] in (["p0", "p1"], ["p1", "p0"])
    pq.write_table(voices, tmp_path / "v.parquet")
    pq.write_table(mentions, tmp_path / "m.parquet")
    assert fv.personas(tmp_path / "m.parquet", voices=tmp_path / "v.parquet", segments=["plan"]) == found


def test_a_column_of_segments_that_the_table_lacks_is_refused() -> None:
    voices, mentions = tables(groups=1, n=20)
    with pytest.raises(MissingColumn) as refused:
        fv.personas(mentions, voices=voices.select(["voice_id", "plan"]), segments=["land"])
    assert str(refused.value) == (
        "The table of voices has no column “land” for a segment. Its columns: voice_id, plan. "
        "Name one of these columns."
    )


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Voices of two countries that speak of different things, one of which calls its column as ours."""
    path = tmp_path_factory.mktemp("voices") / "voices.csv"
    with path.open("w", newline="", encoding="utf-8") as opened:
        writer = csv.writer(opened)
        writer.writerow(["id", "comment", "stars", "customer", "country", "row"])
        for number in range(60):
            kind = "time" if number % 2 else "people"
            text = SAID[kind][number // 2 % 2]
            writer.writerow([number, text, 1 + number % 5, f"c{number}", "CZ" if number % 2 else "NO", "a"])
    return path


def test_the_loop_tells_segments_and_that_there_are_too_few_for_groups(file: Path) -> None:
    options = fv.Options(encoder="fast", segments=("country", "row"))
    found = fv.loop(file, now=datetime(2026, 1, 1), options=options)
    assert found.personas is not None
    assert found.personas.customers == 60
    country, row = found.segments
    assert (country.column, row.column) == ("country", "row")
    assert {one.value for one in country.segments} == {"CZ", "NO"}
    assert [one.value for one in row.segments] == ["a"]
    czech = next(one.group for one in country.segments if one.value == "CZ")
    assert czech.expectations[0].expectation == "on_time"
    assert czech.expectations[0].mentioned.verdict == "more"


def test_the_command_line_writes_segments_into_the_findings(file: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert main(["report", str(file), "--encoder", "fast", "--segment", "country", "--out", str(out)]) == 0
    findings = json.loads((out / "findings.json").read_text(encoding="utf-8"))
    assert [one["column"] for one in findings["segments"]] == ["country"]
    assert findings["personas"]["verdict"] in ("not enough data", "one group", "groups")
    assert "By “country”" in (out / "report.html").read_text(encoding="utf-8")


def test_a_segment_that_is_no_column_ends_the_command(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = main(
        ["report", str(file), "--encoder", "fast", "--segment", "land", "--out", str(tmp_path / "o")]
    )
    assert status == 2
    assert "voices.csv has no column “land” for a segment." in capsys.readouterr().err
