"""Keys at work: whose a secret is, and how often it was used lately."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from forvent_server.actions.people import hashed
from forvent_server.store.models import ApiKey

#: ``used_at`` is written at most so often, so that reading does not become writing.
NOTED_EVERY = timedelta(minutes=1)


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
    key = ApiKey.objects.filter(start=start, ended_at=None).first()
    right = hmac.compare_digest(key.key_hash if key else "0" * 64, hashed(secret))
    if key is None or not right:
        return None
    if key.used_at is None or now - key.used_at > NOTED_EVERY:
        ApiKey.objects.filter(pk=key.pk).update(used_at=now)
    return Held(key)
