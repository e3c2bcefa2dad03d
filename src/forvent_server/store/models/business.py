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
    #: Days that each kind of data is kept; a kind that is not there is kept without end.
    retention = models.JSONField(default=dict)
    #: Whether personal data are taken out of texts before these are kept.
    mask = models.BooleanField(default=False)
    sample = models.BooleanField(default=False)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_business")]

    def __str__(self) -> str:
        return self.name


class Calendar(models.Model):
    """When the business is open and which promises count that time, as it stood from a moment on.

    A row is never changed; the newest one holds. ``hours`` are the windows of each weekday, Monday first,
    empty where it is closed; ``days`` are days of its own, each with its windows, empty where it is closed.
    ``clock`` is wall or business; ``clocks`` name it for episodes with a value in a column, the first that
    fits. ``for_all`` says that it counts for promises made before it too.
    """

    hours = models.JSONField()
    zone = models.CharField(max_length=64)
    holidays = models.CharField(max_length=32, blank=True, default="")
    days = models.JSONField(default=list)
    clock = models.CharField(max_length=16, default="wall")
    clocks = models.JSONField(default=list)
    for_all = models.BooleanField(default=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("store.Person", null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"calendar {self.pk}"


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
