"""What the columns hold that tell groups of customers apart, beside the voices of their file."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from forvent import records
from forvent_server.actions.voices import content_of
from forvent_server.store.models import Source, Voice

#: Voices whose segments are kept at once.
AT_ONCE = 500


@transaction.atomic
def keep_segments(voices: Sequence[records.Voice], *, source: Source) -> int:
    """What the columns hold, beside the voices that were taken in; also those that had come before.

    Part of the import that brings the voices, which stands in the audit. The number of voices told apart.
    """
    told = {key: voice for voice in voices if voice.segments for key in _keys(voice, source=source)}
    if not told:
        return 0
    rows = [
        row
        for row in Voice.objects.filter(key__in=told, erased_at=None).only("key", "content", "segments")
        if row.content == content_of(told[row.key])
    ]
    for row in rows:
        row.segments = {**(row.segments or {}), **_storable(told[row.key])}
    return Voice.objects.bulk_update(rows, ["segments"], batch_size=AT_ONCE)


def _keys(voice: records.Voice, *, source: Source) -> tuple[str, str]:
    """The key of the voice, and the one it has where its id was taken by other words."""
    key = f"{source.pk}/{voice.voice_id}"[:200]
    return key, f"{key[:180]}#{content_of(voice) & 0xFFFFFFFFFFFF:x}"


def _storable(voice: records.Voice) -> dict[str, str]:
    return {name: value.replace("\x00", "")[:200] for name, value in voice.segments.items() if value}
