"""Chain, journey and gaps: intervals cover the truth, and what is called a finding seldom is none."""

import math

import numpy as np
import pyarrow as pa
import pytest

from forvent.assess import asymmetries, contrast, gaps, journey, judgements, level_gap, with_rates
from forvent.assess.chain.attributable import attributable_shares
from forvent.assess.chain.owners import chain_owners
from forvent.records import Estimate
from forvent.stats import block_of, bootstrap_counts

pytestmark = pytest.mark.slow


def at_least(level, runs):
    return level - 4 * math.sqrt(level * (1 - level) / runs)


def at_most(level, runs):
    return level + 4 * math.sqrt(level * (1 - level) / runs)


@pytest.mark.parametrize(("episodes", "customers"), [(250, 250), (900, 150)])
def test_attributable_shares_cover_their_true_values(episodes, customers):
    # Of every 100 episodes 70 unbroken, 20 late, 10 misunderstood; dissatisfied 8 %, 45 %, 15 %.
    parts, rates = np.array([0.7, 0.2, 0.1]), np.array([0.08, 0.45, 0.15])
    unhappy = float(parts @ rates)
    truth = (parts * (rates - rates[0]) / unhappy)[1:]
    anyway = rates[0] / unhappy
    rng, runs = np.random.default_rng(1), 1000
    hits = np.zeros(3)
    for _ in range(runs):
        who = rng.integers(0, customers, episodes) if customers < episodes else np.arange(episodes)
        classes = rng.choice(3, episodes, p=parts)
        # A customer has a mood of their own, which leaves the rates as they are.
        mood = rng.choice([0.2, 1.8], customers)[who] if customers < episodes else 1.0
        sad = rng.random(episodes) < rates[classes] * mood
        block = block_of(who)
        drawn = bootstrap_counts(rng, blocks=int(block.max()) + 1, rounds=300)
        found = attributable_shares(classes, count=2, dissatisfied=sad, block=block, drawn=drawn, rng=rng)
        estimates = [*found.classes, found.anyway]
        assert all(isinstance(one, Estimate) for one in estimates)
        hits += [one.low <= true <= one.high for one, true in zip(estimates, [*truth, anyway], strict=True)]
    assert (hits / runs > at_least(0.95, runs)).all(), hits / runs


