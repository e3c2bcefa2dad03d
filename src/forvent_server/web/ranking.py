"""The plan of the last assessment, in the order of what people say now that closing a gap takes."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np

from forvent.adjust.priorities import reranked
from forvent.records import Findings
from forvent_server.actions.actions import efforts_given
from forvent_server.assessed import Made, made_of, newest_assessment
from forvent_server.store.models import Assessment

SEED = 1
Efforts = tuple[tuple[str, float], ...]


def latest_ranked() -> Findings | None:
    """The last findings with the plan as it is now; None before the first."""
    newest = newest_assessment()
    return ranked_findings(newest) if newest else None


def ranked_findings(made: Assessment) -> Findings:
    """The findings of an assessment with its plan as it is now: an effort changes the order at once."""
    return _ranked(made_of(made), tuple(sorted(efforts_given().items())))


@lru_cache(maxsize=4)
def _ranked(made: Made, efforts: Efforts) -> Findings:
    findings = made.findings
    if findings.plan is None:
        return findings
    plan = reranked(findings.plan, efforts=dict(efforts), rng=np.random.default_rng(SEED))
    return findings if plan is findings.plan else replace(findings, plan=plan)
