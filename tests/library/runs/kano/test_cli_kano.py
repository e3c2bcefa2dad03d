"""forvent kano: files, options and messages."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from forvent.commands.kano import add_kano_commands
from forvent.errors import BadOption, ForventError

DOCUMENT = Path(__file__).parents[4] / "docs/kano.md"


def run(*given: str) -> None:
    parser = argparse.ArgumentParser()
    add_kano_commands(parser.add_subparsers(required=True), now=lambda: datetime(2026, 7, 1))
    options = parser.parse_args(["kano", *given])
    options.run(options)


def keys(value: Any) -> Iterator[str]:
    """Names of keys that are fields of a record."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if key not in ("mapping", "masked", "unanswered"):
                yield from keys(inner)
            yield key
    elif isinstance(value, list):
        for inner in value:
            yield from keys(inner)


def test_a_file_gives_summary_and_json(
    questionnaire: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out/kano.json"
    run(str(questionnaire), "--by", "region", "--wave", "asked", "--json", str(out))
    document = json.loads(out.read_text(encoding="utf-8"))
    assert next(iter(document.items())) == ("schema", "forvent/kano/1")
    assert document["made_at"] == "2026-07-01T00:00:00Z"
    first = document["features"][0]
    assert (first["feature"], first["kind"]) == ("on time", "basic")
    assert -1 <= first["worse"]["low"] <= first["worse"]["value"] <= first["worse"]["high"] < 0
    assert document["drift"]["waves"][0]["name"] == "2025-01-05"
    assert document["segments"][0]["column"] == "region"
    shown = capsys.readouterr()
    assert shown.out.splitlines()[0] == "What kind each feature is"
    assert shown.out.splitlines()[-1] == str(out)
    assert "Columns guessed: respondent=id, 5 features by two columns each (change with --map)" in shown.err
    assert "Waves in this order (a day each): 2025-01-05" in shown.err


def test_every_key_of_the_json_is_documented(questionnaire: Path, tmp_path: Path) -> None:
    run(str(questionnaire), "--by", "region", "--wave", "asked", "--json", str(tmp_path / "a.json"))
    small = tmp_path / "small.csv"
    small.write_text("id,chat+,chat-\na,1,5\n", encoding="utf-8")
    run(str(small), "--json", str(tmp_path / "b.json"))
    text = DOCUMENT.read_text(encoding="utf-8")
    for name in ("a.json", "b.json"):
        assert "-0.0," not in (tmp_path / name).read_text(encoding="utf-8")
        document = json.loads((tmp_path / name).read_text(encoding="utf-8"))
        assert [key for key in dict.fromkeys(keys(document)) if f"`{key}`" not in text] == []


def test_the_same_file_gives_the_same_json_byte_by_byte(questionnaire: Path, tmp_path: Path) -> None:
    for name in ("a.json", "b.json"):
        run(str(questionnaire), "--by", "region", "--wave", "asked", "--json", str(tmp_path / name))
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()


def test_without_json_nothing_is_written(questionnaire: Path, tmp_path: Path) -> None:
    before = sorted(tmp_path.iterdir())
    run(str(questionnaire))
    assert sorted(tmp_path.iterdir()) == before


def test_columns_can_be_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "odd.csv"
    path.write_text("who,Q1a,Q1b\n" + "".join(f"r{n},1,5\n" for n in range(12)), encoding="utf-8")
    run(str(path), "--map", "live chat+=Q1a", "--map", "live chat-=Q1b", "--map", "respondent=who")
    shown = capsys.readouterr()
    assert "live chat performance" in shown.out
    assert shown.err == ""


def test_a_scale_upside_down_is_told_on_the_terminal(
    turned: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(str(turned))
    assert "! Most features come out reverse" in capsys.readouterr().out
    run(str(turned), "--scale", "5..1")
    assert "!" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (["--scale", "one..five"], "'--scale one..five' is no scale."),
        (["--scale", "1..7"], "A scale from 1 to 7 has not five answers."),
        (["--level", "95"], "The level 95.0 is not between 0 and 1."),
        (["--least-strength", "6"], "A lead of 6 is no share."),
        (["--map", "chat+"], "'--map chat+' names no column."),
        (["--every", "month"], "--every cuts waves, and no column of waves is given."),
        (["--by", "land"], "kano.csv has no column “land” for segments."),
        (["--wave", "when"], "kano.csv has no column “when” for waves."),
    ],
)
def test_an_option_that_cannot_be_says_so_and_leaves_nothing(
    questionnaire: Path, tmp_path: Path, given: list[str], message: str
) -> None:
    with pytest.raises(ForventError) as error:
        run(str(questionnaire), "--json", str(tmp_path / "out/kano.json"), *given)
    assert error.value.message.startswith(message)
    assert error.value.hint
    assert not (tmp_path / "out").exists()


def test_an_unknown_field_is_refused(questionnaire: Path) -> None:
    with pytest.raises(BadOption, match="is no field of a Kano questionnaire"):
        run(str(questionnaire), "--map", "text=id")


def test_a_page_and_kinds_by_ratings_are_written(
    questionnaire: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = {"value": -0.2, "low": -0.3, "high": -0.1, "n": 90, "level": 0.95}
    kinds = {"penalty": said, "reward": said, "asymmetry": said, "kind": "basic"}
    other = tmp_path / "findings.json"
    document = {"schema": "forvent/findings/2", "asymmetries": [{"expectation": "on_time", **kinds}]}
    other.write_text(json.dumps(document), encoding="utf-8")
    out, page = tmp_path / "out/kano.json", tmp_path / "out/kano.html"
    options = ["--json", str(out), "--page", str(page), "--language", "zh"]
    run(str(questionnaire), "--beside", str(other), *options)
    found = json.loads(out.read_text(encoding="utf-8"))
    assert found["beside_file"] == "findings.json"
    assert (found["beside"][0]["expectation"], found["beside"][0]["verdict"]) == ("on_time", "same")
    text = DOCUMENT.read_text(encoding="utf-8")
    assert [key for key in dict.fromkeys(keys(found)) if f"`{key}`" not in text] == []
    assert page.read_text(encoding="utf-8").startswith('<!doctype html>\n<html lang="zh-Hans"')
    shown = capsys.readouterr().out
    assert "on_time: asked basic, ratings look basic; same" in shown
    assert shown.splitlines()[-2:] == [str(out), str(page)]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (["--same", "chat=staff"], "--same joins names with those of another result, and none is given."),
        (["--beside", "x.json", "--same", "chat"], "'--same chat' joins no two names."),
        (["--beside", "no_such.json"], "no_such.json cannot be read: No such file or directory."),
    ],
)
def test_names_that_cannot_be_joined_leave_nothing(
    questionnaire: Path, tmp_path: Path, given: list[str], message: str
) -> None:
    with pytest.raises(ForventError) as error:
        run(str(questionnaire), "--page", str(tmp_path / "out/kano.html"), *given)
    assert error.value.message == message
    assert error.value.hint
    assert not (tmp_path / "out").exists()
