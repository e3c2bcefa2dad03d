"""What the scores promise, checked on simulated surveys whose truth is known.

Bounds are the level ± 4 standard errors of the simulated share; where a method is known to miss some, it
is stated beside. Each claim stands on 1,000 surveys.
"""

import numpy as np
import pytest

from forvent.assess.scores import (
    Answers,
    Cut,
    Invited,
    Margin,
    asked_measures,
    column_scores,
    moments,
    representativeness,
    response_rate,
    score_bounds,
    sums_of,
    weighed,
)
from forvent.records import Estimate, Scale

LEVEL, RUNS = 0.95, 1000
FOUR_ERRORS = 4 * np.sqrt(LEVEL * (1 - LEVEL) / RUNS)
ELEVEN = Scale(0, 10)
MEASURES = asked_measures(["mean", "csat", "net", "nps"], scale=ELEVEN)
STEPS = np.arange(11) / 10
CHANCES = np.array([3, 1, 2, 2, 3, 6, 5, 12, 21, 20, 25]) / 100

pytestmark = pytest.mark.slow


def truth_of(chances):
    """True scores of answers that come with these chances."""
    return {measure.name: float(chances @ measure.points(STEPS)) for measure in MEASURES}


def count(hits, groups, truth):
    for score in groups[0].scores:
        hits.setdefault(score.name, []).append(score.estimate.low <= truth[score.name] <= score.estimate.high)


def shares(hits):
    return {name: float(np.mean(held)) for name, held in hits.items()}


@pytest.mark.parametrize("n", [3, 20, 200])
def test_scores_of_independent_answers_are_covered(n):
    rng, hits = np.random.default_rng([31, n]), {}
    for _ in range(RUNS):
        rating = rng.choice(STEPS, size=n, p=CHANCES)
        count(hits, column_scores(MEASURES, [weighed(Answers.of(rating))])[0], truth_of(CHANCES))
    # Adjusted Wald is within two points of its level at n = 30 (Rocks 2016), and wider below.
    assert all(share > LEVEL - 0.02 - FOUR_ERRORS for share in shares(hits).values()), shares(hits)


@pytest.mark.parametrize("customers", [8, 60])
def test_scores_of_customers_who_answer_often_are_covered(customers):
    rng, hits = np.random.default_rng([32, customers]), {}
    for _ in range(RUNS):
        who = np.repeat(np.arange(customers), rng.integers(1, 8, customers))
        mood = rng.choice(STEPS, size=customers, p=CHANCES)[who]
        rating = np.where(rng.random(who.size) < 0.5, mood, rng.choice(STEPS, size=who.size, p=CHANCES))
        count(
            hits, column_scores(MEASURES, [weighed(Answers.of(rating, customer=who))])[0], truth_of(CHANCES)
        )
    # Half of the answers of a customer are one and the same. With eight customers net scores miss up to two.
    assert all(share > LEVEL - 0.02 - FOUR_ERRORS for share in shares(hits).values()), shares(hits)


REGION, AGE = np.array([0.5, 0.3, 0.2]), np.array([0.6, 0.4])
#: Chance to answer, and to be of good mood, by region and age.
ANSWERING = np.array([[0.7, 0.4], [0.4, 0.2], [0.15, 0.1]])
GOOD = np.array([[0.9, 0.75], [0.6, 0.45], [0.3, 0.15]])
BEST = np.array([0, 0, 0, 0, 0, 5, 5, 10, 20, 25, 35]) / 100
WORST = np.array([20, 10, 10, 10, 10, 20, 10, 5, 5, 0, 0]) / 100


def population_truth():
    mass = np.outer(REGION, AGE)
    good = float((mass * GOOD).sum())
    return truth_of(good * BEST + (1 - good) * WORST)


def answered_survey(rng, n):
    """Answers of n invited, of whom the content answer most, with their region and age."""
    region, age = rng.choice(3, size=n, p=REGION), rng.choice(2, size=n, p=AGE)
    answers = rng.random(n) < ANSWERING[region, age]
    region, age = region[answers], age[answers]
    good = rng.random(region.size) < GOOD[region, age]
    rating = np.where(
        good, rng.choice(STEPS, size=good.size, p=BEST), rng.choice(STEPS, size=good.size, p=WORST)
    )
    return rating, region, age


def test_scores_raked_to_known_margins_are_covered_where_plain_ones_are_not():
    rng, raked, plain = np.random.default_rng(33), {}, {}
    cells = np.array([[region, age] for region in range(3) for age in range(2)])
    margins = [Margin("region", tuple("abc"), tuple(REGION)), Margin("age", tuple("yo"), tuple(AGE))]
    for _ in range(RUNS):
        rating, region, age = answered_survey(rng, 800)
        answers = Answers.of(rating, cell=region * 2 + age)
        made = weighed(answers, cells=cells, margins=margins)
        assert made.weighting.converged
        count(raked, column_scores(MEASURES, [made])[0], population_truth())
        count(plain, column_scores(MEASURES, [weighed(Answers.of(rating))])[0], population_truth())
    assert all(LEVEL - 0.015 - FOUR_ERRORS < share < 1 for share in shares(raked).values()), shares(raked)
    assert max(shares(plain).values()) < 0.1


