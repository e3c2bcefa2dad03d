"""Assess and adjust joined: gaps ranked into a plan, and what goes together with closing them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from forvent import assess
from forvent.adjust.if_met import DEFINITION as IF_MET
from forvent.adjust.if_met import Lever, if_met, if_promised
from forvent.adjust.priorities import PlanSettings, Stakes, judging_customers, ranked, wanted_times
from forvent.adjust.training import training_topics
from forvent.assess.contrast import Contrast
from forvent.assess.gap_draws import DISSATISFIED, GapDraws, dissatisfied_judgements, gap_draws
from forvent.assess.judgements import Judgements
from forvent.errors import BadOption
from forvent.records import Asymmetry, Estimate, Findings, Gap, NotEnough, Promise
from forvent.records.loyalty import ValueAtRisk
from forvent.records.plan import IfMet, Plan, WhatIfs
from forvent.tables import Table

ROUNDS = 1000
#: Gaps for which it is shown what goes together with closing them, and a share that few reach.
TRIED, NEARLY_ALL = 7, 0.9

Collect = Callable[[Table], pa.Table]


@dataclass(frozen=True)
class PlanTables:
    """The lazy tables that a plan is made from; ``as_of`` is up to when the episodes reach."""

    voices: Table
    mentions: Table
    episodes: Table | None = None
    as_of: datetime | None = None


@dataclass(frozen=True, eq=False)
class Grounds:
    """What a plan rests on: judgements, their contrast, kinds and gaps over all touchpoints."""

    judged: Judgements
    fit: Contrast
    kinds: Sequence[Asymmetry]
    gaps: Sequence[Gap]


@dataclass(frozen=True)
class Known:
    """What is known beside the tables: usual kinds and types of the catalogue, money ahead, settings."""

    usual_kinds: Mapping[str, str]
    usual_types: Mapping[str, str] = field(default_factory=dict)
    at_risk: Sequence[ValueAtRisk] = ()
    settings: PlanSettings | None = None


def grounds_of(tables: PlanTables, *, collect: Collect, known: Known, rng: np.random.Generator) -> Grounds:
    """Judgements, contrast, kinds and gaps of a run, as its findings have them.

    Parameters
    ----------
    tables
        Voices and mentions.
    collect
        Runs a lazy table.
    known
        Usual kinds of the catalogue.
    rng
        Source of randomness; the seed of the run gives its numbers again.

    Returns
    -------
    Grounds
        Gaps are ranked by what is at stake.

    Source
    ------
    Our own definition, docs/formulas/assess.md#gap.
    """
    judged = assess.judgements(
        collect(assess.judged_mentions(tables.mentions)),
        voices=collect(assess.speaking_voices(tables.voices)),
    )
    fit = assess.contrast(judged, rng=rng, rounds=ROUNDS)
    kinds = assess.asymmetries(judged, contrast=fit)
    gaps = assess.gaps(judged, contrast=fit, asymmetries=kinds, usual_kinds=known.usual_kinds)
    return Grounds(judged, fit, kinds, assess.rank_gaps(gaps))


def touchpoint_gaps(grounds: Grounds, *, known: Known) -> tuple[Gap, ...]:
    """The gaps at each touchpoint, from the same judgements.

    Parameters
    ----------
    grounds
        Judgements, contrast and kinds.
    known
        Usual kinds of the catalogue.

    Returns
    -------
    tuple of Gap
        Ranked by what is at stake.

    Source
    ------
    Our own definition, docs/formulas/assess.md#gap.
    """
    found = assess.gaps(
        grounds.judged,
        contrast=grounds.fit,
        asymmetries=grounds.kinds,
        usual_kinds=known.usual_kinds,
        by_touchpoint=True,
    )
    return assess.rank_gaps(found)


def planned(grounds: Grounds, tables: PlanTables, *, collect: Collect, known: Known) -> Plan:
    """Gaps ranked by customer value, gap, kind, certainty and effort, and the topics for training.

    Parameters
    ----------
    grounds
        What it rests on.
    tables
        The same voices and mentions.
    collect
        Runs a lazy table.
    known
        Money ahead, usual kinds and types, and the settings.

    Returns
    -------
    Plan
        Every gap with its factors.

    Source
    ------
    Our own definition, docs/formulas/adjust-plan.md#priority.
    """
    heads = collect(judging_customers(tables.mentions, voices=tables.voices))
    customers = dict(zip(*(heads[name].to_pylist() for name in ("expectation", "customers")), strict=True))
    plan = ranked(
        grounds.gaps,
        stakes=Stakes(customers, known.at_risk, known.usual_kinds, known.usual_types),
        draws=_draws(grounds),
        settings=known.settings,
    )
    times = collect(wanted_times(tables.mentions))
    by_name = {gap.expectation: gap for gap in grounds.gaps}
    topics = training_topics(
        [by_name[row.expectation] for row in plan.priorities],
        usual_types=known.usual_types,
        wanted={
            name: times.filter(pc.equal(times["expectation"], name))["level_seconds"].to_numpy()
            for name in times["expectation"].unique().to_pylist()
        },
    )
    return replace(plan, training=topics)


def _draws(grounds: Grounds) -> dict[str, np.ndarray[tuple[int, ...], np.dtype[np.float64]]]:
    """Draws of each gap; of the share met alone where the usual kind says what is expected."""
    drawn = gap_draws(grounds.judged, contrast=grounds.fit)
    measured = {gap.expectation for gap in grounds.gaps if gap.basis == "ratings"}
    return {
        name: drawn.got[1:, code] - (drawn.expected[1:, code] if name in measured else 0.0)
        for code, name in enumerate(drawn.expectations)
    }


def what_ifs(
    grounds: Grounds,
    *,
    names: Sequence[str],
    rng: np.random.Generator,
    targets: Mapping[str, float] | None = None,
) -> WhatIfs:
    """What goes together with meeting each of these expectations as often as expected, and nine times in ten.

    Parameters
    ----------
    grounds
        What it rests on.
    names
        Expectations, in order.
    rng
        Source of randomness in the state the contrast of the grounds was drawn from: both then rest on the
        same resampled customers.
    targets
        Shares to try instead, by expectation.

    Returns
    -------
    WhatIfs
        Two rows an expectation at most; targets below the share met today are left out unless they were
        given.

    Raises
    ------
    BadOption
        If an expectation has no gap, or a target is no share.

    Source
    ------
    Our own definition, docs/formulas/adjust-plan.md#if-met.
    """
    sad = assess.contrast(dissatisfied_judgements(grounds.judged), rng=rng, rounds=grounds.fit.drawn.shape[0])
    drawn, sadly = (gap_draws(grounds.judged, contrast=fit) for fit in (grounds.fit, sad))
    gaps = {gap.expectation: gap for gap in grounds.gaps}
    rows: list[IfMet] = []
    for name in names:
        gap = gaps.get(name)
        if gap is None:
            raise BadOption(
                f"Nobody speaks of '{name}' in these voices.", hint="Take an expectation of the plan."
            )
        if isinstance(gap.got, Estimate):
            given = None if targets is None else targets[name]
            code = drawn.expectations.index(name)
            rows += [
                if_met(
                    name,
                    lever=_lever(drawn, sadly, code),
                    got=gap.got,
                    target=target,
                    too_few=_too_few(grounds.kinds[code]),
                )
                for target in _targets(gap, given)
            ]
    return WhatIfs(definition=IF_MET, dissatisfied_at=round(DISSATISFIED, 6), met=tuple(rows))


def _lever(drawn: GapDraws, sadly: GapDraws, code: int) -> Lever:
    return Lever(drawn.got[:, code], drawn.judged[:, code], drawn.swing[:, code], sadly.swing[:, code])


def _too_few(kind: Asymmetry) -> NotEnough | None:
    return next((side for side in (kind.penalty, kind.reward) if isinstance(side, NotEnough)), None)


def _targets(gap: Gap, given: float | None) -> list[float]:
    if given is not None:
        return [given]
    assert isinstance(gap.got, Estimate)  # noqa: S101
    wanted = [round(gap.expected.value, 4)] if isinstance(gap.expected, Estimate) else []
    return sorted({target for target in (*wanted, NEARLY_ALL) if target > gap.got.value})


def promises_tried(findings: Findings) -> Findings:
    """Findings with what goes together with promises a little shorter and longer than today's.

    Parameters
    ----------
    findings
        With the frontier, the promises and the chain.

    Returns
    -------
    Findings
        As they were where there is no promise of today.

    Source
    ------
    Our own definition, docs/formulas/adjust-plan.md#if-promised.
    """
    promise = next((one for one in findings.promises if isinstance(one, Promise) and not one.group), None)
    today = promise.own_promise if promise else None
    if findings.what_if is None or promise is None or today is None or not findings.frontier:
        return findings
    kept = next((rate.kept for rate in findings.kept if not rate.group), None)
    step = 1.0 if promise.by_day else max(1.0, round(today / 4))
    own = float(round(today)) if promise.by_day else round(today, 1)
    lengths = [own - step, own, own + step, promise.upper]
    rows = if_promised(
        findings.frontier,
        lengths=[length for length in lengths if length > 0.0],
        today=own,
        kept_today=kept,
        late_difference=findings.chain.late_difference if findings.chain else None,
    )
    return replace(findings, what_if=replace(findings.what_if, promises=rows))
