"""What levels say of a mention: later, or dearer, than was promised is unmet."""

from __future__ import annotations

from forvent.identify.levels import find_levels
from forvent.identify.levels_tied import Pair
from forvent.language import Span

#: Expectations of which less time is better, and of which less money is.
SOONER = frozenset({"on_time", "fast_delivery", "fast_response", "fast_resolution"})
CHEAPER = frozenset({"transparent_price", "fair_price"})


def is_late(text: str, clause: Span, language: str) -> bool:
    """True where a clause tells a lateness with its length.

    Parameters
    ----------
    text
        A whole voice.
    clause
        The clause that speaks of the expectation.
    language
        ISO 639-1 code, see :func:`forvent.identify.find_levels`.

    Returns
    -------
    bool
        Whether a level of the role ``late`` begins in the clause.

    Source
    ------
    Our own definition, docs/formulas/identify-levels.md#late.

    Examples
    --------
    >>> is_late("The parcel came four days late.", Span(0, 31), "en")
    True
    >>> is_late("The parcel came in four days.", Span(0, 29), "en")
    False
    """
    late = (one.start for one in find_levels(text, language) if one.role == "late")
    return any(clause.start <= start < clause.end for start in late)


def is_worse(expectation: str, pair: Pair) -> bool:
    """True where what was got is more than what was promised, and less would have been better.

    Parameters
    ----------
    expectation
        Id of a general expectation.
    pair
        Its levels, expected and experienced.

    Returns
    -------
    bool
        False too where one of both is missing, or their units cannot be compared.

    Source
    ------
    Our own definition, docs/formulas/identify-levels.md#late.

    Examples
    --------
    >>> from forvent.records import Level
    >>> promised, got = Level(2.0, "day", 172800.0), Level(1.0, "week", 604800.0)
    >>> is_worse("on_time", (promised, got)), is_worse("on_time", (got, promised))
    (True, False)
    """
    expected, got = pair
    if expected is None or got is None:
        return False
    if expectation in SOONER and expected.seconds is not None and got.seconds is not None:
        return got.seconds > expected.seconds
    return expectation in CHEAPER and expected.unit == got.unit and got.value > expected.value
