"""Opening hours and clocks: given on a page, told where they cannot be, and kept with all that was before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from server_people import signed_in

from forvent.records import Episode as Given
from forvent_server.actions.calendars import change_calendar
from forvent_server.actions.episodes import take_in_episodes
from forvent_server.actions.people import choose_language
from forvent_server.store.models import Business, Calendar, Episode, Event, Job, Person, Promise

WEEK = {f"hours-{day}": "09:00-17:00" for day in range(5)} | {"hours-5": "", "hours-6": ""}
KEPT: dict[str, Any] = WEEK | {
    "zone": "Europe/Prague",
    "holidays": "CZ",
    "days": "2026-12-31 09:00-12:00\n2026-07-01/2026-07-03",
    "clock": "business",
    "counts": "all",
}
ADDRESS = "/settings/calendar/"


def test_a_manager_gives_opening_hours_and_clocks(manager: Person) -> None:
    client = signed_in(manager)
    assert "No opening hours yet" in client.get(ADDRESS).content.decode()
    sent = KEPT | {
        "column": ["kind", "", "kind"],
        "value": ["parcel", "", "letter"],
        "clock_of": ["wall", "business", "wall"],
    }
    assert client.post(ADDRESS, sent).headers["Location"] == ADDRESS
    made = Calendar.objects.get()
    assert made.hours == ["09:00-17:00"] * 5 + ["", ""]
    assert (made.zone, made.holidays, made.clock, made.for_all) == ("Europe/Prague", "CZ", "business", True)
    assert made.days == [
        ["2026-07-01", ""], ["2026-07-02", ""], ["2026-07-03", ""], ["2026-12-31", "09:00-12:00"],
    ]  # fmt: skip
    assert made.clocks == [
        {"column": "kind", "value": "parcel", "clock": "wall"},
        {"column": "kind", "value": "letter", "clock": "wall"},
    ]
    told = Event.objects.get(what="change calendar")
    assert (told.who, told.details["clock"], told.details["days"]) == (manager, "business", 4)
    assert Job.objects.filter(kind="assess", state="waiting").exists()
    shown = client.get(ADDRESS).content.decode()
    assert 'value="09:00-17:00"' in shown
    assert "2026-12-31 09:00-12:00" in shown
    assert "Closed next:" in shown
    assert "changed opening hours and clocks" in client.get("/audit/").content.decode()
    assert "the business clock: opening hours alone" in client.get("/audit/").content.decode()


def test_another_calendar_follows_and_the_one_before_stays(manager: Person) -> None:
    client = signed_in(manager)
    client.post(ADDRESS, KEPT)
    client.post(ADDRESS, KEPT)
    assert Calendar.objects.count() == 1
    client.post(ADDRESS, KEPT | {"clock": "wall", "counts": "new"})
    newest, before = Calendar.objects.all()
    assert (newest.clock, newest.for_all, before.clock) == ("wall", False, "business")
    assert "What held before" in client.get(ADDRESS).content.decode()


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"hours-0": "17:00-14:00"}, "Monday: &#39;17:00-14:00&#39; closes before it opens."),
        ({"hours-1": "9-17"}, "Tuesday: &#39;9&#39; is no time of day. Write 00:00 to 24:00, such as 09:30."),
        ({"hours-2": "all day"}, "Wednesday: &#39;all day&#39; is no opening window."),
        ({"hours-3": "09:00-25:00"}, "Thursday: &#39;25:00&#39; is no time of day."),
        ({"hours-4": "09:00-12:00, 11:00-13:00"}, "The windows 09:00-12:00 and 11:00-13:00 overlap."),
        ({"hours-0": "22:00-10:00"}, "The windows mon 22:00-10:00 and tue 09:00-17:00 overlap."),
        ({"hours-0": "09:00-09:00"}, "opens and closes at the same time."),
        (dict.fromkeys(WEEK, "") | {"days": ""}, "The calendar has no opening at all."),
        ({"zone": "Prague"}, "There is no time zone &#39;Prague&#39;."),
        ({"zone": "../../etc/passwd"}, "There is no time zone"),
        ({"holidays": "Atlantis"}, "No holidays are known for the country &#39;Atlantis&#39;."),
        ({"holidays": "DE-XX"}, "No holidays are known for the part &#39;XX&#39; of DE."),
        ({"days": "2026-12-24\n2026-12-24"}, "2026-12-24 is given twice. Leave one of the two lines out."),
        ({"days": "2026-12-20/2026-12-31\n2026-12-24 09:00-12:00"}, "2026-12-24 is given twice."),
        ({"days": "24.12.2026"}, "&#39;24.12.2026&#39; is no day. Write it as 2026-12-24."),
        ({"days": "2026-12-24/2026-12-20"}, "2026-12-20 is before 2026-12-24. Exchange the two."),
        ({"days": "1026-12-24"}, "&#39;1026-12-24&#39; is no day."),
        ({"days": "2026-01-01/2029-01-01"}, "These are more than 400 days."),
        ({"days": "2026-12-24 noon"}, "&#39;noon&#39; is no opening window."),
        ({"clock": "sand"}, "There is no clock &#39;sand&#39;."),
        (
            {"column": "kind", "value": "", "clock_of": "wall"},
            "A clock of its own needs a column and a value.",
        ),
        (
            {"column": ["kind", "Kind"], "value": ["a", "A"], "clock_of": ["wall", "business"]},
            "&#39;Kind&#39; with &#39;A&#39; is given twice.",
        ),
    ],
)
def test_what_cannot_be_is_told_and_nothing_changes(
    manager: Person, now: datetime, given: dict[str, Any], told: str
) -> None:
    client = signed_in(manager)
    answer = client.post(ADDRESS, KEPT | given)
    shown = answer.content.decode()
    assert (answer.status_code, told in shown) == (400, True), shown[shown.find("trouble") :][:300]
    assert not Calendar.objects.exists()
    choose_language(manager, language="zh", now=now)
    foreign = client.post(ADDRESS, KEPT | given).content.decode()
    start = foreign.index('role="alert">') + len('role="alert">')
    words = foreign[start : foreign.index("<", start)]
    assert not {"the", "is", "Give", "Write", "no"} & set(words.split()), words


def test_what_was_written_is_not_lost_with_an_error(manager: Person) -> None:
    sent = KEPT | {"zone": "Nowhere", "column": "kind", "value": "parcel", "clock_of": "wall"}
    shown = signed_in(manager).post(ADDRESS, sent).content.decode()
    assert 'value="parcel"' in shown
    assert "2026-07-01/2026-07-03" in shown


def test_columns_and_values_of_episodes_are_offered(manager: Person, now: datetime) -> None:
    take_in_episodes([_episode("a", groups={"kind": "parcel"})], now=now)
    shown = signed_in(manager).get(ADDRESS).content.decode()
    assert '<option value="kind"></option>' in shown
    assert '<option value="parcel"></option>' in shown


def test_an_agent_may_not_change_it_by_any_way(agent: Person, now: datetime) -> None:
    assert signed_in(agent).get(ADDRESS).status_code == 404
    with pytest.raises(Exception, match="may not change the calendar"):
        change_calendar(hours=[""] * 7, zone="UTC", who=agent, now=now)


def test_what_stood_behind_a_promise_is_stamped_on_it_and_stays(manager: Person, now: datetime) -> None:
    take_in_episodes([_episode("a")], now=now)
    signed_in(manager).post(ADDRESS, KEPT)
    first = Calendar.objects.get()
    take_in_episodes([_episode("b")], now=now)
    signed_in(manager).post(ADDRESS, KEPT | {"holidays": "", "counts": "new"})
    Business.objects.update(level=0.9)
    moved = _episode("b", promised=timedelta(days=5))
    take_in_episodes([moved], now=now + timedelta(days=1))
    stamps = {
        (one.episode.key, one.number): one.policy
        for one in Promise.objects.select_related("episode").order_by("pk")
    }
    length = timedelta(days=3).total_seconds()
    assert stamps[("a", 1)] == {"length_s": length, "level": 0.95, "calendar": None}
    assert stamps[("b", 1)] == {"length_s": length, "level": 0.95, "calendar": first.pk}
    newest = Calendar.objects.all()[0]
    assert stamps[("b", 2)] == {
        "length_s": timedelta(days=5).total_seconds(), "level": 0.9, "calendar": newest.pk,
    }  # fmt: skip


def test_an_episode_tells_its_promise_on_both_clocks(manager: Person, reader: Person, now: datetime) -> None:
    signed_in(manager).post(ADDRESS, KEPT)
    # From Friday 13:00 of Prague to Monday 13:00: four hours on the one, four on the other.
    take_in_episodes([_episode("a"), _episode("d", by_day=True)], now=now)
    shown = signed_in(reader).get(f"/episodes/{Episode.objects.get(key='a').pk}/").content.decode()
    assert "8 working hours; 3 days on the clock that never stops" in shown
    by_day = signed_in(reader).get(f"/episodes/{Episode.objects.get(key='d').pk}/").content.decode()
    assert "1 working day; 3 days on the clock that never stops" in by_day


def _episode(
    key: str,
    *,
    groups: dict[str, str] | None = None,
    promised: timedelta = timedelta(days=3),
    by_day: bool = False,
) -> Given:
    start = datetime(2026, 2, 6, 12, tzinfo=UTC).replace(tzinfo=None)
    return Given(key, start, 1, promised=start + promised, by_day=by_day, groups=groups or {})
