"""How often another moment was promised after the first: a word that is moved is no word that is kept."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from forvent.records import Estimate, NotEnough
from forvent.stats import wilson
from forvent_server.store.models import Promise

#: Below so many episodes with a promise there is no share.
LEAST = 5


def promised_again() -> Estimate | NotEnough:
    """Share of the episodes with a promise for which another moment was promised later, with its interval."""
    return _until(Promise.objects.order_by("-pk").values_list("pk", "episode_id", "promised").first())


@lru_cache(maxsize=2)
def _until(_last: tuple[int, int, datetime] | None) -> Estimate | NotEnough:
    # Counted anew with the next promise only: over a million episodes it takes a while.
    promised = Promise.objects.filter(number=1).count()
    if promised < LEAST:
        return NotEnough(n=promised, needed=LEAST, why="too few episodes have a promise")
    return wilson(Promise.objects.filter(number=2).count(), promised)
