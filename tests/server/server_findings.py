"""An assessed workspace: the invented shop of the report's tests, and voices of many weeks."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType

import numpy as np

from forvent.adjust.priorities import Stakes, ranked
from forvent.records import Findings
from forvent.report import findings_json
from forvent_server.actions.assessments import keep_assessment
from forvent_server.store.models import Assessment, Customer, Mention, Voice

REPORT = Path(__file__).parents[1] / "library" / "report"


def _module(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"server_{name}", REPORT / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = made
    spec.loader.exec_module(made)
    return made


def shop() -> Findings:
    """The findings of the invented shop."""
    found: Findings = _module("example_findings").example_findings()
    return found


def planned_shop() -> Findings:
    """The same with its gaps ranked into a plan."""
    found = shop()
    rng = np.random.default_rng(3)
    draws = {gap.expectation: rng.normal(size=200) for gap in found.gaps}
    stakes = Stakes({gap.expectation: gap.counts.judged for gap in found.gaps})
    return replace(found, plan=ranked(found.gaps, stakes=stakes, draws=draws))


def assessed(findings: Findings, *, now: datetime) -> Assessment:
    """An assessment that found this; what it was made from differs where its findings do, as elsewhere."""
    text = findings_json(findings)
    document, made_from = json.loads(text), hashlib.sha256(text.encode()).hexdigest()
    return keep_assessment(findings, document=document, made_from=made_from, now=now)


def say_weekly(
    expectation: str, *, first: datetime, weeks: int, met: int, unmet: int, key: str = "w"
) -> None:
    """Voices of ever new customers about an expectation, so many met and unmet in each week."""
    voices, polarities = [], []
    for week in range(weeks):
        for number in range(met + unmet):
            customer = Customer.objects.create(name=f"{key}{week}-{number}")
            at = (first + timedelta(weeks=week)).replace(tzinfo=UTC)
            voices.append(
                Voice(
                    key=f"{key}/{expectation}/{week}/{number}",
                    content=0,
                    text="It came.",
                    time=at,
                    came_at=at,
                    customer=customer,
                    language="en",
                    identified_at=at,
                )
            )
            polarities.append("met" if number < met else "unmet")
    Voice.objects.bulk_create(voices)
    Mention.objects.bulk_create(
        Mention(
            voice=voice,
            expectation=expectation,
            polarity=polarity,
            quote="It came.",
            start=0,
            end=8,
            confidence=0.9,
        )
        for voice, polarity in zip(voices, polarities, strict=True)
    )
