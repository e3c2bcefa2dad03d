"""What a job is given, and what kinds of jobs there are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeAlias

from forvent_server.actions.queue import keep
from forvent_server.store.models import Job


class Lost(Exception):
    """Somebody else has the job by now; what was done so far is theirs to do again."""


class Stopping(Exception):
    """The worker was asked to stop; the job is given back."""


@dataclass(frozen=True)
class Work:
    """A claimed job at work."""

    job: Job
    stopping: Callable[[], bool]
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    def now(self) -> datetime:
        """The moment it is."""
        return self.clock()

    def progress(self, stage: str, done: int, total: int | None) -> None:
        """Tell how far it is, and renew the claim.

        Raises
        ------
        Lost
            If the job is somebody else's by now.
        Stopping
            If the worker was asked to stop.
        """
        if not keep(self.job, now=self.now(), stage=stage, done=done, total=total):
            raise Lost
        if self.stopping():
            raise Stopping


Run: TypeAlias = Callable[[Work], None]
