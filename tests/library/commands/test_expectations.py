"""The commands forvent pack check and forvent correct, run as a person runs them."""

from __future__ import annotations

import argparse
from datetime import datetime
from pathlib import Path

import pytest

from forvent.commands import expectations as cli_expectations
from forvent.commands.expectations import add_expectations_commands
from forvent.errors import BadOption, NothingUsable, UnreadableFile
from forvent.identify.catalogue import catalogue_examples
from forvent.identify.corrections import read_corrections, text_hash

NOW = datetime(2026, 5, 4, 10)
TEXT = "The soup was cold and the bill was wrong."
TOML = """[pack]
id = "own"
version = "1"
name.en = "Own"

[expectations.hot_soup]
parent = "product_quality"
expects = "hot soup"
name.en = "Hot soup"

[expectations.quick_waiter]
parent = "fast_delivery"
expects = "a waiter who comes"
name.en = "Quick waiter"

[expectations.window_seat]
expects = "a seat by the window"
stage = "choose"
usual_type = "implicit"
usual_kind = "excitement"
name.en = "Window seat"
"""


def forvent(*arguments: object) -> None:
    parser = argparse.ArgumentParser()
    add_expectations_commands(parser.add_subparsers(required=True), now=lambda: NOW)
    options = parser.parse_args([str(argument) for argument in arguments])
    options.run(options)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    folder = tmp_path / "own"
    (folder / "examples").mkdir(parents=True)
    (folder / "pack.toml").write_text(TOML, encoding="utf-8")
    rows = [f"hot_soup\tmet\tthe soup was steaming {n}" for n in range(12)]
    rows += [f"quick_waiter\tunmet\twe waved at the waiter {n}" for n in range(3)]
    text = "\n".join(["expectation\tpolarity\ttext", *rows])
    (folder / "examples/en.tsv").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def few_general(monkeypatch: pytest.MonkeyPatch) -> None:
    general = catalogue_examples()
    monkeypatch.setattr(cli_expectations, "catalogue_examples", lambda: general[::24])


# ----------------------------------------------------------------------------- pack check


@pytest.mark.usefixtures("only_pretend", "few_general")
def test_check_tells_how_well_each_is_found_and_where_more_is_needed(
    own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    forvent("pack", "check", own)
    told = capsys.readouterr().out
    assert "hot_soup" in told
    assert "en 12" in told
    assert "quick_waiter: learned, but how well cannot be said yet; write 7 more examples." in told
    assert "window_seat: not learned; write 2 different examples or more, better 24." in told
    assert "not enough (3)" in told


@pytest.mark.usefixtures("only_pretend", "few_general")
def test_check_with_kept_vectors_says_the_same(
    own: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    forvent("pack", "check", own, "--vectors", tmp_path / "v.npz")
    first = capsys.readouterr().out
    before = (tmp_path / "v.npz").read_bytes()
    forvent("pack", "check", own, "--vectors", tmp_path / "v.npz")
    assert capsys.readouterr().out == first
    assert (tmp_path / "v.npz").read_bytes() == before


@pytest.mark.usefixtures("only_pretend", "few_general")
def test_check_of_a_pack_without_examples_says_what_to_do(own: Path) -> None:
    (own / "examples/en.tsv").unlink()
    with pytest.raises(NothingUsable, match="Write at least two sentences for it"):
        forvent("pack", "check", own)


def test_check_tells_faults(own: Path) -> None:
    (own / "examples/en.tsv").write_text("expectation\tpolarity\ttext\nsoup\tmet\thot\n", encoding="utf-8")
    with pytest.raises(UnreadableFile, match=r"en\.tsv, row 2, expectation: 'soup' is no expectation"):
        forvent("pack", "check", own)


# -------------------------------------------------------------------------------- correct


def test_correct_appends_one_line_and_shows_no_customers_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "c.jsonl"
    to = ("--corrections", file, "--by", "Eva")
    forvent("correct", "wrong", "comfort", *to, "--text", TEXT, "--quote", "the bill was wrong")
    forvent("correct", "missed", "transparent_price", *to, "--text", TEXT, "--polarity", "unmet")
    first, second = read_corrections(file)
    assert (first.action, first.expectation, first.quote) == ("wrong", "comfort", "the bill was wrong")
    assert (first.text_hash, first.by, first.at, first.language) == (text_hash(TEXT), "Eva", NOW, "en")
    assert (second.polarity, second.quote) == ("unmet", TEXT)
    shown = capsys.readouterr()
    assert shown.out == f"{file}: wrong, comfort\n{file}: missed, transparent_price, unmet\n"
    assert "bill" not in shown.err


def test_correct_finds_a_voice_in_its_file(tmp_path: Path) -> None:
    voices = tmp_path / "voices.csv"
    voices.write_text(f"id,comment\n1,All fine here\n2,{TEXT}\n", encoding="utf-8")
    file = tmp_path / "c.jsonl"
    names = ("--map", "text=comment", "--map", "id=id")
    forvent("correct", "wrong", "comfort", "--corrections", file, "--voices", voices, "--voice", "2", *names)
    assert read_corrections(file)[0].text_hash == text_hash(TEXT)
    with pytest.raises(BadOption, match=r"has no voice '9'\."):
        forvent(
            "correct", "wrong", "comfort", "--corrections", file, "--voices", voices, "--voice", "9", *names
        )


def test_correct_knows_the_ids_of_packs(own: Path, tmp_path: Path) -> None:
    given = ("correct", "instead", "product_quality", "--instead", "hot_soup", "--polarity", "unmet")
    file = tmp_path / "c.jsonl"
    with pytest.raises(BadOption, match=r"There is no expectation 'hot_soup'\. Add --pack"):
        forvent(*given, "--corrections", file, "--text", TEXT)
    forvent(*given, "--corrections", file, "--text", TEXT, "--pack", own)
    assert read_corrections(file)[0].instead == "hot_soup"


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ([], "It takes one voice."),
        (["--text", TEXT, "--voice", "1"], "It takes one voice."),
        (["--voice", "1"], "--voice names a voice, and no file of voices is given."),
        (["--voice", "1", "--voices", "x.csv", "--map", "text"], "'--map text' names no column."),
        (["--text", TEXT, "--quote", "the soup was hot"], "The quote is not in the text."),
        (["--text", TEXT, "--polarity", "met"], "The action 'wrong' takes no polarity."),
    ],
)
def test_correct_tells_what_does_not_fit(tmp_path: Path, given: list[str], told: str) -> None:
    with pytest.raises(BadOption) as caught:
        forvent("correct", "wrong", "comfort", "--corrections", tmp_path / "c.jsonl", *given)
    assert caught.value.message == told
    assert not (tmp_path / "c.jsonl").exists()
