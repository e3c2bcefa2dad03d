"""What kind it is: penalty left, reward right."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from forvent.records import Asymmetry, Estimate, Findings, KindDrift, NotEnough
from forvent.report.pictures.kinds import penalty_reward
from forvent.report.sections.parts import DataTable, data_table
from forvent.report.wording import Wording
from forvent.tables import KINDS

UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class KindRow:
    """One row: penalty, reward, and the kind they look like."""

    name: str
    kind: str
    decided: bool
    penalty: str
    reward: str
    picture: Markup


@dataclass(frozen=True, slots=True)
class KindsSection:
    """All that the section shows."""

    finding: str
    rows: tuple[KindRow, ...]
    rest: str
    ticks: tuple[str, ...]
    table: DataTable | None
    drift: tuple[str, ...] = ()


def kinds_section(findings: Findings, *, wording: Wording) -> KindsSection:
    """Expectations with at least one side measured, decided kinds first."""
    known = [found for found in findings.asymmetries if _is_known(found)]
    known.sort(key=lambda found: (KINDS.index(found.kind), -_size(found.penalty) - _size(found.reward)))
    rest = len(findings.asymmetries) - len(known)
    reach = reach_of([side for found in known for side in (found.penalty, found.reward)], wording)
    return KindsSection(
        finding=kinds_finding(known, wording=wording),
        rows=tuple(_row(found, reach=reach, wording=wording) for found in known),
        rest=wording.counted("kinds_rest", rest) if rest else "",
        ticks=side_ticks(reach, wording),
        table=_table(known, wording) if known else None,
        drift=drift_said(findings.kind_drift, wording=wording),
    )


def drift_said(drift: KindDrift | None, *, wording: Wording) -> tuple[str, ...]:
    """What became of the kinds between the two halves of the time; empty where nobody could look."""
    if drift is None:
        return ()
    parted = wording.date(drift.parted)
    compared = [one for one in drift.changes if one.asymmetry_rate is not None]
    if not compared:
        return ()
    became = [one for one in drift.changes if one.became]
    said = [
        wording.say(
            "kinds.drift_became",
            name=wording.name(one.name),
            before=wording.label("kinds", one.before),
            after=wording.label("kinds", one.after),
            parted=parted,
        )
        for one in became
    ]
    if not said:
        count = wording.counted("expectations", len(compared))
        said = [wording.say("kinds.drift_none", parted=parted, count=count)]
    early, late = (wording.counted("voices", count) for count in drift.voices)
    return (*said, wording.say("kinds.drift_how", parted=parted, early=early, late=late))


def kinds_finding(known: Sequence[Asymmetry], *, wording: Wording) -> str:
    """The heading: the first expectation whose kind is decided, the basic ones first."""
    decided = [found for found in known if found.kind != UNDECIDED]
    if not decided:
        return wording.say("kinds.finding_none" if known else "kinds.finding_unknown")
    # A heading says "less" and "more", so it takes one whose sides lie that way where there is one.
    first = next((found for found in decided if _lies_usual(found)), decided[0])
    key = f"kinds.finding_{first.kind}"
    usual = first.kind != "reverse"
    penalty = _points(first.penalty, usual=-1.0 if usual else 0.0, wording=wording)
    reward = _points(first.reward, usual=1.0 if usual else 0.0, wording=wording)
    return wording.say(key, name=wording.name(first.expectation), penalty=penalty, reward=reward)


def _lies_usual(found: Asymmetry) -> bool:
    below = not isinstance(found.penalty, Estimate) or found.penalty.value <= 0
    above = not isinstance(found.reward, Estimate) or found.reward.value >= 0
    return below and above


def _points(side: Estimate | NotEnough, *, usual: float, wording: Wording) -> str:
    """Rating points without sign; with a minus where the side lies against its usual sign."""
    if isinstance(side, NotEnough):
        return wording.say("journey.no_number")
    points = wording.rating_points(side.value)
    return points if side.value * usual >= 0 else f"−{points}"


def _is_known(found: Asymmetry) -> bool:
    return isinstance(found.penalty, Estimate) or isinstance(found.reward, Estimate)


def _size(amount: Estimate | NotEnough) -> float:
    return abs(amount.value) if isinstance(amount, Estimate) else 0.0


def side_ticks(reach: float, wording: Wording) -> tuple[str, ...]:
    """Texts of the axis under penalty and reward."""
    return tuple(_tick(share * reach, wording) for share in (-1.0, -0.5, 0.0, 0.5, 1.0))


def reach_of(sides: Sequence[Estimate | NotEnough], wording: Wording) -> float:
    """Rating difference at the edge of the picture: past the widest interval, even on the scale as given."""
    ends = [abs(end) for side in sides if isinstance(side, Estimate) for end in (side.low, side.high)]
    widest = max([*ends, 0.01]) * 1.02 * wording.span
    step = _step(widest)
    return math.ceil(widest / step - 1e-9) * step / wording.span


def _step(widest: float) -> float:
    """A step whose half has one digit less than the ticks show."""
    return next(step for step in (0.2, 2.0, 20.0, 200.0, math.inf) if widest <= 20 * step)


def _tick(value: float, wording: Wording) -> str:
    given = round(value * wording.span, 6)
    shown = wording.number(given, decimals=0 if given == round(given) else 1)
    return shown if value <= 0 else f"+{shown}"


def _row(found: Asymmetry, *, reach: float, wording: Wording) -> KindRow:
    penalty, reward = (wording.rating_difference(side) for side in (found.penalty, found.reward))
    kind = wording.label("kinds", found.kind)
    decided = found.kind != UNDECIDED
    name = wording.name(found.expectation)
    says = wording.say("kinds.alternative", name=name, kind=kind, penalty=penalty, reward=reward)
    return KindRow(
        name=name,
        kind=kind,
        decided=decided,
        penalty=penalty,
        reward=reward,
        picture=penalty_reward(found.penalty, reward=found.reward, reach=reach, decided=decided, says=says),
    )


def _table(known: Sequence[Asymmetry], wording: Wording) -> DataTable:
    def row(found: Asymmetry) -> tuple[str, ...]:
        return (
            wording.name(found.expectation),
            wording.label("kinds", found.kind),
            wording.rating_difference(found.penalty),
            wording.rating_difference(found.reward),
            wording.amount(found.asymmetry),
        )

    keys = ("name", "kind", "penalty", "reward", "asymmetry")
    return data_table(
        wording.say("kinds.table", scale=wording.scale_name()),
        head=[wording.say(f"columns.{key}") for key in keys],
        rows=[row(found) for found in known],
    )
