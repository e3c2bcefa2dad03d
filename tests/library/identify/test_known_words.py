"""Lists of words in many texts at once, beside one text at a time."""

from __future__ import annotations

import numpy as np
import pytest

from forvent.identify.known_words import rows_by_language
from forvent.identify.quick_words import quick_lists
from forvent.language.words import words_of

LISTS = [["promis*", "site"], ["friend", "přítel"], ["of", "out of the", "“", ",-"], ["week", "14"]]
TEXTS = [
    "They promised it.",
    "A friend of the site",
    "“Fresh” pritele",
    "250,- kr",
    "The soup, out now",
    "",
    "WEEKS",
    "Ｗeekly",
]


def test_many_texts_have_the_lists_of_each() -> None:
    look = quick_lists(LISTS, spaced=True)
    every = np.arange(len(TEXTS))
    for _ in range(2):
        found = look.lists_in_all(TEXTS, words_of(TEXTS), every).tolist()
        assert found[:-1] == [look.lists_in(text) for text in TEXTS[:-1]]
    assert found[-1] == 8


def test_only_the_chosen_texts_are_looked_at() -> None:
    look = quick_lists(LISTS, spaced=True)
    chosen = np.array([6, 1])
    assert look.lists_in_all(TEXTS, words_of(TEXTS), chosen).tolist() == [8, 7]


@pytest.mark.parametrize(
    ("text", "lists"), [("说好三个", 1), ("说话", 0), ("等了三天", 2), ("km 说", 4), ("两kmx", 0)]
)
def test_a_word_of_a_script_without_blanks_is_known_by_two_signs(text: str, lists: int) -> None:
    look = quick_lists([["说好的"], ["天"], ["km"]], spaced=False)
    assert look.lists_in_all([text], words_of([text]), np.array([0])).tolist() == [lists]


def test_rows_are_gathered_by_language() -> None:
    assert {one: rows.tolist() for one, rows in rows_by_language(["en", "cs", "en"]).items()} == {
        "en": [0, 2],
        "cs": [1],
    }
    assert rows_by_language([]) == {}
