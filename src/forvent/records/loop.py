"""Everything one run of the loop found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from forvent.records.adjust import FrontierPoint, KeptRate, NoPromise, Promise
from forvent.records.assess import Asymmetry, Chain, Gap, LevelComparison, Score
from forvent.records.communicate import Sentence
from forvent.records.feedback import Question
from forvent.records.identify import Coverage
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
