"""What customers said, and the expectations found in it."""

from __future__ import annotations

from django.db import models


class Voice(models.Model):
    """One thing a customer said. ``key`` is that of its source: the same voice twice is one voice.

    ``segments`` holds columns of its file that tell groups of customers apart, by their names.
    ``content`` is a fingerprint of what was said, by which another voice under the same id is told apart.
    ``episode_key`` is that of an episode, which may be known later or never.
    What was understood of it (language to doubtful) is empty until ``identified_at``.
    """

    key = models.CharField(max_length=200, unique=True)
    content = models.BigIntegerField()
    text = models.TextField()
    time = models.DateTimeField(null=True, blank=True)
    came_at = models.DateTimeField()
    rating = models.FloatField(null=True, blank=True)
    rating_given = models.FloatField(null=True, blank=True)
    channel = models.CharField(max_length=100, blank=True, default="")
    touchpoint = models.CharField(max_length=200, blank=True, default="")
    competitor = models.CharField(max_length=200, blank=True, default="")
    segments = models.JSONField(null=True, blank=True)
    customer = models.ForeignKey(
        "store.Customer", null=True, blank=True, on_delete=models.SET_NULL, related_name="voices"
    )
    episode_key = models.CharField(max_length=200, blank=True, default="", db_index=True)
    source = models.ForeignKey(
        "store.Source", null=True, blank=True, on_delete=models.SET_NULL, related_name="voices"
    )
    imported_by = models.ForeignKey(
        "store.Import", null=True, blank=True, on_delete=models.SET_NULL, related_name="voices"
    )
    row = models.BigIntegerField(default=0)
    language = models.CharField(max_length=16, blank=True, default="")
    polarity = models.CharField(max_length=16, blank=True, default="")
    confidence = models.FloatField(null=True, blank=True)
    content_free = models.BooleanField(default=False)
    act = models.CharField(max_length=16, blank=True, default="")
    doubtful = models.BooleanField(default=False)
    identified_at = models.DateTimeField(null=True, blank=True)
    identified_by = models.CharField(max_length=64, blank=True, default="")
    #: Set where the words are gone; what was understood of them stays.
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["language", "-id"], name="voice_language"),
            models.Index(fields=["channel", "-id"], name="voice_channel"),
            models.Index(fields=["touchpoint", "-id"], name="voice_touchpoint"),
            # All that voices are looked for by, so that several conditions are read without the texts.
            models.Index(
                fields=["id", "language", "act", "channel", "touchpoint", "rating", "doubtful", "time"],
                name="voice_looked_for",
            ),
            models.Index(fields=["-id"], condition=models.Q(doubtful=True), name="voice_doubtful"),
            models.Index(fields=["id"], condition=models.Q(identified_at=None), name="voice_unidentified"),
            # What is too old to be kept, and what was let go of.
            models.Index(
                fields=["time"],
                condition=models.Q(erased_at=None, time__isnull=False),
                name="voice_kept",
            ),
            models.Index(
                fields=["came_at"], condition=models.Q(erased_at=None, time=None), name="voice_undated"
            ),
            models.Index(
                fields=["erased_at"], condition=models.Q(erased_at__isnull=False), name="voice_erased"
            ),
        ]

    def __str__(self) -> str:
        return f"voice {self.pk}"


class Mention(models.Model):
    """An expectation found in a voice, with its words; what people corrected in it is in ``Correction``."""

    voice = models.ForeignKey(Voice, on_delete=models.CASCADE, related_name="mentions")
    expectation = models.CharField(max_length=100)
    polarity = models.CharField(max_length=16)
    stated = models.BooleanField(default=False)
    quote = models.TextField()
    start = models.IntegerField()
    end = models.IntegerField()
    confidence = models.FloatField()
    touchpoint = models.CharField(max_length=200, blank=True, default="")
    stage = models.CharField(max_length=32, blank=True, default="")
    type = models.CharField(max_length=32, default="implicit")
    level = models.JSONField(null=True, blank=True)
    experienced = models.JSONField(null=True, blank=True)
    source_kind = models.CharField(max_length=32, blank=True, default="")
    source = models.JSONField(null=True, blank=True)
    doubtful = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["expectation", "-voice", "polarity"], name="mention_newest"),
            models.Index(fields=["polarity", "-voice"], name="mention_polarity"),
        ]

    def __str__(self) -> str:
        return f"{self.expectation} in voice {self.voice_id}"


class Correction(models.Model):
    """What a person said of one mention of one text; applied by every later run and never overwritten."""

    text_hash = models.CharField(max_length=64, db_index=True)
    voice_key = models.CharField(max_length=200)
    quote = models.TextField(blank=True, default="")
    expectation = models.CharField(max_length=100)
    action = models.CharField(max_length=16)
    polarity = models.CharField(max_length=16, blank=True, default="")
    instead = models.CharField(max_length=100, blank=True, default="")
    language = models.CharField(max_length=16, blank=True, default="")
    by = models.ForeignKey("store.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.action}: {self.expectation}"
