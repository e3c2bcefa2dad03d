"""Words for customers: templates by language, filled with CLDR durations, counts and percents."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Literal, TypeAlias

from babel import Locale
from babel.numbers import format_decimal, format_percent
from babel.units import format_unit

from forvent.errors import BadOption
from forvent.tables import LANGUAGES

# Tables of templates; those of [counts] are tables themselves, by plural category.
Wording: TypeAlias = Mapping[str, Mapping[str, Any]]

UNITS = ("minute", "hour", "day")
# CLDR gives Chinese durations in the short form only, and the long form as its alias;
# Babel does not follow that alias and would say "24 duration-day".
LENGTH: dict[str, Literal["long", "short"]] = {"zh": "short"}


@cache
def wording(language: str) -> Wording:
    """Sentence templates of one language.

    Parameters
    ----------
    language
        One of ``tables.LANGUAGES``.

    Returns
    -------
    Mapping
        Tables ``promise``, ``counts``, ``not_enough``, ``delay`` and ``waiting``.

    Raises
    ------
    BadOption
        If there is no wording in the language.

    Source
    ------
    Our own definition, docs/formulas/communicate.md#wording.

    Examples
    --------
    >>> wording("en")["promise"]["upper"]
    'You will have it within {duration}.'
    """
    if language not in LANGUAGES:
        known = ", ".join(LANGUAGES)
        raise BadOption(f"There is no wording in the language {language!r}.", hint=f"Use one of {known}.")
    file = files("forvent.communicate") / "wording" / f"{language}.toml"
    return MappingProxyType(tomllib.loads(file.read_text(encoding="utf-8")))


def duration(amount: float, *, unit: str, language: str) -> str:
    """A length of time in words, in the base form of the language.

    Parameters
    ----------
    amount
        How many, 0 or more.
    unit
        "minute", "hour" or "day".
    language
        One of ``tables.LANGUAGES``.

    Returns
    -------
    str
        Amount and unit with the right plural.

    Raises
    ------
    BadOption
        If the unit is none of the three.

    Source
    ------
    Unicode CLDR, unit patterns (through Babel).

    Examples
    --------
    >>> duration(2, unit="day", language="cs"), duration(5, unit="day", language="cs")
    ('2 dny', '5 dnů')
    """
    if unit not in UNITS:
        raise BadOption(f"The unit {unit!r} cannot be said.", hint=f"Use one of {', '.join(UNITS)}.")
    return format_unit(_whole(amount), f"duration-{unit}", LENGTH.get(language, "long"), locale=language)


def calendar_days(amount: float, *, language: str) -> str:
    """A number of calendar days in words.

    CLDR's unit is the day of 24 hours. Where a language has another word for it (Norwegian
    "døgn", Estonian "ööpäev"), its wording file names the day of the calendar.

    Parameters
    ----------
    amount
        How many, 0 or more.
    language
        One of ``tables.LANGUAGES``.

    Returns
    -------
    str
        Amount and word with the right plural.

    Source
    ------
    Unicode CLDR, plural rules and unit patterns (through Babel).

    Examples
    --------
    >>> calendar_days(24, language="nb"), duration(24, unit="day", language="nb")
    ('24 dager', '24 døgn')
    """
    if "days" in wording(language)["counts"]:
        return counted(_whole(amount), noun="days", language=language)
    return duration(amount, unit="day", language=language)


def counted(n: float, *, noun: str, language: str) -> str:
    """A count with its noun, such as "1,234 orders".

    Parameters
    ----------
    n
        The count.
    noun
        "orders", "voices", "customers" or "cases".
    language
        One of ``tables.LANGUAGES``.

    Returns
    -------
    str
        Number and noun with the right plural.

    Raises
    ------
    BadOption
        If the wording does not have the noun.

    Source
    ------
    Unicode CLDR, plural rules (through Babel).

    Examples
    --------
    >>> counted(1234, noun="orders", language="en")
    '1,234 orders'
    """
    nouns = wording(language)["counts"]
    if noun not in nouns:
        raise BadOption(f"There is no count of {noun!r}.", hint=f"Use one of {', '.join(nouns)}.")
    form = Locale.parse(language).plural_form(n)
    return str(nouns[noun][form]).format(n=format_decimal(n, locale=language))


def percent_down(share: float, *, language: str) -> str:
    """A share as whole percent, rounded down so that it is never better than it was.

    Parameters
    ----------
    share
        Share, 0–1.
    language
        One of ``tables.LANGUAGES``.

    Returns
    -------
    str
        Percent in the writing of the language.

    Source
    ------
    Unicode CLDR, percent patterns (through Babel).

    Examples
    --------
    >>> percent_down(0.949, language="en"), percent_down(0.29, language="en")
    ('94%', '29%')
    """
    # Rounding first: 0.29 * 100 is 28.999999999999996 in floating point.
    whole = math.floor(round(share * 100, 9))
    return format_percent(whole / 100, locale=language)


def template(language: str, *, table: str, key: str) -> str:
    """One sentence template, to be filled with ``str.format``."""
    return str(wording(language)[table][key])


def _whole(amount: float) -> float:
    """24.0 as 24: CLDR has plurals of their own for fractions."""
    return int(amount) if amount == int(amount) else amount
