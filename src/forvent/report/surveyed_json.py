"""The gaps of a survey as versioned JSON."""

from __future__ import annotations

from forvent.records import SurveyedGaps
from forvent.report.versioned_json import versioned

SCHEMA = "forvent/gap/1"


def surveyed_json(found: SurveyedGaps) -> str:
    """The gaps of a survey as JSON text that programs can rely on.

    Keys stand in the order of the records, those of mappings in alphabetical order. Every key is described
    in ``docs/surveyed.md``.

    Parameters
    ----------
    found
        What was found.

    Returns
    -------
    str
        JSON with the key ``schema`` first. A time is ISO 8601 in UTC, a number that the data cannot carry is
        ``{"not_enough": {"n", "needed", "why"}}``.

    Source
    ------
    Our own definition, docs/surveyed.md.

    Examples
    --------
    >>> SCHEMA
    'forvent/gap/1'
    """
    return versioned(SCHEMA, found)
