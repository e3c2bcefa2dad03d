"""Pages for what went wrong: in the look and language of the workspace, and telling nothing of a bug."""

from __future__ import annotations

import pytest
from django.db import DatabaseError
from django.http import HttpRequest
from django.test import Client, RequestFactory
from server_people import PASSWORD, signed_in

from forvent_server.store.models import Person
from forvent_server.web import errors


@pytest.mark.parametrize(
    "address",
    ["/nowhere/", "/voices/999999/", "/assets/0/style.css", "/%00", "/voices/99999999999999999999/"],
)
def test_where_nothing_is_a_page_says_so(reader: Person, address: str) -> None:
    answer = signed_in(reader).get(address)
    assert answer.status_code == 404
    assert "There is nothing here" in answer.content.decode()
    assert "Rita Novak" in answer.content.decode()


def test_it_is_said_in_the_language_of_who_asks(reader: Person) -> None:
    answer = Client().get("/nowhere/", headers={"Accept-Language": "hy"})
    assert 'lang="hy"' in answer.content.decode()
    assert "Այստեղ ոչինչ չկա" in answer.content.decode()


def test_a_form_without_the_mark_of_its_session_is_told_to_be_sent_again(owner: Person) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/sign-in/", {"email": owner.email, "password": PASSWORD})
    assert answer.status_code == 403
    assert "That took too long" in answer.content.decode()


def test_a_form_that_is_too_old_leads_back_to_its_page(owner: Person) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(owner)
    for came_from, leads in (
        ("http://testserver/audit/?who=1", "/audit/?who=1"),
        ("https://evil.example/keys/", "/"),
        ("http://testserver//evil.example/", "/"),
        ("", "/"),
    ):
        answer = client.post("/keys/", {"name": "x"}, headers={"Referer": came_from})
        assert answer.status_code == 403
        assert f'<a class="button" href="{leads}">Back to the page</a>' in answer.content.decode()


def test_who_is_not_signed_in_hears_of_no_role_and_is_led_to_the_door(reader: Person) -> None:
    outside = Client().get("/nowhere/").content.decode()
    assert "There is no page at this address." in outside
    assert 'href="/sign-in/">Sign in</a>' in outside
    assert "for your role" in signed_in(reader).get("/nowhere/").content.decode()


def test_an_unknown_host_is_refused_on_a_page_of_ours(owner: Person) -> None:
    answer = Client(headers={"host": "evil.example"}).get("/")
    assert answer.status_code == 400
    assert "The request cannot be understood" in answer.content.decode()
    assert "evil.example" not in answer.content.decode()


def test_of_a_bug_nothing_is_shown(
    owner: Person, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks(*_: object) -> None:
        raise RuntimeError("a secret of ours")

    monkeypatch.setattr("forvent_server.web.me._me", breaks)
    client = signed_in(owner)
    client.raise_request_exception = False
    answer = client.get("/me/")
    assert answer.status_code == 500
    assert "Something broke on our side" in answer.content.decode()
    assert "a secret of ours" not in answer.content.decode()


def test_without_a_database_the_bare_words_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object, **__: object) -> None:
        raise DatabaseError

    monkeypatch.setattr(errors, "draw", away)
    request: HttpRequest = RequestFactory().get("/")
    answer = errors.broken(request)
    assert answer.status_code == 500
    assert "<h1>Something broke on our side</h1>" in answer.content.decode()
