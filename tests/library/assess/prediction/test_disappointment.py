"""What is foretold of episodes whose truth is known."""

from dataclasses import replace

import numpy as np
import pytest

from forvent.assess.prediction import disappointment
from forvent.records import Estimate, NotEnough


def moment(prediction, name):
    return next(one for one in prediction.accuracies if one.moment == name)


def test_the_skill_is_what_the_truth_allows_and_no_more(foretold, histories):
    truth = histories.truth(np.random.default_rng(1), n=4_000)
    for name, chance in (("start", truth.at_start), ("delivered", truth.at_delivery)):
        best = 1 - np.mean(chance * (1 - chance)) / (chance.mean() * (1 - chance.mean()))
        skill = moment(foretold, name).skill
        assert 0.0 < skill.low < skill.value
        assert skill.low < best
        assert skill.value > 0.5 * best
    assert [one.silent for one in foretold.accuracies] == [None] * 3


def test_it_rests_on_what_was_put_in(foretold):
    start = {one.knowledge: one.loss for one in moment(foretold, "start").rests_on}
    assert start["shop"].low > 0.0
    assert start["promise"].low > 0.0
    assert start["calendar"].low <= 0.0
    assert start["price"].low <= 0.0
    assert moment(foretold, "delivered").rests_on[0].knowledge == "delivered"


def test_open_cases_come_by_falling_probability_with_their_facts(foretold):
    chances = [case.probability.value for case in foretold.cases if isinstance(case.probability, Estimate)]
    assert len(chances) > 30
    assert chances == sorted(chances, reverse=True)
    first = foretold.cases[0]
    assert first.probability.low < first.probability.value < first.probability.high
    assert first.facts[0].log_odds > 0.0
    assert {"days_late", "left_days", "open_days", "wait_days"} & {fact.column for fact in first.facts}
    assert {case.moment for case in foretold.cases} == {"start", "waiting", "delivered"}


def test_the_same_input_gives_the_same_answer(histories):
    history = histories.truth(np.random.default_rng(2), n=1_200, open_cases=30).history
    one, two = (disappointment(history, rng=np.random.default_rng(5), rounds=50) for _ in range(2))
    assert one == two


def test_shuffled_outcomes_are_met_with_silence(histories):
    history = histories.truth(np.random.default_rng(3), n=2_000, open_cases=40).history
    told = np.flatnonzero(np.isfinite(history.sad))
    sad = history.sad.copy()
    sad[told] = np.random.default_rng(9).permutation(sad[told])
    found = disappointment(replace(history, sad=sad), rng=np.random.default_rng(1), rounds=300)
    assert [one.silent.why for one in found.accuracies] == [
        "no better than the base rate, as far as the test cases can tell"
    ] * 3
    assert found.cases
    assert all(isinstance(case.probability, NotEnough) for case in found.cases)
    assert all(case.facts == () for case in found.cases)
    assert all(one.rests_on == () for one in found.accuracies)


def test_too_few_outcomes_are_said_with_their_count(histories):
    history = histories.truth(np.random.default_rng(4), n=120).history
    found = disappointment(history, rng=np.random.default_rng(1))
    silent = found.accuracies[0].silent
    assert silent.why == "too few outcomes of either kind to learn from"
    assert silent.needed == 40
    assert 0 < silent.n < 40


@pytest.mark.parametrize("sad", [0.0, 1.0])
def test_one_answer_only_is_silence_and_no_crash(histories, sad):
    history = histories.truth(np.random.default_rng(4), n=900).history
    found = disappointment(replace(history, sad=np.full(900, sad)), rng=np.random.default_rng(1))
    assert [one.silent.n for one in found.accuracies] == [0, 0, 0]


def test_a_shop_never_seen_before_is_not_foretold(histories):
    history = histories.truth(np.random.default_rng(1), n=3_000, open_cases=40).history
    shop = np.array([*history.columns["shop"][:-5], *["Moon"] * 5])
    found = disappointment(
        replace(history, columns={**history.columns, "shop": shop}), rng=np.random.default_rng(1), rounds=200
    )
    newest = set(history.episode[-5:])
    whys = [case.probability.why for case in found.cases if case.case in newest]
    assert whys == ["its shop was never seen before"] * 5
    assert all(isinstance(case.probability, NotEnough) for case in found.cases[-5:])


def test_nobody_said_anything_and_there_is_no_moment(histories):
    history = histories.truth(np.random.default_rng(1), n=50).history
    none = np.full(50, np.nan)
    found = disappointment(
        replace(history, sad=none, known=none, first_said=none), rng=np.random.default_rng(1)
    )
    assert found.accuracies == ()
    assert found.open_cases == 0


def test_delivered_episodes_that_stay_silent_for_long_are_not_open(histories):
    history = histories.truth(np.random.default_rng(1), n=1_000).history
    none = np.where(np.arange(1_000) < 500, np.nan, 1.0)
    found = disappointment(
        replace(
            history, sad=history.sad * none, known=history.known * none, first_said=history.first_said * none
        ),
        rng=np.random.default_rng(1),
        rounds=50,
    )
    assert found.open_cases == 0
