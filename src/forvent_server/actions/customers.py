"""Customers: found by their keys; merged and taken apart again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from datetime import datetime

from django.db import transaction

from forvent.errors import BadOption
from forvent_server.actions.events import record
from forvent_server.actions.people import NotAllowed
from forvent_server.actions.queue import enqueue
from forvent_server.store.many import put_in_many
from forvent_server.store.models import Customer, CustomerKey, Person
from forvent_server.store.same import merged_customers

#: What a channel may know a customer by.
KEY_KINDS = ("id", "email", "phone", "account")
#: What a customer may agree to: to be asked, to be written to, to be quoted in public.
PURPOSES = ("surveys", "messages", "quotes")


def customers_by_key(values: Set[str], *, now: datetime, kind: str = "id") -> dict[str, int]:
    """The customer of each key of a kind, made where there is none; called inside a transaction."""
    if not values:
        return {}
    short = {value: value[:300] for value in values}
    known = _owners(kind, short.values())
    missing = sorted(set(short.values()) - known.keys())
    if missing:
        known |= _made(missing, kind=kind, now=now)
    return {value: known[cut] for value, cut in short.items()}


def _made(values: Sequence[str], *, kind: str, now: datetime) -> dict[str, int]:
    """New customers, each known by a value; somebody else's who was made at this moment stays theirs."""
    pks = [
        pk for (pk,) in put_in_many(Customer, [(now,)] * len(values), columns=("first_seen_at",), alike={})
    ]
    taken = dict(
        put_in_many(
            CustomerKey,
            list(zip(values, pks, strict=True)),
            columns=("value", "customer_id"),
            alike={"kind": kind},
            unique=("kind", "value"),
            told=("value", "customer_id"),
        )
    )
    if len(taken) < len(values):
        Customer.objects.filter(pk__in=set(pks) - set(taken.values())).delete()
        taken |= _owners(kind, set(values) - taken.keys())
    return taken


def _owners(kind: str, values: Iterable[str]) -> dict[str, int]:
    found = CustomerKey.objects.filter(kind=kind, value__in=set(values))
    return dict(found.values_list("value", "customer_id"))


@transaction.atomic
def merge_customers(kept: Customer, *, other: Customer, who: Person, now: datetime) -> None:
    """Two customers turn out to be one. Nothing of either is lost, so that it can be taken back.

    Raises
    ------
    NotAllowed
        If who asks is no agent.
    BadOption
        If they are one already, or one of them was erased.
    """
    _check_agent(who)
    list(Customer.objects.select_for_update().filter(pk__in=(kept.pk, other.pk)).order_by("pk"))
    one_of = merged_customers()
    if one_of.get(kept.pk, kept.pk) == one_of.get(other.pk, other.pk):
        raise BadOption("These two are one customer already.", hint="Choose another customer.")
    if kept.erased_at or other.erased_at:
        raise BadOption("One of the two was erased.", hint="Nothing is left of it that could be merged.")
    first = one_of.get(other.pk, other.pk)
    Customer.objects.filter(pk=first).update(merged_into=one_of.get(kept.pk, kept.pk))
    record("merge customers", who=who, now=now, about=kept, other=first)
    enqueue("assess", key="all", now=now)


@transaction.atomic
def part_customers(other: Customer, *, who: Person, now: datetime) -> None:
    """Take back that a customer was merged into another.

    Raises
    ------
    NotAllowed
        If who asks is no agent.
    """
    _check_agent(who)
    record("part customers", who=who, now=now, about=other, merged_into=other.merged_into_id)
    Customer.objects.filter(pk=other.pk).update(merged_into=None)
    enqueue("assess", key="all", now=now)


def customer_known_by(text: str) -> Customer:
    """The customer that a number, an address or an id names: never a name alone, which two may share.

    Raises
    ------
    BadOption
        If it names nobody, or several.
    """
    wanted = text.strip()[:300]
    number = wanted.removeprefix("#")
    if wanted.startswith("#") and number.isdecimal() and len(number) < 19:
        found = list(Customer.objects.filter(pk=int(number), erased_at=None))
    else:
        found = list(Customer.objects.filter(keys__value__iexact=wanted).distinct()[:2]) if wanted else []
    if len(found) != 1:
        many = "Several customers are" if found else "No customer is"
        raise BadOption(
            f"{many} known by '{wanted}'.",
            hint="Give an id, an address, a number or #17; a name alone is not enough.",
        )
    return found[0]


@transaction.atomic
def name_customer(customer: Customer, *, name: str, who: Person, now: datetime) -> None:
    """What the customer is called."""
    _check_living(customer, who=who)
    Customer.objects.filter(pk=customer.pk).update(name=name.strip()[:200])
    record("name customer", who=who, now=now, about=customer)


@transaction.atomic
def add_customer_key(customer: Customer, *, kind: str, value: str, who: Person, now: datetime) -> None:
    """One more name by which a channel knows the customer.

    Raises
    ------
    BadOption
        If it is empty, of no known kind, or somebody else's.
    """
    _check_living(customer, who=who)
    wanted = value.strip()[:300]
    if kind not in KEY_KINDS or not wanted:
        raise BadOption("The key has no kind or no value.", hint=f"Kinds are {', '.join(KEY_KINDS)}.")
    made, fresh = CustomerKey.objects.get_or_create(kind=kind, value=wanted, defaults={"customer": customer})
    if made.customer_id != customer.pk:
        raise BadOption(
            f"That is a key of customer {made.customer_id}.", hint="Merge the two if they are one."
        )
    if fresh:
        record("add customer key", who=who, now=now, about=customer, kind=kind)


@transaction.atomic
def keep_consent(customer: Customer, *, purpose: str, given: bool, who: Person, now: datetime) -> None:
    """What the customer agreed to, or agrees to no more.

    Raises
    ------
    BadOption
        If the purpose is not known.
    """
    _check_living(customer, who=who)
    if purpose not in PURPOSES:
        raise BadOption(f"There is no purpose '{purpose}'.", hint=f"They are {', '.join(PURPOSES)}.")
    held = Customer.objects.select_for_update().get(pk=customer.pk)
    held.consent = held.consent | {purpose: {"given": given, "at": now.isoformat(), "by": who.name}}
    held.save(update_fields=["consent"])
    record("keep consent", who=who, now=now, about=customer, purpose=purpose, given=given)


def _check_agent(who: Person) -> None:
    if not who.may("agent"):
        raise NotAllowed(f"{who.name} may not change customers.", hint="Ask an agent.")


def _check_living(customer: Customer, *, who: Person) -> None:
    _check_agent(who)
    if Customer.objects.filter(pk=customer.pk).exclude(erased_at=None).exists():
        raise BadOption("This customer was erased.", hint="Nothing can be added to it.")
