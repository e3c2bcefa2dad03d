"""Assess and adjust joined: what was decided about a gap, week by week, and whether it helped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from forvent.adjust.effect import (
    Course,
    effect_of,
    kept_by_week,
    met_by_week,
    rated_by_week,
    tallies,
    week_begins,
    week_of,
)
from forvent.errors import BadOption
from forvent.records import Findings
from forvent.records.effect import Action, Effect, Tally
from forvent.runs.planning import Collect, PlanTables

MEASURES = ("share_met", "gap", "kept", "rating")


@dataclass(frozen=True)
class Subject:
    """What a measure is taken of: an expectation, at one touchpoint or at all; episodes with these values."""

    expectation: str
    touchpoint: str | None = None
    where: Mapping[str, str] = field(default_factory=dict)


def subject_of(text: str, *, measure: str) -> Subject:
    """A subject as it is written: EXPECTATION, EXPECTATION@TOUCHPOINT, or EXPECTATION@COLUMN=VALUE for kept.

    Parameters
    ----------
    text
        As a person writes it.
    measure
        share_met, gap, kept or rating.

    Returns
    -------
    Subject
        The parts.

    Raises
    ------
    BadOption
        If a part is missing.

    Source
    ------
    Our own definition, docs/plan.md.

    Examples
    --------
    >>> subject_of("on_time@region=Coast", measure="kept").where
    {'region': 'Coast'}
    """
    name, sign, place = text.partition("@")
    if not name or (sign and not place):
        raise BadOption(
            f"'{text}' names no expectation or no place.", hint="Write EXPECTATION or EXPECTATION@TOUCHPOINT."
        )
    if measure != "kept" or not place:
        return Subject(name, place or None)
    column, equals, value = place.partition("=")
    if not equals or not column or not value:
        raise BadOption(f"'{text}' names no group of episodes.", hint="Write EXPECTATION@COLUMN=VALUE.")
    return Subject(name, None, {column: value})


def weeks_of(tables: PlanTables, subject: Subject, *, measure: str, collect: Collect) -> tuple[Tally, ...]:
    """A measure of a subject week by week.

    Parameters
    ----------
    tables
        Voices, mentions and, for kept, episodes.
    subject
        What it is of.
    measure
        share_met, gap, kept or rating.
    collect
        Runs a lazy table.

    Returns
    -------
    tuple of Tally
        In order; empty where nobody judges it.

    Raises
    ------
    BadOption
        If the measure is unknown, or is kept and there are no episodes or no such column.

    Source
    ------
    Our own definition, docs/formulas/adjust-plan.md#tally.
    """
    if measure == "rating":
        return tallies(collect(rated_by_week(tables.voices)).to_pylist())
    if measure == "kept":
        return _kept_weeks(tables, subject, collect=collect)
    if measure not in MEASURES:
        raise BadOption(f"'{measure}' is no measure.", hint=f"Measures are {', '.join(MEASURES)}.")
    met = met_by_week(
        tables.mentions,
        voices=tables.voices,
        expectation=subject.expectation,
        touchpoint=subject.touchpoint,
    )
    return tallies(collect(met).to_pylist())


def _kept_weeks(tables: PlanTables, subject: Subject, *, collect: Collect) -> tuple[Tally, ...]:
    if tables.episodes is None or tables.as_of is None:
        raise BadOption(
            "The share kept needs episodes, and the report was made without.",
            hint="Run forvent report with --episodes, or take --measure share_met.",
        )
    for column in subject.where:
        if column not in tables.episodes.collect_schema().names():
            raise BadOption(
                f"The episodes have no column '{column}'.", hint="Name it in forvent report with --by."
            )
    kept = kept_by_week(tables.episodes, as_of=tables.as_of, where=subject.where)
    return tallies(collect(kept).to_pylist())


def effect_since(
    action: Action, tables: PlanTables, *, collect: Collect, since: date | None = None
) -> Effect:
    """Whether the gap of an action closed: its frozen baseline against the weeks since it was done.

    Parameters
    ----------
    action
        A done action, or any with ``since``.
    tables
        The tables of the latest run.
    collect
        Runs a lazy table.
    since
        Day from which it counts as done; that of the action where None.

    Returns
    -------
    Effect
        The verdict.

    Raises
    ------
    BadOption
        If the action is not done and no day is given.

    Source
    ------
    Our own definition, docs/formulas/adjust-plan.md#effect.
    """
    end = since or action.done
    if end is None:
        raise BadOption(
            f"Action {action.id} is not done yet.",
            hint=f"Say when it was: --done {action.id} --on DATE, or look from a day on with --since DATE.",
        )
    begin = min(action.added, end)

    def course(text: str, before: Sequence[Tally]) -> Course:
        subject = subject_of(text, measure=action.measure)
        after = weeks_of(tables, subject, measure=action.measure, collect=collect)
        return Course(tuple(before), tuple(one for one in after if week_of(one.week) >= week_of(end)))

    # Work on it may have begun after the last voice of the baseline; the weeks in between are left out.
    begin = min(begin, week_begins(week_of(action.baseline.last) + 1))
    return effect_of(
        course(action.subject, action.baseline.weeks),
        begin=begin,
        end=end,
        target=action.target,
        comparison=course(action.comparison, action.baseline.comparison_weeks) if action.comparison else None,
        rebound=action.baseline.rebound,
    )


def acted(findings: Findings, tables: PlanTables, *, collect: Collect, actions: Sequence[Action]) -> Findings:
    """Findings with the actions that were decided before, and the effect of those that are done.

    Parameters
    ----------
    findings
        What the run found.
    tables
        Its tables.
    collect
        Runs a lazy table.
    actions
        As they are kept.

    Returns
    -------
    Findings
        The actions stand in them without the weeks of their baselines. An action whose measure this run
        does not have, such as the share kept without episodes, has no effect in it.

    Source
    ------
    Our own definition, docs/formulas/adjust-plan.md#effect.
    """
    effects = {
        action.id: effect_since(action, tables, collect=collect)
        for action in actions
        if action.done is not None and (action.measure != "kept" or tables.episodes is not None)
    }
    short = tuple(
        replace(one, baseline=replace(one.baseline, weeks=(), comparison_weeks=())) for one in actions
    )
    return replace(findings, actions=short, effects=effects)
