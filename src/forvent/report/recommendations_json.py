"""What could be recommended, as plain values for JSON."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from forvent.records.recommendations import Recommendations, Recommended
from forvent.report.versioned_json import jsonable

DIGITS = 4


def recommendations_document(found: Recommendations) -> dict[str, Any]:
    """What could be recommended to whom as dicts and lists; every key is described in ``docs/loyalty.md``.

    Parameters
    ----------
    found
        What was found.

    Returns
    -------
    dict
        With an object a customer under ``customers``; names stand as the file writes them.

    Source
    ------
    Our own definition, docs/loyalty.md.

    Examples
    --------
    >>> DIGITS
    4
    """
    return {
        "until": found.until.isoformat(),
        "level": found.level,
        "known_customers": found.customers,
        "known_products": found.products,
        "silent": found.silent,
        "trial": jsonable(found.trial),
        "comparisons": found.comparisons,
        "found": found.found,
        "pairs": jsonable(found.pairs),
        "withheld": dict(found.withheld),
        "left_out": dict(found.left_out),
        "customers": _customers(found.recommended),
    }


def _customers(given: Recommended) -> list[dict[str, Any]]:
    places = range(given.customer.size)
    return [
        {"customer": given.customers[who], "products": [_product(given, place) for place in group]}
        for who, group in groupby(places, key=lambda place: int(given.customer[place]))
    ]


def _product(given: Recommended, place: int) -> dict[str, Any]:
    return {
        "product": given.products[given.product[place]],
        "because": given.products[given.because[place]],
        "together": int(given.together[place]),
        "buyers": int(given.buyers[place]),
        "expected": round(float(given.expected[place]), DIGITS),
        "lift": round(float(given.lift[place]), DIGITS),
        "asked": [
            {"expectation": met.expectation, "share": jsonable(met.share)}
            for met in given.asked.get(place, ())
        ],
    }
