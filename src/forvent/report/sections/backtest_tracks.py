"""Which way of promising does best: the ways side by side on the same cases."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import datetime

from forvent.records import Backtest, Estimate, KeptSlice, NotEnough, Track
from forvent.report.plain_text import plain_text
from forvent.report.sections.parts import DataTable, data_table
from forvent.report.wording import Amount, Wording

OURS, COMPANY = "ours", "promised"
WAYS = (OURS, COMPANY, "rolling_quantile", "group_quantile", "cqr")
MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])(?:-\d{2})?")
# Kept shares of this page differ by tenths of a percent.
DECIMALS = 1


@dataclass(frozen=True, slots=True)
class TracksSection:
    """All that the section shows; ``ways`` explain the names, ``absent`` name the ways that were not run."""

    finding: str
    how: str
    table: DataTable
    ways: tuple[tuple[str, str], ...]
    absent: str


def tracks_section(backtest: Backtest, *, wording: Wording) -> TracksSection:
    """The table of the ways, and what each of them is."""
    return TracksSection(
        finding=tracks_finding(backtest, wording=wording),
        how=wording.say("backtest.tracks.how"),
        table=_table(backtest, wording),
        ways=tuple(
            (way_name(track.name, wording=wording), wording.looked_up("backtest_meanings", track.name))
            for track in backtest.tracks
            if track.name in WAYS
        ),
        absent=absent_said(backtest, wording=wording),
    )


# ----------------------------------------------------------------------- one way


def track_of(backtest: Backtest, way: str) -> Track | None:
    """The track of one way of promising, if it was run."""
    return next((track for track in backtest.tracks if track.name == way), None)


def absent_ways(backtest: Backtest) -> tuple[str, ...]:
    """Ways of promising that this backtest does not hold."""
    return tuple(way for way in WAYS if track_of(backtest, way) is None)


def absent_said(backtest: Backtest, *, wording: Wording) -> str:
    """Which ways this backtest does not hold; empty where it holds all."""
    names = [way_name(way, wording=wording) for way in absent_ways(backtest)]
    return wording.say("backtest.tracks.absent", names=wording.list_of(names)) if names else ""


def way_name(way: str, *, wording: Wording) -> str:
    """What a way of promising is called on the page."""
    return plain_text(wording.looked_up("backtest_ways", way))


def amount_said(value: float | None, *, unit: str, wording: Wording) -> str:
    """A promise with its unit: "23.4 days"; a quantity that is no time keeps the name it came with."""
    if value is None or not math.isfinite(value):
        return wording.say("numbers.none")
    decimals = 0 if abs(value) >= 100 else 1
    if unit.rstrip("s") in wording.texts["units"]:
        return wording.duration(value, unit=unit, decimals=decimals)
    number = wording.number(value, decimals=decimals)
    return wording.say("backtest.quantity", n=number, unit=plain_text(unit)).strip()


def kept_said(kept: Amount, *, wording: Wording) -> str:
    """A kept share with interval and count."""
    return wording.share(kept, noun="cases", decimals=DECIMALS)


def kept_value(kept: Amount, *, wording: Wording) -> str:
    """A kept share alone, where interval and count stand elsewhere; a dash where it is not known."""
    if isinstance(kept, NotEnough):
        return wording.say("numbers.none")
    return wording.share_value(kept, decimals=DECIMALS)


def month_start(name: str) -> datetime | None:
    """The first day of a month that is named as 2018-02; None for another name."""
    found = MONTH.fullmatch(name)
    return datetime(int(found[1]), int(found[2]), 1) if found else None


def month_said(part: KeptSlice, *, wording: Wording) -> str:
    """A month with its year, else the name it came with."""
    start = month_start(part.name)
    return plain_text(part.name) if start is None else wording.month(start)


# ------------------------------------------------------------------------ findings


def main_finding(backtest: Backtest, *, wording: Wording) -> str:
    """The heading of the page: what was kept at which length, beside the company's own promise."""
    ours, own = track_of(backtest, OURS), track_of(backtest, COMPANY)
    if ours is None or isinstance(ours.kept, NotEnough):
        count = ours.kept.n if ours is not None and isinstance(ours.kept, NotEnough) else backtest.n
        return wording.say("backtest.finding_unknown", count=wording.counted("cases", count))
    fields = {
        "ours": kept_value(ours.kept, wording=wording),
        "length": amount_said(ours.mean_promise, unit=backtest.unit, wording=wording),
    }
    if own is None or isinstance(own.kept, NotEnough):
        return wording.say("backtest.finding", level=level_said(backtest, wording=wording), **fields)
    fields |= {
        "own": kept_value(own.kept, wording=wording),
        "own_length": amount_said(own.mean_promise, unit=backtest.unit, wording=wording),
    }
    return wording.say(f"backtest.finding_{_compared(ours.kept, own.kept)}", **fields)


