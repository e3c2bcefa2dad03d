"""A little of everything in the store, for programs to read."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.test import Client

from forvent.records import (
    Coverage,
    Estimate,
    Findings,
    FrontierPoint,
    Gap,
    IdentifiedVoice,
    KeptRate,
    LevelComparison,
    MentionCounts,
    NoPromise,
    NotEnough,
    Promise,
    ReadingReport,
)
from forvent.records import Episode as GivenEpisode
from forvent.records import Mention as FoundMention
from forvent.records import Voice as GivenVoice
from forvent.report.findings_json import findings_json
from forvent_server.actions.episodes import take_in_episodes
from forvent_server.actions.imports import files_source, upload
from forvent_server.actions.voices import keep_identified, take_in_voices
from forvent_server.actions.webhooks import make_webhook, tell
from forvent_server.store.models import Action, Assessment, GapValue, Person, Voice

FIGURES = Estimate(0.4, 0.3, 0.5, 40)
FIGURE = {"value": 0.4, "low": 0.3, "high": 0.5, "n": 40, "level": 0.95}
SHORT = {"not_enough": {"n": 2, "needed": 5, "why": "too few"}}


def fill(owner: Person, *, now: datetime) -> None:
    """Two voices, one of them understood; an episode, an assessment, an action, an import, a webhook."""
    hear(now)
    start = datetime(2026, 1, 5)
    take_in_episodes(
        [
            GivenEpisode(
                "A1", start, 2, promised=start + timedelta(days=4), customer="c1", groups={"shop": "Riga"}
            )
        ],
        now=now,
    )
    upload(name="voices.csv", holds="voices", path="voices.csv", size=9, sha256="0" * 64, who=owner, now=now)
    make_webhook(address="https://example.org/told", events=["import.ended"], who=owner, now=now)
    tell("import.ended", now=now, data={"import": 1})
    Action.objects.create(
        title="Tell the truth", expectation="on_time", due_on=now.date(), made_at=now, owner=owner
    )
    assess(now)


def hear(now: datetime) -> Voice:
    """Two voices; the first is understood."""
    said = [
        GivenVoice(
            "1", "It came late.", 1, rating=0.0, time=datetime(2026, 1, 9), customer="c1", episode="A1"
        ),
        GivenVoice("2", "Friendly people.", 2, rating=1.0, time=datetime(2026, 1, 10), channel="web"),
    ]
    take_in_voices(said, source=files_source(now), now=now)
    first = Voice.objects.order_by("pk")[0]
    found = FoundMention(
        voice_id=str(first.pk),
        expectation="on_time",
        polarity="unmet",
        stated=False,
        quote="came late",
        start=3,
        end=12,
        confidence=0.9,
        language="en",
        touchpoint="delivery",
        stage="receive",
    )
    understood = IdentifiedVoice(
        voice_id=str(first.pk),
        language="en",
        polarity="negative",
        confidence=0.9,
        content_free=False,
        mentions=(found,),
        act="complaint",
    )
    keep_identified([first], identified=[understood], by="test", now=now)
    return first


def assess(now: datetime) -> Assessment:
    """An assessment with one gap."""
    made = Assessment.objects.create(
        made_at=now,
        voices=2,
        mentions=1,
        episodes=1,
        encoder="test",
        version="0",
        made_from="0",
        findings=json.loads(findings_json(found(now))),
    )
    GapValue.objects.create(
        assessment=made,
        expectation="on_time",
        got=FIGURE,
        expected=FIGURE,
        gap=SHORT,
        kind="basic",
        judged=40,
    )
    return made


def found(now: datetime) -> Findings:
    """Findings with one gap and a record of promises."""
    few = NotEnough(2, 5, "too few")
    read = ReadingReport("", "store", None, 2, 2, 0, {}, (), ())
    gap = Gap(
        "on_time",
        "receive",
        None,
        MentionCounts(4, 36, 0, 0),
        FIGURES,
        FIGURES,
        few,
        "ratings",
        few,
        few,
        "basic",
    )
    return Findings(
        made_at=now.replace(tzinfo=None),
        level=0.95,
        encoder="test",
        voices=read,
        episodes=None,
        coverage=Coverage(2, 0, 0, FIGURES, {"en": 2}),
        scores=(),
        gaps=(gap,),
        touchpoints=(replace(gap, touchpoint="delivery"),),
        asymmetries=(),
        levels=(LevelComparison("on_time", (1.0,), (2.0,), FIGURES, few),),
        chain=None,
        kept=(KeptRate({}, FIGURES, 3, 4.5, 3.0, None),),
        promises=(
            Promise({}, 5.0, "day", 0.95, 900, True, FIGURES, 4.0, few, False),
            NoPromise({"shop": "Riga"}, 0.95, few),
        ),
        frontier=tuple(
            FrontierPoint(days, "day", replace(FIGURES, value=share))
            for days, share in ((0.0, 0.0), (2.0, 0.6), (4.0, 0.95), (6.0, 1.0))
        ),
        sentences=(),
        questions=(),
        quotes={},
    )


def asking(secret: str) -> Callable[..., Any]:
    """A program with the key: asks a path, sends what it is given as JSON."""
    client = Client()

    def ask(path: str, given: Any = None, *, method: str = "", **headers: str) -> Any:
        return client.generic(
            method or ("GET" if given is None else "POST"),
            f"/api/v1/{path}",
            b"" if given is None else given if isinstance(given, bytes) else json.dumps(given),
            content_type=headers.pop("content_type", "application/json"),
            headers={"Authorization": f"Bearer {secret}", **headers},
        )

    return ask
