"""Where voices and episodes come from: sources, and the files that were uploaded."""

from __future__ import annotations

from django.db import models

from forvent_server.store.sealing import sealed_property


class Source(models.Model):
    """A door through which voices come in; its health is what came last and what went wrong.

    ``kind`` is file or rest, or the name of a slice: webhook, mailbox, feed, zammad … ``secret`` is kept for
    those that need one, and never shown again. ``trouble`` is the kind of what went wrong in the last look
    with its parts in ``trouble_parts``; ``troubles`` counts how often since the last that went well.
    ``version`` changes with the settings, so that a look under old ones moves no place.
    """

    kind = models.CharField(max_length=32)
    name = models.CharField(max_length=200, unique=True)
    settings = models.JSONField(default=dict)
    sealed_secret = models.TextField(blank=True, default="")
    active = models.BooleanField(default=True)
    made_at = models.DateTimeField()
    looked_at = models.DateTimeField(null=True, blank=True)
    brought_at = models.DateTimeField(null=True, blank=True)
    trouble = models.TextField(blank=True, default="")
    trouble_parts = models.JSONField(default=dict)
    troubles = models.PositiveIntegerField(default=0)
    place = models.JSONField(default=dict)
    every_minutes = models.PositiveIntegerField(default=15)
    version = models.PositiveIntegerField(default=0)

    #: In the open; it is kept sealed.
    secret = sealed_property("sealed_secret", of="source")

    def __str__(self) -> str:
        return self.name


class SourceDay(models.Model):
    """A day of which a source brought voices: what its silence is measured by."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="days")
    day = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "day"], name="one_day_a_source")]

    def __str__(self) -> str:
        return f"{self.day} of source {self.source_id}"


class TakenMessage(models.Model):
    """A signed message that was taken in, kept for a while, so that it is not taken in again."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="messages")
    message_id = models.CharField(max_length=200)
    sent_at = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    came_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "message_id"], name="one_message_an_id")]

    def __str__(self) -> str:
        return f"message {self.pk}"


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
