import numpy as np
import pytest

from forvent.assess.loyalty import referral_shares, repeat_share, value_at_risk
from forvent.errors import BadOption
from forvent.records import Estimate, NotEnough
from forvent.stats import wilson

# Of gamma(2, 50) the share of money that lies above 100 is e^-2 · (1 + 2 + 2).
TRUE_SHARE = 0.2 + 0.3 * 5 * np.exp(-2.0)


def test_money_of_those_who_found_it_unmet_is_exposed():
    risk = value_at_risk(
        [100, 50, 50, 100, 100, 600], unmet=[1, 0, 0.5, 1, 0, 1], judged=[1, 1, 1, 1, 1, 0], expectation="x"
    )
    assert (risk.expectation, risk.customers, risk.judged, risk.exposed) == ("x", 3, 5, 225.0)
    assert risk.share.value == pytest.approx(225 / 400)
    assert risk.behind.value == pytest.approx(1000 * 225 / 400)
    assert 0 < risk.share.low < risk.share.value < risk.share.high < 1


def test_the_interval_of_the_share_holds_the_truth_as_often_as_it_says():
    rng = np.random.default_rng(31)
    held = 0
    for _ in range(400):
        money = rng.gamma(2.0, 50.0, 150)
        # The dear customers are served worse: a share of customers would be wrong.
        unmet = rng.random(150) < 0.2 + 0.3 * (money > 100)
        found = value_at_risk(money, unmet=unmet, judged=np.ones(150), expectation="x")
        held += found.share.low <= TRUE_SHARE <= found.share.high
    assert held / 400 > 0.95 - 4 * np.sqrt(0.95 * 0.05 / 400)


def test_all_met_is_not_surely_none_at_risk():
    risk = value_at_risk([10.0] * 8, unmet=[0] * 8, judged=[1] * 8, expectation="x")
    assert (risk.share.value, risk.share.low) == (0.0, 0.0)
    assert risk.share.high == pytest.approx(wilson(0, 8).high)


@pytest.mark.parametrize("unmet", [0, 1])
def test_one_dear_customer_who_agrees_with_all_is_worth_one_voice(unmet):
    risk = value_at_risk([1e6] + [1.0] * 8, unmet=[unmet] * 9, judged=[1] * 9, expectation="x")
    assert risk.share.high - risk.share.low == pytest.approx(wilson(unmet, 1).high - wilson(unmet, 1).low)


def test_few_who_judged_are_not_enough():
    risk = value_at_risk([10.0] * 4 + [0.0], unmet=[1] * 5, judged=[1] * 5, expectation="x")
    assert risk.exposed == 40.0
    assert risk.share == NotEnough(4, 5, "too few customers with money ahead judge it")
    assert risk.behind == risk.share


@pytest.mark.parametrize("money", [[-1.0, 2.0], [np.nan, 2.0]])
def test_refuses_negative_money(money):
    with pytest.raises(BadOption) as caught:
        value_at_risk(money, unmet=[0, 0], judged=[1, 1], expectation="x")
    assert str(caught.value) == (
        "A customer's value is negative or missing. Give the money ahead, 0 for none."
    )


def test_refuses_judgements_of_other_customers():
    with pytest.raises(BadOption) as caught:
        value_at_risk([1.0], unmet=[0, 0], judged=[1, 1], expectation="x")
    assert caught.value.message == "Values and judgements are not of the same customers."


def test_repeat_share_has_wilsons_interval():
    assert repeat_share([0, 3, 1, 0, 0]) == wilson(2, 5)


def test_referral_shares_are_of_those_of_whom_it_is_known():
    share, of_money = referral_shares([1, 1, 0, 0, 0, 0, np.nan], value=[30, 30, 10, 10, 10, 10, 1e9])
    assert share == wilson(2, 6)
    assert isinstance(of_money, Estimate)
    assert of_money.value == pytest.approx(0.6)


def test_referral_is_unknown_without_a_column():
    nobody = referral_shares([np.nan], value=[1.0])
    assert {found.why for found in nobody} == {"no column says who was sent by another"}
