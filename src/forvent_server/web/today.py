"""Today: what changed, what to do, whether our word is good."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db.models import F
from django.http import HttpResponse
from markupsafe import Markup

from forvent.records import Estimate, Findings, Gap
from forvent.records.change import Alert, Change
from forvent.records.plan import Priority
from forvent.report.pictures.dumbbell import dumbbell
from forvent.report.sections.change import alert_said, change_section, moved_series
from forvent.report.sections.gaps import gap_picture
from forvent.report.sections.plan import step_said, to_do
from forvent.report.sections.promise import overall_kept, overall_promise, promise_finding
from forvent.report.verdicts import SHORT, gap_verdict, verdict
from forvent.report.wording import Wording
from forvent_server.assessed import findings_of, newest_assessments
from forvent_server.sources.silence import silence
from forvent_server.store.models import Action, Job, Source
from forvent_server.store.models.jobs import RUNNING, WAITING
from forvent_server.web.episodes import open_and_due
from forvent_server.web.pages import Asked, draw, now, page
from forvent_server.web.ranking import ranked_findings
from forvent_server.web.sections import defined, scaled

#: Findings shown under what changed, and things to do.
MOST_CHANGES = 3
MOST_ACTIONS = 4
MOST_SOURCES = 6
#: Open promises beyond these are not counted one by one.
MOST_DUE = 1000


@dataclass(frozen=True, slots=True)
class Told:
    """One sentence with a small picture, and where more of it stands."""

    text: str
    picture: Markup | None
    address: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ActionDue:
    """An action that is open; ``late`` where its day has passed."""

    action: Action
    late: bool


@dataclass(frozen=True, slots=True)
class Door:
    """A source with its health."""

    name: str
    brought_at: datetime | None
    state: str
    address: str


@dataclass(frozen=True, slots=True)
class TodayPage:
    """Three blocks; everything else is one click down."""

    made_at: datetime | None
    voices: int
    episodes: int
    first_time: bool
    changes: tuple[Told, ...]
    actions: tuple[ActionDue, ...]
    next_steps: tuple[Told, ...]
    word: Told | None
    supports: str
    due: int
    due_many: bool
    doors: tuple[Door, ...]
    working: tuple[Job, ...]
    definitions: tuple[tuple[str, str], ...]


@page()
def today_page(request: Asked) -> HttpResponse:
    """The first page."""
    latest = newest_assessments(2)
    findings = ranked_findings(latest[0]) if latest else None
    before = findings_of(latest[1]) if len(latest) > 1 else None
    moment, today = now(), now().date()
    words = scaled(request.words, findings.voices.scale) if findings else request.words
    actions = _actions(today)
    due = open_and_due(moment).order_by()[:MOST_DUE].count() if findings and findings.episodes else 0
    shown = TodayPage(
        made_at=latest[0].made_at if latest else None,
        voices=findings.voices.used if findings else 0,
        episodes=findings.episodes.used if findings and findings.episodes else 0,
        first_time=before is None,
        changes=tuple(_changes(before, findings, words))[:MOST_CHANGES] if findings else (),
        actions=actions[:MOST_ACTIONS],
        next_steps=tuple(_next_steps(findings, actions, words)) if findings else (),
        word=_word(findings, words) if findings else None,
        supports=promise_finding(findings, wording=words) if findings and findings.episodes else "",
        due=due,
        due_many=due >= MOST_DUE,
        doors=tuple(_doors(today, words)),
        working=tuple(
            Job.objects.filter(state__in=(WAITING, RUNNING), due_at__lte=moment).order_by("pk")[:3]
        ),
        definitions=defined(latest[0], language=words.language) if latest else (),
    )
    return draw(request, "pages/today.html", shown)


# ------------------------------------------------------------------------------ what changed


def _changes(before: Findings | None, after: Findings, words: Wording) -> Iterator[Told]:
    """Verdicts that are others than the last time, then what moved over the months, the watch last."""
    if before is not None:
        yield from _verdicts(before, after, words)
    change = after.change
    if not isinstance(change, Change):
        return
    for series in moved_series(change)[:MOST_CHANGES]:
        section = change_section(replace(after, change=replace(change, series=(series,))), wording=words)
        card = section.cards[0] if section else None
        if card is not None:
            address = f"/expectations/{series.expectation}/" if series.expectation else "/expectations/"
            yield Told(f"{card.name}: {card.claim}", card.picture, address, card.numbers[0])
    for alert in _fresh(change):
        address = f"/expectations/{alert.expectation}/" if alert.expectation else "/expectations/"
        yield Told(alert_said(alert, wording=words), None, address)


def _fresh(change: Change) -> list[Alert]:
    """Alerts of the last two periods; older ones are history."""
    since = change.periods[-2].start if len(change.periods) > 1 else change.periods[-1].start
    return [alert for alert in change.alerts if alert.at >= since]


def _verdicts(before: Findings, after: Findings, words: Wording) -> list[Told]:
    """Expectations whose verdict changed, those that fall short now first."""
    old = {gap.expectation: gap for gap in before.gaps}
    moved = [
        (gap, old[gap.expectation])
        for gap in after.gaps
        if gap.expectation in old
        and isinstance(gap.gap, Estimate)
        and gap_verdict(gap) != gap_verdict(old[gap.expectation])
    ]
    moved.sort(key=lambda pair: gap_verdict(pair[0]) != "short")
    return [
        Told(
            words.say(
                f"today.change_{gap_verdict(gap)}",
                name=words.name(gap.expectation),
                before=words.share_range(was.got),
                after=words.share(gap.got),
            ),
            gap_picture(gap, wording=words),
            f"/expectations/{gap.expectation}/",
        )
        for gap, was in moved
    ]


# -------------------------------------------------------------------------------- what to do


def _actions(today: date) -> tuple[ActionDue, ...]:
    rows = Action.objects.exclude(state__in=("done", "dropped")).select_related("owner")
    return tuple(
        ActionDue(one, late=one.due_on is not None and one.due_on < today)
        for one in rows.order_by(F("due_on").asc(nulls_last=True), "pk")
    )


def _next_steps(findings: Findings, actions: tuple[ActionDue, ...], words: Wording) -> Iterator[Told]:
    """The first gaps of the plan that nobody does anything about yet."""
    room = max(0, MOST_CHANGES - len(actions[:MOST_ACTIONS]))
    busy = {one.action.expectation for one in actions}
    gaps: dict[str, Gap] = {gap.expectation: gap for gap in findings.gaps}
    rows = [row for row in (to_do(findings.plan) if findings.plan else ()) if row.expectation not in busy]
    for row in rows[:room]:
        gap = gaps[row.expectation]
        yield Told(
            words.say(f"today.gap_{_sureness(gap, row)}", name=words.name(row.expectation)),
            gap_picture(gap, wording=words),
            f"/plan/?expectation={row.expectation}#add",
            words.say("today.gap_met", share=words.share(gap.got), step=step_said(row, wording=words)),
        )


def _sureness(gap: Gap, row: Priority) -> str:
    """How surely it falls short: never said to, where the step is to ask whether it is chance."""
    if row.step == "ask":
        return "chance"
    return "short" if gap_verdict(gap) == SHORT else "likely"


# ------------------------------------------------------------------------- is our word good


def _word(findings: Findings, words: Wording) -> Told | None:
    """The kept rate against the level aimed at."""
    rate, promise = overall_kept(findings.kept), overall_promise(findings.promises)
    if rate is None:
        return None
    text = words.say("today.kept", share=words.share(rate.kept, noun="cases"))
    kept, level = rate.kept, promise.level if promise else findings.level
    if not isinstance(kept, Estimate):
        return Told(text, None, "/promises/")
    aim = Estimate(level, level, level, 0)
    found = verdict(Estimate(kept.value - level, kept.low - level, kept.high - level, kept.n))
    picture = dumbbell(aim, got=kept, verdict=found, assumed=False, says=text)
    return Told(text, picture, "/promises/", words.say("today.aimed", level=words.percent(level)))


def _doors(today: date, words: Wording) -> Iterator[Door]:
    """Sources that bring voices, those in trouble and the silent ones first: silence is not satisfaction."""
    found = []
    for source in Source.objects.filter(active=True).exclude(brought_at=None, trouble="")[:MOST_SOURCES]:
        days = source.days.filter(day__gte=today - timedelta(days=365)).values_list("day", flat=True)
        quiet = source.kind != "file" and silence(days, today=today) is not None
        state = "trouble" if source.trouble else "silent" if quiet else "well"
        # All uploaded files are one source, of the workspace itself.
        name, address = source.name, f"/sources/{source.pk}/"
        if source.kind == "file":
            name, address = words.say("imports.title"), "/imports/"
        elif source.kind == "rest":
            address = "/sources/"
        found.append(Door(name, source.brought_at, state, address))
    return iter(sorted(found, key=lambda door: ("trouble", "silent", "well").index(door.state)))
