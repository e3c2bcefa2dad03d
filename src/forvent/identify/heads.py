"""What vectors say: which expectations, whether met, which polarity, what a voice does, irony."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from importlib import resources
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from forvent.errors import EncoderUnavailable
from forvent.tables import ACTS

Numbers = NDArray[np.float64]

#: Vectors and weights are rounded to these parts, so that sums of their products are exact in any order.
_VECTOR_PARTS = 2**20
_WEIGHT_PARTS = 2**10

#: Rows worked out together: few enough to stay near the processor; never changes a result.
_TOGETHER = 512

#: What a voice can do, in the order of the outputs; "none" is for texts that say nothing.
SPOKEN_ACTS = ACTS[:5]


@dataclass(frozen=True, slots=True)
class Judged:
    """Calibrated probabilities of several texts, one row each.

    ``mention`` and ``met`` have a column for each expectation, ``act`` for each of
    :data:`SPOKEN_ACTS`; ``met`` is that of a mention, should there be one.
    """

    mention: Numbers
    met: Numbers
    act: Numbers
    positive: Numbers
    neutral: Numbers
    wish: Numbers
    irony: Numbers

    def rows(self, chosen: slice | NDArray[Any]) -> Judged:
        """Some of the rows."""
        return Judged(*(getattr(self, field.name)[chosen] for field in fields(self)))

    def replaced(self, places: NDArray[np.int64], other: Judged) -> Judged:
        """The same with the rows of another in some places."""
        merged = []
        for field in fields(self):
            values = getattr(self, field.name).copy()
            values[places] = getattr(other, field.name)
            merged.append(values)
        return Judged(*merged)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From which probability something is said, chosen on text the heads did not learn from."""

    mention: float
    neutral: float
    wish: float
    irony: float
    act: float


@dataclass(frozen=True)
class Heads:
    """Logistic regressions on the vectors of one encoder, calibrated on text that they did not learn from.

    probability = 1 / (1 + exp(-(x·w + b))), with slope and offset of the calibration folded into w and b.
    """

    expectations: tuple[str, ...]
    weights: Numbers
    bias: Numbers
    thresholds: Thresholds
    version: str
    #: Mean and spread of the vectors the heads learned from.
    center: Numbers
    spread: Numbers

    def judge(self, vectors: NDArray[np.floating]) -> Judged:
        """What the vectors say, the same for a row in whatever batch it comes."""
        rounded = np.empty((len(vectors), self.weights.shape[1]))
        whole = np.empty((min(_TOGETHER, len(vectors)), vectors.shape[1]))
        for first in range(0, len(vectors), _TOGETHER):
            part = slice(first, first + _TOGETHER)
            some = whole[: len(rounded[part])]
            some[:] = vectors[part]
            self._probabilities(some, into=rounded[part])
        n = len(self.expectations)
        rest = 2 * n + len(SPOKEN_ACTS)
        return Judged(
            mention=rounded[:, :n],
            met=rounded[:, n : 2 * n],
            act=rounded[:, 2 * n : rest],
            positive=rounded[:, rest],
            neutral=rounded[:, rest + 1],
            wish=rounded[:, rest + 2],
            irony=rounded[:, rest + 3],
        )

    def _probabilities(self, whole: Numbers, *, into: Numbers) -> None:
        """Of a few vectors, whose room is written over."""
        scores = exact_sums(whole, self.weights, into=into)
        scores += self.bias
        np.clip(scores, -40.0, 40.0, out=scores)
        np.exp(np.negative(scores, out=scores), out=scores)
        scores += 1.0
        np.divide(1.0, scores, out=scores)
        # Rounded, so that the last bits, which hang on the processor, decide nothing.
        np.round(scores, 6, out=scores)


def weight_parts(weights: NDArray[np.floating]) -> Numbers:
    """Weights in whole parts of 1/1024, as :func:`exact_sums` takes them.

    Source
    ------
    Our own definition, ``docs/formulas/identify.md#mention``.

    Examples
    --------
    >>> weight_parts(np.array([0.5])).tolist()
    [512.0]
    """
    parts: Numbers = np.rint(weights.astype(np.float64) * _WEIGHT_PARTS)
    return parts


def exact_sums(vectors: Numbers, weights: Numbers, *, into: Numbers | None = None) -> Numbers:
    """Products of vectors and weights, summed up exactly.

    Parameters
    ----------
    vectors
        Shape (texts, size); their room is written over.
    weights
        Shape (size, outputs), from :func:`weight_parts`.
    into
        Room for the sums, shape (texts, outputs).

    Returns
    -------
    array
        Shape (texts, outputs). The same for a row in whatever batch it comes.

    Source
    ------
    Our own definition, ``docs/formulas/identify.md#mention``.

    Examples
    --------
    >>> exact_sums(np.array([[0.25, 1.0]]), weight_parts(np.array([[2.0], [3.0]]))).tolist()
    [[3.5]]
    """
    vectors *= _VECTOR_PARTS
    # Whole numbers below 2⁵³: the sums are exact, whatever their order.
    sums: Numbers = np.matmul(np.rint(vectors, out=vectors), weights, out=into)
    sums /= _VECTOR_PARTS * _WEIGHT_PARTS
    return sums


