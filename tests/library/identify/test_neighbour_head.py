"""What the training voices nearest to a text speak of."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from forvent.identify.catalogue import catalogue, examples
from forvent.identify.neighbour_head import (
    EVEN,
    FADES,
    HALF_FAMILIAR,
    LEAST,
    NEAREST,
    NeighbourHead,
    neighbour_head,
)
from forvent.language import Encoder
from forvent.tables import LANGUAGES


def head_of(
    signs: list[list[int]], spoken: list[list[int]], *, met: list[list[int]] | None = None
) -> NeighbourHead:
    good = spoken if met is None else met
    bad = (np.array(spoken) - np.array(good)).tolist()
    return NeighbourHead(
        expectations=("a", "b"),
        version="own",
        center=np.zeros(len(signs[0])),
        signs=np.packbits(np.array(signs, dtype=np.uint8), axis=1),
        said=np.array([spoken, good, bad], dtype=np.int64),
    )


def logit(share: float) -> float:
    return float(np.log((share + LEAST) / (1 - share + LEAST)))


def drawn(count: int) -> NDArray[np.float32]:
    vectors = np.random.default_rng(7).normal(size=(count, 384))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def test_knows_the_general_expectations_in_their_order() -> None:
    assert neighbour_head().expectations == tuple(catalogue())


def test_the_nearer_voice_is_heard_more_by_the_cosine_with_its_signs() -> None:
    head = head_of([[1, 1, 1, 1], [1, 1, 1, 0]], [[1, 0], [0, 1]])
    asked = np.array([[0.5, 0.5, 0.5, 0.05]])
    length = np.sqrt(0.7525) * 2
    near, far = 1.55 / length, 1.45 / length
    share = 1 / (1 + np.exp((far - near) / FADES))
    assert head.votes(asked).mention[0] == pytest.approx([logit(share), logit(1 - share)], abs=0.01)


def test_vectors_are_looked_at_from_their_mean() -> None:
    head = head_of([[1, 0], [0, 1]], [[1, 0], [0, 1]])
    shifted = NeighbourHead(head.expectations, "own", np.array([0.3, -0.2]), head.signs, head.said)
    asked = np.array([[0.6, -0.8]])
    assert shifted.votes(asked + shifted.center).mention.tolist() == head.votes(asked).mention.tolist()


def test_no_more_than_the_nearest_are_asked() -> None:
    near, far = [1, 1, 1, 1, 1, 1, 1, 1], [0, 1, 1, 1, 1, 1, 1, 1]
    head = head_of([near] * NEAREST + [far] * 1000, [[1, 0]] * NEAREST + [[0, 1]] * 1000)
    assert head.votes(np.ones((1, 8))).mention.tolist() == [[round(logit(1), 6), round(logit(0), 6)]]


def test_all_that_are_as_near_as_the_last_are_asked() -> None:
    head = head_of([[1, 1]] * (2 * NEAREST), [[1, 0], [0, 1]] * NEAREST)
    assert head.votes(np.ones((1, 2))).mention.tolist() == [[0.0, 0.0]]


def test_whether_it_was_met_is_told_by_those_that_speak_of_it() -> None:
    head = head_of([[1, 1], [1, 1], [1, 1]], [[1, 0], [1, 1], [0, 1]], met=[[1, 0], [1, 0], [0, 0]])
    found = head.votes(np.ones((1, 2))).met[0]
    assert found.tolist() == [
        round(float(np.log((2 + EVEN) / EVEN)), 6),
        round(float(np.log(EVEN / (2 + EVEN))), 6),
    ]


def test_a_text_is_the_more_familiar_the_more_its_nearest_are_like_it() -> None:
    head = head_of([[1, 1, 1, 1]] * NEAREST, [[1, 0]] * NEAREST)
    asked = np.array([[1.0, 1.0, 1.0, 1.0], [1.0, 1.0, 1.0, -1.0], [1.0, 1.0, -1.0, -1.0]])
    same, half, none = head.votes(asked).familiar
    assert same == 1.0
    assert half == pytest.approx(1 / (1 + np.exp((HALF_FAMILIAR - 0.5) / 0.02)), abs=1e-6)
    assert none < 1e-6


def test_where_nobody_says_whether_it_was_met_it_is_even() -> None:
    head = head_of([[1, 1]], [[0, 0]])
    assert head.votes(np.ones((1, 2))).met.tolist() == [[0.0, 0.0]]


def test_what_no_neighbour_speaks_of_is_unlikely_not_impossible() -> None:
    found = neighbour_head().votes(drawn(50)).mention
    assert np.abs(found).max() <= round(logit(1), 6)


def test_a_text_has_the_same_scores_in_any_batch_bit_for_bit() -> None:
    asked = drawn(300)
    head = neighbour_head()
    for what in ("mention", "met"):
        together = getattr(head.votes(asked), what)
        assert getattr(head.votes(asked[::-1]), what)[::-1].tobytes() == together.tobytes()
        for place in (0, 127, 128, 299):
            assert getattr(head.votes(asked[[place]]), what).tobytes() == together[[place]].tobytes()


def test_none_asked_none_told() -> None:
    assert neighbour_head().votes(np.empty((0, 384))).mention.shape == (0, 32)


@pytest.mark.parametrize("language", LANGUAGES)
def test_plain_examples_are_among_voices_of_their_kind(encoder: Encoder, language: str) -> None:
    chosen = examples(language)[::10]
    found = neighbour_head().votes(encoder.encode([one.text for one in chosen])).mention
    ids = neighbour_head().expectations
    right = [ids[int(row.argmax())] == one.expectation for row, one in zip(found, chosen, strict=True)]
    assert np.mean(right) > 0.8
