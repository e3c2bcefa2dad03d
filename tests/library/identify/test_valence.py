"""How the words of a voice sound."""

from __future__ import annotations

import csv
from importlib.resources import files

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forvent.identify.valence import ValenceWords, valence_words, valences_of
from forvent.language.words import words_of

LISTED = ("cs", "de", "en", "es", "et", "fr", "hy", "it", "nb", "nl", "pl", "pt", "ru", "sk", "tr", "zh")
SPACED = ValenceWords({"good": 3, "goods": -1, "wretched": -3}, ["not"])
SIGNS = ValenceWords({"好吃": 3, "很好吃": 4, "差劲": -3}, ["不"], spaced=False)


def found(listed: ValenceWords, *texts: str) -> list[list[tuple[int, bool]]]:
    """The entries in each text, and whether they are negated."""
    owners, numbers, negated = listed.found(words_of(texts), np.arange(len(texts)))
    every = list(zip(owners.tolist(), numbers.tolist(), negated.tolist(), strict=True))
    return [[(number, no) for owner, number, no in every if owner == text] for text in range(len(texts))]


def test_words_are_found_whole_first_and_then_by_what_they_begin_with() -> None:
    assert found(SPACED, "Good goods", "goodly", "goodness", "Wretchedly, WRÉTCHED") == [
        [(0, False), (1, False)],
        [(0, False)],
        [],
        [(2, False), (2, False)],
    ]


def test_a_negation_takes_back_the_next_two_words_of_its_own_text_only() -> None:
    assert found(SPACED, "not good", "not so good", "not so very good", "it was not", "good") == [
        [(0, True)],
        [(0, True)],
        [(0, False)],
        [],
        [(0, False)],
    ]


def test_without_blanks_the_longest_word_from_the_left_counts() -> None:
    assert found(SIGNS, "菜很好吃", "好吃好吃", "不好吃", "不", "好吃，差劲") == [
        [(1, False)],
        [(0, False), (0, False)],
        [(0, True)],
        [],
        [(0, False), (2, False)],
    ]


def test_more_words_say_more_and_one_alone_says_little() -> None:
    scores = SPACED.scores(words_of(["good", "good good", "good wretched", "table"]), np.arange(4))
    assert scores == pytest.approx([3 / 3**0.5, 6 / 4**0.5, 0.0, 0.0], abs=1e-6)


def test_only_the_texts_asked_for_are_looked_at() -> None:
    words = words_of(["good", "wretched", "good"])
    assert SPACED.scores(words, np.array([2, 1])) == pytest.approx([1.732051, -1.732051])


def test_each_language_has_its_own_list_and_others_have_none() -> None:
    texts = ["wonderful", "úžasné", "wonderful", "服务周到，味道鲜美", "vidunderlig"]
    scores = valences_of(words_of(texts), ["en", "cs", "la", "zh-Hans", "nn"])
    assert (scores > 0).tolist() == [True, True, False, True, True]
    assert scores[2] == 0.0


@given(st.lists(st.text(alphabet="good not wretched好吃不差劲.é", max_size=30), max_size=6))
def test_a_text_has_the_same_valence_in_any_company(texts: list[str]) -> None:
    languages = ["zh" if "好" in text else "en" for text in texts]
    together = valences_of(words_of(texts), languages)
    alone = [
        valences_of(words_of([text]), [language])[0] for text, language in zip(texts, languages, strict=True)
    ]
    assert together.tolist() == alone


@pytest.mark.parametrize("language", LISTED)
def test_the_lists_that_ship_can_be_read_and_hold_both_sides(language: str) -> None:
    assert valence_words(language) is not None
    folder = files("forvent.identify") / "valence_words"
    lines = csv.DictReader(
        folder.joinpath(f"{language}.tsv").read_text(encoding="utf-8").splitlines(), delimiter="\t"
    )
    valences = {line["word"]: float(line["valence"]) for line in lines}
    assert len(valences) > 1500
    assert all(0.5 <= abs(valence) <= 5 for valence in valences.values())
    assert 0.2 < np.mean([valence > 0 for valence in valences.values()]) < 0.6