@dataclass(frozen=True)
class Joint:
    """How the log-odds of those that judge together are added, for each kind of output.

    a·exact + b·fast + c; where more are heard, whose scores are logarithms already, a·exact + b·fast +
    d·third + … + c: letters and neighbours for mentions, neighbours for whether these were met, the second
    reading for the polarity of whole voices. Of these there are two sets of weights, one for voices like
    those that the tiers learned from and one for others.
    """

    weights: Mapping[str, tuple[float, ...]]
    thresholds: Thresholds

    def of(self, kind: str, exact: Numbers, fast: Numbers, *more: Numbers) -> Numbers:
        """Joined probabilities of one kind of output."""
        return _rounded(self._scores(kind, [log_odds(exact), log_odds(fast), *more]))

    def of_whole(self, exact: Numbers, fast: Numbers, second: Numbers, *, familiar: Numbers) -> Numbers:
        """Probability that whole voices are positive; ``familiar`` says how far each is like those learned
        from, in 0–1, shape (voices,)."""
        heard = [log_odds(exact), log_odds(fast), second]
        near, far = (self._scores(kind, heard) for kind in ("positive_familiar", "positive_other"))
        return _rounded(familiar * near + (1.0 - familiar) * far)

    def _scores(self, kind: str, heard: Sequence[Numbers]) -> Numbers:
        *slopes, offset = self.weights[kind]
        return sum((slope * one for slope, one in zip(slopes, heard, strict=True)), np.full(1, offset))


def _rounded(scores: Numbers) -> Numbers:
    """Probabilities of log-odds."""
    probability: Numbers = np.round(1.0 / (1.0 + np.exp(-np.clip(scores, -40.0, 40.0))), 6)
    return probability


def log_odds(probability: Numbers) -> Numbers:
    """Log-odds of probabilities that were rounded to six digits.

    Parameters
    ----------
    probability
        In 0–1.

    Returns
    -------
    array
        Within ±13.8.

    Source
    ------
    Our own definition, ``docs/formulas/identify.md#tiers``.

    Examples
    --------
    >>> log_odds(np.array([0.5])).tolist()
    [0.0]
    """
    kept = np.clip(probability, 1e-6, 1.0 - 1e-6)
    odds: Numbers = np.log(kept / (1.0 - kept))
    return odds


@cache
def load_joint() -> Joint:
    """How the exact tier joins its heads, the fast tier's, letters, neighbours and the second reading.

    Source
    ------
    Platt (1999) with several scores; fitted by ``training/join_tiers.py``.

    Examples
    --------
    >>> 0 < load_joint().thresholds.mention < 1
    True
    """
    file = resources.files("forvent.identify").joinpath("heads/joint.json")
    entry: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    weights = {kind: tuple(map(float, slopes)) for kind, slopes in entry["weights"].items()}
    return Joint(weights, Thresholds(**entry["thresholds"]))


def read_heads(stream: IO[bytes]) -> Heads:
    """Heads from an opened ``.npz`` file; nothing in it can run.

    Parameters
    ----------
    stream
        The file, opened for reading bytes.

    Returns
    -------
    Heads
        Ready to judge.

    Source
    ------
    Platt (1999) for the calibration; written by ``training/fit_heads.py``.
    """
    with np.load(stream, allow_pickle=False) as arrays:
        about: dict[str, Any] = json.loads(str(arrays["about"]))
        return Heads(
            expectations=tuple(about["expectations"]),
            weights=weight_parts(arrays["weights"]),
            bias=arrays["bias"].astype(np.float64),
            thresholds=Thresholds(**about["thresholds"]),
            version=about["version"],
            center=arrays["center"].astype(np.float64),
            spread=arrays["spread"].astype(np.float64),
        )


@cache
def load_heads(encoder: str) -> Heads:
    """The heads that ship for an encoder.

    Parameters
    ----------
    encoder
        Name of the encoder, such as ``exact``.

    Returns
    -------
    Heads
        Weights and thresholds, read from the package without pickle.

    Raises
    ------
    EncoderUnavailable
        If no heads were fitted for this encoder.

    Source
    ------
    Platt (1999) for the calibration; fitted by ``training/fit_heads.py``.

    Examples
    --------
    >>> heads = load_heads("exact")
    >>> heads.weights.shape
    (384, 73)
    """
    file = resources.files("forvent.identify").joinpath(f"heads/{encoder}.npz")
    if not file.is_file():
        raise EncoderUnavailable(
            f"No heads were fitted for the encoder '{encoder}'.",
            hint="Use 'exact', 'fast' or 'auto', or fit heads for it: docs/howto/encoders.md.",
        )
    with file.open("rb") as stream:
        return read_heads(stream)
