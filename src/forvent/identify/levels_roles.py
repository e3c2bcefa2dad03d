"""Whether a level was expected or experienced: the nearest words that say so."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from forvent.identify.levels_patterns import LevelWords
from forvent.identify.levels_words import SECONDS
from forvent.records import Level

#: ``late`` is a lateness: no level of its own, but beside a promise it says what was got.
Role: TypeAlias = Literal["expected", "experienced", "late", "unclear"]
Place: TypeAlias = tuple[int, int]

#: Characters beside a level in which prepositions, fillers and what rules a level out are looked for.
NEAR = 40
#: "should have arrived": what is said to have happened within so many characters of a promise belongs to it.
BELONGS = 25
#: A cue beyond an "and" counts as so many characters further away: it may speak of something else.
ANOTHER = 15
#: A part of a sentence reaches no further than this to either side.
LONGEST = 300
_ENDS = re.compile(r"[.!?。！？։…]+(?=\s|$)|[。！？։]|(?<=[\u0531-\u0587]):(?=\s|$)|\n+")
_GAP = ",，、:(-–— \t\u00a0\u3000"
_QUOTES_OPEN = re.compile('[“«„「"][^“”«»„「」".!?]*\\Z')
_QUOTES_CLOSE = re.compile('[^“”«»„「」".!?]*[“”»」"]')
_GAP_AFTER = re.compile(r"\s*[,，)\-–—]+\s*")


@dataclass(frozen=True, slots=True)
class FoundLevel:
    """A level with its place in the text, and the role it has there."""

    level: Level
    start: int
    end: int
    role: Role


@dataclass(frozen=True, slots=True)
class _Cue:
    start: int
    end: int
    role: Role
    compared: bool = False
    asks: bool = False


def role_of(place: Place, *, unit: str, text: str, levels: Sequence[Place], words: LevelWords) -> Role:
    """Role of the level at ``place``, from the words around it in its part of the sentence."""
    if unit not in SECONDS:
        return _role_of_number(place, unit=unit, text=text, levels=levels, words=words)
    start, end = place
    if is_notice(place, text=text, words=words):
        return "expected"
    if _is_late(place, text=text, words=words):
        return "late"
    if words.ago.match(text, end) or words.ago_before.search(text[max(0, start - NEAR) : start]):
        going_on = words.still.search(text, max(0, start - LONGEST), end + LONGEST)
        return "experienced" if going_on else "unclear"
    if _is_untold(place, text=text, levels=levels, words=words):
        return "experienced"
    part = part_around(place, text=text, words=words)
    if len(levels) > 1 and _is_yardstick(place, part, text=text, words=words):
        return "expected"  # "At the other shop it takes two days, here it took ten."
    cues = _cues(part, text=text, levels=levels, words=words)
    cue = _nearest(place, cues=cues, text=text, levels=levels, words=words)
    beside = _beside(place, text=text, words=words)
    if any(one.asks and one.end <= start for one in cues):
        return "expected"  # "Could you deliver in three days?"
    if cue is None and beside == "unclear":
        # An ending ("päevaga", "օրից") says least of all.
        ended = words.experienced.ending.search(text[start:end]) is not None
        carried = _carried(part, text=text, levels=levels, words=words)
        if carried == "unclear" and is_quoted(place, text=text):
            return "expected"
        return "experienced" if ended and carried != "expected" else carried
    if cue is None:
        # "Sorted within the hour."
        happened = beside == "expected" and words.experienced.past.search(text, *part) is not None
        return "experienced" if happened else beside
    if beside == "experienced" and cue.role == "expected" and cue.start >= end:
        # "Only after five days was the promised parcel there."
        before = [one for one in cues if one.end <= start]
        return before[-1].role if before else beside
    return cue.role


def _role_of_number(
    place: Place, *, unit: str, text: str, levels: Sequence[Place], words: LevelWords
) -> Role:
    """Role of a price or percentage: by strong words only, for a price by words of paying."""
    happened = words.experienced.strong if unit == "percent" else words.paid
    part = part_around(place, text=text, words=words)
    if len(levels) > 1 and _is_yardstick(place, part, text=text, words=words):
        return "expected"
    if unit != "percent" and words.unsaid.search(text, part[0], part[1] + BELONGS):
        return "experienced"  # "Nobody had mentioned the fee of £12."
    cues = _cues(part, text=text, levels=levels, words=words, happened=happened)
    cue = _nearest(place, cues=cues, text=text, levels=levels, words=words)
    if cue is None:
        return "expected" if is_quoted(place, text=text) else "unclear"
    return cue.role


def is_notice(place: Place, *, text: str, words: LevelWords) -> bool:
    """Whether somebody asks to be told so long ahead: "please warn us two hours before"."""
    start, end = place
    near = words.notice_after.match(text, end) or words.notice_before.search(
        text[max(0, start - NEAR) : start]
    )
    return near is not None and words.asks.search(text, *sentence_around(place, text=text)) is not None


def _is_untold(place: Place, *, text: str, levels: Sequence[Place], words: LevelWords) -> bool:
    """Whether nobody had told it: "nobody said it would take four hours"."""
    said = words.untold.search(text, sentence_around(place, text=text)[0], place[0])
    return said is not None and not any(said.end() <= first < place[0] for first, _ in levels)


def _is_late(place: Place, *, text: str, words: LevelWords) -> bool:
    """A lateness, or so much later than the time of day that is said before it."""
    start, end = place
    if words.late_after.match(text, end) or words.late_before.search(text[max(0, start - NEAR) : start]):
        return True
    if words.later.match(text, end) is None:
        return False
    return words.clock.search(text, sentence_around(place, text=text)[0], start) is not None


def _is_yardstick(place: Place, part: Place, *, text: str, words: LevelWords) -> bool:
    """Whether a part speaks of what is usual, or of another shop."""
    if words.elsewhere.search(text, *part):
        return True
    usual, here = words.yardstick.search(text, *part), words.here.search(text, *part)
    if usual is None or here is None:
        return usual is not None
    # "Last time two days this time six."
    return usual.end() <= place[0] and here.start() >= place[1]


def sentence_around(place: Place, *, text: str) -> Place:
    """The sentence that a level stands in."""
    left, right = max(0, place[0] - LONGEST), min(len(text), place[1] + LONGEST)
    for stop in _ENDS.finditer(text, left, right):
        if stop.end() <= place[0]:
            left = stop.end()
        elif stop.start() >= place[1]:
            right = stop.end()
            break
    return left, right


def is_quoted(place: Place, *, text: str) -> bool:
    """Whether a level is somebody's own words: “within 2 days”."""
    left, right = (
        _QUOTES_OPEN.search(text[max(0, place[0] - NEAR) : place[0]]),
        _QUOTES_CLOSE.match(text, place[1], place[1] + NEAR),
    )
    return left is not None and right is not None


