"""Which to exceed, where the truth is known."""

import os
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as csv
import pytest

from forvent.adjust.exceed import what_to_exceed
from forvent.errors import BadOption
from forvent.records import Estimate, Exceed, NotEnough

OLIST = Path(__file__).parents[3] / "../shared/data/promises/olist_orders_flat.csv.gz"


def found(*given: Any, **more: Any) -> Exceed:
    seen = what_to_exceed(*given, **more)
    assert isinstance(seen, Exceed)
    return seen


def value(estimate: Estimate | NotEnough) -> float:
    assert isinstance(estimate, Estimate)
    return estimate.value


def cases(
    n: int, *, rewards: dict[str, float], penalty: float = -0.3, together: float = 0.0, seed: int = 1
) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Ratings of cases whose quantities miss, keep (0 to 1) or exceed (1 to 2), with known effects."""
    rng = np.random.default_rng(seed)
    shared = rng.random(n)
    beaten, rating = {}, 0.5 + 0.1 * rng.normal(size=n)
    for name, reward in rewards.items():
        own = np.where(rng.random(n) < together, shared, rng.random(n))
        amount = 3 * own - 1
        beaten[name] = amount
        rating = rating + penalty * (amount < 0) + reward * (amount > 1)
    return np.clip(rating, 0, 1), beaten


MARGINS = {"time": 1.0, "cost": 1.0, "service": 1.0}


def test_finds_the_one_that_earns_and_says_how_much() -> None:
    ratings, beaten = cases(3000, rewards={"time": 0.0, "cost": 0.0, "service": 0.2}, penalty=-0.1)
    seen = found(ratings, beaten, margins=MARGINS)
    assert seen.best == "service"
    assert seen.n == 3000
    rows = {row.name: row for row in seen.rows}
    assert value(rows["service"].reward) == pytest.approx(0.2, abs=0.02)
    assert value(rows["time"].reward) == pytest.approx(0.0, abs=0.02)
    assert value(rows["time"].penalty) == pytest.approx(-0.1, abs=0.02)
    assert rows["time"].missed + rows["time"].kept + rows["time"].exceeded == 3000


def test_quantities_that_go_together_are_told_apart() -> None:
    # Cost earns nothing, but mostly exceeds when service does: alone it would look good.
    ratings, beaten = cases(4000, rewards={"cost": 0.0, "service": 0.2}, penalty=-0.1, together=0.8)
    margins = {"cost": 1.0, "service": 1.0}
    alone = found(ratings, {"cost": beaten["cost"]}, margins={"cost": 1.0}).rows[0]
    beside = found(ratings, beaten, margins=margins)
    assert value(alone.reward) > 0.1
    assert value(beside.rows[0].reward) == pytest.approx(0.0, abs=0.03)
    assert beside.best == "service"


def test_where_exceeding_earns_nothing_the_answer_is_none() -> None:
    ratings, beaten = cases(4000, rewards={"time": 0.0, "cost": 0.0})
    seen = found(ratings, beaten, margins={"time": 1.0, "cost": 1.0})
    assert seen.best == "none"
    assert all(value(row.penalty) < -0.25 for row in seen.rows)


def test_two_that_earn_alike_are_undecided() -> None:
    ratings, beaten = cases(2000, rewards={"time": 0.2, "cost": 0.2}, penalty=-0.1)
    assert found(ratings, beaten, margins={"time": 1.0, "cost": 1.0}).best == "undecided"


def test_nothing_is_named_by_chance() -> None:
    # No quantity earns; with noise too large for "none", naming one would be crying wolf.
    named = 0
    for seed in range(50):
        rng = np.random.default_rng(seed)
        beaten = {name: rng.uniform(-1, 2, size=150) for name in MARGINS}
        named += found(rng.random(150), beaten, margins=MARGINS).best in MARGINS
    # At most 2.5 % and four standard errors.
    assert named <= 5


def test_intervals_hold_the_truth_of_five_star_ratings_with_several_a_customer() -> None:
    # Three ratings a customer who is pleased or not, on stars that pile up at the top.
    held = 0
    for seed in range(150):
        rng = np.random.default_rng(seed)
        mood = np.repeat(rng.normal(size=80), 3)
        early = rng.random(240) < 0.5
        # The effect on the mean of stars is known from the two chances of a full rating.
        full = rng.random(240) < np.where(early, 0.8, 0.6) + 0.1 * np.sign(mood)
        seen = found(
            np.where(full, 1.0, 0.5),
            {"time": np.where(early, 2.0, 0.0)},
            margins={"time": 1.0},
            customers=np.repeat(np.arange(80), 3),
        )
        reward = seen.rows[0].reward
        assert isinstance(reward, Estimate)
        held += reward.low <= 0.1 <= reward.high
    assert held / 150 >= 0.95 - 4 * np.sqrt(0.95 * 0.05 / 150)


def test_the_usual_margin_is_the_median_of_those_that_did_not_miss() -> None:
    hours = np.array([-2.0] * 40 + [1.0] * 40 + [2.0] * 41 + [3.0] * 40)
    row = found(np.full(161, 0.5), {"time": hours}).rows[0]
    assert row.margin == 2.0
    assert (row.missed, row.kept, row.exceeded) == (40, 81, 40)


def test_cases_that_miss_a_number_are_left_out() -> None:
    ratings, beaten = cases(300, rewards={"time": 0.1})
    ratings[:20], beaten["time"][20:50] = np.nan, np.nan
    assert found(ratings, beaten).n == 250


def test_a_side_with_few_cases_is_not_enough() -> None:
    hours = np.array([-1.0] * 10 + [0.0] * 100 + [5.0] * 100)
    row = found(np.full(210, 0.5), {"time": hours}, margins={"time": 1.0}).rows[0]
    assert row.penalty == NotEnough(n=10, needed=30, why="too few cases to compare")
    assert isinstance(row.reward, Estimate)


def test_quantities_that_never_differ_cannot_be_told_apart() -> None:
    ratings, beaten = cases(500, rewards={"time": 0.2})
    seen = found(
        ratings, {"time": beaten["time"], "cost": beaten["time"] * 2}, margins={"time": 1.0, "cost": 2.0}
    )
    assert {type(row.reward) for row in seen.rows} == {NotEnough}
    assert seen.rows[0].reward.why == "it cannot be told apart from another quantity"  # type: ignore[union-attr]
    assert seen.best == "undecided"


def test_too_few_rated_cases_are_not_enough() -> None:
    assert what_to_exceed([0.5] * 59, {"time": [1.0] * 59}) == NotEnough(59, 60, "too few rated cases")


def test_the_same_seed_gives_the_same_intervals() -> None:
    ratings, beaten = cases(300, rewards={"time": 0.1})
    assert found(ratings, beaten) == found(ratings, beaten)
    assert found(ratings, beaten) != found(ratings, beaten, seed=5)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"beaten": {}}, "There is no quantity to exceed. Give at least one, such as time to spare."),
        ({"beaten": {"time": [1.0]}}, "time has 1 cases, the ratings 60. Give one for each."),
        ({"satisfaction": [5.0] * 60}, "A rating lies outside 0 to 1. Bring ratings to 0–1 first."),
        ({"margins": {"time": -1.0}}, "The margin of time is -1.0. Give 0 or more."),
        ({"margins": {"price": 1.0}}, "There is no quantity price to give a margin. There is time."),
        ({"customers": [1]}, "1 customers for 60 cases. Give one for every case."),
    ],
)
def test_refuses_what_does_not_fit_together(changes: dict[str, Any], message: str) -> None:
    plain: dict[str, Any] = {"satisfaction": [0.5] * 60, "beaten": {"time": [1.0] * 60}}
    with pytest.raises(BadOption) as error:
        what_to_exceed(**(plain | changes))
    assert str(error.value) == message


@pytest.mark.data
def test_at_olist_lateness_goes_with_two_stars_and_earliness_with_next_to_nothing() -> None:
    if not OLIST.exists() and os.environ.get("CI") != "true":
        pytest.skip("the shared test data are not beside the project")
    orders = csv.read_csv(OLIST)
    delivered, promised = (
        orders[name].cast(pa.timestamp("us")).to_numpy().astype("datetime64[D]").astype(np.int64)
        for name in ("delivered_at", "promised_date")
    )
    rating = (orders["review_score"].to_numpy() - 1) / 4
    seen = found(rating, {"days to spare": promised - delivered})
    assert seen.best == "none"
    assert value(seen.rows[0].penalty) == pytest.approx(-0.51, abs=0.01)
    assert value(seen.rows[0].reward) < 0.03
