"""Fits the head of letters, which the exact tier hears beside its networks; run before ``join_tiers.py``.

Logistic regressions on runs of letters weighted by how rare they are, learned from all training texts but the
held-out tenth. Runs that hardly weigh are left out; weights are kept in eight bits.
Writes ``src/forvent/identify/heads/ngrams.npz``.
"""

from __future__ import annotations

import json

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import SGDClassifier

from fit_heads import OUT
from forvent.language.ngrams import KEYS, ngram_keys
from material import rows
from targets import EXPECTATIONS, N, targets_of

Numbers = NDArray[np.float64]

#: Strength of the ridge and passes over the texts, chosen on the held-out tenth.
RIDGE = 3e-6
PASSES = 6
#: A run must stand in so many texts.
LEAST = 3
#: ... and this share of the runs that weigh least is left out.
LIGHT = 0.4
#: Rarity is told in such parts, so that sums of its squares are exact.
RARITY_PARTS = 8


def main() -> None:
    """Fit and write."""
    material = [row for row in rows() if not row.held_out and row.mentions is not None]
    owners, keys = ngram_keys([row.text for row in material])
    counts = np.bincount(keys, minlength=KEYS)
    rarity = np.rint(np.log((1 + len(material)) / (1 + counts)) * RARITY_PARTS).astype(np.int64)
    rarity[counts < LEAST] = 0
    features = weighted(owners, keys, rarity, texts=len(material))
    known = np.flatnonzero(rarity)
    weights, bias = fitted(features[:, known], targets_of(material)[0][:, :N] > 0.5)
    weights *= rarity[known, None] / RARITY_PARTS
    heavy = np.abs(weights).max(axis=1)
    kept = np.sort(np.argsort(heavy)[int(LIGHT * len(heavy)) :])
    scale = np.abs(weights[kept]).max(axis=0) / 127
    about = {
        "version": f"ngrams/1 {len(material)} texts",
        "expectations": EXPECTATIONS,
        "rarity_parts": RARITY_PARTS,
    }
    path = OUT / "ngrams.npz"
    np.savez_compressed(
        path,
        about=np.array(json.dumps(about)),
        keys=known[kept].astype(np.uint32),
        # Every run counts for the length of a text, those without a weight too.
        known=known.astype(np.uint32),
        rarity=rarity[known].astype(np.uint8),
        weights=np.rint(weights[kept] / scale).astype(np.int8),
        scale=scale.astype(np.float32),
        bias=bias.astype(np.float32),
    )
    print(
        f"{path.name}: {path.stat().st_size:,} bytes, {len(kept):,} runs of letters, {len(material):,} texts"
    )


def weighted(
    owners: NDArray[np.int64], keys: NDArray[np.int64], rarity: NDArray[np.int64], *, texts: int
) -> sparse.csr_matrix:
    """Texts as rows of length 1, each run of letters as rare as it is."""
    values = rarity[keys] / RARITY_PARTS
    matrix = sparse.csr_matrix((values, (owners, keys)), shape=(texts, KEYS), dtype=np.float32)
    length = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    return sparse.csr_matrix(sparse.diags(1 / np.maximum(length, 1e-9)) @ matrix)


def fitted(features: sparse.csr_matrix, target: NDArray[np.bool_]) -> tuple[Numbers, Numbers]:
    """Weights, shape (runs, expectations), and offsets."""
    weights, bias = np.zeros((features.shape[1], target.shape[1])), np.zeros(target.shape[1])
    for column in range(target.shape[1]):
        model = SGDClassifier(
            loss="log_loss", alpha=RIDGE, max_iter=PASSES, tol=None, average=True, random_state=0
        )
        model.fit(features, target[:, column])
        weights[:, column], bias[column] = model.coef_[0], model.intercept_[0]
    return weights, bias


if __name__ == "__main__":
    main()
