"""How long each kind of data is kept, and what happens to it afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Coalesce

from forvent.errors import BadOption
from forvent_server.actions.erasing import ENDED, clear_quotes, drop_files, erase_customer, erase_words
from forvent_server.actions.events import record
from forvent_server.actions.people import NotAllowed
from forvent_server.actions.queue import enqueue
from forvent_server.store.forgetting import overwrite_what_goes
from forvent_server.store.models import Business, Customer, Episode, Event, Import, Job, Person, Voice

#: Kinds of data with a time limit each: words, customers nobody heard of since, uploaded files, the audit.
KINDS = ("texts", "customers", "uploads", "events")
#: Files are read once: nobody needs them much longer. The rest is kept until somebody says how long.
UPLOADS_DAYS = 30
SHORTEST, LONGEST = 1, 36500
#: How long a file may lie among the uploads before something names it.
STRAY = timedelta(days=1)
#: Voices, customers or events of one transaction.
AT_ONCE = 500


def kept_days(made: Business) -> dict[str, int | None]:
    """Days that each kind is kept; None without end."""
    return {kind: made.retention.get(kind, UPLOADS_DAYS if kind == "uploads" else None) for kind in KINDS}


@transaction.atomic
def change_retention(days: Mapping[str, int | None], *, who: Person, now: datetime) -> None:
    """How long each kind is kept from now on; what is older goes with the next run.

    Raises
    ------
    NotAllowed
        If who asks is no owner.
    BadOption
        If a kind is unknown or a number of days cannot be.
    """
    if not who.may("owner"):
        raise NotAllowed(f"{who.name} may not change how long data are kept.", hint="Ask an owner.")
    for kind, given in days.items():
        if kind not in KINDS:
            raise BadOption(f"There is no kind of data '{kind}'.", hint=f"They are {', '.join(KINDS)}.")
        if given is not None and not SHORTEST <= given <= LONGEST:
            raise BadOption(
                f"{given} days cannot be.", hint=f"Give {SHORTEST} to {LONGEST} days, or nothing for no end."
            )
    made = Business.objects.select_for_update().get(pk=1)
    made.retention = kept_days(made) | dict(days)
    made.save(update_fields=["retention"])
    record("change retention", who=who, now=now, about=made, **made.retention)
    enqueue("retain", key="daily", now=now)


@transaction.atomic
def change_masking(mask: bool, *, who: Person, now: datetime) -> None:
    """Whether personal data are taken out of texts before these are kept; those that are there stay.

    Raises
    ------
    NotAllowed
        If who asks is no owner.
    """
    if not who.may("owner"):
        raise NotAllowed(
            f"{who.name} may not change whether personal data are taken out of texts.", hint="Ask an owner."
        )
    made = Business.objects.select_for_update().get(pk=1)
    if made.mask == mask:
        return
    made.mask = mask
    made.save(update_fields=["mask"])
    record("change masking", who=who, now=now, about=made, mask="on" if mask else "off")


@transaction.atomic
def forget_texts(*, days: int, now: datetime) -> int:
    """The words of the next oldest voices beyond the limit are gone; how many there were."""
    limit, there = now - timedelta(days=days), Voice.objects.filter(erased_at=None)
    # Each along its own index: nobody can write while all voices are looked through.
    dated = there.filter(time__lt=limit).order_by("time").values_list("pk", flat=True)
    undated = there.filter(time=None, came_at__lt=limit).order_by("came_at").values_list("pk", flat=True)
    pks = list(dated[:AT_ONCE])
    pks += undated[: AT_ONCE - len(pks)]
    return _forget_words(Voice.objects.filter(pk__in=pks), kind="texts", now=now)


@transaction.atomic
def forget_late(*, now: datetime) -> int:
    """Voices of an erased customer that were on their way when it was erased lose their words too."""
    erased = Customer.objects.filter(erased_at__isnull=False)
    return _forget_words(Voice.objects.filter(customer__in=erased.values("pk")), kind="late", now=now)


def _forget_words(voices: QuerySet[Voice], *, kind: str, now: datetime) -> int:
    overwrite_what_goes()
    batch = list(voices.filter(erased_at=None).select_for_update(of=("self",)).order_by("pk")[:AT_ONCE])
    if not batch:
        return 0
    erase_words(batch, now=now)
    clear_quotes({str(voice.pk) for voice in batch}, now=now)
    record("forget words", who=None, now=now, kind=kind, voices=len(batch))
    return len(batch)


@transaction.atomic
def forget_customers(*, days: int, now: datetime) -> int:
    """Customers of whom nothing was heard for so long are erased; how many there were."""
    since = now - timedelta(days=days)
    heard = Voice.objects.alias(at=Coalesce("time", "came_at")).filter(at__gte=since)
    quiet = (
        Customer.objects.filter(erased_at=None, merged_into=None, first_seen_at__lt=since)
        .exclude(Exists(heard.filter(customer=OuterRef("pk"))))
        .exclude(Exists(Episode.objects.filter(customer=OuterRef("pk"), start__gte=since)))
        # Whoever was merged in may have been heard of since: such a customer is looked at by a person.
        .exclude(merged__isnull=False)
        .order_by("pk")[: AT_ONCE // 10]
    )
    found = list(quiet)
    for customer in found:
        erase_customer(customer, who=None, now=now)
    return len(found)


@transaction.atomic
def forget_uploads(*, days: int, now: datetime) -> int:
    """Uploaded files beyond the limit are gone, also those that nobody had read; how many there were."""
    old = Import.objects.filter(made_at__lt=now - timedelta(days=days), state__in=(*ENDED, "uploaded"))
    dropped = drop_files(old)
    if dropped:
        record("forget uploads", who=None, now=now, files=dropped)
    return dropped


def forget_strays(*, now: datetime) -> int:
    """Files among the uploads that nothing names any more: a crash came between file and row. How many."""
    if not settings.UPLOADS.is_dir():
        return 0
    waiting = Job.objects.exclude(state="done").filter(kind="look").values_list("arguments", flat=True)
    named = {Path(arguments.get("file", "")).name for arguments in waiting}
    named.update(Path(path).name for path in Import.objects.values_list("path", flat=True))
    old = (now - STRAY).timestamp()
    strays = [
        path
        for path in settings.UPLOADS.iterdir()
        if path.name not in named and path.is_file() and path.stat().st_mtime < old
    ]
    for path in strays:
        path.unlink(missing_ok=True)
    if strays:
        record("forget strays", who=None, now=now, files=len(strays))
    return len(strays)


@transaction.atomic
def forget_events(*, days: int, now: datetime) -> int:
    """Entries of the audit beyond the limit are gone; how many there were."""
    old = Event.objects.filter(at__lt=now - timedelta(days=days)).order_by("pk")
    pks = list(old.values_list("pk", flat=True)[:AT_ONCE])
    if not pks:
        return 0
    Event.objects.filter(pk__in=pks).delete()
    record("forget events", who=None, now=now, events=len(pks))
    return len(pks)
