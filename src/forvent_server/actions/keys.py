"""Keys at work: whose a secret is, and how often it was used lately."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from forvent_server.actions.people import hashed
from forvent_server.store.models import ApiKey
from forvent_server.store.prepared import Prepared

#: ``used_at`` is written at most so often, so that reading does not become writing.
NOTED_EVERY = timedelta(minutes=1)
#: Asked anew at every request: a key that was ended holds no longer than until the next one.
_KEY = Prepared(
    lambda start: ApiKey.objects.filter(start=start, ended_at=None).only(
        "name", "key_hash", "scopes", "made_by", "used_at"
    )
)


@dataclass(frozen=True, slots=True)
class Held:
    """A key that holds, and what it may do."""

    key: ApiKey

    def may(self, scope: str) -> bool:
        """Whether the key has the scope."""
        return scope in self.key.scopes


def holder(secret: str, *, now: datetime) -> Held | None:
    """The key whose secret it is; None where it is unknown or ended. Takes as long for a wrong one."""
    parts = secret.split("_", 2)
    start = parts[1] if len(parts) == 3 and parts[0] == "fv" else ""
    key: ApiKey | None = _KEY.first(start)
    right = hmac.compare_digest(key.key_hash if key else "0" * 64, hashed(secret))
    if key is None or not right:
        return None
    if key.used_at is None or now - key.used_at > NOTED_EVERY:
        ApiKey.objects.filter(pk=key.pk).update(used_at=now)
    return Held(key)
