"""What was found last, and which expectations there are."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from forvent.identify import catalogue
from forvent.records import Findings
from forvent.report.read_back import findings_from
from forvent_server.store.models import Assessment, Expectation, Mention


def latest_findings() -> tuple[int, Findings] | None:
    """The number of the last assessment and what it found; None before the first."""
    newest = Assessment.objects.values_list("pk", "cleared_at").first()
    return (newest[0], _findings(*newest)) if newest else None


@lru_cache(maxsize=2)
def _findings(pk: int, _cleared_at: datetime | None) -> Findings:
    # An assessment changes only where quotes are taken out of it, so what was read of it holds until then.
    return findings_from(Assessment.objects.get(pk=pk).findings, file=f"assessment {pk}")


def known_expectations() -> set[str]:
    """Ids of the catalogue, of what the business added, and of what packs found."""
    added = Expectation.objects.values_list("key", flat=True)
    heard = Mention.objects.order_by("expectation").values_list("expectation", flat=True).distinct()
    return set(catalogue()) | set(added) | set(heard)
