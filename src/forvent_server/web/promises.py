"""Promises: the record, what it supports, what may be said, and what another length would have kept."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse

from forvent.adjust.if_met import if_promised
from forvent.records import Estimate, Findings, Promise
from forvent.records.plan import IfPromised
from forvent.report.pictures.dumbbell import dumbbell
from forvent.report.sections.promise import overall_kept, overall_promise
from forvent.report.verdicts import verdict
from forvent.report.wording import Wording
from forvent_server.assessed import findings_of
from forvent_server.store.models import Episode
from forvent_server.web.episodes import open_and_due
from forvent_server.web.pages import Asked, draw, now, page
from forvent_server.web.sections import SectionsPage, drawn_sections
from forvent_server.web.then import asked_assessment

#: Open episodes that are listed, and steps of the slider.
MOST_DUE, STEPS = 12, 100


@dataclass(frozen=True, slots=True)
class Tried:
    """A length that was tried: how often it would have been kept, drawn against the level aimed at."""

    low: float
    high: float
    step: float
    length: float
    promised: str
    row: IfPromised | None
    picture: str
    rating: str


@dataclass(frozen=True, slots=True)
class PromisesPage:
    """The sections of the report about promises, with what can be tried and what is due."""

    sections: SectionsPage
    tried: Tried | None
    explained: tuple[str, ...]
    due: tuple[Episode, ...]
    due_more: bool


@page()
def promises_page(request: Asked) -> HttpResponse:
    """Kept rates, the frontier, and the levels that customers have in mind."""
    title = request.words.say("frame.promises")
    newest = asked_assessment(request)
    sections = drawn_sections(request, "promise", "levels", "chain", "prediction", title=title)
    findings = findings_of(newest) if newest else None
    due = list(open_and_due(now())[: MOST_DUE + 1])
    shown = PromisesPage(
        sections=sections,
        tried=_tried(findings, asked=request.GET.get("length", ""), wording=request.words)
        if findings
        else None,
        explained=_explained(findings, wording=request.words) if findings else (),
        due=tuple(due[:MOST_DUE]),
        due_more=len(due) > MOST_DUE,
    )
    return draw(request, "pages/promises.html", shown)


def _tried(findings: Findings, *, asked: str, wording: Wording) -> Tried | None:
    line = findings.frontier
    promise = overall_promise(findings.promises)
    if len(line) < 2 or not isinstance(promise, Promise):
        return None
    low, high = line[0].length, line[-1].length
    step = 1.0 if promise.by_day else max(round((high - low) / STEPS, 2), 0.01)
    length = min(max(_number(asked, otherwise=promise.upper), low), high)
    kept = overall_kept(findings.kept)
    rows = if_promised(
        line,
        lengths=[length],
        today=None,
        kept_today=kept.kept if kept else None,
        late_difference=findings.chain.late_difference if findings.chain else None,
    )
    row = rows[0] if rows else None
    level = promise.level
    return Tried(
        low=low,
        high=high,
        step=step,
        length=length,
        promised=wording.duration(length, unit=promise.unit),
        row=row,
        picture=_picture(row, level=level) if row else "",
        rating=wording.rating_difference(row.rating, noun="cases") if row else "",
    )


def _picture(row: IfPromised, *, level: float) -> str:
    kept = row.kept
    aim = Estimate(level, level, level, 0)
    found = verdict(Estimate(kept.value - level, kept.low - level, kept.high - level, kept.n))
    return dumbbell(aim, got=kept, verdict=found, assumed=False, says=None)


def _number(text: str, *, otherwise: float) -> float:
    try:
        found = float(text)
    except ValueError:
        return otherwise
    return found if found == found else otherwise


def _explained(findings: Findings, *, wording: Wording) -> tuple[str, ...]:
    """Where the proposed promise comes from, step by step."""
    promise = overall_promise(findings.promises)
    if not isinstance(promise, Promise):
        return ()
    fields = {
        "proposed": wording.duration(promise.upper, unit=promise.unit),
        "level": wording.percent(promise.level),
        "count": wording.counted("cases", promise.n),
        "kept": wording.share(promise.kept_later, noun="cases"),
    }
    learned = "promises.learned"
    if promise.learned_until is not None:
        learned, fields["date"] = "promises.learned_until", wording.date(promise.learned_until)
    own: tuple[str, ...] = ()
    if promise.own_promise is not None:
        mean = wording.duration(round(promise.own_promise, 1), unit=promise.unit)
        kept = wording.share(promise.own_kept, noun="cases")
        own = (wording.say("promises.own", own=mean, kept=kept),)
    return (wording.say(learned, **fields), wording.say("promises.tried_on", **fields), *own)
