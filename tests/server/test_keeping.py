"""Commands of who keeps the machine: links that sign in, second factors taken, secrets sealed anew."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from server_people import PASSWORD

from forvent.cli import main
from forvent_server.actions.links import make_link
from forvent_server.actions.second_factor import begin_second_factor, confirm_second_factor
from forvent_server.actions.totp import code_at, step_at
from forvent_server.store.models import Event, Person, RecoveryCode, Source
from forvent_server.store.sealing import SealedAway


@pytest.fixture
def code_of(now: datetime) -> Callable[[Person], str]:
    """A person gets a second factor; the code that their app shows after the one that confirmed it."""

    def set_up(person: Person) -> str:
        begin_second_factor(person, password=PASSWORD, now=now)
        code = code_at(person.totp_secret, step_at(now))
        confirm_second_factor(person, code=code, session="", now=now)
        return code_at(person.totp_secret, step_at(now) + 1)

    return set_up


def test_a_link_asks_who_has_a_second_factor_for_its_code(
    owner: Person, now: datetime, monkeypatch: pytest.MonkeyPatch, code_of: Callable[[Person], str]
) -> None:
    code = code_of(owner)
    for module in ("links", "doors"):
        monkeypatch.setattr(f"forvent_server.web.{module}.now", lambda: now)
    address = f"/link/{make_link(owner, now=now)}/"
    browser = Client()
    assert browser.get(address).headers["Location"] == "/sign-in/code/"
    # Nobody is signed in by the link alone.
    assert browser.get("/").status_code == 302
    assert browser.post("/sign-in/code/", {"code": "000000"}).status_code == 400
    assert browser.get("/").status_code == 302
    assert browser.post("/sign-in/code/", {"code": code}).headers["Location"] == "/"
    assert browser.get("/").status_code == 200
    # With that it is used.
    assert Client().get(address).status_code == 404


def test_who_runs_the_machine_takes_a_second_factor_and_the_audit_says_so(
    owner: Person,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    code_of: Callable[[Person], str],
) -> None:
    code_of(owner)
    monkeypatch.setattr("forvent_server.keeping.ready", lambda: None)
    assert main(["link", owner.email]) == 0
    assert "signs in by this link, with a code of the second factor, once" in capsys.readouterr().out
    assert main(["link", owner.email, "--reset-second-factor"]) == 0
    told = capsys.readouterr().out
    assert "signs in by this link, once" in told
    taken = Event.objects.get(what="end second factor")
    assert (taken.who, taken.about) == (None, f"person:{owner.pk}")
    browser = Client()
    path = told.splitlines()[1].removeprefix("http://localhost:8000")
    assert browser.get(path).headers["Location"] == "/"
    assert not RecoveryCode.objects.exists()


@pytest.fixture
def mailbox(
    owner: Person, now: datetime, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Source:
    """A source with a secret, in a workspace whose keys lie in its folder."""
    monkeypatch.setattr("forvent_server.keeping.ready", lambda: None)
    settings.DATA, settings.FORVENT = tmp_path, settings.FORVENT | {"FORVENT_SECRET_KEY": ""}
    settings.SECRET_KEY = "k" * 60
    (tmp_path / "secret-key").write_text("k" * 60 + "\n", encoding="ascii")
    made = Source(kind="mailbox", name="Mail", made_at=now)
    made.secret = "the word of the mailbox"
    made.save()
    return made


def test_another_key_is_made_and_the_old_one_dropped(
    mailbox: Source, tmp_path: Path, capsys: pytest.CaptureFixture[str], settings: Any
) -> None:
    assert main(["reseal", "--new-key"]) == 0
    assert capsys.readouterr().out == (
        "1 secrets are sealed with the key of now. Start the workspace anew.\n"
    )
    lines = (tmp_path / "secret-key").read_text(encoding="ascii").split()
    assert (len(lines), lines[1], lines[2].startswith("erased:")) == (3, "k" * 60, True)
    assert main(["reseal", "--drop-old"]) == 0
    assert (tmp_path / "secret-key").read_text(encoding="ascii").split() == [lines[0], lines[2]]
    assert (tmp_path / "secret-key").stat().st_mode & 0o077 == 0
    mailbox.refresh_from_db()
    assert mailbox.secret == "the word of the mailbox"
    settings.SECRET_KEY = "k" * 60
    with pytest.raises(SealedAway):
        _ = mailbox.secret


def test_a_key_that_is_set_from_outside_is_told_and_changed_there(
    mailbox: Source, tmp_path: Path, capsys: pytest.CaptureFixture[str], settings: Any
) -> None:
    settings.FORVENT = settings.FORVENT | {"FORVENT_SECRET_KEY": "k" * 60}
    before = mailbox.sealed_secret
    assert main(["reseal", "--new-key"]) == 0
    told = capsys.readouterr().out
    assert told.startswith("Set FORVENT_SECRET_KEY to these lines:\n\n")
    assert told.endswith("\nThen run forvent reseal.\n")
    assert "k" * 60 in told
    mailbox.refresh_from_db()
    assert mailbox.sealed_secret == before
    assert (tmp_path / "secret-key").read_text(encoding="ascii") == "k" * 60 + "\n"


def test_what_no_key_opens_is_told(
    mailbox: Source, capsys: pytest.CaptureFixture[str], settings: Any
) -> None:
    settings.SECRET_KEY = "o" * 60
    assert main(["reseal"]) == 0
    assert "; 1 could not be opened by any key and have to be entered anew." in capsys.readouterr().out
