"""Sources: what brings voices in, how each is, and the forms to add, change, try and pause one."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404

from forvent.errors import ForventError
from forvent_server.actions import sources as acting
from forvent_server.sources.contract import Ask, Field, Slice, Trouble
from forvent_server.sources.silence import Silence, silence
from forvent_server.sources.slices import slices
from forvent_server.store.models import Source, SourceDay
from forvent_server.web.pages import Asked, draw, now, page
from forvent_server.web.told import told
from forvent_server.web.uploads import keep, sent_file

#: Kinds of trouble that the texts name; any other is said as it is.
SAID = frozenset(
    (
        "unknown_host",
        "inside",
        "unreachable",
        "certificate",
        "own_certificate",
        "tls",
        "too_slow",
        "broken",
        "address",
        "redirects",
        "too_large",
        "status",
        "page",
        "no_feed",
        "unsafe",
        "sign_in",
        "folder",
        "vanished",
        "no_export",
        "file_size",
        "no_plugin",
        "unexpected",
        "signature",
        "clock",
        "replay",
        "message",
    )
)
SHIPPED = frozenset(("webhook", "mailbox", "feed", "zammad", "osticket", "chatwoot", "freescout"))
#: Days that tell what is usual.
DAYS = 60


@dataclass(frozen=True, slots=True)
class Health:
    """How a source is: ``state`` is well, trouble, silent, paused or new."""

    source: Source
    state: str
    way: str
    trouble: str
    silent: Silence | None


@dataclass(frozen=True, slots=True)
class SourcesPage:
    """All sources with their health, and the kinds that can be added."""

    sources: tuple[Health, ...]
    kinds: tuple[str, ...]
    shipped: frozenset[str]
    may_change: bool


@dataclass(frozen=True, slots=True)
class SourcePage:
    """One source, or the form of a new one; ``secret`` is shown once, ``tried`` is what the test found."""

    kind: str
    way: str
    shipped: bool
    fields: tuple[Field, ...]
    given: Mapping[str, object]
    name: str
    every: str
    health: Health | None
    address: str
    secret: str
    tried: str
    wrong: str
    may_change: bool


@page(role="agent")
def sources_page(request: Asked) -> HttpResponse:
    """All sources and how they are."""
    # Uploaded files come when somebody brings them: their silence means nothing.
    own = Source.objects.exclude(kind="file").order_by("name")
    shown = SourcesPage(
        sources=tuple(_health(one, request) for one in own),
        kinds=tuple(slices()),
        shipped=SHIPPED,
        may_change=request.user.may("manager"),
    )
    return draw(request, "pages/sources.html", shown)


@page(role="manager", methods=("GET", "POST"))
def new_source_page(request: Asked, kind: str) -> HttpResponse:
    """The form of a new source."""
    made = slices().get(kind)
    if made is None:
        raise Http404
    if request.method != "POST":
        return _form(request, made)
    try:
        source, secret = acting.add_source(
            kind=kind,
            name=request.POST.get("source-name", ""),
            given=_given(request),
            every_minutes=_minutes(request),
            who=request.user,
            now=now(),
        )
    except ForventError as error:
        return _form(request, made, wrong=_told(error, request))
    if secret:
        return _form(request, made, source=source, secret=secret)
    return HttpResponseRedirect(f"/sources/{source.pk}/")


@page(role="agent", methods=("GET", "POST"))
def source_page(request: Asked, pk: int) -> HttpResponse:
    """One source: its health, its settings, and what can be done with it."""
    source = get_object_or_404(Source, pk=pk)
    made = slices().get(source.kind)
    if source.kind in ("file", "rest"):
        raise Http404
    made = made or Slice(source.kind)
    if request.method != "POST":
        return _form(request, made, source=source)
    action = request.POST.get("action", "")
    if not request.user.may("agent" if action in ("test", "look", "bring") else "manager"):
        raise Http404
    try:
        return _done(request, made, source=source, action=action)
    except ForventError as error:
        return _form(request, made, source=source, wrong=_told(error, request))


def _done(request: Asked, made: Slice, *, source: Source, action: str) -> HttpResponse:
    who, moment = request.user, now()
    if action == "test":
        return _form(request, made, source=source, tried=_tried(made, source, request))
    if action == "renew":
        secret = acting.renew_secret(source, who=who, now=moment)
        return _form(request, made, source=source, secret=secret)
    if action == "drop":
        acting.drop_source(source, who=who, now=moment)
        return HttpResponseRedirect("/sources/")
    if action == "look":
        acting.look_soon(source, now=moment)
    elif action == "pause":
        acting.pause_source(source, who=who, now=moment)
    elif action == "resume":
        acting.resume_source(source, who=who, now=moment)
    elif action == "bring":
        _bring(request, source)
    else:
        acting.change_source(
            source,
            name=request.POST.get("source-name", ""),
            given=_given(request),
            every_minutes=_minutes(request),
            who=who,
            now=moment,
        )
    return HttpResponseRedirect(f"/sources/{source.pk}/")


def _bring(request: Asked, source: Source) -> None:
    file = sent_file(request)
    kept = keep(file)
    acting.bring_file(
        source, path=str(kept.path), name=file.name or "", size=kept.size, who=request.user, now=now()
    )


def _tried(made: Slice, source: Source, request: Asked) -> str:
    """What the first part of a look would bring; nothing of it is kept."""
    if made.look is None:
        return ""
    defaults = {one.name: one.default for one in made.fields if one.kind != "secret"}
    ask = Ask(
        defaults | source.settings | {"mark": False},
        now=now(),
        secret=source.secret,
        inside=settings.FORVENT["FORVENT_SOURCES_INSIDE"],
    )
    looked = made.look(ask)
    try:
        first = next(looked, None)
    finally:
        # A generator holds its connection until it is closed.
        if isinstance(looked, Generator):
            looked.close()
    words = request.words
    return words.say("sources.tried", voices=words.counted("voices", len(first.voices) if first else 0))


def _form(
    request: Asked,
    made: Slice,
    *,
    source: Source | None = None,
    secret: str = "",
    tried: str = "",
    wrong: str = "",
) -> HttpResponse:
    held = {**source.settings} if source else {}
    if wrong and request.POST.get("action", "save") == "save":
        held |= {one.name: request.POST.get(f"field-{one.name}", "") for one in made.fields}
    fields = tuple(one for one in made.fields if one.kind != "secret" or not made.receive)
    every = str(source.every_minutes if source else acting.USUAL)
    shown = SourcePage(
        kind=made.name,
        way=made.way,
        shipped=made.name in SHIPPED,
        fields=fields,
        given={one.name: "" if one.kind == "secret" else held.get(one.name, one.default) for one in fields},
        name=request.POST.get("source-name") or (source.name if source else ""),
        every=request.POST.get("source-every") or every,
        health=_health(source, request) if source else None,
        address=request.build_absolute_uri(f"/in/{source.pk}/") if source and made.receive else "",
        secret=secret,
        tried=tried,
        wrong=wrong,
        may_change=request.user.may("manager"),
    )
    return draw(request, "pages/source.html", shown, status=400 if wrong else 200)


def _health(source: Source, request: Asked) -> Health:
    made = slices().get(source.kind)
    way = made.way if made else "rest" if source.kind == "rest" else "none"
    quiet = None
    if way in ("look", "receive", "rest") and source.active:
        days = SourceDay.objects.filter(source=source).order_by("-day").values_list("day", flat=True)[:DAYS]
        quiet = silence(days, today=now().date())
    state = "well" if source.brought_at or source.looked_at else "new"
    if not source.active:
        state = "paused"
    elif source.trouble or way == "none":
        state = "trouble"
    elif quiet:
        state = "silent"
    kind = source.trouble or ("no_plugin" if way == "none" else "")
    return Health(source, state, way, _said(kind, source.trouble_parts, request), quiet)


def _said(kind: str, parts: Mapping[str, object], request: Asked) -> str:
    """The trouble in the reader's language, where the texts have it; as it is otherwise."""
    if kind not in SAID:
        return str(parts.get("said", kind))
    return request.words.say(f"source_troubles.{kind}", **parts)


def _told(error: ForventError, request: Asked) -> str:
    return _said(error.kind, error.fields, request) if isinstance(error, Trouble) else told(request, error)


def _given(request: Asked) -> dict[str, str]:
    return {
        name.removeprefix("field-"): str(value)
        for name, value in request.POST.items()
        if name.startswith("field-")
    }


def _minutes(request: Asked) -> int:
    text = request.POST.get("source-every", "") or str(acting.USUAL)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 0
