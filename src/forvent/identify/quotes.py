"""The words behind a finding: a few quotes for each expectation, kept while voices stream by."""

from __future__ import annotations

import heapq
from collections import defaultdict

from forvent.records import IdentifiedVoice, Mention, Quote, Voice

#: Characters shown before and after the marked words.
CONTEXT = 140
#: Quotes longer than this are read less; they yield to shorter ones of the same confidence.
LONG = 220
#: A text without any place to cut it can be one long quote; so much of it is shown.
LONGEST = 400


class QuoteBook:
    """The surest quotes of each expectation and polarity, at most ``most`` of each; flat memory.

    Which quotes are kept hangs on the voices, not on their order.
    """

    def __init__(self, *, most: int = 6) -> None:
        self._most = most
        self._kept: dict[tuple[str, str], list[tuple[float, str, Quote]]] = defaultdict(list)

    def add(self, voice: Voice, identified: IdentifiedVoice) -> None:
        """Offer the mentions of one voice."""
        for mention in identified.mentions:
            heap = self._kept[mention.expectation, mention.polarity]
            entry = (_worth(mention), mention.voice_id, _quote(voice, mention))
            if len(heap) < self._most:
                heapq.heappush(heap, entry)
            elif entry[:2] > heap[0][:2]:
                heapq.heapreplace(heap, entry)

    def quotes(self) -> dict[str, tuple[Quote, ...]]:
        """Quotes by expectation: unmet first, then met, mixed, wished; the surest first in each."""
        found: dict[str, list[Quote]] = defaultdict(list)
        for expectation in sorted({expectation for expectation, _ in self._kept}):
            for polarity in ("unmet", "met", "mixed", "wished"):
                heap = self._kept.get((expectation, polarity), [])
                found[expectation].extend(
                    quote for *_, quote in sorted(heap, key=lambda entry: entry[:2], reverse=True)
                )
        return {expectation: tuple(quotes) for expectation, quotes in found.items()}


def _worth(mention: Mention) -> float:
    shown = mention.end - mention.start
    return round(mention.confidence - (0.5 if shown > LONG else 0.0), 6)


def _quote(voice: Voice, mention: Mention) -> Quote:
    before = voice.text[max(0, mention.start - CONTEXT) : mention.start]
    after = voice.text[mention.end : mention.end + CONTEXT]
    return Quote(
        voice_id=mention.voice_id,
        expectation=mention.expectation,
        polarity=mention.polarity,
        language=mention.language,
        before=("…" if mention.start > CONTEXT else "") + before,
        words=mention.quote[:LONGEST] + ("…" if len(mention.quote) > LONGEST else ""),
        after=after + ("…" if mention.end + CONTEXT < len(voice.text) else ""),
        confidence=mention.confidence,
    )
