"""What may we promise: kept rate against length, and the sentence a customer can be told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from forvent.records import Estimate, Findings, FrontierPoint, KeptRate, NoPromise, Promise
from forvent.report.pictures.promise import NARROW_ROOM, FrontierWords, Marked, promise_frontier, reach
from forvent.report.pictures.svg import round_ticks
from forvent.report.plain_text import plain_text
from forvent.report.sections.gaps import direction
from forvent.report.sections.parts import DataTable, Pictures, data_table
from forvent.report.wording import Wording


@dataclass(frozen=True, slots=True)
class SentenceShown:
    """A sentence for customers in its own language."""

    lang: str
    direction: str
    language_name: str
    text: str
    evidence: str


@dataclass(frozen=True, slots=True)
class GroupTold:
    """The sentences for one group, behind its name."""

    name: str
    sentences: tuple[SentenceShown, ...]


@dataclass(frozen=True, slots=True)
class PromiseSection:
    """All that the section shows; no pictures where there are no episodes."""

    finding: str
    lede: str
    pictures: Pictures | None
    sentences: tuple[SentenceShown, ...]
    told_groups: tuple[GroupTold, ...]
    groups: DataTable | None
    table: DataTable | None


def promise_section(findings: Findings, *, wording: Wording) -> PromiseSection:
    """The frontier with both promises, the sentences, and the groups."""
    overall = overall_promise(findings.promises)
    return PromiseSection(
        finding=promise_finding(findings, wording=wording),
        lede=_lede(overall, wording),
        pictures=_pictures(findings, overall=overall, wording=wording),
        sentences=_told(findings, (), wording),
        told_groups=tuple(
            GroupTold(group_name(key, wording=wording), _told(findings, key, wording))
            for key in dict.fromkeys(_key(sentence.group) for sentence in findings.sentences)
            if key
        ),
        groups=_groups(findings, wording),
        table=_table(findings.frontier, wording),
    )


def _told(
    findings: Findings, key: tuple[tuple[str, str], ...], wording: Wording
) -> tuple[SentenceShown, ...]:
    return tuple(
        SentenceShown(
            lang=sentence.language,
            direction=direction(sentence.language),
            language_name=wording.language_name(sentence.language),
            text=plain_text(sentence.text),
            evidence=plain_text(sentence.evidence),
        )
        for sentence in findings.sentences
        if _key(sentence.group) == key
    )


def overall_kept(kept: Sequence[KeptRate]) -> KeptRate | None:
    """The kept rate of all cases, if it is among them."""
    return next((rate for rate in kept if not rate.group), None)


def overall_promise(promises: Sequence[Promise | NoPromise]) -> Promise | NoPromise | None:
    """The promise for all cases, if it is among them."""
    return next((promise for promise in promises if not promise.group), None)


def length(promise: Promise, *, wording: Wording) -> str:
    """The length of a promise as it is told: "24 days"."""
    return wording.duration(promise.upper, unit=promise.unit)


def is_contradicted(promise: Promise) -> bool:
    """True where later cases surely kept it less often than its level."""
    return isinstance(promise.kept_later, Estimate) and promise.kept_later.high < promise.level


def promise_finding(findings: Findings, *, wording: Wording) -> str:
    """The heading: what the record supports, beside today's own promise where there is one."""
    promise = overall_promise(findings.promises)
    if promise is None:
        return wording.say("promise.finding_no_episodes")
    if isinstance(promise, NoPromise):
        return wording.say("promise.finding_unknown", count=wording.counted("cases", promise.reason.n))
    fields = {"proposed": length(promise, wording=wording), "level": wording.percent(promise.level)}
    if is_contradicted(promise):
        return wording.say("promise.finding_contradicted", **fields)
    if promise.own_promise is None:
        return wording.say("promise.finding", **fields)
    own = wording.duration(round(promise.own_promise, 1), unit=promise.unit)
    if promise.upper < promise.own_promise:
        return wording.say("promise.finding_shorter", own=own, **fields)
    key = "promise.finding_longer" if promise.upper > promise.own_promise else "promise.finding_same"
    return wording.say(key, own=own, **fields)


def _lede(promise: Promise | NoPromise | None, wording: Wording) -> str:
    if not isinstance(promise, Promise):
        return ""
    working = promise.unit.startswith("working_")
    key = "promise.lede_by_day" if promise.by_day and not working else "promise.lede"
    lede = wording.say(
        key,
        proposed=length(promise, wording=wording),
        level=wording.percent(promise.level),
        count=wording.counted("cases", promise.n),
        kept=wording.share(promise.kept_later, noun="cases"),
    )
    return " ".join([lede, around(promise, wording=wording)]) if working else lede


