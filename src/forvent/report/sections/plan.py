"""What to do on Monday: the first gaps with their factors, what is being done, and what to practise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from markupsafe import Markup

from forvent.records import Estimate, Findings
from forvent.records.effect import Action, Effect
from forvent.records.plan import CUSTOMERS, SURE, Plan, Priority, TrainingTopic
from forvent.report.pictures.plan import score_bar
from forvent.report.plain_text import plain_text
from forvent.report.sections.gaps import QuoteShown, shown_quote
from forvent.report.sections.parts import DataTable, data_table
from forvent.report.wording import Wording

ROWS_SHOWN = 7
QUOTES_SHOWN = 2
#: Below this share of draws it is not said which one comes first.
CLEARLY_FIRST = 0.8
#: Below this share of draws coming first is not worth a word.
RARELY = 0.005
#: A share of draws or a chance that is never said to be certain.
NEARLY_SURE = 0.99
HOUR, DAY = 3600.0, 86_400.0


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One thing to do, with every factor of its place."""

    name: str
    anchor: str
    step: str
    expects: str
    factors: str
    place: str
    picture: Markup
    actions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TopicShown:
    """One topic to practise, with examples in the customers' words."""

    name: str
    asked: str
    known: str
    standard: str
    quotes: tuple[QuoteShown, ...]


@dataclass(frozen=True, slots=True)
class PlanSection:
    """All that the section shows."""

    finding: str
    how: tuple[str, ...]
    rows: tuple[PlanRow, ...]
    effects: tuple[tuple[str, str, tuple[str, ...]], ...]
    topics: tuple[TopicShown, ...]
    table: DataTable | None


def plan_section(findings: Findings, *, wording: Wording) -> PlanSection | None:
    """The first gaps to work on; None where no plan was made."""
    plan = findings.plan
    if plan is None:
        return None
    first = to_do(plan)
    reach = max([row.score.high for row in first if isinstance(row.score, Estimate)], default=1.0) or 1.0
    today = findings.made_at.date()
    return PlanSection(
        finding=plan_finding(plan, wording=wording),
        how=_how(plan, wording) if first else (),
        rows=tuple(
            _row(row, findings.actions, unit=plan.value_unit, reach=reach, today=today, wording=wording)
            for row in first
        ),
        effects=tuple(
            (
                verdict_said(action, wording=wording, effect=effect),
                change_said(action, effect, wording),
                cautions_said(effect, wording=wording),
            )
            for action in findings.actions
            if (effect := findings.effects.get(action.id)) is not None
        ),
        topics=tuple(_topic(topic, findings, wording) for topic in plan.training),
        table=_table(plan, wording),
    )


def to_do(plan: Plan) -> tuple[Priority, ...]:
    """The first gaps that fall short by their plain numbers, at most seven."""
    return tuple(row for row in plan.priorities if row.score_above_zero)[:ROWS_SHOWN]


def plan_finding(plan: Plan, *, wording: Wording) -> str:
    """The heading: what to begin with, or between what the data do not decide."""
    first = to_do(plan)
    if not first:
        known = any(row.real is not None for row in plan.priorities)
        return wording.say("plan.finding_none" if known else "plan.finding_unknown")
    if first[0].first >= CLEARLY_FIRST or len(first) == 1:
        return wording.say(
            "plan.finding", name=wording.name(first[0].expectation), share=_share(first[0].first, wording)
        )
    second = max(first[1:], key=lambda row: row.first)
    return wording.say(
        "plan.finding_undecided",
        first=wording.name(first[0].expectation),
        second=wording.name(second.expectation),
    )


def step_said(row: Priority, *, wording: Wording) -> str:
    """What is suggested about a gap, in one sentence."""
    return wording.looked_up("plan_steps", row.step)


def _share(share: float, wording: Wording) -> str:
    return wording.percent(min(NEARLY_SURE, share))


def _how(plan: Plan, wording: Wording) -> tuple[str, ...]:
    usual = wording.duration(plan.efforts.get("M", 10.0))
    given = any(row.effort_given for row in plan.priorities)
    return (
        wording.say(f"plan.how_{plan.value_unit}"),
        wording.say("plan.effort_given" if given else "plan.effort_equal", days=usual),
    )


def _row(
    row: Priority, actions: Sequence[Action], *, unit: str, reach: float, today: date, wording: Wording
) -> PlanRow:
    score = row.score
    assert isinstance(score, Estimate)  # noqa: S101
    name, place = wording.name(row.expectation), _place(row, wording)
    about = [
        action for action in actions if action.expectation == row.expectation and action.status != "dropped"
    ]
    return PlanRow(
        name=name,
        anchor=f"gap-{row.expectation}",
        step=step_said(row, wording=wording),
        expects=wording.expects(row.expectation),
        factors=_factors(row, unit, wording),
        place=place,
        picture=score_bar(
            score,
            reach=reach,
            sure=(row.real or 0.0) >= SURE,
            says=wording.say("plan.alternative", name=name, place=place),
        ),
        actions=tuple(action_said(action, today=today, wording=wording) for action in about)
        or (wording.say("plan.owner_none"),),
    )


