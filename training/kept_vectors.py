"""Vectors of the exact tier, kept on disk so that a second run asks only for new ones."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from forvent.language.encoder import BundledEncoder
from material import HERE

Vectors = NDArray[np.float32]

CACHE = HERE / ".cache"
LAYERS = HERE.parent / "src/forvent/language/models/exact.npz"
BATCH = 2000


def vectors_of(texts: list[str]) -> Vectors:
    """Vectors of the texts, shape (len(texts), 384); kept for these very layers."""
    version = hashlib.sha256(LAYERS.read_bytes()).hexdigest()[:12]
    return _kept(texts, f"vectors-{version}", lambda encoder, batch: encoder.encode(batch))


def untuned_vectors_of(texts: list[str]) -> Vectors:
    """Vectors of the second reading, whose layers never change, shape (len(texts), 384)."""
    return _kept(texts, "untuned", lambda encoder, batch: encoder.encode_twice(batch)[1])


class KeptEncoder:
    """The exact tier's encoder, whose vectors are kept on disk, both readings."""

    name = "exact"
    size = 384

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors of the texts, shape (len(texts), 384)."""
        return vectors_of(list(texts))

    def encode_untuned(self, texts: Sequence[str]) -> Vectors:
        """Vectors of the second reading, shape (len(texts), 384)."""
        return untuned_vectors_of(list(texts))


def key_of(text: str) -> str:
    """By which a text is known in the files of vectors."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def _kept(texts: list[str], name: str, encode: Callable[[BundledEncoder, list[str]], Vectors]) -> Vectors:
    CACHE.mkdir(exist_ok=True)
    path = CACHE / f"{name}.npz"
    known: dict[str, Vectors] = {}
    if path.exists():
        with np.load(path, allow_pickle=False) as kept:
            known = dict(zip(kept["keys"].tolist(), kept["vectors"], strict=True))
    keys = [key_of(text) for text in texts]
    new = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
    if new:
        encoder, order = BundledEncoder(), list(new)
        for first in range(0, len(order), BATCH):
            batch = order[first : first + BATCH]
            known |= zip(batch, encode(encoder, [new[key] for key in batch]), strict=True)
        print(f"{len(new):,} new texts encoded", flush=True)
        np.savez(path, keys=np.array(list(known)), vectors=np.array(list(known.values())))
    return np.array([known[key] for key in keys], dtype=np.float32)
