"""Mentions: expectations found in voices, with their words."""

from __future__ import annotations

from typing import Any

from ninja import Query, Router, Schema

from forvent_server.api.door import Asked
from forvent_server.api.shapes import Cursor, Limit, Page, asked, optional, paged
from forvent_server.api.voices import MentionShown, Polarity, mention_shown
from forvent_server.store.models import Mention

router = Router()


class MentionsAsked(Schema):
    """Which mentions are wanted."""

    expectation: str = asked(100, "Of this expectation")
    polarity: Polarity | None = optional(description="Met, unmet, mixed or wished")
    touchpoint: str = asked(200, "At this touchpoint")


@router.get("", response=Page[MentionShown], summary="Read mentions, the newest first")
def read_mentions(
    request: Asked, wanted: Query[MentionsAsked], cursor: Cursor = None, limit: Limit = 100
) -> dict[str, Any]:
    """All mentions that fit everything that was asked for."""
    given = {name: value for name, value in wanted.dict().items() if value}
    found, following = paged(Mention.objects.filter(**given), cursor=cursor, limit=limit)
    return {"items": [mention_shown(row) for row in found], "next": following}
