"""What each output shall say of each text, and how much it weighs."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from forvent.identify import catalogue
from forvent.tables import ACTS
from material import Row

Numbers = NDArray[np.float32]

EXPECTATIONS = tuple(catalogue())
SPOKEN_ACTS = ACTS[:5]
N = len(EXPECTATIONS)
#: Columns: mention and met of each expectation, what the voice does, then these.
ACT = 2 * N
POSITIVE, NEUTRAL, WISH, IRONY = (ACT + len(SPOKEN_ACTS) + place for place in range(4))
OUTPUTS = IRONY + 1

#: How much an output counts in the common loss.
WEIGHT = np.ones(OUTPUTS, dtype=np.float32)
WEIGHT[N : 2 * N] = 0.5
WEIGHT[ACT:POSITIVE] = 0.5
WEIGHT[POSITIVE] = 4.0
WEIGHT[IRONY] = 0.5

_PLACES = {identifier: place for place, identifier in enumerate(EXPECTATIONS)}
_VALUE = {"met": 1.0, "unmet": 0.0, "mixed": 0.5}
_JOINTS = {
    "en": (". ", ", ", " and ", ", but ", "; "),
    "cs": (". ", ", ", " a ", ", ale "),
    "hy": ("։ ", ", ", " և ", ", բայց "),
    "nb": (". ", ", ", " og ", ", men "),
    "et": (". ", ", ", " ja ", ", aga "),
    "zh": ("。", "，", "；", "，但是", "，而且"),
}
#: Subtitles are no customers' voices, and emotion is not quite polarity.
SUBTITLES_WEIGH = 0.3
#: Shorter voices are put together.
_SHORT = 90
_END = re.compile(r"[.。։!！?？\s]+$")


def targets_of(material: Sequence[Row]) -> tuple[Numbers, Numbers]:
    """Targets in 0–1 and weights, shape (texts, outputs); a weight of 0 where a label is unknown."""
    target = np.zeros((len(material), OUTPUTS), dtype=np.float32)
    weight = np.zeros((len(material), OUTPUTS), dtype=np.float32)
    for place, row in enumerate(material):
        _mentions(row, target[place], weight[place])
        _sentiment(row, target[place], weight[place])
        if row.act is not None:
            weight[place, ACT:POSITIVE] = 1.0
            target[place, ACT + SPOKEN_ACTS.index(row.act)] = 1.0
        if row.ironic is not None:
            weight[place, IRONY] = 1.0
            target[place, IRONY] = row.ironic
    return target, weight * WEIGHT


def joined(material: Sequence[Row], *, number: int, rng: random.Random) -> list[Row]:
    """Voices put together of two short ones of the same language, with the labels of both."""
    short: dict[str, list[Row]] = {}
    for row in material:
        if row.mentions and len(row.text) < _SHORT:
            short.setdefault(row.language, []).append(row)
    found = []
    for _ in range(number):
        language = rng.choice(sorted(short))
        one, other = rng.sample(short[language], 2)
        mentions = dict(one.mentions or {})
        for identifier, polarity in (other.mentions or {}).items():
            mentions[identifier] = polarity if mentions.get(identifier, polarity) == polarity else "mixed"
        text = joint_of(language, [one.text, other.text], rng)
        sentiment = one.sentiment if one.sentiment == other.sentiment else None
        found.append(Row(text, language, "joined", sentiment=sentiment, mentions=mentions))
    return found


def joint_of(language: str, texts: Sequence[str], rng: random.Random) -> str:
    """The texts behind one another, with one of the language's joints between two."""
    found = texts[0]
    for text in texts[1:]:
        found = _END.sub("", found) + rng.choice(_JOINTS.get(language, (". ", ", "))) + text
    return found


def _mentions(row: Row, target: Numbers, weight: Numbers) -> None:
    if row.mentions is None:
        return
    weight[:N] = 1.0
    for identifier, polarity in row.mentions.items():
        place = _PLACES[identifier]
        target[place] = 1.0
        if polarity in _VALUE:
            target[N + place] = _VALUE[polarity]
            weight[N + place] = 1.0 if polarity != "mixed" else 0.5
    weight[WISH] = 1.0
    target[WISH] = bool(row.mentions) and set(row.mentions.values()) == {"wished"}


def _sentiment(row: Row, target: Numbers, weight: Numbers) -> None:
    if row.sentiment in {"positive", "negative"}:
        weight[POSITIVE] = SUBTITLES_WEIGH if row.source == "subtitles" else 1.0
        target[POSITIVE] = row.sentiment == "positive"
    elif row.sentiment == "mixed":
        weight[POSITIVE] = 0.3
        target[POSITIVE] = 0.5
    if row.sentiment is not None and row.source not in {"mentions", "catalogue", "subtitles"}:
        weight[NEUTRAL] = 1.0
        target[NEUTRAL] = row.sentiment == "neutral"
