"""Requests of programs go straight to the API: past sessions, forms and languages, which only people need."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import resolve

PREFIX = "/api/v1/"


class StraightToPrograms:
    """Answers what is asked of the API; everything else goes on to the pages."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(PREFIX):
            return self._answer(request)
        # Refuses a host that is not ours, as the pages do.
        request.get_host()
        request.resolver_match = found = resolve(request.path_info)
        response: HttpResponseBase = found.func(request, *found.args, **found.kwargs)
        response.headers.setdefault("X-Frame-Options", "DENY")
        if isinstance(response, HttpResponse):
            response.headers.setdefault("Content-Length", str(len(response.content)))
        return response
