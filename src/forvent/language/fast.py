"""The fast tier's vectors: a small convolution over pieces, learned from the exact tier's judgements."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import resources

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
#: Parts of one that inputs and weights of a piece are rounded to, for the same reason.
_INPUT, _WEIGHT = 1 << 12, 1 << 14
#: No piece adds more than this, so that three of them fit into 16 bits; and so many places of the ceiling do.
_MOST_PART = 10_900
_FEW = 5
#: Pieces, and texts, understood at once: few enough to stay near the processor; never changes a result.
_CHUNK = 1024
_DENSE = 1024


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
            self._first = _whole(kept["first"], _WEIGHT)
            self._first_bias = _whole(kept["first_bias"], _INPUT * _WEIGHT)
            self._often = kept["often"].astype(np.int64)
            self._learned = _whole(kept["learned"] * kept["learned_step"].astype(np.float64), _INPUT)
            self._spread = _whole(kept["spread"], _WEIGHT)
            self._bias = np.round(kept["bias"].astype(np.float64) * _STEP)
            self._dense = np.round(kept["dense"].astype(np.float64) * _STEP)
            self._dense_bias = np.round(kept["dense_bias"].astype(np.float64) * _STEP * _STEP)
        self.size = self._dense.shape[1]
        self.version = model_version("fast")
        self._channels = len(self._bias)
        self._image = image or ModelImage.read()
        self._pieces = Pieces(self._image)
        self._row = np.full(self._image.vocabulary, -1, dtype=np.int64)
        # Row 0 is what stands between two texts.
        self._before = np.zeros((1, self._channels), dtype=np.int16)
        self._here = self._before.copy()
        self._after = self._before.copy()
        self._used = 1

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors of the texts, shape (len(texts), size), multiples of 1/256 in 0–6."""
        pieces, lengths = self._pieces.of_all(texts, most=MOST_PIECES)
        rows = self._rows(pieces)
        starts = np.cumsum(lengths) - lengths
        # Texts of one length lie together, so that a plain block is summed up.
        order = np.argsort(lengths, kind="stable")
        sizes, firsts = np.unique(lengths[order], return_index=True)
        vectors = np.empty((len(texts), self.size), dtype=np.float32)
        pooled = np.empty((len(texts), 2 * self._channels))
        for length, first, end in zip(
            sizes.tolist(), firsts, [*firsts[1:], len(order)][: len(sizes)], strict=True
        ):
            many = max(1, _CHUNK // length)
            for start in range(first, end, many):
                chosen = order[start : min(end, start + many)]
                block = rows[starts[chosen] + np.arange(length)[:, None]]
                self._pool(block, into=pooled[start : start + len(chosen)])
        for start in range(0, len(texts), _DENSE):
            part = slice(start, start + _DENSE)
            vectors[order[part]] = self._dense_of(pooled[part])
        return vectors

    def _pool(self, rows: NDArray[np.int64], *, into: NDArray[np.float64]) -> None:
        """Largest and three times the mean over the places of texts of one length, one text a column."""
        places = self._here[rows]
        places[1:] += self._before[rows[:-1]]
        places[:-1] += self._after[rows[1:]]
        np.clip(places, 0, _CEILING * _STEP, out=places)
        into[:, : self._channels] = places.max(axis=0)
        into[:, self._channels :] = np.rint(3.0 * _sums(places) / len(rows))

    def _dense_of(self, pooled: NDArray[np.float64]) -> Vectors:
        # Whole numbers below 2⁵³: the sums are exact, whatever their order.
        sums = pooled @ self._dense
        sums += self._dense_bias
        sums /= _STEP * _STEP
        np.clip(sums, 0.0, _CEILING, out=sums)
        sums *= _FINE
        vectors: Vectors = (np.rint(sums, out=sums) / _FINE).astype(np.float32)
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
        for start in range(0, len(pieces), _DENSE):
            part = pieces[start : start + _DENSE]
            parts = self._parts_of(part)
            parts[:, width : 2 * width] += self._bias
            np.clip(parts, -_MOST_PART, _MOST_PART, out=parts)
            rows = slice(self._used + start, self._used + start + len(part))
            self._before[rows] = parts[:, :width]
            self._here[rows] = parts[:, width : 2 * width]
            self._after[rows] = parts[:, 2 * width :]
        self._row[pieces] = np.arange(self._used, needed)
        self._used = needed

    def _parts_of(self, pieces: NDArray[np.int64]) -> NDArray[np.float64]:
        """What each piece adds to the place before, its own, and the one after: sums of whole numbers."""
        inputs = _whole(self._image.words(pieces) * np.float32(8.0), _INPUT)
        scores = inputs @ self._first.T + self._first_bias
        seen = np.rint(np.maximum(scores, 0.0) / _WEIGHT)
        places = np.minimum(np.searchsorted(self._often, pieces), len(self._often) - 1)
        learned = np.where((self._often[places] == pieces)[:, None], self._learned[places], 0.0)
        sums = np.concatenate([seen, learned], axis=1) @ self._spread.T
        parts: NDArray[np.float64] = np.rint(sums * (_STEP / (_INPUT * _WEIGHT)))
        return parts


def _whole(values: NDArray[np.generic], step: int) -> NDArray[np.float64]:
    """Values as whole numbers of so many parts of one."""
    return np.rint(values.astype(np.float64) * step)


def _sums(places: NDArray[np.int16]) -> NDArray[np.int32]:
    """Sums over the places; of a few at a time they fit into 16 bits."""
    few = [places[start : start + _FEW].sum(axis=0, dtype=np.int16) for start in range(0, len(places), _FEW)]
    sums: NDArray[np.int32] = few[0].astype(np.int32)
    for part in few[1:]:
        sums += part
    return sums


def _longer(table: NDArray[np.int16], size: int) -> NDArray[np.int16]:
    longer = np.zeros((size, table.shape[1]), dtype=np.int16)
    longer[: len(table)] = table
    return longer
