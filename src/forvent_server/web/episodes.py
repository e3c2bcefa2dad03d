"""One episode: what was expected, promised, delivered and perceived, and which link broke."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from django.db.models import Max, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from markupsafe import Markup

from forvent.records import Findings
from forvent.report.pictures.chain import LINKS, beads
from forvent.report.wording import Wording
from forvent_server.assessed import latest_findings
from forvent_server.bridge import plain
from forvent_server.chains import chain_so_far
from forvent_server.clocks import clocks_so_far, working_time
from forvent_server.store.models import Episode, Promise, Voice
from forvent_server.web.pages import Asked, draw, now, page
from forvent_server.web.sections import scaled
from forvent_server.web.voices import VoiceShown, voice_shown

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
MOST_VOICES = 20


@dataclass(frozen=True, slots=True)
class Bead:
    """One of the four, with what is known of it."""

    name: str
    text: str
    detail: str


@dataclass(frozen=True, slots=True)
class EpisodePage:
    """One episode as a chain; ``broken`` names the link that broke first."""

    episode: Episode
    picture: Markup
    beads: tuple[Bead, ...]
    promises: tuple[Promise, ...]
    #: How long each promise is on both clocks, by its number; of those that count working time.
    lengths: Mapping[int, str]
    says: str
    voices: tuple[VoiceShown, ...]


@page()
def episode_page(request: Asked, pk: int) -> HttpResponse:
    """The chain of one episode, with what was said of it."""
    episode = get_object_or_404(Episode.objects.select_related("customer"), pk=pk)
    promises = tuple(episode.promises.all())
    voices = tuple(
        Voice.objects.filter(episode_key=episode.key)
        .prefetch_related("mentions")
        .order_by("time", "pk")[:MOST_VOICES]
    )
    findings, moment = latest_findings(), now()
    words = scaled(request.words, findings.voices.scale) if findings else request.words
    row = _row(episode, promises=promises, voices=voices, findings=findings, moment=moment)
    broken = _broken(row, episode, promises, moment=moment)
    # A promise that passed with nothing delivered is broken, but nothing came "later than promised" yet.
    overdue = broken == "promised_delivered" and episode.delivered is None
    says = words.say("episodes.link_overdue" if overdue else f"episodes.link_{broken}")
    shown = EpisodePage(
        episode=episode,
        picture=beads(broken if broken in LINKS else None, says=says),
        beads=_beads(episode, promises, row or {}, words=words, moment=moment),
        promises=promises,
        lengths=_lengths(episode, promises, words=words),
        says=says,
        voices=tuple(voice_shown(voice) for voice in voices),
    )
    return draw(request, "pages/episode.html", shown)


def open_and_due(moment: datetime) -> QuerySet[Episode]:
    """Open episodes whose latest promise has passed or passes within a day, the oldest promise first."""
    return (
        Episode.objects.filter(delivered=None, cancelled=False)
        .annotate(due=Max("promises__promised"))
        .filter(due__lt=moment + DAY)
        .order_by("due")
    )


def _lengths(episode: Episode, promises: tuple[Promise, ...], *, words: Wording) -> dict[int, str]:
    """The promises that count working time, in it and on the clock that never stops."""
    clocks, start, found = clocks_so_far(), plain(episode.start), {}
    for one in promises:
        row = clocks.of(stamp=one.policy.get("calendar"), began=episode.start, groups=episode.groups)
        until = plain(one.promised)
        if row is None or start is None or until is None or until < start:
            continue
        calendar = working_time(row)
        if one.by_day:
            ends = np.array([moment.replace(tzinfo=UTC).timestamp() for moment in (start, until)])
            days = float(calendar.working_days(ends[:1], ends[1:])[0])
            working = words.duration(days, unit="working_day")
        else:
            hours = calendar.between(start, until) / HOUR
            working = words.duration(round(hours, 1), unit="working_hour")
        around = words.duration(round((until - start) / DAY, 1))
        found[one.number] = words.say("episodes.on_both", working=working, around=around)
    return found


def _row(
    episode: Episode,
    *,
    promises: tuple[Promise, ...],
    voices: tuple[Voice, ...],
    findings: Findings | None,
    moment: datetime,
) -> Mapping[str, Any] | None:
    if findings is None or findings.chain is None:
        return None
    return chain_so_far(episode, promises=promises, voices=voices, found=findings.chain, now=moment)


def _broken(
    row: Mapping[str, Any] | None, episode: Episode, promises: tuple[Promise, ...], *, moment: datetime
) -> str:
    """The link that broke first; without a voice only the record can tell."""
    if row is not None and row["broken"] is not None:
        return str(row["broken"])
    if episode.cancelled:
        return "cancelled"
    if not promises:
        return "unknown"
    late = is_late(episode, promises[0], moment=moment)
    if late:
        return "promised_delivered"
    return "pending" if episode.delivered is None else "none"


def is_late(episode: Episode, promise: Promise, *, moment: datetime) -> bool:
    """Whether the promise passed before it was delivered; a promise by day holds until the day is over."""
    end = episode.delivered or moment
    return end.date() > promise.promised.date() if promise.by_day else end > promise.promised


def _beads(
    episode: Episode,
    promises: tuple[Promise, ...],
    row: Mapping[str, Any],
    *,
    words: Wording,
    moment: datetime,
) -> tuple[Bead, ...]:
    def days(value: float | None) -> str:
        return words.duration(round(value, 1)) if value is not None else ""

    def since(at: datetime) -> str:
        return days(max(0.0, (at - episode.start) / DAY))

    first = promises[0] if promises else None
    expected = days(row.get("expected_days")) or words.say("episodes.not_said")
    promised = words.say("episodes.nothing_promised")
    if first is not None:
        promised = words.say("episodes.until", date=words.date(first.promised))
    delivered, took = words.say("episodes.not_yet"), since(moment)
    if episode.delivered is not None:
        delivered, took = words.date(episode.delivered), since(episode.delivered)
    elif episode.cancelled:
        delivered, took = words.say("episodes.cancelled"), ""
    perceived = row.get("perceived")
    rating = row.get("rating")
    return (
        Bead(words.say("chain.expected"), expected, ""),
        Bead(
            words.say("chain.promised"),
            promised,
            words.counted("promised_again", len(promises) - 1) if len(promises) > 1 else "",
        ),
        Bead(words.say("chain.delivered"), delivered, took),
        Bead(
            words.say("chain.perceived"),
            words.say(f"episodes.perceived_{perceived}") if perceived else words.say("episodes.not_said"),
            words.say("voices.rated", rating=words.number(words.on_scale(rating), decimals=0))
            if rating is not None
            else "",
        ),
    )
