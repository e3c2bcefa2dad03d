"""Erasing: words, names and keys go and stay gone; what was counted stays."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from customer_history import LATE, ORDER, WORDS, brought, history_of_jana, undated, voice
from django.conf import settings
from server_people import PASSWORD

from forvent_server.actions.customers import merge_customers
from forvent_server.actions.episodes import take_in_episodes
from forvent_server.actions.erased import digest
from forvent_server.actions.erasing import erase_customer, without_erased_quotes, without_quotes
from forvent_server.actions.people import NotAllowed, open_workspace
from forvent_server.actions.voices import correct_mention, keep_identified
from forvent_server.bridge import identified_record
from forvent_server.store.models import (
    Assessment,
    Correction,
    Customer,
    CustomerKey,
    Episode,
    Erased,
    Event,
    Import,
    Job,
    Mention,
    Person,
    Promise,
    Voice,
)
from forvent_server.store.search import Wanted, newest

SECRETS = ("Jana", "A-77", "K-1", "arrived late", "jana@example.org")


def assessed(now: datetime) -> Assessment:
    row = Voice.objects.get(text=WORDS)
    return Assessment.objects.create(
        made_at=now,
        voices=2,
        mentions=1,
        episodes=1,
        encoder="test",
        version="0",
        made_from="x",
        findings={"quotes": {"on_time": [{"voice_id": str(row.pk), "words": WORDS}]}, "voices": {"used": 2}},
    )


def test_nothing_of_the_customer_is_left_in_any_column(owner: Person, now: datetime) -> None:
    customer = history_of_jana(now)
    assessed(now)
    row = Voice.objects.get(text=WORDS)
    correct_mention(row, expectation="on_time", action="right", quote=WORDS, who=owner, now=now)
    Customer.objects.filter(pk=customer.pk).update(name="Jana Nova", language="cs", consent={"x": "Jana"})
    erase_customer(customer, who=owner, now=now)
    models = (Voice, Mention, Correction, Customer, CustomerKey, Episode, Assessment, Event, Erased, Job)
    everything = "\n".join(str(values) for model in models for values in model.objects.values_list())
    assert [secret for secret in SECRETS if secret in everything] == []
    assert not newest(Wanted("arrived"), most=30).pks


def test_counts_stay(owner: Person, now: datetime) -> None:
    customer = history_of_jana(now)
    made = assessed(now)
    erase_customer(customer, who=owner, now=now)
    row = Voice.objects.get(rating=0.0, customer=customer)
    assert (row.time, row.language, row.polarity, row.act) == (row.time, "en", "negative", "complaint")
    mention = Mention.objects.get(voice=row)
    assert (mention.expectation, mention.polarity, mention.quote) == ("on_time", "unmet", "")
    assert row.episode_key == Episode.objects.get().key == f"erased/{digest('A-77')}"
    assert Promise.objects.filter(episode__customer=customer).count() == 1
    made.refresh_from_db()
    assert (made.findings, made.cleared_at) == ({"quotes": {"on_time": []}, "voices": {"used": 2}}, now)
    assert Event.objects.get(what="erase customer").details == {"voices": 1, "episodes": 1}


def test_other_customers_keep_their_words(owner: Person, now: datetime) -> None:
    erase_customer(history_of_jana(now), who=owner, now=now)
    assert Voice.objects.filter(text="The box was fine, thank you very much.").exists()
    assert CustomerKey.objects.get().value == "K-2"


def test_what_was_merged_in_goes_too(owner: Person, now: datetime) -> None:
    customer = history_of_jana(now)
    other = CustomerKey.objects.get(value="K-2").customer
    merge_customers(customer, other=other, who=owner, now=now)
    erase_customer(customer, who=owner, now=now)
    assert not CustomerKey.objects.exists()
    assert set(Voice.objects.values_list("text", flat=True)) == {""}


@pytest.mark.parametrize(
    "again",
    [
        LATE,
        voice("other-id", WORDS, customer="K-1", episode="A-77"),
        voice("v1", "Edited.", customer=None),
        voice("new", "Something older of the same customer.", customer="K-1", day=3),
        voice("new", "About the same order.", customer=None, episode="A-77"),
    ],
)
def test_the_same_voice_arriving_again_stays_erased(owner: Person, now: datetime, again: object) -> None:
    erase_customer(history_of_jana(now), who=owner, now=now)
    before = Voice.objects.count()
    taken = brought(again, now=now)  # type: ignore[arg-type]
    assert (taken.new, taken.known) == (0, 1)
    assert Voice.objects.count() == before
    assert not CustomerKey.objects.filter(value="K-1").exists()


def test_the_same_order_arriving_again_stays_erased(owner: Person, now: datetime) -> None:
    erase_customer(history_of_jana(now), who=owner, now=now)
    assert take_in_episodes([ORDER], now=now).new == 0
    assert Episode.objects.count() == 1


def test_a_customer_who_comes_back_later_is_somebody_new(owner: Person, now: datetime) -> None:
    customer = history_of_jana(now)
    erase_customer(customer, who=owner, now=now)
    later = voice("v9", "I came back and all was well.", customer="K-1")
    later = type(later)("v9", later.text, 1, time=undated(now + timedelta(days=1)), customer="K-1")
    assert brought(later, now=now + timedelta(days=1)).new == 1
    assert CustomerKey.objects.get(value="K-1").customer != customer


def test_the_same_few_words_of_somebody_unknown_are_not_taken_for_erased(
    owner: Person, now: datetime
) -> None:
    customer = history_of_jana(now)
    brought(voice("short", "Good.", customer=None, episode="A-77"), now=now)
    erase_customer(customer, who=owner, now=now)
    assert brought(voice("else", "Good.", customer=None), now=now).new == 1


def test_words_that_are_being_understood_while_they_are_erased_stay_gone(
    owner: Person, now: datetime
) -> None:
    customer = history_of_jana(now)
    row = Voice.objects.prefetch_related("mentions").get(text=WORDS)
    understood = identified_record(row, row.mentions.all())
    erase_customer(customer, who=owner, now=now)
    keep_identified([row], identified=[understood], by="test", now=now)
    assert Mention.objects.get().quote == ""


def test_an_assessment_that_was_being_made_keeps_no_erased_quote(owner: Person, now: datetime) -> None:
    customer = history_of_jana(now)
    document = assessed(now).findings
    erase_customer(customer, who=owner, now=now)
    assert without_erased_quotes(document)["quotes"] == {"on_time": []}


def test_quotes_are_found_wherever_they_stand() -> None:
    document = {"a": [{"b": [{"voice_id": "7", "words": "x"}, {"voice_id": "8"}]}], "n": 1}
    assert without_quotes(document, {"7"}) == ({"a": [{"b": [{"voice_id": "8"}]}], "n": 1}, 1)


@pytest.mark.django_db(transaction=True)
def test_the_uploaded_file_goes_with_the_words(now: datetime) -> None:
    owner = open_workspace(
        business="B", name="Ada", email="ada@example.org", password=PASSWORD, language="en", now=now
    )
    settings.UPLOADS.mkdir(parents=True, exist_ok=True)
    file = settings.UPLOADS / "0123"
    file.write_text(WORDS, encoding="utf-8")
    customer = history_of_jana(now)
    made = Import.objects.create(
        name="v.csv",
        holds="voices",
        state="done",
        path=str(file),
        size=1,
        sha256="0",
        made_at=now,
        report={"unusable": [{"reason": "x", "example": "Jana"}]},
    )
    Voice.objects.filter(text=WORDS).update(imported_by=made)
    erase_customer(customer, who=owner, now=now)
    assert not file.exists()
    made.refresh_from_db()
    assert made.report["unusable"][0]["example"] is None


def test_an_agent_may_not_erase(agent: Person, now: datetime) -> None:
    customer = history_of_jana(now)
    with pytest.raises(NotAllowed) as caught:
        erase_customer(customer, who=agent, now=now)
    assert caught.value.message == "Finn Aas may not erase a customer."
    assert Voice.objects.filter(text=WORDS).exists()


def test_a_hash_says_nothing_without_the_secret(settings: object) -> None:
    first = digest("K-1")
    settings.SECRET_KEY = "another" * 10  # type: ignore[attr-defined]
    assert digest("K-1") != first
    assert len(first) == 40
