"""Linear heads over sentences: which expectation, which polarity, a wish, no judgement."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forvent.errors import EncoderUnavailable
from forvent.identify.ngrams import Ngrams, ngrams

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Features:
    """What heads see of texts: standardised vectors, and letter groups weighed by how rare they are.

    ``lettered`` says of which texts the letter groups tell something: those in a language the heads learned.
    """

    vectors: Numbers
    groups: Ngrams
    lettered: NDArray[np.bool_]


@dataclass(frozen=True)
class Head:
    """Two logistic regressions, on vectors and on letter groups, joined and calibrated by a third.

    probability = 1 / (1 + exp(-(c₀·(x·w + b) + c₁·(g·v + d) + c₂))), and for a text in a language whose
    words no head has seen 1 / (1 + exp(-(a₀·(x·w + b) + a₁))).
    """

    weights: Numbers
    bias: Numbers
    group_weights: NDArray[np.float32]
    group_bias: Numbers
    calibration: Numbers
    calibration_alone: Numbers

    def probabilities(self, features: Features) -> Numbers:
        """Calibrated probabilities, shape (n, outputs)."""
        # Row by row: the last bits of a product of whole matrices hang on the size of the batch.
        by_meaning = np.stack([vector @ self.weights for vector in features.vectors]) + self.bias
        by_letters = _sums(features.groups, self.group_weights) + self.group_bias
        joined = self.calibration[0] * by_meaning + self.calibration[1] * by_letters + self.calibration[2]
        alone = self.calibration_alone[0] * by_meaning + self.calibration_alone[1]
        score = np.where(features.lettered[:, None], joined, alone)
        # Rounded, so that the last bits, which hang on the processor, decide nothing.
        rounded: Numbers = np.round(1.0 / (1.0 + np.exp(-np.clip(score, -40.0, 40.0))), 6)
        return rounded


@dataclass(frozen=True)
class Heads:
    """All heads of one encoder, with the thresholds chosen on held-out folds."""

    expectations: tuple[str, ...]
    center: Numbers
    spread: Numbers
    rarity: Numbers
    mention: Head
    met: Head
    positive: Head
    neutral: Head
    wish: Head
    mention_from: float
    mention_from_alone: float
    neutral_from: float
    wish_from: float
    languages: frozenset[str]
    version: str

    def features(
        self, vectors: NDArray[np.float32], texts: Sequence[str], languages: Sequence[str]
    ) -> Features:
        """Features of texts whose vectors and languages are known."""
        standard = (vectors.astype(np.float64) - self.center) / self.spread
        lettered = np.array([language in self.languages for language in languages], dtype=bool)
        return Features(standard, weighed(ngrams(texts), self.rarity), lettered)

    def mentioned_from(self, language: str) -> float:
        """Probability from which an expectation counts as mentioned."""
        return self.mention_from if language in self.languages else self.mention_from_alone


def weighed(groups: Ngrams, rarity: Numbers) -> Ngrams:
    """Letter groups with (1 + log count) × rarity, at unit length in each text.

    Parameters
    ----------
    groups
        Counts of letter groups.
    rarity
        Inverse document frequency of each bucket, shape (BUCKETS,).

    Returns
    -------
    Ngrams
        The same groups with their weights in place of the counts.

    Source
    ------
    Salton & Buckley (1988), "Term-weighting approaches in automatic text retrieval".
    """
    values = (1.0 + np.log(groups.counts)) * rarity[groups.buckets]
    starts = np.concatenate([[0], groups.ends])
    # Each text is summed by itself; a text without groups has a length that nothing is divided by.
    lengths = np.sqrt(np.maximum(np.add.reduceat(np.append(values**2, 0.0), starts[:-1]), 1e-12))
    return Ngrams(groups.buckets, values / np.repeat(lengths, np.diff(starts)), groups.ends)


def _sums(groups: Ngrams, weights: NDArray[np.float32]) -> Numbers:
    """Weighted sum over the letter groups of each text, shape (n, outputs)."""
    sums = np.zeros((len(groups.ends), weights.shape[1]))
    start = 0
    for row, end in enumerate(groups.ends):
        sums[row] = groups.counts[start:end] @ weights[groups.buckets[start:end]]
        start = end
    return sums


@cache
def load_heads(encoder: str) -> Heads:
    """The heads that were fitted for an encoder.

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
    Platt (1999) for the calibration; fitted by ``training/train.py``.

    Examples
    --------
    >>> heads = load_heads("exact")
    >>> heads.mention.weights.shape
    (384, 32)
    """
    file = resources.files("forvent.identify").joinpath(f"heads/{encoder}.npz")
    if not file.is_file():
        raise EncoderUnavailable(
            f"No heads were fitted for the encoder '{encoder}'.",
            hint="Use 'exact', or run training/train.py.",
        )
    with file.open("rb") as stream, np.load(stream, allow_pickle=False) as arrays:
        about: dict[str, Any] = json.loads(str(arrays["about"]))
        return Heads(
            expectations=tuple(about["expectations"]),
            center=arrays["center"].astype(np.float64),
            spread=arrays["spread"].astype(np.float64),
            rarity=arrays["rarity"].astype(np.float64),
            mention=_head(arrays, "mention"),
            met=_head(arrays, "met"),
            positive=_head(arrays, "positive"),
            neutral=_head(arrays, "neutral"),
            wish=_head(arrays, "wish"),
            mention_from=about["thresholds"]["mention"],
            mention_from_alone=about["thresholds"]["mention_alone"],
            neutral_from=about["thresholds"]["neutral"],
            wish_from=about["thresholds"]["wish"],
            languages=frozenset(about["by_language"]),
            version=about["version"],
        )


def _head(arrays: Any, name: str) -> Head:
    return Head(
        weights=arrays[f"{name}_weights"].astype(np.float64),
        bias=arrays[f"{name}_bias"].astype(np.float64),
        group_weights=arrays[f"{name}_group_weights"].astype(np.float32),
        group_bias=arrays[f"{name}_group_bias"].astype(np.float64),
        calibration=arrays[f"{name}_calibration"].astype(np.float64),
        calibration_alone=arrays[f"{name}_calibration_alone"].astype(np.float64),
    )
