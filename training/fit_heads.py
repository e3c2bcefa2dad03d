"""Fits, calibrates and writes the heads of a tier; run by ``make train``.

exact: ridge logistic regressions on the vectors of all training texts but the held-out tenth.
fast: the scores that ``distil.py`` learned together with the network; polarity by a ridge regression on what
both readings of the exact tier say of it.
On the held-out tenth slope and offset of each kind of output (Platt) and the thresholds are chosen.
"""

from __future__ import annotations

import argparse
import json

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression, Ridge

from clauses import likeliest
from forvent.identify.heads import load_heads, load_joint, log_odds
from forvent.identify.neighbour_head import neighbour_head
from forvent.identify.second_reading import scores_of
from forvent.language import get_encoder
from kept_vectors import CACHE, untuned_vectors_of, vectors_of
from material import HERE, UNLABELLED, Row, outside, rows
from targets import (
    ACT,
    EXPECTATIONS,
    IRONY,
    NEUTRAL,
    OUTPUTS,
    POSITIVE,
    SPOKEN_ACTS,
    SUBTITLES_WEIGH,
    WISH,
    N,
    targets_of,
)

Numbers = NDArray[np.float64]

OUT = HERE.parent / "src/forvent/identify/heads"
#: Kinds of output with their columns; each has a calibration of its own.
KINDS = {
    "mention": list(range(N)),
    "met": list(range(N, 2 * N)),
    "act": list(range(ACT, POSITIVE)),
    "positive": [POSITIVE],
    "neutral": [NEUTRAL],
    "wish": [WISH],
    "irony": [IRONY],
}
#: Inverse strength of the ridge for features with unit spread, chosen on the held-out tenth.
STRENGTH = {
    "mention": 0.0075,
    "met": 0.001,
    "act": 0.002,
    "positive": 0.00002,
    "neutral": 0.001,
    "wish": 0.005,
    "irony": 0.002,
}
#: Log-odds of the exact tier beyond which nothing is clearer, and the ridge on vectors with unit spread.
CLEAR, RIDGE = 5.0, 0.1
#: Single clauses about one expectation are unlike whole texts; beside those they weigh less for polarity.
CLAUSES_IN_POLARITY = 0.25
CLAUSES = frozenset({"catalogue", "mentions"})
#: Thresholds of a mention whose F1 is this near to the best are as good.
AS_GOOD = 0.005
#: Thresholds are chosen on whole voices as people leave them.
JUDGED_BY = {"voices", "said", "mentions"}


def main() -> None:
    """Fit, calibrate, choose thresholds, write."""
    tier = _tier()
    material = rows()
    held = np.array([row.held_out for row in material])
    target, weight = targets_of(material)
    known = weight > 0
    texts = [row.text for row in material]
    encode = vectors_of if tier == "exact" else get_encoder("fast").encode
    vectors = encode(texts).astype(np.float64)
    if tier == "exact":
        weights, bias = fitted(vectors[~held], target[~held], known[~held], kept(material, ~held))
    else:
        with np.load(CACHE / "fast_scores.npz", allow_pickle=False) as learned:
            weights, bias = learned["weights"].astype(np.float64), learned["bias"].astype(np.float64)
        polar = ~held & np.array([row.sentiment in {"positive", "negative"} for row in material])
        heard = [row.text for row in kept(material, polar)]
        heard += dict.fromkeys(entry["text"] for name in UNLABELLED for entry in outside(name))
        weights[:, POSITIVE], bias[POSITIVE] = as_exact(encode(heard).astype(np.float64), heard)
    scores = vectors[held] @ weights + bias
    for columns in KINDS.values():
        slope, offset = platt(scores[:, columns], target[held][:, columns], known[held][:, columns])
        weights[:, columns] *= slope
        bias[columns] = bias[columns] * slope + offset
    probability = 1 / (1 + np.exp(-(vectors[held] @ weights + bias)))
    rest = kept(material, held)

    def mentions(voices: list[str]) -> Numbers:
        heard = encode(voices).astype(np.float64) @ weights[:, :N] + bias[:N]
        return 1 / (1 + np.exp(-heard))

    thresholds = chosen(probability, target[held], known[held], rest, mentions=likeliest(rest, mentions))
    report(probability, target[held], known[held], thresholds)
    learned_from = vectors[~held]
    place = {"center": learned_from.mean(axis=0), "spread": np.maximum(learned_from.std(axis=0), 1e-6)}
    write(tier, {"weights": weights, "bias": bias, **place}, thresholds, material)


