"""How programs connect: where keys are made, examples with this workspace's address, and every address."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.http import HttpResponse

from forvent_server.web.pages import Asked, draw, page

#: What the API says of itself, as OpenAPI; the pages do not know the API, who joins both gives it.
Described = Callable[[], Mapping[str, Any]]
METHODS = ("get", "post", "patch", "put", "delete")
VOICE = {"id": "r-1041", "text": "It came two days late.", "rating": 2, "time": "2026-03-01T18:20:00+01:00"}


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that a program can ask for; ``does`` is its summary in English, a key of the texts."""

    method: str
    path: str
    does: str


@dataclass(frozen=True, slots=True)
class ConnectPage:
    """The steps of connecting, and every address by its word."""

    address: str
    read: str
    send: str
    openapi: str
    words: tuple[tuple[str, tuple[Operation, ...]], ...]


@page()
def connect_page(request: Asked, described: Described) -> HttpResponse:
    """For people who write programs, or have them written."""
    address = request.build_absolute_uri("/api/v1")
    shown = ConnectPage(
        address=address,
        read=_curl(f"{address}/expectations"),
        send=_curl(f"{address}/voices", body={"source": "shop", "voices": [VOICE]}),
        openapi="/api/v1/openapi.json",
        words=tuple(
            (word, tuple(found for _, found in rows))
            for word, rows in groupby(_operations(described()), key=lambda pair: pair[0])
        ),
    )
    return draw(request, "pages/connect.html", shown)


def _operations(described: Mapping[str, Any]) -> Iterator[tuple[str, Operation]]:
    for path, methods in described["paths"].items():
        for method in METHODS:
            if method in methods:
                said = methods[method]
                yield said["tags"][0], Operation(method.upper(), path, said["summary"])


def _curl(address: str, *, body: Mapping[str, Any] | None = None) -> str:
    """A command that a person can paste once the key stands in it."""
    lines = ['curl -H "Authorization: Bearer fv_…"']
    if body is not None:
        # On lines of its own: one long line would be cut at the edge of the page.
        told = json.dumps(body, indent=2).replace("\n", "\n  ")
        lines += ['  -H "Content-Type: application/json"', f"  -d '{told}'"]
    return " \\\n".join([*lines, f"  {address}"])
