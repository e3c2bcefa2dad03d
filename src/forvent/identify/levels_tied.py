"""Which stated level speaks of which expectation."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from forvent.identify.heads import log_odds
from forvent.identify.levels import find_levels, may_hold_levels, with_lateness
from forvent.identify.levels_likely import (
    features_of,
    fit_of,
    group_of,
    kind_of,
    tie_weights,
)
from forvent.identify.levels_roles import FoundLevel
from forvent.language import Span
from forvent.records import Level

Pair: TypeAlias = tuple[Level | None, Level | None]
Numbers = NDArray[np.float64]

#: A level further from the clause of an expectation does not speak of it.
FARTHEST = 120
#: So many characters a clause must be nearer for a level that its expectation seldom has.
LESS_OFTEN = 25
#: So many characters further the level that was got may stand from the expectation that has the promise.
TOGETHER = 40

#: A level speaks of an expectation only from this probability on.
SURE = 0.4
#: What a clause says of a level outside it counts for less: log-odds at once, and by character of the way.
OUTSIDE = 1.0
BY_SIGN = 0.02
#: Of the levels that answer a promise, the best sort, and how far off they may stand.
_ANSWERS = ("experienced", "late", "unclear")

#: Expectations that often have a level of a kind, the likeliest first, and those that seldom have.
OFTEN: Mapping[str, tuple[str, ...]] = {
    "time": ("on_time", "fast_delivery", "fast_response", "fast_resolution"),
    "date": ("on_time", "fast_delivery", "fast_response", "fast_resolution", "availability"),
    "money": ("transparent_price", "fair_price"),
    "percent": ("transparent_price", "fair_price", "loyalty_reward"),
    "count": ("complete_order", "problem_solved", "easy_contact", "consistent_answers", "fast_response"),
}
SELDOM: Mapping[str, tuple[str, ...]] = {
    "time": (
        "easy_returns",
        "availability",
        "proactive_updates",
        "problem_solved",
        "as_described",
        "product_quality",
        "easy_contact",
        "convenience",
        "easy_digital",
        "easy_payment",
        "consistent_answers",
    ),
    "date": (
        "easy_returns",
        "proactive_updates",
        "problem_solved",
        "easy_contact",
        "convenience",
    ),
    "money": (
        "easy_returns",
        "loyalty_reward",
        "pleasant_surprise",
        "as_described",
        "clear_information",
        "taken_seriously",
        "easy_payment",
    ),
    "percent": ("as_described", "product_quality", "easy_returns", "clear_information"),
    "count": (
        "as_described",
        "availability",
        "choice",
        "product_quality",
        "easy_payment",
        "easy_digital",
        "easy_returns",
        "on_time",
        "transparent_price",
        "proactive_updates",
        "taken_seriously",
        "competent_staff",
        "friendly_staff",
    ),
}


@dataclass(frozen=True, slots=True)
class _Tie:
    """A level that could belong to an expectation; the smaller the cost, the better."""

    cost: int
    rank: int
    expectation: str
    found: FoundLevel


def levels_of(
    text: str, language: str, spoken: Mapping[str, Span], *, wished: Collection[str] = ()
) -> Mapping[str, Pair]:
    """For each expectation, the level it speaks of as expected, and as experienced.

    A level goes to the expectation that can have its unit and whose clause is nearest; where two
    are as near, to the one that more often has it. One level serves one expectation, and an expectation
    has one level of each role, the nearest. What was got follows the promise it stands
    beside. A lateness counts only beside a promise.

    Parameters
    ----------
    text
        A sentence or a whole voice.
    language
        ISO 639-1 code, see :func:`forvent.identify.find_levels`.
    spoken
        Expectation id to the clause that speaks of it, offsets into ``text``. For an expectation of a
        trade pack give the id of its parent.
    wished
        Expectations that are only wished for: what is told beside them is what is expected.

    Returns
    -------
    mapping
        Only the expectations that have a level, each with its pair of (expected, experienced).

    Source
    ------
    Our own definition, docs/formulas/identify-levels.md#tied.

    Examples
    --------
    >>> text = "We paid 40 euros and waited an hour."
    >>> pairs = levels_of(text, "en", {"fair_price": Span(0, 17), "fast_delivery": Span(17, 36)})
    >>> {name: (got.value, got.unit) for name, (_, got) in pairs.items()}
    {'fair_price': (40.0, 'EUR'), 'fast_delivery': (1.0, 'hour')}
    """
    if not spoken or not may_hold_levels(text, language):
        return {}
    found = find_levels(text, language)
    if not found:
        return {}
    expected = _tied([one for one in found if one.role == "expected"], spoken, beside={})
    got = _tied([one for one in found if one.role == "experienced"], spoken, beside=expected)
    late = _tied([one for one in found if one.role == "late"], spoken, beside=expected)
    open_to = {name: clause for name, clause in spoken.items() if name not in expected and name not in got}
    # "15 minutes to pay for a pint of milk": what is just told, happened.
    told = _tied([one for one in found if one.role == "unclear" and _is_told(one)], open_to, beside={})
    got = {**told, **got}
    # "Goulash for 260, I'd have expected 180." "A reply within 8 hours. Three days, nothing."
    open_to = {name: spoken[name] for name in expected if name not in got}
    answers = [one for one in found if one.role == "unclear" and _is_told(one)]
    got.update(
        {
            name: one
            for name, one in _tied(answers, open_to, beside=expected).items()
            if kind_of(one.level) == kind_of(expected[name].level)
        }
    )
    for name in wished:
        if name in got and name not in expected:
            expected[name] = got.pop(name)
    pairs = {name: _pair(expected.get(name), got.get(name), late.get(name)) for name in spoken}
    return {name: pair for name, pair in pairs.items() if pair != (None, None)}


def _is_told(found: FoundLevel) -> bool:
    return kind_of(found.level) in ("time", "money", "percent")


def _pair(expected: FoundLevel | None, got: FoundLevel | None, late: FoundLevel | None) -> Pair:
    promised = expected.level if expected else None
    if got is not None:
        return promised, got.level
    return promised, with_lateness(promised, late.level if late else None)


def _tied(
    levels: list[FoundLevel], spoken: Mapping[str, Span], *, beside: Mapping[str, FoundLevel]
) -> dict[str, FoundLevel]:
    """Levels of one role by expectation, the surest tie first."""
    ties = [
        tie
        for found in levels
        for name, clause in spoken.items()
        if (tie := _tie(found, name, clause, beside=beside.get(name))) is not None
    ]
    ties.sort(key=lambda tie: (tie.cost, tie.rank, tie.found.start, tie.expectation))
    given: dict[str, FoundLevel] = {}
    for tie in ties:
        if tie.expectation not in given and all(tie.found is not other for other in given.values()):
            given[tie.expectation] = tie.found
    return given


def _tie(found: FoundLevel, name: str, clause: Span, *, beside: FoundLevel | None) -> _Tie | None:
    kind = kind_of(found.level)
    often, seldom = OFTEN[kind], SELDOM[kind]
    if name not in often and name not in seldom:
        return None
    away = max(0, clause.start - found.end, found.start - clause.end)
    if away > FARTHEST:
        return None
    rank = often.index(name) if name in often else len(often) + seldom.index(name)
    cost = away + (0 if name in often else LESS_OFTEN)
    if beside is not None and kind_of(beside.level) == kind:
        cost -= TOGETHER
    return _Tie(cost, rank, name, found)


@dataclass(frozen=True, slots=True)
class Tie:
    """An expectation that has a level: which, how surely, and the row of the clause that says it best."""

    pair: Pair
    probability: float
    row: int


def ties_of(
    text: str, language: str, clauses: Sequence[Span], likely: Numbers, *, expectations: Sequence[str]
) -> dict[str, Tie]:
    """Which of all expectations each stated level speaks of.

    A promise and what answers it speak of one expectation. Its score is what the model says of the clauses,
    the nearer the more, and how well the level's kind, role, source and the things spoken of beside it fit.

    Parameters
    ----------
    text
        A whole voice.
    language
        ISO 639-1 code, see :func:`forvent.identify.find_levels`.
    clauses
        Its clauses, offsets into ``text``.
    likely
        Probability of each expectation in each clause, shape (clauses, expectations); one more row is
        that of the whole text.
    expectations
        Ids of the columns of ``likely``.

    Returns
    -------
    dict
        Only expectations with a level, whether or not they are likely enough to count as mentioned. Levels
        that speak of none with a probability of :data:`SURE` are left out.

    Source
    ------
    Our own definition, docs/formulas/identify-levels.md#likely.

    Examples
    --------
    >>> text = "Promised two days, the parcel took five."
    >>> columns = ("fast_delivery", "on_time", "product_quality")
    >>> ties = ties_of(text, "en", [Span(0, 40)], np.array([[0.4, 0.3, 0.1]]), expectations=columns)
    >>> {name: tuple(level.value for level in tie.pair) for name, tie in ties.items()}
    {'on_time': (2.0, 5.0)}
    """
    found = find_levels(text, language)
    found = tuple(one for one in found if one.role != "unclear" or _is_told(one))
    if not found or not clauses:
        return {}
    weights = tie_weights()
    odds = odds_of(likely, expectations, wanted=weights.expectations)
    names = features_of(text, language, found, clauses=clauses)
    tied = []
    for group in answered(found):
        levels = [found[place] for place in group]
        fits = _mean([fit_of(names[place], weights) for place in group])
        near = said_of(levels, odds, clauses)
        sure = _shares(fits + weights.model * near.max(axis=0))
        best = int(sure.argmax())
        if sure[best] >= SURE and (pair := _answer(levels)) != (None, None):
            row = int(near[: len(clauses), best].argmax())
            tied.append((weights.expectations[best], Tie(pair, round(float(sure[best]), 6), row)))
    return _surest(tied)


def answered(found: Sequence[FoundLevel]) -> list[list[int]]:
    """Places of levels that speak of the same thing: a promise and what answers it; any other by itself.

    Source
    ------
    Our own definition, docs/formulas/identify-levels.md#likely.

    Examples
    --------
    >>> answered(find_levels("Promised 2 days, took five, cost €40.", "en"))
    [[0, 1], [2]]
    """
    groups: list[list[int]] = []
    used: set[int] = set()
    for place, one in enumerate(found):
        if one.role != "expected":
            continue
        answers = [
            (_ANSWERS.index(other.role), abs(other.start - one.start), index)
            for index, other in enumerate(found)
            if index not in used and other.role in _ANSWERS and group_of(other.level) == group_of(one.level)
        ]
        group = [place, *(index for _, _, index in sorted(answers)[:1])]
        used.update(group)
        groups.append(group)
    return sorted([*groups, *([place] for place in range(len(found)) if place not in used)])


def _answer(levels: Sequence[FoundLevel]) -> Pair:
    """What was promised and what was got, of levels that answer each other; what is just told, happened."""
    expected = next((one for one in levels if one.role == "expected"), None)
    late = next((one for one in levels if one.role == "late"), None)
    got = next((one for one in levels if one.role in ("experienced", "unclear")), None)
    return _pair(expected, got, late)


def odds_of(likely: Numbers, expectations: Sequence[str], *, wanted: Sequence[str]) -> Numbers:
    """What is said of the expectations that may have a level.

    Parameters
    ----------
    likely
        Probability of each expectation in each clause and in the whole, shape (parts, expectations).
    expectations
        Ids of its columns.
    wanted
        Ids of the expectations that may have a level, :func:`~forvent.identify.levels_likely.tie_weights`.

    Returns
    -------
    array
        Log-odds, shape (parts, wanted); of one that is not known those of the least likely.

    Source
    ------
    Our own definition, docs/formulas/identify-levels.md#likely.

    Examples
    --------
    >>> likely = np.array([[0.5, 0.1], [0.9, 0.1]])
    >>> odds_of(likely, ["on_time", "choice"], wanted=["choice", "on_time"]).round(1).tolist()
    [[-2.2, 0.0], [-2.2, 2.2]]
    """
    places = _places(tuple(expectations), tuple(wanted))
    columns: Numbers = likely[:, places]
    if -1 in places:
        columns[:, places < 0] = likely.min()
    return log_odds(columns)


@lru_cache(maxsize=16)
def _places(known: tuple[str, ...], wanted: tuple[str, ...]) -> NDArray[np.int64]:
    """Where each wanted one stands among those that are known; -1 for one that does not."""
    return np.array([known.index(name) if name in known else -1 for name in wanted], dtype=np.int64)


def said_of(levels: Sequence[FoundLevel], odds: Numbers, clauses: Sequence[Span]) -> Numbers:
    """What each clause, and the whole, say of levels that answer each other, the further off the less.

    Parameters
    ----------
    levels
        Of one group, :func:`answered`.
    odds
        Of the clauses and the whole, :func:`odds_of`.
    clauses
        Offsets into the text.

    Returns
    -------
    array
        Log-odds, of the shape of ``odds``.

    Source
    ------
    Our own definition, docs/formulas/identify-levels.md#likely.

    Examples
    --------
    >>> text = "Took an hour, but warm."
    >>> odds = np.array([[1.0], [1.0], [1.0]])
    >>> said_of(find_levels(text, "en"), odds, [Span(0, 13), Span(14, 23)]).round(2).tolist()
    [[1.0], [-0.04], [0.0]]
    """
    return _mean([_by_clause(one, odds, clauses) for one in levels])


def _mean(rows: Sequence[Numbers]) -> Numbers:
    mean: Numbers = rows[0] if len(rows) == 1 else np.mean(rows, axis=0)
    return mean


def _by_clause(one: FoundLevel, odds: Numbers, clauses: Sequence[Span]) -> Numbers:
    """What each clause says of the level, the further off the less; the whole text as one beside it."""
    away = [max(0, clause.start - one.end, one.start - clause.end) for clause in clauses]
    cost = [OUTSIDE * (gap > 0) + BY_SIGN * min(gap, FARTHEST) for gap in away]
    cost += [OUTSIDE] * (len(odds) - len(clauses))
    less: Numbers = odds - np.array(cost)[:, None]
    return less


def _shares(scores: Numbers) -> Numbers:
    grown = np.exp(scores - scores.max())
    shares: Numbers = grown / grown.sum()
    return shares


def _surest(tied: Sequence[tuple[str, Tie]]) -> dict[str, Tie]:
    """One pair for each expectation, the surest; another fills the role that it leaves open."""
    found: dict[str, Tie] = {}
    for name, tie in sorted(tied, key=lambda one: -one[1].probability):
        known = found.get(name)
        if known is None:
            found[name] = tie
            continue
        pair = (known.pair[0] or tie.pair[0], known.pair[1] or tie.pair[1])
        found[name] = Tie(pair, known.probability, known.row)
    return found
