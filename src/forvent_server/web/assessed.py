"""Findings of an assessment as records, read once each."""

from __future__ import annotations

from functools import lru_cache

from forvent.records import Findings
from forvent.report.read_back import findings_from
from forvent_server.store.models import Assessment


def latest_findings() -> Findings | None:
    """What the last assessment found; None before the first."""
    newest = Assessment.objects.values_list("pk", flat=True).first()
    return _findings(newest) if newest else None


def findings_of(made: Assessment) -> Findings:
    """What an assessment found."""
    return _findings(made.pk)


@lru_cache(maxsize=4)
def _findings(pk: int) -> Findings:
    # An assessment never changes, so what was read of it holds.
    return findings_from(Assessment.objects.get(pk=pk).findings, file=f"assessment {pk}")
