"""Signs of many texts: their kinds, and their plain forms beside Python's own."""

from __future__ import annotations

import unicodedata

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forvent.language.signs import (
    BETWEEN,
    BLANK,
    DIGIT,
    LETTER,
    WIDE,
    bare_codes,
    codes_of,
    kinds_of,
    plain_codes,
    text_of,
)

TEXTS = ["", "Ｌate …½", "e\u0301ﬁ", "İΣΑΣ", "太慢。", "\ud800 x", "각", "a\u0332b"]


def test_texts_come_back_from_their_numbers() -> None:
    assert text_of(codes_of(TEXTS)) == "".join(text + BETWEEN for text in TEXTS)
    assert text_of(codes_of(["a\x1fb"])) == "a b" + BETWEEN
    assert len(codes_of([])) == 0


@pytest.mark.parametrize("text", TEXTS)
def test_plain_signs_are_lower_case_and_of_usual_width(text: str) -> None:
    plain = unicodedata.normalize("NFKC", text).lower()
    assert text_of(plain_codes(["x", text])) == f"x{BETWEEN}{plain}{BETWEEN}"


@given(st.lists(st.text(st.characters(exclude_characters=BETWEEN), max_size=12), max_size=4))
@settings(max_examples=200, deadline=None)
def test_plain_signs_are_python_s_own_for_any_text(texts: list[str]) -> None:
    plain = [unicodedata.normalize("NFKC", text).lower() for text in texts]
    assert text_of(plain_codes(texts)) == "".join(text + BETWEEN for text in plain)


def test_accents_are_taken_off_and_korean_stays_whole() -> None:
    assert text_of(bare_codes(plain_codes(["Příliš Ærø 각"]))) == "prilis ærø 각" + BETWEEN


def test_kinds_say_what_a_sign_is() -> None:
    kinds = kinds_of(codes_of(["aé5 太・_!"]))
    assert (kinds[:-1] & (LETTER | DIGIT | BLANK | WIDE)).tolist() == [
        LETTER,
        LETTER,
        DIGIT,
        BLANK,
        WIDE | LETTER,
        WIDE,
        0,
        0,
    ]
    assert np.array_equal(kinds, kinds_of(codes_of(["aé5 太・_!"])))