def part_around(place: Place, *, text: str, words: LevelWords) -> Place:
    """The part of the sentence that a level stands in, between commas and contrasts."""
    left, right = max(0, place[0] - LONGEST), min(len(text), place[1] + LONGEST)
    for stop in words.breaks.finditer(text, left, right):
        if stop.end() <= place[0]:
            left = stop.start()  # "in reality" parts and is a cue at once.
        elif stop.start() >= place[1]:
            right = stop.start()
            break
    return left, right


def _cues(
    part: Place,
    *,
    text: str,
    levels: Sequence[Place],
    words: LevelWords,
    happened: re.Pattern[str] | None = None,
) -> list[_Cue]:
    """Strong cues of a part in order, without those that lie in a level or belong to a promise."""
    found = [
        cue
        for role, pattern in (
            ("expected", words.priced if happened else words.expected.strong),
            ("experienced", happened or words.experienced.strong),
            ("asks", words.asks),
        )
        for match in pattern.finditer(text, *part)
        if not any(match.start() < last and first < match.end() for first, last in levels)
        and (cue := _cue(match, role=role, text=text, words=words)) is not None
    ]
    found.sort(key=lambda cue: (cue.start, -cue.end))
    kept: list[_Cue] = []
    for cue in found:
        before = kept[-1] if kept else None
        if before is None or not (
            cue.start < before.end or _belongs(cue, before=before, text=text, levels=levels, words=words)
        ):
            kept.append(cue)
    return kept


