"""Fits the head of the second reading; run by ``make train``.

One ridge logistic regression of positive against negative on the vectors of the untuned layers, of all
training texts but the held-out tenth. The directions in which languages differ are taken out first, so that
polarity is told alike in all of them. Writes ``heads/second.npz``; its slope beside the other judges is
fitted by ``join_tiers.py``.
"""

from __future__ import annotations

import json

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from fit_heads import OUT, both_alike
from kept_vectors import untuned_vectors_of
from material import Row, rows

Numbers = NDArray[np.float64]

#: Inverse strength of the ridge for features with unit spread, chosen on the development sets: with so
#: little the head is nearly the difference of the means of both sides, and what it learned from our text
#: holds in other text too.
STRENGTH = 3e-6
#: How much a text of each kind counts, chosen on the development sets; of lines told again the English ones
#: say of polarity what there is to say.
WEIGHS = {
    "said": 0.5,
    "voices": 1.0,
    "polarity": 1.0,
    "subtitles": 0.5,
    "catalogue": 0.5,
    "mentions": 0.7,
    "csrest": 2.0,
    "retold": 0.0,
}


def main() -> None:
    """Fit and write."""
    material = [
        row
        for row in rows()
        if not row.held_out and row.sentiment in {"positive", "negative"} and WEIGHS[row.source]
    ]
    truth = np.array([row.sentiment == "positive" for row in material])
    vectors = untuned_vectors_of([row.text for row in material]).astype(np.float64)
    places = places_of_languages(vectors, truth, np.array([row.language for row in material]))
    center = places.mean(axis=0)
    spread = (vectors - center).std(axis=0)
    apart = np.linalg.svd((places - center) / spread, full_matrices=False)[2][: len(places) - 1]
    standard = without((vectors - center) / spread, apart)
    model = LogisticRegression(C=STRENGTH, max_iter=2000)
    model.fit(standard, truth, sample_weight=both_alike(weights_of(material), truth))
    # What was taken out of the vectors is taken out of the weights: of a text the language need not be known.
    weights = without(model.coef_, apart)[0] / spread
    about = {"version": f"second/2 {len(material)} texts"}
    path = OUT / "second.npz"
    np.savez_compressed(
        path,
        about=np.array(json.dumps(about)),
        weights=weights[:, None].astype(np.float32),
        bias=np.float64(model.intercept_[0] - center @ weights),
    )
    print(f"{path.name}: {path.stat().st_size:,} bytes, {about['version']}")


def places_of_languages(vectors: Numbers, truth: NDArray[np.bool_], languages: NDArray[np.str_]) -> Numbers:
    """The middle between both sides of each language, shape (languages, size)."""
    return np.array(
        [
            (vectors[own & truth].mean(axis=0) + vectors[own & ~truth].mean(axis=0)) / 2
            for own in (languages == language for language in np.unique(languages))
        ]
    )


def without(vectors: Numbers, apart: Numbers) -> Numbers:
    """Vectors without what they have of some orthonormal directions."""
    return vectors - (vectors @ apart.T) @ apart


def weights_of(material: list[Row]) -> Numbers:
    """How much each text counts: a language with many more texts than another only by the root of them."""
    languages = np.array([row.language for row in material])
    weighs = np.array([WEIGHS[row.source] for row in material])
    for language in np.unique(languages):
        own = languages == language
        weighs[own] /= np.sqrt(weighs[own].sum())
    balanced: Numbers = weighs / weighs.mean()
    return balanced


if __name__ == "__main__":
    main()
