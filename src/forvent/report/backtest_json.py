"""A backtest as versioned JSON."""

from __future__ import annotations

from typing import Any

from forvent.records import Backtest, Estimate, KeptSlice, NotEnough, Track
from forvent.report.sections.backtest_tracks import WAYS, absent_ways, track_of
from forvent.report.versioned_json import json_text, jsonable

SCHEMA = "forvent/backtest/1"
# Said where a way is not there and no note of the run says why.
ABSENT = {
    "promised": "promised: the cases hold no promise of the company to compare with.",
    **{way: f"{way}: this way of promising was not run." for way in WAYS if way != "promised"},
}


def backtest_json(backtest: Backtest) -> str:
    """A backtest as JSON text that programs can rely on.

    One key a way of promising, with plain numbers. Every key is described in
    ``docs/howto/backtest.md``.

    Parameters
    ----------
    backtest
        The walk through time.

    Returns
    -------
    str
        JSON with the key ``schema`` first. A way that was not run is null, and ``notes`` say why. A number
        that the data cannot carry is null, and ``not_enough`` beside it says why; one that is not finite is
        null too. Times are ISO 8601 in UTC.

    Source
    ------
    Our own definition, docs/howto/backtest.md.

    Examples
    --------
    >>> from forvent.records import Estimate
    >>> plain_kept(Estimate(0.93, 0.92, 0.94, n=5022))
    {'kept': 0.93, 'low': 0.92, 'high': 0.94, 'n': 5022}
    """
    document = {
        "schema": SCHEMA,
        "n": backtest.n,
        "level": backtest.level,
        "matched": backtest.matched,
        "unit": backtest.unit,
        "by_day": backtest.by_day,
        "first": backtest.first,
        "last": backtest.last,
        "refits": backtest.refits,
        "warming_up": backtest.warming_up,
        "undecided": backtest.undecided,
        "unpromised": backtest.unpromised,
        "group_column": backtest.group_column,
        **{way: _track(track_of(backtest, way)) for way in WAYS},
        "frontier": [{"length": point.length, **plain_kept(point.kept)} for point in backtest.frontier],
        "alarms": backtest.alarms,
        "notes": [*backtest.notes, *_why_absent(backtest)],
    }
    return json_text(_ordered(document))


def plain_kept(kept: Estimate | NotEnough) -> dict[str, Any]:
    """A kept share as plain numbers; null where the data cannot carry one."""
    if isinstance(kept, NotEnough):
        return {"kept": None, "low": None, "high": None, "n": kept.n}
    return {"kept": kept.value, "low": kept.low, "high": kept.high, "n": kept.n}


def _track(track: Track | None) -> dict[str, Any] | None:
    if track is None:
        return None
    worst = track.worst_month
    return {
        **plain_kept(track.kept),
        "mean_promise": track.mean_promise,
        "worst_month_kept": plain_kept(worst.kept)["kept"] if worst is not None else None,
        "padded": track.padded.value if isinstance(track.padded, Estimate) else None,
        "median_promise": track.median_promise,
        "mean_at_equal": track.mean_at_equal,
        "pinball": track.pinball,
        "worst_month": _slice(worst) if worst is not None else None,
        "not_enough": _reasons(track),
        "months": [_slice(part) for part in track.months],
        "groups": [_slice(part) for part in track.groups],
    }


def _slice(part: KeptSlice) -> dict[str, Any]:
    return {
        "name": part.name,
        **plain_kept(part.kept),
        "mean_promise": part.mean_promise,
        "median_promise": part.median_promise,
        "not_enough": {"kept": _reason(part.kept)} if isinstance(part.kept, NotEnough) else {},
    }


def _reasons(track: Track) -> dict[str, Any]:
    """Why a number of a track is null, by its key."""
    found = {
        name: _reason(amount)
        for name, amount in (("kept", track.kept), ("padded", track.padded))
        if isinstance(amount, NotEnough)
    }
    if track.worst_month is None or isinstance(track.worst_month.kept, NotEnough):
        few = [part.kept for part in track.months if isinstance(part.kept, NotEnough)]
        most = max(few, key=lambda kept: kept.n, default=NotEnough(0, 1, "no month holds a case"))
        found["worst_month_kept"] = _reason(most)
    return found


def _reason(kept: NotEnough) -> dict[str, Any]:
    return {"n": kept.n, "needed": kept.needed, "why": kept.why}


def _why_absent(backtest: Backtest) -> list[str]:
    """A note for each way that is not there, unless the run itself says why."""
    return [
        ABSENT[way]
        for way in absent_ways(backtest)
        if way in ABSENT and not any(way in note for note in backtest.notes)
    ]


def _ordered(value: Any) -> Any:
    """Ready for JSON, with the keys in the order they were put in."""
    if isinstance(value, dict):
        return {key: _ordered(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_ordered(inner) for inner in value]
    return jsonable(value)
