"""What people say and want, and what they refer to."""

from __future__ import annotations

from dataclasses import dataclass

from forvent.records.numbers import Estimate, NotEnough


@dataclass(frozen=True, slots=True)
class VoiceShare:
    """Voices that have one thing in common: how many, and their share among those it is asked of."""

    name: str
    voices: int
    share: Estimate | NotEnough


@dataclass(frozen=True, slots=True)
class Said:
    """Voices counted by what they do, wish for and refer to; a voice counts once in each part.

    Each tuple holds only what some voice says, the most frequent first. ``voices`` are those that say
    something: ``acts`` and ``wishes`` (ids of expectations) are shares of them, ``doubtful`` of them may be
    meant ironically. ``mentioning`` of them name an expectation: ``types`` are shares of those, and
    ``sourced`` is the share whose words also tell where the expectation came from. Of the voices counted in
    ``sourced``, ``sources`` and ``rivals`` (the names of other companies) are shares. ``intents`` are shares
    of the voices in languages with words for them: will_return, will_not_return, recommends, warns,
    came_by_recommendation, each one also where no voice says it. A voice can have several types, sources,
    rivals, wishes and intents.
    """

    voices: int
    doubtful: int
    acts: tuple[VoiceShare, ...]
    wishes: tuple[VoiceShare, ...]
    mentioning: int
    types: tuple[VoiceShare, ...]
    sourced: VoiceShare
    sources: tuple[VoiceShare, ...]
    rivals: tuple[VoiceShare, ...]
    intents: tuple[VoiceShare, ...] = ()
