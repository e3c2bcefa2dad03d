"""What assess says of one run: tables of voices, mentions and episodes in, everything found out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

import narwhals as nw
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from forvent import assess
from forvent.adjust.priorities import PlanSettings
from forvent.assess.joined import owner_column
from forvent.assess.judgements import as_floats
from forvent.engine import Engine
from forvent.records import (
    Asymmetry,
    Chain,
    Gap,
    Importances,
    Journey,
    KindDrift,
    LevelComparison,
    LevelGap,
    Plan,
    Said,
    Scale,
    Score,
    WhatIfs,
)
from forvent.records.loyalty import Returning, ValueAtRisk
from forvent.records.prediction import Prediction
from forvent.runs.at_stake import AtStake, at_stake
from forvent.runs.foretold import foretell
from forvent.runs.planning import TRIED, Grounds, Known, PlanTables, planned, what_ifs
from forvent.tables import CHAIN, Table

ROUNDS = 1000
#: Open episodes that the findings name, the likeliest to disappoint.
OPEN_NAMED = 200
TIMED = ("on_time", "fast_delivery", "fast_response", "fast_resolution")


@dataclass(frozen=True)
class RunTables:
    """The lazy tables of one run; ``episodes`` only where there is a file of them."""

    voices: Table
    mentions: Table
    episodes: Table | None = None


@dataclass(frozen=True)
class AssessedRun:
    """The run that is assessed: its tables and how it is to be done.

    ``usual_kinds`` are those of the catalogue by expectation, ``scale`` is that of the ratings, ``as_of``
    up to when the episodes reach, ``waits`` how long the delivered ones took, in days. ``owners`` names a
    column of the episodes by fault, ``parents`` the general expectation of one of a trade pack, ``chain_to``
    where the chain of every episode is left. ``intents`` counts what voices say they will do, of
    ``asked_intents``. ``touchpoint_stages`` is the stage of each touchpoint that is placed on the journey.
    """

    engine: Engine
    tables: RunTables
    level: float
    seed: int
    usual_kinds: Mapping[str, str]
    scale: Scale | None = None
    as_of: datetime | None = None
    waits: Sequence[float] = ()
    owners: Mapping[str, str] = field(default_factory=dict)
    parents: Mapping[str, str] = field(default_factory=dict)
    chain_to: Path | None = None
    usual_types: Mapping[str, str] = field(default_factory=dict)
    efforts: Mapping[str, float] = field(default_factory=dict)
    intents: Mapping[str, int] = field(default_factory=dict)
    asked_intents: int = 0
    touchpoint_stages: Mapping[str, str] = field(default_factory=dict)

    def collect(self, table: Table) -> pa.Table:
        """The rows of a lazy table."""
        return self.engine.collect(table)

    def rng(self) -> np.random.Generator:
        """A fresh source of randomness, the same every time."""
        return np.random.default_rng(self.seed)


@dataclass(frozen=True)
class Assessed:
    """All that assess says of one run; the fields are those of ``Findings``."""

    scores: tuple[Score, ...]
    gaps: tuple[Gap, ...]
    touchpoints: tuple[Gap, ...]
    asymmetries: tuple[Asymmetry, ...]
    importance: Importances
    kind_drift: KindDrift | None
    levels: tuple[LevelComparison, ...]
    chain: Chain | None
    said: Said
    prediction: Prediction | None
    journey: Journey | None
    places: Journey | None
    plan: Plan
    what_if: WhatIfs
    loyalty: Returning | None = None
    at_risk: tuple[ValueAtRisk, ...] = ()


def assessed(run: AssessedRun) -> Assessed:
    """How well expectations are met, which matter, where the chain breaks.

    Parameters
    ----------
    run
        The tables of one run; see :class:`AssessedRun`.

    Returns
    -------
    Assessed
        Every number with its count and interval.

    Source
    ------
    Our own definition, ``docs/formulas/assess.md``.
    """
    judged = assess.judgements(
        run.collect(assess.judged_mentions(run.tables.mentions)),
        voices=run.collect(assess.speaking_voices(run.tables.voices)),
        touchpoint_stages=run.touchpoint_stages,
    )
    fit = assess.contrast(judged, rng=run.rng(), rounds=ROUNDS)
    kinds = assess.asymmetries(judged, contrast=fit)
    weights = assess.importances(judged, contrast=fit, rng=run.rng(), level=run.level)
    found, touchpoints = (
        assess.with_rates(
            assess.rank_gaps(
                assess.with_importance(
                    assess.gaps(
                        judged,
                        contrast=fit,
                        asymmetries=kinds,
                        usual_kinds=run.usual_kinds,
                        by_touchpoint=by_touchpoint,
                    ),
                    importances=weights,
                )
            )
        )
        for by_touchpoint in (False, True)
    )
    stages, places = (
        assess.journey(
            judged,
            contrast=fit,
            asymmetries=kinds,
            usual_kinds=run.usual_kinds,
            rng=run.rng(),
            by_touchpoint=by_touchpoint,
        )
        for by_touchpoint in (False, True)
    )
    stake = _at_stake(run)
    plan, what_if = _plan(run, Grounds(judged, fit, kinds, found), at_risk=stake.at_risk)
    return Assessed(
        scores=_scores(run),
        gaps=found,
        touchpoints=touchpoints,
        asymmetries=tuple(kinds),
        importance=weights,
        kind_drift=_kind_drift(run),
        levels=_levels(run),
        chain=_chain(run),
        said=_said(run),
        prediction=_prediction(run),
        journey=stages if isinstance(stages, Journey) else None,
        places=places if isinstance(places, Journey) else None,
        plan=plan,
        what_if=what_if,
        loyalty=stake.loyalty,
        at_risk=stake.at_risk,
    )


def _at_stake(run: AssessedRun) -> AtStake:
    return at_stake(
        run.engine,
        voices=run.tables.voices,
        mentions=run.tables.mentions,
        episodes=run.tables.episodes,
        as_of=run.as_of,
        level=run.level,
    )


def _plan(run: AssessedRun, grounds: Grounds, *, at_risk: Sequence[ValueAtRisk]) -> tuple[Plan, WhatIfs]:
    settings = PlanSettings(efforts=run.efforts)
    known = Known(run.usual_kinds, run.usual_types, at_risk=at_risk, settings=settings)
    tables = PlanTables(run.tables.voices, run.tables.mentions)
    plan = planned(grounds, tables, collect=run.collect, known=known)
    first = [row.expectation for row in plan.priorities if row.real is not None and row.shortfall > 0.0]
    return plan, what_ifs(grounds, names=first[:TRIED], rng=run.rng())


def _kind_drift(run: AssessedRun) -> KindDrift | None:
    return assess.kind_drift(
        run.collect(assess.judged_mentions(run.tables.mentions)),
        voices=run.collect(assess.timed_voices(run.tables.voices)),
        rng=run.rng(),
        level=run.level,
    )


def _prediction(run: AssessedRun) -> Prediction | None:
    """Which episodes will probably disappoint; None where no voice tells how an episode ended."""
    if run.tables.episodes is None or run.as_of is None:
        return None
    found = foretell(
        run.engine,
        voices=run.tables.voices,
        episodes=run.tables.episodes,
        as_of=run.as_of,
        leave_out=tuple(run.owners.values()),
        seed=run.seed,
    )
    return replace(found, cases=found.cases[:OPEN_NAMED]) if found.accuracies else None


def _said(run: AssessedRun) -> Said:
    counts = assess.said_counts(run.tables.voices, mentions=run.tables.mentions)
    found = assess.said(run.collect(counts).to_pylist())
    return replace(found, intents=assess.intent_shares(run.intents, of=run.asked_intents))


def _scores(run: AssessedRun) -> tuple[Score, ...]:
    rated = run.collect(
        run.tables.voices.filter(~nw.col("rating").is_null()).select("rating", "customer", "row").sort("row")
    )
    if not rated.num_rows:
        return ()
    return assess.scores(
        rated["rating"].to_numpy(),
        customers=assess.customer_codes(rated["customer"]),
        rng=run.rng(),
        scale=run.scale,
    )


def _levels(run: AssessedRun) -> tuple[LevelComparison, ...]:
    rows = run.collect(assess.stated_levels(run.tables.mentions))
    pairs = run.collect(
        assess.paired_levels(run.tables.voices, mentions=run.tables.mentions, episodes=run.tables.episodes)
    )
    found = []
    for expectation in TIMED:
        mine = rows.filter(pc.equal(rows["expectation"], expectation))
        stated = mine["level_seconds"].drop_null().to_numpy()
        experienced = mine["experienced_seconds"].drop_null().to_numpy()
        if len(stated) or len(experienced):
            delivered = run.waits if expectation in ("on_time", "fast_delivery") else ()
            found.append(
                assess.compare_levels(
                    expectation,
                    stated=stated,
                    experienced=experienced,
                    delivered=delivered,
                    paired=_paired(pairs.filter(pc.equal(pairs["expectation"], expectation))),
                )
            )
    return tuple(found)


def _paired(pairs: pa.Table) -> tuple[LevelGap, ...]:
    """Stated and got of the same voices, as voices and as the record have it; without pairs none."""
    stated, customers = as_floats(pairs["stated_seconds"]), assess.customer_codes(pairs["customer"])
    found = (
        assess.level_gap(stated, got=as_floats(pairs[column]), customers=customers, basis=basis)
        for basis, column in (("said", "experienced_seconds"), ("record", "delivered_seconds"))
    )
    return tuple(gap for gap in found if gap.n)


def _chain(run: AssessedRun) -> Chain | None:
    """Which link broke in each episode and in all of them; each is left as a row where it was asked for."""
    if run.tables.episodes is None or run.as_of is None:
        return None
    owners = tuple(dict.fromkeys(run.owners.values()))
    joined = run.collect(
        assess.joined_episodes(
            run.tables.voices,
            episodes=run.tables.episodes,
            mentions=run.tables.mentions,
            as_of=run.as_of,
            parents=run.parents,
            owners=owners,
        )
    )
    lines = assess.chain_lines(joined)
    episodes = run.collect(assess.chain_episodes(run.engine.table(joined), lines=lines, owners=owners))
    if run.chain_to is not None:
        kept = [*(column.name for column in CHAIN), *map(owner_column, owners)]
        pq.write_table(episodes.select(kept), run.chain_to, compression="zstd")
    chain = assess.chain(episodes, lines=lines, rng=run.rng(), owners=run.owners, rounds=ROUNDS)
    return chain if isinstance(chain, Chain) else None
