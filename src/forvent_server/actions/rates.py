"""How often a key asks: counted in memory, and put together over all processes now and then."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F

from forvent_server.store.models import ApiKey, KeyUse

#: Requests and seconds after which a process tells the others how often it was asked.
TELL_AFTER, TELL_EVERY = 100, 2.0


@dataclass(frozen=True, slots=True)
class Rate:
    """What is left of the minute; ``reset`` are seconds until the next."""

    limit: int
    left: int
    reset: int

    @property
    def over(self) -> bool:
        """Whether it was one too many."""
        return self.left < 0


@dataclass(slots=True)
class _Count:
    minute: int
    others: int = 0
    told: int = 0
    own: int = 0
    told_at: float = 0.0


_counts: dict[int, _Count] = {}
_one_at_a_time = threading.Lock()


def counted(key: ApiKey, *, limit: int, now: datetime) -> Rate:
    """One more request of a key; processes may let pass what they did not tell each other yet."""
    second = now.timestamp()
    minute = int(second // 60)
    with _one_at_a_time:
        count = _counts.get(key.pk)
        if count is None or count.minute != minute:
            count = _counts[key.pk] = _Count(minute, told_at=second)
        count.own += 1
        telling = count.own - count.told
        due = telling >= TELL_AFTER or second - count.told_at >= TELL_EVERY
        if due:
            count.told, count.told_at = count.own, second
    if due:
        count.others = _told(key, minute=minute, times=telling) - count.own
    left = limit - count.own - max(0, count.others)
    return Rate(limit=limit, left=left, reset=60 - int(second % 60))


@transaction.atomic
def _told(key: ApiKey, *, minute: int, times: int) -> int:
    """How often the key was used in this minute by what all processes told."""
    changed = KeyUse.objects.filter(key=key, minute=minute).update(times=F("times") + times)
    if not changed:
        KeyUse.objects.filter(minute__lt=minute - 10).delete()
        KeyUse.objects.bulk_create(
            [KeyUse(key=key, minute=minute, times=times)],
            update_conflicts=True,
            unique_fields=["key", "minute"],
            update_fields=["times"],
        )
    return int(KeyUse.objects.values_list("times", flat=True).get(key=key, minute=minute))
