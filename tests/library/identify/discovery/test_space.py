"""Languages laid over each other, and what says nothing in particular."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from forvent.identify.discovery.space import (
    Reference,
    general_phrases,
    language_centres,
    learn_reference,
    place,
    says_what,
    with_languages,
)
from forvent.language import Encoder
from forvent.tables import LANGUAGES


@pytest.fixture(scope="module")
def reference(invented: SimpleNamespace) -> Reference:
    return learn_reference(invented.encoder(), languages=["cs", "de"])


def test_without_the_centre_of_its_language_a_complaint_lies_nearest_to_its_translation(
    invented: SimpleNamespace, reference: Reference
) -> None:
    voices = [
        voice
        for topic in ("snorkel", "kickboard")
        for code in ("en", "cs")
        for voice in invented.about(topic, 30, language=code)
    ]
    vectors = invented.encoder().encode([voice.text for voice in voices])
    languages = [str(voice.language) for voice in voices]
    topics = np.repeat([0, 0, 1, 1], 30)
    centres = language_centres(vectors, languages, reference=reference, known={})
    placed = place(vectors, languages, centres)
    other = np.array(languages)[:, None] != np.array(languages)[None, :]
    same = topics[:, None] == topics[None, :]
    for between, reached in ((vectors, False), (placed, True)):
        similarity = between @ between.T
        crosses = similarity[other & same].mean() > similarity[~other & ~same].mean()
        assert crosses == reached


def test_few_sentences_hardly_move_the_centre_and_many_take_it_over(
    invented: SimpleNamespace, reference: Reference
) -> None:
    vectors = invented.encoder().encode(["snorkel one", "snorkel two"])
    far = float(np.linalg.norm(reference.centre("en") - vectors.mean(axis=0)))
    for times, left in ((1, 500 / 502), (250, 1 / 2), (5000, 500 / 10_500)):
        said = np.repeat(vectors, times, axis=0)
        centre = language_centres(said, ["en"] * len(said), reference=reference, known={})["en"]
        assert np.linalg.norm(centre - vectors.mean(axis=0)) / far == pytest.approx(left, abs=0.001)


def test_a_language_without_examples_is_centred_on_what_was_said_in_it(
    invented: SimpleNamespace, reference: Reference
) -> None:
    vectors = invented.encoder().encode([f"潜水 {number}" for number in range(90)])
    extended = with_languages(reference, vectors, ["zh"] * 90)
    far = np.linalg.norm(reference.centre("zh") - vectors.mean(axis=0))
    assert np.linalg.norm(extended.centre("zh") - vectors.mean(axis=0)) == pytest.approx(far / 10, rel=0.01)
    assert np.array_equal(extended.centre("en"), reference.centre("en"))


def test_a_centre_that_is_known_stays(invented: SimpleNamespace, reference: Reference) -> None:
    fixed = np.ones(invented.encoder.size, dtype=np.float32)
    vectors = invented.encoder().encode(["snorkel"])
    assert np.array_equal(
        language_centres(vectors, ["en"], reference=reference, known={"en": fixed})["en"], fixed
    )


def test_a_language_without_examples_gets_the_centre_of_all(reference: Reference) -> None:
    mean = (reference.centre("en") + reference.centre("cs")) / 2
    assert reference.centre("de") == pytest.approx(mean, abs=1e-6)


def test_unrelated_examples_are_near_once_in_two_thousand_pairs(reference: Reference) -> None:
    similarity = reference.sentences @ reference.sentences.T
    upper = similarity[np.triu_indices(len(similarity), 1)]
    assert 0.0001 < (upper >= reference.near).mean() < 0.002


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_phrases_that_say_nothing_in_particular(language: str) -> None:
    phrases = general_phrases(language)
    assert len(set(phrases)) == len(phrases) >= 30


def test_praise_and_thanks_say_nothing_in_particular_and_a_complaint_does(encoder: Encoder) -> None:
    plain = ["We were so happy with everything", "many thanks!"]
    telling = ["there is nowhere to leave the car", "the water in the pool was cold"]
    found = learn_reference(encoder, languages=["en"])
    placed = found.place(np.asarray(encoder.encode([*plain, *telling])), ["en"] * 4)
    assert says_what(placed, reference=found).tolist() == [False, False, True, True]
