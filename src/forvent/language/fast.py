"""The fast tier's vectors: a small convolution over pieces, learned from the exact tier's judgements."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import resources
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from forvent.errors import EncoderUnavailable
from forvent.language.model_image import ModelImage, model_version
from forvent.language.pieces import Pieces

Vectors = NDArray[np.float32]

#: Pieces of a text that are read.
MOST_PIECES = 256
#: Scores of pieces are kept as whole numbers of this part, so that sums are exact in any order.
_STEP = 1024
#: The same for the vectors themselves.
_FINE = 256
_CEILING = 6
#: Pieces understood at once; bounds the memory, never changes a result.
_CHUNK = 60_000


class FastEncoder:
    r"""Vectors at thousands of texts a second, from a student of the exact tier.

    A piece :math:`p` of the vocabulary has an input vector :math:`e_p` (that of the exact model) and, where
    it was seen often, a learned one :math:`d_p`; :math:`g_p = [\max(0, W e_p + b);\, d_p]`. At each place
    :math:`y_t = A_0 g_{t-1} + A_1 g_t + A_2 g_{t+1} + a`, cut to 0–6; the largest and three times the mean
    over the places go through one more layer, cut to 0–6. :math:`A_k g_p` is worked out once a piece and
    rounded, and all that follows is exact arithmetic on whole numbers: the same text has the same vector in
    any batch, bit for bit.

    Source
    ------
    Kim (2014), "Convolutional neural networks for sentence classification", EMNLP; Hinton, Vinyals & Dean
    (2015), arXiv 1503.02531, for learning from another model's judgements. Fitted by ``training/distil.py``.

    Examples
    --------
    >>> vectors = FastEncoder().encode(["on time", "včas"])
    >>> vectors.shape
    (2, 256)
    """

    name = "fast"

    def __init__(self, image: ModelImage | None = None) -> None:
        file = resources.files("forvent.language").joinpath("models/fast.npz")
        if not file.is_file():
            raise EncoderUnavailable("The fast tier's weights are missing.", hint="Install forvent again.")
        with file.open("rb") as stream, np.load(stream, allow_pickle=False) as kept:
            self._first = kept["first"].astype(np.float32)
            self._first_bias = kept["first_bias"].astype(np.float32)
            self._often = kept["often"].astype(np.int64)
            self._learned = kept["learned"].astype(np.float32) * kept["learned_step"].astype(np.float32)
            self._spread = kept["spread"].astype(np.float32)
            self._bias = np.round(kept["bias"].astype(np.float64) * _STEP).astype(np.float32)
            self._dense = np.round(kept["dense"].astype(np.float64) * _STEP)
            self._dense_bias = np.round(kept["dense_bias"].astype(np.float64) * _STEP * _STEP)
        self.size = self._dense.shape[1]
        self.version = model_version("fast")
        self._channels = len(self._bias)
        self._image = image or ModelImage.read()
        self._pieces = Pieces(self._image)
        self._row = np.full(self._image.vocabulary, -1, dtype=np.int64)
        # Row 0 is what stands between two texts.
        self._before = np.zeros((1, self._channels), dtype=np.float32)
        self._here = self._before.copy()
        self._after = self._before.copy()
        self._used = 1

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors of the texts, shape (len(texts), size), multiples of 1/256 in 0–6."""
        cut = self._pieces.of
        found = [cut(text, most=MOST_PIECES) for text in texts]
        lengths = np.fromiter(map(len, found), dtype=np.int64, count=len(found))
        # Texts of one length lie together, so that a plain block is summed up.
        order = np.argsort(lengths, kind="stable")
        vectors = np.empty((len(texts), self.size), dtype=np.float32)
        start = 0
        while start < len(order):
            room = np.searchsorted(np.cumsum(lengths[order[start:]]), _CHUNK, side="right")
            end = start + max(1, int(room))
            chosen = order[start:end]
            vectors[chosen] = self._understood([found[place] for place in chosen], lengths[chosen])
            start = end
        return vectors

    def _understood(self, found: Sequence[list[int]], lengths: NDArray[np.int64]) -> Vectors:
        flat = np.fromiter(chain.from_iterable(found), dtype=np.int64, count=int(lengths.sum()))
        rows = self._rows(flat)
        ends = np.cumsum(lengths)
        before = np.concatenate([[0], rows[:-1]])
        after = np.concatenate([rows[1:], [0]])
        before[ends - lengths] = 0
        after[ends - 1] = 0
        places = self._here[rows]
        places += self._before[before]
        places += self._after[after]
        np.clip(places, 0, _CEILING * _STEP, out=places)
        pooled = np.empty((len(found), 2 * self._channels))
        first = 0
        for length in np.unique(lengths).tolist():
            count = int((lengths == length).sum())
            row = first + count
            start = int(ends[first] - length)
            block = places[start : start + count * length].reshape(count, length, self._channels)
            pooled[first:row, : self._channels] = block.max(axis=1)
            pooled[first:row, self._channels :] = np.rint(3.0 * block.sum(axis=1) / length)
            first = row
        # Whole numbers below 2⁵³: the sums are exact, whatever their order.
        sums = pooled @ self._dense + self._dense_bias
        cut = np.clip(sums / (_STEP * _STEP), 0.0, _CEILING)
        vectors: Vectors = (np.rint(cut * _FINE) / _FINE).astype(np.float32)
        return vectors

    def _rows(self, pieces: NDArray[np.int64]) -> NDArray[np.int64]:
        rows = self._row[pieces]
        new = np.unique(pieces[rows < 0])
        if len(new):
            self._learn_rows(new)
            rows = self._row[pieces]
        return rows

    def _learn_rows(self, pieces: NDArray[np.int64]) -> None:
        needed = self._used + len(pieces)
        if needed > len(self._here):
            size = max(needed, 2 * len(self._here))
            self._before, self._here, self._after = (
                _longer(table, size) for table in (self._before, self._here, self._after)
            )
        width = self._channels
        places = np.searchsorted(self._often, pieces)
        inputs = self._image.words(pieces) * np.float32(8.0)
        for index, piece in enumerate(pieces):
            # One by one: the last bits of a product of whole matrices hang on the size of the batch.
            seen = np.maximum(self._first @ inputs[index] + self._first_bias, 0.0)
            place = places[index]
            known = place < len(self._often) and self._often[place] == piece
            learned = self._learned[place] if known else np.zeros(self._learned.shape[1], dtype=np.float32)
            parts = np.rint(self._spread @ np.concatenate([seen, learned]) * _STEP)
            row = self._used + index
            self._before[row] = parts[:width]
            self._here[row] = parts[width : 2 * width] + self._bias
            self._after[row] = parts[2 * width :]
        self._row[pieces] = np.arange(self._used, needed)
        self._used = needed


def _longer(table: NDArray[np.float32], size: int) -> NDArray[np.float32]:
    longer = np.zeros((size, table.shape[1]), dtype=np.float32)
    longer[: len(table)] = table
    return longer
