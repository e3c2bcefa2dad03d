"""Runs of letters: what counts as the same, and that no batch changes them."""

from __future__ import annotations

import numpy as np
import pytest

from forvent.language.ngrams import KEYS, ngram_keys

TEXTS = [
    "The soup was cold.",
    "",
    "等了一个半小时",
    "Čekali jsme 45 minut",
    "a",
    "\ud800 😀 ok",
    "line\nbreak",
]


def runs(text: str, *others: str) -> set[int]:
    """The runs of a text that stands first in a batch."""
    owners, keys = ngram_keys([text, *others])
    return set(keys[owners == 0].tolist())


def test_a_text_has_the_same_runs_in_any_batch() -> None:
    owners, keys = ngram_keys(TEXTS)
    for place, text in enumerate(TEXTS):
        assert set(keys[owners == place].tolist()) == runs(text) == runs(text, "something else", text)


def test_each_run_is_told_once_sorted_by_text_and_number() -> None:
    owners, keys = ngram_keys([*TEXTS, "tea tea tea", "tea"])
    both = owners * KEYS + keys
    assert (np.diff(both) > 0).all()
    assert runs("tea tea tea") == runs("tea")


def test_a_word_of_three_letters_has_two_to_five_of_them_its_ends_among_them() -> None:
    # _t te ea a_ · _te tea ea_ · _tea tea_ · _tea_
    assert len(runs("tea")) == 4 + 3 + 2 + 1 - 1


@pytest.mark.parametrize(
    ("one", "other"),
    [("Čekání", "cekani"), ("ROOM 12", "room 47"), ("cold, soup!", "cold soup"), ("ÕHTU", "ohtu")],
)
def test_capitals_accents_digits_and_signs_make_no_difference(one: str, other: str) -> None:
    assert runs(one) == runs(other)


def test_runs_do_not_reach_over_words() -> None:
    assert runs("cold soup") == runs("cold") | runs("soup")
    assert runs("soup cold") == runs("cold soup")


@pytest.mark.parametrize("text", ["", " ", "!?…", "😀"])
def test_a_text_without_letters_has_none(text: str) -> None:
    assert runs(text) == runs(text, "words beside it") == set()


def test_numbers_lie_below_their_bound() -> None:
    _, keys = ngram_keys(TEXTS)
    assert keys.min() >= 0
    assert keys.max() < KEYS
    assert all(len(part) == 0 for part in ngram_keys([]))
