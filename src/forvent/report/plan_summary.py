"""A plan, its actions and their effects for the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from rich.console import Group, RenderableType
from rich.table import Table as Grid
from rich.text import Text

from forvent.records import Estimate, NotEnough
from forvent.records.effect import Action, Effect
from forvent.records.plan import IfMet, IfPromised, Plan, Priority
from forvent.report.plain_text import plain_text
from forvent.report.summary import part_of_summary
from forvent.report.wording import Names, Wording, wording

SHOWN = 7
#: What is suggested, by the step of a priority.
STEPS = {
    "keep": "keep it up",
    "ask": "ask more customers first: it may be chance",
    "train": "practise it with staff",
    "say": "say what is true, everywhere alike",
    "promise": "keep the promise, or make one the record supports",
    "secure": "make sure that it happens every time",
    "raise": "do more of it: more is better",
    "delight": "offer it where it is missed",
}


def plan_summary(plan: Plan, *, actions: Sequence[Action], names: Names, today: date) -> RenderableType:
    """The first gaps of a plan with their factors, and what is being done, at 80 columns.

    Parameters
    ----------
    plan
        The ranked gaps.
    actions
        What was decided.
    names
        Names of the catalogue in English.
    today
        The day, for what is late.

    Returns
    -------
    RenderableType
        For ``rich.console.Console.print``, in English; words of people are shown as text, never as markup.

    Source
    ------
    Our own definition, docs/plan.md.

    Examples
    --------
    >>> first_said(0.994), first_said(0.2)
    ('99 %', '20 %')
    """
    words = wording("en", names=names, scale=None)
    rows = [row for row in plan.priorities if isinstance(row.score, Estimate)][:SHOWN]
    parts: list[RenderableType] = [Text(_heading(rows, words), style="bold"), Text(_how(plan))]
    if rows:
        parts += part_of_summary("Gaps, the first to work on first", [_grid(rows, plan, words)])
        parts += part_of_summary(
            "Suggested",
            [
                Text(f"{place}. {words.name(row.expectation)}: {STEPS[row.step]}.")
                for place, row in enumerate(rows, start=1)
                if row.score_above_zero
            ]
            or [Text("Nothing surely falls short.")],
        )
    if plan.training:
        topics = "; ".join(words.name(topic.expectation) for topic in plan.training)
        parts += part_of_summary("To practise with staff", [Text(topics)])
    if actions:
        parts += part_of_summary("Actions", [Text(action_line(action, today=today)) for action in actions])
    return Group(*parts)


def first_said(share: float) -> str:
    """A share of bootstrap draws, never 100 % of what is drawn."""
    return f"{min(99, round(100 * share))} %"


def _heading(rows: Sequence[Priority], words: Wording) -> str:
    if not rows or not rows[0].score_above_zero:
        return "Nothing surely falls short; there is nothing to do first."
    first = rows[0]
    return f"First: {words.name(first.expectation)} (first in {first_said(first.first)} of the draws)"


def _how(plan: Plan) -> str:
    value = "customers" if plan.value_unit == "customers" else f"{plan.value_unit} ahead of customers"
    given = sum(row.effort_given for row in plan.priorities)
    effort = (
        "all efforts taken as equal (10 days)"
        if not given
        else f"efforts given for {given}, 10 days for the others"
    )
    return f"Ranked by {value} × gap × weight of the kind × chance that it is real ÷ effort; {effort}."


def _grid(rows: Iterable[Priority], plan: Plan, words: Wording) -> RenderableType:
    grid = Grid(box=None, padding=(0, 1), show_edge=False, header_style="")
    for head in ("", "", "gap", plan.value_unit, "kind"):
        grid.add_column(head, justify="left" if head in ("", "kind") else "right")
    for head in ("real", "days", "score", "1st"):
        grid.add_column(head, justify="right", no_wrap=True)
    for place, row in enumerate(rows, start=1):
        gap, score = row.gap, row.score
        assert isinstance(gap, Estimate)  # noqa: S101
        assert isinstance(score, Estimate)  # noqa: S101
        cells = (
            f"{place}.",
            words.name(row.expectation),
            f"{100 * gap.value:+.0f}",
            f"{row.value:,.0f}",
            f"{row.kind} {row.weight:g}",
            first_said(row.real or 0.0),
            f"{row.effort_days:g}",
            f"{score.value:.2g}",
            first_said(row.first),
        )
        grid.add_row(*(Text(cell) for cell in cells))
    return grid


def action_line(action: Action, *, today: date) -> str:
    """An action in one line: id, what, who, until when, and whether it is late.

    Parameters
    ----------
    action
        As it is kept.
    today
        The day.

    Returns
    -------
    str
        In English, freed of control characters.

    Source
    ------
    Our own definition, docs/plan.md.
    """
    said = (
        f"{action.id} {plain_text(action.subject)}: {plain_text(action.action)}; {plain_text(action.owner)}"
    )
    if action.status == "done":
        return f"{said}; done on {action.done}"
    if action.status == "dropped":
        return f"{said}; dropped: {plain_text(action.why)}"
    late = action.due is not None and action.due < today
    return f"{said}; due {action.due}{' (late)' if late else ''}" if action.due else said


def effect_summary(action: Action, effect: Effect) -> RenderableType:
    """What became of a gap after an action, and what carries the answer.

    Parameters
    ----------
    action
        The action.
    effect
        Its effect.

    Returns
    -------
    RenderableType
        In English; no word of cause beyond what the design carries.

    Source
    ------
    Our own definition, docs/formulas/adjust-plan.md#effect.
    """
    lines = [
        _verdict_said(effect),
        f"Before: {_share(effect.before)}. After: {_share(effect.after)}. Target: "
        f"{100 * action.target.value:.0f} %, so {_points(effect.remaining)} from it.",
    ]
    if isinstance(effect.change, Estimate):
        beside = (
            f"beside {plain_text(action.comparison)}"
            if effect.design == "difference in differences"
            else "which went together with the action; nothing is beside it"
        )
        lines.append(f"Change: {_points(effect.change)}, {beside} ({effect.design}).")
    if effect.detectable is not None:
        lines.append(f"A change of {100 * effect.detectable:.0f} points would be seen four times in five.")
    if effect.rebound:
        lines.append(f"Taken off: {100 * effect.rebound:.1f} points, as it was picked for being low.")
    lines += [f"{caution[0].upper()}{caution[1:]}." for caution in effect.cautions]
    heading = Text(f"{action.id} {plain_text(action.subject)}: {effect.verdict}", style="bold")
    return Group(heading, *(Text(line) for line in lines))


def _verdict_said(effect: Effect) -> str:
    if isinstance(effect.change, NotEnough):
        return f"We cannot tell yet: {effect.change.why} ({effect.change.n}, {effect.change.needed} needed)."
    return {
        "closed": "The gap is closed: it surely changed, and what remains is surely small.",
        "narrower": "The gap is narrower, but not surely closed.",
        "no visible change": "No visible change: one that would have closed the gap would have been seen.",
        "wider": "The gap is wider than before.",
        "cannot tell": "We cannot tell yet: from nothing to all of the gap, everything is possible.",
    }[effect.verdict]


def _share(amount: Estimate | NotEnough) -> str:
    if isinstance(amount, NotEnough):
        return f"not known ({amount.n})"
    value, low, high = (100 * part for part in (amount.value, amount.low, amount.high))
    return f"{value:.0f} % ({low:.0f} to {high:.0f}, {amount.n} judgements)"


def _points(amount: Estimate | NotEnough) -> str:
    if isinstance(amount, NotEnough):
        return "not known"
    value, low, high = (100 * part for part in (amount.value, amount.low, amount.high))
    return f"{value:+.0f} points ({low:+.0f} to {high:+.0f})"


def what_if_summary(
    rows: Sequence[IfMet], *, promised: Sequence[IfPromised], names: Names, scale: Mapping[str, float]
) -> RenderableType:
    """What goes together with other shares met and other promises; never a forecast.

    Parameters
    ----------
    rows
        Shares tried.
    promised
        Promises tried.
    names
        Names of the catalogue in English.
    scale
        ``low`` and ``high`` of the ratings as they were given.

    Returns
    -------
    RenderableType
        In English.

    Source
    ------
    Our own definition, docs/formulas/adjust-plan.md#if-met.
    """
    words = wording("en", names=names, scale=None)
    span = scale["high"] - scale["low"]
    lines = [_if_met_said(row, words.name(row.expectation), span) for row in rows]
    lines += [_if_promised_said(row, span) for row in promised]
    lines.append("That is how it goes together in these data; it is no forecast.")
    return Group(*(Text(line) for line in lines))


def _if_met_said(row: IfMet, name: str, span: float) -> str:
    said = f"{name}: {100 * row.target:.0f} % met instead of {100 * row.got.value:.0f} %"
    if isinstance(row.rating, NotEnough) or isinstance(row.dissatisfied, NotEnough):
        return f"{said}: we do not know yet what goes together with it ({row.got.n} voices)."
    return (
        f"{said} goes together with a mean rating {span * row.rating.value:+.2f} "
        f"({span * row.rating.low:+.2f} to {span * row.rating.high:+.2f}) and "
        f"{_points(row.dissatisfied)} of dissatisfied voices; {row.got.n} voices."
    )


def _if_promised_said(row: IfPromised, span: float) -> str:
    kept = f"{100 * row.kept.value:.0f} % ({100 * row.kept.low:.0f} to {100 * row.kept.high:.0f})"
    unit = row.unit.replace("_", " ")
    said = f"A promise of {row.length:g} {unit}s would have been kept in {kept} of {row.kept.n} cases"
    if isinstance(row.rating, NotEnough):
        return f"{said}."
    return (
        f"{said}, which goes together with a mean rating {span * row.rating.value:+.2f} "
        f"({span * row.rating.low:+.2f} to {span * row.rating.high:+.2f})."
    )
