"""Heads: what they say of vectors, and that a batch decides nothing."""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from io import BytesIO

import numpy as np
import pytest
from numpy.typing import NDArray

from forvent.errors import EncoderUnavailable
from forvent.identify import catalogue
from forvent.identify.heads import SPOKEN_ACTS, Heads, Judged, Numbers, Thresholds, load_heads, read_heads
from forvent.language import Encoder
from forvent.tables import ACTS

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
THRESHOLDS = Thresholds(mention=0.4, neutral=0.9, wish=0.5, irony=0.95, act=0.4)


@pytest.fixture(scope="module")
def heads() -> Heads:
    return load_heads("exact")


@pytest.fixture
def small() -> Heads:
    """Two expectations, vectors of two numbers; 13 outputs, each with a weight of its own."""
    weights = np.zeros((2, 13))
    weights[0] = np.arange(13)
    weights[1] = 1.0
    return written(("first", "second"), weights, np.linspace(-3, 3, 13))


def written(expectations: tuple[str, ...], weights: Numbers, bias: Numbers) -> Heads:
    """Heads by way of the file they ship in."""
    stream = BytesIO()
    about = {"expectations": expectations, "thresholds": asdict(THRESHOLDS), "version": "1 of 2 texts"}
    size = len(weights)
    np.savez(
        stream,
        allow_pickle=False,
        about=np.array(json.dumps(about)),
        weights=weights,
        bias=bias,
        center=np.zeros(size),
        spread=np.ones(size),
    )
    stream.seek(0)
    return read_heads(stream)


def rows(judged: Judged) -> Numbers:
    """All probabilities side by side, one row a text."""
    return np.column_stack([getattr(judged, one.name) for one in fields(judged)])


def same(one: Judged, other: Judged) -> bool:
    return np.array_equal(rows(one), rows(other))


def test_the_heads_that_ship_know_the_catalogue_and_are_finite(heads: Heads) -> None:
    assert heads.expectations == tuple(catalogue())
    assert heads.weights.shape == (384, 2 * 32 + len(SPOKEN_ACTS) + 4)
    assert heads.bias.shape == (73,)
    assert heads.center.shape == heads.spread.shape == (384,)
    assert np.isfinite(heads.weights).all()
    assert np.isfinite(heads.bias).all()
    assert (heads.spread > 0).all()
    assert heads.version


def test_thresholds_are_probabilities(heads: Heads) -> None:
    assert all(0 < one < 1 for one in asdict(heads.thresholds).values())


def test_what_a_voice_can_do_is_all_acts_but_none() -> None:
    assert (*SPOKEN_ACTS, "none") == ACTS


def test_probabilities_lie_between_nothing_and_one(heads: Heads, encoder: Encoder) -> None:
    judged = heads.judge(encoder.encode(TEXTS))
    assert judged.mention.shape == judged.met.shape == (len(TEXTS), 32)
    assert judged.act.shape == (len(TEXTS), 5)
    assert judged.irony.shape == judged.positive.shape == judged.neutral.shape == judged.wish.shape
    assert judged.irony.shape == (len(TEXTS),)
    assert ((rows(judged) >= 0) & (rows(judged) <= 1)).all()


def test_outputs_stand_in_their_order_and_are_logistic(small: Heads) -> None:
    judged = small.judge(np.array([[0.5, -1.0], [0.0, 0.0]]))
    scores = 0.5 * np.arange(13) - 1.0 + np.linspace(-3, 3, 13)
    wanted = 1 / (1 + np.exp(-np.array([scores, np.linspace(-3, 3, 13)])))
    assert np.allclose(rows(judged), wanted, atol=1e-6)
    assert np.allclose(judged.mention, wanted[:, :2], atol=1e-6)
    assert np.allclose(judged.met, wanted[:, 2:4], atol=1e-6)
    assert np.allclose(judged.act, wanted[:, 4:9], atol=1e-6)
    assert np.allclose(judged.irony, wanted[:, 12], atol=1e-6)


def test_probabilities_have_six_digits_and_never_overflow(small: Heads) -> None:
    judged = rows(small.judge(np.array([[1e3, 1e3], [-1e3, -1e3], [0.1, 0.7]])))
    assert np.array_equal(judged, np.round(judged, 6))
    assert judged[0, 5] == 1.0
    assert judged[1, 5] == 0.0


def drawn(many: int, size: int) -> NDArray[np.float32]:
    found = np.random.default_rng(1).normal(size=(many, size)).astype(np.float32)
    return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True), dtype=np.float32)


def test_a_vector_is_judged_the_same_bit_for_bit_in_any_batch(heads: Heads) -> None:
    many = drawn(300, 384)
    alone = np.vstack([rows(heads.judge(vector[None])) for vector in many])
    assert np.array_equal(rows(heads.judge(many)), alone)
    assert np.array_equal(rows(heads.judge(many[::-1]))[::-1], alone)
    for batch in (2, 7, 64):
        parts = [rows(heads.judge(many[first : first + batch])) for first in range(0, len(many), batch)]
        assert np.array_equal(np.vstack(parts), alone)
    assert np.array_equal(rows(heads.judge(np.asfortranarray(many))), alone)


def test_sums_do_not_hang_on_the_order_of_their_parts(heads: Heads) -> None:
    order = np.random.default_rng(2).permutation(384)
    shuffled = Heads(
        heads.expectations,
        heads.weights[order],
        heads.bias,
        heads.thresholds,
        heads.version,
        heads.center,
        heads.spread,
    )
    many = drawn(100, 384)
    assert same(heads.judge(many), shuffled.judge(many[:, order]))


def test_no_vectors_have_no_rows(heads: Heads) -> None:
    assert heads.judge(np.zeros((0, 384))).mention.shape == (0, 32)


def test_rows_are_chosen_and_replaced_in_all_outputs(small: Heads) -> None:
    first, second = small.judge(drawn(4, 2)), small.judge(drawn(6, 2)[4:])
    merged = first.replaced(np.array([3, 1]), second)
    assert np.array_equal(rows(merged)[[3, 1]], rows(second))
    assert np.array_equal(rows(merged)[[0, 2]], rows(first)[[0, 2]])
    assert not np.array_equal(rows(merged)[1], rows(first)[1])
    assert same(merged.rows(np.array([3, 1])), second)
    assert same(merged.rows(slice(0, 1)), first.rows(slice(0, 1)))


def test_an_encoder_without_heads_is_refused() -> None:
    with pytest.raises(EncoderUnavailable) as refused:
        load_heads("other")
    assert str(refused.value) == (
        "No heads were fitted for the encoder 'other'. "
        "Use 'exact', 'fast' or 'auto', or fit heads for it: docs/howto/encoders.md."
    )