def around(promise: Promise, *, wording: Wording) -> str:
    """What a promise on the business clock is on the clock that the customer lives by."""
    wall = promise.around_the_clock
    if wall is None:
        return wording.say("promise.around_none")
    return wording.say("promise.around", around=wording.duration(wall.upper, unit=wall.unit))


def _pictures(
    findings: Findings, *, overall: Promise | NoPromise | None, wording: Wording
) -> Pictures | None:
    points = findings.frontier
    if len(points) < 2:
        return None
    marked = _marked(overall, wording) if isinstance(overall, Promise) else ()
    level = overall.level if overall is not None else findings.level
    ends = round_ticks(0.0, high=reach(points, marked=marked, room=NARROW_ROOM), most=8)
    words = FrontierWords(
        says=promise_finding(findings, wording=wording),
        across=wording.say(f"promise.across_{points[0].unit.rstrip('s')}"),
        upward=wording.say("promise.upward"),
        level=wording.say("promise.level", level=wording.percent(level)),
        ticks=tuple((tick, wording.number(tick)) for tick in ends),
        upward_ticks=tuple((share, wording.percent(share)) for share in (0.0, 0.25, 0.5, 0.75, 1.0)),
    )
    return Pictures(
        wide=promise_frontier(points, marked=marked, level=level, words=words),
        narrow=promise_frontier(points, marked=marked, level=level, words=words, narrow=True),
    )


def _marked(promise: Promise, wording: Wording) -> tuple[Marked, ...]:
    marks = []
    if promise.own_promise is not None and isinstance(promise.own_kept, Estimate):
        own = wording.duration(round(promise.own_promise, 1), unit=promise.unit)
        text = wording.say("promise.own_mark", duration=own)
        marks.append(Marked("own", length=promise.own_promise, kept=promise.own_kept, text=text))
    if isinstance(promise.kept_later, Estimate):
        text = wording.say("promise.proposed_mark", duration=length(promise, wording=wording))
        marks.append(Marked("proposed", length=promise.upper, kept=promise.kept_later, text=text))
    return tuple(marks)


def _groups(findings: Findings, wording: Wording) -> DataTable | None:
    promises = {_key(promise.group): promise for promise in findings.promises}
    rates = {_key(rate.group): rate for rate in findings.kept}
    keys = list(dict.fromkeys([*rates, *promises]))
    if not keys:
        return None
    columns = ("group", "kept", "own", "proposed", "kept_later", "remark")
    return data_table(
        wording.say("promise.groups"),
        head=[wording.say(f"columns.{column}") for column in columns],
        rows=[_group(key, rate=rates.get(key), promise=promises.get(key), wording=wording) for key in keys],
    )


def _key(group: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(group.items()))


def _group(
    key: tuple[tuple[str, str], ...],
    *,
    rate: KeptRate | None,
    promise: Promise | NoPromise | None,
    wording: Wording,
) -> tuple[str, ...]:
    none = wording.say("numbers.none")
    own = proposed = later = none
    if isinstance(promise, Promise):
        proposed = length(promise, wording=wording)
        later = wording.share(promise.kept_later, noun="cases")
        if promise.own_promise is not None:
            own = wording.duration(round(promise.own_promise, 1), unit=promise.unit)
    elif isinstance(promise, NoPromise):
        proposed = wording.unknown(promise.reason, noun="cases")
    if own == none and rate is not None and rate.mean_promise_days is not None:
        own = wording.duration(round(rate.mean_promise_days, 1))
    return (
        group_name(key, wording=wording),
        wording.share(rate.kept, noun="cases") if rate else none,
        own,
        proposed,
        later,
        _remark(promise, rate, wording),
    )


def group_name(key: Sequence[tuple[str, str]], *, wording: Wording) -> str:
    """The values of a group, or "all cases"."""
    values = [
        wording.say("promise.group", column=plain_text(column), value=plain_text(value))
        for column, value in key
    ]
    return wording.list_of(values) if values else wording.say("promise.all")


def _remark(promise: Promise | NoPromise | None, rate: KeptRate | None, wording: Wording) -> str:
    """What stands out: contradicted, not enough cases, padded, still open."""
    if isinstance(promise, Promise) and is_contradicted(promise):
        return wording.say("promise.contradicted")
    if isinstance(promise, NoPromise):
        return wording.say("promise.too_few", needed=wording.counted("cases", promise.reason.needed))
    if isinstance(promise, Promise) and promise.padded:
        return wording.say("promise.padded")
    if rate is not None and rate.pending:
        return wording.counted("pending", rate.pending)
    return ""


def _table(points: Sequence[FrontierPoint], wording: Wording) -> DataTable | None:
    if not points:
        return None
    return data_table(
        wording.say("promise.table"),
        head=[wording.say("columns.length"), wording.say("columns.kept")],
        rows=[
            (wording.duration(point.length, unit=point.unit), wording.share(point.kept, noun="cases"))
            for point in points
        ],
    )
