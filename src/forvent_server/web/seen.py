"""Who is signed in is seen: kept now and then, and in step with their role."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse

from forvent_server.actions.sessions import note_seen
from forvent_server.store.models import Person
from forvent_server.web.pages import now


class Seen:
    """Notes, before a page is made, that its person is here."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if isinstance(request.user, Person):
            # A database too busy to note it must not keep the page from being shown; the next one notes it.
            with suppress(OperationalError):
                note_seen(request, person=request.user, now=now())
        return self._answer(request)
