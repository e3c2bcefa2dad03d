"""Fits the linear heads that ship with forvent; run by ``make train``.

Every training text is judged by heads that did not see it: for mentions by heads that
learned from the other kinds of text, else from the other four fifths. On these
judgements the calibration (Platt) and the thresholds are chosen; the heads that ship
are then fitted on everything.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from forvent.identify import catalogue
from forvent.identify.heads import weighed
from forvent.identify.ngrams import BUCKETS, ngrams
from forvent.language import Encoder, get_encoder
from material import HERE, Row, rows

Numbers = NDArray[np.float64]

OUT = HERE.parent / "src/forvent/identify/heads/exact.npz"
CACHE = HERE / ".cache"
#: Kinds of text; for mentions a fold is a kind, judged by what was learned from the others, as in use.
SOURCES = ("catalogue", "voices", "mentions", "polarity", "csrest")
#: Inverse strength of the ridge for features with unit spread, chosen on the folds.
STRENGTH = {"mention": 0.0075, "met": 0.001, "positive": 0.00025, "neutral": 0.001, "wish": 0.005}
#: The same for letter groups, which have unit length in each text.
GROUP_STRENGTH = {"mention": 10.0, "met": 3.0, "positive": 1.0, "neutral": 1.0, "wish": 3.0}
#: Letter groups carry the polarity of a whole text badly from one kind of text to another: of the weights
#: tried on the development sets (0, ¼, ½, 1) a quarter was best on average.
LETTERS_IN_POLARITY = 0.25
#: Single clauses about one expectation are unlike whole texts; beside those they weigh less for polarity.
CLAUSES_IN_POLARITY = 0.25


def main() -> None:
    """Fit, calibrate, choose thresholds, write."""
    material = rows()
    vectors = vectors_of([row.text for row in material])
    center, spread = vectors.mean(axis=0), vectors.std(axis=0)
    meaning = (vectors - center) / spread
    groups, rarity = groups_of([row.text for row in material])
    by_source = np.array([SOURCES.index(row.source) for row in material])
    by_chance = np.array([int(hashlib.sha256(row.text.encode()).hexdigest(), 16) % 5 for row in material])
    arrays: dict[str, object] = {
        "center": center.astype(np.float32),
        "spread": spread.astype(np.float32),
        "rarity": rarity.astype(np.float16),
    }
    thresholds: dict[str, float] = {}
    for name in STRENGTH:
        known, target, weight = targets(name, material)
        folds = by_source if name == "mention" else by_chance
        by_meaning = out_of_fold(meaning[known], target, weight, folds[known], strength=STRENGTH[name])
        by_letters = out_of_fold(groups[known], target, weight, folds[known], strength=GROUP_STRENGTH[name])
        calibration = platt(name, by_meaning, by_letters, target, weight)
        alone = platt_alone(by_meaning, target, weight)
        probability = sigmoid(calibration[0] * by_meaning + calibration[1] * by_letters + calibration[2])
        weights, bias = fit(meaning[known], target, weight, strength=STRENGTH[name])
        group_weights, group_bias = fit(groups[known], target, weight, strength=GROUP_STRENGTH[name])
        arrays |= {
            f"{name}_weights": weights.astype(np.float32),
            f"{name}_bias": bias.astype(np.float32),
            f"{name}_group_weights": group_weights.astype(np.float16),
            f"{name}_group_bias": group_bias.astype(np.float32),
            f"{name}_calibration": calibration.astype(np.float32),
            f"{name}_calibration_alone": alone.astype(np.float32),
        }
        judge = np.array(
            [material[index].source in {"voices", "mentions"} for index in np.flatnonzero(known)]
        )
        thresholds[name] = threshold(name, probability[judge], target[judge])
        if name == "mention":
            by_meaning_alone = sigmoid(alone[0] * by_meaning + alone[1])[judge]
            thresholds["mention_alone"] = threshold(name, by_meaning_alone, target[judge])
            print(
                f"mention alone: threshold {thresholds['mention_alone']:.2f}, "
                f"{quality(by_meaning_alone, target[judge], thresholds['mention_alone'])}"
            )
        held_out = quality(probability[judge], target[judge], thresholds[name])
        print(f"{name}: {int(known.sum())} texts, threshold {thresholds[name]:.2f}, {held_out}")
    about = {
        "version": f"heads/1 {len(material)} texts",
        "encoder": "exact",
        "expectations": list(catalogue()),
        "thresholds": thresholds,
        "by_language": {
            language: sum(row.language == language for row in material)
            for language in sorted({row.language for row in material})
        },
    }
    OUT.parent.mkdir(exist_ok=True)
    np.savez_compressed(OUT, about=np.array(json.dumps(about)), **arrays)  # type: ignore[arg-type]
    print(f"{OUT.name}: {OUT.stat().st_size:,} bytes; {about['by_language']}")


def targets(name: str, material: list[Row]) -> tuple[NDArray[np.bool_], Numbers, Numbers]:
    """Which rows a head learns from, what it shall say of them, and their weights."""
    if name == "mention":
        order = {identifier: column for column, identifier in enumerate(catalogue())}
        known = np.array([row.mentions is not None for row in material])
        target = np.zeros((int(known.sum()), len(order)))
        for index, row in enumerate(row for row in material if row.mentions is not None):
            target[index, [order[identifier] for identifier in row.mentions or ()]] = 1.0
        return known, target, np.ones(len(target))
    values: list[bool | None] = [_value(name, row) for row in material]
    known = np.array([value is not None for value in values])
    target = np.array([float(value) for value in values if value is not None])[:, None]
    weight = np.ones(len(target))
    if name in {"positive", "met"}:
        # Each side weighs the same: a shop's share of praise is not the share in our training text.
        share = target.mean()
        weight = np.where(target[:, 0] > 0, 0.5 / share, 0.5 / (1 - share))
    if name == "positive":
        clause = np.array([row.source in {"catalogue", "mentions"} for row in material])[known]
        weight = weight * np.where(clause, CLAUSES_IN_POLARITY, 1.0)
    return known, target, weight


def _value(name: str, row: Row) -> bool | None:
    if name in {"positive", "met"}:
        return row.sentiment == "positive" if row.sentiment in {"positive", "negative"} else None
    if name == "neutral":
        return row.sentiment == "neutral" if row.sentiment is not None else None
    return row.wish


def fit(features: Any, target: Numbers, weight: Numbers, *, strength: float) -> tuple[Numbers, Numbers]:
    """Weights (size, outputs) and bias (outputs,) of one logistic regression an output."""
    models = [
        LogisticRegression(C=strength, max_iter=3000).fit(features, column, sample_weight=weight)
        for column in target.T
    ]
    return np.concatenate([model.coef_ for model in models]).T, np.concatenate(
        [model.intercept_ for model in models]
    )


def out_of_fold(
    features: Any, target: Numbers, weight: Numbers, folds: NDArray[np.int_], *, strength: float
) -> Numbers:
    """Scores of every row by heads that did not see it."""
    scores = np.zeros_like(target)
    for fold in np.unique(folds):
        seen = folds != fold
        weights, bias = fit(features[seen], target[seen], weight[seen], strength=strength)
        scores[~seen] = features[~seen] @ weights + bias
    return scores


def platt(name: str, by_meaning: Numbers, by_letters: Numbers, target: Numbers, weight: Numbers) -> Numbers:
    """Two slopes and an offset that join the scores and turn them into probabilities."""
    weights, truth = np.repeat(weight, target.shape[1]), target.reshape(-1)
    scores = np.stack([by_meaning.reshape(-1), by_letters.reshape(-1)], axis=1)
    if name == "positive":
        joined = scores @ np.array([[1.0], [LETTERS_IN_POLARITY]])
        model = LogisticRegression(C=1e6).fit(joined, truth, sample_weight=weights)
        slope = model.coef_[0, 0]
        return np.array([slope, slope * LETTERS_IN_POLARITY, model.intercept_[0]])
    model = LogisticRegression(C=1e6, max_iter=1000).fit(scores, truth, sample_weight=weights)
    return np.array([*model.coef_[0], model.intercept_[0]])


def platt_alone(by_meaning: Numbers, target: Numbers, weight: Numbers) -> Numbers:
    """Slope and offset for texts of which the letter groups tell nothing."""
    model = LogisticRegression(C=1e6).fit(
        by_meaning.reshape(-1, 1), target.reshape(-1), sample_weight=np.repeat(weight, target.shape[1])
    )
    return np.array([model.coef_[0, 0], model.intercept_[0]])


def sigmoid(scores: Numbers) -> Numbers:
    """Scores as probabilities."""
    probability: Numbers = 1 / (1 + np.exp(-scores))
    return probability


def groups_of(texts: list[str]) -> tuple[Any, Numbers]:
    """Letter groups of the texts as a sparse matrix, and the rarity of each bucket."""
    counted = ngrams(texts)
    seen = np.bincount(counted.buckets, minlength=BUCKETS)
    rarity = np.log((1 + len(texts)) / (1 + seen)) + 1
    # As it will be when it is read from the file.
    rarity = rarity.astype(np.float16).astype(np.float64)
    ready = weighed(counted, rarity)
    pointers = np.concatenate([[0], ready.ends])
    return csr_matrix((ready.counts, ready.buckets, pointers), shape=(len(texts), BUCKETS)), rarity


def threshold(name: str, probability: Numbers, target: Numbers) -> float:
    """Where the F1 over all outputs is best; for a wish, from where on eight of ten are right."""
    steps = np.arange(0.1, 0.96, 0.01)
    if name == "mention":
        return float(round(max(steps, key=lambda step: f1(probability >= step, target > 0)[0]), 2))
    if name in {"positive", "met"}:
        return 0.5
    if name == "neutral":
        # A judgement that is overlooked costs more than a flat remark that is judged.
        return 0.9
    sure = [step for step in steps if f1(probability >= step, target > 0)[1] >= 0.8]
    return float(round(sure[0] if sure else steps[-1], 2))


def f1(said: NDArray[np.bool_], true: NDArray[np.bool_]) -> tuple[float, float, float]:
    """Micro F1, precision, recall."""
    hits = float((said & true).sum())
    return 2 * hits / max(said.sum() + true.sum(), 1), hits / max(said.sum(), 1), hits / max(true.sum(), 1)


def quality(probability: Numbers, target: Numbers, step: float) -> str:
    """One line on the held-out judgement of the labelled voices."""
    bins = np.clip((probability * 10).astype(int), 0, 9)
    error = sum(
        abs(float(probability[bins == b].mean()) - float(target[bins == b].mean()))
        * float((bins == b).mean())
        for b in range(10)
        if (bins == b).any()
    )
    values = ", ".join(f"{value:.3f}" for value in f1(probability >= step, target > 0))
    return f"F1, precision, recall {values}; calibration error {error:.3f} on {len(target)} texts"


def vectors_of(texts: list[str]) -> Numbers:
    """Vectors of the texts, kept on disk so that a second run asks only for new ones."""
    CACHE.mkdir(exist_ok=True)
    path = CACHE / "exact.npz"
    kept: dict[str, NDArray[np.float32]] = {}
    if path.exists():
        with np.load(path, allow_pickle=False) as stored:
            kept = dict(zip(stored["keys"].tolist(), stored["vectors"], strict=True))
    keys = [hashlib.sha256(text.encode()).hexdigest() for text in texts]
    new = {key: text for key, text in zip(keys, texts, strict=True) if key not in kept}
    if new:
        print(f"{len(new)} new texts to encode")
        kept |= zip(new, encode(get_encoder("exact"), list(new.values())), strict=True)
        np.savez(path, keys=np.array(list(kept)), vectors=np.array(list(kept.values())))
    return np.array([kept[key] for key in keys], dtype=np.float64)


def encode(encoder: Encoder, texts: list[str]) -> NDArray[np.float32]:
    """Vectors in batches, so that an interrupted run says how far it came."""
    return np.concatenate([encoder.encode(texts[first : first + 256]) for first in range(0, len(texts), 256)])


if __name__ == "__main__":
    main()
