"""What is kept too long goes: words, customers, files, the audit; each by its own limit."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from customer_history import WORDS, brought, history_of_jana, voice
from django.conf import settings as workspace

from forvent.errors import BadOption
from forvent_server.actions.erasing import erase_customer
from forvent_server.actions.imports import upload
from forvent_server.actions.people import NotAllowed
from forvent_server.actions.queue import claim, enqueue
from forvent_server.actions.retention import change_retention, forget_strays, forget_uploads, kept_days
from forvent_server.jobs.retain import retain
from forvent_server.jobs.work import Work
from forvent_server.store.models import Business, Customer, Event, Import, Job, Mention, Person, Voice


def run(at: datetime) -> None:
    job = enqueue("retain", key="daily", now=at)
    assert claim(job, by="test", now=at)
    retain(Work(job, stopping=lambda: False, clock=lambda: at))
    Job.objects.filter(pk=job.pk).update(state="done")


def test_without_limits_everything_but_files_is_kept(business: Business) -> None:
    assert kept_days(business) == {"texts": None, "customers": None, "uploads": 30, "events": None}


def test_words_beyond_their_time_go_and_what_was_found_stays(owner: Person, now: datetime) -> None:
    history_of_jana(now)
    brought(voice("undated", "Undated words.", customer=None), now=now - timedelta(days=400))
    Voice.objects.filter(text="Undated words.").update(time=None)
    change_retention({"texts": 40}, who=owner, now=now)
    run(now)
    assert set(Voice.objects.values_list("text", flat=True)) == {""}
    assert Mention.objects.get().expectation == "on_time"
    assert Customer.objects.filter(erased_at=None).count() == 2
    assert Event.objects.get(what="forget words").details == {"kind": "texts", "voices": 3}


def test_words_within_their_time_stay(owner: Person, now: datetime) -> None:
    history_of_jana(now)
    change_retention({"texts": 60}, who=owner, now=now)
    run(now)
    assert Voice.objects.filter(text=WORDS).exists()


def test_a_customer_nobody_heard_of_since_is_erased(owner: Person, now: datetime) -> None:
    customer = history_of_jana(now)
    Customer.objects.update(first_seen_at=now - timedelta(days=200))
    brought(voice("fresh", "New words.", customer="K-2", day=31), now=now)
    change_retention({"customers": 40}, who=owner, now=now)
    run(now)
    assert list(Customer.objects.exclude(erased_at=None)) == [customer]


def test_a_voice_on_its_way_while_its_customer_was_erased_loses_its_words(
    owner: Person, now: datetime
) -> None:
    customer = history_of_jana(now)
    erase_customer(customer, who=owner, now=now)
    other = Voice.objects.exclude(text="").get()
    Voice.objects.filter(pk=other.pk).update(customer=customer)
    run(now)
    assert Voice.objects.get(pk=other.pk).text == ""


def test_the_next_run_is_tomorrow(owner: Person, now: datetime) -> None:
    run(now)
    waiting = Job.objects.get(kind="retain", state="waiting")
    assert waiting.due_at == now + timedelta(days=1)


def test_entries_of_the_audit_beyond_their_time_go(owner: Person, now: datetime) -> None:
    change_retention({"events": 10}, who=owner, now=now)
    run(now + timedelta(days=11))
    assert list(Event.objects.values_list("what", flat=True)) == ["forget events"]


@pytest.fixture
def kept_file(db: None) -> Callable[[str, datetime], Path]:
    def make(name: str, at: datetime) -> Path:
        workspace.UPLOADS.mkdir(parents=True, exist_ok=True)
        path: Path = workspace.UPLOADS / name
        path.write_text("words", encoding="utf-8")
        Import.objects.create(
            name=name, holds="voices", state="done", path=str(path), size=5, sha256=name, made_at=at
        )
        return path

    return make


@pytest.mark.django_db(transaction=True)
def test_uploaded_files_beyond_their_time_go(kept_file: Callable[[str, datetime], Path]) -> None:
    now = datetime(2026, 3, 2, tzinfo=UTC)
    old, fresh = kept_file("old", now - timedelta(days=31)), kept_file("fresh", now - timedelta(days=29))
    outside = Import.objects.create(
        name="x",
        holds="voices",
        state="done",
        path=__file__,
        size=5,
        sha256="x",
        made_at=now.replace(year=2020),
    )
    assert forget_uploads(days=30, now=now) == 1
    assert (old.exists(), fresh.exists(), Path(outside.path).exists()) == (False, True, True)
    assert forget_uploads(days=30, now=now) == 0
    fresh.unlink()


@pytest.mark.parametrize(
    ("days", "told"),
    [
        ({"texts": 0}, "0 days cannot be. Give 1 to 36500 days, or nothing for no end."),
        ({"shoes": 5}, "There is no kind of data 'shoes'. They are texts, customers, uploads, events."),
    ],
)
def test_a_limit_that_cannot_be_is_told(
    owner: Person, now: datetime, days: dict[str, int | None], told: str
) -> None:
    with pytest.raises(BadOption) as caught:
        change_retention(days, who=owner, now=now)
    assert str(caught.value) == told


def test_only_owners_change_limits(manager: Person, now: datetime) -> None:
    with pytest.raises(NotAllowed, match="Mari Kask may not change how long"):
        change_retention({"texts": 5}, who=manager, now=now)


def test_a_file_that_nothing_names_any_more_goes_after_a_day(
    owner: Person, now: datetime, tmp_path: Path, settings: Any
) -> None:
    settings.UPLOADS = tmp_path
    for name in ("named", "waiting", "stray", "fresh"):
        (tmp_path / name).write_bytes(b"id,comment\n1,Late.\n")
        days = 0 if name == "fresh" else 2
        then = (now - timedelta(days=days)).timestamp()
        os.utime(tmp_path / name, (then, then))
    upload(
        name="a.csv", holds="voices", path=str(tmp_path / "named"), size=19, sha256="0", who=owner, now=now
    )
    enqueue("look", now=now, source_id=1, file=str(tmp_path / "waiting"))
    assert forget_strays(now=now) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["fresh", "named", "waiting"]
    assert Event.objects.get(what="forget strays").details == {"files": 1}
    assert forget_strays(now=now) == 0
