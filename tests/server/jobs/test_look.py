"""Looking at sources: stored bit by bit, put in again, told where it goes wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from forvent.errors import BadOption
from forvent.records import Voice as Said
from forvent_server.actions.people import NotAllowed
from forvent_server.actions.queue import claim, finish
from forvent_server.actions.sources import (
    add_source,
    bring_file,
    change_source,
    drop_source,
    keep_looking,
    pause_source,
    resume_source,
    wait,
)
from forvent_server.jobs.look import look
from forvent_server.jobs.work import Work
from forvent_server.sources.contract import Ask, Brought, Field, Slice, Trouble
from forvent_server.sources.slices import slices
from forvent_server.store.models import Event, Job, Person, Source, SourceDay, Voice
from forvent_server.store.models.jobs import WAITING

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
WITHIN: dict[str, Any] = {}


def said(number: int) -> Said:
    return Said(str(number), f"Words {number}", row=number, time=datetime(2026, 3, 1, 10, 0))


def tell(ask: Ask) -> Iterator[Brought]:
    """Two voices a part; what a test puts in place of the second part happens there."""
    start = int(ask.place.get("next", 0))
    WITHIN["place"], WITHIN["settings"], WITHIN["secret"] = ask.place, ask.settings, ask.secret
    yield Brought((said(start), said(start + 1)), {"next": start + 2})
    if happens := WITHIN.get("happens"):
        raise happens
    yield Brought((said(start + 2),), {"next": start + 3}, unusable=1)


CALLS = Slice(
    "calls", (Field("host", required=True), Field("word", "secret"), Field("late", "number", 5)), look=tell
)


@pytest.fixture(autouse=True)
def with_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    kinds: Mapping[str, Slice] = {**slices(), "calls": CALLS}
    WITHIN.clear()
    monkeypatch.setattr("forvent_server.actions.sources.slices", lambda: kinds)
    monkeypatch.setattr("forvent_server.jobs.look.slice_of", kinds.get)


@pytest.fixture
def calls(manager: Person) -> Source:
    given = {"host": "here", "word": " s "}
    return add_source(kind="calls", name="Calls", given=given, every_minutes=15, who=manager, now=NOW)[0]


def run(*, at: datetime = NOW) -> Job:
    job = Job.objects.filter(kind="look").due(at).first()  # type: ignore[attr-defined]
    assert job is not None
    assert claim(job, by="test", now=at)
    look(Work(job, stopping=lambda: False, clock=lambda: at))
    finish(job, now=at)
    return job  # type: ignore[no-any-return]


def test_a_new_source_is_looked_at_and_then_again_after_its_time(calls: Source) -> None:
    run()
    calls.refresh_from_db()
    assert (Voice.objects.count(), calls.place, calls.troubles) == (3, {"next": 3}, 0)
    assert (calls.looked_at, calls.brought_at) == (NOW, NOW)
    assert Job.objects.get(kind="look", state=WAITING).due_at == NOW + timedelta(minutes=15)
    assert [one.day.isoformat() for one in SourceDay.objects.all()] == ["2026-03-01"]
    assert Job.objects.filter(kind="identify").count() == 1
    assert Event.objects.get(what="bring voices").details == {"voices": 3}


def test_the_slice_is_given_its_settings_its_secret_and_its_place(calls: Source) -> None:
    run()
    assert WITHIN["settings"] == {"host": "here", "late": 5}
    assert (WITHIN["secret"], WITHIN["place"]) == (" s ", {})
    run(at=NOW + timedelta(minutes=15))
    assert WITHIN["place"] == {"next": 3}
    assert Voice.objects.count() == 6


def test_a_source_that_vanishes_keeps_what_came_and_is_tried_again(calls: Source) -> None:
    WITHIN["happens"] = Trouble("vanished", "Gone.", host="here")
    run()
    calls.refresh_from_db()
    assert (Voice.objects.count(), calls.place) == (2, {"next": 2})
    assert (calls.trouble, calls.trouble_parts, calls.troubles) == ("vanished", {"host": "here"}, 1)
    assert Event.objects.filter(what="trouble at source").count() == 1
    WITHIN.clear()
    run(at=NOW + timedelta(minutes=15))
    calls.refresh_from_db()
    assert (Voice.objects.count(), calls.trouble, calls.troubles) == (5, "", 0)


def test_a_plugin_that_breaks_stops_no_worker(calls: Source) -> None:
    WITHIN["happens"] = ZeroDivisionError("with words of customers")
    run()
    calls.refresh_from_db()
    assert (calls.trouble, calls.trouble_parts) == ("unexpected", {"error": "ZeroDivisionError"})


def test_an_error_that_a_person_can_mend_is_told_as_it_is(calls: Source) -> None:
    WITHIN["happens"] = BadOption("The line is cut.", hint="Call them.")
    run()
    calls.refresh_from_db()
    assert (calls.trouble, calls.trouble_parts) == ("told", {"said": "The line is cut. Call them."})


def test_trouble_is_tried_again_less_and_less_often() -> None:
    source = Source(every_minutes=1)
    waits = []
    for troubles in (0, 1, 2, 3, 100):
        source.troubles = troubles
        waits.append(wait(source) // timedelta(minutes=1))
    assert waits == [1, 5, 10, 20, 360]


def test_a_look_that_is_repeated_after_a_crash_doubles_nothing(calls: Source) -> None:
    run()
    Source.objects.filter(pk=calls.pk).update(place={})
    run(at=NOW + timedelta(minutes=15))
    assert Voice.objects.count() == 3


def test_a_paused_source_is_left_alone_until_it_goes_on(calls: Source, manager: Person) -> None:
    pause_source(calls, who=manager, now=NOW)
    run()
    assert not Voice.objects.exists()
    assert not Job.objects.filter(kind="look", state=WAITING).exists()
    assert keep_looking(NOW) == 0
    calls.refresh_from_db()
    resume_source(calls, who=manager, now=NOW)
    run()
    assert Voice.objects.count() == 3


def test_a_look_that_was_lost_is_put_in_again(calls: Source) -> None:
    assert keep_looking(NOW) == 0
    Job.objects.filter(kind="look").delete()
    assert keep_looking(NOW) == 1
    run()
    assert Voice.objects.count() == 3


def test_two_workers_do_not_look_at_once(calls: Source) -> None:
    first = Job.objects.get(kind="look")
    assert claim(first, by="one", now=NOW)
    Job.objects.create(kind="look", key=first.key, arguments=first.arguments, made_at=NOW, due_at=NOW)
    run()
    assert not Voice.objects.exists()
    assert Job.objects.get(kind="look", state=WAITING).due_at == NOW + timedelta(minutes=1)


def test_other_settings_begin_anew_and_an_empty_secret_stays(calls: Source, manager: Person) -> None:
    run()
    old = Source.objects.get(pk=calls.pk)
    change_source(old, name="Calls", given={"host": "there"}, every_minutes=60, who=manager, now=NOW)
    changed = Source.objects.get(pk=calls.pk)
    assert (changed.place, changed.secret, changed.version) == ({}, " s ", 1)
    change_source(changed, name="Phone", given={"host": "there"}, every_minutes=60, who=manager, now=NOW)
    assert Source.objects.get(pk=calls.pk).version == 1


def test_a_look_under_old_settings_moves_no_place(calls: Source, manager: Person) -> None:
    WITHIN["happens"] = None
    old = Source.objects.get(pk=calls.pk)
    change_source(old, name="Calls", given={"host": "there"}, every_minutes=60, who=manager, now=NOW)
    from forvent_server.actions.sources import take_in_brought

    take_in_brought(calls, Brought((said(1),), {"next": 9}), now=NOW)
    assert Source.objects.get(pk=calls.pk).place == {}


def test_what_cannot_be_is_refused(calls: Source, manager: Person, agent: Person) -> None:
    whole: dict[str, Any] = {
        "kind": "calls",
        "name": "B",
        "given": {"host": "x"},
        "every_minutes": 15,
        "now": NOW,
    }
    for changed, message in (
        ({"kind": "fax"}, "There is no kind of source 'fax'"),
        ({"name": "Calls"}, "There is a source 'Calls' already"),
        ({"name": " "}, "The source has no name"),
        ({"given": {}}, "'host' is empty"),
        ({"given": {"host": "x", "late": "1e9"}}, "'late' is no number"),
        ({"every_minutes": 0}, "Every 0 minutes cannot be"),
    ):
        with pytest.raises(BadOption, match=message):
            add_source(**(whole | changed), who=manager)
    with pytest.raises(NotAllowed):
        add_source(**whole, who=agent)


def test_a_source_that_brought_voices_is_not_dropped(calls: Source, manager: Person) -> None:
    run()
    with pytest.raises(BadOption, match="Voices came from this source"):
        drop_source(calls, who=manager, now=NOW)
    other, _ = add_source(kind="calls", name="B", given={"host": "x"}, every_minutes=15, who=manager, now=NOW)
    drop_source(other, who=manager, now=NOW)
    assert Source.objects.count() == 1


def test_a_file_that_was_brought_is_read_and_put_away(manager: Person, tmp_path: Path) -> None:
    source, _ = add_source(kind="zammad", name="Desk", given={}, every_minutes=15, who=manager, now=NOW)
    path = tmp_path / "export"
    path.write_text('[{"id": 1, "sender": "Customer", "body": "Late again"}]', encoding="utf-8")
    bring_file(source, path=str(path), name="a.json", size=9, who=manager, now=NOW)
    run()
    assert Voice.objects.get().text == "Late again"
    assert not path.exists()
    assert not Job.objects.filter(kind="look", state=WAITING).exists()


def test_a_file_of_something_else_is_told_at_the_source(manager: Person, tmp_path: Path) -> None:
    source, _ = add_source(kind="zammad", name="Desk", given={}, every_minutes=15, who=manager, now=NOW)
    path = tmp_path / "export"
    path.write_bytes(b"\x00\x01")
    bring_file(source, path=str(path), name="a.bin", size=2, who=manager, now=NOW)
    run()
    source.refresh_from_db()
    assert source.trouble == "no_export"
