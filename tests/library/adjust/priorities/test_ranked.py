"""The order of the plan and its factors."""

from __future__ import annotations

import numpy as np
import pytest

from forvent.adjust.priorities import EFFORTS, WEIGHTS, PlanSettings, Stakes, effort_in_days, ranked
from forvent.errors import BadOption
from forvent.records import Estimate, Gap, MentionCounts, NotEnough, Plan, ValueAtRisk

FEW = NotEnough(n=3, needed=5, why="too few voices say whether it was met")
RNG = np.random.default_rng(5)
NAMES = ("on_time", "fair_price", "friendly_staff", "choice", "easy_returns", "loyalty_reward")
DRAWS = {name: RNG.normal(size=400) for name in NAMES}


def gap(
    name: str, value: float | None, *, half: float = 0.05, kind: str = "performance", n: int = 100
) -> Gap:
    """A gap of this width; None is one with too few voices."""
    counts = MentionCounts(met=n // 2, unmet=n - n // 2, mixed=0, wished=0)
    if value is None:
        counts = MentionCounts(1, 2, 0, 0)
        return Gap(name, "receive", None, counts, FEW, FEW, FEW, "ratings", FEW, FEW, kind)
    seen = Estimate(value, value - half, value + half, n)
    got, expected = Estimate(0.8 + value, 0.1, 0.9, n), Estimate(0.8, 0.7, 0.9, n)
    return Gap(name, "receive", None, counts, got, expected, seen, "ratings", seen, seen, kind)


def plan(*gaps: Gap, stakes: Stakes | None = None, settings: PlanSettings | None = None) -> Plan:
    """A plan of these gaps, with a hundred customers behind each."""
    known = stakes or Stakes({one.expectation: 100 for one in gaps})
    return ranked(gaps, stakes=known, draws=DRAWS, settings=settings)


def order(found: Plan) -> list[str]:
    """Expectations in the order of the plan."""
    return [row.expectation for row in found.priorities]


def test_the_score_is_the_product_of_the_factors_that_are_shown() -> None:
    for row in plan(gap("on_time", -0.3, kind="basic"), gap("fair_price", -0.1, half=0.15)).priorities:
        assert isinstance(row.score, Estimate)
        product = row.value * row.shortfall * row.weight * (row.real or 0.0) / row.effort_days
        assert row.score.value == pytest.approx(product)
        assert row.score.low <= row.score.value <= row.score.high


def test_a_basic_gap_comes_before_an_exciting_one_of_the_same_size() -> None:
    found = plan(gap("choice", -0.2, kind="excitement"), gap("on_time", -0.2, kind="basic"))
    assert order(found) == ["on_time", "choice"]
    assert [row.weight for row in found.priorities] == [WEIGHTS["basic"], WEIGHTS["excitement"]]


def test_more_customers_come_before_fewer() -> None:
    gaps = (gap("on_time", -0.2), gap("fair_price", -0.2))
    assert order(plan(*gaps, stakes=Stakes({"on_time": 10, "fair_price": 90})))[0] == "fair_price"


def test_less_effort_comes_first_and_is_said_to_be_given() -> None:
    gaps = (gap("on_time", -0.3), gap("fair_price", -0.2))
    found = plan(*gaps, settings=PlanSettings(efforts={"fair_price": 2.0}))
    assert order(found)[0] == "fair_price"
    assert [(row.effort_days, row.effort_given) for row in found.priorities] == [(2.0, True), (10.0, False)]


def test_an_undecided_gap_is_ranked_by_the_same_rule_and_never_hidden() -> None:
    found = plan(gap("on_time", -0.2, half=0.4), gap("fair_price", -0.2), gap("choice", 0.1))
    assert order(found) == ["fair_price", "on_time", "choice"]
    sure, shaky, above = found.priorities
    assert (sure.real or 0) > 0.99 > (shaky.real or 0) > 0.5
    assert shaky.step == "ask"
    assert above.step == "keep"
    assert isinstance(above.score, Estimate)
    assert above.score.value == 0.0
    assert not above.score_above_zero


def test_what_has_too_few_voices_stands_last_with_its_reason() -> None:
    found = plan(gap("on_time", None), gap("fair_price", 0.2))
    assert order(found) == ["fair_price", "on_time"]
    assert found.priorities[1].score == FEW
    assert found.priorities[1].real is None


def test_a_reversed_kind_is_not_worked_on() -> None:
    found = plan(gap("on_time", -0.5, kind="reverse"), gap("fair_price", -0.1))
    assert order(found)[0] == "fair_price"
    assert found.priorities[1].weight == 0.0


def test_money_ahead_stands_in_for_customers_where_it_is_known() -> None:
    share = Estimate(0.25, 0.2, 0.3, 40)
    risk = ValueAtRisk("fair_price", 10, 40, 5000.0, share, share)
    stakes = Stakes({"on_time": 100, "fair_price": 50}, at_risk=[risk])
    found = plan(gap("on_time", -0.2), gap("fair_price", -0.2), stakes=stakes)
    rows = {row.expectation: row for row in found.priorities}
    # 5,000 is a quarter of the money of the forty found among the buyers: 20,000, or 500 a customer.
    assert (rows["fair_price"].value, rows["fair_price"].value_basis) == (25000.0, "value ahead")
    assert (rows["on_time"].value, rows["on_time"].value_basis) == (50000.0, "mean value")
    assert found.value_unit == "money"
    assert plan(gap("on_time", -0.2)).value_unit == "customers"


def test_rank_and_first_place_show_how_firm_the_order_is() -> None:
    firm = plan(gap("on_time", -0.5), gap("fair_price", -0.1)).priorities[0]
    assert firm.first == 1.0
    assert (firm.rank.low, firm.rank.high) == (1.0, 1.0)
    near = plan(gap("on_time", -0.21, half=0.2), gap("fair_price", -0.2, half=0.2)).priorities
    assert 0.3 < near[0].first < 0.7
    assert sum(row.first for row in near) <= 1.0
    assert near[1].rank.low == 1.0


def test_gaps_that_move_together_keep_their_order() -> None:
    """The same width, but one draw moves both: then the order is firm."""
    gaps = (gap("on_time", -0.25, half=0.2), gap("fair_price", -0.15, half=0.2))
    together = ranked(
        gaps,
        stakes=Stakes({"on_time": 100, "fair_price": 100}),
        draws=dict.fromkeys(("on_time", "fair_price"), DRAWS["choice"]),
    )
    assert together.priorities[0].first > 0.98
    assert plan(*gaps).priorities[0].first < 0.95


def test_steps_follow_from_what_kind_of_gap_it_is() -> None:
    types = Stakes(
        dict.fromkeys(NAMES, 100),
        usual_kinds={"easy_returns": "basic"},
        usual_types={"friendly_staff": "interpersonal"},
    )
    found = plan(
        gap("on_time", -0.3),
        gap("friendly_staff", -0.3, kind="basic"),
        gap("choice", -0.3),
        gap("easy_returns", -0.3, kind="undecided"),
        gap("loyalty_reward", -0.3, kind="excitement"),
        gap("fair_price", -0.3, kind="basic"),
        stakes=types,
    )
    assert {row.expectation: row.step for row in found.priorities} == {
        "on_time": "promise",
        "friendly_staff": "train",
        "choice": "raise",
        "easy_returns": "secure",
        "loyalty_reward": "delight",
        "fair_price": "secure",
    }


def test_no_gaps_make_an_empty_plan() -> None:
    assert plan().priorities == ()


def test_an_effort_is_a_size_or_days() -> None:
    assert [effort_in_days(text) for text in ("S", " m ", "L", "2.5")] == [*EFFORTS.values(), 2.5]


@pytest.mark.parametrize("text", ["XL", "", "0", "-1", "nan", "inf"])
def test_other_efforts_are_refused(text: str) -> None:
    with pytest.raises(BadOption) as caught:
        effort_in_days(text)
    assert str(caught.value) == f"'{text}' is no effort. Write S, M or L, or a number of days above 0."


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            PlanSettings(weights={"must": 1.0}),
            "'must' is no kind. Kinds are basic, performance, excitement, indifferent, reverse, undecided.",
        ),
        (PlanSettings(weights={"basic": -1.0}), "A weight of -1 for basic is negative. Give 0 or more."),
        (
            PlanSettings(efforts={"on_time": 0.0}),
            "An effort of 0 days for on_time is not above 0. Give days above 0.",
        ),
    ],
)
def test_settings_that_cannot_be_are_refused(settings: PlanSettings, message: str) -> None:
    with pytest.raises(BadOption) as caught:
        plan(gap("on_time", -0.1), settings=settings)
    assert str(caught.value) == message
