"""Levels beside each other: what answers a promise, what is usual elsewhere, what was as agreed."""

from __future__ import annotations

from dataclasses import replace

from forvent.identify.levels_patterns import LevelWords
from forvent.identify.levels_roles import NEAR, FoundLevel, Role, part_around, sentence_around
from forvent.identify.levels_words import SECONDS

#: "As agreed" stands within so many characters of what was agreed.
AGREED = 45
_OPPOSITE: dict[Role, Role] = {"expected": "experienced", "experienced": "expected"}


def paired(
    found: list[FoundLevel], *, echoes: set[int], text: str, words: LevelWords
) -> list[FoundLevel]:
    """Levels with the roles that their neighbours give them; ``echoes`` start where a unit was borrowed."""
    compared = _compared(found, echoes=echoes, text=text, words=words)
    usual = _elsewhere(compared, text=text, words=words)
    answering = _answering(_became(usual, text=text, words=words), echoes=echoes)
    return _agreed(_wished(answering, text=text, words=words), text=text, words=words)


def _wished(found: list[FoundLevel], *, text: str, words: LevelWords) -> list[FoundLevel]:
    """ "Could you answer in a day, not in a week": the second is neither got nor expected."""
    kept: list[FoundLevel] = []
    for one in found:
        last = kept[-1] if kept and kept[-1].role == "expected" else None
        between = text[last.end : one.start] if last and _same_sort(last, one) else ""
        asked = between and words.denied.search(between) is not None
        if not (asked and words.asks.search(text, *sentence_around((one.start, one.end), text=text))):
            kept.append(one)
    return kept


def _compared(
    found: list[FoundLevel], *, echoes: set[int], text: str, words: LevelWords
) -> list[FoundLevel]:
    """ "That costs £60 elsewhere, here it was 110": what is said of here was got, the other is usual."""
    for place in range(1, len(found)):
        usual, here = found[place - 1], found[place]
        if here.start not in echoes or (usual.role, here.role) != ("unclear", "unclear"):
            continue
        if words.here.search(text, usual.end, here.start) and not words.here.search(text, 0, usual.start):
            found[place - 1] = replace(usual, role="expected")
            found[place] = replace(here, role="experienced")
    return found


def _elsewhere(found: list[FoundLevel], *, text: str, words: LevelWords) -> list[FoundLevel]:
    """ "Only 14 days to send it back, elsewhere you get 60": what stands beside another shop's was got."""
    if len(found) != 2 or not _same_sort(*found):
        return found
    parts = [part_around((one.start, one.end), text=text, words=words) for one in found]
    other = [words.elsewhere.search(text, *part) is not None for part in parts]
    if parts[0] == parts[1] or other[0] == other[1]:
        return found
    usual, here = (0, 1) if other[0] else (1, 0)
    if words.expected.strong.search(text, *parts[here]) is not None:
        return found
    found[usual] = replace(found[usual], role="expected")
    found[here] = replace(found[here], role="experienced")
    return found


def _became(found: list[FoundLevel], *, text: str, words: LevelWords) -> list[FoundLevel]:
    """ "Two weeks turned into two months": the first was said, the second got."""
    for place in range(1, len(found)):
        said, got = found[place - 1], found[place]
        if got.start - said.end > NEAR or not _same_sort(said, got) or "late" in (said.role, got.role):
            continue
        between = sentence_around((said.start, said.end), text=text)[1] > got.start
        if between and words.became.search(text, said.end, got.start):
            found[place - 1], found[place] = replace(said, role="expected"), replace(got, role="experienced")
    return found


def _answering(found: list[FoundLevel], *, echoes: set[int]) -> list[FoundLevel]:
    """Borrowed units count only where the level answers its neighbour: promised and got, or the reverse."""
    kept: list[FoundLevel] = []
    for place, one in enumerate(found):
        others = [*reversed(kept), *(other for other in found[place + 1 :] if other.start not in echoes)]
        if one.start in echoes:
            told = one.role == "unclear" and bool(kept) and kept[-1].role == "expected"
            role: Role = "experienced" if told else one.role
            if role not in _OPPOSITE or not others or others[0].role == role:
                continue
            one = replace(one, role=role)
            if kept and kept[-1].role == "unclear":
                kept[-1] = replace(kept[-1], role=_OPPOSITE[one.role])
        kept.append(one)
    return kept


def _agreed(found: list[FoundLevel], *, text: str, words: LevelWords) -> list[FoundLevel]:
    """ "In a week, as agreed" was both got and promised: the words for it stand for the promise."""
    kept: list[FoundLevel] = []
    for place, one in enumerate(found):
        kept.append(one)
        if one.role == "late" or one.level.date:
            continue
        behind = found[place + 1].start if place + 1 < len(found) else len(text)
        last = min(sentence_around((one.start, one.end), text=text)[1], behind, one.end + AGREED)
        said = words.agreed.search(text, one.end, last)
        if said is None and words.exactly.search(text[max(0, one.start - NEAR) : one.start]):
            said = words.expected.strong.search(text, one.end, last)  # "Exactly the 75 I was quoted."
        if said is not None and _is_so(one, said.start(), found=found, text=text, words=words):
            kept[-1] = replace(one, role="experienced")
            kept.append(FoundLevel(one.level, *said.span(), "expected"))
    return kept


def _is_so(one: FoundLevel, place: int, *, found: list[FoundLevel], text: str, words: LevelWords) -> bool:
    """Not where it is denied, or only asked for, or something else of the sort was got."""
    if words.denied.search(text[max(0, place - NEAR) : place]) is not None:
        return False
    if words.asks.search(text, *sentence_around((one.start, one.end), text=text)) is not None:
        return False
    others = (other for other in found if other is not one and _same_sort(one, other))
    return not any(other.role in ("experienced", "expected") for other in others)


def _same_sort(one: FoundLevel, other: FoundLevel) -> bool:
    first, second = one.level.unit, other.level.unit
    return first == second or (first in SECONDS and second in SECONDS)
