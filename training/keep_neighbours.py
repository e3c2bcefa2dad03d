"""Keeps the training voices that the exact tier asks as neighbours; run by ``make join``.

Of each text whose expectations are known, but the held-out tenth: the signs of its vector, and what it speaks
of and whether that was met. Writes ``src/forvent/identify/heads/neighbours.npz``.
"""

from __future__ import annotations

import json

import numpy as np

from fit_heads import OUT
from kept_vectors import vectors_of
from material import rows
from targets import EXPECTATIONS

#: Lines told again stand beside the English ones, whose vectors are much the same.
WITHOUT = frozenset({"retold"})


def main() -> None:
    """Choose, take the signs, write."""
    material = [
        row for row in rows() if not row.held_out and row.mentions is not None and row.source not in WITHOUT
    ]
    vectors = vectors_of([row.text for row in material])
    center = vectors.mean(axis=0)
    found = np.array([[(row.mentions or {}).get(name, "") for name in EXPECTATIONS] for row in material])
    said = np.array([found != "", found == "met", found == "unmet"])
    about = {"version": f"neighbours/2 {len(material)} texts", "expectations": EXPECTATIONS}
    path = OUT / "neighbours.npz"
    np.savez_compressed(
        path,
        about=np.array(json.dumps(about)),
        center=center.astype(np.float32),
        signs=np.packbits(vectors >= center, axis=1),
        said=np.packbits(said, axis=2),
    )
    print(f"{path.name}: {path.stat().st_size:,} bytes, {about['version']}")


if __name__ == "__main__":
    main()
