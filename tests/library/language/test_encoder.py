"""Vectors: the same for the same text, asked for once, and never too many."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from forvent.errors import EncoderUnavailable
from forvent.language import RememberingEncoder, available_encoders, get_encoder
from forvent.language.encodable import LONGEST
from forvent.language.encoder import BundledEncoder, Encoder, TwiceRemembering

if TYPE_CHECKING:
    from collections.abc import Callable

TEXTS = (
    "The parcel came four days late.",
    "快递太慢了",
    "Zásilka přišla o dva dny později, ale obsluha byla milá.",
    "ok",
    "Միջոցներ չկան",
    "Toit oli maitsev ja teenindus kiire, tuleme kindlasti varsti tagasi!",
    "Pakken kom aldri fram",
)
STRANGE = ("", " ", "😀", "a\x00b", "\ud800", "late \udfff again", "\u202eabc", "\x01\x02", "x" * 100_000)


@pytest.fixture(scope="module")
def bundled() -> Encoder:
    """The engine itself, without memory."""
    return BundledEncoder()


@pytest.fixture
def counted(pretend: Encoder) -> Callable[[int], RememberingEncoder]:
    return lambda capacity: RememberingEncoder(pretend, capacity=capacity)


def test_vectors_are_of_unit_length_and_the_size_that_is_told(bundled: Encoder) -> None:
    vectors = bundled.encode(TEXTS)
    assert (vectors.shape, vectors.dtype) == ((len(TEXTS), bundled.size), np.float32)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)


def test_a_text_has_the_same_vector_alone_in_any_batch_and_in_any_order(bundled: Encoder) -> None:
    alone = np.vstack([bundled.encode([text]) for text in TEXTS])
    assert np.array_equal(bundled.encode(TEXTS), alone)
    assert np.array_equal(bundled.encode(TEXTS[::-1])[::-1], alone)
    by_three = [bundled.encode(TEXTS[first : first + 3]) for first in range(0, len(TEXTS), 3)]
    assert np.array_equal(np.vstack(by_three), alone)


def test_the_same_meaning_is_near_in_another_language(encoder: Encoder) -> None:
    late, spaet, price = encoder.encode(
        ["The parcel came late.", "Das Paket kam zu spät.", "It is far too expensive."]
    )
    assert late @ spaet > late @ price


def test_strange_texts_have_vectors_too(bundled: Encoder) -> None:
    vectors = bundled.encode(STRANGE)
    assert np.isfinite(vectors).all()
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)


def test_what_stands_after_a_nul_is_read(bundled: Encoder) -> None:
    cut, read, blank = bundled.encode(
        ["late", "late\x00but the staff were kind", "late but the staff were kind"]
    )
    assert not np.array_equal(cut, read)
    assert read @ blank > 0.97


def test_only_the_beginning_of_an_endless_text_is_read(bundled: Encoder) -> None:
    start = ("late again " * LONGEST)[:LONGEST]
    first, second = bundled.encode([start, start + "but kind"])
    assert np.array_equal(first, second)


def test_no_texts_have_no_vectors(bundled: Encoder) -> None:
    assert bundled.encode([]).shape == (0, bundled.size)
    assert RememberingEncoder(bundled).encode([]).shape == (0, bundled.size)


def test_each_distinct_text_is_asked_for_once(counted: Callable[[int], RememberingEncoder]) -> None:
    remembering = counted(100)
    first = remembering.encode(["late", "kind", "late"])
    second = remembering.encode(["kind", "dear"])
    assert remembering.asked == 3
    assert np.array_equal(first[0], first[2])
    assert np.array_equal(first[1], second[0])


def test_remembered_vectors_are_those_of_the_encoder(pretend: Encoder) -> None:
    remembering = RememberingEncoder(pretend, capacity=2)
    for texts in (TEXTS, TEXTS[::-1], TEXTS[2:5]):
        assert np.array_equal(remembering.encode(texts), pretend.encode(texts))
    assert (remembering.name, remembering.size) == (pretend.name, pretend.size)


def test_what_was_unused_for_longest_is_forgotten_first(
    counted: Callable[[int], RememberingEncoder],
) -> None:
    remembering = counted(2)
    for text in ("late", "kind", "late", "dear"):
        remembering.encode([text])
    assert remembering.asked == 3
    remembering.encode(["late"])
    assert remembering.asked == 3
    remembering.encode(["kind"])
    assert remembering.asked == 4


def test_memory_is_bounded_by_the_capacity(counted: Callable[[int], RememberingEncoder]) -> None:
    remembering = counted(10)
    for first in range(0, 100, 20):
        remembering.encode([f"text {number}" for number in range(first, first + 20)])
    assert len(remembering._kept._vectors) == 10
    # A view would keep its whole batch alive.
    assert all(kept.base is None for kept in remembering._kept._vectors.values())


def test_a_change_of_the_answer_does_not_change_what_is_remembered(
    counted: Callable[[int], RememberingEncoder],
) -> None:
    remembering = counted(10)
    answer = remembering.encode(["late"])
    kept = answer.copy()
    answer[:] = 0
    assert np.array_equal(remembering.encode(["late"]), kept)


def test_a_second_reading_is_worked_out_once_and_brings_the_first(
    bundled: BundledEncoder,
) -> None:
    remembering = TwiceRemembering(bundled, capacity=3)
    tuned, untuned = bundled.encode_twice(TEXTS[:3])
    assert np.array_equal(remembering.encode_untuned([*TEXTS[:3], TEXTS[0]]), untuned[[0, 1, 2, 0]])
    assert np.array_equal(remembering.encode(TEXTS[:3]), tuned)
    assert np.array_equal(tuned, bundled.encode(TEXTS[:3]))
    assert remembering.asked == 3
    assert np.array_equal(remembering.encode_untuned(TEXTS[:2]), untuned[:2])
    assert remembering.asked == 3
    # A clause of one voice can be the whole of another.
    remembering.encode(["late"])
    assert remembering.encode_untuned(["late"]).shape == (1, bundled.size)
    assert remembering.asked == 4


def test_an_unknown_encoder_is_refused_with_those_that_are_known() -> None:
    assert available_encoders() == ("exact", "fast")
    with pytest.raises(EncoderUnavailable) as refused:
        get_encoder("best")
    assert (
        str(refused.value)
        == "There is no encoder called 'best'. Use one of: exact, fast; or your own: docs/howto/encoders.md."
    )


def test_an_engine_that_does_not_load_is_an_error_with_a_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> Encoder:
        raise OSError("libexample.so.1 is missing")

    monkeypatch.setitem(get_encoder.__globals__["_ENCODERS"], "exact", broken)
    with pytest.raises(EncoderUnavailable) as refused:
        get_encoder()
    assert str(refused.value) == (
        "The encoder 'exact' could not be loaded: libexample.so.1 is missing. "
        "Install forvent's dependencies again; on this kind of computer a C compiler may be needed."
    )


def test_the_usual_encoder_remembers() -> None:
    loaded = get_encoder()
    assert isinstance(loaded, RememberingEncoder)
    loaded.encode(["ok", "ok"])
    assert loaded.asked == 1
