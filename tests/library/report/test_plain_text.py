"""Customers' words made safe to show."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forvent.report.plain_text import TURNING, plain_text, shortened


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("on\u202etime\u202c", "ontime"),
        ("\x1b[31mred\x07", "[31mred"),
        ("two\nlines\tand\r\nmore", "two lines and more"),
        ("  spaces  ", "spaces"),
        ("\ud800", ""),
        ("family 👨‍👩‍👧", "family 👨‍👩‍👧"),
        ("Չգնացեք՝ ուշ է", "Չգնացեք՝ ուշ է"),
        ("لم\u200fيخبرني", "لم\u200fيخبرني"),
    ],
)
def test_only_what_harms_is_taken_away(text: str, shown: str) -> None:
    assert plain_text(text) == shown


@given(st.text())
def test_nothing_that_turns_or_commands_is_left(text: str) -> None:
    shown = plain_text(text)
    assert not TURNING & set(shown)
    assert all(letter.isprintable() or letter.isspace() or ord(letter) > 127 for letter in shown)


def test_a_long_text_is_cut_at_the_end_or_at_the_start() -> None:
    assert shortened("abcdef", most=3) == "abc…"
    assert shortened("abcdef", most=3, keep="end") == "…def"
    assert shortened("abc", most=3) == "abc"
