"""The backtest for the terminal."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.console import Console

from forvent.records import Backtest
from forvent.report import backtest_summary
from forvent.report.backtest_summary import kept_strip


def shown(backtest: Backtest, *, width: int = 80, colour: bool = False, language: str = "en") -> str:
    """What a terminal or a pipe would get."""
    target = io.StringIO()
    Console(file=target, width=width, force_terminal=colour, legacy_windows=False).print(
        backtest_summary(backtest, language=language)
    )
    return target.getvalue()


def test_every_part_is_there(backtest: Backtest) -> None:
    text = shown(backtest, width=120)
    for part in (
        "forvent would have kept 93.1% at 23.4 days on average, the company kept 92.8% at 24.0 days",
        "no other way promises shorter",
        "93.1% (92.4 to 93.8)",
        "85.2% 2018-02",
        "In 3 of 14 months",
        "one block a month, from 80% to 100%",
        "4 alarms",
        "11 cases are still open and not yet due",
        "Months are judged by the day the case began.",
    ):
        assert part in text


def test_the_first_line_is_the_finding(bare_backtest: Backtest) -> None:
    first = shown(bare_backtest).splitlines()[0]
    assert first == "We do not know yet what would have been kept: 9 cases are not enough"


def test_months_are_blocks_and_unknown_ones_dots() -> None:
    assert kept_strip((0.8, 0.9, None, 1.0), floor=0.8) == "▁▅·█"
    assert kept_strip((0.2, 1.4), floor=0.8) == "▁█"


def test_both_strips_have_a_block_a_month(backtest: Backtest) -> None:
    strips = [line for line in shown(backtest).splitlines() if line.endswith("·")]
    assert [line.split(": ")[0].strip() for line in strips] == ["forvent", "The company’s own promise"]
    assert {len(line.split(": ")[1]) for line in strips} == {15}


@pytest.mark.parametrize("language", ["en", "cs", "hy", "nb", "et", "zh"])
def test_nothing_is_wider_than_the_terminal(backtest: Backtest, language: str) -> None:
    for width in (60, 80, 120):
        assert (
            max(len(line) for line in shown(backtest, width=width, language=language).splitlines()) <= width
        )


def test_nothing_is_cut_off(backtest: Backtest) -> None:
    assert "…" not in shown(backtest)
    assert "…" not in shown(backtest, language="zh")


def test_colour_adds_nothing_that_words_do_not_say(backtest: Backtest) -> None:
    coloured = shown(backtest, colour=True)
    assert "\x1b" in coloured
    plain = coloured.replace("\x1b[1m", "").replace("\x1b[0m", "")
    assert plain.split() == shown(backtest).split()


def test_only_the_latest_alarms_are_told(backtest: Backtest) -> None:
    many = replace(backtest, alarms=backtest.alarms * 3)
    text = shown(many, width=120)
    assert "12 alarms" in text
    assert text.count("than the band allows") == 5


def test_ways_that_were_not_run_are_named(backtest: Backtest) -> None:
    alone = replace(backtest, tracks=backtest.tracks[:4])
    assert "Not in this backtest: Plain conformal regression (CQR)." in shown(alone, width=120)


def test_names_from_files_are_neither_markup_nor_commands(backtest: Backtest) -> None:
    text = shown(replace(backtest, notes=("[bold red]note[/] \x1b]0;owned\x07\u202e",)))
    assert "[bold red]note[/] ]0;owned" in text
    assert "\x1b" not in text
