"""Polarity of whole texts on the outside sets; language and coverage on the way."""

from __future__ import annotations

from typing import Any

import numpy as np
from benchmarks.quality.figures import ROUNDS, Figure, calibration_error, macro_f1, polar_f1
from benchmarks.quality.sets import Set, polar_texts
from benchmarks.quality.tiers import Tier

#: The macro-F1 that must be reached.
BAR = {"cs": 0.87, "nb": 0.74, "et": 0.76, "zh": 0.88, "hy": 0.87, "en": 0.90}


def measure(tier: Tier, one: Set, most: int) -> dict[str, Any]:
    """What is kept of one set: polarities as letters (p, n, then o and m for neutral and mixed), counts."""
    texts = polar_texts(one, most)
    said = tier.answers([text.text for text in texts])
    true = [text.polarity or "" for text in texts]
    right = [voice.polarity == polarity for voice, polarity in zip(said, true, strict=True)]
    speaking = [voice for voice in said if not voice.content_free]
    return {
        "true": "".join(map(_letter, true)),
        "said": "".join(_letter(voice.polarity) for voice in said),
        "calibration": round(calibration_error([voice.confidence for voice in said], right), 4),
        "language_right": sum(voice.language == one.language for voice in said),
        "speaking": len(speaking),
        "covered": sum(bool(voice.mentions) for voice in speaking),
    }


def figure_of(row: dict[str, Any]) -> Figure:
    """Macro-F1 of a set with its 95 % bootstrap interval over texts."""
    values = draws([row])
    low, high = np.quantile(values[1:], [0.025, 0.975])
    return Figure(float(values[0]), float(low), float(high), len(row["true"]))


def mean_figure_of(rows: list[dict[str, Any]]) -> Figure:
    """Mean over the sets of a language, each resampled by itself."""
    values = draws(rows)
    low, high = np.quantile(values[1:], [0.025, 0.975])
    return Figure(float(values[0]), float(low), float(high), sum(len(row["true"]) for row in rows))


def difference(rows: list[dict[str, Any]], others: list[dict[str, Any]]) -> Figure:
    """Mean over the sets of rows − others, of the same texts, resampled together."""
    values = draws(rows) - draws(others)
    low, high = np.quantile(values[1:], [0.025, 0.975])
    return Figure(float(values[0]), float(low), float(high), sum(len(row["true"]) for row in rows))


def draws(rows: list[dict[str, Any]]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Macro-F1, mean over sets, then that of each resampling; the same texts are drawn for every tier."""
    found = []
    for place, row in enumerate(rows):
        counted = polar_f1(row["true"], row["said"])
        rng = np.random.default_rng([1, place, len(counted)])
        weights = rng.multinomial(len(counted), np.full(len(counted), 1 / len(counted)), size=ROUNDS)
        found.append(macro_f1(np.vstack([counted.sum(axis=0), weights @ counted])))
    mean: np.ndarray[Any, np.dtype[np.float64]] = np.mean(found, axis=0)
    return mean


def _letter(polarity: str) -> str:
    return {"positive": "p", "negative": "n", "neutral": "o"}.get(polarity, "m")
