"""The queue: what has to be done, by whom it was claimed, and until when."""

from __future__ import annotations

from datetime import datetime

from django.db import models

WAITING, RUNNING, DONE, FAILED = "waiting", "running", "done", "failed"


class JobQuerySet(models.QuerySet["Job"]):
    """Reads of the queue."""

    def due(self, now: datetime) -> JobQuerySet:
        """Waiting and due, or claimed by somebody whose time is over; the oldest first."""
        waiting = models.Q(state=WAITING, due_at__lte=now)
        left = models.Q(state=RUNNING, leased_until__lt=now)
        return self.filter(waiting | left).order_by("due_at", "pk")


class Job(models.Model):
    """One piece of work: one batch, never one text.

    At least once: it may run again after a crash. ``key`` makes a second one of the same name, which is
    still waiting, superfluous.
    """

    kind = models.CharField(max_length=64)
    key = models.CharField(max_length=200, blank=True, default="")
    arguments = models.JSONField(default=dict)
    state = models.CharField(max_length=16, default=WAITING)
    due_at = models.DateTimeField()
    made_at = models.DateTimeField()
    began_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    leased_by = models.CharField(max_length=64, blank=True, default="")
    attempts = models.PositiveIntegerField(default=0)
    stage = models.CharField(max_length=64, blank=True, default="")
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(null=True, blank=True)
    trouble = models.TextField(blank=True, default="")

    objects = JobQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["state", "due_at"], name="job_due")]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "key"],
                condition=models.Q(state=WAITING) & ~models.Q(key=""),
                name="one_waiting_job_a_key",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
