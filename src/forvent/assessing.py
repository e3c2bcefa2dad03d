"""What assess says of one run: tables of voices, mentions and episodes in, everything found out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import narwhals as nw
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from forvent import assess
from forvent.engine import Engine
from forvent.records import (
    Asymmetry,
    Chain,
    Gap,
    LevelComparison,
    Said,
    Scale,
    Score,
)
from forvent.tables import Table

ROUNDS = 1000
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
    up to when the episodes reach, ``waits`` how long the delivered ones took, in days.
    """

    engine: Engine
    tables: RunTables
    level: float
    seed: int
    usual_kinds: Mapping[str, str]
    scale: Scale | None = None
    as_of: datetime | None = None
    waits: Sequence[float] = ()

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
    levels: tuple[LevelComparison, ...]
    chain: Chain | None
    said: Said


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
    )
    fit = assess.contrast(judged, rng=run.rng(), rounds=ROUNDS)
    kinds = assess.asymmetries(judged, contrast=fit)
    found, touchpoints = (
        assess.rank_gaps(
            assess.gaps(
                judged,
                contrast=fit,
                asymmetries=kinds,
                usual_kinds=run.usual_kinds,
                by_touchpoint=by_touchpoint,
            )
        )
        for by_touchpoint in (False, True)
    )
    return Assessed(
        scores=_scores(run),
        gaps=found,
        touchpoints=touchpoints,
        asymmetries=tuple(kinds),
        levels=_levels(run),
        chain=_chain(run),
        said=_said(run),
    )


def _said(run: AssessedRun) -> Said:
    counts = assess.said_counts(run.tables.voices, mentions=run.tables.mentions)
    return assess.said(run.collect(counts).to_pylist())


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
    found = []
    for expectation in TIMED:
        mine = rows.filter(pc.equal(rows["expectation"], expectation))
        stated = mine["level_seconds"].drop_null().to_numpy()
        experienced = mine["experienced_seconds"].drop_null().to_numpy()
        if len(stated) or len(experienced):
            delivered = run.waits if expectation in ("on_time", "fast_delivery") else ()
            found.append(
                assess.compare_levels(
                    expectation, stated=stated, experienced=experienced, delivered=delivered
                )
            )
    return tuple(found)


def _chain(run: AssessedRun) -> Chain | None:
    if run.tables.episodes is None or run.as_of is None:
        return None
    joined = run.collect(
        assess.joined_episodes(
            run.tables.voices, episodes=run.tables.episodes, mentions=run.tables.mentions, as_of=run.as_of
        )
    )
    chain = assess.chain(joined, rng=run.rng(), rounds=ROUNDS)
    return chain if isinstance(chain, Chain) else None
