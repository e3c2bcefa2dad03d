"""Engine and invented voices whose true penalties and rewards are known."""

from collections.abc import Callable, Iterator, Mapping

import numpy as np
import pyarrow as pa
import pytest

from forvent.assess import Judgements, judgements
from forvent.engine import Engine

Truth = Mapping[str, tuple[float, float]]


@pytest.fixture
def engine() -> Iterator[Engine]:
    with Engine() as opened:
        yield opened


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(20_240_501)


@pytest.fixture
def table_of() -> Callable[..., pa.Table]:
    """Columns that ``judgements`` reads, from (voice, expectation, polarity) or with a touchpoint."""

    def make(rows: list[tuple[str, ...]]) -> pa.Table:
        names = ("voice_id", "expectation", "polarity", "touchpoint")
        filled = [(*row, "receive")[:4] for row in rows]
        columns = {name: pa.array([row[place] for row in filled]) for place, name in enumerate(names)}
        return pa.table(columns | {"stage": pa.array(["receive"] * len(rows))})

    return make


@pytest.fixture
def voices_of() -> Callable[..., pa.Table]:
    """Voices v0, v1 … with these ratings, each a customer of its own unless named."""

    def make(ratings: list[float | None], *, customers: list[str | None] | None = None) -> pa.Table:
        names = [f"v{number}" for number in range(len(ratings))]
        return pa.table(
            {
                "voice_id": names,
                "rating": pa.array(ratings, pa.float64()),
                "customer": pa.array(customers or names, pa.string()),
            }
        )

    return make


@pytest.fixture
def invent() -> Callable[..., Judgements]:
    """Voices of rating 0.5 + what they mention + noise; a quarter mentions each expectation."""

    def make(
        truth: Truth, *, n: int, seed: int = 1, said: float = 0.25, met: float = 0.6, noise: float = 0.15
    ) -> Judgements:
        rng = np.random.default_rng(seed)
        rating = 0.5 + rng.normal(0.0, noise, n)
        names = np.array([f"v{number}" for number in range(n)])
        voice, expectation, polarity = [], [], []
        for name, (penalty, reward) in truth.items():
            says = np.flatnonzero(rng.random(n) < said)
            good = rng.random(says.size) < met
            rating[says] += np.where(good, reward, penalty)
            voice.append(names[says])
            expectation.append(np.repeat(name, says.size))
            polarity.append(np.where(good, "met", "unmet"))
        mentions = pa.table(
            {
                "voice_id": np.concatenate(voice),
                "expectation": np.concatenate(expectation),
                "polarity": np.concatenate(polarity),
                "stage": np.repeat("receive", sum(map(len, voice))),
                "touchpoint": np.repeat("receive", sum(map(len, voice))),
            }
        )
        voices = pa.table({"voice_id": names, "rating": rating, "customer": names})
        return judgements(mentions, voices=voices)

    return make
