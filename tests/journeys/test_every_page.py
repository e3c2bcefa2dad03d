"""No page keeps anybody out: axe finds nothing, in light or dark, and nothing is wider than its window."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.urls import URLPattern
from visitor import DESK, PHONE, ZOOMED, Visitor

from forvent.records import Estimate
from forvent.records.effect import Baseline
from forvent.report.versioned_json import jsonable
from forvent_server.actions.calendars import change_calendar
from forvent_server.actions.people import choose_language, invite, make_key
from forvent_server.actions.voices import correct_mention
from forvent_server.actions.webhooks import EVENTS, make_webhook, note_failed, tell
from forvent_server.store.models import (
    Action,
    Business,
    Customer,
    Episode,
    Import,
    Mention,
    Person,
    Source,
    Webhook,
)
from forvent_server.web.addresses import PAGES
from forvent_server.web.pages import now

#: Pages before the door, and what is no page.
ELSEWHERE = {"sign_in", "code", "start", "join", "link", "reset", "asset"}
#: A page that tells of programs; it is put together where all addresses are.
CONNECT = "/api/"


def addresses() -> Iterator[str]:
    """One address for every page that a person can open."""
    mention = Mention.objects.exclude(expectation="other").select_related("voice").latest("pk")
    known = {
        "voice": mention.voice.pk,
        "expectation": mention.expectation,
        "import": Import.objects.latest("pk").pk,
        "customer": Customer.objects.latest("pk").pk,
        "episode": Episode.objects.latest("pk").pk,
        "new_source": "feed",
        "source": Source.objects.get(kind="feed").pk,
        "webhook": Webhook.objects.latest("pk").pk,
        "action": Action.objects.latest("pk").pk,
    }
    yield CONNECT
    for pattern in PAGES:
        if pattern.name in ELSEWHERE or not is_opened(pattern):
            continue
        start, argument, rest = str(pattern.pattern).partition("<")
        if argument:
            assert pattern.name in known, f"Say in known what the address of the page {pattern.name} holds."
        yield f"/{start}{known[str(pattern.name)]}{rest.partition('>')[2]}" if argument else f"/{start}"


def is_opened(pattern: URLPattern) -> bool:
    """Whether it is a page, not an address that only takes what a form sends."""
    return "GET" in getattr(pattern.callback, "methods", ("GET",))


def full(visit: Callable[..., Visitor], sample: Path) -> Visitor:
    """An owner in a workspace in which there is something of everything."""
    ada = visit()
    ada.open_workspace()
    for holds in ("voices", "episodes"):
        ada.upload(sample / f"{holds}.csv", holds=holds)
        ada.let_work()
    owner = Person.objects.get()
    invite(email="finn@example.org", role="agent", who=owner, now=now())
    make_key(name="Shop", scopes=["read"], who=owner, now=now())
    mention = Mention.objects.select_related("voice").latest("pk")
    Source.objects.create(
        kind="feed", name="Reviews", made_at=now(), trouble="unknown_host", trouble_parts={"host": "x"}
    )
    hook = make_webhook(
        address="https://hooks.example.org/a/long/way/to/the/place", events=EVENTS, who=owner, now=now()
    )
    tell("import.ended", now=now(), data={})
    trouble = "'hooks.example.org' lies inside your own network."
    note_failed(hook.deliveries.get(), trouble=trouble, status=None, gone=False, now=now())
    half = Estimate(0.5, 0.4, 0.6, 100)
    known = Baseline(half, now().date(), now().date(), "share_met/1", 0.0, ())
    Action.objects.create(
        title="Answer sooner",
        expectation=mention.expectation,
        hypothesis="Nobody answers at noon.",
        baseline=jsonable(known),
        target=jsonable(half),
        owner=owner,
        made_at=now(),
    )
    Business.objects.update(intent="Nobody has to ask twice.", intent_names=[mention.expectation, "on_time"])
    hours = ["09:00-12:00, 13:00-17:00"] * 5 + ["", ""]
    for clock in ("wall", "business"):
        change_calendar(
            hours=hours,
            zone="Europe/Oslo",
            holidays="NO",
            days="2026-12-24",
            clock=clock,
            who=owner,
            now=now(),
        )
    correct_mention(
        mention.voice,
        who=owner,
        now=now(),
        expectation=mention.expectation,
        action="right",
        quote=mention.quote,
    )
    return ada


def test_no_page_keeps_anybody_out(visit: Callable[..., Visitor], sample: Path) -> None:
    ada = full(visit, sample)
    found: dict[str, list[str]] = {}
    seen = 0
    for address in addresses():
        ada.shown_as()
        ada.go(address)
        found[f"{address} in light"] = ada.barriers()
        ada.shown_as(dark=True)
        found[f"{address} in dark"] = ada.barriers()
        seen += 1
    assert {page: barriers for page, barriers in found.items() if barriers} == {}
    assert seen > 12


def test_no_page_is_wider_than_its_window(visit: Callable[..., Visitor], sample: Path) -> None:
    ada = full(visit, sample)
    wide: dict[str, int] = {}
    for language in ("en", "hy", "zh"):
        choose_language(Person.objects.get(), language=language, now=now())
        for address in addresses():
            for name, size in (("desk", DESK), ("zoomed", ZOOMED), ("phone", PHONE)):
                ada.shown_as(size=size)
                if name == "desk":
                    ada.go(address)
                wide[f"{language} {address} {name}"] = ada.overflow()
    assert {page: pixels for page, pixels in wide.items() if pixels > 0} == {}


@pytest.mark.parametrize("language", ["en", "hy", "zh"])
def test_no_door_keeps_anybody_out(visit: Callable[..., Visitor], language: str) -> None:
    eve = visit(language)
    eve.go("/start/")
    found = {"/start/": eve.barriers()}
    eve.open_workspace()
    _, token = invite(email="finn@example.org", role="agent", who=Person.objects.get(), now=now())
    eve.press("frame.sign_out")
    eve.at("/sign-in/")
    for address in ("/sign-in/", f"/join/{token}/"):
        for dark in (False, True):
            eve.go(address)
            eve.shown_as(dark=dark, size=PHONE)
            found[f"{address} dark {dark}"] = [*eve.barriers(), *(["too wide"] if eve.overflow() > 0 else [])]
    assert {page: barriers for page, barriers in found.items() if barriers} == {}
