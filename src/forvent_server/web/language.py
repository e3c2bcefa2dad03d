"""In which language a page speaks: what the person chose, else what the browser asks for."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo

from babel import Locale
from babel.core import negotiate_locale
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from forvent.identify import names
from forvent.records import Scale
from forvent.report.text_files import REPORT_TEXTS, TextFiles
from forvent.report.wording import LOCALES, Wording
from forvent.tables import LANGUAGES

PAGE_TEXTS = TextFiles(resources.files("forvent_server.web").joinpath("texts"), beneath=REPORT_TEXTS)


class ChosenLanguage:
    """Puts the words of the page's language on the request."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = getattr(request.user, "language", "") or request.COOKIES.get("language", "")
        code = chosen if chosen in LANGUAGES else asked_language(request.headers.get("Accept-Language", ""))
        request.words = words(code)  # type: ignore[attr-defined]
        return self._answer(request)


@cache
def words(language: str, *, scale: Scale | None = None) -> Wording:
    """The words of pages and reports in a language."""
    return Wording(
        language=language,
        locale=Locale.parse(LOCALES.get(language, language)),
        texts=PAGE_TEXTS.texts(language),
        names=names(language),
        scale=scale or Scale(low=0.0, high=1.0),
    )


def zone() -> ZoneInfo:
    """The time zone of the business."""
    return ZoneInfo(settings.TIME_ZONE)


def asked_language(header: str) -> str:
    """The language that a browser or a program asks for, else that of the workspace."""
    wanted = []
    for place, part in enumerate(header[:200].split(",")):
        code, _, weight = part.strip().partition(";q=")
        try:
            wanted.append((-float(weight or 1), place, code))
        except ValueError:
            continue
    codes = [code.replace("-", "_") for *_, code in sorted(wanted) if code]
    # Norwegian without more words is taken for Bokmål.
    codes = ["nb" if code.partition("_")[0] == "no" else code.partition("_")[0] for code in codes]
    return negotiate_locale(codes, list(LANGUAGES)) or str(settings.LANGUAGE_CODE)
