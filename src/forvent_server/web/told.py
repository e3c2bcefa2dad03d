"""Errors of people in the language of the page, by their code."""

from __future__ import annotations

from django.http import HttpRequest

from forvent.errors import ForventError
from forvent_server.web.troubles import in_words


def told(request: HttpRequest, error: ForventError) -> str:
    """What happened and what to do, from the catalogue where it has a text for the code."""
    words = request.words  # type: ignore[attr-defined]
    by_code = words.texts["told"].get(error.code)
    return str(by_code) if by_code else in_words(str(error), words=words)
