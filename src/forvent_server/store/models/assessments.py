"""What was found, when: kept, so that yesterday's number can be explained; and what is done about it."""

from __future__ import annotations

from django.db import models


class Assessment(models.Model):
    """All findings of one moment, with what they were made from."""

    made_at = models.DateTimeField(db_index=True)
    voices = models.BigIntegerField()
    mentions = models.BigIntegerField()
    episodes = models.BigIntegerField()
    encoder = models.CharField(max_length=200)
    version = models.CharField(max_length=32)
    #: Digest of what it was made from; equal data give no second assessment.
    made_from = models.CharField(max_length=64)
    findings = models.JSONField()
    #: When quotes of erased voices were last taken out of it; its numbers never change.
    cleared_at = models.DateTimeField(null=True, blank=True)
    #: How it stands beside other companies, where voices about them came in; else empty.
    market = models.JSONField(default=dict)

    class Meta:
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return f"assessment {self.pk}"


class GapValue(models.Model):
    """The gap of one expectation in one assessment, by itself, so that its history is read at once."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="gap_values")
    expectation = models.CharField(max_length=100)
    touchpoint = models.CharField(max_length=200, blank=True, default="")
    got = models.JSONField()
    expected = models.JSONField()
    gap = models.JSONField()
    kind = models.CharField(max_length=32)
    judged = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["expectation", "touchpoint", "assessment"], name="gap_history")]

    def __str__(self) -> str:
        return f"gap of {self.expectation}"


class Action(models.Model):
    """Something the business does about a gap, with what it is measured by.

    ``baseline`` and ``target`` are frozen when the action is stored. ``state`` is planned, doing, done or
    dropped (``why``); ``effect`` is what was measured afterwards.
    """

    title = models.CharField(max_length=300)
    expectation = models.CharField(max_length=100)
    touchpoint = models.CharField(max_length=200, blank=True, default="")
    hypothesis = models.TextField(blank=True, default="")
    measure = models.CharField(max_length=32, default="share_met")
    baseline = models.JSONField(default=dict)
    target = models.JSONField(default=dict)
    comparison = models.CharField(max_length=200, blank=True, default="")
    owner = models.ForeignKey(
        "store.Person", null=True, blank=True, on_delete=models.SET_NULL, related_name="actions"
    )
    due_on = models.DateField(null=True, blank=True)
    effort = models.CharField(max_length=16, blank=True, default="")
    state = models.CharField(max_length=16, default="planned")
    why = models.CharField(max_length=300, blank=True, default="")
    made_at = models.DateTimeField()
    done_on = models.DateField(null=True, blank=True)
    effect = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.title
