"""The catalogue of expectations: ids, usual types and kinds, names and example phrases."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from forvent.errors import UnknownExpectation
from forvent.records import Expectation
from forvent.tables import LANGUAGES


@dataclass(frozen=True, slots=True)
class Example:
    """An invented sentence that speaks of one expectation, with whether it is met, unmet or wished."""

    expectation: str
    polarity: str
    text: str
    language: str


@cache
def catalogue() -> Mapping[str, Expectation]:
    """All expectations by id, in the catalogue's order.

    Returns
    -------
    Mapping of str to Expectation
        32 records; stages, types and kinds as :mod:`forvent.tables` lists them.

    Source
    ------
    Our own definition, the general catalogue.

    Examples
    --------
    >>> len(catalogue()), catalogue()["on_time"].usual_kind
    (32, 'basic')
    """
    entries = _toml("expectations.toml")
    return {identifier: Expectation(id=identifier, **entry) for identifier, entry in entries.items()}


def expectation(identifier: str) -> Expectation:
    """One record of the catalogue.

    Parameters
    ----------
    identifier
        An id such as ``on_time``.

    Raises
    ------
    UnknownExpectation
        If the catalogue has no such id.

    Source
    ------
    Our own definition, the general catalogue.

    Examples
    --------
    >>> expectation("on_time").stage
    'receive'
    """
    if identifier not in catalogue():
        raise UnknownExpectation(
            f"The catalogue has no expectation '{identifier}'.", hint=f"It has: {', '.join(catalogue())}."
        )
    return catalogue()[identifier]


@cache
def names(language: str) -> Mapping[str, Any]:
    """Names of expectations, stages, polarities, kinds and types in one language, else in English.

    Parameters
    ----------
    language
        ISO 639-1 code.

    Returns
    -------
    Mapping
        A table with ``name`` and ``expects`` for each id, and the tables ``stages``, ``polarities``,
        ``kinds`` and ``types``.

    Source
    ------
    Our own definition, the general catalogue.

    Examples
    --------
    >>> names("nb")["stages"]["receive"] != names("en")["stages"]["receive"]
    True
    """
    return _toml(f"names/{language if language in LANGUAGES else 'en'}.toml")


def examples(language: str) -> tuple[Example, ...]:
    """The example phrases of one language: ten met, ten unmet and three wished for each expectation.

    Parameters
    ----------
    language
        One of the six first-class languages.

    Source
    ------
    Written for forvent; ``docs/decisions/0006-what-the-heads-learn-from.md``.

    Examples
    --------
    >>> len(examples("hy"))
    736
    """
    file = resources.files("forvent.identify").joinpath(f"catalogue/{language}.tsv")
    rows = csv.DictReader(
        file.read_text(encoding="utf-8").splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE
    )
    return tuple(Example(row["expectation"], row["polarity"], row["text"], language) for row in rows)


@cache
def catalogue_examples() -> tuple[Example, ...]:
    """The example phrases of all languages: what learned expectations are told from.

    Source
    ------
    Our own definition, ``docs/formulas/identify-packs.md#learned``.

    Examples
    --------
    >>> len(catalogue_examples())
    4416
    """
    return tuple(example for language in LANGUAGES for example in examples(language))


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads(resources.files("forvent.identify").joinpath(name).read_text(encoding="utf-8"))
