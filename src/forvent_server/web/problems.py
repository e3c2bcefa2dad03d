"""Problems of the API in the language that a program asks for, or that of the person whose key it has."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from forvent.report.wording import Wording
from forvent.tables import LANGUAGES
from forvent_server.store.models import Person
from forvent_server.web.language import asked_language, words
from forvent_server.web.troubles import in_words, known_again

CONTENT = "application/problem+json"
ENGLISH = "en"


class ProblemsInWords:
    """Says title, detail and hint of a problem in another language than English where that is wanted."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._answer(request)
        if response.headers.get("Content-Type") != CONTENT:
            return response
        language = _language(request)
        if language != ENGLISH:
            told = in_language(json.loads(response.content), words=words(language))
            response.content = json.dumps(told, ensure_ascii=False).encode()
            response.headers["Content-Length"] = str(len(response.content))
        response.headers["Content-Language"] = language
        response.headers["Vary"] = "Accept-Language"
        return response


def in_language(problem: dict[str, Any], *, words: Wording) -> dict[str, Any]:
    """The document of a problem with what people read of it in their language; codes and values stay."""
    titles = words.texts["problem_titles"]
    told = {**problem, "title": titles.get(str(problem["status"]), titles["other"])}
    by_code = words.texts["told"].get(problem.get("code"))
    if by_code:
        return {**told, "detail": str(by_code), "hint": ""}
    told["hint"] = known_again(problem["hint"], table="trouble_hints", words=words)
    found = problem.get("errors") or []
    if not found:
        return {**told, "detail": in_words(problem["detail"], words=words)}
    told["errors"] = [{**one, "what": _value(one["what"], words=words)} for one in found]
    # The detail says where and why of the first.
    told["detail"] = problem["detail"].replace(found[0]["what"], told["errors"][0]["what"])
    return told


def _value(what: str, *, words: Wording) -> str:
    """Why a value cannot be used; what follows a comma says it once more, in words of the parser."""
    whole = known_again(what, table="problem_values", words=words)
    return (
        whole if whole != what else known_again(what.partition(", ")[0], table="problem_values", words=words)
    )


def _language(request: HttpRequest) -> str:
    header = request.headers.get("Accept-Language", "")
    if header:
        return asked_language(header)
    held = getattr(request, "auth", None)
    person: Person | None = held.key.made_by if held else None
    return person.language if person and person.language in LANGUAGES else ENGLISH
