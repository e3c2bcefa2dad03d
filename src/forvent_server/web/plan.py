"""The plan: gaps in the order of what is at stake, what is done about them, and whether it helped."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from django.db.models import F
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from markupsafe import Markup

from forvent.errors import BadOption, ForventError
from forvent.records import Estimate, Findings, Gap
from forvent.records.effect import Baseline, Effect
from forvent.report.pictures.dumbbell import dumbbell
from forvent.report.read_back import record_from
from forvent.report.sections.plan import PlanSection, change_said, plan_section, verdict_said
from forvent.report.verdicts import verdict
from forvent.report.wording import Wording
from forvent_server.actions.actions import (
    EFFORTS,
    MEASURES,
    OPEN,
    NewAction,
    add_action,
    baseline_of,
    change_action,
    check_action,
    drop_action,
    finish_action,
    start_action,
)
from forvent_server.bridge import action_record
from forvent_server.store.models import Action, Person
from forvent_server.web.pages import Asked, draw, now, page
from forvent_server.web.ranking import latest_ranked
from forvent_server.web.sections import definitions, scaled
from forvent_server.web.told import told
from forvent_server.weeks import weeks_so_far

#: Closed actions that are shown; the open ones all are.
MOST_CLOSED = 50


@dataclass(frozen=True, slots=True)
class ActionShown:
    """One action as it stands: what it was decided at, what it has to reach, and what became of it."""

    action: Action
    late: bool
    picture: Markup
    baseline: str
    target: str
    rebound: float
    effect: str
    change: str
    after: str


@dataclass(frozen=True, slots=True)
class PlanPage:
    """What is being done, and what to do next; with the form for one more action."""

    plan: PlanSection | None
    doing: tuple[ActionShown, ...]
    closed: tuple[ActionShown, ...]
    subjects: tuple[tuple[str, str], ...]
    people: tuple[Person, ...]
    measures: tuple[str, ...]
    efforts: tuple[str, ...]
    scale: str
    given: dict[str, str]
    definitions: tuple[tuple[str, str], ...]
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class ActionPage:
    """One action, with what may be done with it now."""

    shown: ActionShown
    is_open: bool
    today: date
    people: tuple[Person, ...]
    efforts: tuple[str, ...]
    wrong: str = ""


@page()
def plan_page(request: Asked) -> HttpResponse:
    """The ranked gaps, and the actions about them."""
    given = {"subject": request.GET.get("expectation", "")}
    return _plan(request, given=given)


@page(role="manager", methods=("POST",))
def add_action_page(request: Asked) -> HttpResponse:
    """One action more: its baseline is taken from all that was said until now."""
    try:
        findings = latest_ranked()
        if findings is None:
            raise BadOption("Nothing is assessed yet.", hint="Upload what customers said first.")
        new = _new_action(request, scaled(request.words, findings.voices.scale))
        check_action(new)
        weeks = weeks_so_far(new.subject, measure=new.measure)
        beside = weeks_so_far(new.comparison, measure=new.measure) if new.comparison else ()
        baseline, target = baseline_of(new, findings, weeks=weeks, beside=beside)
        made = add_action(new, baseline=baseline, target=target, who=request.user, now=now())
    except ForventError as error:
        return _plan(request, given=request.POST.dict(), wrong=told(request, error))
    return HttpResponseRedirect(f"/plan/{made.pk}/")


@page()
def action_page(request: Asked, pk: int) -> HttpResponse:
    """One action: why, its frozen baseline, and what became of it."""
    return _action(request, get_object_or_404(Action.objects.select_related("owner"), pk=pk))


@page(role="manager", methods=("POST",))
def change_action_page(request: Asked, pk: int) -> HttpResponse:
    """Somebody else does it, until another day, or with another effort."""
    made = get_object_or_404(Action.objects.select_related("owner"), pk=pk)
    try:
        change_action(
            made,
            owner=_owner(request),
            due_on=_day(request.POST.get("due", "")),
            effort=request.POST.get("effort", ""),
            who=request.user,
            now=now(),
        )
    except ForventError as error:
        return _action(request, made, wrong=told(request, error))
    return HttpResponseRedirect(f"/plan/{made.pk}/")


@page(role="manager", methods=("POST",))
def close_action_page(request: Asked, pk: int) -> HttpResponse:
    """It is begun, done since a day, or dropped with a reason."""
    made = get_object_or_404(Action.objects.select_related("owner"), pk=pk)
    step = request.POST.get("action")
    try:
        if step == "start":
            start_action(made, who=request.user, now=now())
        elif step == "drop":
            drop_action(made, why=request.POST.get("why", ""), who=request.user, now=now())
        else:
            on = _day(request.POST.get("on", "")) or now().date()
            finish_action(made, on=on, who=request.user, now=now())
    except ForventError as error:
        return _action(request, made, wrong=told(request, error))
    return HttpResponseRedirect(f"/plan/{made.pk}/")


def _new_action(request: Asked, wording: Wording) -> NewAction:
    said = request.POST
    expectation, _, touchpoint = said.get("subject", "").partition("@")
    measure = said.get("measure", "share_met")
    return NewAction(
        title=said.get("title", ""),
        expectation=expectation,
        touchpoint=touchpoint,
        hypothesis=said.get("hypothesis", "")[:5000],
        measure=measure,
        comparison=said.get("comparison", ""),
        owner=_owner(request),
        due_on=_day(said.get("due", "")),
        effort=said.get("effort", ""),
        target=_target(said.get("target", ""), measure=measure, wording=wording),
    )


def _owner(request: Asked) -> Person | None:
    owner = request.POST.get("owner", "")
    return Person.objects.filter(pk=owner, is_active=True).first() if owner.isdecimal() else None


def _target(text: str, *, measure: str, wording: Wording) -> float | None:
    """What has to be reached as people write it, percent or a rating on their scale, as 0–1."""
    if not text.strip():
        return None
    try:
        found = float(text.replace(",", ".").replace("%", ""))
    except ValueError as error:
        raise BadOption(f"'{text[:40]}' is no number.", hint="Write it as 90, or as 4.2.") from error
    return (found - wording.scale.low) / wording.span if measure == "rating" else found / 100


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise BadOption(f"'{text[:40]}' is no day.", hint="Write it as 2026-03-31.") from error


def _plan(request: Asked, *, given: dict[str, str], wrong: str = "") -> HttpResponse:
    findings = latest_ranked()
    wording = scaled(request.words, findings.voices.scale) if findings else request.words
    rows = Action.objects.select_related("owner").order_by(F("due_on").asc(nulls_last=True), "pk")
    doing = list(rows.filter(state__in=OPEN))
    closed = list(rows.exclude(state__in=OPEN).order_by("-done_on", "-pk")[:MOST_CLOSED])
    today = now().date()
    section = _section(findings, [*doing, *closed], today=today, wording=wording) if findings else None
    shown = PlanPage(
        plan=section,
        doing=tuple(shown_action(one, today=today, wording=wording) for one in doing),
        closed=tuple(shown_action(one, today=today, wording=wording) for one in closed),
        subjects=tuple(_subjects(findings, wording)) if findings else (),
        people=tuple(Person.objects.filter(is_active=True)),
        measures=_measures(findings) if findings else (),
        efforts=EFFORTS,
        scale=wording.scale_name() if findings and findings.voices.scale else "",
        given=given,
        definitions=definitions(findings, wording=wording) if findings else (),
        wrong=wrong,
    )
    return draw(request, "pages/plan.html", shown, status=400 if wrong else 200)


def _measures(findings: Findings) -> tuple[str, ...]:
    """What an action can be measured by with what came in."""
    there = {"share_met": True, "kept": findings.episodes is not None, "rating": findings.voices.scale}
    return tuple(one for one in MEASURES if there[one])


def _section(
    findings: Findings, actions: list[Action], *, today: date, wording: Wording
) -> PlanSection | None:
    """The plan of the last assessment, with the actions as they are now; what became of them stands apart."""
    made_at = findings.made_at.replace(year=today.year, month=today.month, day=today.day)
    now_planned = tuple(action_record(one) for one in actions)
    return plan_section(replace(findings, actions=now_planned, effects={}, made_at=made_at), wording=wording)


def _subjects(findings: Findings, wording: Wording) -> list[tuple[str, str]]:
    """What an action can be about: every gap with a number, and those at one place."""

    def known(gaps: tuple[Gap, ...]) -> list[Gap]:
        return [gap for gap in gaps if isinstance(gap.gap, Estimate) and isinstance(gap.expected, Estimate)]

    found = [(gap.expectation, wording.name(gap.expectation)) for gap in known(findings.gaps)]
    for gap in known(findings.touchpoints):
        if gap.touchpoint:
            name = f"{wording.name(gap.expectation)} · {gap.touchpoint}"
            found.append((f"{gap.expectation}@{gap.touchpoint}", name))
    return found


def shown_action(row: Action, *, today: date, wording: Wording) -> ActionShown:
    """An action with its picture: what has to be reached, and what was last found."""
    baseline = record_from(Baseline, row.baseline)
    target = record_from(Estimate, row.target)
    effect = record_from(Effect, row.effect) if row.effect else None
    record = action_record(row)
    after = effect.after if effect is not None and isinstance(effect.after, Estimate) else None
    got = after or baseline.estimate
    found = verdict(
        Estimate(got.value - target.value, got.low - target.value, got.high - target.value, got.n)
    )
    return ActionShown(
        action=row,
        late=row.state in OPEN and row.due_on is not None and row.due_on < today,
        picture=dumbbell(target, got=got, verdict=found, assumed=False, says=None, small=True),
        baseline=_said(baseline.estimate, row=row, wording=wording),
        target=wording.number(wording.on_scale(target.value), decimals=wording.rating_decimals)
        if row.measure == "rating"
        else wording.share_value(target),
        rebound=baseline.rebound,
        effect=verdict_said(record, effect=effect, wording=wording) if effect else "",
        change=change_said(record, effect, wording) if effect else "",
        after=_said(after, row=row, wording=wording) if after else "",
    )


def _said(amount: Estimate, *, row: Action, wording: Wording) -> str:
    """A measure as its kind is told: a rating on its scale, else a share."""
    if row.measure == "rating":
        return wording.rating(amount)
    return wording.share(amount, noun="cases" if row.measure == "kept" else "judgements")


def _action(request: Asked, made: Action, *, wrong: str = "") -> HttpResponse:
    findings = latest_ranked()
    wording = scaled(request.words, findings.voices.scale) if findings else request.words
    today = now().date()
    shown = ActionPage(
        shown=shown_action(made, today=today, wording=wording),
        is_open=made.state in OPEN,
        today=today,
        people=tuple(Person.objects.filter(is_active=True)),
        efforts=EFFORTS,
        wrong=wrong,
    )
    return draw(request, "pages/action.html", shown, status=400 if wrong else 200)
