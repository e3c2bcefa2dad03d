"""Invented answers and purchases, as many as are asked for; the same each time."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

TOUCHPOINTS = 15
FIRST = np.datetime64("2025-01-01")
SHOPS = np.array(["Brno", "Oslo", "Tartu", "Yerevan"])


def survey(count: int) -> pa.Table:
    """Ratings 1 to 5 of fifteen touchpoints that go with a mood, and overall satisfaction."""
    rng = np.random.default_rng(1)
    mood = rng.normal(size=count)
    ratings = [_rated(3.5 + 0.6 * mood, rng, 5) for _ in range(TOUCHPOINTS)]
    part = sum(rating - 3.5 for rating in ratings[:5])
    overall = _rated(3.3 + 0.8 * mood + 0.2 * part, rng, 5, noise=0.6)
    touchpoints = {f"touchpoint {place}": rating for place, rating in enumerate(ratings)}
    return pa.table({**_about(count, rng), **touchpoints, "overall": overall})


def paired(count: int) -> pa.Table:
    """Fifteen pairs of expected and received, 1 to 7."""
    rng = np.random.default_rng(2)
    mood = rng.normal(size=count)
    columns = {}
    for place in range(TOUCHPOINTS):
        columns[f"part {place} expected"] = _rated(5.5 + 0.4 * mood, rng, 7)
        columns[f"part {place} received"] = _rated(5.0 + 0.5 * mood, rng, 7)
    return pa.table({**_about(count, rng), **columns})


def questionnaire(count: int) -> pa.Table:
    """Both Kano questions of fifteen features."""
    rng = np.random.default_rng(3)
    chances = np.array([0.4, 0.2, 0.2, 0.15, 0.05])
    columns = {}
    for place in range(TOUCHPOINTS):
        columns[f"feature {place}+"] = (rng.choice(5, count, p=chances) + 1).astype(np.int8)
        columns[f"feature {place}-"] = (rng.choice(5, count, p=chances[::-1]) + 1).astype(np.int8)
    return pa.table({**_about(count, rng), **columns})


def purchases(count: int) -> pa.Table:
    """Purchases of an eighth as many customers in two years."""
    rng = np.random.default_rng(4)
    customers = count // 8
    rate = rng.gamma(1.2, 1.0, customers)
    who = rng.choice(customers, count, p=rate / rate.sum())
    first = rng.integers(0, 200, customers)
    day = np.minimum(first[who] + rng.exponential(150.0, count).astype(int), 699)
    return pa.table(
        {
            "customer": np.char.add("c", who.astype(str)),
            "date": (FIRST - 366 + day).astype(str),
            "amount": np.round(rng.gamma(2.0, 20.0, count), 2),
            "order": np.arange(count),
        }
    )


def _about(count: int, rng: np.random.Generator) -> dict[str, NDArray[np.generic]]:
    """Who answered, where and when."""
    return {
        "id": np.arange(count),
        "shop": SHOPS[rng.integers(0, SHOPS.size, count)],
        "date": (FIRST + rng.integers(0, 365, count)).astype(str),
    }


def _rated(
    middle: NDArray[np.float64], rng: np.random.Generator, top: int, *, noise: float = 1.0
) -> NDArray[np.int8]:
    rating: NDArray[np.int8] = np.clip(np.rint(middle + rng.normal(0.0, noise, middle.size)), 1, top).astype(
        np.int8
    )
    return rating
