"""Vectors of the exact tier, kept on disk so that a second run asks only for new ones."""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray

from forvent.language.encoder import BundledEncoder
from material import HERE

CACHE = HERE / ".cache"
LAYERS = HERE.parent / "src/forvent/language/models/exact.npz"
BATCH = 2000


def vectors_of(texts: list[str]) -> NDArray[np.float32]:
    """Vectors of the texts, shape (len(texts), 384); kept for these very layers."""
    CACHE.mkdir(exist_ok=True)
    version = hashlib.sha256(LAYERS.read_bytes()).hexdigest()[:12]
    path = CACHE / f"vectors-{version}.npz"
    known: dict[str, NDArray[np.float32]] = {}
    if path.exists():
        with np.load(path, allow_pickle=False) as kept:
            known = dict(zip(kept["keys"].tolist(), kept["vectors"], strict=True))
    keys = [hashlib.sha256(text.encode("utf-8", "replace")).hexdigest() for text in texts]
    new = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
    encoder = BundledEncoder()
    order = list(new)
    for first in range(0, len(order), BATCH):
        batch = order[first : first + BATCH]
        known |= zip(batch, encoder.encode([new[key] for key in batch]), strict=True)
    if new:
        print(f"{len(new):,} new texts encoded", flush=True)
        np.savez(path, keys=np.array(list(known)), vectors=np.array(list(known.values())))
    return np.array([known[key] for key in keys], dtype=np.float32)
