"""The comparison with others as versioned JSON."""

from __future__ import annotations

from forvent.records.market import Market
from forvent.report.versioned_json import versioned

SCHEMA = "forvent/market/1"


def market_json(market: Market) -> str:
    """A comparison with others as JSON text that programs can rely on.

    Keys stand in the order of the records, those of mappings in alphabetical order. Every key is described
    in ``docs/market.md``.

    Parameters
    ----------
    market
        What was found.

    Returns
    -------
    str
        JSON with the key ``schema`` first. A time is ISO 8601 in UTC, a number that the data cannot carry is
        ``{"not_enough": {"n", "needed", "why"}}``.

    Source
    ------
    Our own definition, docs/market.md.

    Examples
    --------
    >>> SCHEMA
    'forvent/market/1'
    """
    return versioned(SCHEMA, market)
