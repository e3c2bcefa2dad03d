"""What the columns hold that tell groups of customers apart, beside the voices of their file."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from forvent import records
from forvent.errors import BadOption
from forvent_server.actions.told_anew import count_told
from forvent_server.actions.voices import content_of, storable_segments
from forvent_server.store.models import Source, Voice

#: Voices whose segments are kept at once.
AT_ONCE = 500
#: Columns of one program that tell customers apart: more are not groups.
MOST_COLUMNS = 20


def has_named(voices: Sequence[records.Voice], *, source: Source) -> bool:
    """Whether the source named all columns before that tell the customers of these voices apart."""
    known = source.settings.get("segments", ())
    return all(name in known for voice in voices if voice.segments for name in voice.segments)


@transaction.atomic
def name_segments(voices: Sequence[records.Voice], *, source: Source) -> None:
    """The columns that a program sends with its voices, so that assessments tell customers apart by them.

    Raises
    ------
    BadOption
        If a program names more columns than there can be groups.
    """
    if has_named(voices, source=source):
        return
    held = Source.objects.select_for_update().get(pk=source.pk)
    named = {*held.settings.get("segments", ()), *(name for voice in voices for name in voice.segments)}
    if len(named) > MOST_COLUMNS:
        raise BadOption(
            f"One source has at most {MOST_COLUMNS} segments.",
            hint="Name what groups customers, such as region or plan, the same in every voice.",
        )
    held.settings = {**held.settings, "segments": sorted(named)}
    held.save(update_fields=["settings"])
    # Known here once it is sure to be kept: who finds the columns known does not name them again.
    transaction.on_commit(lambda: setattr(source, "settings", held.settings))


@transaction.atomic
def keep_segments(voices: Sequence[records.Voice], *, source: Source) -> int:
    """What the columns hold, beside the voices that were taken in; also those that had come before.

    Part of the import that brings the voices, which stands in the audit. The number of voices of which
    something else is held now; so many more were told anew, and the next assessment is another one.
    """
    told = {key: voice for voice in voices if voice.segments for key in _keys(voice, source=source)}
    if not told:
        return 0
    rows = [
        row
        for row in Voice.objects.filter(key__in=told, erased_at=None).only("key", "content", "segments")
        if row.content == content_of(told[row.key])
    ]
    changed = []
    for row in rows:
        before = row.segments or {}
        row.segments = {**before, **(storable_segments(told[row.key]) or {})}
        if row.segments != before:
            changed.append(row)
    count_told(source, len(changed))
    return Voice.objects.bulk_update(changed, ["segments"], batch_size=AT_ONCE)


def _keys(voice: records.Voice, *, source: Source) -> tuple[str, str]:
    """The key of the voice, and the one it has where its id was taken by other words."""
    key = f"{source.pk}/{voice.voice_id}"[:200]
    return key, f"{key[:180]}#{content_of(voice) & 0xFFFFFFFFFFFF:x}"
