"""Which customers are one, after all merges."""

from __future__ import annotations

from collections.abc import Mapping

from forvent_server.store.models import Customer


def merged_customers() -> dict[int | None, int]:
    """The customer that each merged one belongs to, over any number of merges."""
    # Above zero are all that are there, and read along the index.
    into = dict(Customer.objects.filter(merged_into__gt=0).values_list("pk", "merged_into_id"))
    return {pk: _last(pk, into) for pk in into}


def _last(pk: int, into: Mapping[int, int | None]) -> int:
    seen = {pk}
    while (following := into.get(pk)) is not None and following not in seen:
        pk = following
        seen.add(pk)
    return pk


def whole_customer(customer: Customer) -> list[Customer]:
    """The customer and all that were merged into it, itself first."""
    found, waiting = [customer], [customer.pk]
    while waiting:
        known = {one.pk for one in found}
        further = list(Customer.objects.filter(merged_into__in=waiting).exclude(pk__in=known).order_by("pk"))
        found += further
        waiting = [one.pk for one in further]
    return found
