"""The API of the workspace, version 1: its routers, its errors, and its description in OpenAPI 3.1."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, re_path
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI, Router
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema

from forvent.errors import ForventError
from forvent_server.api import (
    actions,
    assessments,
    customers,
    episodes,
    expectations,
    exports,
    imports,
    mentions,
    people,
    promises,
    voices,
    webhooks,
)
from forvent_server.api.door import ApiKeyBearer, guarded, nothing_here
from forvent_server.api.problems import TITLES, Problem, of_database, of_forvent, of_problem, problem
from forvent_server.api.shapes import Problem as ProblemShape

DESCRIPTION = """Everything that the pages of the workspace know, for programs.

Send `Authorization: Bearer fv_…` with a key of the page of keys. Errors are `application/problem+json`:
what happened in `detail`, what to do in `hint`, in the language of `Accept-Language` (en, cs, hy, nb, et, zh)
or that of the person whose key it is. Lists are read page by page with `cursor`. A request that
writes may carry `Idempotency-Key`: sent again within 24 hours it is answered as before and done once.
Every number comes with its interval and count, or says that there is not enough."""

ROUTERS: tuple[tuple[str, Router], ...] = (
    ("voices", voices.router),
    ("mentions", mentions.router),
    ("episodes", episodes.router),
    ("expectations", expectations.router),
    ("assessments", assessments.router),
    ("promises", promises.router),
    ("actions", actions.router),
    ("customers", customers.router),
    ("imports", imports.router),
    ("people", people.router),
    ("webhooks", webhooks.router),
    ("exports", exports.router),
)
#: Errors that any address may answer with, and those that only some methods do.
ALWAYS, WITH_BODY = (400, 401, 403, 404, 413, 422, 429, 503), (409, 415)
_RATE = {
    "RateLimit-Limit": "Requests a minute that this key may make",
    "RateLimit-Remaining": "Requests that are left of this minute",
    "RateLimit-Reset": "Seconds until the next minute",
}


class WorkspaceSchema(OpenAPISchema):
    """OpenAPI with the errors, which hold for every address, written once."""

    def operation_details(self, operation: Any) -> dict[str, Any]:
        details: dict[str, Any] = super().operation_details(operation)
        writes = "GET" not in operation.methods
        details["responses"] = {
            str(status): _with_rates(answer) for status, answer in details["responses"].items()
        }
        for status in ALWAYS + (WITH_BODY if writes else ()):
            details["responses"][str(status)] = _problem_of(status)
        return details

    def get_components(self) -> dict[str, Any]:
        components: dict[str, Any] = super().get_components()
        components["schemas"]["Problem"] = ProblemShape.model_json_schema()
        return components


def _with_rates(answer: dict[str, Any]) -> dict[str, Any]:
    headers = {name: {"description": text, "schema": {"type": "integer"}} for name, text in _RATE.items()}
    return {**answer, "headers": {**headers, **answer.get("headers", {})}}


def _problem_of(status: int) -> dict[str, Any]:
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"description": TITLES[status], "content": content}


class WorkspaceApi(NinjaAPI):
    """The API with our own description of errors."""

    def get_openapi_schema(self, *, path_prefix: str | None = None, path_params: Any = None) -> OpenAPISchema:
        prefix = self.get_root_path(path_params or {}) if path_prefix is None else path_prefix
        return WorkspaceSchema(self, prefix)


def made_api() -> WorkspaceApi:
    """The API with all its routers."""
    made = WorkspaceApi(
        title="forvent",
        version="1",
        description=DESCRIPTION,
        docs_url=None,
        openapi_url=None,
        auth=ApiKeyBearer(),
    )
    for prefix, router in ROUTERS:
        made.add_router(f"/{prefix}", router, tags=[prefix])
    for kind, told in _TOLD:
        made.add_exception_handler(kind, told)
    return made


def _no_key(_: HttpRequest, __: Exception) -> HttpResponse:
    return problem(
        401,
        "The key is missing, unknown or ended.",
        hint="Send 'Authorization: Bearer fv_…' with a key of the page of keys.",
        headers={"WWW-Authenticate": "Bearer"},
    )


def _unusable(_: HttpRequest, error: ValidationError) -> HttpResponse:
    """Where and why; never the value itself, in which words of customers may stand."""
    found = [
        {"where": [str(part)[:100] for part in one["loc"]], "what": one["msg"][:300], "kind": one["type"]}
        for one in error.errors[:20]
    ]
    first = ".".join(found[0]["where"][:8]) if found else ""
    return problem(422, f"{first}: {found[0]['what']}." if found else "A value cannot be used.", errors=found)


def _not_understood(_: HttpRequest, error: HttpError) -> HttpResponse:
    return problem(error.status_code, "The request is no JSON.", hint="Send one JSON document in UTF-8.")


def _not_found(_: HttpRequest, error: Http404) -> HttpResponse:
    """Django's own words name a model of the store: they say nothing to who asks."""
    ours = str(error) if error.args and "matches the given query" not in str(error) else ""
    return problem(404, ours or "There is no such row.", hint="It may have been let go.")


_TOLD: tuple[tuple[type[Exception], Any], ...] = (
    (ForventError, of_forvent),
    (OperationalError, of_database),
    (Problem, of_problem),
    (AuthenticationError, _no_key),
    (ValidationError, _unusable),
    (HttpError, _not_understood),
    (Http404, _not_found),
)
API = made_api()


def described() -> OpenAPISchema:
    """What the API says of itself."""
    return API.get_openapi_schema(path_prefix="/api/v1/")


def openapi(_: HttpRequest) -> HttpResponse:
    """The description of the API, for everybody: it tells nothing of the business."""
    made = described()
    return HttpResponse(API.renderer.render(_, made, response_status=200), content_type="application/json")


def _patterns() -> list[URLPattern]:
    kept = [one for one in API.urls[0] if isinstance(one, URLPattern) and one.name != "api-root"]
    for one in kept:
        one.callback = guarded(cast("Callable[..., HttpResponseBase]", one.callback))
    return kept


PROGRAMS: list[Any] = [
    path("api/v1/openapi.json", openapi, name="openapi"),
    *[path(f"api/v1/{one.pattern}", one.callback) for one in _patterns()],
    re_path(r"^api/v1/(?P<rest>.*)$", csrf_exempt(nothing_here)),
]
