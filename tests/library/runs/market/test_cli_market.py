"""forvent market: files, options and messages."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from forvent.commands.market import add_market_commands
from forvent.errors import BadOption

DOCUMENT = Path(__file__).parents[4] / "docs/market.md"


def run(*given: str) -> None:
    parser = argparse.ArgumentParser()
    add_market_commands(parser.add_subparsers(required=True), now=lambda: datetime(2026, 7, 1))
    options = parser.parse_args(["market", *given])
    options.run(options)


def keys(value: Any) -> Iterator[str]:
    """Names of keys that are fields of a record: those beside each other in every such place."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if key not in ("quotes", "channels", "languages", "left_out", "mapping", "masked"):
                yield from keys(inner)
            yield key
    elif isinstance(value, list):
        for inner in value:
            yield from keys(inner)


def test_a_file_with_a_column_gives_page_json_and_summary(
    one_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    run(str(one_file), "--out", str(out), "--own", "Havn & Hylle")
    document = json.loads((out / "market.json").read_text(encoding="utf-8"))
    assert next(iter(document.items())) == ("schema", "forvent/market/1")
    assert document["own"]["name"] == "Havn & Hylle"
    assert [side["other"]["voices"] for side in document["against"]] == [500, 500]
    first = document["against"][0]["comparisons"][0]
    assert first["met"]["low"] <= first["met"]["value"] <= first["met"]["high"] < 0
    assert (out / "market.html").read_text(encoding="utf-8").rstrip().endswith("</html>")
    assert sorted(path.name for path in out.iterdir()) == ["market.html", "market.json"]
    shown = capsys.readouterr()
    assert shown.out.splitlines()[-2:] == [str(out / "market.html"), str(out / "market.json")]
    assert "28 points behind" in shown.out
    assert "competitor=company" in shown.err


def test_every_key_of_the_json_is_documented(one_file: Path, tmp_path: Path) -> None:
    run(str(one_file), "--out", str(tmp_path))
    document = json.loads((tmp_path / "market.json").read_text(encoding="utf-8"))
    text = DOCUMENT.read_text(encoding="utf-8")
    assert [key for key in dict.fromkeys(keys(document)) if f"`{key}`" not in text] == []


def test_the_same_voices_give_the_same_json_byte_by_byte(one_file: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        run(str(one_file), "--out", str(tmp_path / name))
    one, two = ((tmp_path / name / "market.json").read_bytes() for name in ("one", "two"))
    assert one == two


def test_others_come_from_files_named_or_not(files: dict[str, Path], tmp_path: Path) -> None:
    named, unnamed = f"Nordkiste={files['Nordkiste']}", str(files["Lind & Sohn"])
    run(str(files[""]), "--out", str(tmp_path), "--others", named, unnamed, "--map", "others.channel=-")
    document = json.loads((tmp_path / "market.json").read_text(encoding="utf-8"))
    others = {side["other"]["name"]: side for side in document["against"]}
    assert set(others) == {"Nordkiste", files["Lind & Sohn"].stem}
    assert others["Nordkiste"]["cautions"] == ["files", "channels_unknown"]


def test_the_page_and_the_summary_come_in_another_language(
    one_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(str(one_file), "--out", str(tmp_path), "--language", "zh")
    assert "落后于Nordkiste" in (tmp_path / "market.html").read_text(encoding="utf-8")
    assert "落后28个百分点" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (["--others", "=x.csv"], "'--others =x.csv' names no company or no file."),
        (["--others", "B=a.csv", "B=b.csv"], "'B' is given two files."),
        (["--map", "text"], "'--map text' names no column."),
        (["--alike", "0"], "0 is no difference of shares."),
        (["--level", "2"], "The level 2.0 is not between 0 and 1."),
    ],
)
def test_an_option_that_cannot_be_says_so_and_leaves_nothing(
    one_file: Path, tmp_path: Path, given: list[str], message: str
) -> None:
    with pytest.raises(BadOption) as error:
        run(str(one_file), "--out", str(tmp_path / "out"), *given)
    assert error.value.message == message
    assert error.value.hint
    assert not (tmp_path / "out").exists()
