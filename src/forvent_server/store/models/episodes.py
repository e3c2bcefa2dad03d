"""Episodes and what was promised for them."""

from __future__ import annotations

from django.db import models


class Episode(models.Model):
    """One order, visit or contact: the join key of expected, promised, delivered, perceived."""

    key = models.CharField(max_length=200, unique=True)
    customer = models.ForeignKey(
        "store.Customer", null=True, blank=True, on_delete=models.SET_NULL, related_name="episodes"
    )
    start = models.DateTimeField(db_index=True)
    delivered = models.DateTimeField(null=True, blank=True)
    cancelled = models.BooleanField(default=False)
    groups = models.JSONField(default=dict)
    amount = models.FloatField(null=True, blank=True)
    #: When something that was known of it became another; empty where it stands as it came.
    changed_at = models.DateTimeField(null=True, blank=True)
    imported_by = models.ForeignKey(
        "store.Import", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        indexes = [
            models.Index(
                fields=["start"],
                condition=models.Q(delivered=None, cancelled=False),
                name="episode_open",
            )
        ]

    def __str__(self) -> str:
        return f"episode {self.pk}"


class Promise(models.Model):
    """What was promised for one episode. The first one (number 1) never changes; later ones are counted.

    ``policy`` is what stood behind it when it was made, stamped on it: ``length_s`` on the clock on the wall,
    the ``level`` aimed at, and the number of the ``calendar``.
    """

    episode = models.ForeignKey(Episode, on_delete=models.CASCADE, related_name="promises")
    number = models.PositiveIntegerField()
    promised = models.DateTimeField()
    by_day = models.BooleanField(default=False)
    made_at = models.DateTimeField(null=True, blank=True)
    policy = models.JSONField(default=dict)

    class Meta:
        ordering = ["episode", "number"]
        constraints = [models.UniqueConstraint(fields=["episode", "number"], name="one_promise_a_number")]

    def __str__(self) -> str:
        return f"promise {self.number} of episode {self.episode_id}"
