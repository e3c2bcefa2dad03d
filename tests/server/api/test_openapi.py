"""The whole API against its own description: nothing breaks, and every answer is as described."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import schemathesis
from api_samples import fill
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, Phase, seed, settings
from schemathesis.checks import not_a_server_error
from schemathesis.generation.feedback import FeedbackSources
from schemathesis.pytest._test_builder import build_operation_test
from schemathesis.python._constants.orchestrator import make_constants_value_source
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from forvent_server.api.v1 import openapi
from forvent_server.store.models import Person
from forvent_server.wsgi import application

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    unsupported_method,
]
EXAMPLES = 3


def described() -> dict[str, Any]:
    return dict(json.loads(openapi(None).content))


schema = schemathesis.openapi.from_dict(described())
schema.app = application
OPERATIONS = [
    f"{method.upper()} {path}" for path, methods in schema.raw_schema["paths"].items() for method in methods
]


@pytest.fixture
def filled(owner: Person, now: datetime) -> Iterator[None]:
    fill(owner, now=now)
    # A real server closes connections between requests; here one transaction holds all of them.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@seed(20260302)
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def asked(case: Any, secret: str) -> None:
    case.call_and_validate(checks=CHECKS, headers={"Authorization": f"Bearer {secret}"})


@pytest.mark.django_db
@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_answer_is_as_described(operation: str, secret: str, filled: None) -> None:
    # Not schema.parametrize(): it draws the cases of all operations, in every process, before any test runs.
    method, path = operation.split(" ", 1)
    build_operation_test(
        config=schema.config,
        operation=schema[path][method],
        test_func=asked,
        given_kwargs={},
        feedback=FeedbackSources(constants_value_source=make_constants_value_source(schema)),
    )(secret=secret)


@pytest.mark.django_db
def test_the_description_is_open_and_speaks_of_errors(client: Client) -> None:
    answer = client.get("/api/v1/openapi.json")
    assert answer.status_code == 200
    told = answer.json()
    assert told["openapi"] == "3.1.0"
    for path, methods in told["paths"].items():
        for method, one in methods.items():
            assert {"400", "401", "403", "404", "413", "422", "429"} <= set(one["responses"]), path
            assert one["security"] == [{"ApiKeyBearer": []}], path
            assert all((one["summary"], one["description"])), (path, method)
