"""How well each expectation fits a stated level, by its kind and by what is spoken of beside it."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from forvent.identify.levels_numbers import word_trie
from forvent.identify.levels_roles import FoundLevel
from forvent.identify.levels_words import SECONDS, base_language, letter_table, plain, word_file
from forvent.identify.quick_words import QuickWords, quick_lists
from forvent.identify.sources import sources_of
from forvent.language import Span
from forvent.records import Level

Numbers = NDArray[np.float64]

#: Upper ends, in seconds, of short waits, of hours, of days and of weeks; what is longer lasts months.
_SIZES = (2 * 3600.0, 86_399.0, 7 * 86_400.0 - 1, 60 * 86_400.0)
_FOLDER = files("forvent.identify") / "level_topics"


@dataclass(frozen=True)
class TieWeights:
    """How much each feature speaks for each expectation, fitted by ``training/fit_ties.py``.

    ``model`` is the weight of the log-odds that an expectation is mentioned.
    """

    features: Mapping[str, int]
    expectations: tuple[str, ...]
    weights: Numbers
    model: float


@cache
def tie_weights() -> TieWeights:
    """The weights that ship.

    Source
    ------
    Our own definition, docs/formulas/identify-levels.md#likely.

    Examples
    --------
    >>> "on_time" in tie_weights().expectations
    True
    """
    entry = json.loads((_FOLDER / "weights.json").read_text(encoding="utf-8"))
    features = {name: place for place, name in enumerate(entry["features"])}
    return TieWeights(
        features, tuple(entry["expectations"]), np.array(entry["weights"]), float(entry["model"])
    )


def kind_of(level: Level) -> str:
    """What sort of amount a level is: time, date, count, percent or money.

    Source
    ------
    Our own definition, docs/formulas/identify-levels.md#tied.

    Examples
    --------
    >>> kind_of(Level(40.0, "EUR", None))
    'money'
    """
    if level.unit in SECONDS:
        return "time"
    return level.unit if level.unit in ("date", "count", "percent") else "money"


def group_of(level: Level) -> str:
    """The same with days and durations as one: "by Friday, took three weeks".

    Source
    ------
    Our own definition, docs/formulas/identify-levels.md#likely.

    Examples
    --------
    >>> group_of(Level(2.0, "day", 172800.0))
    'when'
    """
    kind = kind_of(level)
    return "when" if kind in ("time", "date") else kind


def features_of(
    text: str, language: str, found: Sequence[FoundLevel], *, clauses: Sequence[Span]
) -> list[list[str]]:
    """What speaks for one expectation or another, for each level of a text.

    Parameters
    ----------
    text
        A whole voice.
    language
        ISO 639-1 code; without a file of topics only the kind of level, its role and its source tell.
    found
        Levels, see :func:`forvent.identify.find_levels`.
    clauses
        Clauses of the text.

    Returns
    -------
    list of list of str
        Names of features, one list a level.

    Source
    ------
    Our own definition, docs/formulas/identify-levels.md#likely.

    Examples
    --------
    >>> from forvent.identify.levels import find_levels
    >>> text = "We waited an hour for the soup."
    >>> [name for name in features_of(text, "en", find_levels(text, "en"), clauses=[Span(0, 31)])[0]]
    ['size short', 'time experienced', 'near meal', 'near queue']
    """
    places = _topics_in(text, language)
    sources = sources_of(text, [Span(one.start, one.end) for one in found], language)
    return [
        [
            *_of_amount(one, found),
            *_of_topics(one, places, clauses),
            *([] if source is None else [f"{group_of(one.level)} by {source.kind}"]),
        ]
        for one, source in zip(found, sources, strict=True)
    ]


def _of_amount(one: FoundLevel, found: Sequence[FoundLevel]) -> Iterator[str]:
    """Kind, size and role, and whether another level of the kind stands in the text."""
    kind, group = kind_of(one.level), group_of(one.level)
    yield f"size {_size(one.level)}"
    yield f"{kind} {one.role}"
    mates = [other for other in found if group_of(other.level) == group]
    if any(kind_of(other.level) == kind for other in mates if other is not one):
        yield "pair"
    promised = any(other.role == "expected" for other in mates)
    if promised:
        yield "promised"
    if kind == "count":
        yield "parts" if promised or one.level.of is not None else "times"


def _size(level: Level) -> str:
    if level.seconds is None:
        return kind_of(level)
    names = ("short", "hours", "days", "weeks")
    return next((name for name, most in zip(names, _SIZES, strict=True) if level.seconds <= most), "months")


def _of_topics(
    one: FoundLevel, places: Mapping[str, Sequence[int]], clauses: Sequence[Span]
) -> Iterator[str]:
    own = [clause for clause in clauses if clause.start < one.end and one.start < clause.end]
    start, end = (min(clause.start for clause in own), max(clause.end for clause in own)) if own else (0, 0)
    for topic, spots in places.items():
        inside = [start <= spot < end for spot in spots] if own else [True]
        if any(inside):
            yield f"near {topic}"
        if not all(inside):
            yield f"far {topic}"


def _topics_in(text: str, language: str) -> dict[str, list[int]]:
    """Where each topic is spoken of, topics in the order of their names."""
    base = base_language(language)
    low = plain(text, table=letter_table(base))
    topics, quick = _topics(base), _quick_topics(base)
    may = quick.lists_in(low) if topics else 0
    found = {
        topic: [match.start() for match in pattern.finditer(low)]
        for place, (topic, pattern) in enumerate(topics.items())
        if may >> place & 1
    }
    return {topic: spots for topic, spots in found.items() if spots}


@lru_cache(maxsize=64)
def _topics(base: str) -> dict[str, re.Pattern[str]]:
    edges = (r"(?<!\w)", r"(?!\w)") if word_file(base).get("spaced", True) else ("", "")
    return {
        topic: re.compile(edges[0] + word_trie(words) + edges[1])
        for topic, words in _topic_words(base).items()
    }


@lru_cache(maxsize=64)
def _quick_topics(base: str) -> QuickWords:
    """Which of the topics a text can speak of at all: one list of words a topic, in their order."""
    return quick_lists(list(_topic_words(base).values()), spaced=bool(word_file(base).get("spaced", True)))


@lru_cache(maxsize=64)
def _topic_words(base: str) -> Mapping[str, tuple[str, ...]]:
    """The words of each topic in plain letters, topics in the order of their names."""
    file = _FOLDER / f"{base}.toml"
    if not re.fullmatch(r"[a-z]{2,3}", base) or not file.is_file():
        return {}
    table = letter_table(base)
    lists = tomllib.loads(file.read_text(encoding="utf-8"))
    return {
        topic: tuple(plain(word, table=table) for word in words) for topic, words in sorted(lists.items())
    }


def fit_of(features: Sequence[str], weights: TieWeights) -> Numbers:
    """How well each expectation fits a level with these features, before what the model says of its clause.

    Parameters
    ----------
    features
        Of one level.
    weights
        Those that ship, :func:`tie_weights`.

    Returns
    -------
    array
        Log-weights, shape (expectations,).

    Source
    ------
    Our own definition, docs/formulas/identify-levels.md#likely.

    Examples
    --------
    >>> weights = tie_weights()
    >>> scores = fit_of(["size short", "time experienced", "near meal"], weights)
    >>> weights.expectations[int(scores.argmax())]
    'fast_delivery'
    """
    rows = [weights.features[name] for name in features if name in weights.features]
    total: Numbers = weights.weights[rows].sum(axis=0)
    return total
