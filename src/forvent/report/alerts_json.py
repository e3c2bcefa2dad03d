"""Kept alerts as versioned JSON."""

from __future__ import annotations

from forvent.records.change import KeptAlerts
from forvent.report.versioned_json import versioned

SCHEMA = "forvent/alerts/1"


def alerts_json(kept: KeptAlerts) -> str:
    """Kept alerts as JSON text that programs can rely on.

    Parameters
    ----------
    kept
        The alerts of a folder.

    Returns
    -------
    str
        JSON with the key ``schema`` first; a time is ISO 8601 in UTC.

    Source
    ------
    Our own definition, docs/alerts.md.

    Examples
    --------
    >>> print(alerts_json(KeptAlerts(())), end="")
    {
     "schema": "forvent/alerts/1",
     "alerts": []
    }
    """
    return versioned(SCHEMA, kept)
