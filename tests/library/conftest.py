"""What the tests of language, identify and the loop share: encoders are dear, so each is made once."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np
import pytest

from forvent.language import Encoder, get_encoder
from forvent.language.encoder import Vectors


class PretendEncoder:
    """Vectors that mean nothing but are always the same for a text; it costs nothing."""

    name = "exact"
    size = 384

    def encode(self, texts: Sequence[str]) -> Vectors:
        seeds = [zlib.crc32(text.encode("utf-8", "surrogatepass")) for text in texts]
        rows = [np.random.default_rng(seed).normal(size=self.size) for seed in seeds]
        found = np.array(rows, dtype=np.float32).reshape(len(texts), self.size)
        return found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9)


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """The bundled encoder; what one test encoded another need not."""
    return get_encoder()


@pytest.fixture
def pretend() -> PretendEncoder:
    return PretendEncoder()


@pytest.fixture
def only_pretend(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command line gets the pretending encoder under the usual name."""
    monkeypatch.setitem(get_encoder.__globals__["_ENCODERS"], "exact", PretendEncoder)
