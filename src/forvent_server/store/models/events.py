"""The audit: who did what, when, to what."""

from __future__ import annotations

from django.db import models


class Event(models.Model):
    """One change, written in the transaction that made it and never changed afterwards.

    ``who`` is empty where the workspace itself acted; ``who_name`` outlives the person. ``about`` names
    what was changed, as ``voice:17``; ``details`` holds no words of customers.
    """

    at = models.DateTimeField(db_index=True)
    who = models.ForeignKey("store.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    who_name = models.CharField(max_length=200, blank=True, default="")
    what = models.CharField(max_length=64, db_index=True)
    about = models.CharField(max_length=128, blank=True, default="", db_index=True)
    details = models.JSONField(default=dict)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.what} {self.about}"
