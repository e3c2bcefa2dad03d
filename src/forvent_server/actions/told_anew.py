"""A known voice sent again with another customer, order or segment: the same voice, told better."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from django.db import transaction

from forvent import records
from forvent.reading.personal import masked
from forvent_server.actions.customers import customers_by_key
from forvent_server.actions.erased import anything_erased, erased_voices
from forvent_server.store.models import Source, Voice


@transaction.atomic
def take_over(
    voices: Sequence[records.Voice],
    *,
    keys: Mapping[str, int],
    content: Sequence[int],
    source: Source,
    now: datetime,
) -> set[int]:
    """Places of the voices that are known in the same words: their customer and order are those sent now.

    ``keys`` gives the place of each voice whose key is taken by another content. Files name rows by numbers
    that mean nothing beyond them; only programs give a voice one id for ever.
    """
    if source.kind != "rest" or not keys:
        return set()
    gone = erased_voices(voices, keys=keys, content=content) if anything_erased() else set()
    found = {
        keys[row.key]: row
        for row in Voice.objects.select_for_update().filter(key__in=keys, erased_at=None).order_by("pk")
        if _says(row, voices[keys[row.key]])
    }
    change = {place: row for place, row in found.items() if place not in gone}
    customers = customers_by_key({name for place in change if (name := voices[place].customer)}, now=now)
    for place, row in change.items():
        row.customer_id = customers[name] if (name := voices[place].customer) else None
        row.episode_key = (voices[place].episode or "")[:200]
        row.content = content[place]
    Voice.objects.bulk_update(change.values(), ["customer", "episode_key", "content"], batch_size=500)
    count_told(source, len(change))
    return set(found)


@transaction.atomic
def count_told(source: Source, voices: int) -> None:
    """So many known voices of a source were told anew: what an assessment is made from has changed."""
    if not voices:
        return
    held = Source.objects.select_for_update().get(pk=source.pk)
    held.settings = {**held.settings, "told": held.settings.get("told", 0) + voices}
    held.save(update_fields=["settings"])


def told_anew(settings: Iterable[Mapping[str, int]]) -> int:
    """How many voices were told anew, over all sources with these settings."""
    return sum(int(one.get("told", 0)) for one in settings)


def _says(row: Voice, voice: records.Voice) -> bool:
    when = voice.time.replace(tzinfo=UTC) if voice.time else None
    # It may have come while personal data were taken out of texts, or before.
    texts = (voice.text, masked(voice.text, voice.language).text)
    return row.text in texts and (row.rating_given, row.time) == (voice.rating_given, when)
