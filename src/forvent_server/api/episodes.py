"""Episodes: orders, visits and contacts, with what was promised for each."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.timezone import now
from ninja import Query, Router, Schema
from pydantic import Field

from forvent import records
from forvent_server.actions.brought import bring_episodes
from forvent_server.api.door import Asked
from forvent_server.api.problems import Problem
from forvent_server.api.sending import Mark, sent
from forvent_server.api.shapes import Cursor, Given, Key, Limit, Moment, Page, asked, bounded, optional, paged
from forvent_server.api.voices import TakenIn
from forvent_server.store.models import Episode

router = Router()
MOST = 500
MOST_GROUPS = 20


class EpisodeGiven(Given):
    """One episode as it stands now. `id` is your own; sent again it takes over what happened since."""

    id: str = bounded(200, least=1)
    start: Moment
    promised: Moment | None = Field(None, description="Until when; the first one that is sent never changes")
    by_day: bool = Field(False, description="The promise names a day, without a time of day")
    delivered: Moment | None = None
    cancelled: bool = False
    customer: str = bounded(300, default="", describe="Your id of the customer")
    groups: dict[str, str] = Field(
        {}, max_length=MOST_GROUPS, description="By what episodes are compared: shop …"
    )


class EpisodesGiven(Given):
    """Up to 500 episodes, taken in all or none."""

    episodes: list[EpisodeGiven] = Field(min_length=1, max_length=MOST)


class PolicyShown(Schema):
    """What stood behind a promise when it was made: its length, the level aimed at, the calendar."""

    length_s: float | None = None
    level: float | None = None
    calendar: int | None = None


class PromiseShown(Schema):
    """A promise of an episode; the first is number 1."""

    number: int
    promised: datetime
    by_day: bool
    made_at: datetime | None
    policy: PolicyShown


class EpisodeShown(Schema):
    """An episode with all its promises."""

    id: int
    episode: str
    customer: int | None
    start: datetime
    delivered: datetime | None
    cancelled: bool
    groups: dict[str, Any]
    promises: list[PromiseShown]


class EpisodesAsked(Schema):
    """Which episodes are wanted."""

    episode: str = asked(200, "Your id of it")
    customer: int | None = optional(ge=1, le=2**63 - 1, description="Of this customer")
    open: bool | None = optional(description="Neither delivered nor cancelled")
    since: Moment | None = optional(description="Begun at this moment or later")
    before: Moment | None = optional(description="Begun before this moment")


@router.post("", response=TakenIn, summary="Send episodes")
def send_episodes(request: Asked, given: EpisodesGiven, mark: Mark = None) -> HttpResponse:
    """Up to 500 at once. Send one again whenever something about it changed."""
    episodes = [_record(one, row=place) for place, one in enumerate(given.episodes, start=1)]

    def bring() -> dict[str, Any]:
        taken = bring_episodes(episodes, key=request.auth.key, now=now())
        return {"new": taken.new, "known": taken.known}

    return sent(request, mark, bring)


def _record(one: EpisodeGiven, *, row: int) -> records.Episode:
    for moment, name in ((one.promised, "promised"), (one.delivered, "delivered")):
        if moment is not None and moment < one.start:
            raise Problem(
                422,
                f"Episode {row} is {name} before it starts.",
                hint="Send moments with their zone, or in UTC.",
            )
    if any(
        len(name) > 100 or len(value) > 200 or "\x00" in name + value for name, value in one.groups.items()
    ):
        raise Problem(
            422, f"A group of episode {row} is too long.", hint="Names have 100, values 200 characters."
        )
    return records.Episode(
        episode=one.id,
        start=one.start.replace(tzinfo=None),
        row=row,
        promised=one.promised.replace(tzinfo=None) if one.promised else None,
        delivered=one.delivered.replace(tzinfo=None) if one.delivered else None,
        by_day=one.by_day,
        cancelled=one.cancelled,
        customer=one.customer or None,
        groups=one.groups,
    )


@router.get("", response=Page[EpisodeShown], summary="Read episodes, the newest first")
def read_episodes(
    request: Asked, wanted: Query[EpisodesAsked], cursor: Cursor = None, limit: Limit = 100
) -> dict[str, Any]:
    """All episodes that fit everything that was asked for."""
    rows = Episode.objects.prefetch_related("promises")
    if wanted.open is not None:
        still = {"delivered": None, "cancelled": False}
        rows = rows.filter(**still) if wanted.open else rows.exclude(**still)
    plain = {
        "key": wanted.episode or None,
        "customer": wanted.customer,
        "start__gte": wanted.since,
        "start__lt": wanted.before,
    }
    rows = rows.filter(**{name: value for name, value in plain.items() if value is not None})
    found, following = paged(rows, cursor=cursor, limit=limit)
    return {"items": [_shown(row) for row in found], "next": following}


@router.get("/{pk}", response=EpisodeShown, summary="Read one episode")
def read_episode(request: Asked, pk: Key) -> dict[str, Any]:
    """One episode with all its promises."""
    return _shown(get_object_or_404(Episode.objects.prefetch_related("promises"), pk=pk))


def _shown(row: Episode) -> dict[str, Any]:
    promises = sorted(row.promises.all(), key=lambda one: one.number)
    return {
        "id": row.pk,
        "episode": row.key,
        "customer": row.customer_id,
        "start": row.start,
        "delivered": row.delivered,
        "cancelled": row.cancelled,
        "groups": row.groups,
        "promises": [
            {name: getattr(one, name) for name in ("number", "promised", "by_day", "made_at", "policy")}
            for one in promises
        ],
    }
