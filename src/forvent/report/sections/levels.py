"""Do people expect what we deliver: stated levels against delivered values."""

from __future__ import annotations

from dataclasses import dataclass

from forvent.records import Estimate, Findings, LevelComparison, NotEnough, Promise
from forvent.report.pictures.levels import LevelWords, Strips, levels
from forvent.report.pictures.svg import round_ticks
from forvent.report.sections.parts import DataTable, Pictures, data_table
from forvent.report.sections.promise import overall_promise
from forvent.report.wording import Wording

SECONDS = {"minute": 60.0, "hour": 3600.0, "day": 86400.0}
# Fewer values than this in a strip show no distribution.
LEAST = 5
# The expectations that a delivery promise speaks of.
PROMISED = ("on_time", "fast_delivery")


@dataclass(frozen=True, slots=True)
class LevelShown:
    """One expectation with stated levels."""

    name: str
    statement: str
    pictures: Pictures | None
    beyond: str
    paired: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LevelsSection:
    """All that the section shows."""

    finding: str
    shown: tuple[LevelShown, ...]
    table: DataTable | None


def levels_section(findings: Findings, *, wording: Wording) -> LevelsSection:
    """Every expectation for which levels were stated."""
    promise = overall_promise(findings.promises)
    own = promise_seconds(promise) if isinstance(promise, Promise) else None
    shown = [
        _shown(found, promise=own if found.expectation in PROMISED else None, wording=wording)
        for found in findings.levels
        if isinstance(found.stated_median, Estimate) or isinstance(found.delivered_median, Estimate)
    ]
    return LevelsSection(
        finding=levels_finding(findings, wording=wording),
        shown=tuple(shown),
        table=_table(findings.levels, wording) if findings.levels else None,
    )


def promise_seconds(promise: Promise) -> float | None:
    """The own promise in seconds; None where there is none or its unit is no duration."""
    seconds = SECONDS.get(promise.unit.rstrip("s"))
    return promise.own_promise * seconds if promise.own_promise is not None and seconds else None


def levels_finding(findings: Findings, *, wording: Wording) -> str:
    """The heading: the first comparison with both medians; surely apart only where their intervals are."""
    for found in findings.levels:
        stated, got = found.stated_median, found.delivered_median
        if isinstance(stated, Estimate) and isinstance(got, Estimate):
            unit = unit_for(max(stated.value, got.value))
            return wording.say(
                f"levels.finding_{_order(stated, got)}",
                name=wording.name(found.expectation),
                stated=_length(stated.value, unit, wording),
                got=_length(got.value, unit, wording),
            )
    return wording.say("levels.finding_unknown")


def _order(stated: Estimate, got: Estimate) -> str:
    if got.low > stated.high:
        return "longer"
    return "shorter" if got.high < stated.low else "undecided"


def unit_for(seconds: float) -> str:
    """The largest of day, hour and minute of which there are at least two."""
    return next((unit for unit in ("day", "hour") if seconds >= 2 * SECONDS[unit]), "minute")


def _length(seconds: float, unit: str, wording: Wording) -> str:
    return wording.duration(round(seconds / SECONDS[unit], 1), unit=unit)


def _shown(found: LevelComparison, *, promise: float | None, wording: Wording) -> LevelShown:
    delivered = found.delivered or found.experienced
    statement = _statement(found, wording)
    if min(len(found.stated), len(delivered)) < LEAST:
        name = wording.name(found.expectation)
        return LevelShown(name, statement, pictures=None, beyond="", paired=_paired(found, wording))
    unit = unit_for(sorted((*found.stated, *delivered))[(len(found.stated) + len(delivered)) // 2])
    strips = _strips(found, delivered=delivered, promise=promise, unit=unit)
    words = LevelWords(
        says=statement,
        above=wording.say("levels.stated_axis"),
        below=wording.say("levels.delivered_axis" if found.delivered else "levels.experienced_axis"),
        promise=wording.say("levels.promise", duration=_length(promise or 0.0, unit, wording)),
        across=wording.say(f"units_axis.{unit}"),
        ticks=tuple((tick, wording.number(tick)) for tick in round_ticks(0.0, high=strips.reach, most=8)),
    )
    return LevelShown(
        name=wording.name(found.expectation),
        statement=statement,
        pictures=Pictures(wide=levels(strips, words=words), narrow=levels(strips, words=words, narrow=True)),
        beyond=wording.counted("beyond", strips.beyond) if strips.beyond else "",
        paired=_paired(found, wording),
    )


def _paired(found: LevelComparison, wording: Wording) -> tuple[str, ...]:
    """What the same people stated and got, where enough of them say both."""
    said = []
    for pair in found.paired:
        if isinstance(pair.gap, Estimate) and isinstance(pair.longer, Estimate):
            unit = unit_for(max(abs(pair.gap.low), abs(pair.gap.high)))
            low, high = _ends(pair.gap, unit, wording)
            said.append(
                wording.say(
                    f"levels.paired_{pair.basis}",
                    share=wording.share(pair.longer),
                    gap=_length(pair.gap.value, unit, wording),
                    low=low,
                    high=high,
                )
            )
    return tuple(said)


def _strips(
    found: LevelComparison, *, delivered: tuple[float, ...], promise: float | None, unit: str
) -> Strips:
    one = SECONDS[unit]
    return Strips(
        stated=tuple(value / one for value in found.stated),
        delivered=tuple(value / one for value in delivered),
        stated_median=_scaled(found.stated_median, one),
        delivered_median=_scaled(found.delivered_median, one),
        promise=promise / one if promise is not None else None,
    )


def _scaled(amount: Estimate | NotEnough, one: float) -> Estimate | NotEnough:
    if isinstance(amount, NotEnough):
        return amount
    return Estimate(
        value=amount.value / one, low=amount.low / one, high=amount.high / one, n=amount.n, level=amount.level
    )


def _median(amount: Estimate | NotEnough, wording: Wording, *, noun: str) -> str:
    if isinstance(amount, NotEnough):
        return wording.unknown(amount, noun=noun)
    unit = unit_for(amount.value)
    low, high = _ends(amount, unit, wording)
    return wording.say(
        "levels.median",
        value=_length(amount.value, unit, wording),
        low=low,
        high=high,
        count=wording.counted(noun, amount.n),
    )


def _ends(amount: Estimate, unit: str, wording: Wording) -> tuple[str, str]:
    """Both ends of an interval in a unit; with a decimal only where one of them has one."""
    low, high = (round(end / SECONDS[unit], 1) for end in (amount.low, amount.high))
    decimals = 0 if low == round(low) and high == round(high) else 1
    return wording.number(low, decimals=decimals), wording.number(high, decimals=decimals)


def _statement(found: LevelComparison, wording: Wording) -> str:
    return wording.say(
        "levels.statement" if found.delivered else "levels.statement_experienced",
        stated=_median(found.stated_median, wording, noun="voices"),
        got=_median(found.delivered_median, wording, noun="cases" if found.delivered else "voices"),
    )


def _table(found: tuple[LevelComparison, ...], wording: Wording) -> DataTable:
    return data_table(
        wording.say("levels.table"),
        head=[wording.say(f"columns.{key}") for key in ("name", "stated_median", "delivered_median")],
        rows=[
            (
                wording.name(one.expectation),
                _median(one.stated_median, wording, noun="voices"),
                _median(one.delivered_median, wording, noun="cases" if one.delivered else "voices"),
            )
            for one in found
        ],
    )
