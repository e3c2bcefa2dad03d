"""Importance and change of kinds that fit the invented shop's gaps."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from forvent.records import (
    Estimate,
    ExpectationImportance,
    Gap,
    Importances,
    KindChange,
    KindDrift,
    NotEnough,
)

VOICES = 1486


def _side(number: Estimate, line: float) -> int:
    return (number.low > line) - (number.high < line)


def _place(well: Estimate, important: Estimate, *, got: float, level: float) -> str:
    fields = {
        (-1, 1): "concentrate_here",
        (1, 1): "keep_up",
        (-1, -1): "low_priority",
        (1, -1): "possible_overkill",
    }
    return fields.get((_side(well, got), _side(important, level)), "undecided")


def _share(number: Estimate, whole: float) -> Estimate:
    return Estimate(number.value / whole, number.low / whole, number.high / whole, number.n)


def shop_importance(gaps: Sequence[Gap]) -> Importances:
    """Importance by ratings: each gap's own, as a part of all."""
    whole = sum(gap.importance.value for gap in gaps if isinstance(gap.importance, Estimate))
    shares = {
        gap.expectation: _share(gap.importance, whole)
        for gap in gaps
        if isinstance(gap.importance, Estimate) and isinstance(gap.got, Estimate)
    }
    known = [gap for gap in gaps if gap.expectation in shares]
    got = sum(gap.got.value for gap in known if isinstance(gap.got, Estimate)) / len(known)
    level = sum(share.value for share in shares.values()) / len(shares)
    order = sorted(shares, key=lambda name: -shares[name].value)
    few = NotEnough(4, 10, "too few rated voices judge it")

    def one(gap: Gap) -> ExpectationImportance:
        spoken = gap.counts.judged + gap.counts.wished
        share = shares.get(gap.expectation, few)
        rank: Estimate | NotEnough = few
        place = "undecided"
        if isinstance(share, Estimate) and isinstance(gap.got, Estimate):
            at = order.index(gap.expectation) + 1
            rank = Estimate(at, max(1, at - 1), min(len(order), at + 1), share.n)
            place = _place(gap.got, share, got=got, level=level)
        return ExpectationImportance(
            expectation=gap.expectation,
            importance=share,
            part=_share(share, 1 / 0.31) if isinstance(share, Estimate) else few,
            rank=rank,
            spoken=Estimate(spoken / VOICES, 0.8 * spoken / VOICES, 1.2 * spoken / VOICES, VOICES),
            wished=Estimate(gap.counts.wished / VOICES, 0.0, (gap.counts.wished + 4) / VOICES, VOICES),
            performance=gap.got,
            place=place,
        )

    found = sorted((one(gap) for gap in gaps), key=lambda found: order.index(found.expectation)
                   if found.expectation in order else 99)  # fmt: skip
    return Importances(
        basis="ratings",
        why="",
        expectations=tuple(found),
        explained=Estimate(0.31, 0.27, 0.35, 1402),
        rated=1402,
        sampled=False,
        error=0.0,
        importance_line=level,
        performance_line=got,
        level=0.95,
    )


def shop_kind_drift() -> KindDrift:
    """Fair price turned from performance to basic; on time stayed as it was."""
    few = NotEnough(6, 10, "fewer than two of the groups have both sides")

    def moved(value: float) -> Estimate:
        return Estimate(value, value - 0.06, value + 0.06, 190)

    changes = (
        KindChange(
            "fair_price", "performance", "basic", "basic",
            moved(-0.14), 0.001, moved(-0.1), 0.004, moved(-0.5), 0.002, "differs",
        ),
        KindChange(
            "on_time", "basic", "basic", "",
            moved(0.01), 0.8, moved(0.0), 0.9, moved(0.02), 0.8, "no difference found",
        ),
        KindChange(
            "loyalty_reward", "undecided", "undecided", "",
            few, None, few, None, few, None, "not enough data",
        ),
    )  # fmt: skip
    return KindDrift(
        datetime(2024, 1, 3), datetime(2024, 4, 2, 11), datetime(2024, 6, 28), (701, 701), changes, 0.95
    )