def _factors(row: Priority, unit: str, wording: Wording) -> str:
    return wording.say(
        "plan.factors",
        value=_value(row, unit, wording),
        gap=wording.points(row.shortfall),
        kind=wording.label("kinds", row.kind),
        weight=wording.number(row.weight, decimals=0 if row.weight == round(row.weight) else 1),
        chance=_share(row.real or 0.0, wording),
        days=wording.duration(row.effort_days),
    )


def _value(row: Priority, unit: str, wording: Wording) -> str:
    if unit == "money":
        return wording.say("plan.money", value=wording.number(row.value))
    return wording.counted({CUSTOMERS: "customers"}.get(unit, "purchases_ahead"), round(row.value))


def _place(row: Priority, wording: Wording) -> str:
    if not isinstance(row.rank, Estimate):
        return ""
    low, high = (wording.number(round(end)) for end in (row.rank.low, row.rank.high))
    share, place = _share(row.first, wording), wording.number(row.rank.value)
    if row.first < RARELY:
        return wording.say("plan.place_plain", place=place, low=low, high=high)
    if low == high:
        return wording.say("plan.place_sure", place=place, share=share)
    return wording.say("plan.place", place=place, low=low, high=high, share=share)


# ------------------------------------------------------------------------ actions and effects


def action_said(action: Action, *, today: date, wording: Wording) -> str:
    """An action in one line: what, who, until when, late or done; words of people are plain text."""
    fields = {"action": plain_text(action.action), "owner": plain_text(action.owner)}
    if action.done is not None:
        return wording.say("plan.action_done", day=_day(action.done, wording), **fields)
    if action.due is None:
        return wording.say("plan.action", **fields)
    key = "plan.action_late" if action.due < today else "plan.action_due"
    return wording.say(key, day=_day(action.due, wording), **fields)


def _day(day: date, wording: Wording) -> str:
    return wording.date(datetime(day.year, day.month, day.day))


def verdict_said(action: Action, *, effect: Effect, wording: Wording) -> str:
    """What became of a gap after an action: "Second carrier: the gap is closed"."""
    verdict = wording.looked_up("plan_verdicts", effect.verdict.replace(" ", "_"))
    return wording.say("plan.effect", action=plain_text(action.action), verdict=verdict)


def cautions_said(effect: Effect, *, wording: Wording) -> tuple[str, ...]:
    """What is to be minded in an effect, each a sentence of the language."""
    return tuple(wording.looked_up("plan_cautions", caution) for caution in effect.cautions)


def change_said(action: Action, effect: Effect, wording: Wording) -> str:
    """The change with its interval, and no word of cause beyond what the design carries."""
    if not isinstance(effect.change, Estimate):
        return wording.unknown(effect.change, noun="judgements")
    if action.measure == "rating":
        rated = wording.rating_difference(effect.change)
        return wording.say("plan.change_rating", change=rated, scale=wording.scale_name())
    change = wording.amount(effect.change, noun="judgements", factor=100.0, decimals=0)
    if effect.design == "difference in differences":
        subject = plain_text(action.comparison)
        name, sign, place = subject.partition("@")
        beside = wording.name(name) + (f" ({place})" if sign else "")
        return wording.say("plan.change_beside", change=change, comparison=beside)
    return wording.say("plan.change_alone", change=change)


# ----------------------------------------------------------------------------------- training


def _topic(topic: TrainingTopic, findings: Findings, wording: Wording) -> TopicShown:
    quotes = [one for one in findings.quotes.get(topic.expectation, ()) if one.polarity in ("unmet", "mixed")]
    expects = wording.expects(topic.expectation)
    return TopicShown(
        name=wording.name(topic.expectation),
        asked=wording.say("gaps.expects", expects=expects) if expects else "",
        known=wording.say("gaps.got", share=wording.share(topic.got)),
        standard=_standard(topic, wording),
        quotes=tuple(shown_quote(quote, wording=wording) for quote in quotes[:QUOTES_SHOWN]),
    )


def _standard(topic: TrainingTopic, wording: Wording) -> str:
    """The time within which half want it, as a standard to start from."""
    within = topic.within
    if not isinstance(within, Estimate):
        return wording.say("plan.standard_none")
    unit, size = next(
        ((unit, size) for unit, size in (("day", DAY), ("hour", HOUR)) if within.value >= size),
        ("minute", 60.0),
    )
    return wording.say(
        "plan.standard",
        duration=wording.duration(within.value / size, unit=unit),
        count=wording.counted("voices", within.n),
    )


def _table(plan: Plan, wording: Wording) -> DataTable | None:
    rows = [row for row in plan.priorities if isinstance(row.score, Estimate)]
    if not rows:
        return None

    def cells(row: Priority) -> tuple[str, ...]:
        return (
            wording.name(row.expectation),
            wording.amount(row.gap, factor=100.0, decimals=0),
            _value(row, plan.value_unit, wording),
            wording.label("kinds", row.kind) + f" × {wording.number(row.weight, decimals=1)}",
            _share(row.real or 0.0, wording),
            wording.duration(row.effort_days),
            wording.amount(row.score),
            _share(row.first, wording),
        )

    keys = ("name", "gap", "behind", "kind", "chance", "effort", "score", "first")
    return data_table(
        wording.say("plan.table"),
        head=[
            wording.say(f"columns.{key}" if key in ("name", "gap", "kind") else f"plan_columns.{key}")
            for key in keys
        ],
        rows=[cells(row) for row in rows],
    )