def kept(material: list[Row], chosen_rows: NDArray[np.bool_]) -> list[Row]:
    """Some of the rows."""
    return [row for row, wanted in zip(material, chosen_rows, strict=True) if wanted]


def fitted(
    vectors: Numbers, target: NDArray[np.float32], known: NDArray[np.bool_], material: list[Row]
) -> tuple[Numbers, Numbers]:
    """One logistic regression an output, on standardised vectors, told in weights for plain ones."""
    center, spread = vectors.mean(axis=0), vectors.std(axis=0)
    standard = (vectors - center) / spread
    weights, bias = np.zeros((vectors.shape[1], OUTPUTS)), np.zeros(OUTPUTS)
    clause = np.array([row.source in CLAUSES for row in material])
    for kind in ("positive", "mention", "met", "act", "neutral", "wish", "irony"):
        for column in KINDS[kind]:
            use = known[:, column] & (target[:, column] != 0.5)
            truth = target[use, column] > 0.5
            if kind == "met":
                # Whether it was met is first of all the polarity of what was said.
                use = (known[:, column] & (target[:, column] != 0.5)) | (
                    known[:, POSITIVE] & (target[:, POSITIVE] != 0.5) & clause
                )
                truth = np.where(known[use, column], target[use, column], target[use, POSITIVE]) > 0.5
            importance = np.ones(use.sum())
            if kind == "positive":
                importance = polarity_weighs(kept(material, use))
            if kind in {"positive", "met"}:
                importance = both_alike(importance, truth)
            model = LogisticRegression(C=STRENGTH[kind], max_iter=2000)
            model.fit(standard[use], truth, sample_weight=importance)
            weights[:, column], bias[column] = model.coef_[0], model.intercept_[0]
    scaled = weights / spread[:, None]
    return scaled, bias - center @ scaled


def as_exact(vectors: Numbers, texts: list[str]) -> tuple[Numbers, float]:
    """Weights and offset by which vectors of the fast tier tell the polarity most as the exact tier does."""
    read = vectors_of(texts)
    first, second = log_odds(load_heads("exact").judge(read).positive), scores_of(untuned_vectors_of(texts))
    familiar = neighbour_head().votes(read).familiar
    wanted = np.zeros(len(texts))
    for kind, share in (("positive_familiar", familiar), ("positive_other", 1 - familiar)):
        of_first, _, of_second, _ = load_joint().weights[kind]
        wanted += share * (of_first * first + of_second * second)
    wanted = np.clip(wanted, -CLEAR, CLEAR)
    center, spread = vectors.mean(axis=0), np.maximum(vectors.std(axis=0), 1e-6)
    model = Ridge(alpha=RIDGE * len(texts)).fit((vectors - center) / spread, wanted)
    weights = model.coef_ / spread
    return weights, float(model.intercept_ - center @ weights)


def polarity_weighs(material: list[Row]) -> Numbers:
    """How much each text counts for polarity, shape (texts,)."""
    weighs = {"subtitles": SUBTITLES_WEIGH, **dict.fromkeys(CLAUSES, CLAUSES_IN_POLARITY)}
    return np.array([weighs.get(row.source, 1.0) for row in material])


def both_alike(importance: Numbers, truth: NDArray[np.bool_]) -> Numbers:
    """With both sides weighing as much: a shop's share of praise is not that of our training text."""
    share = float((importance * truth).sum() / importance.sum())
    return importance * np.where(truth, 0.5 / share, 0.5 / (1 - share))


def platt(scores: Numbers, target: NDArray[np.float32], known: NDArray[np.bool_]) -> tuple[float, float]:
    """Slope and offset that turn scores into probabilities."""
    use = known & (target != 0.5)
    truth = target[use] > 0.5
    if len(set(truth.tolist())) < 2:
        return 1.0, 0.0
    model = LogisticRegression(C=1e6).fit(scores[use].reshape(-1, 1), truth)
    return float(model.coef_[0, 0]), float(model.intercept_[0])


