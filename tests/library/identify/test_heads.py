"""The heads that ship: their shape, and that a batch decides nothing."""

from __future__ import annotations

from dataclasses import fields
from itertools import pairwise

import numpy as np
import pytest

from forvent.errors import EncoderUnavailable
from forvent.identify import catalogue
from forvent.identify.heads import Features, Head, Heads, Numbers, load_heads, weighed
from forvent.identify.ngrams import BUCKETS, Ngrams, ngrams
from forvent.language import Encoder

TEXTS = (
    "The parcel came late.",
    "快递太慢了",
    "",
    "👍",
    "Obsluha byla milá.",
    "late",
    "Չափազանց թանկ է։",
    "x" * 3000,
)


@pytest.fixture(scope="module")
def heads() -> Heads:
    return load_heads("exact")


def every(heads: Heads) -> dict[str, Head]:
    return {one.name: getattr(heads, one.name) for one in fields(heads) if one.type == "Head"}


def probabilities(heads: Heads, encoder: Encoder, texts: tuple[str, ...]) -> Numbers:
    features = heads.features(encoder.encode(texts), texts, ["en"] * len(texts))
    return np.hstack([head.probabilities(features) for head in every(heads).values()])


def test_one_output_for_each_expectation_and_one_for_each_question(heads: Heads) -> None:
    assert heads.expectations == tuple(catalogue())
    widths = {name: head.weights.shape for name, head in every(heads).items()}
    assert widths.pop("mention") == (384, 32)
    assert set(widths) == {"met", "positive", "neutral", "wish"}
    assert set(widths.values()) == {(384, 1)}
    assert all(head.group_weights.shape == (BUCKETS, head.weights.shape[1]) for head in every(heads).values())


def test_thresholds_are_probabilities_and_numbers_are_finite(heads: Heads) -> None:
    assert all(0 < one < 1 for one in (heads.mention_from, heads.neutral_from, heads.wish_from))
    assert heads.version
    assert (heads.spread > 0).all()
    for head in every(heads).values():
        assert np.isfinite(head.weights).all()
        assert np.isfinite(head.group_weights).all()
        assert head.calibration.shape == (3,)


def test_probabilities_lie_between_nothing_and_one(heads: Heads, encoder: Encoder) -> None:
    found = probabilities(heads, encoder, TEXTS)
    assert found.shape == (len(TEXTS), 36)
    assert ((found >= 0) & (found <= 1)).all()


def test_a_text_has_the_same_probabilities_bit_for_bit_in_any_batch(heads: Heads, encoder: Encoder) -> None:
    many = tuple(f"{text} {number}" for number in range(12) for text in TEXTS[:2]) + TEXTS
    alone = np.vstack([probabilities(heads, encoder, (text,)) for text in many])
    assert np.array_equal(probabilities(heads, encoder, many), alone)
    assert np.array_equal(probabilities(heads, encoder, many[::-1])[::-1], alone)
    by_five = [probabilities(heads, encoder, many[first : first + 5]) for first in range(0, len(many), 5)]
    assert np.array_equal(np.vstack(by_five), alone)


def test_letter_groups_are_weighed_to_unit_length_in_each_text() -> None:
    found = weighed(ngrams(["", "late again late", "👍", "太慢", ""]), np.linspace(1, 3, BUCKETS))
    starts = [0, *found.ends.tolist()]
    lengths = [float(np.sqrt((found.counts[start:end] ** 2).sum())) for start, end in pairwise(starts)]
    assert np.allclose(lengths, [0, 1, 0, 1, 0])


def test_rare_groups_weigh_more_and_repeated_ones_less_than_in_proportion() -> None:
    counted = Ngrams(np.array([0, 1]), np.array([1.0, 1.0]), np.array([2]))
    rarity = np.ones(BUCKETS)
    rarity[1] = 3.0
    assert np.allclose(weighed(counted, rarity).counts, np.array([1, 3]) / np.sqrt(10))
    repeated = Ngrams(np.array([0, 1]), np.array([1.0, np.e]), np.array([2]))
    assert np.allclose(weighed(repeated, np.ones(BUCKETS)).counts, np.array([1, 2]) / np.sqrt(5))


def test_a_head_joins_meaning_and_letters_as_its_formula_says() -> None:
    head = Head(
        weights=np.array([[2.0], [0.0]]),
        bias=np.array([1.0]),
        group_weights=np.full((BUCKETS, 1), 0.5, dtype=np.float32),
        group_bias=np.array([-1.0]),
        calibration=np.array([0.5, 2.0, 0.25]),
        calibration_alone=np.array([1.0, -2.0]),
    )
    groups = Ngrams(np.array([3, 4]), np.array([1.0, 3.0]), np.array([2, 2, 2]))
    vectors = np.array([[1.0, 5.0], [0.0, 5.0], [1.0, 5.0]])
    features = Features(vectors, groups, np.array([True, True, False]))
    # 0.5·(2 + 1) + 2·(0.5·4 - 1) + 0.25 = 3.75; with no letter group 0.5·1 + 2·(-1) + 0.25 = -1.25;
    # in a language whose words no head has seen 1·(2 + 1) - 2 = 1
    wanted = 1 / (1 + np.exp([-3.75, 1.25, -1.0]))
    assert np.allclose(head.probabilities(features)[:, 0], wanted, atol=1e-6)


def test_an_encoder_without_heads_is_refused() -> None:
    with pytest.raises(EncoderUnavailable) as refused:
        load_heads("other")
    assert str(refused.value) == (
        "No heads were fitted for the encoder 'other'. Use 'exact', or run training/train.py."
    )


def test_letters_tell_nothing_in_a_language_the_heads_did_not_learn() -> None:
    heads = load_heads("exact")
    vectors = np.zeros((2, 384), dtype=np.float32)
    features = heads.features(vectors, ["ok", "tudo bem"], ["en", "pt"])
    assert features.lettered.tolist() == [True, False]
    assert heads.mentioned_from("pt") == heads.mention_from_alone
    assert heads.mentioned_from("hy") == heads.mention_from
