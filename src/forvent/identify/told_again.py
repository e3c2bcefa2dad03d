"""What was understood of a text once is told again of every voice that says the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields
from operator import attrgetter
from typing import TypeAlias

from forvent.records import IdentifiedVoice, Mention, Voice

#: All that an answer hangs on: text, the language that is given, and touchpoint.
_Said: TypeAlias = tuple[str, str | None, str | None]
_SAID = attrgetter("text", "language", "touchpoint")
_OF_MENTION = attrgetter(*[field.name for field in fields(Mention)][1:])
_OF_VOICE = attrgetter(*[field.name for field in fields(IdentifiedVoice)][1:])
_MENTIONS = [field.name for field in fields(IdentifiedVoice)].index("mentions") - 1

#: Answers that are kept, and the longest text of one; longer ones are seldom said twice.
MOST, LONGEST = 20_000, 100


class ToldAgain:
    """Each distinct voice is understood once in a batch, and a short one as long as it is kept in mind.

    Many customers say the same in the same few words. The answer for a voice hangs on nothing but what it
    says, so that keeping it changes speed alone.

    Parameters
    ----------
    understand
        Answers for several voices, in their order.

    Source
    ------
    Our own definition, ``docs/formulas/identify.md#tiers``.
    """

    def __init__(self, understand: Callable[[Sequence[Voice]], Sequence[IdentifiedVoice]]) -> None:
        self._understand = understand
        self._kept: dict[_Said, IdentifiedVoice] = {}

    def of(self, voices: Sequence[Voice]) -> tuple[IdentifiedVoice, ...]:
        """The answer for each voice, in the order given."""
        said: list[_Said] = list(map(_SAID, voices))
        new: dict[_Said, Voice] = {}
        for key, voice in zip(said, voices, strict=True):
            if key not in self._kept:
                new.setdefault(key, voice)
        found = dict(zip(new, self._understand(list(new.values())), strict=True)) if new else {}
        answers = tuple(
            _as_said_by(voice.voice_id, found.get(key) or self._kept[key])
            for key, voice in zip(said, voices, strict=True)
        )
        self._keep(found)
        return answers

    def _keep(self, found: dict[_Said, IdentifiedVoice]) -> None:
        short = {key: answer for key, answer in found.items() if len(key[0]) <= LONGEST}
        if len(self._kept) + len(short) > MOST:
            self._kept.clear()
        self._kept.update(short)


def _as_said_by(voice_id: str, answer: IdentifiedVoice) -> IdentifiedVoice:
    if answer.voice_id == voice_id:
        return answer
    rest = list(_OF_VOICE(answer))
    rest[_MENTIONS] = tuple(Mention(voice_id, *_OF_MENTION(mention)) for mention in answer.mentions)
    return IdentifiedVoice(voice_id, *rest)
