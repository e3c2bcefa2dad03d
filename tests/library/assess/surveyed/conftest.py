"""Answer sheets made of plain numbers."""

from collections.abc import Callable, Sequence

import numpy as np
import pyarrow as pa
import pytest

from forvent.assess.surveyed import GapChoices, Sheets, Survey, sheets_of, survey_of
from forvent.records import SurveyPair

SCALE = (1.0, 7.0)


def table(expected, received, customers: Sequence[str] | None = None, **more) -> pa.Table:
    """A row for each sheet; ``expected`` and ``received`` hold one column a pair, NaN where open."""
    columns = {}
    for part, values in (("expected", expected), ("received", received)):
        for number, column in enumerate(values):
            columns[f"{part}_{number}"] = pa.array(np.asarray(column, float), from_pandas=True)
    n = len(expected[0])
    names = customers if customers is not None else [f"r{number}" for number in range(n)]
    return pa.table({**columns, "customer": pa.array(names, pa.string()), **more})


@pytest.fixture
def answers() -> Callable[..., pa.Table]:
    return table


@pytest.fixture
def sheets() -> Callable[..., Sheets]:
    def make(expected, received, customers=None, *, better="more") -> Sheets:
        return sheets_of(table(expected, received, customers), better=(better,) * len(expected))

    return make


@pytest.fixture
def pairs() -> Callable[..., tuple[SurveyPair, ...]]:
    def make(many: int, **more) -> tuple[SurveyPair, ...]:
        return tuple(SurveyPair(f"q{number}", f"e{number}", f"p{number}", **more) for number in range(many))

    return make


@pytest.fixture
def survey(pairs) -> Callable[..., Survey]:
    def make(rows: pa.Table, *, many: int, choices: GapChoices | None = None, **more) -> Survey:
        return survey_of(rows, pairs=pairs(many, **more), scale=SCALE, choices=choices or GapChoices())

    return make


@pytest.fixture
def moody() -> Callable[..., tuple[np.ndarray, np.ndarray]]:
    """Ratings 1–7 of people who differ in mood: shapes (pairs, n)."""

    def make(n: int, *, many: int, seed: int = 5, expected: float = 5.5, received: float = 4.8):
        rng = np.random.default_rng(seed)
        mood = 0.8 * rng.normal(size=n)
        parts = (
            np.clip(np.rint(centre + mood + rng.normal(0.0, 0.8, (many, n))), *SCALE)
            for centre in (expected, received)
        )
        return tuple(parts)

    return make