def chosen(
    probability: Numbers,
    target: NDArray[np.float32],
    known: NDArray[np.bool_],
    material: list[Row],
    *,
    mentions: Numbers,
) -> dict[str, float]:
    """Where the F1 of mentions is best, as :func:`clauses.likeliest` finds them; for a wish and irony, from
    where on enough are right."""
    whole = np.array([row.source in JUDGED_BY and row.mentions is not None for row in material])
    mention, truth = mentions[whole], target[whole][:, :N] > 0.5
    steps = np.arange(0.1, 0.96, 0.01)
    quality_at = {step: f1(mention >= step, truth)[0] for step in steps}
    # The middle of those that are as good as the best: the best alone jumps about with a few texts.
    alike = [step for step in steps if quality_at[step] >= max(quality_at.values()) - AS_GOOD]
    return {
        "mention": float(round((alike[0] + alike[-1]) / 2, 2)),
        # A judgement that is overlooked costs more than a flat remark that is judged.
        "neutral": 0.9,
        "wish": sure(probability[:, WISH], target[:, WISH], known[:, WISH], share=0.8),
        "irony": sure(probability[:, IRONY], target[:, IRONY], known[:, IRONY], share=0.4),
        "act": 0.4,
    }


def sure(
    probability: Numbers, target: NDArray[np.float32], known: NDArray[np.bool_], *, share: float
) -> float:
    """The lowest threshold from which that share of what is said is right."""
    steps = np.arange(0.1, 0.96, 0.01)
    said = [(step, probability[known] >= step) for step in steps]
    enough = [step for step, one in said if one.sum() >= 5 and target[known][one].mean() >= share]
    return float(round(enough[0], 2)) if enough else 0.95


def f1(said: NDArray[np.bool_], true: NDArray[np.bool_]) -> tuple[float, float, float]:
    """Micro F1, precision, recall."""
    hits = float((said & true).sum())
    return 2 * hits / max(said.sum() + true.sum(), 1), hits / max(said.sum(), 1), hits / max(true.sum(), 1)


def report(
    probability: Numbers, target: NDArray[np.float32], known: NDArray[np.bool_], thresholds: dict[str, float]
) -> None:
    """One line a kind on the held-out tenth."""
    for kind, columns in KINDS.items():
        use = known[:, columns] & (target[:, columns] != 0.5)
        values, truth = probability[:, columns][use], target[:, columns][use] > 0.5
        said = values >= thresholds.get(kind, 0.5)
        right = f"right {np.mean(said == truth):.3f}"
        bins = np.clip((values * 10).astype(int), 0, 9)
        error = sum(
            abs(values[bins == one].mean() - truth[bins == one].mean()) * (bins == one).mean()
            for one in range(10)
            if (bins == one).any()
        )
        quality = ", ".join(f"{value:.3f}" for value in f1(said, truth))
        print(
            f"{kind}: F1, precision, recall {quality}; {right}; calibration error {error:.3f}; n {len(truth)}"
        )


def write(tier: str, arrays: dict[str, Numbers], thresholds: dict[str, float], material: list[Row]) -> None:
    """The file that :func:`forvent.identify.heads.read_heads` reads."""
    about = {
        "version": f"{tier}/2 {len(material)} texts",
        "expectations": EXPECTATIONS,
        "acts": SPOKEN_ACTS,
        "thresholds": thresholds,
    }
    OUT.mkdir(exist_ok=True)
    path = OUT / f"{tier}.npz"
    small = {name: values.astype(np.float32) for name, values in arrays.items()}
    np.savez_compressed(path, about=np.array(json.dumps(about)), **small)  # type: ignore[arg-type]
    print(f"{path.name}: {path.stat().st_size:,} bytes; {thresholds}")


def _tier() -> str:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tier", choices=("exact", "fast"), default="exact")
    return str(parser.parse_args().tier)


if __name__ == "__main__":
    main()
