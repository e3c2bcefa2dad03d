"""The business that the workspace belongs to, and the places of its customers' journey."""

from __future__ import annotations

from django.db import models


class Business(models.Model):
    """The one business of this workspace; its statement of intent is what every page measures against.

    ``intent_names`` are the expectations that the statement speaks of: as well as they are met, so well is it
    lived up to.
    """

    name = models.CharField(max_length=200)
    intent = models.TextField(blank=True, default="")
    intent_names = models.JSONField(default=list, blank=True)
    language = models.CharField(max_length=8, default="en")
    time_zone = models.CharField(max_length=64, default="UTC")
    level = models.FloatField(default=0.95)
    packs = models.JSONField(default=list)
    calendar = models.JSONField(default=dict)
    #: Days that each kind of data is kept; a kind that is not there is kept without end.
    retention = models.JSONField(default=dict)
    sample = models.BooleanField(default=False)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_business")]

    def __str__(self) -> str:
        return self.name


class Touchpoint(models.Model):
    """A place on the journey, by the name the business gives it, at one of the seven stages."""

    name = models.CharField(max_length=200, unique=True)
    stage = models.CharField(max_length=32)
    place = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["place", "name"]

    def __str__(self) -> str:
        return self.name


class Expectation(models.Model):
    """An expectation that the business added to the catalogue, by pack or by accepting a candidate."""

    key = models.CharField(max_length=100, unique=True)
    expects = models.TextField()
    stage = models.CharField(max_length=32)
    usual_type = models.CharField(max_length=32)
    usual_kind = models.CharField(max_length=32)
    parent = models.CharField(max_length=100, blank=True, default="")
    examples = models.JSONField(default=list)
    accepted_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.key
