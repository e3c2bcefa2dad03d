"""Each rule of an outcome by hand, on DuckDB."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest

from forvent.adjust import OTHER, UNKNOWN, name_groups, outcomes
from forvent.engine import Engine
from forvent.errors import BadOption
from forvent.tables import EPISODES, arrow_schema

AS_OF = datetime(2024, 5, 10, 12)
ORDERED = datetime(2024, 5, 1, 9)


@pytest.fixture
def engine() -> Iterator[Engine]:
    with Engine() as opened:
        yield opened


def episode(**changes: Any) -> dict[str, Any]:
    plain = {
        "episode": "1",
        "start": ORDERED,
        "promised": datetime(2024, 5, 5),
        "delivered": datetime(2024, 5, 4, 18),
        "by_day": True,
        "cancelled": False,
        "customer": None,
        "row": 2,
    }
    return plain | changes


def outcome_of(engine: Engine, **changes: Any) -> dict[str, Any]:
    rows = pa.Table.from_pylist([episode(**changes)], schema=arrow_schema(EPISODES))
    seen = engine.collect(outcomes(engine.table(rows), as_of=AS_OF))
    return seen.to_pylist()[0]


@pytest.mark.parametrize(
    ("changes", "outcome", "kept"),
    [
        ({}, "kept", True),
        # By day, the whole of the promised day is in time.
        ({"delivered": datetime(2024, 5, 5, 23, 59, 59)}, "kept", True),
        ({"delivered": datetime(2024, 5, 6, 0, 0, 1)}, "broken", False),
        # Otherwise the second counts, and fractions of it.
        ({"by_day": False, "delivered": datetime(2024, 5, 5)}, "kept", True),
        ({"by_day": False, "delivered": datetime(2024, 5, 5, 0, 0, 0, 500_000)}, "broken", False),
        # Open: the promise has passed, or can still be kept.
        ({"delivered": None}, "broken", False),
        ({"delivered": None, "promised": datetime(2024, 5, 10)}, "pending", None),
        ({"delivered": None, "promised": datetime(2024, 5, 10), "by_day": False}, "broken", False),
        ({"delivered": None, "promised": AS_OF, "by_day": False}, "pending", None),
        # Delivered after the moment of knowledge is open at that moment.
        ({"delivered": datetime(2024, 5, 11), "promised": datetime(2024, 5, 12)}, "pending", None),
        ({"delivered": datetime(2024, 5, 11)}, "broken", False),
        ({"cancelled": True}, "cancelled", None),
        ({"cancelled": True, "delivered": None}, "cancelled", None),
        ({"cancelled": None}, "kept", True),
        ({"promised": None}, "unpromised", None),
    ],
)
def test_says_what_became_of_the_promise(
    engine: Engine, changes: dict[str, Any], outcome: str, kept: bool | None
) -> None:
    seen = outcome_of(engine, **changes)
    assert (seen["outcome"], seen["kept"]) == (outcome, kept)


def test_wait_is_elapsed_but_promise_and_slack_are_calendar_days_where_a_day_was_promised(
    engine: Engine,
) -> None:
    seen = outcome_of(engine)
    assert seen["wait_seconds"] == timedelta(days=3, hours=9).total_seconds()
    assert seen["promised_seconds"] == 4 * 86_400
    assert seen["slack_seconds"] == 1 * 86_400


def test_promise_and_slack_are_elapsed_where_a_time_was_promised(engine: Engine) -> None:
    seen = outcome_of(engine, by_day=False)
    assert seen["promised_seconds"] == timedelta(days=3, hours=15).total_seconds()
    assert seen["slack_seconds"] == timedelta(hours=6).total_seconds()


def test_months_are_counted_in_days(engine: Engine) -> None:
    seen = outcome_of(engine, start=datetime(2024, 1, 31), delivered=datetime(2024, 5, 4))
    assert seen["wait_seconds"] == 94 * 86_400


@pytest.mark.parametrize("changes", [{"delivered": None}, {"cancelled": True}])
def test_open_and_cancelled_cases_have_no_wait(engine: Engine, changes: dict[str, Any]) -> None:
    seen = outcome_of(engine, **changes)
    assert seen["wait_seconds"] is None
    assert seen["slack_seconds"] is None


def test_group_columns_stay_and_nothing_is_computed_before_the_edge(engine: Engine) -> None:
    rows = pa.Table.from_pylist([episode() | {"region": "north"}])
    lazy = outcomes(engine.table(rows), as_of=AS_OF)
    assert lazy.collect_schema().names()[-6:] == [
        "region",
        "wait_seconds",
        "promised_seconds",
        "slack_seconds",
        "outcome",
        "kept",
    ]
    assert engine.collect(lazy)["region"].to_pylist() == ["north"]


def test_groups_beyond_the_largest_become_one_and_none_is_dropped(engine: Engine) -> None:
    regions = ["b"] * 3 + ["c"] * 2 + ["a"] * 2 + ["d", None]
    rows = pa.table({"region": regions, "row": list(range(9))})
    named = engine.collect(name_groups(engine.table(rows), by="region", most=2)).sort_by("row")
    # Of the equally large a and c the first by the alphabet keeps its name.
    assert named["region"].to_pylist() == ["b"] * 3 + [OTHER] * 2 + ["a"] * 2 + [OTHER, UNKNOWN]
    assert named.column_names == ["region", "row"]


def test_groups_of_numbers_are_named_by_their_text(engine: Engine) -> None:
    named = engine.collect(name_groups(engine.table(pa.table({"lane": [7, 7, 8]})), by="lane", most=1))
    assert sorted(named["lane"].to_pylist()) == [OTHER, "7", "7"]


def test_refuses_to_name_no_group(engine: Engine) -> None:
    with pytest.raises(BadOption) as error:
        name_groups(engine.table(pa.table({"lane": ["a"]})), by="lane", most=0)
    assert str(error.value) == "0 groups cannot keep their name. Ask for 1 or more; 30 is usual."
