"""Which link broke first, and what real orders show."""

import os
from datetime import datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pytest

from forvent.assess import chain, joined_episodes
from forvent.records import NotEnough
from forvent.tables import MENTIONS, arrow_schema

ORDERS = Path(__file__).parents[3] / "../shared/data/promises/olist_orders_flat.csv.gz"
KEPT = {
    "wait_days": 8.0, "promised_days": 10.0, "days_late": -2.0, "open": 0.0, "late": 0.0, "rating": 0.0,
    "negative": 1.0, "on_time_unmet": 0.0, "slow_unmet": 0.0, "stated_days": None,
}  # fmt: skip


def rows(*episodes, times=1):
    repeated = [episode for episode in episodes for _ in range(times)]
    columns = {name: pa.array([episode[name] for episode in repeated], pa.float64()) for name in KEPT}
    return pa.table({"customer": [f"c{n}" for n in range(len(repeated))]} | columns)


def broken(rng, episode, **options):
    found = chain(rows(KEPT | episode), rng=rng, rounds=2, **options)
    (link,) = [link.name for link in found.links if link.count]
    return link


@pytest.mark.parametrize(
    ("episode", "link"),
    [
        ({"late": 1.0, "days_late": 3.0}, "promised_delivered"),
        ({"late": 1.0, "days_late": 3.0, "stated_days": 2.0}, "promised_delivered"),
        ({"stated_days": 2.0}, "expected_promised"),
        ({"stated_days": 9.0, "slow_unmet": 1.0}, "delivered_perceived"),
        ({"stated_days": 12.0, "on_time_unmet": 1.0}, "delivered_perceived"),
        ({"slow_unmet": 1.0, "wait_days": 8.0}, "expected_promised"),
        ({"slow_unmet": 1.0, "wait_days": 3.0}, "delivered_perceived"),
        ({"slow_unmet": 1.0, "on_time_unmet": 1.0, "wait_days": 8.0}, "delivered_perceived"),
        ({"on_time_unmet": 1.0}, "delivered_perceived"),
        ({}, "elsewhere"),
    ],
)
def test_an_episode_counts_under_the_first_broken_link(rng, episode, link):
    assert broken(rng, episode, slow_from_days=5.0) == link


def test_only_the_dissatisfied_are_classified(rng):
    episodes = [KEPT, KEPT | {"rating": 0.25}, KEPT | {"rating": 0.5}, KEPT | {"rating": None}]
    calm = KEPT | {"rating": None, "negative": 0.0}
    found = chain(rows(*episodes, calm), rng=rng, rounds=2)
    assert (found.joined, found.dissatisfied) == (5, 3)


def test_pending_and_unpromised_episodes_are_joined_and_not_classified(rng):
    found = chain(rows(KEPT, KEPT | {"late": None, "open": 1.0}), rng=rng, rounds=2)
    assert (found.joined, found.dissatisfied) == (2, 1)


def test_shares_of_links_have_intervals_and_sum_to_one(rng):
    late, slow = KEPT | {"late": 1.0, "days_late": 2.0, "wait_days": 12.0}, KEPT | {"stated_days": 1.0}
    found = chain(rows(late, late, slow, KEPT, times=5), rng=rng, rounds=2)
    assert [(link.name, link.count) for link in found.links] == [
        ("expected_promised", 5), ("promised_delivered", 10), ("delivered_perceived", 0), ("elsewhere", 5),
    ]  # fmt: skip
    assert sum(link.share.value for link in found.links) == 1.0
    assert 0.25 < found.links[1].share.low < 0.5


def test_four_dissatisfied_episodes_give_counts_and_no_shares(rng):
    found = chain(rows(KEPT, times=4), rng=rng, rounds=2)
    assert found.links[3].count == 4
    assert found.links[3].share == NotEnough(n=4, needed=5, why="too few dissatisfied episodes")


def test_slow_is_above_the_median_wait_of_kept_episodes_unless_told(rng):
    waits = rows(*(KEPT | {"wait_days": float(days)} for days in (2, 4, 9)))
    assert chain(waits, rng=rng, rounds=2).slow_from_days == 4.0
    assert chain(waits, rng=rng, rounds=2, slow_from_days=7.0).slow_from_days == 7.0


def test_where_no_promise_was_made_there_is_no_chain(rng):
    found = chain(rows(KEPT | {"late": None, "promised_days": None}), rng=rng, rounds=2)
    assert found == NotEnough(n=0, needed=1, why="no joined episode has a promise that was kept or broken")


def test_nothing_joined_is_no_chain(rng):
    assert isinstance(chain(rows(KEPT).slice(0, 0), rng=rng, rounds=2), NotEnough)


@pytest.fixture
def orders():
    if not ORDERS.exists():
        if os.environ.get("CI") == "true":
            pytest.fail(f"The orders are missing: {ORDERS}")
        pytest.skip("the folder shared is not beside the project")
    return pyarrow.csv.read_csv(ORDERS, parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True))


@pytest.mark.data
def test_real_orders_show_lateness_and_not_slowness_alone(orders, engine, rng):
    times = {"start": "purchased_at", "promised": "promised_date", "delivered": "delivered_at"}
    n = orders.num_rows
    episodes = pa.table(
        {name: orders[column].cast(pa.timestamp("us")) for name, column in times.items()}
        | {"episode": orders["order_id"], "customer": orders["order_id"]}
        | {"by_day": np.ones(n, dtype=bool), "cancelled": np.zeros(n, dtype=bool)}
    )
    score = pc.cast(orders["review_score"], pa.float64())
    voices = pa.table(
        {"voice_id": orders["order_id"], "episode": orders["order_id"], "polarity": pa.nulls(n, pa.string())}
        | {"rating": pc.divide(pc.subtract(score, 1.0), 4.0)}
    )
    mentions = engine.table(arrow_schema(MENTIONS).empty_table())
    joined = joined_episodes(
        engine.table(voices), episodes=engine.table(episodes), mentions=mentions, as_of=datetime(2018, 10, 31)
    )
    found = chain(engine.collect(joined), rng=rng)
    # data/README.md: 5,164 orders, kept 93.4 %, median 10.3 days, score 4.27 where kept and 2.18 where late.
    assert found.joined == 5164
    kept_quick, kept_slow, _, late_slow = found.cells
    assert found.slow_from_days == pytest.approx(9.9, abs=0.2)
    assert found.late_difference.high < -0.25
    assert -0.15 < found.slow_difference.value < 0.0
    assert found.late_difference.high < 2 * found.slow_difference.low
    assert kept_slow.satisfied.low > 0.75
    assert kept_quick.satisfied.value - kept_slow.satisfied.value < 0.1
    assert late_slow.satisfied.high < 0.3
    ratings = [point.mean_rating.value for point in found.curve]
    # Much earlier earns next to nothing; each day late costs.
    assert ratings[0] - ratings[3] < 0.1
    assert ratings[3] - ratings[5] > 0.45
    late = next(link for link in found.links if link.name == "promised_delivered")
    # A third of the dissatisfied among 6.6 % of the orders.
    assert late.share.low > 0.25
