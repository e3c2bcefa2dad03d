"""Voices: search in any language, filter, see one with its marked words, correct a mention."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404

from forvent.errors import BadOption, ForventError
from forvent.report.sections.gaps import direction
from forvent_server.actions.voices import correct_mention
from forvent_server.store.models import Correction, Episode, Mention, Voice
from forvent_server.store.search import Wanted, newest
from forvent_server.web.marked import Part, marked
from forvent_server.web.pages import Asked, draw, now, page
from forvent_server.web.told import told

#: Voices of one page.
SHOWN = 30
#: Values to choose from in one list.
MOST_CHOICES = 100
POLARITIES = ("met", "unmet", "mixed", "wished")
ACTS = ("complaint", "praise", "request", "question", "remark")
CORRECTIONS = ("right", "wrong", "polarity", "instead", "missed")


@dataclass(frozen=True, slots=True)
class VoiceShown:
    """One voice in a list: its text in parts, marked where an expectation was found."""

    voice: Voice
    parts: tuple[Part, ...]
    direction: str
    mentions: tuple[Mention, ...]


@dataclass(frozen=True, slots=True)
class VoicesPage:
    """Voices that were asked for, the newest first; ``older`` leads on.

    ``unfinished`` where not all were looked at and the page is not full.
    """

    asked: Mapping[str, str]
    voices: tuple[VoiceShown, ...]
    older: str
    unfinished: bool
    expectations: tuple[tuple[str, str], ...]
    languages: tuple[tuple[str, str], ...]
    channels: tuple[str, ...]
    touchpoints: tuple[str, ...]
    acts: tuple[str, ...]
    ratings: tuple[str, ...]
    total: int | None


@dataclass(frozen=True, slots=True)
class VoicePage:
    """One voice with all its mentions, and what people said of them."""

    shown: VoiceShown
    corrections: tuple[Correction, ...]
    expectations: tuple[tuple[str, str], ...]
    waiting: bool
    episode: Episode | None
    wrong: str = ""


FILTERS = (
    *("q", "expectation", "polarity", "language", "channel", "touchpoint", "rating", "act", "doubtful"),
    *("from", "until"),
)
#: Ratings as shares of their scale: the lowest and the highest third, with what lies between.
RATINGS: Mapping[str, Mapping[str, float]] = {
    "low": {"rating__lte": 1 / 3},
    "middle": {"rating__gt": 1 / 3, "rating__lt": 2 / 3},
    "high": {"rating__gte": 2 / 3},
}


@page()
def voices_page(request: Asked) -> HttpResponse:
    """The search."""
    asked = {name: request.GET.get(name, "").strip()[:200] for name in FILTERS}
    before = request.GET.get("before", "")
    found = newest(
        wanted(asked), most=SHOWN, before=int(before) if before.isdecimal() and len(before) < 19 else None
    )
    rows = Voice.objects.filter(pk__in=found.pks).prefetch_related("mentions").order_by("-pk")
    more = {name: value for name, value in asked.items() if value} | {"before": str(found.further)}
    shown = VoicesPage(
        asked=asked,
        voices=tuple(voice_shown(row) for row in rows),
        older=f"?{urlencode(more)}" if found.further else "",
        unfinished=found.unfinished,
        expectations=expectation_names(request),
        languages=tuple((code, request.words.language_name(code)) for code in different("language")),
        channels=different("channel"),
        touchpoints=different("touchpoint"),
        acts=ACTS,
        ratings=tuple(RATINGS),
        total=None if any(asked.values()) else Voice.objects.count(),
    )
    return draw(request, "pages/voices.html", shown)


def wanted(asked: Mapping[str, str]) -> Wanted:
    """Everything that was asked for; what cannot be asked for is passed over."""
    return Wanted(asked["q"], _columns(asked), _mention(asked))


def _mention(asked: Mapping[str, str]) -> dict[str, object]:
    """Conditions on one mention."""
    wanted: dict[str, object] = {"expectation": asked["expectation"]} if asked["expectation"] else {}
    if asked["polarity"] in POLARITIES:
        wanted["polarity"] = asked["polarity"]
    return wanted


def _columns(asked: Mapping[str, str]) -> dict[str, object]:
    """Conditions on the voice itself."""
    wanted: dict[str, object] = {
        name: asked[name] for name in ("language", "act", "channel", "touchpoint") if asked[name]
    }
    wanted |= RATINGS.get(asked["rating"], {})
    if asked["doubtful"]:
        wanted["doubtful"] = True
    start, end = _day(asked["from"]), _day(asked["until"])
    if start:
        wanted["time__gte"] = start
    if end:
        wanted["time__lt"] = end + timedelta(days=1)
    return wanted


@page(methods=("GET", "POST"))
def voice_page(request: Asked, pk: int) -> HttpResponse:
    """One voice; agents correct what was found in it."""
    voice = get_object_or_404(Voice.objects.prefetch_related("mentions"), pk=pk)
    wrong = ""
    if request.method == "POST" and not request.user.may("agent"):
        raise Http404
    if request.method == "POST" and voice.erased_at is None:
        try:
            _correct(request, voice)
            return HttpResponseRedirect(f"/voices/{voice.pk}/")
        except ForventError as error:
            wrong = told(request, error)
    shown = VoicePage(
        shown=voice_shown(voice),
        corrections=tuple(Correction.objects.filter(voice_key=voice.key)),
        expectations=expectation_names(request),
        waiting=voice.identified_at is None,
        episode=Episode.objects.filter(key=voice.episode_key).first() if voice.episode_key else None,
        wrong=wrong,
    )
    return draw(request, "pages/voice.html", shown, status=400 if wrong else 200)


def _correct(request: Asked, voice: Voice) -> None:
    given = {
        name: request.POST.get(name, "") for name in ("expectation", "action", "quote", "polarity", "instead")
    }
    known = {key for key, _ in expectation_names(request)}
    if given["action"] not in CORRECTIONS or given["expectation"] not in known:
        raise BadOption("Nothing was said of this mention.", hint="Choose what is wrong with it.")
    if given["action"] == "instead" and given["instead"] not in known:
        raise BadOption("No other expectation was chosen.", hint="Choose which one it is.")
    if given["action"] in ("polarity", "missed") and given["polarity"] not in POLARITIES:
        raise BadOption("It was not said whether it is met.", hint="Choose met, unmet, mixed or wished.")
    correct_mention(voice, who=request.user, now=now(), **given)


def voice_shown(voice: Voice) -> VoiceShown:
    """A voice with its marked words."""
    mentions = tuple(sorted(voice.mentions.all(), key=lambda mention: mention.start))
    return VoiceShown(
        voice=voice,
        parts=marked(voice.text, mentions),
        direction=direction(voice.language),
        mentions=mentions,
    )


def expectation_names(request: Asked) -> tuple[tuple[str, str], ...]:
    """All expectations by id with their names, in alphabetical order."""
    keys = different("expectation", of=Mention.objects.all())
    known = {*request.words.names, *keys} - {"stages", "polarities", "kinds", "types"}
    return tuple(
        sorted(((key, request.words.name(key)) for key in known), key=lambda pair: pair[1].casefold())
    )


def different(name: str, *, of: QuerySet[Any] | None = None) -> tuple[str, ...]:
    """The values of a column, each found from the one before it: its index is stepped through, not read."""
    rows: QuerySet[Any] = Voice.objects.all() if of is None else of
    found: list[str] = []
    last = ""
    while len(found) < MOST_CHOICES:
        further = rows.filter(**{f"{name}__gt": last}).order_by(name).values_list(name, flat=True)
        following = further.first()
        if following is None:
            break
        last = str(following)
        found.append(last)
    return tuple(found)


def _day(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=now().tzinfo)
    except ValueError:
        return None
