"""Who answered: rates, bounds, the R-indicator, and scales that run the other way."""

import numpy as np
import pytest

from forvent.assess.scores import (
    Answers,
    Invited,
    asked_measures,
    check_scale,
    largest_bias,
    moments,
    representativeness,
    response_rate,
    score_bounds,
    sums_of,
)
from forvent.assess.scores.definitions import CSAT, NPS
from forvent.errors import BadOption
from forvent.records import Estimate, NotEnough, Scale


def test_the_response_rate_has_wilsons_interval():
    rate = response_rate(95, 100)
    assert (rate.value, round(rate.low, 2), round(rate.high, 2), rate.n) == (0.95, 0.89, 0.98, 100)


@pytest.mark.parametrize(
    ("answered", "invited", "said"),
    [
        (
            12,
            10,
            "12 answered, but only 10 were invited. Give --invited the number of customers who were asked.",
        ),
        (0, 0, "Nobody was invited. Give how many were, or the column that says who was."),
    ],
)
def test_rates_that_cannot_be_are_refused(answered, invited, said):
    with pytest.raises(BadOption) as error:
        response_rate(answered, invited)
    assert str(error.value) == said


def test_bounds_are_the_scores_of_the_worst_and_the_best_case():
    given = Answers.of([1.0, 0.7, 0.3], times=[25, 15, 10])
    found = moments([NPS], sums_of(given))[0]
    worst, best = score_bounds(NPS, found, rate=response_rate(50, 200))
    assert worst.value == pytest.approx(100 * (25 - 10 - 150) / 200)
    assert best.value == pytest.approx(100 * (25 - 10 + 150) / 200)
    filled = moments([NPS], sums_of(Answers.of([1.0, 0.7, 0.3], times=[25, 15, 160])))[0]
    assert (filled.mean, filled.variance) == pytest.approx((worst.value, filled.variance))
    assert worst.low < worst.value < worst.high < best.low
    assert worst.n == 200


def test_where_all_answered_both_bounds_are_the_score():
    for measure in asked_measures(["mean", "csat", "nps"], scale=Scale(0, 10)):
        found = moments([measure], sums_of(Answers.of([1.0, 0.7, 0.3], times=[25, 15, 10])))[0]
        worst, best = score_bounds(measure, found, rate=response_rate(50, 50))
        assert worst.value == best.value == pytest.approx(found.mean)


def test_the_largest_bias_is_no_wider_than_the_scale():
    found = moments([CSAT], sums_of(Answers.of([1.0, 0.0], times=[5, 5])))[0]
    bias = largest_bias(CSAT, found, indicator=Estimate(0.1, 0.0, 0.2, 100), rate=response_rate(10, 200))
    assert bias.high == 1.0
    assert bias.low <= bias.value <= bias.high


def invited(answered, *, each=500):
    answered = np.array(answered, dtype=float)
    groups = tuple("abcdef")[: answered.size]
    return Invited(
        ("region",), (groups,), np.arange(answered.size)[:, None], np.full(answered.size, each), answered
    )


def test_groups_that_answer_alike_make_an_indicator_of_one():
    found = representativeness(invited([200, 200, 200]), rng=np.random.default_rng(1))
    assert found.indicator.value == pytest.approx(1.0)
    assert found.indicator.high == 1.0
    assert found.indicator.low > 0.9
    assert found.partial["region"] == pytest.approx(0.0, abs=1e-6)


def test_groups_that_differ_lower_it_and_the_column_is_named():
    cells = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    seen = Invited(
        ("age", "sex"),
        (("old", "young"), ("f", "m")),
        cells,
        np.full(4, 400.0),
        np.array([320.0, 320, 80, 80]),
    )
    found = representativeness(seen, rng=np.random.default_rng(2))
    assert found.indicator.value == pytest.approx(1 - 2 * 0.3, abs=0.02)
    assert found.partial["age"] == pytest.approx(0.3, abs=0.01)
    assert found.partial["sex"] == pytest.approx(0.0, abs=0.01)
    rates = {(one.column, one.group): one.rate.value for one in found.groups}
    assert rates == {("age", "old"): 0.8, ("age", "young"): 0.2, ("sex", "f"): 0.5, ("sex", "m"): 0.5}


def test_few_invited_do_not_seem_less_alike_than_many():
    rng = np.random.default_rng(3)
    values = []
    for _ in range(100):
        answered = rng.binomial(20, 0.5, 6)
        values.append(representativeness(invited(answered, each=20), rng=rng, rounds=50).indicator.value)
    # Without the correction the mean would be 0.78, for chance alone makes groups differ.
    assert np.mean(values) > 0.86


def test_a_group_in_which_everybody_answers_is_no_trouble():
    found = representativeness(invited([500, 100]), rng=np.random.default_rng(4))
    assert found.converged
    assert found.indicator.value == pytest.approx(1 - 2 * 0.4, abs=0.02)


def test_the_indicator_is_the_same_each_time():
    first, second = (representativeness(invited([300, 100]), rng=np.random.default_rng(5)) for _ in range(2))
    assert first.indicator == second.indicator


def test_without_silence_or_knowledge_there_is_no_indicator():
    assert representativeness(invited([500, 495]), rng=np.random.default_rng(6)) == NotEnough(
        5, 10, "too few who answered, or who did not"
    )
    nothing = Invited((), (), np.zeros((1, 0), int), np.array([50.0]), np.array([20.0]))
    assert representativeness(nothing, rng=np.random.default_rng(6)).why == (
        "nothing is known of those who did not answer"
    )


MOOD = np.tile([0.0, 0.25, 0.5, 0.75, 1.0], 20)


def other(seed):
    return np.clip(MOOD + np.random.default_rng(seed).normal(0, 0.2, MOOD.size), 0, 1)


def test_a_scale_that_runs_against_all_others_is_found():
    check = check_scale(1 - MOOD, others={"food": other(1), "room": other(2)})
    assert (check.verdict, check.against) == ("upside down", ("food", "room"))
    assert check.correlation.high < -0.8


def test_of_two_that_run_against_each_other_nobody_knows_which_is_wrong():
    assert check_scale(1 - MOOD, others={"food": other(1)}).verdict == "one of two is upside down"


def test_a_scale_that_runs_with_the_others_is_as_read_and_one_that_does_neither_is_not_judged():
    assert check_scale(MOOD, others={"food": other(1), "room": other(2)}).verdict == "as read"
    chance = np.random.default_rng(12).permutation(MOOD)
    assert check_scale(chance, others={"food": other(1), "room": other(2)}).verdict == "cannot tell"


@pytest.mark.parametrize(
    "others", [{}, {"same": np.ones(100)}, {"few": np.where(np.arange(100) < 5, MOOD, np.nan)}]
)
def test_without_others_that_vary_nothing_is_said_of_a_scale(others):
    check = check_scale(MOOD, others=others)
    assert check.verdict == "cannot tell"
    assert isinstance(check.correlation, NotEnough)


def test_perfectly_correlated_ratings_are_no_trouble():
    check = check_scale(MOOD, others={"copy": MOOD, "again": MOOD})
    assert (check.verdict, check.correlation.value) == ("as read", pytest.approx(1.0))
