"""Requests that write: done once where they carry a mark of their own."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.timezone import now
from ninja import Header

from forvent_server.actions.once import once
from forvent_server.api.door import Asked

#: Marks a request, so that it is done once however often it is sent.
Mark = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=200,
        pattern=r"^[!-~]+$",
        description="Any text of your own: the same request sent again under it within 24 hours is done once",
    ),
]


def sent(
    request: Asked, mark: str | None, do: Callable[[], dict[str, Any]], *, status: int = 200
) -> HttpResponse:
    """The answer to a request that writes."""
    if mark is None:
        return JsonResponse(do(), status=status)
    answered = once(request.auth.key, mark, digest=_digest(request), now=now(), do=lambda: (status, do()))
    headers = {"Idempotency-Replayed": "true"} if answered.again else {}
    return JsonResponse(answered.answer, status=answered.status, headers=headers)


def _digest(request: HttpRequest) -> str:
    whole = f"{request.method} {request.get_full_path()}\n".encode() + request.body
    return hashlib.sha256(whole).hexdigest()
