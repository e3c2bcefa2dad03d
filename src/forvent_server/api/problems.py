"""Every error of the API as application/problem+json (RFC 9457), by one table."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from forvent.errors import BadOption, ForventError, NothingUsable, UnknownExpectation, UnreadableFile
from forvent_server.actions.once import Conflict
from forvent_server.actions.people import NotAllowed

#: Classes of errors and the status that stands for them; the first that fits decides.
STATUS: tuple[tuple[type[ForventError], int], ...] = (
    (NotAllowed, 403),
    (Conflict, 409),
    (UnknownExpectation, 404),
    (UnreadableFile, 422),
    (NothingUsable, 422),
    (BadOption, 422),
    (ForventError, 400),
)
TITLES = {
    400: "The request cannot be understood",
    401: "No valid key",
    403: "Not allowed",
    404: "Not found",
    405: "Another method",
    409: "In conflict with what was sent before",
    413: "Too large",
    415: "Another kind of content is needed",
    422: "A value cannot be used",
    429: "Too many requests",
}


class Problem(Exception):
    """An error of the API with its status, what happened and what to do."""

    def __init__(
        self, status: int, detail: str, *, hint: str = "", headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(detail)
        self.status, self.detail, self.hint, self.headers = status, detail, hint, headers or {}


def problem(
    status: int, detail: str, *, hint: str = "", headers: dict[str, str] | None = None, **more: Any
) -> HttpResponse:
    """The answer to a request that cannot be served."""
    document = {
        "type": "about:blank",
        "title": TITLES.get(status, "Not possible"),
        "status": status,
        "detail": detail,
        "hint": hint,
        **more,
    }
    return JsonResponse(
        document, status=status, content_type="application/problem+json", headers=headers or {}
    )


def of_forvent(_: HttpRequest, error: ForventError) -> HttpResponse:
    """An error that a person can mend, under the status of its class."""
    status = next(status for kind, status in STATUS if isinstance(error, kind))
    return problem(status, error.message, hint=error.hint, code=error.code)


def of_problem(_: HttpRequest, error: Problem) -> HttpResponse:
    """An error of the API itself."""
    return problem(error.status, error.detail, hint=error.hint, headers=error.headers)
