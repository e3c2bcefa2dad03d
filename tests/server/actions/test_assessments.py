"""What is told when an assessment is kept: that it was made, and which alerts are new since the last one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from server_findings import shop

from forvent.report import findings_json
from forvent_server.actions.assessments import keep_assessment, new_alerts
from forvent_server.actions.webhooks import make_webhook
from forvent_server.store.models import Assessment, Delivery, Person

EARLY = {"id": "met/1:on_time", "at": "2026-02-10", "direction": "down"}
LATE = {"id": "met/1:on_time", "at": "2026-02-24", "direction": "down"}
OTHER = {"id": "met/1:told_about_delay", "at": "2026-02-24", "direction": "up"}


def document(*alerts: dict[str, Any]) -> dict[str, Any]:
    return {"change": {"alerts": list(alerts)}}


@pytest.mark.parametrize(
    ("before", "after", "new"),
    [
        ((EARLY,), (EARLY,), ()),
        ((EARLY,), (EARLY, LATE), (LATE,)),
        ((EARLY, LATE), (LATE, OTHER), (OTHER,)),
        ((), (EARLY,), (EARLY,)),
        ((EARLY,), (), ()),
    ],
)
def test_an_alert_is_new_where_the_assessment_before_did_not_know_it(
    before: Sequence[Any], after: Sequence[Any], new: Sequence[Any]
) -> None:
    assert new_alerts(document(*after), document(*before)) == list(new)


def test_the_first_assessment_sounds_no_alarm_of_what_is_long_past() -> None:
    assert new_alerts(document(EARLY, LATE), None) == []


@pytest.mark.parametrize("nothing", [{}, {"change": None}, {"change": {}}])
def test_where_nothing_is_said_of_changes_nothing_is_new(nothing: dict[str, Any]) -> None:
    assert new_alerts(nothing, document(EARLY)) == []
    assert new_alerts(document(EARLY), nothing) == [EARLY]


def keep(now: datetime, *alerts: dict[str, Any], made_from: str) -> Assessment:
    """The findings of the invented shop, with these alerts."""
    findings = shop()
    told = json.loads(findings_json(findings)) | document(*alerts)
    return keep_assessment(findings, document=told, made_from=made_from, now=now)


def messages() -> list[dict[str, Any]]:
    return [json.loads(body) for body in Delivery.objects.order_by("pk").values_list("body", flat=True)]


def test_who_wants_to_be_told_is_told_of_the_assessment_and_of_each_new_alert(
    owner: Person, now: datetime
) -> None:
    events = ["assessment.made", "alert.sounded"]
    make_webhook(address="https://example.org/all", events=events, who=owner, now=now)
    first = keep(now, EARLY, made_from="a")
    second = keep(now + timedelta(days=1), EARLY, LATE, OTHER, made_from="b")
    told = [(one["type"], one["data"]) for one in messages()]
    assert told == [
        ("assessment.made", {"assessment": first.pk, "voices": first.voices}),
        ("assessment.made", {"assessment": second.pk, "voices": second.voices}),
        ("alert.sounded", {"assessment": second.pk, "alert": LATE}),
        ("alert.sounded", {"assessment": second.pk, "alert": OTHER}),
    ]


def test_who_asked_for_alerts_alone_hears_of_nothing_else(owner: Person, now: datetime) -> None:
    make_webhook(address="https://example.org/alerts", events=["alert.sounded"], who=owner, now=now)
    keep(now, EARLY, made_from="a")
    assert messages() == []
    keep(now + timedelta(days=1), LATE, made_from="b")
    assert [one["data"]["alert"] for one in messages()] == [LATE]


@pytest.mark.django_db(transaction=True)
def test_an_assessment_that_is_not_kept_tells_nobody(
    owner: Person, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_webhook(address="https://example.org/all", events=["assessment.made"], who=owner, now=now)

    def broken(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("forvent_server.actions.assessments.new_alerts", broken)
    with pytest.raises(OSError, match="No space left"):
        keep(now, EARLY, made_from="a")
    assert not Assessment.objects.exists()
    assert messages() == []