def _compared(ours: Estimate, own: Estimate) -> str:
    """More or less where the intervals lie apart, alike where they overlap."""
    if ours.low > own.high:
        return "more"
    return "less" if ours.high < own.low else "alike"


def level_said(backtest: Backtest, *, wording: Wording) -> str:
    """The level aimed at; one decimal where it is no whole percent."""
    whole = math.isclose(backtest.level * 100, round(backtest.level * 100), abs_tol=1e-6)
    return wording.percent(backtest.level, decimals=0 if whole else 1)


def shortest_other(backtest: Backtest) -> Track | None:
    """The other way with the shortest mean promise at the same kept share; None where there is none."""
    known = [track for track in backtest.tracks if track.name != OURS and at_equal(track) is not None]
    return min(known, key=lambda track: at_equal(track) or 0.0, default=None)


def at_equal(track: Track) -> float | None:
    """The mean promise at the kept share of ours, if there is one."""
    if track.name == OURS:
        return track.mean_promise
    found = track.mean_at_equal
    return found if found is not None and math.isfinite(found) else None


def tracks_finding(backtest: Backtest, *, wording: Wording) -> str:
    """The heading: who promises shortest when all keep as much."""
    ours, other = track_of(backtest, OURS), shortest_other(backtest)
    if ours is None or other is None:
        alone = not [track for track in backtest.tracks if track.name != OURS]
        return wording.say("backtest.tracks.finding_alone" if alone else "backtest.tracks.finding_unknown")
    fields = {
        "ours": amount_said(ours.mean_promise, unit=backtest.unit, wording=wording),
        "name": way_name(other.name, wording=wording),
        "other": amount_said(at_equal(other), unit=backtest.unit, wording=wording),
    }
    if fields["ours"] == fields["other"]:
        return wording.say("backtest.tracks.finding_same", **fields)
    longer = ours.mean_promise > (at_equal(other) or 0.0)
    key = "backtest.tracks.finding_longer" if longer else "backtest.tracks.finding_shortest"
    return wording.say(key, **fields)


# ---------------------------------------------------------------------------- table


def _table(backtest: Backtest, wording: Wording) -> DataTable:
    columns = ("way", "kept", "mean_promise", "at_equal", "median_promise", "worst_month", "padded")
    return data_table(
        wording.say("backtest.tracks.table", count=wording.counted("cases", backtest.n)),
        head=[wording.say(f"columns.{column}") for column in columns],
        rows=[_row(track, unit=backtest.unit, wording=wording) for track in backtest.tracks],
    )


def _row(track: Track, *, unit: str, wording: Wording) -> tuple[str, ...]:
    return (
        way_name(track.name, wording=wording),
        wording.share_range(track.kept, noun="cases", decimals=DECIMALS),
        amount_said(track.mean_promise, unit=unit, wording=wording),
        amount_said(at_equal(track), unit=unit, wording=wording),
        amount_said(track.median_promise, unit=unit, wording=wording),
        worst_said(track, wording=wording),
        wording.share_range(track.padded, noun="cases"),
    )


def worst_said(track: Track, *, wording: Wording) -> str:
    """The worst month with what was kept in it; a dash where no month has enough cases."""
    worst = track.worst_month
    if worst is None or isinstance(worst.kept, NotEnough):
        return wording.say("numbers.none")
    return wording.say(
        "backtest.in_month",
        month=month_said(worst, wording=wording),
        kept=kept_said(worst.kept, wording=wording),
    )
