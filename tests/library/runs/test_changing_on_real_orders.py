"""What changed in real orders: crises that are known from elsewhere are found, on the day."""

from __future__ import annotations

import csv
import gzip
import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from forvent.engine import Engine
from forvent.records.change import Change, ChangePoint
from forvent.runs.assessing import AssessedRun, RunTables
from forvent.runs.changing import changed
from forvent.tables import EPISODES, MENTIONS, VOICES, arrow_schema

OLIST = Path(__file__).parents[3] / "../shared/data/promises/olist_orders_flat.csv.gz"

pytestmark = pytest.mark.data


def _moment(told: str) -> datetime | None:
    return datetime.fromisoformat(told) if told else None


@pytest.fixture(scope="module")
def found() -> Change:
    """Ratings and promises of the flat table; words are not read."""
    if not OLIST.exists() and os.environ.get("CI") != "true":
        pytest.skip("the shared test data are not beside the project")
    voices: list[dict[str, Any]] = []
    episodes: list[dict[str, Any]] = []
    with gzip.open(OLIST, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            episodes.append(
                {
                    "episode": row["order_id"],
                    "start": _moment(row["purchased_at"]),
                    "promised": _moment(row["promised_date"]),
                    "delivered": _moment(row["delivered_at"]),
                    "by_day": True,
                    "cancelled": False,
                }
            )
            if row["review_score"]:
                said = _moment(row["review_created_at"])
                rating = (float(row["review_score"]) - 1) / 4
                voices.append(
                    {"voice_id": row["order_id"], "time": said, "rating": rating, "content_free": True}
                )
    with Engine() as engine:
        tables = RunTables(
            engine.table(pa.Table.from_pylist(voices, schema=arrow_schema(VOICES))),
            engine.table(pa.Table.from_pylist([], schema=arrow_schema(MENTIONS))),
            engine.table(pa.Table.from_pylist(episodes, schema=arrow_schema(EPISODES))),
        )
        until = max(one["delivered"] for one in episodes if one["delivered"])
        told = changed(AssessedRun(engine, tables, level=0.95, seed=1, usual_kinds={}, as_of=until))
    assert isinstance(told, Change)
    return told


def changes_of(found: Change, measure: str) -> tuple[ChangePoint, ...]:
    return next(series.changes for series in found.series if series.measure == measure)


def test_the_weeks_after_the_sales_of_november_and_the_crisis_of_spring_are_found(found: Change) -> None:
    """November 2017 and February and March 2018 are the worst months of the record."""
    kept = changes_of(found, "kept")
    falls = [change for change in kept if change.difference.high < 0.0]
    rises = [change for change in kept if change.difference.low > 0.0]
    assert any(change.earliest <= datetime(2017, 11, 27) <= change.latest for change in falls)
    assert any(change.earliest <= datetime(2018, 3, 5) <= change.latest for change in falls)
    assert abs(rises[-1].at - datetime(2018, 4, 23)) <= timedelta(weeks=2)


def test_ratings_fell_and_came_back_with_them(found: Change) -> None:
    fell, rose = changes_of(found, "rating")
    assert fell.at < rose.at
    assert fell.difference.high < 0.0 < rose.difference.low


def test_the_watch_would_have_told_the_fall_within_six_weeks(found: Change) -> None:
    told = [alert for alert in found.alerts if alert.measure == "kept" and alert.side == "lower"]
    assert any(datetime(2017, 11, 27) < alert.at <= datetime(2018, 1, 8) for alert in told)
