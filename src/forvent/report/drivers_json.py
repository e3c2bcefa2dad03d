"""Drivers as versioned JSON."""

from __future__ import annotations

from typing import Any

from forvent.records import Estimate, NotEnough
from forvent.records.drivers import Driver, DriverDrift, DriverGroup, DriverSegments, DriversFound
from forvent.records.kinds import KindChange
from forvent.report.versioned_json import json_text, jsonable

SCHEMA = "forvent/drivers/1"


def drivers_json(found: DriversFound) -> str:
    """Drivers as JSON text that programs can rely on; every key is described in ``docs/drivers.md``.

    Parameters
    ----------
    found
        What was found.

    Returns
    -------
    str
        JSON with the key ``schema`` first. A number that the data cannot carry is null, and so are its
        limits; why stands under ``not_enough``.

    Source
    ------
    Our own definition, docs/drivers.md.

    Examples
    --------
    >>> SCHEMA
    'forvent/drivers/1'
    """
    drivers = found.drivers
    document = {
        "schema": SCHEMA,
        "made_at": jsonable(found.made_at),
        "overall": drivers.overall,
        "answers": drivers.answers,
        "explained": jsonable(drivers.explained),
        "satisfaction": jsonable(drivers.satisfaction),
        "touchpoints": [_touchpoint(one) for one in drivers.touchpoints],
        "cautions": list(drivers.cautions),
        "level": drivers.level,
        "rounds": drivers.rounds,
        "sampled": drivers.sampled,
        "sampling_error": drivers.sampling_error,
        "zero": found.zero,
        "segments": [_segments(one) for one in found.segments],
        "drift": _drift(found.drift) if found.drift else None,
        "reading": jsonable(found.reading),
    }
    return json_text(document)


def _segments(one: DriverSegments) -> dict[str, Any]:
    return {
        "column": one.column,
        "segments": [_group(group) for group in one.segments],
        "left_out": one.left_out,
    }


def _drift(one: DriverDrift) -> dict[str, Any]:
    return {
        "column": one.column,
        "periods": [_group(group) for group in one.periods],
        "changes": [_change(change) for change in one.changes],
        "left_out": one.left_out,
    }


def _group(one: DriverGroup) -> dict[str, Any]:
    return {
        "name": one.name,
        "answers": one.drivers.answers,
        "explained": jsonable(one.drivers.explained),
        "touchpoints": [_touchpoint(touchpoint) for touchpoint in one.drivers.touchpoints],
        "changes": [_change(change) for change in one.changes],
    }


def _change(one: KindChange) -> dict[str, Any]:
    return {
        "name": one.name,
        "before": one.before,
        "after": one.after,
        "became": one.became,
        **_flat("penalty", one.penalty),
        "penalty_rate": one.penalty_rate,
        **_flat("reward", one.reward),
        "reward_rate": one.reward_rate,
        **_flat("asymmetry", one.asymmetry),
        "asymmetry_rate": one.asymmetry_rate,
        "verdict": one.verdict,
    }


def _touchpoint(one: Driver) -> dict[str, Any]:
    numbers = {
        "importance": one.importance,
        "penalty": one.penalty,
        "reward": one.reward,
        "asymmetry": one.asymmetry,
        "share": one.share,
        "rank": one.rank,
        "performance": one.performance,
        "stated": one.stated,
    }
    flat = {name: _flat(name, number) for name, number in numbers.items()}
    # The keys of the issue first, in its order; others script against them.
    return {
        "name": one.name,
        "n": one.ratings.rated,
        "importance": flat["importance"]["importance"],
        "low": flat["importance"]["importance_low"],
        "high": flat["importance"]["importance_high"],
        "kind": one.kind,
        "penalty": flat["penalty"]["penalty"],
        "reward": flat["reward"]["reward"],
        **flat["asymmetry"],
        "side": one.side,
        **{name: limit for key in ("penalty", "reward") for name, limit in list(flat[key].items())[1:]},
        **flat["share"],
        **flat["rank"],
        **flat["performance"],
        **flat["stated"],
        "place": one.place,
        "ratings": jsonable(one.ratings),
        "cautions": list(one.cautions),
        "not_enough": {
            name: jsonable(number)["not_enough"]
            for name, number in numbers.items()
            if isinstance(number, NotEnough)
        },
    }


def _flat(name: str, number: Estimate | NotEnough | None) -> dict[str, Any]:
    if not isinstance(number, Estimate):
        return {name: None, f"{name}_low": None, f"{name}_high": None}
    return {
        name: jsonable(number.value),
        f"{name}_low": jsonable(number.low),
        f"{name}_high": jsonable(number.high),
    }
