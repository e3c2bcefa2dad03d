"""All numbers of a touchpoint on surveys whose truth is known, and on those that carry none."""

from __future__ import annotations

import numpy as np
import pytest

from forvent.assess.drivers import Answers, drivers
from forvent.errors import BadOption, TooFewObservations
from forvent.records import Estimate, NotEnough

NAMES = ("basic", "even", "exciting", "nothing", "backwards")
PENALTY = np.array([-0.3, -0.15, -0.01, 0.0, 0.0])
REWARD = np.array([0.01, 0.15, 0.3, 0.0, -0.25])


def survey(n, *, seed=1, noise=0.1):
    """Ratings 0–4 that go together; overall satisfaction made of penalties and rewards."""
    rng = np.random.default_rng(seed)
    hidden = 0.5 * rng.normal(size=(n, 1)) + 0.87 * rng.normal(size=(n, len(NAMES)))
    ratings = np.digitize(hidden, [-1.2, -0.4, 0.4, 1.2])
    overall = 0.5 + ((ratings < 2) * PENALTY + (ratings > 2) * REWARD).sum(axis=1) + rng.normal(0, noise, n)
    return answers(ratings / 4, overall)


def answers(ratings, overall, names=NAMES, customer=None):
    low_high = np.select([np.isnan(ratings), ratings < 0.4, ratings < 0.6], [-2, 0, 1], 2).astype(np.int8)
    return Answers(
        tuple(names), overall, ratings, low_high, np.arange(len(overall)) if customer is None else customer
    )


def found(given, **options):
    return drivers(given, overall="csat", rng=np.random.default_rng(1), **{"rounds": 300, **options})


def by_name(result):
    return {one.name: one for one in result.touchpoints}


def test_kinds_penalties_and_rewards_that_were_put_in_are_found():
    result = by_name(found(survey(4000)))
    assert {name: one.kind for name, one in result.items()} == {
        "basic": "basic",
        "even": "performance",
        "exciting": "excitement",
        "nothing": "indifferent",
        "backwards": "reverse",
    }
    for name, penalty, reward in zip(NAMES, PENALTY, REWARD, strict=True):
        assert result[name].penalty.low - 0.01 < penalty < result[name].penalty.high + 0.01
        assert result[name].reward.low - 0.01 < reward < result[name].reward.high + 0.01


def test_importance_sums_to_what_is_explained_and_is_ranked():
    result = found(survey(4000))
    parts = [one.importance.value for one in result.touchpoints]
    assert parts == sorted(parts, reverse=True)
    assert sum(parts) == pytest.approx(result.explained.value, abs=1e-6)
    assert sum(one.share.value for one in result.touchpoints) == pytest.approx(1.0)
    assert [one.rank.value for one in result.touchpoints] == [1, 2, 3, 4, 5]
    assert result.touchpoints[-1].name == "nothing"


def test_the_same_answers_give_the_same_numbers():
    assert found(survey(500)) == found(survey(500))


def test_few_answers_leave_kinds_undecided():
    assert {one.kind for one in found(survey(60, noise=0.4)).touchpoints} == {"undecided"}


def test_what_was_not_rated_is_a_state_and_no_rating():
    given = survey(4000)
    hidden = np.random.default_rng(2).random(4000) < 0.2
    ratings = given.ratings.copy()
    ratings[hidden, 0] = np.nan
    result = by_name(found(answers(ratings, given.overall)))["basic"]
    assert result.ratings.blank == int(hidden.sum())
    assert result.ratings.rated == 4000 - result.ratings.blank
    assert result.kind == "basic"


def test_those_who_did_not_rate_do_not_make_a_touchpoint_important():
    rng = np.random.default_rng(3)
    ratings, absent = rng.integers(0, 5, (3000, 2)) / 4, rng.random(3000) < 0.3
    overall = 0.4 * ratings[:, 1] + np.where(absent, 0.5, 0.0) + rng.normal(0, 0.05, 3000)
    ratings[absent, 0] = np.nan
    result = by_name(found(answers(ratings, overall, names=("a", "b"))))
    assert result["a"].importance.value < 0.01
    # 0.4² · ⅛ of variance beside 0.05² of noise.
    assert result["b"].importance.value == pytest.approx(0.889, abs=0.01)


def test_twins_share_importance_and_have_no_penalty_of_their_own():
    given = survey(1000)
    ratings = np.column_stack([given.ratings[:, :2], given.ratings[:, 0]])
    result = by_name(found(answers(ratings, given.overall, names=("a", "b", "twin"))))
    assert result["a"].importance.value == pytest.approx(result["twin"].importance.value)
    assert isinstance(result["a"].penalty, NotEnough)
    assert result["a"].penalty.why == "less than 2% of its ratings can be told apart from the others"
    assert result["a"].cautions == ("alike:twin",)
    assert result["a"].kind == "undecided"
    assert isinstance(result["b"].penalty, Estimate)


