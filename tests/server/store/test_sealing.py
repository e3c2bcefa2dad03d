"""Secrets as they lie in the store: opened by the key of then alone, for what they were sealed for."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from forvent_server.actions.erased import digest
from forvent_server.actions.sealed import renewed, reseal, use_keys, without_old
from forvent_server.actions.second_factor import begin_second_factor, takes
from forvent_server.actions.webhooks import make_webhook
from forvent_server.configuration import secret_keys
from forvent_server.store.models import Event, Person, Source, Webhook
from forvent_server.store.sealing import SealedAway, seal, unseal

OTHER = "another key " + "y" * 50


@pytest.mark.parametrize("secret", ["ä", "pass word ", "Ծածկագիր 密码 \U0001f511", "x" * 5000])
def test_what_is_sealed_is_opened_and_never_looks_the_same(secret: str) -> None:
    first, second = seal(secret, of="source"), seal(secret, of="source")
    assert first != second
    assert secret not in first
    assert unseal(first, of="source") == unseal(second, of="source") == secret


def test_nothing_is_nothing() -> None:
    assert seal("", of="source") == unseal("", of="source") == ""


def test_no_other_key_opens_it(settings: Any) -> None:
    sealed = seal("word", of="source")
    settings.SECRET_KEY = OTHER
    with pytest.raises(SealedAway) as caught:
        unseal(sealed, of="source")
    assert str(caught.value) == (
        "A secret was sealed with a key that is not here. "
        "Put the secret key of then back (docs/howto/keys.md), or enter the secret anew."
    )


def test_a_key_of_before_still_opens_it(settings: Any) -> None:
    sealed = seal("word", of="source")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = OTHER, [settings.SECRET_KEY]
    assert unseal(sealed, of="source") == "word"


def test_a_secret_put_in_the_place_of_another_is_refused() -> None:
    with pytest.raises(SealedAway):
        unseal(seal("word", of="source"), of="webhook")


def test_one_changed_letter_is_noticed_wherever_it_stands() -> None:
    sealed = seal("a word", of="source")
    for place in range(len(sealed)):
        changed = sealed[:place] + ("A" if sealed[place] != "A" else "B") + sealed[place + 1 :]
        with pytest.raises(SealedAway):
            unseal(changed, of="source")


@pytest.mark.parametrize("text", ["word", "s1.", "s1.AAAA", "s1.É"])
def test_what_nobody_sealed_is_told(text: str) -> None:
    with pytest.raises(SealedAway, match="was not sealed by forvent"):
        unseal(text, of="source")


@pytest.fixture
def held(owner: Person, now: datetime) -> dict[str, str]:
    """The secrets of a source, a webhook and a second factor."""
    Source.objects.create(kind="mailbox", name="Mail", secret="mail word", made_at=now)
    hook = make_webhook(address="https://example.org/", events=["action.due"], who=owner, now=now)
    begin_second_factor(owner, password="a long enough word 7", now=now)
    return {"mail": "mail word", "hook": hook.secret, "factor": owner.totp_secret}


def opened() -> dict[str, str]:
    person = Person.objects.get()
    return {
        "mail": Source.objects.get().secret,
        "hook": Webhook.objects.get().secret,
        "factor": person.totp_secret,
    }


def columns() -> list[str]:
    """The columns of the store that hold secrets, as they are."""
    asked = (
        ("store_source", "sealed_secret"),
        ("store_webhook", "sealed_secret"),
        ("store_person", "sealed_totp_secret"),
    )
    found = []
    with connection.cursor() as cursor:
        for table, column in asked:
            cursor.execute(f"SELECT {column} FROM {table}")  # noqa: S608
            found += [row[0] for row in cursor.fetchall()]
    return found


def test_no_secret_stands_open_in_the_database(held: dict[str, str]) -> None:
    assert opened() == held
    lying = columns()
    assert len(lying) == 3
    assert all(one.startswith("s1.") for one in lying)
    assert not any(secret in one for secret in held.values() for one in lying)


@pytest.fixture
def keys_in_a_file(settings: Any, tmp_path: Path) -> Path:
    settings.DATA, settings.FORVENT = tmp_path, settings.FORVENT | {"FORVENT_SECRET_KEY": ""}
    (tmp_path / "secret-key").write_text(settings.SECRET_KEY, encoding="ascii")
    settings.ERASED_KEY, settings.SECRET_KEY_FALLBACKS = "", []
    return tmp_path


def test_with_another_key_everything_is_sealed_anew_and_the_old_one_opens_nothing(
    held: dict[str, str], keys_in_a_file: Path, now: datetime, settings: Any
) -> None:
    before, known = settings.SECRET_KEY, digest("ada")
    assert use_keys(renewed())
    assert opened() == held
    done = reseal(now=now)
    assert (done.sealed, done.lost) == (3, 0)
    assert use_keys(without_old())
    assert opened() == held
    assert before not in (keys_in_a_file / "secret-key").read_text(encoding="ascii")
    assert Event.objects.get(what="reseal").details == {"sealed": 3, "lost": 0}
    # A workspace that starts now finds the same, and what was erased is still known.
    kept = secret_keys("", folder=keys_in_a_file)
    assert (kept.now, kept.before, kept.erased) == (settings.SECRET_KEY, (), settings.ERASED_KEY)
    assert digest("ada") == known
    settings.SECRET_KEY = before
    with pytest.raises(SealedAway):
        opened()


def test_a_crash_between_the_new_key_and_the_sealing_loses_nothing(
    held: dict[str, str], keys_in_a_file: Path, settings: Any
) -> None:
    use_keys(renewed())
    kept = secret_keys("", folder=keys_in_a_file)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = kept.now, list(kept.before)
    assert opened() == held


def test_what_no_key_opens_is_counted_and_left(held: dict[str, str], now: datetime, settings: Any) -> None:
    lying = columns()
    settings.SECRET_KEY = OTHER
    done = reseal(now=now)
    assert (done.sealed, done.lost) == (0, 3)
    assert columns() == lying


def test_keys_that_are_set_from_outside_are_not_changed_here(settings: Any, tmp_path: Path) -> None:
    settings.DATA, settings.FORVENT = tmp_path, settings.FORVENT | {"FORVENT_SECRET_KEY": "x" * 60}
    assert not use_keys(renewed())
    assert list(tmp_path.iterdir()) == []


def test_without_its_key_a_second_factor_lets_nobody_in_but_by_a_recovery_code(
    owner: Person, now: datetime, held: dict[str, str], settings: Any
) -> None:
    settings.SECRET_KEY = OTHER
    assert not takes(Person.objects.get(), "123456", now=now)
