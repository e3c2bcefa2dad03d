"""Customers: the list, one with the whole history, merging, handing out, erasing; time limits."""

from __future__ import annotations

from datetime import datetime

import pytest
from customer_history import WORDS, brought, history_of_jana, voice
from server_people import signed_in

from forvent_server.actions.customers import merge_customers
from forvent_server.actions.voices import correct_mention
from forvent_server.store.models import Business, Customer, CustomerKey, Event, Person, Voice

LANGUAGES = ("en", "cs", "hy", "nb", "et", "zh")


@pytest.fixture
def customer(owner: Person, now: datetime) -> Customer:
    return history_of_jana(now)


def test_the_list_is_searched_by_how_a_key_begins_and_by_name(agent: Person, customer: Customer) -> None:
    Customer.objects.filter(pk=customer.pk).update(name="Jana Nova")
    client = signed_in(agent)
    for query, found in (("", 2), ("k-1", 1), ("k", 2), ("nova", 1), ("1-", 0), ("%", 0), ("9" * 30, 0)):
        assert client.get("/customers/", {"q": query}).content.decode().count("data-row") == found, query


def test_more_customers_are_a_page_further(agent: Person, now: datetime) -> None:
    brought(*(voice(f"v{n}", "Words.", customer=f"C-{n}") for n in range(45)), now=now)
    client = signed_in(agent)
    first = client.get("/customers/").content.decode()
    older = first.partition('rel="next" href="')[2].partition('"')[0]
    assert (
        first.count("data-row"),
        client.get(f"/customers/{older}").content.decode().count("data-row"),
    ) == (
        40,
        5,
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_whole_history_stands_in_one_place_in_every_language(
    agent: Person, customer: Customer, now: datetime, language: str
) -> None:
    Person.objects.filter(pk=agent.pk).update(language=language)
    row = Voice.objects.get(text=WORDS)
    correct_mention(row, expectation="on_time", action="right", who=agent, now=now)
    text = signed_in(Person.objects.get(pk=agent.pk)).get(f"/customers/{customer.pk}/").content.decode()
    assert text.count("data-row") == 3
    assert "A-77" in text
    assert '<mark class="unmet">My order A-77 arrived late</mark>' in text


def test_voices_of_merged_customers_are_one_history(agent: Person, customer: Customer, now: datetime) -> None:
    other = CustomerKey.objects.get(value="K-2").customer
    client = signed_in(agent)
    address = f"/customers/{customer.pk}/"
    assert client.post(address, {"action": "merge", "other": "K-2"}).headers["Location"] == address
    assert "The box was fine" in client.get(address).content.decode()
    assert client.get(f"/customers/{other.pk}/").headers["Location"] == address
    assert f"/customers/{other.pk}/" not in client.get("/customers/").content.decode()
    client.post(address, {"action": "part", "other": other.pk})
    assert "The box was fine" not in client.get(address).content.decode()


def test_a_name_merges_nobody(agent: Person, customer: Customer) -> None:
    Customer.objects.exclude(pk=customer.pk).update(name="Jana Nova")
    answer = signed_in(agent).post(f"/customers/{customer.pk}/", {"action": "merge", "other": "Jana Nova"})
    assert answer.status_code == 400
    assert "a name alone is not enough" in answer.content.decode()


def test_who_has_an_equal_key_is_offered_and_who_has_an_equal_name_is_not(
    agent: Person, customer: Customer
) -> None:
    alike = Customer.objects.create(name="Somebody")
    CustomerKey.objects.create(customer=alike, kind="account", value="k-1")
    Customer.objects.create(name="Jana Nova")
    Customer.objects.filter(pk=customer.pk).update(name="Jana Nova")
    text = signed_in(agent).get(f"/customers/{customer.pk}/").content.decode()
    assert f'value="#{alike.pk}"' in text
    assert text.count("They are one</button>") == 2


def test_names_keys_and_consent_are_kept(agent: Person, customer: Customer) -> None:
    client, address = signed_in(agent), f"/customers/{customer.pk}/"
    client.post(address, {"action": "name", "name": "Jana Nova"})
    client.post(address, {"action": "key", "kind": "email", "value": "jana@example.org"})
    client.post(address, {"action": "consent", "purpose": "surveys", "given": "yes"})
    text = client.get(address).content.decode()
    assert "<h1>Jana Nova</h1>" in text
    assert "jana@example.org" in text
    assert "yes, noted by Finn Aas" in text
    assert client.post(address, {"action": "nonsense"}).status_code == 400


def test_a_manager_hands_everything_out(manager: Person, agent: Person, customer: Customer) -> None:
    answer = signed_in(manager).post(f"/customers/{customer.pk}/export/")
    assert answer.headers["Content-Type"] == "application/zip"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="customer-{customer.pk}.zip"'
    assert answer.content[:2] == b"PK"
    assert signed_in(agent).post(f"/customers/{customer.pk}/export/").status_code == 404


def test_erasing_asks_once_more_and_leaves_counts(manager: Person, customer: Customer) -> None:
    client, address = signed_in(manager), f"/customers/{customer.pk}/"
    assert client.post(address, {"action": "erase", "sure": "yes"}).status_code == 400
    assert Voice.objects.filter(text=WORDS).exists()
    client.post(address, {"action": "erase", "sure": customer.pk})
    text = client.get(address).content.decode()
    assert "The words were erased." in text
    assert "1 voice" in text
    assert "A-77" not in text
    assert 'value="erase"' not in text
    assert client.get("/settings/privacy/").content.decode().count("erased a customer") == 1


def test_an_agent_may_not_erase(agent: Person, customer: Customer) -> None:
    answer = signed_in(agent).post(f"/customers/{customer.pk}/", {"action": "erase", "sure": customer.pk})
    assert (answer.status_code, Voice.objects.filter(text=WORDS).exists()) == (400, True)


def test_an_erased_voice_is_shown_without_words_and_cannot_be_corrected(
    manager: Person, customer: Customer, now: datetime
) -> None:
    row = Voice.objects.get(text=WORDS)
    client = signed_in(manager)
    client.post(f"/customers/{customer.pk}/", {"action": "erase", "sure": customer.pk})
    text = client.get(f"/voices/{row.pk}/").content.decode()
    assert "The words were erased." in text
    assert "This is right" not in text
    client.post(f"/voices/{row.pk}/", {"expectation": "on_time", "action": "wrong"})
    assert not Event.objects.filter(what="correct mention").exists()


def test_readers_and_strangers_see_no_customers(reader: Person, customer: Customer) -> None:
    assert signed_in(reader).get("/customers/").status_code == 404
    assert signed_in(reader).get(f"/customers/{customer.pk}/").status_code == 404
    assert signed_in(None).get("/customers/").headers["Location"].startswith("/sign-in/")
    assert signed_in(reader).post("/customers/").status_code == 404


def test_other_methods_are_refused(agent: Person, customer: Customer) -> None:
    assert signed_in(agent).post("/customers/").status_code == 405
    assert signed_in(agent).put(f"/customers/{customer.pk}/").status_code == 405


def test_parting_somebody_who_was_never_merged_finds_nothing(agent: Person, customer: Customer) -> None:
    for other in ("99999999999999999999", "x", str(customer.pk)):
        answer = signed_in(agent).post(f"/customers/{customer.pk}/", {"action": "part", "other": other})
        assert answer.status_code == 404


def test_an_owner_says_how_long_data_are_kept(owner: Person) -> None:
    client = signed_in(owner)
    client.post("/settings/privacy/", {"texts": "730", "uploads": "", "customers": "", "events": ""})
    assert Business.objects.get().retention == {
        "texts": 730,
        "customers": None,
        "uploads": None,
        "events": None,
    }
    answer = client.post("/settings/privacy/", {"texts": "long"})
    assert answer.status_code == 400
    assert "is no number of days" in answer.content.decode()


def test_a_manager_sees_the_limits_and_an_agent_does_not(manager: Person, agent: Person) -> None:
    client = signed_in(manager)
    assert client.get("/settings/privacy/").status_code == 200
    assert client.post("/settings/privacy/", {"texts": "5"}).status_code == 400
    assert signed_in(agent).get("/settings/privacy/").status_code == 404


def test_a_merged_customer_is_found_by_its_own_key(agent: Person, customer: Customer, now: datetime) -> None:
    merge_customers(customer, other=CustomerKey.objects.get(value="K-2").customer, who=agent, now=now)
    text = signed_in(agent).get("/customers/?q=K-2").content.decode()
    assert f'href="/customers/{customer.pk}/"' in text