def _cue(match: re.Match[str], *, role: str, text: str, words: LevelWords) -> _Cue | None:
    """A cue, but none that is denied ("nobody said")."""
    start, end = match.span()
    if role == "expected" and words.denied.search(text, max(0, start - NEAR), start):
        return None
    compared = _is_compared(start, role=role, text=text, words=words)
    return _Cue(start, end, _role("expected" if role == "asks" else role), compared, asks=role == "asks")


def _is_compared(start: int, *, role: str, text: str, words: LevelWords) -> bool:
    """Whether a word for expected only says than what something was faster or slower."""
    return role == "expected" and words.than.search(text, max(0, start - NEAR // 2), start) is not None


def _belongs(cue: _Cue, *, before: _Cue, text: str, levels: Sequence[Place], words: LevelWords) -> bool:
    if (before.role, cue.role) != ("expected", "experienced"):
        return False
    if cue.start - before.end > BELONGS and not before.asks:
        return False
    if words.both_between.search(text, before.end, cue.start):
        return False  # "I wrote on Sunday and got an answer within two hours."
    return not any(before.end <= first < cue.start for first, _ in levels)


def _nearest(
    place: Place, *, cues: Sequence[_Cue], text: str, levels: Sequence[Place], words: LevelWords
) -> _Cue | None:
    """The nearest cue with no other level between; of two as near, the one before."""
    start, end = place

    def distance(cue: _Cue) -> int:
        low, high = (cue.end, start) if cue.end <= start else (end, cue.start - 1)
        other = words.both_between.search(text, low, high) is not None
        return abs(high - low) + 2 * (cue.end > start) + (ANOTHER if other else 0)

    def free(cue: _Cue) -> bool:
        if cue.compared and start < cue.start:
            return False  # "In 36 hours, faster than I expected."
        low, high = (cue.end, start) if cue.end <= start else (end, cue.start)
        return not any(low <= first and last <= high for first, last in levels if (first, last) != place)

    return min((cue for cue in cues if free(cue)), key=distance, default=None)


def _beside(place: Place, *, text: str, words: LevelWords) -> Role:
    """Role by what stands right beside the level: "within", "after", an ending."""
    start, end = place
    left = text[max(0, start - NEAR) : start]
    for role, cues in (("expected", words.expected), ("experienced", words.experienced)):
        if cues.after.match(text, end):
            return _role(role)
        if cues.before.search(left):
            return _role(role)
    return "unclear"


def _carried(part: Place, *, text: str, levels: Sequence[Place], words: LevelWords) -> Role:
    """Role from the part before, or from a few words behind that promise ("two days, they said")."""
    end = len(text[: part[0]].rstrip(_GAP))
    if end > 0 and text[part[0]] in _GAP:
        earlier = part_around((end, end), text=text, words=words)
        cues = _cues(earlier, text=text, levels=levels, words=words)
        if cues and not any(earlier[0] <= first < part[0] for first, _ in levels):
            return cues[-1].role
    gap = _GAP_AFTER.match(text, part[1])
    if gap is None or gap.end() == len(text):
        return "unclear"
    later = part_around((gap.end(), gap.end()), text=text, words=words)
    cues = _cues(later, text=text, levels=levels, words=words)
    alone = later[1] - later[0] <= BELONGS and not any(later[0] <= first < later[1] for first, _ in levels)
    return "expected" if alone and cues and cues[0].role == "expected" else "unclear"


def _role(name: str) -> Role:
    return "expected" if name == "expected" else "experienced"
