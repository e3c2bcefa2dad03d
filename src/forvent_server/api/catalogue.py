"""What was found last, and which expectations there are."""

from __future__ import annotations

from forvent.identify import catalogue
from forvent.records import Findings
from forvent_server.assessed import findings_of, newest_assessment
from forvent_server.store.models import Expectation, Mention


def latest_findings() -> tuple[int, Findings] | None:
    """The number of the last assessment and what it found; None before the first."""
    newest = newest_assessment()
    return (newest.pk, findings_of(newest)) if newest else None


def known_expectations() -> set[str]:
    """Ids of the catalogue, of what the business added, and of what packs found."""
    added = Expectation.objects.values_list("key", flat=True)
    heard = Mention.objects.order_by("expectation").values_list("expectation", flat=True).distinct()
    return set(catalogue()) | set(added) | set(heard)
