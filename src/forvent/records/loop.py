"""Everything one run of the loop found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from forvent.records.adjust import FrontierPoint, KeptRate, NoPromise, Promise
from forvent.records.assess import Asymmetry, Chain, Gap, LevelComparison, Score
from forvent.records.change import Change
from forvent.records.communicate import Sentence
from forvent.records.effect import Action, Effect
from forvent.records.feedback import Question
from forvent.records.identify import Coverage
from forvent.records.importance import Importances
from forvent.records.journey import Journey
from forvent.records.kinds import KindDrift
from forvent.records.loyalty import Returning, ValueAtRisk
from forvent.records.numbers import NotEnough
from forvent.records.personas import Personas, Segments
from forvent.records.plan import Plan, WhatIfs
from forvent.records.prediction import Prediction
from forvent.records.reading import ReadingReport
from forvent.records.said import Said


@dataclass(frozen=True, slots=True)
class Quote:
    """The words behind a finding: a part of a voice, with the marked span in it."""

    voice_id: str
    expectation: str
    polarity: str
    language: str
    before: str
    words: str
    after: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Findings:
    """All that one run of the loop found; what ``findings.json`` holds."""

    made_at: datetime
    level: float
    encoder: str
    voices: ReadingReport
    episodes: ReadingReport | None
    coverage: Coverage
    scores: tuple[Score, ...]
    gaps: tuple[Gap, ...]
    touchpoints: tuple[Gap, ...]
    asymmetries: tuple[Asymmetry, ...]
    levels: tuple[LevelComparison, ...]
    chain: Chain | None
    kept: tuple[KeptRate, ...]
    promises: tuple[Promise | NoPromise, ...]
    frontier: tuple[FrontierPoint, ...]
    sentences: tuple[Sentence, ...]
    questions: tuple[Question, ...]
    quotes: Mapping[str, tuple[Quote, ...]]
    title: str = ""
    said: Said | None = None
    importance: Importances | None = None
    kind_drift: KindDrift | None = None
    journey: Journey | None = None
    places: Journey | None = None
    plan: Plan | None = None
    what_if: WhatIfs | None = None
    actions: tuple[Action, ...] = ()
    effects: Mapping[str, Effect] = field(default_factory=dict)
    change: Change | NotEnough | None = None
    personas: Personas | None = None
    segments: tuple[Segments, ...] = ()
    prediction: Prediction | None = None
    loyalty: Returning | None = None
    at_risk: tuple[ValueAtRisk, ...] = ()
