"""The worker: claims what is due and runs it, until it is told to stop."""

from __future__ import annotations

import logging
import os
import secrets
import signal
import socket
import threading
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from time import monotonic

from django.db import DatabaseError, close_old_connections, connections

from forvent.errors import ForventError
from forvent_server.actions.queue import claim, fail, finish, give_back, renew
from forvent_server.actions.sources import keep_looking
from forvent_server.jobs.assess import assess
from forvent_server.jobs.deliver import deliver
from forvent_server.jobs.effects import effects
from forvent_server.jobs.identify import identify
from forvent_server.jobs.look import look
from forvent_server.jobs.read import read
from forvent_server.jobs.remind import remind
from forvent_server.jobs.retain import retain
from forvent_server.jobs.work import Lost, Run, Stopping, Work
from forvent_server.store.models import Job

log = logging.getLogger(__name__)

KINDS: Mapping[str, Run] = {
    "read": read,
    "identify": identify,
    "assess": assess,
    "effects": effects,
    "retain": retain,
    "look": look,
    "deliver": deliver,
    "remind": remind,
}
#: Seconds between looks at an empty queue, and between renewals of a claim.
PAUSE, RENEWAL = 0.5, 15.0
#: Seconds between looks for sources that have no look of their own waiting.
SOURCES_EVERY = 60.0
#: Seconds until a database that does not answer is asked again.
LONG_PAUSE = 5.0
#: A job that takes its worker down with it would be begun for ever.
MOST_ATTEMPTS = 8
#: Jobs looked at together; of several workers each takes the first it wins.
LOOKED_AT = 8


class Worker:
    """One worker: ``run`` loops, ``stop`` lets the job at hand stop at its next sign of progress.

    One that ``forvent serve`` started ends with it, however that ended.
    """

    def __init__(self, *, name: str = "", started_by: int | None = None) -> None:
        self.name = name or f"{socket.gethostname()[:32]}-{os.getpid()}-{secrets.token_hex(3)}"
        self._stop = threading.Event()
        self._kept_looking_until = 0.0
        self._started_by = started_by

    def stop(self, *_: object) -> None:
        """Stop soon."""
        self._stop.set()

    def run(self) -> None:
        """Work until stopped."""
        while not self._stop.is_set() and not self._left_alone():
            close_old_connections()
            try:
                self._keep_looking()
                busy = self.work_once()
            except DatabaseError as error:
                # The database is away, full or locked: what was claimed is due again after its lease.
                log.error("the database does not answer: %s", type(error).__name__)
                self._stop.wait(LONG_PAUSE)
                continue
            if not busy:
                self._stop.wait(PAUSE)

    def _left_alone(self) -> bool:
        return self._started_by is not None and os.getppid() != self._started_by

    def listen_to_signals(self) -> None:
        """Stop on SIGTERM and Ctrl-C."""
        signal.signal(signal.SIGTERM, self.stop)
        signal.signal(signal.SIGINT, self.stop)

    def _keep_looking(self) -> None:
        """Once in a while: sources whose next look was lost have one put in."""
        if monotonic() >= self._kept_looking_until:
            keep_looking(_now())
            self._kept_looking_until = monotonic() + SOURCES_EVERY

    def work_once(self) -> bool:
        """Whether there was something due; it is done, given back or marked failed then."""
        now = _now()
        for job in Job.objects.due(now)[:LOOKED_AT]:
            if claim(job, by=self.name, now=now):
                self._do(job)
                return True
        return False

    def _do(self, job: Job) -> None:
        run = KINDS.get(job.kind)
        if run is None:
            fail(job, trouble=f"There is no job '{job.kind}'.", now=_now(), again=False)
            return
        if job.attempts > MOST_ATTEMPTS:
            fail(job, trouble="It was begun too often and never ended.", now=_now(), again=False)
            return
        ended = threading.Event()
        renewing = threading.Thread(target=self._renew, args=(job, ended), daemon=True)
        renewing.start()
        try:
            run(Work(job, stopping=self._stop.is_set))
        except Lost:
            log.warning("job %s (%s) was taken over", job.pk, job.kind)
        except Stopping:
            give_back(job, now=_now())
        except ForventError as error:
            # A person has to mend something: trying again would say the same.
            fail(job, trouble=str(error), now=_now(), again=False)
        except Exception as error:
            # Names of what went wrong only: words of customers may stand in the message.
            log.error("job %s (%s) failed: %s", job.pk, job.kind, _where(error))
            fail(job, trouble=type(error).__name__, now=_now(), again=True)
        else:
            finish(job, now=_now())
        finally:
            ended.set()
            renewing.join()

    def _renew(self, job: Job, ended: threading.Event) -> None:
        """Keeps the claim while one step takes long."""
        while not ended.wait(RENEWAL):
            try:
                renew(job, now=_now())
            except DatabaseError as error:
                log.warning("the claim of job %s was not renewed: %s", job.pk, type(error).__name__)
        # The connection of this thread would stay open for as long as the worker lives.
        connections.close_all()


def _where(error: Exception) -> str:
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {last.name}, {last.filename}:{last.lineno}"


def _now() -> datetime:
    return datetime.now(UTC)
