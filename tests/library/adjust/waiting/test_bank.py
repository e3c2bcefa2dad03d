"""Calls to a bank that had to queue; about a fifth hung up."""

from __future__ import annotations

import csv
import gzip
import math
import os
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from forvent.adjust.waiting.estimators import ESTIMATORS
from forvent.adjust.waiting.line import WaitingLine, waiting_line
from forvent.adjust.waiting.ranges import wait_ranges
from forvent.records import Estimate, WaitBacktest

CALLS = Path(__file__).parents[4] / "../shared/data/waits/bank_calls_feb1999_days_01_20.csv.gz"

pytestmark = pytest.mark.data


@cache
def calls() -> tuple[dict[str, str], ...]:
    """Every call of the record."""
    if not CALLS.exists() and os.environ.get("CI") != "true":
        pytest.skip("the shared test data are not beside the project")
    with gzip.open(CALLS, "rt", encoding="utf-8", newline="") as rows:
        return tuple(csv.DictReader(rows))


def seconds(call: dict[str, str], column: str) -> float:
    """Seconds since 1970 of one time of day of a call."""
    moment = datetime.fromisoformat(f"{call['date']}T{call[column]}").replace(tzinfo=UTC)
    return moment.timestamp()


def line_of(*, until: str = "9999", at_once: bool = False) -> WaitingLine:
    """The calls that queued up to a date; with ``at_once`` also those who were served without a wait."""
    rows = []
    for call in calls():
        queued = int(call["queue_seconds"])
        if call["date"] > until or (not queued and not (at_once and call["outcome"] == "AGENT")):
            continue
        came = seconds(call, "queue_start" if queued else "vru_exit")
        left = came + queued
        rows.append((came, left, left if call["outcome"] == "AGENT" else math.nan))
    came_all, left_all, served_all = np.array(rows).T
    return waiting_line(came_all, service_start=served_all, left=left_all)


def check(found: WaitBacktest) -> None:
    """The word is kept overall and in every hour, and ours beats every single estimator."""
    assert isinstance(found.kept, Estimate)
    assert abs(found.kept.value - found.level) <= 0.01
    judged = [hour for hour in found.hours if isinstance(hour.kept, Estimate)]
    assert len(judged) >= 14
    for hour in judged:
        assert isinstance(hour.kept, Estimate)
        error = math.sqrt(found.level * (1.0 - found.level) / hour.kept.n)
        assert abs(hour.kept.value - found.level) <= 4.0 * error, hour
    assert found.pinball_s["ours"] < min(found.pinball_s[name] for name in ESTIMATORS)


def test_the_word_is_kept_in_every_hour_and_the_loss_is_below_every_single_estimator() -> None:
    found = wait_ranges(line_of(until="1999-02-07"), level=0.9)
    assert found.undecided > 500
    check(found)


@pytest.mark.slow
@pytest.mark.parametrize("level", [0.8, 0.9, 0.95])
def test_the_word_is_kept_over_all_days(level: float) -> None:
    check(wait_ranges(line_of(), level=level))


@pytest.mark.slow
def test_with_those_who_never_waited_the_word_is_kept_too() -> None:
    check(wait_ranges(line_of(at_once=True), level=0.9))


@pytest.mark.slow
def test_a_range_is_kept_in_every_hour() -> None:
    found = wait_ranges(line_of(), level=0.9, two_sided=True)
    check(found)
    assert found.mean_range_s < found.mean_high_s
