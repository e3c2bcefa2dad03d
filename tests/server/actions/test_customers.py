"""Customers: merged by keys and never by a name, parted again, agreed with."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import datetime

import pytest
from customer_history import brought, history_of_jana, voice

from forvent.errors import BadOption
from forvent_server.actions.customer_export import export_customer
from forvent_server.actions.customers import (
    add_customer_key,
    customer_known_by,
    keep_consent,
    merge_customers,
    name_customer,
    part_customers,
)
from forvent_server.actions.people import NotAllowed
from forvent_server.store.models import Customer, CustomerKey, Event, Person, Voice
from forvent_server.store.same import merged_customers, whole_customer
from forvent_server.stored import _understood


@pytest.fixture
def three(now: datetime, db: None) -> list[Customer]:
    brought(*(voice(f"v{n}", f"Words {n}.", customer=f"K-{n}") for n in (1, 2, 3)), now=now)
    return [CustomerKey.objects.get(value=f"K-{n}").customer for n in (1, 2, 3)]


def test_merges_over_several_steps_are_one_customer_and_can_be_taken_back(
    three: list[Customer], agent: Person, now: datetime
) -> None:
    first, second, third = three
    merge_customers(second, other=third, who=agent, now=now)
    merge_customers(first, other=second, who=agent, now=now)
    assert merged_customers() == {second.pk: first.pk, third.pk: first.pk}
    assert whole_customer(first) == [first, second, third]
    second.refresh_from_db()
    part_customers(second, who=agent, now=now)
    assert merged_customers() == {third.pk: second.pk}
    assert list(Event.objects.order_by("pk").values_list("what", flat=True))[-3:] == [
        "merge customers",
        "merge customers",
        "part customers",
    ]


def test_the_loop_sees_merged_customers_as_one(three: list[Customer], agent: Person, now: datetime) -> None:
    first, second, third = three
    merge_customers(first, other=third, who=agent, now=now)
    rows = [row for batch in _understood(Voice.objects.order_by("pk")) for row, _ in batch]
    assert [row.customer_id for row in rows] == [first.pk, second.pk, first.pk]
    assert Voice.objects.get(text="Words 3.").customer == third


def test_one_customer_is_not_merged_with_itself(three: list[Customer], agent: Person, now: datetime) -> None:
    first, second, _ = three
    merge_customers(first, other=second, who=agent, now=now)
    for kept, other in ((first, first), (second, first), (first, second)):
        with pytest.raises(BadOption) as caught:
            merge_customers(kept, other=other, who=agent, now=now)
        assert caught.value.message == "These two are one customer already."


def test_a_customer_is_known_by_keys_and_never_by_a_name(
    three: list[Customer], agent: Person, now: datetime
) -> None:
    first, second, third = three
    name_customer(first, name="Jana Nova", who=agent, now=now)
    add_customer_key(second, kind="email", value="Jana@example.org", who=agent, now=now)
    assert customer_known_by("jana@EXAMPLE.org") == second
    assert customer_known_by(f"#{third.pk}") == third
    for text in ("Jana Nova", "", "#99999999999999999999"):
        with pytest.raises(BadOption, match="No customer is known by"):
            customer_known_by(text)
    CustomerKey.objects.create(customer=third, kind="account", value="jana@example.org")
    with pytest.raises(BadOption, match="Several customers are known by"):
        customer_known_by("jana@example.org")


def test_a_key_belongs_to_one_customer(three: list[Customer], agent: Person, now: datetime) -> None:
    first, second, _ = three
    with pytest.raises(BadOption) as caught:
        add_customer_key(first, kind="id", value="K-2", who=agent, now=now)
    assert str(caught.value) == f"That is a key of customer {second.pk}. Merge the two if they are one."
    with pytest.raises(BadOption, match="no kind or no value"):
        add_customer_key(first, kind="shoe size", value="44", who=agent, now=now)


def test_what_is_agreed_to_is_kept_with_when_and_by_whom(
    three: list[Customer], agent: Person, now: datetime
) -> None:
    keep_consent(three[0], purpose="surveys", given=True, who=agent, now=now)
    keep_consent(three[0], purpose="quotes", given=False, who=agent, now=now)
    assert Customer.objects.get(pk=three[0].pk).consent == {
        "surveys": {"given": True, "at": now.isoformat(), "by": "Finn Aas"},
        "quotes": {"given": False, "at": now.isoformat(), "by": "Finn Aas"},
    }
    with pytest.raises(BadOption, match="There is no purpose 'spam'"):
        keep_consent(three[0], purpose="spam", given=True, who=agent, now=now)


def test_a_reader_changes_nothing(three: list[Customer], reader: Person, now: datetime) -> None:
    for change in (
        lambda: merge_customers(three[0], other=three[1], who=reader, now=now),
        lambda: part_customers(three[0], who=reader, now=now),
        lambda: name_customer(three[0], name="x", who=reader, now=now),
    ):
        with pytest.raises(NotAllowed):
            change()


def test_everything_known_of_a_customer_is_handed_out_and_nothing_of_others(
    manager: Person, now: datetime
) -> None:
    customer = history_of_jana(now)
    kept = zipfile.ZipFile(io.BytesIO(export_customer(customer, who=manager, now=now)))
    assert kept.namelist() == [
        "customer.json",
        "voices.json",
        "episodes.json",
        "corrections.json",
        "events.json",
    ]
    said = json.loads(kept.read("voices.json"))
    assert [one["text"][:10] for one in said] == ["My order A"]
    assert said[0]["mentions"][0]["quote"] == "My order A-77 arrived late"
    order = json.loads(kept.read("episodes.json"))[0]
    assert (order["key"], len(order["promises"])) == ("A-77", 1)
    assert json.loads(kept.read("customer.json"))["keys"][0]["value"] == "K-1"
    assert Event.objects.filter(what="export customer", about=f"customer:{customer.pk}").exists()


def test_an_agent_hands_nothing_out(agent: Person, now: datetime) -> None:
    customer = history_of_jana(now)
    with pytest.raises(NotAllowed, match="Finn Aas may not hand out"):
        export_customer(customer, who=agent, now=now)
