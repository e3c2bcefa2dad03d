"""A person's own page: language, password, second factor, sessions."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from server_people import PASSWORD, signed_in

from forvent_server.actions.sessions import NOTED_EVERY
from forvent_server.actions.totp import code_at, step_at
from forvent_server.store.models import Event, Person, RecoveryCode, SignIn
from forvent_server.web.device import device

NEW = "another long word 8"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def entered(person: Person, **headers: str) -> Client:
    """A browser that came in through the door."""
    client = Client(headers=headers)
    answer = client.post("/sign-in/", {"email": person.email, "password": PASSWORD})
    assert answer.status_code == 302
    return client


def code_of(person: Person, *, steps: int = 0) -> str:
    held = Person.objects.get(pk=person.pk)
    return code_at(held.totp_secret, step_at(datetime.now(UTC)) + steps)


def with_second_factor(person: Person) -> tuple[Client, list[str]]:
    """A browser of a person who has turned the second factor on, and the recovery codes."""
    client = entered(person)
    client.post("/me/second-factor/", {"action": "begin", "password": PASSWORD})
    answer = client.post("/me/second-factor/", {"action": "confirm", "code": code_of(person)})
    return client, re.findall(r"<code>([a-z2-7-]{19})</code>", answer.content.decode())


def test_shows_who_one_is_and_where_one_is_signed_in(reader: Person) -> None:
    client = entered(reader, user_agent=FIREFOX)
    text = client.get("/me/").content.decode()
    assert "Rita Novak" in text
    assert "Firefox, Linux" in text
    assert text.count("data-row") == 1


def test_the_pages_speak_the_chosen_language_from_then_on(reader: Person) -> None:
    client = signed_in(reader)
    assert client.post("/me/", {"language": "cs"}).headers["Location"] == "/me/"
    assert "Kde jste přihlášeni" in client.get("/me/").content.decode()
    assert client.post("/me/", {"language": "xx"}).status_code == 400
    assert Person.objects.get(pk=reader.pk).language == "cs"


def test_a_new_password_ends_all_other_sessions_and_keeps_this_one_under_a_new_key(reader: Person) -> None:
    here, elsewhere = entered(reader), entered(reader)
    before = here.session.session_key
    answer = here.post("/me/password/", {"password": PASSWORD, "new": NEW})
    assert answer.headers["Location"] == "/me/?changed"
    assert "Your password is changed." in here.get("/me/?changed").content.decode()
    assert here.session.session_key != before
    assert SignIn.objects.get(person=reader).session_key == here.session.session_key
    assert elsewhere.get("/me/").status_code == 302


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"password": "wrong", "new": NEW}, "That is not your present password."),
        ({"password": PASSWORD, "new": "short"}, "The password is too easy to guess."),
        ({}, "That is not your present password."),
    ],
)
def test_a_password_that_cannot_be_is_told(reader: Person, given: dict[str, str], told: str) -> None:
    answer = signed_in(reader).post("/me/password/", given)
    assert answer.status_code == 400
    assert told in answer.content.decode()
    assert Person.objects.get(pk=reader.pk).check_password(PASSWORD)


def test_a_session_that_is_ended_is_out_at_once(reader: Person) -> None:
    here, elsewhere = entered(reader), entered(reader)
    other = SignIn.objects.get(session_key=elsewhere.session.session_key)
    here.post("/me/sessions/", {"session": other.pk})
    assert elsewhere.get("/me/").status_code == 302
    assert here.get("/me/").status_code == 200
    entered(reader)
    here.post("/me/sessions/", {"action": "others"})
    assert SignIn.objects.get(person=reader).session_key == here.session.session_key
    assert set(Event.objects.filter(what__startswith="end").values_list("what", flat=True)) == {
        "end session",
        "end other sessions",
    }


@pytest.mark.parametrize("number", ["0", "x", "9" * 40, "-1", ""])
def test_nobody_ends_a_session_of_somebody_else_or_of_nobody(
    owner: Person, reader: Person, number: str
) -> None:
    theirs = entered(owner)
    pk = SignIn.objects.get(person=owner).pk
    for asked in (number, str(pk)):
        assert signed_in(reader).post("/me/sessions/", {"session": asked}).status_code == 404
    assert theirs.get("/me/").status_code == 200


def test_being_here_is_noted_now_and_then(reader: Person) -> None:
    client = entered(reader)
    held = SignIn.objects.get()
    long_ago = held.seen_at - NOTED_EVERY - timedelta(seconds=1)
    SignIn.objects.update(seen_at=long_ago)
    client.get("/me/")
    assert SignIn.objects.get().seen_at == long_ago
    session = client.session
    session["seen"] = long_ago.timestamp()
    session.save()
    client.get("/me/")
    assert SignIn.objects.get().seen_at > long_ago


def test_with_another_role_the_session_gets_another_key(owner: Person, reader: Person) -> None:
    client = entered(reader)
    before = client.session.session_key
    signed_in(owner).post(f"/people/{reader.pk}/", {"action": "role", "role": "manager"})
    assert client.get("/people/").status_code == 200
    assert client.session.session_key != before
    assert SignIn.objects.get(person=reader).session_key == client.session.session_key
    stolen = Client()
    stolen.cookies["sessionid"] = before or ""
    assert stolen.get("/").status_code == 302


def test_the_second_factor_is_set_up_by_a_picture_and_a_code(reader: Person) -> None:
    client = entered(reader)
    off = client.get("/me/second-factor/").content.decode()
    assert "Set it up" in off
    wrong = client.post("/me/second-factor/", {"action": "begin", "password": "x"})
    assert wrong.status_code == 400
    client.post("/me/second-factor/", {"action": "begin", "password": PASSWORD})
    begun = client.get("/me/second-factor/").content.decode()
    assert '<svg class="qr"' in begun
    assert "otpauth://totp/" in begun
    answer = client.post("/me/second-factor/", {"action": "confirm", "code": "000000"})
    assert answer.status_code == 400
    assert "That is not the code of this moment." in answer.content.decode()
    elsewhere = entered(reader)
    done = client.post("/me/second-factor/", {"action": "confirm", "code": code_of(reader)})
    assert done.content.decode().count("<code>") == 10
    assert elsewhere.get("/me/").status_code == 302
    on = client.get("/me/second-factor/").content.decode()
    assert "<code>" not in on
    assert "Recovery codes left: 10." in on


def test_signs_in_by_password_and_code(reader: Person) -> None:
    with_second_factor(reader)
    client = Client()
    given = {"email": reader.email, "password": PASSWORD, "next": "/voices/"}
    led = client.post("/sign-in/", given).headers["Location"]
    assert led == "/sign-in/code/?next=%2Fvoices%2F"
    assert client.get("/").status_code == 302
    assert 'value="/voices/"' in client.get(led).content.decode()
    wrong = client.post("/sign-in/code/", {"code": "000000"})
    assert wrong.status_code == 400
    assert "That is not the code of this moment" in wrong.content.decode()
    right = client.post("/sign-in/code/", {"code": code_of(reader, steps=1), "next": "//evil.example"})
    assert right.headers["Location"] == "/"
    assert client.get("/").status_code == 200


def test_a_recovery_code_signs_in_once(reader: Person) -> None:
    _, codes = with_second_factor(reader)
    for status in (302, 400):
        client = Client()
        client.post("/sign-in/", {"email": reader.email, "password": PASSWORD})
        assert client.post("/sign-in/code/", {"code": codes[0]}).status_code == status
    assert RecoveryCode.objects.filter(person=reader, used_at=None).count() == 9


def test_the_code_is_asked_only_of_who_gave_the_password_lately(owner: Person, reader: Person) -> None:
    with_second_factor(reader)
    assert Client().get("/sign-in/code/").headers["Location"] == "/sign-in/"
    client = Client()
    client.post("/sign-in/", {"email": reader.email, "password": PASSWORD})
    session = client.session
    session["awaited"] = session["awaited"] | {"until": 0}
    session.save()
    code = {"code": code_of(reader, steps=1)}
    assert client.post("/sign-in/code/", code).headers["Location"] == "/sign-in/"
    client.post("/sign-in/", {"email": reader.email, "password": PASSWORD})
    reader.set_password(NEW)
    reader.save()
    assert client.post("/sign-in/code/", code).headers["Location"] == "/sign-in/"


def test_guessing_codes_is_stopped(reader: Person) -> None:
    with_second_factor(reader)
    client = Client()
    client.post("/sign-in/", {"email": reader.email, "password": PASSWORD})
    statuses = [client.post("/sign-in/code/", {"code": "000000"}).status_code for _ in range(11)]
    assert statuses == [400] * 10 + [429]
    assert client.post("/sign-in/code/", {"code": code_of(reader, steps=1)}).status_code == 429


def test_the_second_factor_is_turned_off_with_the_password(reader: Person) -> None:
    client, codes = with_second_factor(reader)
    assert client.post("/me/second-factor/", {"action": "end", "password": "x"}).status_code == 400
    anew = client.post("/me/second-factor/", {"action": "codes", "password": PASSWORD}).content.decode()
    assert codes[0] not in anew
    client.post("/me/second-factor/", {"action": "end", "password": PASSWORD})
    assert not Person.objects.get(pk=reader.pk).totp_confirmed
    assert client.post("/me/second-factor/", {"action": "?"}).status_code == 302


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (FIREFOX, "Firefox, Linux"),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0",
            "Edge, Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1",
            "Safari, iPhone",
        ),
        ("program 1.0", "program 1.0"),
        ("", "—"),
    ],
)
def test_a_browser_is_named_as_people_call_it(agent: str, name: str) -> None:
    assert device(agent) == name
