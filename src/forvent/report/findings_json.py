"""Findings as versioned JSON."""

from __future__ import annotations

from forvent.records import Findings
from forvent.report.versioned_json import versioned

SCHEMA = "forvent/findings/2"
#: In its first files the importance of a gap was reach times swing of the rating; later ones say its basis.
EARLIER = "forvent/findings/1"


def findings_json(findings: Findings) -> str:
    """Findings as JSON text that programs can rely on.

    Keys stand in the order of the records, those of mappings in alphabetical order, so that equal
    findings give equal text. Every key is described in ``docs/findings.md``.

    Parameters
    ----------
    findings
        What one run of the loop found.

    Returns
    -------
    str
        JSON with the key ``schema`` first. A number that is not finite is null, a time is ISO 8601 in
        UTC, a number that the data cannot carry is ``{"not_enough": {"n", "needed", "why"}}``.

    Source
    ------
    Our own definition, docs/findings.md.

    Examples
    --------
    >>> SCHEMA
    'forvent/findings/2'
    """
    return versioned(SCHEMA, findings)
