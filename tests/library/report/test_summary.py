"""The summary for the terminal."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.console import Console

from forvent.records import Findings
from forvent.report import Names, summary
from forvent.report.summary import TRACK, dumbbell_text


def shown(
    findings: Findings, names: Names, *, width: int = 80, colour: bool = False, language: str = "en"
) -> str:
    """What a terminal or a pipe would get."""
    target = io.StringIO()
    Console(file=target, width=width, force_terminal=colour, legacy_windows=False).print(
        summary(findings, language=language, names=names)
    )
    return target.getvalue()


def test_hollow_is_expected_and_filled_is_got() -> None:
    assert dumbbell_text(1.0, got=0.0, sure=True, width=5) == "●───○"
    assert dumbbell_text(0.0, got=1.0, sure=False, width=5) == "○┄┄┄●"
    assert dumbbell_text(0.5, got=0.5, sure=False, width=5) == "  ◉  "
    assert len(dumbbell_text(7.0, got=-1.0, sure=True)) == TRACK


def test_every_part_is_there(findings: Findings, names: Names) -> None:
    text = shown(findings, names)
    text = " ".join(text.split())
    for part in (
        "1,486 voices in 6 languages",
        "31 rows: no text (rows 14, 15, 16, 17, 18, …)",
        "CSAT: 68%, between 66 and 71, 1,440 ratings",
        "86% → 38% 48 points short",
        "What matters? “On time” is important and surely below the rest",
        "All expectations together go together with 31% (27 to 35)",
        "“Fair price”: Performance up to April 2, 2024, Basic since.",
        "Kept: 77%, between 74 and 80, 1,032 cases.",
        "We could promise 9 days",
        "A customer can be told: You will have it at the latest 9 days",
        "What they do: complaint 49% (47 to 52); praise 36% (33 to 38);",
        "Of these, 21 voices may be meant ironically",
        "Wished for: Proactive updates 14 voices · 1.0% (0.6 to 1.7);",
        "Rests on: what we said or showed 52% (43 to 61);",
        "1. Last time you wanted to reach us, how easy was it?",
    ):
        assert part in text


def test_the_five_first_gaps_are_drawn(findings: Findings, names: Names) -> None:
    assert shown(findings, names).count("○") == 5


def test_nothing_is_wider_than_the_terminal(findings: Findings, names: Names) -> None:
    for width in (60, 80, 120):
        assert max(len(line) for line in shown(findings, names, width=width).splitlines()) <= width


def test_a_pipe_gets_no_colour_codes(findings: Findings, names: Names) -> None:
    assert "\x1b" not in shown(findings, names)


def test_colour_adds_nothing_that_words_do_not_say(findings: Findings, names: Names) -> None:
    coloured = shown(findings, names, colour=True)
    plain = coloured.replace("\x1b[1m", "").replace("\x1b[0m", "")
    assert plain.split() == shown(findings, names).split()


def test_names_from_files_are_neither_markup_nor_commands(findings: Findings, names: Names) -> None:
    hostile = replace(findings, title="[bold red]Shop[/] \x1b]0;owned\x07\u202e")
    text = shown(hostile, names)
    assert "[bold red]Shop[/] ]0;owned" in text
    assert "\x1b" not in text


def test_nine_voices_are_summed_up_without_numbers(bare: Findings, names: Names) -> None:
    text = shown(bare, names)
    assert "We do not know yet where we fall short: too few voices say so" in text
    assert "no ratings were read" in text
    assert "not enough voices" in text
    assert "There is nothing to ask yet" in text
    assert "What people say and want" not in text


@pytest.mark.parametrize("language", ["cs", "tlh"])
def test_a_sentence_is_chosen_in_the_language_of_the_report(
    findings: Findings, names: Names, language: str
) -> None:
    text = shown(findings, names, language=language)
    assert ("Budete to mít" in text) or ("You will have it" in text)
