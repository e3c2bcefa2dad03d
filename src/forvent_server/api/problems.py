"""Every error of the API as application/problem+json (RFC 9457), by one table."""

from __future__ import annotations

import logging
from typing import Any

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse

from forvent.errors import BadOption, ForventError, NothingUsable, UnknownExpectation, UnreadableFile
from forvent_server.actions.once import Conflict
from forvent_server.actions.people import NotAllowed

log = logging.getLogger(__name__)
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
    503: "Not at this moment",
}
#: Seconds after which a request may be sent again that the database did not take.
LATER = 30


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


def of_database(_: HttpRequest, error: OperationalError) -> HttpResponse:
    """The database takes nothing at this moment: what was sent was undone whole, and may be sent again."""
    # Names of what went wrong only: values may stand in the message.
    log.error("the database took no request: %s", type(error).__name__)
    full = "is full" in str(error) or "No space left" in str(error)
    return problem(
        503,
        "The disk of the workspace is full." if full else "The database takes nothing at this moment.",
        hint="Nothing was kept of this request: send it again later.",
        headers={"Retry-After": str(LATER)},
    )


def of_problem(_: HttpRequest, error: Problem) -> HttpResponse:
    """An error of the API itself."""
    return problem(error.status, error.detail, hint=error.hint, headers=error.headers)
