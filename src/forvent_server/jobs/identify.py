"""Understand the voices that came. At least once: understanding one again replaces what was understood."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from django.conf import settings
from django.db.models import Count, Max

from forvent.identify import Identifier
from forvent.identify.packs import load_pack
from forvent.identify.prepared import get_judge
from forvent_server.actions.queue import enqueue
from forvent_server.actions.voices import keep_identified
from forvent_server.bridge import correction_record, voice_record
from forvent_server.jobs.work import Work
from forvent_server.store.models import Business, Correction, Voice

#: Voices understood at once.
VOICES = 256


def identify(work: Work) -> None:
    """Understand all voices that nobody understood yet, the newest first."""
    waiting = Voice.objects.filter(identified_at=None, erased_at=None)
    total = waiting.count()
    if not total:
        return
    identifier = current_identifier()
    done = 0
    while batch := list(waiting.order_by("-pk")[:VOICES]):
        understood = identifier.identify([voice_record(row) for row in batch])
        keep_identified(batch, identified=understood, by=identifier.name, now=work.now())
        done += len(batch)
        work.progress("identify", done, max(total, done))
    enqueue("assess", key="all", now=work.now())


def current_identifier() -> Identifier:
    """The identifier of the business: its tier and packs, and all that people corrected."""
    business = Business.objects.filter(pk=1).first()
    packs = tuple(business.packs) if business else ()
    known = Correction.objects.aggregate(last=Max("pk"), n=Count("pk"))
    return _identifier(settings.FORVENT["FORVENT_ENCODER"], packs, (known["last"] or 0, known["n"]))


@lru_cache(maxsize=2)
def _identifier(tier: str, names: Iterable[str], corrected: tuple[int, int]) -> Identifier:
    # The count is asked for too: erasing takes corrections away.
    packs = [load_pack(name) for name in names]
    corrections = [correction_record(row) for row in Correction.objects.filter(pk__lte=corrected[0])]
    judge = get_judge(tier, packs=packs, corrections=corrections)
    return Identifier(judge, packs=packs, corrections=corrections)
