"""Scores of words beside those of py3langid itself."""

from __future__ import annotations

import numpy as np
import pytest
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from forvent.language.word_scores import WordScores

CODES = ("en", "cs", "no", "nn", "et")
#: Both written forms of Norwegian count for one.
COLUMN = {"en": 0, "cs": 1, "no": 2, "nn": 2, "et": 3}
WORDS = ["the", "přišla", "kjøpte", "väga", "ĳ", "x", "THE", "banana", "the"]


@pytest.fixture(scope="module")
def identifier() -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=False)
    identifier.set_languages(CODES)
    return identifier


def test_a_word_scores_what_the_identifier_says_of_it(identifier: LanguageIdentifier) -> None:
    scores = WordScores(identifier, COLUMN).of(WORDS)
    for word, row in zip(WORDS, scores, strict=True):
        said = dict(identifier.rank(f" {word} "))
        best = [said["en"], said["cs"], max(said["no"], said["nn"]), said["et"]]
        assert np.allclose(row, np.array(best) - max(best), atol=2 / 1024), word


def test_scores_are_the_same_in_any_company(identifier: LanguageIdentifier) -> None:
    together = WordScores(identifier, COLUMN).of(WORDS)
    alone = WordScores(identifier, COLUMN)
    assert np.array_equal(together, np.concatenate([alone.of([word]) for word in WORDS]))
    assert np.array_equal(together * 1024, np.rint(together * 1024))


def test_no_words_have_no_scores(identifier: LanguageIdentifier) -> None:
    assert WordScores(identifier, COLUMN).of([]).shape == (0, 4)
