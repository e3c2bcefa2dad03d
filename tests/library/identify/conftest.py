"""A pretended encoder whose vectors mean something: words count, and words of one meaning count alike."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray


class WordEncoder:
    """Sum of one direction a word; ``asked`` counts texts."""

    name = "words"
    size = 48
    version = "1"

    def __init__(self) -> None:
        self.asked = 0
        self._directions: dict[str, NDArray[np.float64]] = {}

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.asked += len(texts)
        rows = np.zeros((len(texts), self.size))
        for row, text in enumerate(texts):
            for word in re.findall(r"\w+", text.lower()):
                rows[row] += self._direction(word)
        lengths = np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
        return (rows / lengths).astype(np.float32)

    def _direction(self, word: str) -> NDArray[np.float64]:
        if word not in self._directions:
            seed = zlib.crc32(word.encode())
            self._directions[word] = np.random.default_rng(seed).normal(size=self.size)
        return self._directions[word]


@pytest.fixture
def words() -> WordEncoder:
    return WordEncoder()
