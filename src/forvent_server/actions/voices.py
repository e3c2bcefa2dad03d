"""Take voices in, keep what was understood of them, and what people corrected."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from hashlib import blake2b

from django.db import transaction

from forvent import records
from forvent.reading.personal import masked
from forvent_server.actions.customers import customers_by_key
from forvent_server.actions.erased import anything_erased, erased_voices, traces
from forvent_server.actions.events import record
from forvent_server.actions.queue import enqueue, is_awaited
from forvent_server.actions.told_anew import take_over
from forvent_server.store.arrivals import Arrival, Expected, contents_of, put_in, put_in_at_a_word
from forvent_server.store.many import change_many
from forvent_server.store.models import (
    Business,
    Correction,
    Import,
    Mention,
    Person,
    Source,
    SourceDay,
    Voice,
)
from forvent_server.store.prepared import Prepared

#: Whether personal data are to be taken out of texts before these are kept.
_MASKS = Prepared(lambda: Business.objects.filter(mask=True).values_list("pk")[:1])
#: How exactly it is known when a source last brought something.
SECOND = timedelta(seconds=1)
#: What is kept of a voice besides its mentions.
UNDERSTOOD = ("language", "polarity", "confidence", "content_free", "act", "doubtful")


@dataclass(frozen=True, slots=True)
class TakenIn:
    """How many voices were new, and how many were known already; how many of these were told anew."""

    new: int
    known: int
    told: int = 0


@transaction.atomic(savepoint=False)
def take_in_voices(
    voices: Sequence[records.Voice], *, source: Source, now: datetime, imported_by: Import | None = None
) -> TakenIn:
    """Voices of a source into the store, each once; those that are new wait to be identified.

    The same id with the same content is the same voice; with other words it is another voice. Where a program
    sends the same words with another customer or order, the voice takes these over.
    What was erased stays erased, and counts as known.
    """
    content = [content_of(voice) for voice in voices]
    keys = [_key(voice, source=source) for voice in voices]
    erasing = anything_erased()
    # Only where something was erased must every key be looked up; else those alone that prove to be taken.
    taken = contents_of(keys) if erasing else {}
    waiting = list(dict(zip(zip(keys, content, strict=True), range(len(voices)), strict=True)).values())
    new, told, mask = 0, 0, bool(_MASKS.rows())
    while waiting:
        other = {
            keys[place]: place
            for place in waiting
            if taken.get(keys[place], content[place]) != content[place]
        }
        over = take_over(voices, keys=other, content=content, source=source, now=now)
        told, waiting = told + len(over), [place for place in waiting if place not in over]
        tried, later = _tried(waiting, keys=keys, content=content, taken=taken)
        gone = erased_voices(voices, keys=tried, content=content) if erasing else set()
        living = {key: voices[place] for key, place in tried.items() if place not in gone}
        fresh = put_in(
            _arrivals(living, content=[content[tried[key]] for key in living], mask=mask, now=now),
            source_id=source.pk,
            imported_by_id=imported_by.pk if imported_by else None,
            now=now,
        )
        new += len(fresh)
        # Taken before, by whomever: looked up, and tried again under another key if it says something else.
        waiting = later + [tried[key] for key in living.keys() - fresh if key == keys[tried[key]]]
        taken = contents_of(keys[place] for place in waiting) if waiting else {}
    if new:
        _say_new(source, now=now)
    return TakenIn(new=new, known=len(voices) - new, told=told)


def take_in_one(voice: records.Voice, *, source: Source, now: datetime) -> bool:
    """Whether the voice is in the store now and was not before; by one statement, so that many come in.

    Where it is not, ``take_in_voices`` finds out why and does what is to be done.
    """
    content, key = content_of(voice), _key(voice, source=source)
    expected = Expected(
        source_id=source.pk,
        source=source.name,
        since=now - SECOND,
        job="identify",
        job_key="new",
        erased=list(traces(voice, key=key, content=content).items()),
        customer=(voice.customer or "")[:300],
    )
    arrival = _arrival(voice, key=key, content=content, customer=None)
    return put_in_at_a_word(arrival, expected=expected, now=now)


def _key(voice: records.Voice, *, source: Source) -> str:
    return f"{source.pk}/{voice.voice_id}"[:200]


def _tried(
    places: Sequence[int], *, keys: Sequence[str], content: Sequence[int], taken: Mapping[str, int]
) -> tuple[dict[str, int], list[int]]:
    """Which voice is tried under which key, and which wait for another round.

    A key is that of the voice's id, or one more where that is taken by other words; a voice that stands
    under its key already is not tried.
    """
    tried: dict[str, int] = {}
    for place in places:
        key = keys[place]
        if key not in taken:
            tried.setdefault(key, place)
        elif taken[key] != content[place]:
            tried[f"{key[:180]}#{content[place] & 0xFFFFFFFFFFFF:x}"] = place
    given = {keys[place]: place for key, place in tried.items() if key == keys[place]}
    return tried, [place for place in places if given.get(keys[place], place) != place]


def _arrivals(
    voices: Mapping[str, records.Voice], *, content: Sequence[int], mask: bool, now: datetime
) -> list[Arrival]:
    customers = customers_by_key({voice.customer for voice in voices.values() if voice.customer}, now=now)
    return [
        _arrival(
            voice,
            key=key,
            content=said,
            customer=customers[voice.customer] if voice.customer else None,
            mask=mask,
        )
        for (key, voice), said in zip(voices.items(), content, strict=True)
    ]


def _arrival(
    voice: records.Voice, *, key: str, content: int, customer: int | None, mask: bool = False
) -> Arrival:
    # What tells it apart is of the words as they came, so that it stays the same voice either way.
    text = masked(voice.text, voice.language).text if mask else voice.text
    return Arrival(
        key=key,
        content=content,
        text=_storable(text),
        time=voice.time.replace(tzinfo=UTC) if voice.time else None,
        rating=voice.rating,
        rating_given=voice.rating_given,
        channel=(voice.channel or "")[:100],
        touchpoint=(voice.touchpoint or "")[:200],
        competitor=(voice.competitor or "")[:200],
        segments=storable_segments(voice) if voice.segments else None,
        language=(voice.language or "")[:16],
        customer_id=customer,
        episode_key=(voice.episode or "")[:200],
        row=voice.row,
    )


def storable_segments(voice: records.Voice) -> dict[str, str] | None:
    """What the columns hold that tell the customer apart, where they hold anything."""
    told = {name: value.replace("\x00", "")[:200] for name, value in voice.segments.items() if value}
    return told or None


def _say_new(source: Source, *, now: datetime) -> None:
    """Somebody understands the new voices, and the source is known to live, to the second."""
    if not is_awaited("identify", key="new", now=now):
        enqueue("identify", key="new", now=now)
    if source.kind == "rest" and (source.brought_at is None or source.brought_at.date() != now.date()):
        # What its silence is measured by; other sources keep the days of which they brought something.
        SourceDay.objects.bulk_create([SourceDay(source=source, day=now.date())], ignore_conflicts=True)
    if source.brought_at is None or abs(now - source.brought_at) >= SECOND:
        type(source).objects.filter(pk=source.pk).update(brought_at=now)
        source.brought_at = now


def content_of(voice: records.Voice) -> int:
    """A fingerprint of what was said, signed, of eight bytes."""
    parts = (voice.text, voice.rating_given, voice.time, voice.customer, voice.episode)
    whole = "\x1f".join("" if part is None else str(part) for part in parts)
    digest = blake2b(whole.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


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
    # Django's own way spells out every value in a condition of its own: as slow as all else together.
    change_many(
        Voice,
        [(voice.pk, *(getattr(voice, name) for name in UNDERSTOOD)) for voice in voices],
        columns=UNDERSTOOD,
        alike={"identified_at": now, "identified_by": by[:64]},
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
