"""What the tests of language, identify and the loop share: encoders are dear, so each is made once."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence

import numpy as np
import pytest

from forvent.identify import catalogue, get_judge
from forvent.identify.heads import SPOKEN_ACTS, Heads, Thresholds
from forvent.identify.judges import TierJudge
from forvent.identify.neighbour_head import NeighbourHead
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


#: Words that the pretended heads know, with the expectation each speaks of and whether it is met.
CUES = {
    "late": ("on_time", False),
    "friendly": ("friendly_staff", True),
    "rude": ("friendly_staff", False),
    "dear": ("fair_price", False),
    "taste": ("product_quality", True),
    "stale": ("product_quality", False),
}
#: Words that say something else: a wish, irony, no judgement, a request, a question, and a word of a pack.
OTHER_CUES = ("wish", "bravo", "table", "please", "how", "crust")
_PLACE = {word: place for place, word in enumerate([*CUES, *OTHER_CUES])}


class CueEncoder:
    """One number for each cue, 1 where the word is there, and directions of all words beside them."""

    name = "exact"
    size = 48

    def encode(self, texts: Sequence[str]) -> Vectors:
        found = np.zeros((len(texts), self.size), dtype=np.float32)
        for row, text in zip(found, texts, strict=True):
            words = re.findall(r"\w+", text.lower())
            for word in words:
                if word in _PLACE:
                    row[_PLACE[word]] = 1.0
                else:
                    seed = zlib.crc32(word.encode("utf-8", "surrogatepass"))
                    row[len(_PLACE) :] += np.random.default_rng(seed).normal(size=self.size - len(_PLACE))
            row[len(_PLACE) :] /= max(1.0, float(np.linalg.norm(row[len(_PLACE) :])))
        return found


def heads_of_cues() -> Heads:
    """Heads that say what cues mean and nothing else: 0.98 where a cue is there, 0.02 where it is not."""
    ids = tuple(catalogue())
    rest = 2 * len(ids) + len(SPOKEN_ACTS)
    weights = np.zeros((CueEncoder.size, rest + 4))
    bias = np.full(rest + 4, -4.0)
    bias[len(ids) : 2 * len(ids)] = bias[rest] = 0.0
    for word, (expectation, met) in CUES.items():
        column = ids.index(expectation)
        weights[_PLACE[word], column] = 8.0
        weights[_PLACE[word], [len(ids) + column, rest]] = 4.0 if met else -4.0
        weights[_PLACE[word], 2 * len(ids) + SPOKEN_ACTS.index("praise" if met else "complaint")] = 6.0
    for word, output in {
        "please": 2 * len(ids) + SPOKEN_ACTS.index("request"),
        "how": 2 * len(ids) + SPOKEN_ACTS.index("question"),
        "table": rest + 1,
        "wish": rest + 2,
        "bravo": rest + 3,
    }.items():
        weights[_PLACE[word], output] = 8.0
    return Heads(
        expectations=ids,
        weights=weights * 2**10,
        bias=bias,
        thresholds=Thresholds(mention=0.5, neutral=0.6, wish=0.5, irony=0.5, act=0.5),
        version="cues",
        center=np.zeros(CueEncoder.size),
        spread=np.ones(CueEncoder.size),
    )


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


@pytest.fixture(scope="session")
def cues() -> CueEncoder:
    return CueEncoder()


@pytest.fixture(scope="session")
def cue_heads() -> Heads:
    return heads_of_cues()


@pytest.fixture(scope="session")
def no_neighbours() -> NeighbourHead:
    """One voice that speaks of nothing: it says of every text alike that all is unlikely."""
    ids = tuple(catalogue())
    return NeighbourHead(
        expectations=ids,
        version="none",
        center=np.zeros(CueEncoder.size),
        signs=np.zeros((1, -(-CueEncoder.size // 8)), dtype=np.uint8),
        said=np.zeros((3, 1, len(ids)), dtype=np.int64),
    )


@pytest.fixture
def only_cues(monkeypatch: pytest.MonkeyPatch, no_neighbours: NeighbourHead) -> None:
    """The command line gets the encoder and heads of cues under the usual names."""
    for name in ("exact", "fast"):
        monkeypatch.setitem(get_encoder.__globals__["_ENCODERS"], name, CueEncoder)
    for known in (TierJudge.__init__.__globals__, get_judge.__globals__):
        monkeypatch.setitem(known, "load_heads", lambda _name: heads_of_cues())
    monkeypatch.setitem(get_judge.__globals__, "neighbour_head", lambda: no_neighbours)
