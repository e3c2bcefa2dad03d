"""Kinds from a Kano questionnaire as versioned JSON."""

from __future__ import annotations

from forvent.records import Kano
from forvent.report.versioned_json import versioned

SCHEMA = "forvent/kano/1"


def kano_json(kano: Kano) -> str:
    """Kinds from a questionnaire as JSON text that programs can rely on.

    Keys stand in the order of the records, those of mappings in alphabetical order. Every key is described
    in ``docs/kano.md``.

    Parameters
    ----------
    kano
        What was found.

    Returns
    -------
    str
        JSON with the key ``schema`` first. A time is ISO 8601 in UTC, a number that the data cannot carry is
        ``{"not_enough": {"n", "needed", "why"}}``.

    Source
    ------
    Our own definition, docs/kano.md.

    Examples
    --------
    >>> SCHEMA
    'forvent/kano/1'
    """
    return versioned(SCHEMA, kano)
