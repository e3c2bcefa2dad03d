"""The command forvent identify: its files, its options, and what it refuses."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from forvent.cli import main
from forvent.identify import append_correction
from forvent.identify.corrections import text_hash
from forvent.records import Correction
from forvent.rows import mentions_schema, voices_schema

LATE = "The soup was late again."
TEXTS = {
    "1": LATE,
    "2": "The waiter was rude.",
    "3": "A stale crust as at home",
    "4": "At Zebrapost it was never late",
    "5": "ok",
    "6": "rude woman on +420 777 123 456 again",
    "7": "\u202eLate, 慢 and 👎",
}
PACK = """[pack]
id = "bakery"
version = "1"
name.en = "Bakery"

[expectations.crisp_crust]
parent = "product_quality"
expects = "a crust that cracks"
name.en = "Crisp crust"
"""

pytestmark = pytest.mark.usefixtures("only_cues")


@pytest.fixture
def voices(tmp_path: Path) -> str:
    path = tmp_path / "voices.jsonl"
    lines = [json.dumps({"id": key, "comment": text}) for key, text in TEXTS.items()]
    lines.append('{"id": "8", "comment": "\\ud800 late and rude \\udfff"}')
    path.write_text("\n".join(lines), encoding="utf-8")
    return str(path)


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def identified(voices: str, folder: Path, *options: str) -> dict[str, set[object]]:
    """Expectations by voice, as ``forvent identify`` writes them."""
    out = folder / "mentions.jsonl"
    assert main(["identify", voices, "--out", str(out), *options]) == 0
    found: dict[str, set[object]] = {}
    for line in lines(out):
        found.setdefault(str(line["voice_id"]), set()).add(line["expectation"])
    return found


def test_lines_and_rows_say_the_same(voices: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    for ending in ("jsonl", "parquet"):
        given = ["--out", str(out / f"m.{ending}"), "--voices-out", str(out / f"v.{ending}")]
        assert main(["identify", voices, *given]) == 0
    assert sorted(path.name for path in out.iterdir()) == ["m.jsonl", "m.parquet", "v.jsonl", "v.parquet"]
    mentions, said = pq.read_table(out / "m.parquet"), pq.read_table(out / "v.parquet")
    assert mentions.schema.equals(mentions_schema())
    assert said.schema.equals(voices_schema())
    keys = ("voice_id", "expectation", "polarity", "stated", "quote", "start", "end", "confidence", "type")
    rows = mentions.select(keys).to_pylist()
    assert rows == [{key: line[key] for key in keys} for line in lines(out / "m.jsonl")]
    keys = ("voice_id", "language", "polarity", "confidence", "act", "doubtful")
    assert said.select(keys).to_pylist() == lines(out / "v.jsonl")
    assert [row["voice_id"] for row in said.to_pylist()] == [*TEXTS, "8"]


def test_mentions_and_voices_may_have_different_forms(voices: str, tmp_path: Path) -> None:
    given = ["--out", str(tmp_path / "o/m.parquet"), "--voices-out", str(tmp_path / "o/v.jsonl")]
    assert main(["identify", voices, *given]) == 0
    assert pq.read_table(tmp_path / "o/m.parquet").num_rows > 0
    assert len(lines(tmp_path / "o/v.jsonl")) == len(TEXTS) + 1


def test_the_same_file_twice_gives_the_same_bytes(voices: str, tmp_path: Path) -> None:
    for folder in ("a", "b"):
        assert main(["identify", voices, "--out", str(tmp_path / folder / "m.jsonl")]) == 0
    assert (tmp_path / "a/m.jsonl").read_bytes() == (tmp_path / "b/m.jsonl").read_bytes()


def test_two_folders_are_refused(voices: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = ["--out", str(tmp_path / "a/m.jsonl"), "--voices-out", str(tmp_path / "b/v.jsonl")]
    assert main(["identify", voices, *given]) == 2
    assert capsys.readouterr().err == (
        "forvent: --out and --voices-out name two folders. Name one, so that both are written or none.\n"
    )
    assert not (tmp_path / "a").exists()
    assert not (tmp_path / "b").exists()


def test_a_pack_of_one_s_own_is_used(voices: str, tmp_path: Path) -> None:
    assert identified(voices, tmp_path)["3"] == {"product_quality"}
    (tmp_path / "bakery/examples").mkdir(parents=True)
    (tmp_path / "bakery/pack.toml").write_text(PACK, encoding="utf-8")
    endings = ("of bread", "cracks", "is like rubber", "sang", "hard", "brown", "gone")
    rows = [f"crisp_crust\tunmet\tstale crust {end}" for end in endings]
    content = "\n".join(["expectation\tpolarity\ttext", *rows, ""])
    (tmp_path / "bakery/examples/en.tsv").write_text(content, encoding="utf-8")
    found = identified(voices, tmp_path, "--pack", str(tmp_path / "bakery"))
    assert found["3"] == {"crisp_crust"}
    assert found["2"] == {"friendly_staff"}


def test_corrections_are_laid_over_what_is_found(voices: str, tmp_path: Path) -> None:
    file = tmp_path / "corrections.jsonl"
    correction = Correction(
        text_hash(LATE), "x", "", "on_time", "instead", "unmet", "Eva", datetime(2026, 5, 4), "availability"
    )
    append_correction(file, correction, text=LATE)
    assert identified(voices, tmp_path)["1"] == {"on_time"}
    assert identified(voices, tmp_path, "--corrections", str(file))["1"] == {"availability"}


def test_a_rival_is_named_as_the_source(voices: str, tmp_path: Path) -> None:
    identified(voices, tmp_path, "--rival", "Zebrapost", "--rival", "Other")
    sources = {line["voice_id"]: line["source"] for line in lines(tmp_path / "mentions.jsonl")}
    assert sources["4"] == {"kind": "other_company", "name": "Zebrapost"}
    assert sources["2"] is None


def test_personal_data_stay_unless_they_are_to_be_masked(voices: str, tmp_path: Path) -> None:
    for options, stays in ([], True), (["--no-mask"], True), (["--mask"], False):
        assert identified(voices, tmp_path, *options)["6"] == {"friendly_staff"}
        assert ("777 123 456" in (tmp_path / "mentions.jsonl").read_text(encoding="utf-8")) == stays


def test_an_unknown_pack_is_one_clear_message(
    voices: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "o/m.jsonl"
    assert main(["identify", voices, "--out", str(out), "--pack", "bakeries"]) == 2
    said = [line for line in capsys.readouterr().err.splitlines() if line.startswith("forvent: ")]
    assert len(said) == 1
    assert "bakeries" in said[0]
    assert not out.parent.exists()
