"""What programs sent, how often they ask, and where they want to be told."""

from __future__ import annotations

from django.db import models

from forvent_server.store.sealing import sealed_property


class Sent(models.Model):
    """A request that a program marked, and how it was answered: sent again, it is done once."""

    key = models.ForeignKey("store.ApiKey", on_delete=models.CASCADE, related_name="+")
    mark = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    answer = models.JSONField()
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "mark"], name="one_answer_a_mark")]

    def __str__(self) -> str:
        return f"request {self.pk}"


class KeyUse(models.Model):
    """How often a key was used in a minute, over all processes."""

    key = models.ForeignKey("store.ApiKey", on_delete=models.CASCADE, related_name="+")
    minute = models.BigIntegerField(db_index=True)
    times = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "minute"], name="one_count_a_minute")]

    def __str__(self) -> str:
        return f"use of key {self.key_id}"


class Webhook(models.Model):
    """An address that wants to be told. ``events`` names of what; ``secret`` signs every message.

    ``trouble`` is what went wrong with the last one, empty where nothing did.
    """

    address = models.CharField(max_length=1000)
    events = models.JSONField(default=list)
    sealed_secret = models.TextField()
    active = models.BooleanField(default=True)
    made_by = models.ForeignKey("store.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True, blank=True)
    trouble = models.CharField(max_length=300, blank=True, default="")

    #: In the open; it is kept sealed.
    secret = sealed_property("sealed_secret", of="webhook")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"webhook {self.pk}"


class Delivery(models.Model):
    """A message to one address: the outbox. ``state`` is waiting, sent or given_up; ``uid`` its name."""

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    uid = models.CharField(max_length=64, unique=True)
    event = models.CharField(max_length=64)
    body = models.TextField()
    made_at = models.DateTimeField()
    state = models.CharField(max_length=16, default="waiting")
    attempts = models.PositiveIntegerField(default=0)
    ended_at = models.DateTimeField(null=True, blank=True, db_index=True)
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    trouble = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.event} {self.pk}"
