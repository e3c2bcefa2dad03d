"""Customers, and the names by which channels know them."""

from __future__ import annotations

from django.db import models


class Customer(models.Model):
    """One customer. ``merged_into`` is set where two turned out to be one; taking it back sets it free."""

    name = models.CharField(max_length=200, blank=True, default="")
    language = models.CharField(max_length=8, blank=True, default="")
    first_seen_at = models.DateTimeField(null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="merged"
    )
    erased_at = models.DateTimeField(null=True, blank=True)
    #: What the customer agreed to: by purpose, whether and since when.
    consent = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(
                fields=["erased_at"], condition=models.Q(erased_at__isnull=False), name="customer_erased"
            )
        ]

    def __str__(self) -> str:
        return f"customer {self.pk}"


class CustomerKey(models.Model):
    """A name by which a channel knows a customer: an id of the shop, an address, a number."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="keys")
    kind = models.CharField(max_length=32, default="id")
    value = models.CharField(max_length=300)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "value"], name="one_customer_a_key")]

    def __str__(self) -> str:
        return f"{self.kind} of customer {self.customer_id}"


class Erased(models.Model):
    """What was erased, by a keyed hash alone: enough to know it when it arrives again, and for nothing else.

    ``kind`` is customer, voice, content or episode. What a customer said before ``at`` stays erased too,
    whichever file brings it.
    """

    kind = models.CharField(max_length=16)
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "digest"], name="one_erased_a_digest")]

    def __str__(self) -> str:
        return f"erased {self.kind}"
