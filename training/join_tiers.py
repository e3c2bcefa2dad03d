"""Fits how the exact tier joins its heads, the fast tier's, letters and neighbours; run by ``make join``.

On the held-out tenth of the training text, which none learned from: for each kind of output a slope each and
an offset, and the thresholds of the joined probabilities. Writes ``heads/joint.json``.

How much the second reading says of whole voices beside the first one is set, not fitted: on text like that
the layers were tuned on it would be given next to none, and it is there for other text.
"""

from __future__ import annotations

import json

import numpy as np
from sklearn.linear_model import LogisticRegression

from clauses import likeliest
from fit_heads import KINDS, OUT, chosen, report
from forvent.identify.heads import Joint, load_heads, log_odds
from forvent.identify.neighbour_head import neighbour_head
from forvent.identify.ngram_head import ngram_head
from forvent.identify.second_reading import scores_of
from forvent.language import get_encoder
from kept_vectors import untuned_vectors_of, vectors_of
from material import Row, rows
from targets import POSITIVE, targets_of

#: How much the first reading, the fast tier and the second reading say of the polarity of whole voices like
#: those that were learned from, and of others: parts of their log-odds, those of the second reading brought
#: to the mean size of the first one's. Chosen on the development sets, of which most are other text, and on
#: the held-out voices; of all together one slope and an offset are fitted.
FAMILIAR, OTHER = (1.0, 0.24, 0.26), (0.35, 0.17, 0.45)


def main() -> None:
    """Judge with both, fit, choose, write."""
    material = [row for row in rows() if row.held_out]
    texts = [row.text for row in material]
    vectors = vectors_of(texts)
    exact = log_odds(in_columns(load_heads("exact").judge(vectors)))
    fast = log_odds(in_columns(load_heads("fast").judge(get_encoder("fast").encode(texts))))
    near = neighbour_head().votes(vectors)
    more = {"mention": (ngram_head().scores(texts), near.mention), "met": (near.met,)}
    target, weight = targets_of(material)
    known = weight > 0
    weights: dict[str, list[float]] = {}
    joined = np.zeros_like(exact)
    for kind, columns in KINDS.items():
        use = known[:, columns] & (target[:, columns] != 0.5)
        heard = [exact[:, columns], fast[:, columns], *more.get(kind, ())]
        scores = np.stack([one[use] for one in heard], axis=1)
        model = LogisticRegression(C=1.0).fit(scores, target[:, columns][use] > 0.5)
        weights[kind] = [*model.coef_[0].tolist(), float(model.intercept_[0])]
        joined[:, columns] = np.stack(heard, axis=2) @ model.coef_[0] + model.intercept_[0]
    weights |= with_second(exact, fast, near.familiar, material, target, known)
    probability = 1 / (1 + np.exp(-joined))

    def mentions(voices: list[str]) -> np.ndarray:
        both = Joint({"mention": tuple(weights["mention"])}, load_heads("exact").thresholds)
        read = vectors_of(voices)
        thorough = load_heads("exact").judge(read).mention
        quick = load_heads("fast").judge(get_encoder("fast").encode(voices)).mention
        return both.of(
            "mention", thorough, quick, ngram_head().scores(voices), neighbour_head().votes(read).mention
        )

    thresholds = chosen(probability, target, known, material, mentions=likeliest(material, mentions))
    report(probability, target, known, thresholds)
    text = json.dumps({"weights": weights, "thresholds": thresholds}, indent=1)
    (OUT / "joint.json").write_text(text + "\n", encoding="utf-8")
    print(text)


def with_second(
    exact: np.ndarray,
    fast: np.ndarray,
    familiar: np.ndarray,
    material: list[Row],
    target: np.ndarray,
    known: np.ndarray,
) -> dict[str, list[float]]:
    """Slopes for polarity by the first reading, the fast tier and the second reading, and the offset; of
    familiar voices and of others."""
    use = known[:, POSITIVE] & (target[:, POSITIVE] != 0.5)
    texts = [row.text for row, wanted in zip(material, use, strict=True) if wanted]
    second = scores_of(untuned_vectors_of(texts))
    first, quick, truth = exact[use, POSITIVE], fast[use, POSITIVE], target[use, POSITIVE] > 0.5
    size = float(np.abs(first).mean() / np.abs(second).mean())
    near, far = (a * first + b * quick + d * size * second for a, b, d in (FAMILIAR, OTHER))
    scores = (familiar[use] * near + (1 - familiar[use]) * far)[:, None]
    model = LogisticRegression(C=1.0).fit(scores, truth)
    slope, offset = float(model.coef_[0, 0]), float(model.intercept_[0])
    print(f"with the second reading right {np.mean(model.predict(scores) == truth):.3f} of {len(truth)}")
    said = {"positive_familiar": FAMILIAR, "positive_other": OTHER}
    return {name: [slope * a, slope * b, slope * d * size, offset] for name, (a, b, d) in said.items()}


def in_columns(judged: object) -> np.ndarray:
    """Probabilities in the order of the outputs."""
    wide = [getattr(judged, name) for name in ("mention", "met", "act")]
    return np.concatenate(
        [*wide, *(getattr(judged, name)[:, None] for name in ("positive", "neutral", "wish", "irony"))],
        axis=1,
    )


if __name__ == "__main__":
    main()
