"""What is surely one clause is one for the cutter too."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forvent.language import split_clauses
from forvent.language.one_clause import one_clause
from forvent.language.words import words_of

ONE = ("It came late.", "  太慢了！", "3.5 hvězdy".replace(".", ","), "Pakken kom for sent", "ok…", "a,b; c")
SEVERAL = (
    "Fast but wrong",
    "Late. Never again",
    "味道好，但是太慢",
    "x: y",
    "a\nb",
    "",
    "...",
    "word " * 20,
    "汉" * 30,
    "Rychlé, ale drahé",
)


def cut(texts: list[str]) -> list[tuple[bool, int, int]]:
    return list(zip(*(column.tolist() for column in one_clause(texts, words_of(texts))), strict=True))


def test_short_texts_without_signs_and_contrasts_are_one_clause() -> None:
    for text, (sure, start, end) in zip(ONE, cut(list(ONE)), strict=True):
        assert sure, text
        (clause,) = split_clauses(text)
        assert (clause.start, clause.end) == (start, end)


@pytest.mark.parametrize("text", SEVERAL)
def test_what_could_be_cut_is_left_to_the_cutter(text: str) -> None:
    assert not cut([text])[0][0]


@given(st.lists(st.text(st.sampled_from("ab bu t.,:!?…—\n 但是过太。5_\u00a0"), max_size=30), max_size=5))
@settings(max_examples=300, deadline=None)
def test_never_differs_from_the_cutter(texts: list[str]) -> None:
    for text, (sure, start, end) in zip(texts, cut(texts), strict=True):
        if sure:
            assert [(span.start, span.end) for span in split_clauses(text, "hy")] == [(start, end)]
