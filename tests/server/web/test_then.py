"""Yesterday's number can be explained: an earlier assessment is shown as it was found."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from server_findings import assessed, planned_shop, shop
from server_people import signed_in

from forvent.records import Estimate, Findings
from forvent.tables import LANGUAGES
from forvent_server.store.models import Assessment, Person


def with_share(found: Findings, share: float) -> Findings:
    """The same findings with another share of "on time" met."""
    gaps = tuple(
        replace(gap, got=Estimate(share, share - 0.02, share + 0.02, 321))
        if gap.expectation == "on_time"
        else gap
        for gap in found.gaps
    )
    return replace(found, gaps=gaps)


@pytest.fixture
def two(owner: Person, now: datetime) -> tuple[Assessment, Assessment]:
    """What was found yesterday, and today."""
    before = assessed(with_share(shop(), 0.11), now=now - timedelta(days=1))
    return before, assessed(with_share(shop(), 0.77), now=now)


def test_the_history_of_an_expectation_leads_to_what_was_found_then(
    reader: Person, two: tuple[Assessment, Assessment]
) -> None:
    client, before = signed_in(reader), two[0]
    today = client.get("/expectations/on_time/").content.decode()
    assert "77%" in today
    assert 'id="then"' not in today
    assert f'href="/expectations/on_time/?at={before.pk}"' in today
    then = client.get(f"/expectations/on_time/?at={before.pk}").content.decode()
    assert "11%, between 9 and 13" in then
    assert "This is how it stood on March 1, 2026" in then
    assert f"worked out by forvent {before.version}" in then
    assert "Judged by" in then
    assert '<a href="/expectations/on_time/">As it is now</a>' in then


@pytest.mark.parametrize("address", ["/journey/", "/expectations/", "/promises/", "/changes/", "/personas/"])
def test_other_pages_show_it_too(reader: Person, two: tuple[Assessment, Assessment], address: str) -> None:
    client, before = signed_in(reader), two[0]
    assert f'href="{address}?at={before.pk}"' in client.get(address).content.decode()
    then = client.get(f"{address}?at={before.pk}").content.decode()
    assert "This is how it stood on" in then
    assert f'<a href="{address}">As it is now</a>' in then


@pytest.mark.parametrize("at", ["0", "999999", "-1", "x", "1e3", "9" * 40, "²"])
def test_an_assessment_that_is_none_is_not_there(
    reader: Person, two: tuple[Assessment, Assessment], at: str
) -> None:
    for address in ("/expectations/on_time/", "/journey/", "/promises/"):
        assert signed_in(reader).get(address, {"at": at}).status_code == 404


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_told_in_every_language(
    reader: Person, two: tuple[Assessment, Assessment], language: str
) -> None:
    Person.objects.update(language=language)
    shown = signed_in(reader).get(f"/expectations/on_time/?at={two[0].pk}").content.decode()
    assert 'id="then"' in shown


NUMBERS = (
    "/journey/",
    "/expectations/",
    "/expectations/on_time/",
    "/promises/",
    "/plan/",
    "/personas/",
    "/changes/",
)


@pytest.mark.parametrize("address", [*NUMBERS, "/"])
def test_what_numbers_mean_and_rest_on_is_one_click_away(reader: Person, now: datetime, address: str) -> None:
    assessed(planned_shop(), now=now)
    shown = signed_in(reader).get(address).content.decode()
    assert 'id="definitions"' in shown, "no definitions"
    assert "<dt>" in shown
    # The count: every number of these pages rests on voices, episodes, cases or customers.
    assert any(noun in shown for noun in (" voices", " episodes", " cases", " customers"))


#: What each page shows while there is nothing, and where it leads.
EMPTY = {
    "/": "/imports/",
    "/journey/": "/imports/",
    "/changes/": "/imports/",
    "/expectations/": "/imports/",
    "/personas/": "/imports/",
    "/promises/": "/imports/",
    "/plan/": "/imports/",
    "/market/": "/imports/",
    "/voices/": "/imports/",
    "/customers/": "/imports/",
    "/imports/": "",
    "/sources/": "/sources/new/",
    "/settings/calendar/": "",
}


@pytest.mark.parametrize("address", EMPTY)
def test_an_empty_page_says_what_will_stand_there_and_the_step_that_fills_it(
    owner: Person, address: str
) -> None:
    shown = signed_in(owner).get(address).content.decode()
    body = shown[shown.index('<main id="page"') :]
    assert 'class="empty' in body or "No opening hours yet" in body, "no empty state"
    assert f'href="{EMPTY[address]}' in body if EMPTY[address] else "<form" in body
