"""Invented records for the tests of the promise engine, and a model that was learned from one."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from forvent.adjust.history import Column, Floats, History, elapsed
from forvent.adjust.lengths import DAY
from forvent.adjust.promise import walk as walking
from forvent.adjust.promise.learn import learn
from forvent.adjust.promise.model import PromiseModel

#: A record of so many cases, by number of cases and seed.
Record = Callable[..., History]
KINDS = ("book", "lamp", "sofa")


def _as_known(
    start: Floats, wait: Floats, promised: Floats, columns: dict[str, Column], *, as_of: float
) -> History:
    """Waits in days as they are known at a moment: a case that ends later is open."""
    known = start + wait * DAY
    is_open = known > as_of
    return History(
        start=start,
        known=np.where(is_open, np.nan, known),
        amount=np.where(is_open, np.nan, wait),
        promised=promised,
        columns=columns,
        unit="day",
        as_of=as_of,
        clock=elapsed("day"),
    )


def _waits(n: int, *, seed: int, own: bool = True, a_day: int = 4) -> History:
    """Cases that take longer with their size, and three times as long for a sofa, where less is sure.

    From the first of January 2024 on; the company promises in whole days and keeps nearly all of it.
    """
    rng = np.random.default_rng(seed)
    size, kind = rng.uniform(0, 4, n), rng.choice(KINDS, n, p=[0.5, 0.3, 0.2])
    usual = (1.0 + size) * np.where(kind == "sofa", 3.0, 1.0)
    wait = usual * np.exp(np.where(kind == "sofa", 0.5, 0.25) * rng.normal(size=n))
    start = (19_723.0 + np.sort(rng.uniform(0, n / a_day, n))) * DAY
    promised = np.ceil(1.6 * usual) if own else np.full(n, np.nan)
    columns: dict[str, Column] = {"kind": kind, "size": size}
    return _as_known(start, wait, promised, columns, as_of=float(start[-1]) + 1.0)


@pytest.fixture(scope="session")
def waits() -> Record:
    """Waits in days, as they are known a second after the last start."""
    return _waits


@pytest.fixture(scope="session")
def as_known() -> Record:
    """Waits, promises and columns as they are known at ``as_of``."""
    return _as_known


@pytest.fixture
def seldom(monkeypatch: pytest.MonkeyPatch) -> None:
    """Promises are calibrated anew for each fortieth of the cases, which makes small records quick."""
    monkeypatch.setattr(walking, "TICKS", 40)


@pytest.fixture(scope="session")
def record() -> History:
    """Six hundred waits."""
    return _waits(600, seed=1)


@pytest.fixture(scope="session")
def model(record: History) -> PromiseModel:
    """What those waits support at 90 %, held in each kind."""
    # The patch ends before the tests begin: whatever else runs in the session is calibrated as usual.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(walking, "TICKS", 40)
        return learn(record, level=0.9, by="kind", each_group=True)
