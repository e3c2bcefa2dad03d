"""Requests that a program marks with a key of its own are done once, however often they are sent.

Of a request and its mark only keyed hashes are kept, and answers hold numbers, ids and what the business
wrote: nothing that a customer said, or is known by, is left in them to be erased.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from forvent.errors import ForventError
from forvent_server.actions.erased import digest as keyed
from forvent_server.store.models import ApiKey, Sent
from forvent_server.store.sealing import seal, unseal

KEPT = timedelta(hours=24)
#: Old marks let go in one go, so that no request waits for many.
MOST_LET_GO = 200


class Conflict(ForventError):
    """The mark of a request was used for another one."""

    code = "conflict"


@dataclass(frozen=True, slots=True)
class Done:
    """The answer to a request; ``again`` where it had been done before."""

    status: int
    answer: dict[str, Any]
    again: bool = False


def once(
    key: ApiKey, mark: str, *, digest: str, now: datetime, do: Callable[[], tuple[int, dict[str, Any]]]
) -> Done:
    """What the request does, or what it was answered when it came before.

    ``do`` and the memory of it are one transaction: after a crash it was either done or not. Of two that come
    at once, one waits for the other and is answered as it was.

    Raises
    ------
    Conflict
        If another request came under the same mark within 24 hours.
    """
    named, same = keyed(f"mark {mark}"), keyed(f"request {digest}")
    before = Sent.objects.filter(key=key, mark=named, at__gt=now - KEPT).first()
    if before is not None:
        return _again(before, digest=same)
    with transaction.atomic():
        _let_go(key, named, now=now)
        # Kept before it is done: whoever brings the same meanwhile waits here, and does nothing.
        kept, fresh = Sent.objects.get_or_create(
            key=key, mark=named, defaults={"digest": same, "status": 0, "answer": "", "at": now}
        )
        if not fresh:
            return _again(kept, digest=same)
        kept.status, answer = do()
        # An answer may hold a secret that is shown once.
        kept.answer = seal(json.dumps(answer), of="answer")
        kept.save(update_fields=["status", "answer"])
    return Done(kept.status, answer)


def _again(before: Sent, *, digest: str) -> Done:
    if before.digest != digest:
        raise Conflict(
            "Another request was sent under this Idempotency-Key.",
            hint="Use a new key for each request, and the same only to send the same again.",
        )
    return Done(before.status, json.loads(unseal(before.answer, of="answer")), again=True)


def _let_go(key: ApiKey, mark: str, *, now: datetime) -> None:
    old = Sent.objects.filter(at__lte=now - KEPT)
    old.filter(key=key, mark=mark).delete()
    old.filter(pk__in=list(old.values_list("pk", flat=True)[:MOST_LET_GO])).delete()
