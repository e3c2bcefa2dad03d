"""Every operation of the API × every kind of key: what a key may not, it may nowhere."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any

import pytest
from api_samples import asking, fill

from forvent_server.actions.people import make_key
from forvent_server.api.v1 import openapi
from forvent_server.store.models import Person

METHODS = ("get", "post", "put", "patch", "delete")
#: What is for managers is read with keys of managers alone: these are all made by one.
DESCRIBED: dict[str, Any] = json.loads(openapi(None).content)
OPERATIONS = [
    (method, path) for path, answers in DESCRIBED["paths"].items() for method in METHODS if method in answers
]


def asked(path: str, operation: dict[str, Any]) -> str:
    """The path with something in each of its places."""
    values = {
        one["name"]: next(iter(one["schema"].get("enum", ["1"])))
        for one in operation.get("parameters", ())
        if one["in"] == "path"
    }
    return re.sub(r"{(\w+)}", lambda found: str(values.get(found[1], 1)), path).removeprefix("/api/v1/")


def test_there_is_something_to_ask() -> None:
    assert len(OPERATIONS) > 40


@pytest.mark.parametrize(("scope", "may"), [("read", {"get"}), ("write", set(METHODS) - {"get"})])
def test_a_key_may_what_it_is_for_and_nothing_else(
    owner: Person, manager: Person, now: datetime, scope: str, may: set[str]
) -> None:
    fill(owner, now=now)
    ask = asking(make_key(name="shop", scopes=[scope], who=manager, now=now)[1])
    for method, path in OPERATIONS:
        address = asked(path, DESCRIBED["paths"][path][method])
        answer = ask(address, None if method == "get" else {}, method=method.upper())
        said = f"{method} {address} with a key to {scope}: {answer.status_code}"
        if method in may:
            assert answer.status_code not in (401, 403, 500), said
        else:
            assert answer.status_code == 403, said
            assert answer.json()["detail"] in ("This key may not read.", "This key may not write."), said


@pytest.mark.parametrize("secret", ["", "fv_", "fv_00000000_x", "x" * 5000, "fv_é_ü"])
def test_no_key_opens_nothing(owner: Person, now: datetime, secret: str) -> None:
    fill(owner, now=now)
    ask = asking(secret)
    for method, path in OPERATIONS:
        answer = ask(asked(path, DESCRIBED["paths"][path][method]), None, method=method.upper())
        assert answer.status_code == 401, f"{method} {path}"
        assert answer.headers["Content-Type"].startswith("application/problem+json")
