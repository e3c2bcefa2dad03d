"""Who will buy nothing: told where purchases tell it, and not where they do not."""

import numpy as np
import pytest

from forvent.assess.loyalty import fit_from_parameters, fit_purchases, histories_of_arrays, outlooks
from forvent.assess.prediction.leaving import Origin, leaving, no_purchase_chance
from forvent.errors import BadOption
from forvent.records import Estimate, NotEnough

WEEKS, HORIZON = 12.0, 84


def shop(rng, n, origins):
    """Customers who buy at rates of their own and leave after some purchase, at some weeks."""
    rate, leaves = rng.gamma(0.8, 1 / 4.0, n), rng.beta(0.6, 4.0, n)
    times = np.cumsum(rng.exponential(size=(n, 300)), axis=1) / rate[:, None]
    bought = np.arange(1, 301) <= (rng.geometric(leaves) - 1)[:, None]
    found = []
    for origin in origins:
        known, later = bought & (times <= origin), bought & (times > origin) & (times <= origin + WEEKS)
        repeats = known.sum(axis=1)
        recency = np.where(known, times, 0.0).max(axis=1)
        histories = histories_of_arrays(repeats=repeats, recency=recency, age=np.full(n, origin))
        object.__setattr__(histories, "later", later.sum(axis=1).astype(float))
        fit = fit_purchases(histories, model="mbg-nbd")
        ahead = outlooks(fit, histories=histories, weeks=WEEKS)
        chance = no_purchase_chance(fit, histories=histories, outlook=ahead, weeks=WEEKS)
        found.append(Origin(int(origin * 7), histories, chance))
    return found


@pytest.fixture(scope="module")
def origins():
    return shop(np.random.default_rng(1), 800, [24.0, 36.0, 48.0, 60.0, 72.0])


def test_the_models_chance_of_nothing_is_what_comes(origins):
    one = origins[2]
    assert one.chance.mean() == pytest.approx(np.mean(one.histories.later == 0.0), abs=0.05)


def test_who_leaves_is_told_and_calibrated(origins):
    found = leaving(
        origins[:-1], today=origins[-1], horizon=HORIZON, rng=np.random.default_rng(1), rounds=200
    )
    accuracy = found.accuracies[0]
    assert accuracy.moment == "leaving"
    assert accuracy.silent is None
    assert accuracy.skill.low > 0.1
    assert accuracy.calibration_error.value < 0.06
    assert {one.knowledge for one in accuracy.rests_on} == {"model", "purchases"}
    chances = [case.probability for case in found.cases]
    assert all(isinstance(one, Estimate) for one in chances)
    came = dict(zip(origins[-1].histories.names, origins[-1].histories.later == 0.0, strict=True))
    top = [came[case.case] for case in found.cases[:200]]
    assert np.mean(top) > np.mean(list(came.values())) + 0.1
    assert found.definition == "leaves/1: no purchase in the 84 days after"


def test_outcomes_at_random_are_met_with_silence(origins):
    rng, mixed = np.random.default_rng(3), []
    for one in origins:
        histories = histories_of_arrays(
            repeats=one.histories.repeats, recency=one.histories.recency, age=one.histories.age
        )
        object.__setattr__(histories, "later", rng.permutation(one.histories.later))
        mixed.append(Origin(one.day, histories, one.chance))
    found = leaving(mixed[:-1], today=mixed[-1], horizon=HORIZON, rng=rng, rounds=200)
    assert found.accuracies[0].silent.why == "no better than the base rate, as far as the test cases can tell"
    assert all(isinstance(case.probability, NotEnough) for case in found.cases)


def test_a_short_past_is_silence(origins):
    found = leaving(origins[:2], today=origins[-1], horizon=HORIZON, rng=np.random.default_rng(1))
    assert found.accuracies[0].silent == NotEnough(2, 3, "too few days of the past to try it on")


def test_a_model_with_early_weeks_is_refused():
    one = histories_of_arrays(repeats=[1], recency=[2.0], age=[9.0])
    names = {"r": 0.2, "alpha": 4.0, "a": 0.8, "b": 2.4, "early": 0.5, "early_weeks": 2.0}
    fit = fit_from_parameters("bg-nbd-early", **names)
    with pytest.raises(BadOption, match=r"^'bg-nbd-early' has early weeks\. Use bg-nbd or mbg-nbd\.$"):
        no_purchase_chance(fit, histories=one, outlook=outlooks(fit, histories=one, weeks=4.0), weeks=4.0)


def test_the_most_value_at_risk_stands_first_where_value_is_known(origins):
    n = len(origins[-1].histories.names)
    worth = np.where(np.arange(n) % 2 == 0, 100.0, 1.0)
    worth[:5] = np.nan
    today = Origin(origins[-1].day, origins[-1].histories, origins[-1].chance, worth)
    told = {"horizon": HORIZON, "rounds": 200}
    found = leaving(origins[:-1], today=today, rng=np.random.default_rng(1), **told)
    plain = leaving(origins[:-1], today=origins[-1], rng=np.random.default_rng(1), **told)
    assert (found.order, plain.order) == ("value_at_risk", "probability")
    assert [case.at_risk for case in found.cases[-5:]] == [None] * 5
    risks = [case.at_risk.value for case in found.cases[:-5]]
    assert risks == sorted(risks, reverse=True)
    names = dict(zip(today.histories.names, worth, strict=True))
    for case in found.cases[:-5]:
        assert case.at_risk.value == pytest.approx(case.probability.value * names[case.case])
        assert case.at_risk.low == pytest.approx(case.probability.low * names[case.case])
    chances = {case.case: case.probability for case in plain.cases}
    assert all(chances[case.case] == case.probability for case in found.cases)
