"""Customers: who they are to you, everything of one, and letting go of one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.timezone import now
from ninja import Query, Router, Schema
from pydantic import Field

from forvent_server.actions.customer_export import export_customer
from forvent_server.actions.erasing import erase_customer
from forvent_server.api.door import Asked, person_of
from forvent_server.api.sending import Mark, sent
from forvent_server.api.shapes import Cursor, Given, Key, Limit, Page, asked, optional, paged
from forvent_server.store.models import Customer

router = Router()


class CustomerShown(Schema):
    """A customer and the ids by which you know them."""

    id: int
    ids: list[str]
    language: str
    first_seen_at: datetime | None
    merged_into: int | None
    erased_at: datetime | None
    consent: dict[str, Any]


class CustomersAsked(Schema):
    """Which customers are wanted."""

    customer: str = asked(300, "Your id of the customer")
    erased: bool | None = optional(description="Only those that were erased, or only the others")


class ErasureGiven(Given):
    """It cannot be taken back: say so."""

    for_good: bool = Field(description="Must be true")


@router.get("", response=Page[CustomerShown], summary="Read customers, the newest first")
def read_customers(
    request: Asked, wanted: Query[CustomersAsked], cursor: Cursor = None, limit: Limit = 100
) -> dict[str, Any]:
    """All customers that fit everything that was asked for."""
    rows = Customer.objects.prefetch_related("keys")
    if wanted.customer:
        rows = rows.filter(keys__value=wanted.customer)
    if wanted.erased is not None:
        rows = rows.exclude(erased_at=None) if wanted.erased else rows.filter(erased_at=None)
    found, following = paged(rows.distinct(), cursor=cursor, limit=limit)
    return {"items": [_shown(row) for row in found], "next": following}


@router.get("/{pk}", response=CustomerShown, summary="Read one customer")
def read_customer(request: Asked, pk: Key) -> dict[str, Any]:
    """One customer; their voices and episodes are found by it."""
    return _shown(get_object_or_404(Customer.objects.prefetch_related("keys"), pk=pk))


@router.post("/{pk}/export", response=None, summary="Hand out everything of a customer")
def hand_out(request: Asked, pk: Key) -> HttpResponse:
    """A zip of JSON files with everything that is known of a customer; kept in the audit."""
    customer = get_object_or_404(Customer, pk=pk)
    content = export_customer(customer, who=person_of(request), now=now())
    return HttpResponse(
        content,
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="customer-{pk}.zip"'},
    )


@router.post("/{pk}/erase", response=dict[str, Any], summary="Erase a customer")
def erase(request: Asked, pk: Key, given: ErasureGiven, mark: Mark = None) -> HttpResponse:
    """Their words, name and ids are gone for good; counts and assessments stay."""
    customer = get_object_or_404(Customer, pk=pk)

    def let_go() -> dict[str, Any]:
        if given.for_good:
            erase_customer(customer, who=person_of(request), now=now())
        return {"erased": given.for_good}

    return sent(request, mark, let_go)


def _shown(row: Customer) -> dict[str, Any]:
    return {
        "id": row.pk,
        "ids": sorted(key.value for key in row.keys.all()),
        "language": row.language,
        "first_seen_at": row.first_seen_at,
        "merged_into": row.merged_into_id,
        "erased_at": row.erased_at,
        "consent": row.consent,
    }