def test_owners_who_are_all_alike_are_seldom_called():
    rng, runs, called = np.random.default_rng(2), 250, 0
    for _ in range(runs):
        sizes = rng.integers(10, 200, 20)
        names = np.repeat([f"o{number}" for number in range(20)], sizes)
        who = rng.integers(0, names.size // 2, names.size)
        mood = rng.choice([0.02, 0.18], names.size)[who]
        found = chain_owners(names.tolist(), faulty=rng.random(names.size) < mood, customers=who)
        called += any(owner.verdict != "undecided" for owner in found.owners)
    assert called / runs < at_most(0.05, runs), called / runs


def survey_of_voices(rng, met, *, stages, n):
    """Each voice judges one thing; the rating is 0.5 ± 0.2 and noise: at ½ all is met as expected."""
    expectation = rng.integers(0, len(stages), n)
    good = rng.random(n) < np.asarray(met)[expectation]
    silent = [f"z{number}" for number in range(n // 3)]
    names = [f"v{number}" for number in range(n)]
    rating = np.clip(0.5 + np.where(good, 0.2, -0.2) + rng.normal(0, 0.15, n), 0, 1)
    quiet = np.clip(0.5 + rng.normal(0, 0.15, len(silent)), 0, 1)
    mentions = pa.table(
        {
            "voice_id": names,
            "expectation": [f"e{place}" for place in expectation],
            "stage": [stages[place] for place in expectation],
            "touchpoint": [stages[place] for place in expectation],
            "polarity": np.where(good, "met", "unmet"),
        }
    )
    voices = pa.table(
        {"voice_id": names + silent, "rating": np.concatenate([rating, quiet]), "customer": names + silent}
    )
    return judgements(mentions, voices=voices)


SEVEN = ("discover", "choose", "buy", "receive", "use", "get_help", "stay")


def test_gaps_that_are_none_are_seldom_called_when_all_are_looked_at_together():
    rng, runs, called, plain = np.random.default_rng(3), 80, 0, 0
    stages = SEVEN * 2
    for run in range(runs):
        judged = survey_of_voices(rng, [0.5] * 14, stages=stages, n=1400)
        fit = contrast(judged, rng=np.random.default_rng(run), rounds=1000)
        found = with_rates(
            gaps(judged, contrast=fit, asymmetries=asymmetries(judged, contrast=fit), usual_kinds={})
        )
        assert all(isinstance(gap.gap, Estimate) for gap in found)
        called += any(gap.rate <= 0.05 for gap in found)
        plain += any(gap.gap.low > 0.0 or gap.gap.high < 0.0 for gap in found)
    assert called / runs < at_most(0.05, runs), (called / runs, plain / runs)
    # One interval alone would cry wolf in a good part of the runs: that is what the rate is for.
    assert plain / runs > 0.25


def test_gaps_that_are_there_are_still_found():
    rng, runs, found_true, found_false, all_found = np.random.default_rng(4), 60, 0, 0, 0
    met = [0.2] * 3 + [0.5] * 11
    for run in range(runs):
        judged = survey_of_voices(rng, met, stages=SEVEN * 2, n=1400)
        fit = contrast(judged, rng=np.random.default_rng(run), rounds=300)
        rated = with_rates(
            gaps(judged, contrast=fit, asymmetries=asymmetries(judged, contrast=fit), usual_kinds={})
        )
        hits = {gap.expectation for gap in rated if gap.rate is not None and gap.rate <= 0.05}
        found_true += len(hits & {"e0", "e1", "e2"})
        found_false += len(hits - {"e0", "e1", "e2"})
        all_found += max(1, len(hits))
    assert found_true / (3 * runs) > 0.9
    assert found_false / all_found < 0.08


def test_of_stages_that_are_all_alike_one_is_seldom_called_the_worst():
    rng, runs, worst, best = np.random.default_rng(5), 200, 0, 0
    for run in range(runs):
        judged = survey_of_voices(rng, [0.6] * 5, stages=SEVEN[:5], n=500)
        fit = contrast(judged, rng=np.random.default_rng(run), rounds=200)
        found = journey(
            judged, contrast=fit, asymmetries=asymmetries(judged, contrast=fit), usual_kinds={}, rng=rng
        )
        worst += found.worst.sure
        best += found.best.sure
    assert worst / runs < at_most(0.05, runs)
    assert best / runs < at_most(0.05, runs)


def test_a_stage_that_is_the_worst_is_found_and_no_other_is():
    rng, runs, right, wrong = np.random.default_rng(6), 60, 0, 0
    for run in range(runs):
        judged = survey_of_voices(rng, [0.7, 0.7, 0.35, 0.7, 0.7], stages=SEVEN[:5], n=800)
        fit = contrast(judged, rng=np.random.default_rng(run), rounds=200)
        found = journey(
            judged, contrast=fit, asymmetries=asymmetries(judged, contrast=fit), usual_kinds={}, rng=rng
        )
        right += found.worst.sure and found.worst.name == "buy"
        wrong += found.worst.sure and found.worst.name != "buy"
    assert right / runs > 0.9
    assert wrong == 0


@pytest.mark.parametrize(("pairs", "customers"), [(25, 25), (120, 30)])
def test_stated_against_got_covers_the_true_median_and_share(pairs, customers):
    # Got minus stated is log-normal in days less two: median −2 + 3 = 1 day.
    rng, runs, hits = np.random.default_rng(7), 1000, np.zeros(2)
    true_share = 1.0 - 0.5 * (1 + math.erf(math.log(2 / 3) / math.sqrt(2)))
    for _ in range(runs):
        who = np.arange(pairs) % customers
        own, noise = rng.normal(0, math.sqrt(0.5), customers)[who], rng.normal(0, math.sqrt(0.5), pairs)
        if pairs == customers:
            own, noise = rng.normal(0, 1, pairs), 0.0
        got = 3.0 * np.exp(own + noise)
        found = level_gap([2.0] * pairs, got=got, customers=who, basis="said")
        hits += [
            found.gap.low <= 1.0 <= found.gap.high,
            found.longer.low <= true_share <= found.longer.high,
        ]
    assert (hits / runs > at_least(0.95, runs)).all(), hits / runs
