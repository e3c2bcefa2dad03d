"""What stands before every address of the API: who asks, how often, with what kind of content."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.timezone import now
from django.views.decorators.csrf import csrf_exempt
from ninja.security import HttpBearer

from forvent_server.actions.keys import Held, holder
from forvent_server.actions.people import NotAllowed
from forvent_server.actions.rates import Rate, counted
from forvent_server.api.problems import Problem, problem
from forvent_server.store.models import Person

#: Largest body of a request in bytes; a batch of 500 voices is far below.
LARGEST_BODY = 8 * 1024 * 1024
READING = ("GET", "HEAD", "OPTIONS")


class Asked(HttpRequest):
    """A request with the key it came with."""

    auth: Held


class ApiKeyBearer(HttpBearer):
    """`Authorization: Bearer fv_…`, a key that a manager made on the page of keys."""

    def authenticate(self, request: HttpRequest, token: str) -> Held | None:
        held = holder(token[:200], now=now())
        if held is None:
            return None
        limit = settings.FORVENT["FORVENT_API_PER_MINUTE"]
        rate = counted(held.key, limit=limit, now=now())
        request.rate = rate  # type: ignore[attr-defined]
        if rate.over:
            raise Problem(
                429,
                f"This key asks more than {limit} times a minute.",
                hint=f"Wait {rate.reset} seconds, or send more voices at once.",
                headers={"Retry-After": str(rate.reset)},
            )
        scope = "read" if request.method in READING else "write"
        if not held.may(scope):
            raise Problem(403, f"This key may not {scope}.", hint=f"Make a key with the scope {scope}.")
        return held


def person_of(request: Asked) -> Person:
    """The person who answers for the key: who made it.

    Raises
    ------
    NotAllowed
        If nobody does any more.
    """
    person = request.auth.key.made_by
    if person is None or not person.is_active:
        raise NotAllowed("Nobody answers for this key.", hint="Use a key of somebody who is still here.")
    return person


def manager_of(request: Asked) -> Person:
    """The same, where only managers may.

    Raises
    ------
    NotAllowed
        If who made the key is no manager.
    """
    person = person_of(request)
    if not person.may("manager"):
        raise NotAllowed("Only managers may see this.", hint="Use a key that a manager made.")
    return person


def guarded(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A view of the API with what holds for all of them; its answers say how often one may still ask."""
    operations = {method: one for one in _operations(view) for method in one.methods}

    @wraps(view)
    def answer(request: HttpRequest, *given: Any, **named: Any) -> HttpResponseBase:
        refused = _refused(request, operations)
        response = refused if refused is not None else view(request, *given, **named)
        rate: Rate | None = getattr(request, "rate", None)
        if rate is not None:
            response.headers["RateLimit-Limit"] = str(rate.limit)
            response.headers["RateLimit-Remaining"] = str(max(0, rate.left))
            response.headers["RateLimit-Reset"] = str(rate.reset)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return csrf_exempt(answer)


def nothing_here(request: HttpRequest, rest: str) -> HttpResponse:
    """No address of the API."""
    return problem(
        404, f"There is nothing at '/api/v1/{rest[:200]}'.", hint="/api/v1/openapi.json lists all."
    )


def _operations(view: Callable[..., HttpResponseBase]) -> list[Any]:
    """What a view answers: ninja keeps it in the object that its function belongs to."""
    for cell in view.__closure__ or ():
        if hasattr(cell.cell_contents, "operations"):
            return list(cell.cell_contents.operations)
    return []


def _refused(request: HttpRequest, operations: dict[str, Any]) -> HttpResponse | None:
    method = request.method or ""
    if operations and method not in operations:
        allowed = ", ".join(sorted(operations))
        return problem(
            405, f"{method} is not answered here.", hint=f"Use {allowed}.", headers={"Allow": allowed}
        )
    length = request.headers.get("Content-Length") or "0"
    if not length.isdecimal() or int(length) > LARGEST_BODY:
        return problem(
            413,
            f"The request is larger than {LARGEST_BODY // 1024**2} MiB.",
            hint="Send it in smaller parts.",
        )
    if method in ("POST", "PATCH", "PUT") and int(length) and request.content_type != "application/json":
        return problem(
            415, f"The content is '{(request.content_type or '')[:100]}'.", hint="Send application/json."
        )
    return _unknown(request, operations.get(method))


def _unknown(request: HttpRequest, operation: Any) -> HttpResponse | None:
    if operation is None or not request.GET:
        return None
    models = [one for one in operation.models if one.__ninja_param_source__ == "query"]
    known = {name for one in models for name in _names(one)}
    unknown = sorted(set(request.GET) - known)
    if not unknown:
        return None
    named = f"They are {', '.join(sorted(known))}." if known else "This address takes none."
    return problem(422, f"There is no parameter '{unknown[0][:100]}'.", hint=named)


def _names(model: Any) -> list[str]:
    flat = getattr(model, "__ninja_flatten_map__", None)
    return list(flat) if flat else [part.alias or name for name, part in model.model_fields.items()]
