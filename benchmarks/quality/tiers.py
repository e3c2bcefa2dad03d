"""A tier that is judged: its identifier, and what it said, each text asked once."""

from __future__ import annotations

from collections.abc import Sequence

from forvent.identify import Identifier
from forvent.identify.judges import Judge
from forvent.identify.prepared import get_judge
from forvent.records import IdentifiedVoice, Voice

BATCH = 256


class Tier:
    """One tier, as the loop uses it: the language is detected, not given."""

    def __init__(self, name: str, judge: Judge | None = None) -> None:
        self.name = name
        self.judge = judge or get_judge(name)
        self.identifier = Identifier(self.judge)
        self._known: dict[str, IdentifiedVoice] = {}

    def answers(self, texts: Sequence[str]) -> list[IdentifiedVoice]:
        """What is identified in each text."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        for first in range(0, len(new), BATCH):
            part = new[first : first + BATCH]
            self._known.update(zip(part, self.identifier.identify(voices_of(part)), strict=True))
        return [self._known[text] for text in texts]


def voices_of(texts: Sequence[str]) -> list[Voice]:
    """Voices of texts of which nothing else is known."""
    return [Voice(voice_id=str(place), text=text, row=place) for place, text in enumerate(texts)]
