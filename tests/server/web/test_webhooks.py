"""The page of webhooks: who is told of what, what became of it, and everything that can be done with one."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from server_people import signed_in

from forvent_server.actions.webhooks import TEST, make_webhook, note_arrived, note_failed, tell
from forvent_server.jobs.deliver import deliver
from forvent_server.jobs.work import Work
from forvent_server.sources.contract import Trouble
from forvent_server.sources.outside import Limits, Request, fetch
from forvent_server.store.models import Delivery, Event, Job, Person, Webhook
from forvent_server.web.language import PAGE_TEXTS, words
from forvent_server.web.pages import now
from forvent_server.web.webhooks import SHOWN

ADDRESS = "https://hooks.example.org/forvent"
SECRET = re.compile(r"whsec_[\w+/=]{20,}")


def text_of(answer: Any) -> str:
    return unescape(str(answer.content.decode()))


@pytest.fixture
def made(manager: Person) -> Webhook:
    return make_webhook(address=ADDRESS, events=["import.ended"], who=manager, now=now())


def test_the_empty_page_teaches(manager: Person) -> None:
    shown = text_of(signed_in(manager).get("/webhooks/"))
    assert "No program is told yet" in shown
    assert "Keep the secret that is shown then" in shown
    for page in ("/settings/", "/keys/", "/sources/", "/api/"):
        assert 'href="/webhooks/"' in text_of(signed_in(manager).get(page)), page


def test_agents_are_led_to_no_page_that_is_not_for_them(agent: Person) -> None:
    for page in ("/sources/", "/api/"):
        assert 'href="/webhooks/"' not in text_of(signed_in(agent).get(page)), page


def test_a_webhook_is_added_and_its_secret_shown_once(manager: Person) -> None:
    client = signed_in(manager)
    shown = text_of(client.post("/webhooks/", {"address": f" {ADDRESS} ", "events": ["import.ended"]}))
    made = Webhook.objects.get()
    assert (made.address, made.events, made.made_by) == (ADDRESS, ["import.ended"], manager)
    assert made.secret in shown
    assert "it is not shown again" in shown
    for page in ("/webhooks/", f"/webhooks/{made.pk}/"):
        later = text_of(client.get(page))
        assert ADDRESS in later
        assert not SECRET.search(later)
    assert Event.objects.get(what="make webhook").who == manager


@pytest.mark.parametrize(
    ("address", "events", "said"),
    [
        ("hooks.example.org", ["import.ended"], "'hooks.example.org' is no address of http. Write it as"),
        ("ftp://example.org/", ["import.ended"], "'ftp://example.org/' is no address of http."),
        ("https://example.org:0/", ["import.ended"], "is no address of http."),
        ("https://[::1/", ["import.ended"], "is no address of http."),
        ("https://ada:x@example.org/", ["import.ended"], "The address holds a user or a password."),
        ("https://example.org/a b", ["import.ended"], "The address holds a blank or a letter"),
        ("https://žába.example/", ["import.ended"], "The address holds a blank or a letter"),
        (f"https://example.org/{'x' * 1000}", ["import.ended"], "The address has 1020 characters."),
        (ADDRESS, [], "No event was named. They are assessment.made,"),
        (ADDRESS, ["moon.full"], "There is no event 'moon.full'."),
    ],
)
def test_what_is_wrong_is_told_and_nothing_typed_is_lost(
    manager: Person, made: Webhook, address: str, events: list[str], said: str
) -> None:
    for page in ("/webhooks/", f"/webhooks/{made.pk}/"):
        answer = signed_in(manager).post(page, {"address": address, "events": events})
        assert answer.status_code == 400
        assert said in text_of(answer)
        assert f'value="{address}"' in text_of(answer)
    kept = Webhook.objects.get()
    assert (kept.address, kept.events) == (ADDRESS, ["import.ended"])


def test_fifty_are_the_most(manager: Person) -> None:
    for _ in range(50):
        make_webhook(address=ADDRESS, events=["import.ended"], who=manager, now=now())
    answer = signed_in(manager).post("/webhooks/", {"address": ADDRESS, "events": ["import.ended"]})
    assert "There are 50 webhooks already. Drop one that is not needed." in text_of(answer)


def test_a_message_shows_when_it_was_sent_what_was_answered_and_when_it_is_tried_again(
    manager: Person, made: Webhook
) -> None:
    manager_sees = signed_in(manager)
    tell("import.ended", now=now(), data={})
    assert "on its way" in text_of(manager_sees.get("/webhooks/"))
    assert 'hx-trigger="every 2s"' in text_of(manager_sees.get(f"/webhooks/{made.pk}/"))
    Delivery.objects.update(attempts=4)
    moment = now()
    Job.objects.all().delete()
    note_failed(
        Delivery.objects.get(), trouble="The receiver answered 503.", status=503, gone=False, now=moment
    )
    due = Job.objects.get(kind="deliver").due_at
    assert due - moment == timedelta(hours=5)
    for page in ("/webhooks/", f"/webhooks/{made.pk}/"):
        shown = text_of(manager_sees.get(page))
        assert "is tried again" in shown
        assert "next try" in shown
        assert due.strftime("%H:%M") in shown
        assert "The receiver answered 503." in shown
    shown = text_of(manager_sees.get(f"/webhooks/{made.pk}/"))
    assert ('data-label="Answer">503</td>' in shown, 'data-label="Attempts">5</td>' in shown) == (True, True)
    assert "hx-trigger" not in text_of(manager_sees.get(f"/webhooks/{made.pk}/"))
    note_arrived(Delivery.objects.get(), status=204, now=now())
    assert "arrived · 204" in text_of(manager_sees.get("/webhooks/"))


def test_the_guard_says_in_the_readers_words_why_nothing_was_sent(manager: Person) -> None:
    made = make_webhook(address="http://localhost:9/x", events=["import.ended"], who=manager, now=now())
    signed_in(manager).post(f"/webhooks/{made.pk}/", {"action": "test"})
    job = Job.objects.get(kind="deliver")
    Job.objects.filter(pk=job.pk).update(state="running")
    deliver(Work(job, stopping=lambda: False, clock=now))
    shown = text_of(signed_in(manager).get(f"/webhooks/{made.pk}/"))
    assert "'localhost' lies inside your own network." in shown
    assert "messages go to public addresses only" in shown
    assert "FORVENT_WEBHOOKS_INSIDE" in shown
    manager.language = "hy"
    manager.save()
    shown = text_of(signed_in(manager).get(f"/webhooks/{made.pk}/"))
    assert "«localhost»-ը ձեր սեփական ցանցում է։ Ոչինչ չի ուղարկվել" in shown
    assert "own network" not in shown


def test_a_test_is_sent_through_the_outbox_once(manager: Person, made: Webhook) -> None:
    client = signed_in(manager)
    for _ in range(2):
        assert client.post(f"/webhooks/{made.pk}/", {"action": "test"}).status_code == 302
    assert Delivery.objects.get().event == TEST
    assert Job.objects.filter(kind="deliver").count() == 1
    assert "A test" in text_of(client.get(f"/webhooks/{made.pk}/"))
    assert Event.objects.filter(what="test webhook", who=manager).count() == 2


def test_what_waits_while_it_is_paused_is_sent_when_it_goes_on(manager: Person, made: Webhook) -> None:
    client, page = signed_in(manager), f"/webhooks/{made.pk}/"
    tell("import.ended", now=now(), data={})
    client.post(page, {"action": "pause"})
    job = Job.objects.get(kind="deliver")
    Job.objects.filter(pk=job.pk).update(state="running")
    deliver(Work(job, stopping=lambda: False, clock=now))
    Job.objects.filter(pk=job.pk).update(state="done")
    shown = text_of(client.get(page))
    assert "waits until it goes on" in shown
    assert "Send a test</button>" not in shown
    answer = client.post(page, {"action": "test"})
    assert (answer.status_code, "The webhook is paused." in text_of(answer)) == (400, True)
    client.post(page, {"action": "resume"})
    assert Job.objects.filter(kind="deliver", state="waiting").count() == 1
    assert "on its way" in text_of(client.get(page))


def test_one_that_stopped_itself_says_so_and_goes_on(manager: Person, made: Webhook) -> None:
    client, page = signed_in(manager), f"/webhooks/{made.pk}/"
    tell("import.ended", now=now(), data={})
    trouble = "The receiver answered 410."
    note_failed(Delivery.objects.get(), trouble=trouble, status=410, gone=True, now=now())
    shown = text_of(client.get(page))
    assert "Paused by itself" in shown
    assert "given up" in shown
    assert trouble in shown
    assert "Paused by itself" in text_of(client.get("/webhooks/"))
    client.post(page, {"action": "resume"})
    assert Webhook.objects.get().active


def test_another_address_gets_at_once_what_waits_for_its_next_try(manager: Person, made: Webhook) -> None:
    tell("import.ended", now=now(), data={})
    Delivery.objects.update(attempts=8)
    Job.objects.all().delete()
    note_failed(Delivery.objects.get(), trouble="x", status=None, gone=False, now=now())
    given = {"address": "https://other.example/x", "events": ["action.due", "import.ended"]}
    signed_in(manager).post(f"/webhooks/{made.pk}/", given)
    changed = Webhook.objects.get()
    assert (changed.address, changed.events) == ("https://other.example/x", ["action.due", "import.ended"])
    assert Job.objects.get(kind="deliver").due_at <= now()


def test_another_secret_is_shown_once_and_signs_from_then_on(manager: Person, made: Webhook) -> None:
    shown = text_of(signed_in(manager).post(f"/webhooks/{made.pk}/", {"action": "renew"}))
    renewed = Webhook.objects.get().secret
    assert renewed in shown
    assert renewed != made.secret
    assert made.secret not in shown
    assert not SECRET.search(text_of(signed_in(manager).get(f"/webhooks/{made.pk}/")))


def test_it_is_removed_with_its_messages(manager: Person, made: Webhook) -> None:
    tell("import.ended", now=now(), data={})
    client = signed_in(manager)
    assert client.post(f"/webhooks/{made.pk}/", {"action": "drop"}).headers["Location"] == "/webhooks/"
    assert not Webhook.objects.exists()
    assert not Delivery.objects.exists()
    assert client.get(f"/webhooks/{made.pk}/").status_code == 404


def test_what_nobody_can_do_is_not_found(manager: Person, made: Webhook) -> None:
    assert signed_in(manager).post(f"/webhooks/{made.pk}/", {"action": "sing"}).status_code == 404


def test_everything_stands_in_the_audit_in_the_readers_words(manager: Person, made: Webhook) -> None:
    client, page = signed_in(manager), f"/webhooks/{made.pk}/"
    for action in ("test", "renew", "pause", "resume"):
        client.post(page, {"action": action})
    shown = text_of(client.get(f"/audit/?about=webhook:{made.pk}"))
    assert "sent a test to a webhook" in shown
    assert "made another secret of a webhook" in shown
    assert "told of: A file was read" in shown
    assert "at work: no" in shown
    assert f"webhook:{made.pk}" in unescape(text_of(client.get(page)).replace("%3A", ":"))
    manager.language = "et"
    manager.save()
    assert f"veebihaak {made.pk}" in text_of(signed_in(manager).get("/audit/"))


def test_more_messages_than_a_page_holds_are_leafed_through(manager: Person, made: Webhook) -> None:
    for _ in range(SHOWN + 3):
        tell("import.ended", now=now(), data={})
    client, page = signed_in(manager), f"/webhooks/{made.pk}/"
    first = text_of(client.get(page))
    older = re.search(r'rel="next" href="([^"]+)"', first)
    assert older
    second = text_of(client.get(page + older[1]))
    rows = "<tr data-row"
    assert (first.count(rows), second.count(rows)) == (SHOWN, 3)
    assert client.get(f"{page}?before=nonsense").status_code == 200


@pytest.mark.parametrize("language", ["en", "cs", "hy", "nb", "et", "zh"])
def test_every_trouble_of_a_message_is_known_in_every_language(language: str) -> None:
    own = PAGE_TEXTS.own_texts(language)
    assert set(own["delivery_hints"]) - {"elsewhere"} <= set(own["delivery_troubles"])
    said = words(language)
    with pytest.raises(Trouble) as refused:
        fetch(Request("http://127.0.0.1:9/"), limits=Limits(seconds=1))
    assert refused.value.message == said.say("delivery_troubles.inside", host="127.0.0.1") or language != "en"
