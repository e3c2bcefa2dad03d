"""The fast tier's vectors: its formula on a tiny model, and the same vector for a text wherever it stands."""

from __future__ import annotations

import importlib.resources
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

import forvent.language.fast
from forvent.errors import EncoderUnavailable
from forvent.language import get_encoder
from forvent.language.fast import MOST_PIECES, FastEncoder
from forvent.language.model_image import ModelImage

WORDS = ("late", "kind", "soup", "cold", "again", "never", "dear", "nice")
PIECES = ("<unk>", *(f"\u2581{word}" for word in WORDS), "太", "慢", "太慢", "!")
TEXTS = (
    "late again",
    "kind",
    "",
    "太慢",
    "the soup was cold!",
    "unheard of",
    "never again late again!!",
    "👍",
    "late",
    "dear dear dear 太慢太",
    "\ud800",
    "nice soup, kind " * 300,
)
HIDDEN, LEARNED, CHANNELS, SIZE = 6, 4, 5, 7


def weights(rng: np.random.Generator) -> dict[str, NDArray[np.generic]]:
    return {
        "first": rng.normal(size=(HIDDEN, 32)).astype(np.float16),
        "first_bias": rng.normal(size=HIDDEN).astype(np.float32),
        "often": np.array([1, 3, 11], dtype=np.int32),
        "learned": rng.integers(-127, 128, (3, LEARNED)).astype(np.int8),
        "learned_step": np.array(0.02, dtype=np.float32),
        "spread": (rng.normal(size=(3 * CHANNELS, HIDDEN + LEARNED)) / 16).astype(np.float16),
        "bias": rng.uniform(1, 3, size=CHANNELS).astype(np.float32),
        "dense": (rng.normal(size=(2 * CHANNELS, SIZE)) / 8).astype(np.float32),
        "dense_bias": rng.uniform(0, 3, size=SIZE).astype(np.float32),
    }


@pytest.fixture
def kept() -> dict[str, NDArray[np.generic]]:
    return weights(np.random.default_rng(3))


@pytest.fixture
def model(image: Callable[..., ModelImage]) -> ModelImage:
    return image(PIECES, [0.0, *(-float(number) for number in range(1, len(PIECES)))])


@pytest.fixture
def folder(tmp_path: Path, kept: dict[str, NDArray[np.generic]], monkeypatch: pytest.MonkeyPatch) -> Path:
    """The place of the package's files, with the tiny weights in it."""
    (tmp_path / "models").mkdir()
    np.savez(tmp_path / "models/fast.npz", allow_pickle=False, **kept)
    here = SimpleNamespace(files=lambda package: tmp_path if "language" in package else real(package))
    real = importlib.resources.files
    monkeypatch.setattr(forvent.language.fast, "resources", here)
    return tmp_path


@pytest.fixture
def tiny(folder: Path, model: ModelImage) -> FastEncoder:
    return FastEncoder(model)


def by_formula(
    kept: dict[str, NDArray[np.generic]], model: ModelImage, numbers: list[int]
) -> NDArray[np.float64]:
    """The formula of the docstring, place by place, without any rounding."""
    parts = {name: values.astype(np.float64) for name, values in kept.items()}
    inputs = model.words(np.array(numbers)).astype(np.float64) * 8
    rows = []
    for number, vector in zip(numbers, inputs, strict=True):
        learned = np.zeros(LEARNED)
        if number in kept["often"]:
            learned = parts["learned"][kept["often"].tolist().index(number)] * parts["learned_step"]
        seen = np.maximum(parts["first"] @ vector + parts["first_bias"], 0)
        rows.append(parts["spread"] @ np.concatenate([seen, learned]))
    width = CHANNELS
    places = []
    for place, row in enumerate(rows):
        total = row[width : 2 * width] + parts["bias"]
        if place:
            total = total + rows[place - 1][:width]
        if place + 1 < len(rows):
            total = total + rows[place + 1][2 * width :]
        places.append(np.clip(total, 0, 6))
    pooled = np.concatenate([np.max(places, axis=0), 3 * np.mean(places, axis=0)])
    found: NDArray[np.float64] = np.clip(pooled @ parts["dense"] + parts["dense_bias"], 0, 6)
    return found


def test_vectors_are_those_of_the_formula(
    tiny: FastEncoder, kept: dict[str, NDArray[np.generic]], model: ModelImage
) -> None:
    place = {piece: number for number, piece in enumerate(PIECES)}
    late, again, never = place["\u2581late"], place["\u2581again"], place["\u2581never"]
    for text, numbers in (
        ("late", [late]),
        ("never late again", [never, late, again]),
        ("late 太慢", [late, place["太慢"], place["慢"]]),
        ("", [0]),
    ):
        (found,) = tiny.encode([text])
        assert np.allclose(found, by_formula(kept, model, numbers), atol=0.05), text


