"""Voices: search in any language, filter, see one with its marked words, correct a mention."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404

from forvent.errors import BadOption, ForventError
from forvent.report.sections.gaps import direction
from forvent_server.actions.voices import correct_mention
from forvent_server.store.models import Correction, Mention, Voice
from forvent_server.store.search import saying
from forvent_server.web.marked import Part, marked
from forvent_server.web.pages import Asked, draw, now, page

#: Voices of one page.
SHOWN = 30
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
    """Voices that were asked for, the newest first; ``older`` leads on."""

    asked: Mapping[str, str]
    voices: tuple[VoiceShown, ...]
    older: str
    expectations: tuple[tuple[str, str], ...]
    languages: tuple[tuple[str, str], ...]
    total: int | None


@dataclass(frozen=True, slots=True)
class VoicePage:
    """One voice with all its mentions, and what people said of them."""

    shown: VoiceShown
    corrections: tuple[Correction, ...]
    expectations: tuple[tuple[str, str], ...]
    waiting: bool
    wrong: str = ""


FILTERS = ("q", "expectation", "polarity", "language", "act", "from", "until")


@page()
def voices_page(request: Asked) -> HttpResponse:
    """The search."""
    asked = {name: request.GET.get(name, "").strip()[:200] for name in FILTERS}
    found = filtered(asked)
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 19:
        found = found.filter(pk__lt=int(before))
    rows = list(found.prefetch_related("mentions").order_by("-pk")[: SHOWN + 1])
    more = {name: value for name, value in asked.items() if value} | (
        {"before": str(rows[SHOWN - 1].pk)} if len(rows) > SHOWN else {}
    )
    shown = VoicesPage(
        asked=asked,
        voices=tuple(voice_shown(row) for row in rows[:SHOWN]),
        older=f"?{urlencode(more)}" if len(rows) > SHOWN else "",
        expectations=expectation_names(request),
        languages=tuple((code, request.words.language_name(code)) for code in _languages()),
        total=None if any(asked.values()) else Voice.objects.count(),
    )
    return draw(request, "pages/voices.html", shown)


def filtered(asked: Mapping[str, str]) -> QuerySet[Voice]:
    """The voices that fit everything that was asked for; what cannot be asked for is passed over."""
    found = Voice.objects.all()
    if asked["q"]:
        found = saying(found, asked["q"])
    mention: dict[str, str] = {}
    if asked["expectation"]:
        mention["expectation"] = asked["expectation"]
    if asked["polarity"] in POLARITIES:
        mention["polarity"] = asked["polarity"]
    if mention:
        found = found.filter(pk__in=Mention.objects.filter(**mention).values("voice"))
    for name in ("language", "act"):
        if asked[name]:
            found = found.filter(**{name: asked[name]})
    start, end = _day(asked["from"]), _day(asked["until"])
    if start:
        found = found.filter(time__gte=start)
    if end:
        found = found.filter(time__lt=end + timedelta(days=1))
    return found


@page(methods=("GET", "POST"))
def voice_page(request: Asked, pk: int) -> HttpResponse:
    """One voice; agents correct what was found in it."""
    voice = get_object_or_404(Voice.objects.prefetch_related("mentions"), pk=pk)
    wrong = ""
    if request.method == "POST" and request.user.may("agent"):
        try:
            _correct(request, voice)
            return HttpResponseRedirect(f"/voices/{voice.pk}/")
        except ForventError as error:
            wrong = str(error)
    shown = VoicePage(
        shown=voice_shown(voice),
        corrections=tuple(Correction.objects.filter(voice_key=voice.key)),
        expectations=expectation_names(request),
        waiting=voice.identified_at is None,
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
    keys = Mention.objects.order_by("expectation").values_list("expectation", flat=True).distinct()
    known = {*request.words.names, *keys} - {"stages", "polarities", "kinds", "types"}
    return tuple(
        sorted(((key, request.words.name(key)) for key in known), key=lambda pair: pair[1].casefold())
    )


def _languages() -> list[str]:
    codes = Voice.objects.order_by("language").values_list("language", flat=True).distinct()
    return [code for code in codes if code]


def _day(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=now().tzinfo)
    except ValueError:
        return None
