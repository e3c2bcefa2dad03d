"""Customers: found by their keys; merged and taken apart again."""

from __future__ import annotations

from collections.abc import Iterable, Set
from datetime import datetime

from django.db import transaction

from forvent_server.actions.events import record
from forvent_server.store.models import Customer, CustomerKey, Person


def customers_by_key(values: Set[str], *, now: datetime, kind: str = "id") -> dict[str, int]:
    """The customer of each key of a kind, made where there is none; called inside a transaction."""
    short = {value: value[:300] for value in values}
    known = _owners(kind, short.values())
    missing = sorted(set(short.values()) - known.keys())
    made = Customer.objects.bulk_create([Customer(first_seen_at=now) for _ in missing])
    CustomerKey.objects.bulk_create(
        [
            CustomerKey(customer=customer, kind=kind, value=value)
            for customer, value in zip(made, missing, strict=True)
        ],
        ignore_conflicts=True,
    )
    if missing:
        known |= _owners(kind, missing)
        # Somebody else may have made the same customer at this moment: theirs stays.
        Customer.objects.filter(pk__in={customer.pk for customer in made} - set(known.values())).delete()
    return {value: known[cut] for value, cut in short.items()}


def _owners(kind: str, values: Iterable[str]) -> dict[str, int]:
    found = CustomerKey.objects.filter(kind=kind, value__in=set(values))
    return dict(found.values_list("value", "customer_id"))


@transaction.atomic
def merge_customers(kept: Customer, *, other: Customer, who: Person, now: datetime) -> None:
    """Two customers turn out to be one. Nothing of either is lost, so that it can be taken back."""
    if kept.pk == other.pk or kept.merged_into_id == other.pk:
        raise ValueError("A customer cannot be merged into itself.")
    Customer.objects.filter(pk=other.pk).update(merged_into=kept)
    record("merge customers", who=who, now=now, about=kept, other=other.pk)


@transaction.atomic
def part_customers(other: Customer, *, who: Person, now: datetime) -> None:
    """Take back that a customer was merged into another."""
    record("part customers", who=who, now=now, about=other, merged_into=other.merged_into_id)
    Customer.objects.filter(pk=other.pk).update(merged_into=None)
