"""Figures with their intervals: F1, calibration error, agreement of two labellers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from forvent.stats import wilson

ROUNDS = 1000
Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Figure:
    """A figure, its 95 % interval, and the number of texts (or cases) behind it."""

    value: float
    low: float
    high: float
    n: int

    def row(self) -> dict[str, Any]:
        """As it is kept."""
        return {name: round(number, 4) for name, number in asdict(self).items()}


@dataclass(frozen=True)
class Found:
    """Of each text: mentions that are right, mentions that are wrong, labels found, labels missed."""

    counts: Numbers

    def row(self) -> dict[str, Any]:
        """F1 with its interval over texts, precision and recall, and the sums."""
        good, wrong, found, missed = self.counts.sum(axis=0).tolist() if len(self.counts) else (0, 0, 0, 0)
        return {
            **resampled(self.counts, f1_of).row(),
            "precision": round(good / max(good + wrong, 1), 4),
            "recall": round(found / max(found + missed, 1), 4),
            "mentions": int(good + wrong),
            "labels": int(found + missed),
        }


def found_of(pairs: Sequence[tuple[frozenset[Any], frozenset[Any]]]) -> Found:
    """From what was said and what is true of each text."""
    rows = [(len(said & true), len(said - true), len(said & true), len(true - said)) for said, true in pairs]
    return Found(np.array(rows, dtype=np.float64).reshape(-1, 4))


def f1_of(sums: Numbers) -> Numbers:
    """F1 from sums of the four counts, shape (…, 4); 0 where nothing was found."""
    good, wrong, found, missed = np.moveaxis(sums, -1, 0)
    precision = good / np.maximum(good + wrong, 1.0)
    recall = found / np.maximum(found + missed, 1.0)
    both: Numbers = 2 * precision * recall / np.maximum(precision + recall, 1e-9)
    return both


def resampled(rows: ArrayLike, figure: Callable[[Numbers], Numbers]) -> Figure:
    """A figure of summed rows with its 95 % bootstrap interval over rows."""
    values = np.asarray(rows, dtype=np.float64)
    if not len(values):
        return Figure(0.0, 0.0, 0.0, 0)
    rng = np.random.default_rng(1)
    weights = rng.multinomial(len(values), np.full(len(values), 1 / len(values)), size=ROUNDS)
    low, high = np.quantile(figure(weights @ values), [0.025, 0.975])
    return Figure(float(figure(values.sum(axis=0))), float(low), float(high), len(values))


def mean_figure(values: Sequence[float]) -> Figure:
    """Mean of values with its bootstrap interval."""
    rows = np.column_stack([values, np.ones(len(values))]) if len(values) else np.zeros((0, 2))
    return resampled(rows, lambda sums: sums[..., 0] / np.maximum(sums[..., 1], 1.0))


def share(part: int, whole: int) -> Figure:
    """A share with its Wilson interval; 0 of 0 is no figure, told by n."""
    if not whole:
        return Figure(0.0, 0.0, 1.0, 0)
    found = wilson(part, whole)
    return Figure(found.value, found.low, found.high, whole)


def polar_f1(true: Sequence[str], said: Sequence[str]) -> Numbers:
    """Rows that :func:`macro_f1` sums: hits, true and said of positive, then of negative."""
    columns = []
    for polarity in ("p", "n"):
        is_true = np.array([one == polarity for one in true], dtype=np.float64)
        is_said = np.array([one == polarity for one in said], dtype=np.float64)
        columns += [is_true * is_said, is_true, is_said]
    return np.column_stack(columns)


def macro_f1(sums: Numbers) -> Numbers:
    """Mean F1 of positive and negative; neutral or mixed said of either is wrong."""
    hits, true, said = (sums[..., first::3] for first in range(3))
    mean: Numbers = (2 * hits / np.maximum(true + said, 1.0)).mean(axis=-1)
    return mean


def calibration_error(confidence: ArrayLike, right: ArrayLike) -> float:
    """Mean distance of confidence from the share that is right, over ten bins."""
    sure, hits = np.asarray(confidence, dtype=np.float64), np.asarray(right, dtype=np.float64)
    bins = np.clip((sure * 10).astype(int), 0, 9)
    parts = [bins == number for number in range(10)]
    return float(
        sum(abs(sure[part].mean() - hits[part].mean()) * part.mean() for part in parts if part.any())
    )


def kappa(first: Sequence[Hashable], second: Sequence[Hashable]) -> float | None:
    """Cohen's kappa of two labellers; None where chance alone would agree on everything."""
    n = len(first)
    agreed = sum(one == other for one, other in zip(first, second, strict=True)) / n
    of_first, of_second = Counter(first), Counter(second)
    chance = sum(count * of_second[label] for label, count in of_first.items()) / n**2
    return None if chance == 1.0 else (agreed - chance) / (1 - chance)


def alpha(first: Sequence[Hashable], second: Sequence[Hashable]) -> float | None:
    """Krippendorff's alpha, nominal, of two labellers who both labelled every text."""
    n = 2 * len(first)
    differ = sum(one != other for one, other in zip(first, second, strict=True)) / len(first)
    counts = Counter([*first, *second])
    expected = 1 - sum(count * (count - 1) for count in counts.values()) / (n * (n - 1))
    return None if expected == 0.0 else 1 - differ / expected
