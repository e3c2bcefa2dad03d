"""Let go of what is kept too long. At least once: what is gone already is not found again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from forvent_server.actions.queue import enqueue
from forvent_server.actions.retention import (
    forget_customers,
    forget_events,
    forget_late,
    forget_strays,
    forget_texts,
    forget_uploads,
    kept_days,
)
from forvent_server.jobs.work import Work
from forvent_server.store.forgetting import tidy_log, tidy_search
from forvent_server.store.models import Business, Voice

EVERY = timedelta(days=1)
#: Steps of tidying the index in one run; what is left is done the next day.
MOST_STEPS = 2000


def retain(work: Work) -> None:
    """Everything beyond its limit, in small transactions; then what is left of it in the files."""
    business = Business.objects.filter(pk=1).first()
    if business is None:
        return
    days = kept_days(business)
    gone = _all(work, "late", lambda: forget_late(now=work.now()))
    forget_strays(now=work.now())
    kinds = {
        "texts": forget_texts,
        "customers": forget_customers,
        "uploads": forget_uploads,
        "events": forget_events,
    }
    for kind, forget in kinds.items():
        limit = days[kind]
        if limit is not None:
            gone += _all(work, kind, partial(forget, days=limit, now=work.now()))
    if gone or Voice.objects.filter(erased_at__gte=work.now() - EVERY).exists():
        _all(work, "tidy", lambda: int(tidy_search()), most=MOST_STEPS)
        tidy_log()
    enqueue("retain", key="daily", now=work.now(), due_at=work.now() + EVERY)


def _all(work: Work, stage: str, step: Callable[[], int], *, most: int | None = None) -> int:
    """Steps until one finds nothing, or so many."""
    done = steps = 0
    while (most is None or steps < most) and (found := step()):
        done, steps = done + found, steps + 1
        work.progress(stage, done, None)
    return done
