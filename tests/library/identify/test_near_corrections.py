"""Corrections hold for words like the corrected ones, and move nothing else by a bit."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from forvent.identify.corrections import Taught
from forvent.identify.example_vectors import example_vectors
from forvent.identify.near_corrections import NearCorrections, near_corrections
from forvent.language import Encoder

IDS = ("fast_delivery", "product_quality")
NEAR = "they left the parcel behind the bins in the rain"
LIKE = "they left my parcel behind the bins in the rain"
FAR = ["what a friendly young man at the till", "far too expensive for two slices of ham"]


def corrections(encoder: Encoder, *taught: Taught) -> NearCorrections:
    vectors = example_vectors([one.text for one in taught], encoder)
    zero, one = np.zeros(encoder.size), np.ones(encoder.size)
    return near_corrections(taught, vectors=vectors, ids=IDS, center=zero, spread=one)


def moved(encoder: Encoder, texts: Sequence[str], chances: Sequence[float], *taught: Taught) -> np.ndarray:
    before = np.array([[chance, chance] for chance in chances])
    return corrections(encoder, *taught).adjusted(before, encoder.encode(texts))


def yes(text: str, expectation: str = "fast_delivery") -> Taught:
    return Taught(expectation, text, True, "unmet", "en")


def no(text: str, expectation: str = "fast_delivery") -> Taught:
    return Taught(expectation, text, False, None, "en")


def test_the_same_words_follow_however_sure_the_head_was(words: Encoder) -> None:
    assert moved(words, [NEAR], [1.0], no(NEAR))[0].tolist() == [pytest.approx(0.0025, abs=1e-4), 1.0]
    assert moved(words, [NEAR], [0.0], yes(NEAR))[0].tolist() == [pytest.approx(0.9975, abs=1e-4), 0.0]


def test_words_like_it_follow_and_others_do_not_move_by_a_bit(words: Encoder) -> None:
    before = [0.71, 0.123456, 0.5]
    after = moved(words, [LIKE, *FAR], before, no(NEAR))
    assert after[0, 0] < 0.2
    assert after[1:].tolist() == [[chance, chance] for chance in before[1:]]
    assert after[0, 1] == 0.71


def test_the_nearer_the_further_it_moves(words: Encoder) -> None:
    texts = [NEAR, LIKE, "they left the parcel behind my bins and it rained", FAR[0]]
    after = moved(words, texts, [0.5] * 4, yes(NEAR))[:, 0]
    assert after[0] > after[1] > after[2] >= after[3] == 0.5


def test_ten_thousand_corrections_of_a_kind_pull_no_more_than_one_of_the_same_words(words: Encoder) -> None:
    once = moved(words, [NEAR], [0.9], no(NEAR))
    many = moved(words, [NEAR], [0.9], *(no(NEAR + " again" * n) for n in range(4)))
    assert many.tolist() == once.tolist()


def test_for_and_against_in_the_same_words_cancel(words: Encoder) -> None:
    assert moved(words, [NEAR], [0.3], yes(NEAR), no(NEAR))[0, 0] == 0.3


def test_order_and_batch_change_no_bit(words: Encoder) -> None:
    taught = [no(NEAR), yes(LIKE), yes(FAR[0], "product_quality"), no(FAR[1])]
    texts, chances = [NEAR, LIKE, *FAR], [0.2, 0.4, 0.6, 0.8]
    whole = moved(words, texts, chances, *taught)
    assert np.array_equal(whole, moved(words, texts, chances, *taught[::-1]))
    single = [moved(words, [text], [chance], *taught) for text, chance in zip(texts, chances, strict=True)]
    assert np.array_equal(whole, np.vstack(single))


def test_corrections_of_other_ids_and_none_at_all_move_nothing(words: Encoder) -> None:
    assert moved(words, [NEAR], [0.37], no(NEAR, "hot_soup")).tolist() == [[0.37, 0.37]]
    assert moved(words, [NEAR], [0.37]).tolist() == [[0.37, 0.37]]


def test_what_went_in_is_not_changed(words: Encoder) -> None:
    before = np.array([[0.5, 0.5]])
    corrections(words, no(NEAR)).adjusted(before, words.encode([NEAR]))
    assert before.tolist() == [[0.5, 0.5]]
