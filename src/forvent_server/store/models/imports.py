"""Where voices and episodes come from: sources, and the files that were uploaded."""

from __future__ import annotations

from django.db import models


class Source(models.Model):
    """A door through which voices come in; its health is what came last and what went wrong.

    ``kind`` is file, rest, webhook, mailbox, feed or export. ``secret`` is kept for those that need one, and
    never shown again.
    """

    kind = models.CharField(max_length=32)
    name = models.CharField(max_length=200, unique=True)
    settings = models.JSONField(default=dict)
    secret = models.TextField(blank=True, default="")
    active = models.BooleanField(default=True)
    made_at = models.DateTimeField()
    looked_at = models.DateTimeField(null=True, blank=True)
    brought_at = models.DateTimeField(null=True, blank=True)
    trouble = models.TextField(blank=True, default="")
    place = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.name


class Import(models.Model):
    """One uploaded file: how it was understood, how far it is, and what of it could not be used.

    ``holds`` is voices or episodes. ``state`` is uploaded, mapped, reading, done, failed or withdrawn.
    """

    name = models.CharField(max_length=300)
    holds = models.CharField(max_length=16)
    state = models.CharField(max_length=16)
    path = models.CharField(max_length=500)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64, db_index=True)
    mapping = models.JSONField(default=dict)
    options = models.JSONField(default=dict)
    report = models.JSONField(default=dict)
    rows = models.BigIntegerField(null=True, blank=True)
    brought = models.BigIntegerField(default=0)
    known = models.BigIntegerField(default=0)
    by = models.ForeignKey("store.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    trouble = models.TextField(blank=True, default="")

    class Meta:
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return self.name
