"""Scores of a survey as versioned JSON."""

from __future__ import annotations

from forvent.records.scores import Scores
from forvent.report.versioned_json import versioned

SCHEMA = "forvent/scores/1"


def scores_json(found: Scores) -> str:
    """Scores as JSON text that programs can rely on; every key is described in ``docs/scores.md``.

    Parameters
    ----------
    found
        The scores of a file.

    Returns
    -------
    str
        JSON with the key ``schema`` first; a number that the data cannot carry is
        ``{"not_enough": {"n", "needed", "why"}}``.

    Source
    ------
    Our own definition, docs/scores.md.

    Examples
    --------
    >>> SCHEMA
    'forvent/scores/1'
    """
    return versioned(SCHEMA, found)