def test_bounds_hold_the_score_of_all_invited_whatever_the_others_think():
    rng, held = np.random.default_rng(34), []
    for _ in range(RUNS):
        everyone = rng.choice(STEPS, size=300, p=CHANCES)
        answering = rng.random(300) < np.where(everyone > 0.65, 0.6, 0.15)
        rate = response_rate(int(answering.sum()), 300)
        for measure, found in zip(
            MEASURES, moments(MEASURES, sums_of(Answers.of(everyone[answering]))), strict=True
        ):
            worst, best = score_bounds(measure, found, rate=rate)
            truth = float(measure.points(everyone).mean())
            held.append(worst.value - 1e-9 <= truth <= best.value + 1e-9)
    assert all(held)


@pytest.mark.parametrize("kept", [0.0, 0.7])
def test_changes_from_wave_to_wave_are_covered(kept):
    rng, hits = np.random.default_rng([35, int(10 * kept)]), {}
    later = np.roll(CHANCES, 1)
    truth = {name: truth_of(later)[name] - value for name, value in truth_of(CHANCES).items()}
    for _ in range(RUNS):
        first = rng.choice(11, size=150, p=CHANCES)
        # Some customers answer in both waves, and then mostly one step higher.
        same = rng.random(150) < kept
        second = np.where(same, (first + 1) % 11, rng.choice(11, size=150, p=later))
        who = np.concatenate((np.arange(150), np.where(same, np.arange(150), 150 + np.arange(150))))
        order = np.argsort(who, kind="stable")
        wave = np.repeat([0, 1], 150)[order]
        answers = Answers.of(np.concatenate((first, second))[order] / 10, customer=who[order])
        samples = [
            weighed(answers),
            *(weighed(answers, inside=wave == code, wave=str(code)) for code in (0, 1)),
        ]
        for change in column_scores(MEASURES, samples)[1]:
            found = change.difference
            hits.setdefault(change.name, []).append(found.low <= truth[change.name] <= found.high)
    assert all(share > LEVEL - 0.015 - FOUR_ERRORS for share in shares(hits).values()), shares(hits)


def test_without_any_change_one_is_called_at_most_as_often_as_stated():
    rng, called = np.random.default_rng(36), {"all": [], "segments": []}
    csat = asked_measures(["csat"], scale=ELEVEN)
    for _ in range(RUNS):
        answers = Answers.of(rng.choice(STEPS, size=1200, p=CHANCES))
        wave, segment = rng.integers(0, 2, 1200), rng.integers(0, 12, 1200)
        samples = [
            weighed(answers),
            *(weighed(answers, inside=wave == code, wave=str(code)) for code in (0, 1)),
        ]
        changes = column_scores(csat, samples, cuts=[Cut("segment", tuple("abcdefghijkl"), segment)])[1]
        found = {change.verdict for change in changes if change.segment is not None}
        called["segments"].append(bool(found & {"higher", "lower"}))
        called["all"].append(changes[0].verdict in ("higher", "lower"))
    # Of twelve segments none changed, so any call is false; each comparison alone would cry wolf in 46 %.
    assert all(np.mean(one) < 1 - LEVEL + FOUR_ERRORS for one in called.values())


@pytest.mark.parametrize("apart", [0.0, 0.15, 0.3])
def test_r_indicator_is_covered(apart):
    rng, hits, values = np.random.default_rng([37, int(100 * apart)]), [], []
    cells = np.array([[region, age] for region in range(3) for age in range(2)])
    mass = np.outer(REGION, AGE).ravel()
    logit = (
        np.log(0.4 / 0.6) + apart * 4 * (np.array([1.0, 0.0, -1.0])[:, None] + np.array([0.3, -0.3])).ravel()
    )
    chance = 1 / (1 + np.exp(-logit))
    truth = 1 - 2 * np.sqrt(mass @ (chance - mass @ chance) ** 2)
    for run in range(RUNS):
        invited = rng.multinomial(800, mass).astype(float)
        seen = Invited(
            ("region", "age"),
            (tuple("abc"), tuple("yo")),
            cells,
            invited,
            rng.binomial(invited.astype(int), chance) * 1.0,
        )
        found = representativeness(seen, rng=np.random.default_rng(run), rounds=200).indicator
        assert isinstance(found, Estimate)
        hits.append(found.low - 1e-9 <= truth <= found.high + 1e-9)
        values.append(found.value)
    assert np.mean(hits) > LEVEL - 0.02 - FOUR_ERRORS, np.mean(hits)
    assert abs(np.mean(values) - truth) < 0.03