def test_a_touchpoint_nobody_rated_and_one_always_rated_alike_carry_nothing():
    given = survey(500)
    ratings = np.column_stack([given.ratings[:, 0], np.full(500, np.nan), np.full(500, 0.75)])
    result = by_name(found(answers(ratings, given.overall, names=("a", "unrated", "same"))))
    assert result["unrated"].importance == NotEnough(n=0, needed=10, why="too few people rated it")
    assert result["same"].penalty == NotEnough(n=500, needed=501, why="everybody gave it the same rating")
    assert isinstance(result["same"].performance, Estimate)
    assert isinstance(result["a"].importance, Estimate)


def test_nothing_but_touchpoints_that_carry_nothing():
    result = found(answers(np.full((50, 1), np.nan), np.linspace(0, 1, 50), names=("a",)))
    assert isinstance(result.explained, NotEnough)
    assert result.touchpoints[0].kind == "undecided"


def test_a_side_that_hardly_anybody_took_has_no_number():
    rng = np.random.default_rng(4)
    ratings = rng.choice([0.5, 0.75, 1.0], (400, 1))
    result = found(answers(ratings, 0.5 * ratings[:, 0] + rng.normal(0, 0.1, 400), names=("a",))).touchpoints[
        0
    ]
    assert result.penalty == NotEnough(n=0, needed=10, why="too few rated it low")
    assert isinstance(result.reward, Estimate)


def test_yes_and_no_have_no_middle():
    rng = np.random.default_rng(5)
    ratings = rng.integers(0, 2, (400, 1)).astype(float)
    result = found(answers(ratings, 0.5 * ratings[:, 0] + rng.normal(0, 0.1, 400), names=("a",))).touchpoints[
        0
    ]
    assert result.penalty == NotEnough(n=0, needed=10, why="too few rated it in the middle")
    assert result.importance.value > 0.5


def test_too_few_answers_or_customers_carry_no_model():
    few = found(survey(12))
    assert few.explained == NotEnough(n=12, needed=30, why="too few answers for so many touchpoints")
    given = survey(400)
    same = answers(given.ratings, given.overall, customer=np.arange(400) % 5)
    assert found(same).explained == NotEnough(n=5, needed=10, why="too few different customers answered")


def test_answers_that_repeat_widen_the_interval():
    given = survey(300)
    thrice = [np.repeat(part, 4, axis=0) for part in (given.ratings, given.overall)]
    alone = by_name(found(answers(*thrice)))["basic"].penalty
    together = by_name(found(answers(*thrice, customer=np.repeat(np.arange(300), 4))))["basic"].penalty
    assert together.high - together.low > 1.6 * (alone.high - alone.low)


def test_more_than_fifteen_touchpoints_are_sampled():
    rng = np.random.default_rng(6)
    ratings = rng.integers(0, 5, (600, 18)) / 4
    overall = ratings[:, :3] @ [0.3, 0.2, 0.1] + rng.normal(0, 0.1, 600)
    result = found(answers(ratings, overall, names=[f"t{number}" for number in range(18)]), rounds=100)
    assert result.sampled
    assert [one.name for one in result.touchpoints[:3]] == ["t0", "t1", "t2"]
    assert result.touchpoints[0].importance.low > result.touchpoints[3].importance.high


def test_stated_importance_stands_beside():
    said = {"basic": np.array([0.75] * 20 + [np.nan]), "even": np.array([1.0])}
    result = by_name(found(survey(300), stated=said))
    assert result["basic"].stated.value == 0.75
    assert result["even"].stated == NotEnough(1, 10, "too few people said how important it is")
    assert result["nothing"].stated is None


def test_answers_that_say_nothing_are_refused():
    with pytest.raises(TooFewObservations) as one:
        found(survey(1))
    assert str(one.value) == "One answer says nothing about what goes together. Collect more answers."
    with pytest.raises(TooFewObservations) as same:
        found(answers(survey(40).ratings, np.ones(40)))
    assert str(same.value) == (
        "All 40 people are equally satisfied overall (1 of 1). "
        "Where nothing differs nothing can go together with it; look at the column."
    )
    with pytest.raises(BadOption) as none:
        found(answers(np.zeros((3, 0)), np.arange(3.0), names=()))
    assert str(none.value) == "0 touchpoints cannot be put into one model. Name 1 to 60."