def test_the_order_of_words_counts(tiny: FastEncoder) -> None:
    one, other = tiny.encode(["never late again", "late never again"])
    assert not np.array_equal(one, other)


def test_vectors_are_multiples_of_a_256th_between_0_and_6(tiny: FastEncoder) -> None:
    vectors = tiny.encode(TEXTS)
    assert (vectors.shape, vectors.dtype) == ((len(TEXTS), SIZE), np.float32)
    assert tiny.size == SIZE
    assert ((vectors >= 0) & (vectors <= 6)).all()
    assert np.array_equal(vectors * 256, np.rint(vectors * 256))
    assert vectors.any()


def check_any_order(encoder: FastEncoder, texts: tuple[str, ...]) -> None:
    together = encoder.encode(texts)
    alone = np.vstack([encoder.encode([text]) for text in texts])
    assert np.array_equal(together, alone)
    assert np.array_equal(encoder.encode(texts[::-1])[::-1], alone)
    by_three = [encoder.encode(texts[first : first + 3]) for first in range(0, len(texts), 3)]
    assert np.array_equal(np.vstack(by_three), alone)
    assert np.array_equal(encoder.encode(texts), alone)


def test_a_text_has_the_same_vector_alone_in_any_batch_and_in_any_order(tiny: FastEncoder) -> None:
    check_any_order(tiny, TEXTS)


def test_what_was_read_before_changes_nothing(folder: Path, model: ModelImage) -> None:
    first, second = FastEncoder(model), FastEncoder(model)
    second.encode(TEXTS[::-1])
    assert np.array_equal(first.encode(TEXTS), second.encode(TEXTS))


def test_how_many_pieces_are_understood_at_once_changes_nothing(
    tiny: FastEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = tiny.encode(TEXTS)
    for chunk in (1, 7, 300):
        monkeypatch.setattr(forvent.language.fast, "_CHUNK", chunk)
        assert np.array_equal(tiny.encode(TEXTS), whole)


def test_any_texts_in_any_order(tiny: FastEncoder) -> None:
    @settings(deadline=None, derandomize=True, max_examples=40)
    @given(st.lists(st.one_of(st.sampled_from(TEXTS), st.text(st.characters(), max_size=30)), max_size=8))
    def holds(texts: list[str]) -> None:
        vectors = tiny.encode(texts)
        assert vectors.shape == (len(texts), SIZE)
        for text, vector in zip(texts, vectors, strict=True):
            assert np.array_equal(tiny.encode([text])[0], vector)

    holds()


def test_only_the_beginning_of_a_very_long_text_is_read(tiny: FastEncoder) -> None:
    first, second = tiny.encode(["late " * MOST_PIECES, "late " * MOST_PIECES + "kind " * 20_000])
    assert np.array_equal(first, second)


def test_unknown_words_are_all_alike(tiny: FastEncoder) -> None:
    vectors = tiny.encode(["", "\u2581", "☂", "  "])
    assert (vectors == vectors[0]).all()


def test_no_texts_have_no_vectors(tiny: FastEncoder) -> None:
    assert tiny.encode([]).shape == (0, SIZE)


def test_missing_weights_are_told(folder: Path, model: ModelImage) -> None:
    (folder / "models/fast.npz").unlink()
    with pytest.raises(EncoderUnavailable) as refused:
        FastEncoder(model)
    assert str(refused.value) == "The fast tier's weights are missing. Install forvent again."


# ------------------------------------------------------------------------- the weights that ship


@pytest.fixture(scope="module")
def fast() -> FastEncoder:
    return FastEncoder()


SAID = (
    "The parcel came four days late.",
    "快递太慢了，服务员态度很差",
    "Zásilka přišla o dva dny později, ale obsluha byla milá.",
    "ok",
    "Միջոցներ չկան",
    "Toit oli maitsev ja teenindus kiire, tuleme kindlasti varsti tagasi!",
    "Pakken kom aldri fram",
    "",
    "👍👍",
    "\ud800 late",
    "z̷̢̛a̵͜l̸g̶o̴",
    "x" * 100_000,
    "The parcel came late. " * 4600,
)


def test_the_fast_tier_that_ships_gives_the_same_vector_in_any_order(fast: FastEncoder) -> None:
    check_any_order(fast, SAID)
    vectors = fast.encode(SAID)
    assert vectors.shape == (len(SAID), fast.size)
    assert ((vectors >= 0) & (vectors <= 6)).all()


def test_other_pieces_read_before_change_no_vector_that_ships(fast: FastEncoder) -> None:
    fresh = FastEncoder()
    fresh.encode([f"{one} {two}" for one in SAID[:7] for two in WORDS])
    assert np.array_equal(fresh.encode(SAID), fast.encode(SAID))


def test_the_fast_tier_is_got_by_its_name() -> None:
    assert get_encoder("fast").name == "fast"
