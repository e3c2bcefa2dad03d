"""Requests that a program marks with a key of its own are done once, however often they are sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from forvent.errors import ForventError
from forvent_server.store.models import ApiKey, Sent

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

    ``do`` and the memory of it are one transaction: after a crash it was either done or not.

    Raises
    ------
    Conflict
        If another request came under the same mark within 24 hours.
    """
    known = _known(key, mark, digest=digest, now=now)
    if known is not None:
        return known
    try:
        with transaction.atomic():
            _let_go(now)
            status, answer = do()
            Sent.objects.create(key=key, mark=mark, digest=digest, status=status, answer=answer, at=now)
    except IntegrityError:
        # The same request came twice at once; the other one was first, and what this one did is undone.
        known = _known(key, mark, digest=digest, now=now)
        if known is None:
            raise
        return known
    return Done(status, answer)


def _known(key: ApiKey, mark: str, *, digest: str, now: datetime) -> Done | None:
    before = Sent.objects.filter(key=key, mark=mark, at__gt=now - KEPT).first()
    if before is None:
        return None
    if before.digest != digest:
        raise Conflict(
            "Another request was sent under this Idempotency-Key.",
            hint="Use a new key for each request, and the same only to send the same again.",
        )
    return Done(before.status, before.answer, again=True)


def _let_go(now: datetime) -> None:
    old = Sent.objects.filter(at__lte=now - KEPT).values_list("pk", flat=True)[:MOST_LET_GO]
    Sent.objects.filter(pk__in=list(old)).delete()
