"""What holds for the whole workspace: Django's own check, headers, cookies, and how long a guess takes."""

from __future__ import annotations

import hmac
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.test import Client
from server_people import PASSWORD, signed_in

from forvent_server.actions import keys
from forvent_server.actions.attempts import MOST_FROM_PLACE
from forvent_server.actions.people import make_key
from forvent_server.store.models import Attempt, Person


def test_djangos_deploy_check_is_clean_behind_https(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("FORVENT_")}
    environment |= {"FORVENT_DATA": str(tmp_path), "FORVENT_HTTPS": "yes"}
    environment |= {"DJANGO_SETTINGS_MODULE": "forvent_server.settings"}
    command = [sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "WARNING"]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    assert "no issues" in ended.stdout


@pytest.mark.parametrize("address", ["/", "/sign-in/", "/nowhere/", "/me/"])
def test_every_page_is_sent_with_what_keeps_browsers_in_check(owner: Person, address: str) -> None:
    headers = signed_in(owner).get(address).headers
    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]


def test_no_page_stays_in_a_cache_and_the_style_does(owner: Person) -> None:
    client = signed_in(owner)
    page = client.get("/people/")
    assert page.headers["Cache-Control"] == "no-store"
    style = page.content.decode().split('rel="stylesheet" href="')[1].split('"')[0]
    assert "immutable" in client.get(style).headers["Cache-Control"]


def test_the_cookie_of_a_session_is_out_of_reach_of_scripts_and_of_other_sites(owner: Person) -> None:
    client = Client()
    client.post("/sign-in/", {"email": owner.email, "password": PASSWORD})
    cookie = client.cookies["sessionid"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_signing_in_gives_the_session_a_key_nobody_knew_before(owner: Person) -> None:
    client = Client()
    client.force_login(owner)
    planted = client.session.session_key
    client.post("/sign-out/")
    client.get("/sign-in/")
    client.cookies["sessionid"] = planted or ""
    client.post("/sign-in/", {"email": owner.email, "password": PASSWORD})
    assert client.session.session_key not in ("", None, planted)


def test_many_guesses_from_one_place_are_stopped_for_everybody_there(owner: Person) -> None:
    client = Client()
    for number in range(MOST_FROM_PLACE):
        client.post("/sign-in/", {"email": f"{number}@example.org", "password": "x"})
    given = {"email": owner.email, "password": PASSWORD}
    assert client.post("/sign-in/", given).status_code == 429
    assert Client(REMOTE_ADDR="192.0.2.7").post("/sign-in/", given).status_code == 302


def test_behind_a_proxy_a_place_is_what_the_proxy_says_last(owner: Person, settings: object) -> None:
    settings.HTTPS = True  # type: ignore[attr-defined]
    forged = {"X-Forwarded-For": "1.1.1.1, 192.0.2.9", "X-Forwarded-Proto": "https"}
    Client(headers=forged).post("/sign-in/", {"email": "x@example.org", "password": "x"}, secure=True)
    assert Attempt.objects.filter(key="place:192.0.2.9").exists()
    assert not Attempt.objects.filter(key="place:1.1.1.1").exists()


def test_whether_an_address_is_known_is_not_told_by_how_much_work_is_done(
    owner: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(
        "django.contrib.auth.hashers.MD5PasswordHasher.encode",
        lambda _, password, salt, *__: asked.append(password) or f"md5${salt}$0",  # type: ignore[func-returns-value]
    )
    for email in (owner.email, "nobody@example.org"):
        asked.clear()
        Client().post("/sign-in/", {"email": email, "password": "something else 7"})
        assert len(asked) == 1


def test_how_much_of_a_key_is_right_is_not_told_by_how_long_it_takes(
    owner: Person, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, secret = make_key(name="shop", scopes=["read"], who=owner, now=now)
    compared: list[tuple[int, int]] = []

    def noted(one: str, other: str) -> bool:
        compared.append((len(one), len(other)))
        return hmac.compare_digest(one, other)

    monkeypatch.setattr(keys, "hmac", SimpleNamespace(compare_digest=noted))
    tries = [secret, secret[:-1] + "~", f"fv_{made.start}_", "fv_unknown0_x", "", "x" * 500]
    assert [keys.holder(one, now=now) is not None for one in tries] == [True] + [False] * 5
    # One comparison each, of hashes of one length, however the key begins and whether anybody has it.
    assert compared == [(64, 64)] * len(tries)
