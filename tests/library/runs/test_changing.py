"""From tables of voices, mentions and episodes to what changed, on the engine."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from forvent.engine import Engine
from forvent.records import NotEnough
from forvent.records.change import Change
from forvent.runs.assessing import AssessedRun, RunTables
from forvent.runs.changing import changed
from forvent.tables import EPISODES, MENTIONS, VOICES, arrow_schema

START, DAYS = datetime(2026, 1, 5), 168
FALL = 84


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with Engine() as made:
        yield made


def said(*, fall: float, weekend: float = 0.0, seed: int = 1) -> tuple[list[dict[str, Any]], ...]:
    """Voices over 24 weeks, ever more of them; on_time is met less often from day 84 on, and on weekends."""
    rng = np.random.default_rng(seed)
    voices, mentions = [], []
    for day in range(DAYS):
        for number in range(int(rng.poisson(4 + day / 14))):
            moment = START + timedelta(days=day, minutes=int(rng.integers(1440)))
            chance = 0.8 - fall * (day >= FALL) - weekend * (moment.weekday() >= 5)
            name = f"{day}-{number}"
            met = bool(rng.random() < chance)
            voices.append(
                {"voice_id": name, "time": moment, "rating": 0.3 + 0.5 * met, "content_free": False}
            )
            mentions += [
                {"voice_id": name, "expectation": "on_time", "polarity": "met" if met else "unmet"},
                {
                    "voice_id": name,
                    "expectation": "friendly_staff",
                    "polarity": "met" if rng.random() < 0.7 else "unmet",
                },
            ]
    for one in mentions:
        one |= {"stage": "receive", "touchpoint": "receive"}
    return voices, mentions


def delivered(*, fall: float, seed: int = 2) -> list[dict[str, Any]]:
    """Ten episodes a day, promised within two days, kept less often from day 84 on."""
    rng = np.random.default_rng(seed)
    found = []
    for day in range(DAYS - 2):
        for number in range(10):
            start = START + timedelta(days=day)
            late = bool(rng.random() < 0.05 + fall * (day >= FALL))
            found.append(
                {
                    "episode": f"{day}-{number}",
                    "start": start,
                    "promised": start + timedelta(days=2),
                    "delivered": start + timedelta(days=3 if late else 1),
                    "by_day": False,
                    "cancelled": False,
                }
            )
    return found


def run_on(
    engine: Engine,
    told: tuple[list[dict[str, Any]], ...],
    *,
    episodes: list[dict[str, Any]] | None = None,
) -> Change | NotEnough | None:
    voices, mentions = told
    tables = RunTables(
        engine.table(pa.Table.from_pylist(voices, schema=arrow_schema(VOICES))),
        engine.table(pa.Table.from_pylist(mentions, schema=arrow_schema(MENTIONS))),
        engine.table(pa.Table.from_pylist(episodes, schema=arrow_schema(EPISODES))) if episodes else None,
    )
    as_of = START + timedelta(days=DAYS) if episodes else None
    return changed(AssessedRun(engine, tables, level=0.95, seed=1, usual_kinds={}, as_of=as_of))


def with_changes(found: Change | NotEnough | None) -> dict[str, list[float]]:
    assert isinstance(found, Change)
    return {
        series.id: [change.difference.value for change in series.changes]
        for series in found.series
        if series.changes
    }


def test_a_fall_of_one_expectation_is_found_in_it_and_in_the_rating(engine: Engine) -> None:
    found = run_on(engine, said(fall=0.35))
    assert isinstance(found, Change)
    assert found.unit == "week"
    moved = with_changes(found)
    assert set(moved) == {"on_time:met", "all:rating"}
    change = next(series for series in found.series if series.id == "on_time:met").changes[0]
    assert change.earliest <= START + timedelta(days=FALL) <= change.latest
    assert change.difference.low <= -0.35 <= change.difference.high
    assert {alert.id.rpartition(":")[0] for alert in found.alerts} >= {"on_time:met:lower"}


def test_weekends_and_growing_volume_are_no_change(engine: Engine) -> None:
    found = run_on(engine, said(fall=0.0, weekend=0.3, seed=3))
    assert with_changes(found) == {}
    assert isinstance(found, Change)
    assert {series.trend.verdict for series in found.series} == {"undecided"}


def test_promises_that_are_kept_less_often_are_found(engine: Engine) -> None:
    found = run_on(engine, said(fall=0.0, seed=4), episodes=delivered(fall=0.3))
    moved = with_changes(found)
    assert list(moved) == ["all:kept"]
    assert moved["all:kept"][0] == pytest.approx(-0.3, abs=0.05)


def test_every_measure_has_its_series(engine: Engine) -> None:
    found = run_on(engine, said(fall=0.0, seed=5), episodes=delivered(fall=0.0))
    assert isinstance(found, Change)
    assert {series.id for series in found.series} == {
        "on_time:met", "friendly_staff:met", "all:rating", "all:kept",
    }  # fmt: skip
    # Everybody mentions both, so their reach cannot change.
    assert found.halves_at is not None
    assert START < found.halves_at < START + timedelta(days=DAYS)


def test_voices_without_time_are_counted_and_left_out(engine: Engine) -> None:
    voices, mentions = said(fall=0.0, seed=6)
    for one in voices[200:230]:
        one["time"] = None
    found = run_on(engine, (voices, mentions))
    assert isinstance(found, Change)
    assert found.undated == 30
    assert found.dated == len(voices) - 30


def test_no_time_at_all_says_nothing_and_a_short_time_says_so(engine: Engine) -> None:
    voices, mentions = said(fall=0.0, seed=7)
    short = [one for one in voices if one["time"] < START + timedelta(days=21)]
    found = run_on(engine, (short, mentions))
    assert found == NotEnough(3, 8, "the voices reach over too few weeks")
    for one in voices:
        one["time"] = None
    assert run_on(engine, (voices, mentions)) is None


def test_one_customer_who_says_everything_changes_nothing(engine: Engine) -> None:
    """One voice a day of one customer, half of the time contented: there is one customer to learn from."""
    voices, mentions = said(fall=0.35, seed=8)
    for one in voices:
        one["customer"] = "x"
    found = run_on(engine, (voices, mentions))
    assert isinstance(found, NotEnough | Change)
    if isinstance(found, Change):
        assert with_changes(found) == {}
