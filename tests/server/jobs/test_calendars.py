"""Assessments count promises on the clock that was chosen for them, each by the calendar stamped on it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from server_people import signed_in

from forvent import records
from forvent.adjust.calendar.calendar import calendar_from
from forvent.records import Around, Findings, Promise
from forvent_server.actions.calendars import change_calendar
from forvent_server.actions.episodes import take_in_episodes
from forvent_server.actions.queue import enqueue
from forvent_server.assessed import latest_findings
from forvent_server.jobs.assess import assess, fingerprint
from forvent_server.jobs.work import Work
from forvent_server.store.models import Assessment, Calendar, Job, Person

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
WEEK = ["09:00-17:00"] * 5 + ["", ""]
OPEN = calendar_from("mon-fri 09:00-17:00")


def requests(*, after: int = 0, number: int = 300, kind: str = "") -> list[records.Episode]:
    """One every hour and a half, day and night; answered after four working hours, promised after a day."""
    starts = [datetime(2026, 1, 5) + timedelta(hours=1.5 * place) for place in range(number)]
    return [
        records.Episode(
            f"r{after + place}",
            start,
            place,
            promised=start + timedelta(days=1),
            delivered=OPEN.add(start, timedelta(hours=4)),
            groups={"kind": kind or ("letter" if place % 2 else "parcel")},
        )
        for place, start in enumerate(starts)
    ]


def assessed() -> Findings:
    enqueue("assess", key="all", now=NOW)
    job = Job.objects.filter(kind="assess", state="waiting").latest("pk")
    Job.objects.filter(pk=job.pk).update(state="running", leased_by="t")
    job.refresh_from_db()
    assess(Work(job, stopping=lambda: False))
    found = latest_findings()
    assert found is not None
    return found


def promises(found: Findings) -> dict[str, Promise]:
    return {one.group.get("kind", ""): one for one in found.promises if isinstance(one, Promise)}


def calendar(who: Person, **given: object) -> Calendar:
    """Open by day on weekdays; what is left out is as it is for most."""
    return change_calendar(
        **{"hours": WEEK, "zone": "UTC", "clock": "business", "who": who, "now": NOW} | given
    )  # type: ignore[arg-type]


def test_promises_are_counted_in_working_time_once_the_business_says_so(manager: Person) -> None:
    take_in_episodes(requests(), now=NOW)
    before = promises(assessed())[""]
    assert before.unit == "day"
    made_from = fingerprint()
    calendar(manager)
    assert fingerprint() != made_from
    found = assessed()
    after = promises(found)[""]
    assert (after.upper, after.unit) == (4.0, "working_hour")
    assert after.around_the_clock == Around(before.upper, before.unit)
    assert {point.unit for point in found.frontier} == {"working_hour"}
    told = {one.language: one.text for one in found.sentences if not one.group}
    assert told["en"] == "You will have it within 4 hours, counted while we are open."


def test_the_kept_rate_is_the_same_on_both_clocks(manager: Person) -> None:
    """A promise is a moment."""
    take_in_episodes(requests(), now=NOW)
    before = assessed().kept
    calendar(manager)
    assert assessed().kept == before


def test_the_page_says_what_it_counts_and_what_that_is_for_the_customer(manager: Person) -> None:
    take_in_episodes(requests(), now=NOW)
    calendar(manager)
    assessed()
    shown = signed_in(manager).get("/promises/").content.decode()
    assert "4 working hours" in shown
    assert "Counted while the business is open." in shown
    assert "length of the promise, working hours" in shown


def test_a_kind_of_promise_has_its_own_clock_and_all_together_are_counted_on_the_wall(
    manager: Person,
) -> None:
    take_in_episodes(requests(), now=NOW)
    calendar(manager, clock="wall", clocks=[{"column": "Kind", "value": "LETTER", "clock": "business"}])
    found = promises(assessed())
    assert {name: one.unit for name, one in found.items()} == {
        "": "day",
        "letter": "working_hour",
        "parcel": "day",
    }


def test_while_all_days_are_closed_no_promise_is_supported(manager: Person) -> None:
    take_in_episodes(requests(), now=NOW)
    calendar(manager, days="2026-01-05/2026-01-30")
    assert promises(assessed()) == {}


@pytest.mark.parametrize(("for_all", "unit"), [(False, "day"), (True, "working_hour")])
def test_a_calendar_counts_for_earlier_promises_only_where_it_is_said(
    manager: Person, for_all: bool, unit: str
) -> None:
    calendar(manager, clock="wall")
    take_in_episodes(requests(), now=NOW)
    calendar(manager, for_all=for_all)
    assert promises(assessed())[""].unit == unit
    # Promises that are made under it count by it in any case.
    take_in_episodes(requests(after=1000, kind="call"), now=NOW + timedelta(days=1))
    assert promises(assessed())["call"].unit == "working_hour"


def test_a_later_calendar_for_new_promises_leaves_those_of_the_earlier_one(manager: Person) -> None:
    calendar(manager)
    take_in_episodes(requests(), now=NOW)
    before = promises(assessed())[""]
    calendar(manager, hours=["00:00-24:00"] * 7, for_all=False)
    assert promises(assessed())[""] == before


def test_an_order_that_is_delivered_meanwhile_lets_it_be_assessed_anew(manager: Person) -> None:
    orders = requests(number=40)
    take_in_episodes([records.Episode(one.episode, one.start, one.row) for one in orders], now=NOW)
    assessed()
    take_in_episodes(orders, now=NOW + timedelta(hours=1))
    assessed()
    assert Assessment.objects.count() == 2
    take_in_episodes(orders, now=NOW + timedelta(hours=2))
    assessed()
    assert Assessment.objects.count() == 2
