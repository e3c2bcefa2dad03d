"""How programs connect: an example with the workspace's own address, and every address in each language."""

from __future__ import annotations

import json
import re
from html import unescape

import pytest
from server_people import signed_in

from forvent.tables import LANGUAGES
from forvent_server.api.v1 import described
from forvent_server.store.models import Person
from forvent_server.web.language import words


def operations() -> list[tuple[str, str, str]]:
    """Method, path and summary of everything that the description names."""
    return [
        (method.upper(), path, said["summary"])
        for path, methods in json.loads(json.dumps(described()))["paths"].items()
        for method, said in methods.items()
    ]


def test_every_address_of_the_description_is_listed(reader: Person) -> None:
    shown = signed_in(reader).get("/api/").content.decode()
    rows = re.findall(r"<td><code>(\w+)</code></td><td><code>([^<]*)</code></td><td>([^<]*)</td>", shown)
    assert sorted((method, path, unescape(does)) for method, path, does in rows) == sorted(operations())
    assert "/keys/" not in shown.partition("<main")[2]


def test_the_example_names_this_workspace(manager: Person) -> None:
    shown = signed_in(manager).get("/api/", headers={"host": "localhost:8123"}).content.decode()
    assert "http://localhost:8123/api/v1/expectations" in shown
    assert 'href="/keys/"' in shown
    assert 'href="/api/v1/openapi.json"' in shown
    assert 'href="/api/"' in signed_in(manager).get("/settings/").content.decode()
    assert 'href="/api/"' in signed_in(manager).get("/sources/").content.decode()


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_each_address_does_is_said_in_every_language(language: str) -> None:
    said = words(language)
    for _, path, summary in operations():
        assert summary in said.texts["api_does"], f"Add a text for {path} to connect.toml in six languages."
        assert (said.looked_up("api_does", summary) == summary) is (language == "en")


def test_another_method_is_refused(reader: Person) -> None:
    assert signed_in(reader).post("/api/").status_code == 405
    assert signed_in(None).get("/api/").headers["Location"].startswith("/sign-in/")
