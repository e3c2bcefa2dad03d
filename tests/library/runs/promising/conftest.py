"""Files of cases that can be opened, a record of cases, and a model learned from it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from forvent.adjust.history import History, elapsed
from forvent.adjust.promise.model import PromiseModel
from forvent.reading import CaseColumns, CasesReader, read_cases
from forvent.runs import promising

Open = Callable[[str, CaseColumns], CasesReader]
Record = Callable[..., History]
HOUR = 3_600.0
FIRST = datetime(2024, 1, 1)
USUAL = {"A": 6.0, "B": 12.0, "C": 24.0}


@pytest.fixture
def opened(tmp_path: Path) -> Open:
    def open_text(text: str, columns: CaseColumns) -> CasesReader:
        path = tmp_path / "cases.csv"
        path.write_text(text, encoding="utf-8")
        return read_cases(path, columns=columns)

    return open_text


def _record(n: int = 200, *, growth: float = 0.0, seed: int = 5, **changed: Any) -> History:
    """A case each 12 hours, of 6, 12 or 24 hours by state; weight tells nothing. The last ones are open."""
    rng = np.random.default_rng(seed)
    start = (FIRST - datetime(1970, 1, 1)).total_seconds() + 12 * HOUR * np.arange(n)
    state = np.array(list(USUAL))[rng.integers(3, size=n)]
    spread = rng.lognormal(0, 0.3, n) * np.exp(growth * np.arange(n))
    amount = np.array([USUAL[one] for one in state]) * spread
    is_open = start + amount * HOUR > start[-1]
    told: dict[str, Any] = {
        "start": start,
        "known": np.where(is_open, np.nan, start + amount * HOUR),
        "amount": np.where(is_open, np.nan, amount),
        "promised": np.full(n, 30.0),
        "columns": {"state": state, "weight": rng.uniform(1, 50, n).round()},
        "unit": "hour",
        "as_of": float(start[-1]),
        "clock": elapsed("hour"),
    }
    return History(**(told | changed))


@pytest.fixture(scope="session")
def record() -> Record:
    """Makes a record of cases; every part of it can be changed."""
    return _record


@pytest.fixture(scope="session")
def past() -> History:
    return _record()


@pytest.fixture(scope="session")
def written(past: History, tmp_path_factory: pytest.TempPathFactory) -> tuple[PromiseModel, Path]:
    out = tmp_path_factory.mktemp("model") / "orders.forvent"
    return promising.learn_promise(past, out=out, level=0.9, by=("state",), each_group=True), out


@pytest.fixture(scope="session")
def model(written: tuple[PromiseModel, Path]) -> PromiseModel:
    return written[0]
