"""Take voices in, keep what was understood of them, and what people corrected."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import blake2b

from django.db import transaction

from forvent import records
from forvent_server.actions.customers import customers_by_key
from forvent_server.actions.erased import erased_voices
from forvent_server.actions.events import record
from forvent_server.actions.queue import enqueue
from forvent_server.store.models import Correction, Import, Mention, Person, Source, Voice


@dataclass(frozen=True, slots=True)
class TakenIn:
    """How many voices were new, and how many were known already."""

    new: int
    known: int


@transaction.atomic
def take_in_voices(
    voices: Sequence[records.Voice], *, source: Source, now: datetime, imported_by: Import | None = None
) -> TakenIn:
    """Voices of a source into the store, each once; those that are new wait to be identified.

    The same id with the same content is the same voice; with other content it is another voice.
    What was erased stays erased, and counts as known.
    """
    content = {place: content_of(voice) for place, voice in enumerate(voices)}
    keys = _keys(voices, content=content, source=source)
    gone = erased_voices(voices, keys=keys, content=content)
    customers = customers_by_key(
        {voice.customer for place, voice in enumerate(voices) if voice.customer and place not in gone},
        now=now,
    )
    rows = {
        keys[place]: _row(
            voice,
            key=keys[place],
            content=content[place],
            customer=customers.get(voice.customer or ""),
            source=source,
            imported_by=imported_by,
            now=now,
        )
        for place, voice in enumerate(voices)
        if place not in gone
    }
    known = set(Voice.objects.filter(key__in=rows).values_list("key", flat=True))
    fresh = [row for key, row in rows.items() if key not in known]
    # Another import may bring the same voice at this moment: the key decides, and nothing is doubled.
    Voice.objects.bulk_create(fresh, ignore_conflicts=True)
    if fresh:
        enqueue("identify", key="new", now=now)
        type(source).objects.filter(pk=source.pk).update(brought_at=now)
    return TakenIn(new=len(fresh), known=len(voices) - len(fresh))


def content_of(voice: records.Voice) -> int:
    """A fingerprint of what was said, signed, of eight bytes."""
    parts = (voice.text, voice.rating_given, voice.time, voice.customer, voice.episode)
    whole = "\x1f".join("" if part is None else str(part) for part in parts)
    digest = blake2b(whole.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def _keys(voices: Sequence[records.Voice], *, content: Mapping[int, int], source: Source) -> list[str]:
    """The key of each voice: that of its id, or one more where the id is taken by other words."""
    plain = [f"{source.pk}/{voice.voice_id}"[:200] for voice in voices]
    taken = dict(Voice.objects.filter(key__in=plain).values_list("key", "content"))
    keys = []
    for place, key in enumerate(plain):
        before = taken.setdefault(key, content[place])
        keys.append(key if before == content[place] else f"{key[:180]}#{content[place] & 0xFFFFFFFFFFFF:x}")
    return keys


def _row(
    voice: records.Voice,
    *,
    key: str,
    content: int,
    customer: int | None,
    source: Source,
    imported_by: Import | None,
    now: datetime,
) -> Voice:
    return Voice(
        key=key,
        content=content,
        text=_storable(voice.text),
        time=voice.time.replace(tzinfo=UTC) if voice.time else None,
        came_at=now,
        rating=voice.rating,
        rating_given=voice.rating_given,
        channel=(voice.channel or "")[:100],
        touchpoint=(voice.touchpoint or "")[:200],
        competitor=(voice.competitor or "")[:200],
        language=(voice.language or "")[:16],
        customer_id=customer,
        episode_key=(voice.episode or "")[:200],
        source=source,
        imported_by=imported_by,
        row=voice.row,
    )


def _storable(text: str) -> str:
    """The text without what no database holds: the character zero and halves of surrogate pairs."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


@transaction.atomic
def keep_identified(
    voices: Sequence[Voice], *, identified: Iterable[records.IdentifiedVoice], by: str, now: datetime
) -> None:
    """What was understood of the voices, in place of what was understood before."""
    mentions: list[Mention] = []
    # Whose words were erased while they were being understood stay without.
    ids = [voice.pk for voice in voices]
    living = set(
        Voice.objects.select_for_update()
        .filter(pk__in=ids, erased_at=None)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    understood = [pair for pair in zip(voices, identified, strict=True) if pair[0].pk in living]
    voices = [voice for voice, _ in understood]
    for voice, one in understood:
        voice.language, voice.polarity, voice.confidence = one.language, one.polarity, one.confidence
        voice.content_free, voice.act, voice.doubtful = one.content_free, one.act, one.doubtful
        voice.identified_at, voice.identified_by = now, by[:64]
        mentions += [_mention(mention, voice=voice) for mention in one.mentions]
    Mention.objects.filter(voice__in=voices).delete()
    Voice.objects.bulk_update(
        voices,
        [
            "language",
            "polarity",
            "confidence",
            "content_free",
            "act",
            "doubtful",
            "identified_at",
            "identified_by",
        ],
        batch_size=100,
    )
    Mention.objects.bulk_create(mentions)


def _mention(mention: records.Mention, *, voice: Voice) -> Mention:
    return Mention(
        voice=voice,
        expectation=mention.expectation,
        polarity=mention.polarity,
        stated=mention.stated,
        quote=mention.quote,
        start=mention.start,
        end=mention.end,
        confidence=mention.confidence,
        touchpoint=(mention.touchpoint or "")[:200],
        stage=mention.stage,
        type=mention.type,
        level=asdict(mention.level) if mention.level else None,
        experienced=asdict(mention.experienced) if mention.experienced else None,
        source_kind=mention.source.kind if mention.source else "",
        source=asdict(mention.source) if mention.source else None,
        doubtful=mention.doubtful,
    )


@transaction.atomic
def correct_mention(
    voice: Voice,
    *,
    expectation: str,
    action: str,
    who: Person,
    now: datetime,
    quote: str = "",
    polarity: str = "",
    instead: str = "",
) -> Correction:
    """Keep what a person says of a mention; the voice is identified anew with it."""
    kept = Correction.objects.create(
        text_hash=hashlib.sha256(unicodedata.normalize("NFC", voice.text).encode("utf-8")).hexdigest(),
        voice_key=voice.key,
        quote=unicodedata.normalize("NFC", quote),
        expectation=expectation,
        action=action,
        polarity=polarity,
        instead=instead,
        language=voice.language,
        by=who,
        by_name=who.name,
        at=now,
    )
    Voice.objects.filter(pk=voice.pk).update(identified_at=None)
    record("correct mention", who=who, now=now, about=voice, expectation=expectation, action=action)
    enqueue("identify", key="new", now=now)
    return kept
