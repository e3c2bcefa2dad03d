"""What a promise guarantees, by simulation: level, minus and plus four standard errors."""

import math

import numpy as np
import pytest

from forvent.adjust import Cases, promise_at_most, promise_from_record
from forvent.records import Promise

ROUNDS = 20_000
HOUR = 3_600.0

pytestmark = pytest.mark.slow


def share_kept(*, level: float, n: int, seed: int) -> float:
    rng = np.random.default_rng(seed)
    past, following = rng.lognormal(size=(ROUNDS, n)), rng.lognormal(size=ROUNDS)
    kept = [
        following[round_] <= promise_at_most(past[round_], level=level, unit="day").upper
        for round_ in range(ROUNDS)
    ]
    return float(np.mean(kept))


@pytest.mark.parametrize("level", [0.8, 0.9, 0.95])
@pytest.mark.parametrize("n", [19, 50, 200])
def test_promise_is_kept_as_often_as_it_says_and_hardly_more(level: float, n: int) -> None:
    error = math.sqrt(level * (1 - level) / ROUNDS)
    kept = share_kept(level=level, n=n, seed=n)
    assert level - 4 * error <= kept <= level + 1 / (n + 1) + 4 * error


def test_promise_is_kept_more_often_where_many_cases_tie() -> None:
    rng = np.random.default_rng(11)
    past, following = rng.poisson(3, size=(ROUNDS, 50)), rng.poisson(3, size=ROUNDS)
    kept = [following[i] <= promise_at_most(past[i], level=0.9, unit="day").upper for i in range(ROUNDS)]
    assert np.mean(kept) >= 0.9


@pytest.mark.parametrize("days", [4, 20])
def test_a_record_with_many_cases_open_at_its_split_gives_no_shorter_promise(days: int) -> None:
    """Waits of ten hours on average in a learning part of a few days: up to a tenth are open."""
    rounds, level = 2_000, 0.8
    rng = np.random.default_rng(days)
    kept = []
    for _ in range(rounds):
        start = np.sort(rng.uniform(0, days * 24 * HOUR, size=200))
        none = np.full(200, np.nan)
        wait = rng.exponential(10 * HOUR, size=200)
        cases = Cases(start, wait, none, none, as_of=1e9, by_day=False, groups={})
        promise = promise_from_record(cases, level=level)
        assert isinstance(promise, Promise)
        # The chance that the next case keeps it, in closed form.
        kept.append(1 - math.exp(-promise.upper / 10))
    error = np.std(kept) / math.sqrt(rounds)
    assert np.mean(kept) >= level - 4 * error
