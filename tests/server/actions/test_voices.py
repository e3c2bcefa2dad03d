"""Voices and episodes into the store: each once, the first promise for ever."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from forvent.records import Episode as GivenEpisode
from forvent.records import Voice as Given
from forvent_server.actions.episodes import take_in_episodes
from forvent_server.actions.imports import files_source
from forvent_server.actions.voices import TakenIn, take_in_voices
from forvent_server.store.models import Customer, Episode, Job, Promise, Voice

pytestmark = pytest.mark.django_db

LATE = Given("7", "It came four days late.", 2, rating=0.0, customer="c1", episode="A1")


def test_the_same_voice_twice_is_one_voice(now: datetime) -> None:
    source = files_source(now)
    assert take_in_voices([LATE], source=source, now=now) == TakenIn(new=1, known=0)
    assert take_in_voices([LATE], source=source, now=now) == TakenIn(new=0, known=1)
    assert Voice.objects.count() == 1


def test_the_same_id_with_other_words_is_another_voice(now: datetime) -> None:
    source = files_source(now)
    take_in_voices([LATE], source=source, now=now)
    other = replace(LATE, text="All was fine.")
    assert take_in_voices([other, LATE], source=source, now=now) == TakenIn(new=1, known=1)
    assert take_in_voices([other, LATE], source=source, now=now) == TakenIn(new=0, known=2)
    assert sorted(Voice.objects.values_list("text", flat=True)) == [
        "All was fine.",
        "It came four days late.",
    ]


def test_two_ids_of_one_batch_with_different_words_are_two_voices(now: datetime) -> None:
    source = files_source(now)
    taken = take_in_voices([LATE, replace(LATE, text="All was fine.")], source=source, now=now)
    assert taken == TakenIn(new=2, known=0)


def test_what_no_database_holds_is_taken_out(now: datetime) -> None:
    take_in_voices([replace(LATE, text="late\x00 \ud83d")], source=files_source(now), now=now)
    assert Voice.objects.get().text == "late ?"


def test_new_voices_wait_to_be_identified_by_one_job(now: datetime) -> None:
    source = files_source(now)
    take_in_voices([LATE], source=source, now=now)
    take_in_voices([replace(LATE, voice_id="8", text="Fine.")], source=source, now=now)
    assert Job.objects.filter(kind="identify").count() == 1
    assert Voice.objects.filter(identified_at=None).count() == 2


def test_voices_and_episodes_of_one_customer_meet(now: datetime) -> None:
    take_in_voices([LATE], source=files_source(now), now=now)
    start = datetime(2026, 1, 5)
    take_in_episodes([GivenEpisode("A1", start, 2, customer="c1")], now=now)
    assert Customer.objects.count() == 1
    assert Voice.objects.get().customer == Episode.objects.get().customer


def test_the_first_promise_never_changes_and_later_ones_are_counted(now: datetime) -> None:
    first = GivenEpisode("A1", datetime(2026, 1, 5), 2, promised=datetime(2026, 1, 9), by_day=True)
    take_in_episodes([first], now=now)
    take_in_episodes([replace(first, promised=datetime(2026, 1, 12))], now=now)
    take_in_episodes(
        [replace(first, promised=datetime(2026, 1, 12), delivered=datetime(2026, 1, 11))], now=now
    )
    promised = list(Promise.objects.values_list("number", "promised"))
    assert promised == [(1, datetime(2026, 1, 9, tzinfo=UTC)), (2, datetime(2026, 1, 12, tzinfo=UTC))]
    assert Episode.objects.get().delivered == datetime(2026, 1, 11, tzinfo=UTC)
