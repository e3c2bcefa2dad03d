"""Erase: words, names and keys go; what was counted stays."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from forvent_server.actions.erased import (
    TELLING,
    customer_digest,
    digest,
    remember_erased,
)
from forvent_server.actions.events import record
from forvent_server.actions.people import NotAllowed
from forvent_server.actions.queue import enqueue
from forvent_server.store.forgetting import overwrite_what_goes
from forvent_server.store.models import (
    Assessment,
    Correction,
    Customer,
    CustomerKey,
    Episode,
    Import,
    Mention,
    Person,
    Voice,
)
from forvent_server.store.same import whole_customer

#: What the key of something erased begins with; a hash follows.
ERASED = "erased/"
#: States of an import whose file nobody reads any more.
ENDED = ("done", "failed", "withdrawn")
#: Voices erased at once.
VOICES = 500


@transaction.atomic
def erase_customer(customer: Customer, *, who: Person | None, now: datetime) -> None:
    """A customer's texts, quotes, name and keys are gone, with all that was merged in.

    Voices, mentions and episodes stay as counts that name nobody. ``who`` is None where a time limit acts.

    Raises
    ------
    NotAllowed
        If who asks is no manager.
    """
    if who is not None and not who.may("manager"):
        raise NotAllowed(f"{who.name} may not erase a customer.", hint="Ask a manager.")
    overwrite_what_goes()
    ids = [one.pk for one in whole_customer(customer)]
    list(Customer.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
    keys = CustomerKey.objects.filter(customer__in=ids)
    remember_erased("customer", (customer_digest(key.value, kind=key.kind) for key in keys), now=now)
    keys.delete()
    episodes = list(Episode.objects.filter(customer__in=ids))
    theirs = Q(customer__in=ids) | Q(episode_key__in=[one.key for one in episodes], customer=None)
    voices = list(Voice.objects.select_for_update().filter(theirs).order_by("pk"))
    _drop_files([*(one.imported_by_id for one in voices), *(one.imported_by_id for one in episodes)])
    for start in range(0, len(voices), VOICES):
        erase_words(voices[start : start + VOICES], now=now)
    _forget_episodes(episodes, voices=voices, now=now)
    Customer.objects.filter(pk__in=ids).update(name="", language="", consent={}, erased_at=now)
    clear_quotes({str(voice.pk) for voice in voices}, now=now)
    record("erase customer", who=who, now=now, about=customer, voices=len(voices), episodes=len(episodes))
    enqueue("assess", key="all", now=now)
    enqueue("retain", key="daily", now=now)


def erase_words(voices: Sequence[Voice], *, now: datetime) -> int:
    """The words of the voices are gone, and they stay gone; called inside a transaction."""
    fresh = [voice for voice in voices if voice.erased_at is None]
    remember_erased("voice", (digest(voice.key) for voice in fresh), now=now)
    telling = [voice for voice in fresh if voice.text and (voice.customer_id or len(voice.text) >= TELLING)]
    remember_erased("content", (digest(str(voice.content)) for voice in telling), now=now)
    Correction.objects.filter(voice_key__in=[voice.key for voice in fresh]).delete()
    Mention.objects.filter(voice__in=fresh).update(quote="", start=0, end=0)
    for voice in fresh:
        voice.key, voice.text, voice.content = f"{ERASED}{digest(voice.key)}", "", 0
        voice.row, voice.segments, voice.erased_at = 0, None, now
        # Words that nobody understood yet never will be: they count as a voice that says nothing.
        voice.content_free = voice.content_free or voice.identified_at is None
        voice.identified_at = voice.identified_at or now
    Voice.objects.bulk_update(
        fresh,
        ["key", "text", "content", "row", "segments", "erased_at", "content_free", "identified_at"],
        batch_size=100,
    )
    return len(fresh)


def _forget_episodes(episodes: Sequence[Episode], *, voices: Sequence[Voice], now: datetime) -> None:
    """The numbers of the episodes are gone; voices still belong to theirs."""
    remember_erased("episode", (digest(one.key) for one in episodes), now=now)
    for one in episodes:
        one.key = one.key if one.key.startswith(ERASED) else f"{ERASED}{digest(one.key)}"
    Episode.objects.bulk_update(episodes, ["key"], batch_size=100)
    spoken = [voice for voice in voices if voice.episode_key and not voice.episode_key.startswith(ERASED)]
    for voice in spoken:
        voice.episode_key = f"{ERASED}{digest(voice.episode_key)}"
    Voice.objects.bulk_update(spoken, ["episode_key"], batch_size=100)


def clear_quotes(voice_ids: set[str], *, now: datetime) -> int:
    """Takes the quotes of these voices out of all assessments, and nothing else; how many were changed."""
    changed = 0
    for made in Assessment.objects.iterator(chunk_size=8):
        cleared, found = without_quotes(made.findings, voice_ids)
        beside, more = without_quotes(made.market, voice_ids)
        if found or more:
            Assessment.objects.filter(pk=made.pk).update(findings=cleared, market=beside, cleared_at=now)
            changed += 1
    return changed


def without_quotes(document: Any, voice_ids: set[str]) -> tuple[Any, int]:
    """The document without the quotes of these voices, and how many those were."""
    if isinstance(document, dict):
        pairs = {key: without_quotes(part, voice_ids) for key, part in document.items()}
        return {key: part for key, (part, _) in pairs.items()}, sum(n for _, n in pairs.values())
    if isinstance(document, list):
        kept = [one for one in document if not (isinstance(one, dict) and one.get("voice_id") in voice_ids)]
        parts = [without_quotes(one, voice_ids) for one in kept]
        return [part for part, _ in parts], len(document) - len(kept) + sum(n for _, n in parts)
    return document, 0


def quoted_voices(document: Any) -> set[str]:
    """Ids of all voices that the document quotes."""
    if isinstance(document, dict):
        own = {str(document["voice_id"])} if "voice_id" in document else set()
        return own.union(*map(quoted_voices, document.values()))
    if isinstance(document, list):
        return set().union(*map(quoted_voices, document))
    return set()


def without_erased_quotes(document: dict[str, Any]) -> dict[str, Any]:
    """The document without quotes of voices that were erased since it was begun."""
    ids = {int(one) for one in quoted_voices(document) if one.isdecimal()}
    gone = Voice.objects.filter(pk__in=ids).exclude(erased_at=None).values_list("pk", flat=True)
    cleared: dict[str, Any] = without_quotes(document, {str(pk) for pk in gone})[0]
    return cleared


def _drop_files(import_ids: Iterable[int | None]) -> None:
    """The uploaded files in which the words stood: they were read, and are no longer needed."""
    drop_files(Import.objects.filter(pk__in={pk for pk in import_ids if pk}, state__in=ENDED))


def drop_files(ended: Iterable[Import]) -> int:
    """Removes the files of imports that have ended, and the examples of what could not be read in them."""
    dropped = 0
    for made in ended:
        path = Path(made.path)
        if not path.is_relative_to(settings.UPLOADS) or not path.exists():
            continue
        for reason in made.report.get("unusable", ()):
            reason["example"] = None
        Import.objects.filter(pk=made.pk).update(report=made.report)
        transaction.on_commit(partial(path.unlink, missing_ok=True))
        dropped += 1
    return dropped
