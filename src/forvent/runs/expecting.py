"""Who expects what: groups of customers by what they expect, and segments that the business names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from forvent import assess
from forvent.assess import personas as rooms
from forvent.engine import Engine
from forvent.errors import MissingColumn
from forvent.identify import catalogue
from forvent.records import Estimate, Gap, NotEnough
from forvent.records.personas import Personas, Segments
from forvent.rows import SEGMENT
from forvent.tables import Table

#: What is told of groups though it does not make them.
TRAITS = ("language", "channel")


@dataclass(frozen=True)
class WhoExpects:
    """Groups found in what customers say, and the segments that were asked for."""

    personas: Personas
    segments: tuple[Segments, ...] = ()


def who_expects(
    engine: Engine,
    *,
    voices: Table,
    mentions: Table,
    expected: Mapping[str, Estimate | NotEnough],
    segments: Mapping[str, str],
    rng: np.random.Generator,
    level: float = 0.95,
) -> WhoExpects:
    """Personas and segments of tables that lie in an engine.

    Parameters
    ----------
    engine
        What collects the tables.
    voices, mentions
        Tables of identified voices and of their mentions.
    expected
        Share met that all customers expect, by expectation.
    segments
        Column of the table of voices by the name that the business has for it.
    rng
        Source of randomness, seeded by the caller.
    level
        Confidence level.

    Returns
    -------
    WhoExpects
        One record of segments for each column, in their order.

    Source
    ------
    Our own definition, ``docs/formulas/assess-personas.md``.
    """
    known = set(voices.collect_schema().names())
    columns = {**{name: name for name in TRAITS}, **segments}
    held = {name: column for name, column in columns.items() if column in known}
    traits = engine.collect(rooms.customers_traits(voices, columns=held)) if held else None
    found = rooms.customers(
        engine.collect(rooms.customers_heard(voices)),
        mentions=engine.collect(rooms.customers_mentions(mentions, voices=voices)),
        traits=traits,
    )
    return WhoExpects(
        rooms.personas(found, rng=rng, expected=expected, level=level),
        tuple(rooms.segments(found, column=name, expected=expected, level=level) for name in segments),
    )


def expected_of(gaps: Iterable[Gap]) -> dict[str, Estimate | NotEnough]:
    """What all customers expect of each expectation, where ratings say it."""
    return {gap.expectation: gap.expected for gap in gaps if gap.basis == "ratings"}


def segment_columns(names: Sequence[str]) -> dict[str, str]:
    """Columns of the table of voices that hold the columns of a file that name segments."""
    return {name: SEGMENT + name for name in names}


def personas(
    mentions: pa.Table | Path | str,
    *,
    voices: pa.Table | Path | str,
    segments: Sequence[str] = (),
    seed: int = 1,
    level: float = 0.95,
) -> WhoExpects:
    """Groups of customers by what they expect, from the tables that ``forvent identify`` writes.

    Parameters
    ----------
    mentions
        Table of mentions (``mentions.parquet``), as path or in memory.
    voices
        Table of voices (``--voices-out voices.parquet``), as path or in memory, with further columns as
        they come.
    segments
        Columns of ``voices`` that name segments of your own, such as country or plan.
    seed
        Seed of the starts, halves and draws; the same seed gives the same groups.
    level
        Confidence level.

    Returns
    -------
    WhoExpects
        ``personas`` as :func:`forvent.assess.personas.personas` finds them, and ``segments``.

    Raises
    ------
    MissingColumn
        If a column of segments is not there.
    BadOption
        If ``level`` is outside (0, 1).

    Source
    ------
    Our own definition, ``docs/formulas/assess-personas.md``.

    Examples
    --------
    Two voices are too few for groups, and it says so.

    >>> from forvent.rows import mentions_schema, voices_schema
    >>> said = [{"voice_id": name, "content_free": False} for name in "ab"]
    >>> heard = pa.Table.from_pylist(said, schema=voices_schema())
    >>> personas(mentions_schema().empty_table(), voices=heard).personas.verdict
    'not enough data'
    """
    with Engine() as engine:
        tables = [
            engine.table(given) if isinstance(given, pa.Table) else engine.scan(given)
            for given in (voices, mentions)
        ]
        there = tables[0].collect_schema().names()
        for column in segments:
            if column not in there:
                raise MissingColumn(
                    f"The table of voices has no column “{column}” for a segment. Its columns: "
                    f"{', '.join(there)}.",
                    hint="Name one of these columns.",
                )
        judged = assess.judgements(
            engine.collect(assess.judged_mentions(tables[1])),
            voices=engine.collect(assess.speaking_voices(tables[0])),
        )
        rng = np.random.default_rng(seed)
        fit = assess.contrast(judged, rng=rng)
        kinds = assess.asymmetries(judged, contrast=fit)
        usual = {name: one.usual_kind for name, one in catalogue().items()}
        gaps = assess.gaps(judged, contrast=fit, asymmetries=kinds, usual_kinds=usual)
        return who_expects(
            engine,
            voices=tables[0],
            mentions=tables[1],
            expected=expected_of(gaps),
            segments={column: column for column in segments},
            rng=rng,
            level=level,
        )
