"""Episodes whose truth is known: how probable disappointment was, at the start and at the delivery."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from forvent.assess.prediction import EpisodeHistory

Floats = NDArray[np.float64]
DAY = 86_400.0
ARRAYS = (
    "customer",
    "start",
    "due",
    "delivered",
    "cancelled",
    "sad",
    "rating",
    "first_said",
    "known",
)
SHOPS = ("North", "South", "West")


@dataclass(frozen=True)
class Truth:
    """A history, and the probability of disappointment behind each episode."""

    history: EpisodeHistory
    at_start: Floats
    at_delivery: Floats


def truth(
    rng: np.random.Generator,
    *,
    n: int = 3_000,
    strength: float = 1.0,
    open_cases: int = 0,
    customers: int = 0,
) -> Truth:
    """Late episodes disappoint; one shop and short promises are late more often. 0 strength is noise."""
    start = np.sort(rng.uniform(0.0, 400.0, n)) * DAY
    shop = rng.integers(0, 3, n)
    promised = rng.integers(2, 9, n).astype(float)
    late_odds = strength * (1.6 * (shop == 2) + 0.35 * (5.0 - promised)) - 1.2
    late_chance = 1.0 / (1.0 + np.exp(-late_odds))
    late = rng.random(n) < late_chance
    wait = np.where(late, promised + rng.uniform(0.5, 4.0, n), promised * rng.uniform(0.3, 1.0, n))
    chance = np.where(late, 0.15 + 0.45 * strength, 0.15)
    sad = (rng.random(n) < chance).astype(float)
    delivered = start + wait * DAY
    said = delivered + rng.uniform(0.2, 3.0, n) * DAY
    who = rng.integers(0, customers, n) if customers else np.arange(n)
    history = EpisodeHistory(
        episode=tuple(f"e{place}" for place in range(n)),
        customer_name=tuple(f"c{one}" for one in who),
        customer=np.unique(who, return_inverse=True)[1].astype(np.int64),
        start=start,
        due=start + promised * DAY,
        delivered=delivered,
        cancelled=np.zeros(n, dtype=bool),
        sad=sad,
        rating=np.where(sad > 0, 0.0, 1.0),
        first_said=said,
        known=said,
        columns={"shop": np.array(SHOPS)[shop], "price": rng.gamma(2.0, 10.0, n)},
        as_of=float(said.max()),
    )
    at_start = late_chance * (0.15 + 0.45 * strength) + (1.0 - late_chance) * 0.15
    return Truth(cut(history, as_of=start[n - open_cases]) if open_cases else history, at_start, chance)


def cut(history: EpisodeHistory, *, as_of: float) -> EpisodeHistory:
    """The history as it was known at a moment; episodes that began later are gone."""
    begun = history.start <= as_of
    kept = {
        name: getattr(history, name)[begun]
        for name in (
            "customer",
            "start",
            "due",
            "delivered",
            "cancelled",
            "sad",
            "rating",
            "first_said",
            "known",
        )
    }
    there = kept["delivered"] <= as_of
    spoken = kept["known"] <= as_of
    kept["delivered"] = np.where(there, kept["delivered"], np.nan)
    for name in ("sad", "rating", "first_said", "known"):
        kept[name] = np.where(spoken, kept[name], np.nan)
    picked = np.flatnonzero(begun)
    return replace(
        history,
        episode=tuple(history.episode[place] for place in picked),
        customer_name=tuple(history.customer_name[place] for place in picked),
        columns={name: values[begun] for name, values in history.columns.items()},
        as_of=as_of,
        **kept,
    )
