"""Which stated level speaks of which expectation."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from forvent.identify.levels import find_levels, may_hold_levels, with_lateness
from forvent.identify.levels_roles import FoundLevel
from forvent.identify.levels_words import SECONDS
from forvent.language import Span
from forvent.records import Level

Pair: TypeAlias = tuple[Level | None, Level | None]

#: A level further from the clause of an expectation does not speak of it.
FARTHEST = 120
#: So many characters a clause must be nearer for a level that its expectation seldom has.
SELDOM = 25
#: So many characters further the level that was got may stand from the expectation that has the promise.
TOGETHER = 40

_OFTEN: Mapping[str, tuple[str, ...]] = {
    "time": ("on_time", "fast_delivery", "fast_response", "fast_resolution"),
    "date": ("on_time", "fast_delivery", "fast_response", "fast_resolution", "availability"),
    "money": ("transparent_price", "fair_price"),
    "percent": ("transparent_price", "fair_price", "loyalty_reward"),
    "count": ("complete_order", "problem_solved", "easy_contact", "consistent_answers", "fast_response"),
}
_SELDOM: Mapping[str, tuple[str, ...]] = {
    "time": (
        "easy_returns",
        "availability",
        "proactive_updates",
        "problem_solved",
        "follow_up",
        "as_described",
        "product_quality",
        "easy_contact",
        "convenience",
        "clear_information",
        "easy_payment",
        "easy_digital",
        "loyalty_reward",
        "taken_seriously",
        "consistent_answers",
    ),
    "date": (
        "easy_returns",
        "proactive_updates",
        "problem_solved",
        "follow_up",
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
    # "Goulash for 260, I'd have expected 180."
    priced = {name: spoken[name] for name, one in expected.items() if name not in got and _is_price(one)}
    prices = [one for one in found if one.role == "unclear" and _is_price(one)]
    got.update(_tied(prices, priced, beside=expected))
    for name in wished:
        if name in got and name not in expected:
            expected[name] = got.pop(name)
    pairs = {name: _pair(expected.get(name), got.get(name), late.get(name)) for name in spoken}
    return {name: pair for name, pair in pairs.items() if pair != (None, None)}


def _is_told(found: FoundLevel) -> bool:
    return _kind(found.level.unit) in ("time", "money", "percent")


def _is_price(found: FoundLevel) -> bool:
    return _kind(found.level.unit) == "money"


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
    kind = _kind(found.level.unit)
    often, seldom = _OFTEN[kind], _SELDOM[kind]
    if name not in often and name not in seldom:
        return None
    away = max(0, clause.start - found.end, found.start - clause.end)
    if away > FARTHEST:
        return None
    rank = often.index(name) if name in often else len(often) + seldom.index(name)
    cost = away + (0 if name in often else SELDOM)
    if beside is not None and _kind(beside.level.unit) == kind:
        cost -= TOGETHER
    return _Tie(cost, rank, name, found)


def _kind(unit: str) -> str:
    if unit in SECONDS:
        return "time"
    return unit if unit in ("date", "count", "percent") else "money"
