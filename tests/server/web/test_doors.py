"""The doors: first run, sign in, sign out, join."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client
from server_people import PASSWORD, signed_in

from forvent_server.actions.attempts import MOST_WRONG
from forvent_server.actions.people import invite
from forvent_server.store.models import Person, SignIn

START = {
    "business": "Linden & Co",
    "name": "Ada Berg",
    "email": "ada@example.org",
    "password": PASSWORD,
}


def test_the_first_visitor_is_led_to_the_start_and_becomes_owner(db: None) -> None:
    client = Client()
    assert client.get("/", follow=True).redirect_chain[-1][0] == "/start/"
    answer = client.post("/start/", START, follow=True)
    assert answer.status_code == 200
    assert "Nothing was said yet" in answer.content.decode()
    assert Person.objects.get().role == "owner"


def test_a_weak_password_is_told_and_what_was_typed_stays(db: None) -> None:
    answer = Client().post("/start/", START | {"password": "short"})
    assert answer.status_code == 400
    text = answer.content.decode()
    assert "The password is too easy to guess." in text
    assert 'value="Linden &amp; Co"' in text
    assert not Person.objects.exists()


def test_the_start_is_closed_once_there_is_an_owner(owner: Person) -> None:
    assert Client().post("/start/", START | {"email": "eve@example.org"}).headers["Location"] == "/sign-in/"
    assert Person.objects.count() == 1


def test_signs_in_and_comes_back_to_the_page_that_was_asked_for(owner: Person) -> None:
    client = Client()
    asked = client.get("/imports/")
    assert asked.headers["Location"] == "/sign-in/?next=%2Fimports%2F"
    given = {"email": owner.email, "password": PASSWORD, "next": "/imports/"}
    assert client.post("/sign-in/", given).headers["Location"] == "/imports/"
    assert SignIn.objects.filter(person=owner).count() == 1


@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_never_leads_anywhere_else_after_signing_in(owner: Person, address: str) -> None:
    given = {"email": owner.email, "password": PASSWORD, "next": address}
    assert Client().post("/sign-in/", given).headers["Location"] == "/"


def test_a_wrong_password_is_told_without_saying_which_was_wrong(owner: Person) -> None:
    for email in (owner.email, "nobody@example.org"):
        answer = Client().post("/sign-in/", {"email": email, "password": "something else 7"})
        assert answer.status_code == 400
        assert "E-mail and password do not belong together." in answer.content.decode()


def test_guessing_is_stopped_even_with_the_right_password(owner: Person) -> None:
    client = Client()
    for _ in range(MOST_WRONG):
        client.post("/sign-in/", {"email": owner.email, "password": "something else 7"})
    answer = client.post("/sign-in/", {"email": owner.email, "password": PASSWORD})
    assert answer.status_code == 429
    assert "Too many attempts. Wait 15 minutes and try again." in answer.content.decode()


def test_signing_out_needs_a_post_and_ends_the_session(owner: Person) -> None:
    client = signed_in(owner)
    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/").headers["Location"] == "/sign-in/"
    assert client.get("/").status_code == 302


def test_an_invited_person_joins_in_the_role(owner: Person, now: datetime) -> None:
    # The page looks at the clock of the day, on which this invitation is long over.
    _, token = invite(email="finn@example.org", role="agent", who=owner, now=now)
    assert Client().get(f"/join/{token}/").status_code == 404


def test_a_page_sends_the_policy_and_no_inline_script(owner: Person) -> None:
    answer = signed_in(owner).get("/")
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    text = answer.content.decode()
    assert "<script>" not in text
    assert "style=" not in text
