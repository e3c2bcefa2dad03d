"""Requests hold nothing that no database can: the character zero."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse

ZERO = "\x00"
FORM = "application/x-www-form-urlencoded"


class WithoutZero:
    """Takes the character zero out of addresses, and refuses a form that holds it."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.META["QUERY_STRING"] = request.META.get("QUERY_STRING", "").replace("%00", "")
        return self._answer(request)

    def process_view(self, request: HttpRequest, *_: object) -> None:
        """After the errors' pages are ready to say so."""
        if request.method == "POST" and request.content_type == FORM:
            for name in request.POST:
                if any(ZERO in value for value in request.POST.getlist(name)):
                    raise SuspiciousOperation("A field holds the character zero.")
