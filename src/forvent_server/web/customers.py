"""Customers: found by a key or a name, and one with the whole history."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404

from forvent.errors import BadOption, ForventError
from forvent_server.actions.customer_export import export_customer
from forvent_server.actions.customers import (
    KEY_KINDS,
    PURPOSES,
    add_customer_key,
    customer_known_by,
    keep_consent,
    merge_customers,
    name_customer,
    part_customers,
)
from forvent_server.actions.erasing import erase_customer
from forvent_server.store.models import Customer, CustomerKey
from forvent_server.store.same import merged_customers, whole_customer
from forvent_server.web.history import Entry, history
from forvent_server.web.pages import Asked, draw, now, page
from forvent_server.web.told import told

#: Customers, or moments of a history, of one page.
SHOWN = 40


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """A customer in the list."""

    customer: Customer
    keys: tuple[str, ...]
    voices: int
    episodes: int


@dataclass(frozen=True, slots=True)
class CustomersPage:
    """Customers that were asked for, those that came last first."""

    q: str
    rows: tuple[CustomerRow, ...]
    older: str


@dataclass(frozen=True, slots=True)
class CustomerPage:
    """One customer: keys, consent, who is the same, and everything that happened."""

    customer: Customer
    merged: tuple[tuple[Customer, tuple[CustomerKey, ...]], ...]
    keys: tuple[CustomerKey, ...]
    alike: tuple[Customer, ...]
    consent: tuple[tuple[str, Mapping[str, object]], ...]
    kinds: tuple[str, ...]
    entries: tuple[Entry, ...]
    counts: Mapping[str, int]
    older: str
    wrong: str = ""


@page(role="agent")
def customers_page(request: Asked) -> HttpResponse:
    """The list."""
    q = request.GET.get("q", "").strip()[:200]
    found = _asked(q)
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 19:
        found = found.filter(pk__lt=int(before))
    rows = list(found.prefetch_related("keys").order_by("-pk")[: SHOWN + 1])
    more = {"q": q} if q else {}
    older = f"?{urlencode(more | {'before': str(rows[SHOWN - 1].pk)})}" if len(rows) > SHOWN else ""
    return draw(request, "pages/customers.html", CustomersPage(q, _rows(rows[:SHOWN]), older))


def _asked(q: str) -> QuerySet[Customer]:
    """Customers who are still one of their own; those that a key or a name begins with."""
    found = Customer.objects.filter(erased_at=None, merged_into=None)
    if not q:
        return found
    keyed = CustomerKey.objects.filter(value__istartswith=q).values("customer")[: SHOWN * 25]
    named = Customer.objects.filter(name__icontains=q).values("pk")[: SHOWN * 25]
    one_of = merged_customers()
    pks = {
        one_of.get(pk, pk)
        for pk in [*keyed.values_list("customer", flat=True), *named.values_list("pk", flat=True)]
    }
    if q.removeprefix("#").isdecimal() and len(q) < 19:
        pks.add(int(q.removeprefix("#")))
    return found.filter(pk__in=pks)


def _rows(customers: list[Customer]) -> tuple[CustomerRow, ...]:
    counted = {
        name: dict(
            Customer.objects.filter(pk__in=[one.pk for one in customers])
            .annotate(n=Count(name))
            .values_list("pk", "n")
        )
        for name in ("voices", "episodes")
    }
    return tuple(
        CustomerRow(
            one,
            tuple(key.value for key in one.keys.all()),
            counted["voices"][one.pk],
            counted["episodes"][one.pk],
        )
        for one in customers
    )


@page(role="agent", methods=("GET", "POST"))
def customer_page(request: Asked, pk: int) -> HttpResponse:
    """One customer; agents merge and name, managers export and erase."""
    customer = get_object_or_404(Customer, pk=pk)
    if request.method != "POST":
        if customer.merged_into_id:
            return HttpResponseRedirect(f"/customers/{merged_customers()[customer.pk]}/")
        return _one(request, customer)
    try:
        change = CHANGES.get(request.POST.get("action", ""))
        if change is None:
            raise BadOption("Nothing was asked for.", hint="Use a button of the page.")
        return change(request, customer)
    except ForventError as error:
        return _one(request, customer, wrong=told(request, error))


@page(role="manager", methods=("POST",))
def customer_export_page(request: Asked, pk: int) -> HttpResponse:
    """Everything that is known of a customer, as a zip."""
    customer = get_object_or_404(Customer, pk=pk)
    answer = HttpResponse(
        export_customer(customer, who=request.user, now=now()), content_type="application/zip"
    )
    answer.headers["Content-Disposition"] = f'attachment; filename="customer-{customer.pk}.zip"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _merge(request: Asked, customer: Customer) -> HttpResponse:
    other = customer_known_by(request.POST.get("other", ""))
    merge_customers(customer, other=other, who=request.user, now=now())
    return _back(customer)


def _part(request: Asked, customer: Customer) -> HttpResponse:
    other = get_object_or_404(Customer, pk=_number(request, "other"), merged_into__isnull=False)
    part_customers(other, who=request.user, now=now())
    return _back(customer)


def _name(request: Asked, customer: Customer) -> HttpResponse:
    name_customer(customer, name=request.POST.get("name", ""), who=request.user, now=now())
    return _back(customer)


def _key(request: Asked, customer: Customer) -> HttpResponse:
    given = {name: request.POST.get(name, "") for name in ("kind", "value")}
    add_customer_key(customer, who=request.user, now=now(), **given)
    return _back(customer)


def _consent(request: Asked, customer: Customer) -> HttpResponse:
    keep_consent(
        customer,
        purpose=request.POST.get("purpose", ""),
        given=request.POST.get("given") == "yes",
        who=request.user,
        now=now(),
    )
    return _back(customer)


def _erase(request: Asked, customer: Customer) -> HttpResponse:
    if request.POST.get("sure") != str(customer.pk):
        raise BadOption("Erasing cannot be taken back.", hint=f"Write {customer.pk} to confirm it.")
    erase_customer(customer, who=request.user, now=now())
    return _back(customer)


CHANGES: Mapping[str, Callable[[Asked, Customer], HttpResponse]] = {
    "merge": _merge,
    "part": _part,
    "name": _name,
    "key": _key,
    "consent": _consent,
    "erase": _erase,
}


def _back(customer: Customer) -> HttpResponse:
    return HttpResponseRedirect(f"/customers/{customer.pk}/")


def _number(request: Asked, name: str) -> int:
    text = request.POST.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 19 else 0


def _one(request: Asked, customer: Customer, *, wrong: str = "") -> HttpResponse:
    customer.refresh_from_db()
    whole = whole_customer(customer)
    keys = list(CustomerKey.objects.filter(customer__in=whole).order_by("pk"))
    entries = history(whole)
    start = min(_from(request), len(entries))
    shown = CustomerPage(
        customer=customer,
        merged=tuple((one, tuple(key for key in keys if key.customer_id == one.pk)) for one in whole[1:]),
        keys=tuple(key for key in keys if key.customer_id == customer.pk),
        alike=_alike(keys, whole=whole),
        consent=tuple((purpose, customer.consent.get(purpose, {})) for purpose in PURPOSES),
        kinds=KEY_KINDS,
        entries=tuple(entries[start : start + SHOWN]),
        counts={
            "voices": sum(entry.voice is not None for entry in entries),
            "episodes": sum(entry.episode is not None for entry in entries),
        },
        older=f"?from={start + SHOWN}" if start + SHOWN < len(entries) else "",
        wrong=wrong,
    )
    return draw(request, "pages/customer.html", shown, status=400 if wrong else 200)


def _from(request: Asked) -> int:
    text = request.GET.get("from", "")
    return int(text) if text.isdecimal() and len(text) < 9 else 0


def _alike(keys: list[CustomerKey], *, whole: list[Customer]) -> tuple[Customer, ...]:
    """Other customers with a key of the same value: never those of the same name."""
    same = Q(pk__in=[])
    for value in {key.value for key in keys}:
        same |= Q(value__iexact=value)
    found = CustomerKey.objects.filter(same).exclude(customer__in=whole).values("customer")
    return tuple(Customer.objects.filter(pk__in=found, erased_at=None, merged_into=None)[:5])
