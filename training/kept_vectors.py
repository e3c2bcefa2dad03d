"""Vectors of the exact tier, kept on disk so that a second run asks only for new ones."""

from __future__ import annotations

import hashlib

import numpy as np
import torch
from numpy.typing import NDArray

from encoder_model import EncoderModel, Tokens
from forvent.language.model_image import ModelImage
from material import HERE

CACHE = HERE / ".cache"
LAYERS = HERE.parent / "src/forvent/language/models/exact.npz"
#: Pieces of a text that are read; the engine itself reads more of long ones.
MOST = 160
BATCH = 64


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
    # Like lengths together, so that little is padded.
    order = sorted(new, key=lambda key: (len(new[key]), key))
    with np.load(LAYERS, allow_pickle=False) as tuned:
        content = ModelImage.read().with_tensors({name: tuned[name] for name in tuned.files})
    image = ModelImage.of(content)
    model, tokens = EncoderModel(image, frozen=0), Tokens(image)
    model.eval()
    for first in range(0, len(order), BATCH):
        batch = order[first : first + BATCH]
        known |= zip(batch, encoded(model, [tokens.of(new[key], most=MOST) for key in batch]), strict=True)
    if new:
        print(f"{len(new):,} new texts encoded", flush=True)
        np.savez(path, keys=np.array(list(known)), vectors=np.array(list(known.values())))
    return np.array([known[key] for key in keys], dtype=np.float32)


@torch.no_grad()
def encoded(model: EncoderModel, tokens: list[list[int]]) -> NDArray[np.float32]:
    """Vectors as the engine gives them, but for the last digits; several times as fast."""
    longest = max(map(len, tokens))
    ids = torch.ones(len(tokens), longest, dtype=torch.long)
    kept = torch.zeros(len(tokens), longest, dtype=torch.bool)
    for row, one in enumerate(tokens):
        ids[row, : len(one)] = torch.tensor(one)
        kept[row, : len(one)] = True
    vectors: NDArray[np.float32] = model.upper(model.lower(ids, kept), kept).numpy()
    return vectors
