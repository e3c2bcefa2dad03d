"""Take episodes in; the first promise of each never changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from django.db import transaction
from django.db.models import Max

from forvent import records
from forvent_server.actions.calendars import policy_now, policy_of
from forvent_server.actions.customers import customers_by_key
from forvent_server.actions.erased import erased_episodes
from forvent_server.actions.voices import TakenIn
from forvent_server.store.models import Episode, Import, Promise


@transaction.atomic
def take_in_episodes(
    episodes: Sequence[records.Episode], *, now: datetime, imported_by: Import | None = None
) -> TakenIn:
    """Episodes into the store. A known one takes over what happened since; another promise is one more."""
    gone = erased_episodes(episodes)
    living = [one for place, one in enumerate(episodes) if place not in gone]
    customers = customers_by_key({one.customer for one in living if one.customer}, now=now)
    last = {one.episode[:200]: one for one in living}
    known = {row.key: row for row in Episode.objects.filter(key__in=last)}
    fresh = [
        Episode(key=key, **_state(one, customers.get(one.customer or "")), imported_by=imported_by)
        for key, one in last.items()
        if key not in known
    ]
    Episode.objects.bulk_create(fresh)
    changed = []
    for key, row in known.items():
        state = _state(last[key], customers.get(last[key].customer or ""))
        if any(getattr(row, name) != value for name, value in state.items()):
            changed.append(row)
            for name, value in {**state, "changed_at": now}.items():
                setattr(row, name, value)
    Episode.objects.bulk_update(
        changed, ["customer_id", "start", "delivered", "cancelled", "groups", "changed_at"], batch_size=100
    )
    rows = {row.key: row for row in [*fresh, *known.values()]}
    _promise_again(rows, last=last, now=now)
    return TakenIn(new=len(fresh), known=len(episodes) - len(fresh))


def _state(one: records.Episode, customer: int | None) -> dict[str, object]:
    return {
        "customer_id": customer,
        "start": one.start.replace(tzinfo=UTC),
        "delivered": one.delivered.replace(tzinfo=UTC) if one.delivered else None,
        "cancelled": one.cancelled,
        "groups": dict(one.groups),
    }


def _promise_again(rows: dict[str, Episode], *, last: dict[str, records.Episode], now: datetime) -> None:
    """One more promise where another moment is promised than the last time."""
    numbers = dict(
        Promise.objects.filter(episode__in=rows.values())
        .values_list("episode_id")
        .annotate(last=Max("number"))
    )
    latest = {
        promise.episode_id: promise
        for promise in Promise.objects.filter(episode__in=rows.values()).order_by("number")
    }
    fresh, policy = [], policy_now()
    for key, row in rows.items():
        one, before = last[key], latest.get(row.pk)
        if one.promised is None:
            continue
        promised = one.promised.replace(tzinfo=UTC)
        if before is None or (before.promised, before.by_day) != (promised, one.by_day):
            number = (numbers.get(row.pk) or 0) + 1
            fresh.append(
                Promise(
                    episode=row,
                    number=number,
                    promised=promised,
                    by_day=one.by_day,
                    made_at=row.start if number == 1 else now,
                    policy=policy_of(promised - row.start, **policy),
                )
            )
    Promise.objects.bulk_create(fresh)
