"""Yes and no in cells."""

from __future__ import annotations

import pytest

from forvent.reading.yes_no import yes_or_no


@pytest.mark.parametrize("cell", ["Yes", " ano ", "JA", "այո", "是", True, 1, "1.0", "x"])
def test_words_and_numbers_for_yes(cell):
    assert yes_or_no(cell) is True


@pytest.mark.parametrize(
    "cell", ["No", "ne", "nei", "ei", "ոչ", "否", False, 0, "0,0", "not  sent", "Opt-out"]
)
def test_words_and_numbers_for_no(cell):
    assert yes_or_no(cell) is False


@pytest.mark.parametrize("cell", ["", None, "2026-03-01", "Eva", "maybe"])
def test_what_says_neither(cell):
    assert yes_or_no(cell) is None
