"""A measure week by week, from what the store holds: what baseline and effect of an action rest on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa

from forvent.engine import Engine
from forvent.records.effect import Action, Effect, Tally
from forvent.runs.acting import effect_since, subject_of, weeks_of
from forvent.runs.planning import PlanTables
from forvent.tables import NUMBER, TEXT, TIME
from forvent_server.bridge import plain
from forvent_server.store.models import Mention, Voice
from forvent_server.store.same import merged_customers
from forvent_server.stored import recalled_so_far

JUDGED = pa.schema([("voice_id", TEXT), ("expectation", TEXT), ("touchpoint", TEXT), ("polarity", TEXT)])
DATED = pa.schema([("voice_id", TEXT), ("time", TIME), ("customer", TEXT), ("rating", NUMBER)])


def weeks_so_far(subject: str, *, measure: str) -> tuple[Tally, ...]:
    """The measure of a subject week by week; empty where nobody judges it.

    Reads what is said of one expectation; the share kept reads all episodes, the rating all that are rated.
    """
    wanted = subject_of(subject, measure=measure)
    with _tables([wanted.expectation], measure=measure) as (engine, tables):
        return weeks_of(tables, wanted, measure=measure, collect=engine.collect)


def effect_so_far(action: Action) -> Effect:
    """Whether the gap of a done action closed: its frozen baseline against the weeks since."""
    about = [action.expectation, action.comparison.partition("@")[0]]
    with _tables([name for name in about if name], measure=action.measure) as (engine, tables):
        return effect_since(action, tables, collect=engine.collect)


@contextmanager
def _tables(expectations: list[str], *, measure: str) -> Iterator[tuple[Engine, PlanTables]]:
    with TemporaryDirectory(prefix="forvent-") as kept, Engine() as engine:
        judged, dated = _said(expectations, measure=measure)
        record = recalled_so_far(Path(kept), progress=_unseen) if measure == "kept" else None
        yield (
            engine,
            PlanTables(
                voices=engine.table(pa.Table.from_pylist(dated, schema=DATED)),
                mentions=engine.table(pa.Table.from_pylist(judged, schema=JUDGED)),
                episodes=engine.scan(Path(kept) / "episodes.parquet") if record else None,
                as_of=record.as_of if record else None,
            ),
        )


def _said(
    expectations: list[str], *, measure: str
) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    """Rows of both tables that the measure needs: judgements and who makes them, or ratings alone."""
    if measure == "kept":
        return [], []
    return ([], _rated()) if measure == "rating" else _judged(expectations)


def _rated() -> list[dict[str, object]]:
    """All ratings of our own, and when they were given by whom."""
    rows = Voice.objects.filter(competitor="").exclude(time=None).exclude(rating=None)
    one_of = merged_customers()
    parts = rows.values_list("pk", "time", "customer_id", "rating")
    return [
        _dated(voice, time, one_of.get(customer, customer)) | {"rating": rating}
        for voice, time, customer, rating in parts.iterator(chunk_size=2000)
    ]


def _dated(voice: int, time: datetime | None, customer: int | None) -> dict[str, object]:
    return {
        "voice_id": str(voice),
        "time": plain(time),
        "customer": str(customer) if customer else None,
        "rating": None,
    }


def _judged(expectations: list[str]) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    """What is said of these expectations, and when by whom: rows of both tables."""
    rows = Mention.objects.filter(expectation__in=expectations, voice__competitor="").exclude(
        voice__time=None
    )
    parts = rows.values_list(
        "voice_id", "expectation", "touchpoint", "polarity", "voice__time", "voice__customer_id"
    )
    one_of = merged_customers()
    judged: list[dict[str, object]] = []
    dated: dict[int, dict[str, object]] = {}
    for voice, expectation, touchpoint, polarity, time, customer in parts.iterator(chunk_size=2000):
        said: dict[str, object] = {
            "voice_id": str(voice),
            "expectation": expectation,
            "touchpoint": touchpoint,
        }
        judged.append(said | {"polarity": polarity})
        dated[voice] = _dated(voice, time, one_of.get(customer, customer))
    return judged, list(dated.values())


def _unseen(stage: str, done: int, total: int | None) -> None:
    """It is done within a page: nobody watches how far it is."""
