"""Whether the same review gets the same expectations in every language."""

from __future__ import annotations

from itertools import combinations
from typing import Any

from benchmarks.quality.figures import mean_figure
from benchmarks.quality.sets import PARALLEL, parallel_texts
from benchmarks.quality.tiers import Tier

Ids = frozenset[str]


def measure(tier: Tier, most: int) -> dict[str, Any]:
    """Mean Jaccard index of the sets of expectations, by pair and over all pairs."""
    reviews = parallel_texts(most)
    said: dict[str, list[Ids]] = {
        language: [
            frozenset(mention.expectation for mention in voice.mentions)
            for voice in tier.answers([review[language] for review in reviews])
        ]
        for language in PARALLEL
    }
    row: dict[str, Any] = {"reviews": len(reviews)}
    by_review: list[list[float]] = [[] for _ in reviews]
    for one, other in combinations(PARALLEL, 2):
        found = [jaccard(*both) for both in zip(said[one], said[other], strict=True)]
        row[f"{one}-{other}"] = mean_figure([value for value in found if value is not None]).row()
        for values, value in zip(by_review, found, strict=True):
            values += [] if value is None else [value]
    # The pairs of one review go together: the mean of each review is what is resampled.
    row["all"] = mean_figure([sum(values) / len(values) for values in by_review if values]).row()
    return row


def jaccard(one: Ids, other: Ids) -> float | None:
    """Shared of all that either has; None where neither has any."""
    return len(one & other) / len(one | other) if one | other else None
