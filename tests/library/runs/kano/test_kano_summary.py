"""The summary on the terminal."""

from __future__ import annotations

from datetime import datetime
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from forvent.records import Estimate, NotEnough
from forvent.report.kano_summary import kano_summary, shown_share
from forvent.runs.kano import KanoOptions, kano_kinds


def shown(path: Path, **options: object) -> str:
    found = kano_kinds(path, now=datetime(2026, 7, 1), options=KanoOptions(**options))  # type: ignore[arg-type]
    console = Console(file=StringIO(), width=80, no_color=True)
    console.print(kano_summary(found))
    file = console.file
    assert isinstance(file, StringIO)
    return file.getvalue()


def test_fits_a_terminal_of_80_columns(questionnaire: Path) -> None:
    text = shown(questionnaire, by=("region",), wave="asked")
    assert max(map(len, text.splitlines())) <= 80
    assert "240 sheets, 5 features, 1200 pairs of answers; 1..5 from like to dislike." in text
    assert "By region" in text
    assert "gift wrap for Coast: pleases more by" in text
    assert "live chat: pleases less by" in text
    assert "excitement → basic" in text


def test_says_where_nothing_was_found(steady: Path) -> None:
    text = shown(steady, by=("region",), wave="asked")
    assert "no difference found between the segments" in text
    assert "no drift found over 4 waves" in text
    assert "Undecided" not in text
    assert "Not used" not in text


def test_says_why_a_feature_is_undecided_and_what_was_not_used(tmp_path: Path) -> None:
    path = tmp_path / "few.csv"
    rows = ["a,1,5,,", "b,1,3,1,", "c,1,9,3,3", *(f"r{n},{'1,5' if n % 2 else '1,3'},3,5" for n in range(20))]
    path.write_text("\n".join(["id,chat+,chat-,\x1b[31mapp+,\x1b[31mapp-", *rows]) + "\n", encoding="utf-8")
    text = shown(path)
    assert "chat: performance 50 %, excitement 50 %; the two most frequent kinds" in text
    assert "1 × kept, but: an answer that is none of the five “chat-” such as “9”" in text
    assert "\x1b" not in text


def test_long_lists_are_cut(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    names = [f"f{number}" for number in range(15)]
    head = ",".join(f"{name}+,{name}-" for name in names)
    path.write_text(f"id,{head}\na,{','.join(['1,5'] * 15)}\n", encoding="utf-8")
    text = shown(path)
    assert "… and 3 more" in text
    assert "! There is one respondent only." in text
    assert "1 sheet, 15 features, 15 pairs of answers" in text
    assert "f0: performance 100 %; too few answers" in text


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (Estimate(0.5, 0.4, 0.6, 90), "50 % (40 to 60)"),
        (Estimate(-0.804, -0.9, -0.004, 90), "−80 % (−90 to 0)"),
        (NotEnough(3, 5, "too few answers"), "not enough"),
    ],
)
def test_shares_are_shown_with_their_interval(amount: Estimate | NotEnough, text: str) -> None:
    assert shown_share(amount) == text
