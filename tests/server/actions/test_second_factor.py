"""The second factor: set up with the password, each code once, recovery codes once."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from server_people import PASSWORD

from forvent_server.actions.attempts import MOST_WRONG, TooOften, WrongPassword, too_often
from forvent_server.actions.people import NotAllowed
from forvent_server.actions.second_factor import (
    RECOVERY_CODES,
    WrongCode,
    begin_second_factor,
    confirm_second_factor,
    end_second_factor,
    new_recovery_codes,
    take_second_factor,
    takes,
)
from forvent_server.actions.totp import code_at, step_at
from forvent_server.store.models import Event, Person, RecoveryCode


def code_of(person: Person, now: datetime) -> str:
    return code_at(Person.objects.get(pk=person.pk).totp_secret, step_at(now))


def set_up(person: Person, now: datetime) -> tuple[str, ...]:
    begin_second_factor(person, password=PASSWORD, now=now)
    return confirm_second_factor(person, code=code_of(person, now), session="", now=now)


def test_holds_only_after_a_code_of_it_was_given(reader: Person, now: datetime) -> None:
    begin_second_factor(reader, password=PASSWORD, now=now)
    assert not Person.objects.get(pk=reader.pk).totp_confirmed
    with pytest.raises(WrongCode, match="That is not the code of this moment"):
        confirm_second_factor(reader, code="000 000", session="", now=now)
    codes = confirm_second_factor(reader, code=code_of(reader, now), session="", now=now)
    assert Person.objects.get(pk=reader.pk).totp_confirmed
    assert len(set(codes)) == RECOVERY_CODES


def test_is_set_up_only_with_the_password(reader: Person, now: datetime) -> None:
    with pytest.raises(WrongPassword, match="That is not your password"):
        begin_second_factor(reader, password="something else 7", now=now)
    assert Person.objects.get(pk=reader.pk).totp_secret == ""


def test_no_other_app_replaces_one_that_holds(reader: Person, now: datetime) -> None:
    set_up(reader, now)
    with pytest.raises(NotAllowed, match="You have a second factor already"):
        begin_second_factor(reader, password=PASSWORD, now=now)
    with pytest.raises(WrongCode, match="There is nothing to confirm"):
        confirm_second_factor(reader, code=code_of(reader, now), session="", now=now)


def test_a_code_is_taken_once_and_an_older_one_not_after_it(reader: Person, now: datetime) -> None:
    set_up(reader, now)
    later = now + timedelta(minutes=5)
    before = code_of(reader, later - timedelta(seconds=30))
    assert takes(reader, code_of(reader, later), now=later)
    assert not takes(reader, code_of(reader, later), now=later)
    assert not takes(reader, before, now=later)
    assert not takes(reader, code_of(reader, now), now=later)


def test_a_code_that_confirmed_does_not_sign_in(reader: Person, now: datetime) -> None:
    begin_second_factor(reader, password=PASSWORD, now=now)
    code = code_of(reader, now)
    confirm_second_factor(reader, code=code, session="", now=now)
    assert not takes(reader, code, now=now)


def test_a_recovery_code_is_taken_once_however_it_is_typed(reader: Person, now: datetime) -> None:
    first, second, *_ = set_up(reader, now)
    assert takes(reader, f" {first.upper().replace('-', ' ')} ", now=now)
    assert not takes(reader, first, now=now)
    assert takes(reader, second, now=now)
    assert Event.objects.filter(what="use recovery code").first().details == {"left": RECOVERY_CODES - 2}


def test_of_recovery_codes_only_hashes_are_kept_and_new_ones_end_the_old(
    reader: Person, now: datetime
) -> None:
    old, *_ = set_up(reader, now)
    kept = str(list(RecoveryCode.objects.values()))
    assert old not in kept
    assert old.replace("-", "") not in kept
    new, *_ = new_recovery_codes(reader, password=PASSWORD, now=now)
    assert not takes(reader, old, now=now)
    assert takes(reader, new, now=now)


def test_one_persons_recovery_code_is_nobody_elses(reader: Person, agent: Person, now: datetime) -> None:
    codes = set_up(reader, now)
    set_up(agent, now)
    assert not takes(agent, codes[0], now=now)


def test_is_given_up_with_the_password_and_its_codes_go_too(reader: Person, now: datetime) -> None:
    set_up(reader, now)
    with pytest.raises(WrongPassword):
        end_second_factor(reader, password="", now=now)
    end_second_factor(reader, password=PASSWORD, now=now)
    kept = Person.objects.get(pk=reader.pk)
    assert (kept.totp_secret, kept.totp_confirmed) == ("", False)
    assert not RecoveryCode.objects.filter(person=reader).exists()
    with pytest.raises(NotAllowed, match="You have no second factor"):
        new_recovery_codes(reader, password=PASSWORD, now=now)


def test_an_owner_takes_it_from_who_lost_the_phone(
    owner: Person, manager: Person, reader: Person, now: datetime
) -> None:
    set_up(reader, now)
    with pytest.raises(NotAllowed, match="Mari Kask is no owner"):
        take_second_factor(reader, who=manager, now=now)
    take_second_factor(reader, who=owner, now=now)
    assert not Person.objects.get(pk=reader.pk).totp_confirmed
    assert Event.objects.filter(what="end second factor", who=owner, about=f"person:{reader.pk}").exists()


def test_guessing_a_password_or_code_of_ones_own_is_counted_too(reader: Person, now: datetime) -> None:
    begin_second_factor(reader, password=PASSWORD, now=now)
    for _ in range(MOST_WRONG):
        with pytest.raises(WrongCode):
            confirm_second_factor(reader, code="000000", session="", now=now)
    with pytest.raises(TooOften, match="Too many attempts"):
        confirm_second_factor(reader, code=code_of(reader, now), session="", now=now)
    with pytest.raises(TooOften):
        begin_second_factor(reader, password=PASSWORD, now=now)
    assert too_often(reader.email, place="", now=now)
    assert not too_often(reader.email, place="", now=now + timedelta(minutes=16))
    assert Event.objects.filter(what="stop guessing", about=f"person:{reader.pk}").count() == 1
