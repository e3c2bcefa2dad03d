"""Voices: sent in batches, read page by page, searched, corrected."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.timezone import now
from ninja import Query, Router, Schema
from pydantic import Field

from forvent import records
from forvent.reading.personal import masked
from forvent_server.actions.brought import bring_voices
from forvent_server.actions.voices import correct_mention
from forvent_server.api.catalogue import known_expectations
from forvent_server.api.door import Asked, person_of
from forvent_server.api.problems import Problem
from forvent_server.api.sending import Mark, sent
from forvent_server.api.shapes import Cursor, Given, Key, Limit, Moment, Page, asked, bounded, optional
from forvent_server.store.models import Mention, Voice
from forvent_server.store.search import Wanted, newest

router = Router()
MOST = 500
Polarity = Literal["met", "unmet", "mixed", "wished"]
Act = Literal["complaint", "praise", "request", "question", "remark", "none"]
#: What the store keeps of a voice that the answer shows under the same name.
PLAIN = (
    "id", "text", "time", "came_at", "rating", "rating_given", "channel", "touchpoint", "competitor",
    "segments", "language", "polarity", "act", "doubtful", "content_free", "identified_at",
)  # fmt: skip


#: What a customer is told apart by, and what it is of one.
SegmentName = Annotated[str, bounded(60, least=1)]
SegmentValue = Annotated[str, bounded(100)]


class VoiceGiven(Given):
    """One thing a customer said. `id` is your own: sent again with the same words it is the same voice."""

    id: str = bounded(160, least=1)
    text: str = bounded(20_000, default="")
    time: Moment | None = Field(None, description="When it was said; without a zone it is UTC")
    rating: float | None = Field(None, ge=-1e6, le=1e6, description="On the scale of the batch")
    channel: str = bounded(100, default="")
    touchpoint: str = bounded(200, default="")
    customer: str = bounded(300, default="", describe="Your id of the customer, the same as in episodes")
    episode: str = bounded(200, default="", describe="Your id of the order, visit or contact")
    competitor: str = bounded(200, default="", describe="The other company it is about, if not about you")
    language: str = Field("", pattern=r"^([a-z]{2,3})?$", description="ISO 639 code, if you know it")
    segments: dict[SegmentName, SegmentValue] = Field(
        {},
        max_length=10,
        description="What groups the customer: region, plan … Assessments tell customers apart by each",
    )


class ScaleGiven(Given):
    """The scale of the ratings: the lowest and the highest that can be given."""

    low: float = Field(ge=-1e6, le=1e6)
    high: float = Field(ge=-1e6, le=1e6)


class VoicesGiven(Given):
    """Up to 500 voices, taken in all or none."""

    voices: list[VoiceGiven] = Field(min_length=1, max_length=MOST)
    scale: ScaleGiven = ScaleGiven(low=1, high=5)
    source: str = Field("api", min_length=1, max_length=100, pattern=r"^[A-Za-z0-9][A-Za-z0-9 ._-]*$")
    mask: bool = Field(False, description="Take personal data out of the texts before they are kept")


class TakenIn(Schema):
    """How many were new, and how many had come before."""

    new: int
    known: int


class MentionShown(Schema):
    """An expectation found in a voice, with its words."""

    id: int
    voice: int
    expectation: str
    polarity: str
    stated: bool
    quote: str
    start: int
    end: int
    confidence: float
    touchpoint: str
    stage: str
    type: str
    level: dict[str, Any] | None
    experienced: dict[str, Any] | None
    source: dict[str, Any] | None
    doubtful: bool


class VoiceShown(Schema):
    """A voice, with what was understood of it; `identified_at` is null until it was."""

    id: int
    source: int | None
    text: str
    time: datetime | None
    came_at: datetime
    rating: float | None
    rating_given: float | None
    channel: str
    touchpoint: str
    competitor: str
    segments: dict[str, Any] | None
    customer: int | None
    episode: str
    language: str
    polarity: str
    act: str
    doubtful: bool
    content_free: bool
    identified_at: datetime | None
    erased: bool
    mentions: list[MentionShown]


class VoicesAsked(Schema):
    """Which voices are wanted; what is left out does not matter."""

    q: str = asked(200, "Words that it says, in any language")
    expectation: str = asked(100, "It mentions this expectation")
    polarity: Polarity | None = optional(description="It mentions one in this way")
    act: Act | None = optional(description="What it does")
    language: str = asked(16, "ISO 639 code")
    channel: str = asked(100, "It came by this channel")
    touchpoint: str = asked(200, "It is about this touchpoint")
    since: Moment | None = optional(description="Said at this moment or later")
    before: Moment | None = optional(description="Said before this moment")
    rating_from: float | None = optional(ge=0, le=1, description="Rated so or better, 0 to 1")
    rating_to: float | None = optional(ge=0, le=1, description="Rated so or worse, 0 to 1")
    doubtful: bool | None = optional(description="What was understood is doubtful")


@router.post("", response=TakenIn, summary="Send voices")
def send_voices(request: Asked, given: VoicesGiven, mark: Mark = None) -> HttpResponse:
    """Up to 500 at once. The answer comes when they are stored; they are understood soon after."""
    voices = _records(given)

    def bring() -> dict[str, Any]:
        taken = bring_voices(voices, source=given.source, key=request.auth.key, now=now())
        return {"new": taken.new, "known": taken.known}

    return sent(request, mark, bring)


def _records(given: VoicesGiven) -> list[records.Voice]:
    low, high = given.scale.low, given.scale.high
    if not low < high:
        raise Problem(
            422, f"A scale from {low:g} to {high:g} is none.", hint="Give the lowest, then the highest."
        )
    found = []
    for place, one in enumerate(given.voices):
        rating = None if one.rating is None else (one.rating - low) / (high - low)
        if rating is not None and not 0 <= rating <= 1:
            raise Problem(
                422,
                f"Rating {one.rating:g} of voice {place + 1} is not on the scale {low:g} to {high:g}.",
                hint="Send the scale of the ratings with the batch.",
            )
        if not one.text.strip() and rating is None:
            raise Problem(422, f"Voice {place + 1} says nothing.", hint="Send a text, a rating or both.")
        found.append(_record(one, rating=rating, row=place + 1, mask=given.mask))
    return found


def _record(one: VoiceGiven, *, rating: float | None, row: int, mask: bool) -> records.Voice:
    return records.Voice(
        voice_id=one.id,
        text=masked(one.text, one.language or None).text if mask else one.text,
        row=row,
        time=one.time.replace(tzinfo=None) if one.time else None,
        rating=rating,
        rating_given=one.rating,
        channel=one.channel or None,
        touchpoint=one.touchpoint or None,
        customer=one.customer or None,
        language=one.language or None,
        episode=one.episode or None,
        competitor=one.competitor or None,
        segments=one.segments,
    )


@router.get("", response=Page[VoiceShown], summary="Read voices, the newest first")
def read_voices(
    request: Asked, wanted: Query[VoicesAsked], cursor: Cursor = None, limit: Limit = 100
) -> dict[str, Any]:
    """All voices that fit everything that was asked for. A page with fewer than `limit` may have a next."""
    found = newest(fitting(wanted), most=limit, before=cursor)
    rows = Voice.objects.filter(pk__in=found.pks).prefetch_related("mentions").order_by("-pk")
    return {"items": [voice_shown(row) for row in rows], "next": found.further}


def fitting(wanted: VoicesAsked) -> Wanted:
    """The voices that are wanted."""
    mention = {name: getattr(wanted, name) for name in ("expectation", "polarity") if getattr(wanted, name)}
    plain = {
        "act": wanted.act or None,
        "language": wanted.language or None,
        "channel": wanted.channel or None,
        "touchpoint": wanted.touchpoint or None,
        "time__gte": wanted.since,
        "time__lt": wanted.before,
        "rating__gte": wanted.rating_from,
        "rating__lte": wanted.rating_to,
        "doubtful": wanted.doubtful,
    }
    columns = {name: value for name, value in plain.items() if value is not None}
    return Wanted(wanted.q, columns, mention)


@router.get("/{pk}", response=VoiceShown, summary="Read one voice")
def read_voice(request: Asked, pk: Key) -> dict[str, Any]:
    """One voice with its mentions."""
    return voice_shown(get_object_or_404(Voice.objects.prefetch_related("mentions"), pk=pk))


class CorrectionGiven(Given):
    """What is to be said of a mention: right, wrong, another polarity, another one, or missed."""

    expectation: str = bounded(100, least=1)
    action: Literal["right", "wrong", "polarity", "instead", "missed"]
    quote: str = bounded(2000, default="")
    polarity: Polarity | None = None
    instead: str = bounded(100, default="", describe="The expectation that it really is")


@router.post("/{pk}/corrections", response={201: dict[str, Any]}, summary="Correct what was understood")
def correct_voice(request: Asked, pk: Key, given: CorrectionGiven, mark: Mark = None) -> HttpResponse:
    """The voice is understood anew with it, now and in every later run."""
    voice = get_object_or_404(Voice, pk=pk, erased_at=None)
    _check(given)

    def correct() -> dict[str, Any]:
        kept = correct_mention(
            voice,
            expectation=given.expectation,
            action=given.action,
            quote=given.quote,
            polarity=given.polarity or "",
            instead=given.instead,
            who=person_of(request),
            now=now(),
        )
        return {"id": kept.pk}

    return sent(request, mark, correct, status=201)


def _check(given: CorrectionGiven) -> None:
    for named in {given.expectation, given.instead} - {""}:
        if named not in known_expectations():
            raise Problem(422, f"There is no expectation '{named}'.", hint="/api/v1/expectations lists them.")
    if given.action == "instead" and not given.instead:
        raise Problem(422, "It was not said which expectation it is.", hint="Send it in instead.")
    if given.action in ("polarity", "missed") and given.polarity is None:
        raise Problem(422, "It was not said whether it is met.", hint="Send a polarity.")


def voice_shown(row: Voice) -> dict[str, Any]:
    """A row of voices as the API says it."""
    return {name: getattr(row, name) for name in PLAIN} | {
        "source": row.source_id,
        "customer": row.customer_id,
        "episode": row.episode_key,
        "erased": row.erased_at is not None,
        "mentions": [mention_shown(one) for one in sorted(row.mentions.all(), key=lambda one: one.start)],
    }


def mention_shown(row: Mention) -> dict[str, Any]:
    """A row of mentions as the API says it."""
    return {name: getattr(row, name) for name in MentionShown.model_fields if name != "voice"} | {
        "voice": row.voice_id
    }
