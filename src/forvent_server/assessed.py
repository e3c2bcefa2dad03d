"""Findings of an assessment as records, read once each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from forvent.records import Findings
from forvent.records.market import Market
from forvent.report.read_back import findings_from, record_from
from forvent_server.store.models import Assessment


def latest_findings() -> Findings | None:
    """What the last assessment found; None before the first."""
    newest = Assessment.objects.values_list("pk", "made_from", "cleared_at").first()
    return _findings(*newest) if newest else None


def newest_assessments(most: int = 1) -> list[Assessment]:
    """The last assessments without their documents, which are long; the newest first."""
    return list(Assessment.objects.defer("findings", "market")[:most])


def newest_assessment() -> Assessment | None:
    """The last assessment; None before the first."""
    return next(iter(newest_assessments()), None)


def market_of(made: Assessment) -> Market | None:
    """How it stood beside other companies; None where nobody spoke of any."""
    return _market(made.pk, made.made_from, made.cleared_at)


@dataclass(frozen=True, slots=True)
class Made:
    """An assessment by what tells it apart: what is drawn of it holds as long as this is the same."""

    pk: int
    made_from: str
    cleared_at: datetime | None

    @property
    def findings(self) -> Findings:
        """What it found."""
        return _findings(self.pk, self.made_from, self.cleared_at)


def made_of(made: Assessment) -> Made:
    """What tells an assessment apart."""
    return Made(made.pk, made.made_from, made.cleared_at)


def findings_of(made: Assessment) -> Findings:
    """What an assessment found."""
    return _findings(made.pk, made.made_from, made.cleared_at)


@lru_cache(maxsize=4)
def _findings(pk: int, _made_from: str, _cleared_at: datetime | None) -> Findings:
    # An assessment changes only where quotes are taken out of it, so what was read of it holds until then.
    return findings_from(
        Assessment.objects.values_list("findings", flat=True).get(pk=pk), file=f"assessment {pk}"
    )


@lru_cache(maxsize=2)
def _market(pk: int, _made_from: str, _cleared_at: datetime | None) -> Market | None:
    document = Assessment.objects.values_list("market", flat=True).get(pk=pk)
    return record_from(Market, document) if document else None
