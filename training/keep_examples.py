"""Keeps the exact tier's vectors of the examples that ship, so that packs are learned at once.

Run after ``tune.py`` and after a change of the catalogue's or a shipped pack's examples.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from forvent.identify.catalogue import catalogue_examples
from forvent.identify.example_vectors import example_vectors, save_vectors
from forvent.identify.packs import load_pack, shipped_packs
from forvent.language.model_image import model_version
from kept_vectors import vectors_of
from material import HERE

OUT = HERE.parent / "src/forvent/identify/heads/examples-exact.npz"


class Kept:
    """The exact encoder, as the network reads it."""

    name = "exact"
    size = 384
    version = model_version("exact")

    def __init__(self, known: dict[str, np.ndarray]) -> None:
        self._known = known

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Vectors of unit length."""
        return np.stack([self._known[text] for text in texts])


def main() -> None:
    """Encode and write."""
    texts = [example.text for example in catalogue_examples()]
    for name in shipped_packs():
        texts += [example.text for example in load_pack(name).examples]
    # All at once: each call writes the whole store.
    known = dict(zip(texts, vectors_of(texts), strict=True))
    vectors = example_vectors(texts, Kept(known))
    save_vectors(vectors, OUT)
    print(f"{OUT.name}: {len(vectors.hashes):,} texts, {OUT.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
