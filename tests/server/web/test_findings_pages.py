"""The pages of the findings: Today, journey, expectations, promises, episodes, plan, market."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from server_findings import assessed, planned_shop, say_weekly, shop
from server_people import signed_in

from forvent.tables import LANGUAGES
from forvent_server.store.models import Action, Business, Episode, Person, Promise, Voice

PAGES = (
    "/",
    "/changes/",
    "/journey/",
    "/expectations/",
    "/expectations/on_time/",
    "/promises/",
    "/plan/",
    "/market/",
)
FORM = {
    "subject": "on_time",
    "title": "A second carrier",
    "hypothesis": "The first is full.",
    "due": "2026-01-05",
}


def episode(now: datetime, *, late: timedelta | None = None) -> Episode:
    began = now - timedelta(days=9)
    promised = began + timedelta(days=5)
    made = Episode.objects.create(
        key="o-1", start=began, delivered=promised + late if late is not None else None
    )
    Promise.objects.create(episode=made, number=1, promised=promised, made_at=began)
    return made


@pytest.mark.parametrize("address", PAGES)
def test_a_page_works_before_anything_is_assessed_and_afterwards(
    reader: Person, now: datetime, address: str
) -> None:
    client = signed_in(reader)
    empty = client.get(address)
    assert empty.status_code == (404 if address == "/expectations/on_time/" else 200)
    assessed(shop(), now=now)
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("address", [*PAGES, "/episodes/1/", "/plan/1/"])
def test_who_is_not_signed_in_is_sent_to_do_so(owner: Person, address: str) -> None:
    assert signed_in(None).get(address).headers["Location"].startswith("/sign-in/?next=")


@pytest.mark.parametrize("address", PAGES)
def test_a_page_that_is_only_looked_at_takes_nothing(owner: Person, address: str) -> None:
    assert signed_in(owner).post(address).status_code == 405


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("address", PAGES)
def test_a_page_speaks_every_language(owner: Person, now: datetime, language: str, address: str) -> None:
    assessed(shop(), now=now)
    Person.objects.update(language=language)
    assert signed_in(owner).get(address).status_code == 200


def test_today_tells_what_changed_since_the_last_assessment(owner: Person, now: datetime) -> None:
    first = shop()
    gap = next(gap for gap in first.gaps if gap.expectation == "on_time")
    before = replace(gap, gap=replace(gap.gap, value=0.0, low=-0.1, high=0.1))
    gaps = tuple(before if one is gap else one for one in first.gaps)
    assessed(replace(first, gaps=gaps), now=now - timedelta(days=1))
    assessed(first, now=now)
    shown = signed_in(owner).get("/").content.decode()
    assert "“On time” falls short now" in shown
    assert "Promises kept:" in shown


def test_the_statement_of_intent_stands_over_today_and_the_plan(owner: Person, now: datetime) -> None:
    assessed(shop(), now=now)
    client = signed_in(owner)
    assert "Nobody has written down yet" in client.get("/").content.decode()
    Business.objects.update(intent="Nobody has to ask twice.")
    for address in ("/", "/plan/"):
        assert "Nobody has to ask twice." in client.get(address).content.decode()


def test_another_length_of_the_promise_is_tried_without_a_script(owner: Person, now: datetime) -> None:
    assessed(shop(), now=now)
    client = signed_in(owner)
    shown = client.get("/promises/?length=3").content.decode()
    assert 'value="3.0"' in shown
    assert "A promise of this length would have been kept so often: 3 days" in shown
    for odd in ("many", "nan", "inf", "-9", "1e400"):
        assert client.get(f"/promises/?length={odd}").status_code == 200


def test_an_unknown_expectation_is_not_there(owner: Person, now: datetime) -> None:
    assessed(shop(), now=now)
    assert signed_in(owner).get("/expectations/flying_carpet/").status_code == 404


def test_an_open_episode_past_its_promise_is_not_called_delivered(owner: Person, now: datetime) -> None:
    assessed(shop(), now=now)
    made = episode(now)
    shown = signed_in(owner).get(f"/episodes/{made.pk}/").content.decode()
    assert "The promise has passed, and nothing is delivered yet." in shown
    assert "It was delivered later than promised." not in shown


def test_a_late_episode_shows_its_broken_link(owner: Person, now: datetime) -> None:
    assessed(shop(), now=now)
    made = episode(now, late=timedelta(days=1))
    shown = signed_in(owner).get(f"/episodes/{made.pk}/").content.decode()
    assert "It was delivered later than promised." in shown
    assert "Nobody said anything about it yet." in shown


def test_a_promise_made_anew_is_counted(owner: Person, now: datetime) -> None:
    assessed(shop(), now=now)
    made = episode(datetime.now(UTC))
    Promise.objects.create(episode=made, number=2, promised=datetime.now(UTC), made_at=datetime.now(UTC))
    assert "promised anew 1 time" in signed_in(owner).get(f"/episodes/{made.pk}/").content.decode()
    assert "o-1" in signed_in(owner).get("/promises/").content.decode()


def test_how_often_was_promised_anew_is_told_with_count_and_interval(reader: Person, now: datetime) -> None:
    assessed(shop(), now=now)
    client = signed_in(reader)
    assert "we do not know yet (0 episodes)" in client.get("/promises/").content.decode()
    began = now - timedelta(days=9)
    for number in range(20):
        made = Episode.objects.create(key=f"p-{number}", start=began)
        for again in range(1, 3 if number < 5 else 2):
            Promise.objects.create(episode=made, number=again, promised=began + timedelta(days=again))
    shown = client.get("/promises/").content.decode()
    assert "Of the episodes with a promise: 25%, between 11 and 47, 20 episodes." in shown


def test_a_manager_plans_an_action_and_closes_it(manager: Person, now: datetime) -> None:
    assessed(shop(), now=now)
    say_weekly("on_time", first=datetime(2025, 10, 6, 12), weeks=12, met=3, unmet=7)
    client = signed_in(manager)
    answer = client.post("/plan/add/", FORM | {"owner": manager.pk})
    made = Action.objects.get()
    assert answer.headers["Location"] == f"/plan/{made.pk}/"
    shown = client.get("/plan/").content.decode()
    assert "A second carrier" in shown
    assert "late, was due on January 5, 2026" in shown
    assert "When it was decided: 30%" in client.get(f"/plan/{made.pk}/").content.decode()
    client.post(f"/plan/{made.pk}/close/", {"action": "start"})
    client.post(f"/plan/{made.pk}/close/", {"action": "done", "on": "2026-03-01"})
    made.refresh_from_db()
    assert (made.state, str(made.done_on)) == ("done", "2026-03-01")
    again = client.post(f"/plan/{made.pk}/close/", {"action": "drop", "why": "late"})
    assert again.status_code == 400
    assert "The action is closed already." in again.content.decode()


def test_what_an_action_lacks_is_told_and_what_was_written_stays(manager: Person, now: datetime) -> None:
    assessed(shop(), now=now)
    answer = signed_in(manager).post("/plan/add/", FORM | {"owner": "", "title": "Call <b>them</b>"})
    assert answer.status_code == 400
    assert "An action needs what is done" in answer.content.decode()
    assert "Call &lt;b&gt;them&lt;/b&gt;" in answer.content.decode()
    bad = signed_in(manager).post("/plan/add/", FORM | {"owner": manager.pk, "due": "soon"})
    assert bad.status_code == 400
    assert not Action.objects.exists()


def test_a_reader_looks_at_the_plan_and_changes_nothing(reader: Person, now: datetime) -> None:
    assessed(shop(), now=now)
    client = signed_in(reader)
    assert 'action="/plan/add/"' not in client.get("/plan/").content.decode()
    assert client.post("/plan/add/", FORM).status_code == 404
    assert client.post("/plan/1/close/", {"action": "start"}).status_code == 404
    assert client.get("/plan/1/").status_code == 404


def test_another_effort_changes_the_order_of_the_plan_at_once(manager: Person, now: datetime) -> None:
    findings = planned_shop()
    assert findings.plan is not None
    first, second = (row.expectation for row in findings.plan.priorities[:2])
    assessed(findings, now=now)
    say_weekly(first, first=datetime(2025, 10, 6, 12), weeks=12, met=3, unmet=7)
    client = signed_in(manager)
    client.post("/plan/add/", FORM | {"owner": manager.pk, "subject": first, "effort": "S"})
    made = Action.objects.get()
    assert first_of(client.get("/plan/").content.decode()) == first
    client.post(f"/plan/{made.pk}/change/", {"owner": manager.pk, "effort": "L", "due": "2026-06-01"})
    made.refresh_from_db()
    assert (made.effort, str(made.due_on)) == ("L", "2026-06-01")
    assert first_of(client.get("/plan/").content.decode()) == second
    assert client.post(f"/plan/{made.pk}/change/", {"owner": "", "effort": "L"}).status_code == 400


def first_of(page: str) -> str:
    """The expectation that the plan begins with."""
    listed = page.partition('<ol class="todo body">')[2]
    return listed.partition('href="/expectations/')[2].partition("/")[0]


def test_an_action_is_measured_by_the_rating_on_its_own_scale(manager: Person, now: datetime) -> None:
    assessed(shop(), now=now)
    say_weekly("on_time", first=datetime(2025, 10, 6, 12), weeks=12, met=3, unmet=7)
    Voice.objects.update(rating=0.25)
    client = signed_in(manager)
    wanted = FORM | {"owner": manager.pk, "measure": "rating", "target": "4,5"}
    client.post("/plan/add/", wanted)
    made = Action.objects.get()
    assert made.target["value"] == pytest.approx(0.875)
    shown = client.get(f"/plan/{made.pk}/").content.decode()
    assert "To be reached: 4.50" in shown
    assert "When it was decided: 2.00, between" in shown
    many = client.post("/plan/add/", wanted | {"target": "many"})
    assert "no number" in many.content.decode()


def test_what_may_be_chance_is_not_said_to_fall_short(owner: Person, now: datetime) -> None:
    findings = planned_shop()
    assert findings.plan is not None
    first = findings.plan.priorities[0]
    doubtful = replace(first, step="ask")
    rows = (doubtful, *findings.plan.priorities[1:])
    assessed(replace(findings, plan=replace(findings.plan, priorities=rows)), now=now)
    shown = signed_in(owner).get("/").content.decode()
    assert "seems to fall short, but it may be chance" in shown
    told = shown.partition("seems to fall short")[0].rpartition("<a ")[2]
    assert f"/plan/?expectation={first.expectation}" in told
    assert "Met: " in shown
