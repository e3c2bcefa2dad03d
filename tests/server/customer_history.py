"""A customer with voices and an order, as files bring them."""

from __future__ import annotations

from datetime import UTC, datetime

from forvent.records import Episode as GivenEpisode
from forvent.records import IdentifiedVoice
from forvent.records import Mention as FoundMention
from forvent.records import Voice as Given
from forvent_server.actions.episodes import take_in_episodes
from forvent_server.actions.imports import files_source
from forvent_server.actions.voices import TakenIn, keep_identified, take_in_voices
from forvent_server.store.models import Customer, CustomerKey, Voice

WORDS = "My order A-77 arrived late, write to Jana Nova at jana@example.org."
ORDER = GivenEpisode(
    "A-77",
    datetime(2026, 1, 2),
    1,
    promised=datetime(2026, 1, 4),
    delivered=datetime(2026, 1, 9),
    customer="K-1",
)


def voice(
    voice_id: str, text: str, *, customer: str | None, day: int = 10, episode: str | None = None
) -> Given:
    return Given(
        voice_id, text, 1, time=datetime(2026, 1, day), rating=0.0, customer=customer, episode=episode
    )


LATE = voice("v1", WORDS, customer="K-1", episode="A-77")


def brought(*voices: Given, now: datetime) -> TakenIn:
    return take_in_voices(voices, source=files_source(now), now=now)


def history_of_jana(now: datetime) -> Customer:
    """Customer K-1 with one order and one voice that was understood; K-2 with a voice of their own."""
    take_in_episodes([ORDER], now=now)
    brought(LATE, voice("v2", "The box was fine, thank you very much.", customer="K-2"), now=now)
    row = Voice.objects.get(text=WORDS)
    quote = "My order A-77 arrived late"
    found = FoundMention(
        str(row.pk), "on_time", "unmet", False, quote, 0, len(quote), 0.9, "en", "", "receive"
    )
    one = IdentifiedVoice(str(row.pk), "en", "negative", 0.9, False, (found,), "complaint")
    keep_identified([row], identified=[one], by="test", now=now)
    return CustomerKey.objects.get(value="K-1").customer


def undated(moment: datetime) -> datetime:
    """The moment as the library's records hold it."""
    return moment.astimezone(UTC).replace(tzinfo=None)
