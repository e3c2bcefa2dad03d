"""Settings: the statement of intent, name, language, time zone, level, packs, touchpoints."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404

from forvent.errors import ForventError
from forvent.identify.pack_files import shipped_packs
from forvent.identify.packs import catalogue_with, load_pack
from forvent.report.wording import Wording
from forvent.tables import LANGUAGES, STAGES
from forvent_server.actions.business import change_business, drop_touchpoint, name_touchpoint
from forvent_server.store.models import Business, Touchpoint
from forvent_server.web.pages import Asked, business, draw, now, page
from forvent_server.web.told import told
from forvent_server.web.voices import different


@dataclass(frozen=True, slots=True)
class SettingsPage:
    """What the business says of itself."""

    settings: Business
    packs: tuple[str, ...]
    languages: tuple[tuple[str, str], ...]
    stages: tuple[str, ...]
    touchpoints: tuple[Touchpoint, ...]
    unplaced: tuple[str, ...]
    expectations: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    wrong: str = ""


@page(role="manager", methods=("GET", "POST"))
def settings_page(request: Asked) -> HttpResponse:
    """The settings; owners change them."""
    if request.method != "POST":
        return _shown(request)
    try:
        change_business(
            name=request.POST.get("name", ""),
            intent=request.POST.get("intent", "")[:5000],
            intent_names=request.POST.getlist("intent_names"),
            language=request.POST.get("language", ""),
            time_zone=request.POST.get("time_zone", ""),
            level=_share(request.POST.get("level", "")),
            packs=request.POST.getlist("packs"),
            who=request.user,
            now=now(),
        )
    except ForventError as error:
        return _shown(request, wrong=told(request, error))
    return HttpResponseRedirect("/settings/")


@page(role="manager", methods=("POST",))
def touchpoints_page(request: Asked) -> HttpResponse:
    """One touchpoint more, or one less."""
    try:
        if request.POST.get("action") == "drop":
            made = get_object_or_404(Touchpoint, pk=request.POST.get("touchpoint") or 0)
            drop_touchpoint(made, who=request.user, now=now())
        else:
            name_touchpoint(
                name=request.POST.get("name", ""),
                stage=request.POST.get("stage", ""),
                who=request.user,
                now=now(),
            )
    except ForventError as error:
        return _shown(request, wrong=told(request, error))
    return HttpResponseRedirect("/settings/")


def _share(text: str) -> float:
    """Percent as people write it, as a share; what is no number is no share."""
    try:
        return float(text.replace(",", ".")) / 100
    except ValueError:
        return 0.0


def _unplaced() -> tuple[str, ...]:
    """Names of touchpoints that files use and that stand at no stage yet."""
    named = set(Touchpoint.objects.values_list("name", flat=True))
    return tuple(name for name in different("touchpoint") if name not in named)


def _by_stage(wording: Wording) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """The expectations of the catalogue and of the packs of the business, stage by stage."""
    found = catalogue_with([load_pack(name) for name in business().packs])
    return tuple(
        (wording.label("stages", stage), tuple((key, wording.name(key)) for key in keys))
        for stage in STAGES
        if (keys := [key for key, one in found.items() if one.stage == stage])
    )


def _shown(request: Asked, *, wrong: str = "") -> HttpResponse:
    shown = SettingsPage(
        settings=business(),
        packs=tuple(shipped_packs()),
        languages=tuple((code, request.words.language_name(code)) for code in LANGUAGES),
        stages=tuple(STAGES),
        touchpoints=tuple(Touchpoint.objects.all()),
        unplaced=_unplaced(),
        expectations=_by_stage(request.words),
        wrong=wrong,
    )
    return draw(request, "pages/settings.html", shown, status=400 if wrong else 200)
