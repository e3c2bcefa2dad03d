"""Changes from wave to wave: intervals, p values, verdicts, and customers who answered in both."""

import numpy as np
import pytest

from forvent.assess.scores import (
    Answers,
    Cut,
    asked_measures,
    column_scores,
    moments,
    score_change,
    sums_of,
    weighed,
)
from forvent.assess.scores.definitions import CSAT, NPS
from forvent.records import Estimate, NotEnough, Scale
from forvent.stats import wilson
from forvent.stats.clusters import share_difference

MEASURES = asked_measures(["mean", "csat", "nps"], scale=Scale(0, 10))


def shares(k, n):
    return moments([CSAT], sums_of(Answers.of([1.0, 0.0], times=[k, n - k])))[0]


def waves(rating, wave, *, customer=None):
    answers = Answers.of(rating, customer=customer)
    return [
        weighed(answers),
        *(weighed(answers, inside=wave == code, wave=f"w{code}") for code in np.unique(wave)),
    ]


def test_independent_shares_have_newcombes_interval():
    found, _ = score_change(CSAT, shares(48, 80), shares(56, 70))
    theirs = share_difference(wilson(56, 70), wilson(48, 80))
    assert (found.low, found.high, found.n) == pytest.approx((theirs.low, theirs.high, 150))


@pytest.mark.parametrize(("before", "after"), [(30, 45), (40, 45), (60, 30)])
def test_p_value_and_interval_are_one_finding(before, after):
    first, second = shares(before, 100), shares(after, 100)
    p = score_change(CSAT, first, second)[1]
    closer, _ = score_change(CSAT, first, second, level=1 - 1.001 * p)
    wider, _ = score_change(CSAT, first, second, level=1 - 0.999 * p)
    assert not closer.low <= 0 <= closer.high
    assert wider.low <= 0 <= wider.high


def test_equal_scores_are_no_finding():
    assert score_change(CSAT, shares(30, 60), shares(30, 60))[1] == 1.0


def test_customers_who_answer_in_both_waves_make_the_change_surer():
    rng = np.random.default_rng(9)
    first = rng.integers(0, 10, 200)
    second = np.minimum(10, first + rng.integers(0, 2, 200))
    rating, wave = np.concatenate((first, second)) / 10, np.repeat([0, 1], 200)
    order = np.argsort(np.tile(np.arange(200), 2), kind="stable")
    paired = column_scores(
        MEASURES, waves(rating[order], wave[order], customer=np.tile(np.arange(200), 2)[order])
    )[1]
    alone = column_scores(MEASURES, waves(rating, wave))[1]
    assert [change.both for change in paired] == [200] * 3
    assert [change.both for change in alone] == [0] * 3
    for one, other in zip(paired, alone, strict=True):
        assert one.difference.value == pytest.approx(other.difference.value)
        assert one.difference.high - one.difference.low < 0.6 * (other.difference.high - other.difference.low)
    # Of the mean it is the paired t-test, but for the two pseudo-answers at the ends of the scale.
    steps = (second - first).astype(float)
    half = 1.972 * steps.std(ddof=1) / np.sqrt(200)
    mean = paired[0].difference
    assert (mean.high - mean.low) / 2 == pytest.approx(half, rel=0.1)


def test_clear_changes_are_called_and_small_ones_are_not():
    rng = np.random.default_rng(10)
    rating = (
        np.concatenate((rng.integers(0, 9, 300), rng.integers(2, 11, 300), rng.integers(2, 11, 300))) / 10
    )
    changes = column_scores(MEASURES, waves(rating, np.repeat([0, 1, 2], 300)))[1]
    found = {(change.name, change.earlier, change.later): change.verdict for change in changes}
    assert found["mean_given", "w0", "w1"] == "higher"
    assert found["mean_given", "w1", "w2"] == "no visible change"
    assert all(change.rate is not None for change in changes)


def test_many_segments_are_corrected_for_but_all_answers_stand_alone():
    rng = np.random.default_rng(11)
    n = 1200
    rating, wave, segment = rng.integers(0, 11, n) / 10, rng.integers(0, 2, n), rng.integers(0, 12, n)
    cut = Cut("region", tuple("abcdefghijkl"), segment)
    groups, changes = column_scores(MEASURES, waves(rating, wave), cuts=[cut])
    assert len(groups) == 3 * 13
    for change in changes:
        # Rounded up where the family is larger: the rate is never below the p value of the interval.
        outside = not change.difference.low <= 0 <= change.difference.high
        assert change.segment is not None or (change.rate <= 0.05) == outside
        assert change.verdict == "no visible change" or outside


def test_a_wave_of_two_answers_has_no_number():
    rating, wave = np.array([1.0, 0.5, 1.0, 0.0, 0.2]), np.array([0, 0, 0, 1, 1])
    groups, changes = column_scores([NPS], waves(rating, wave))
    assert groups[2].scores[0].estimate == NotEnough(2, 3, "too few answers")
    assert changes[0].difference == NotEnough(2, 3, "too few answers")
    assert (changes[0].verdict, changes[0].rate) == ("not enough data", None)


def test_four_customers_have_no_number_however_often_they_answer():
    answers = Answers.of(np.tile([0.1, 1.0], 20), customer=np.repeat(np.arange(4), 10))
    groups, _ = column_scores(MEASURES, [weighed(answers)])
    assert {score.estimate for score in groups[0].scores} == {NotEnough(4, 5, "too few customers")}


def test_one_respondent_has_no_number():
    groups, _ = column_scores(MEASURES, [weighed(Answers.of([0.9]))])
    assert groups[0].scores[0].estimate == NotEnough(1, 3, "too few answers")
    assert groups[0].scores[0].effective is None


def test_a_group_that_a_wave_lacks_is_not_compared_there():
    rating, wave, segment = np.tile([0.1, 0.9, 1.0], 8), np.repeat([0, 1], 12), np.repeat([0, 1], 12)
    changes = column_scores(MEASURES, waves(rating, wave), cuts=[Cut("shop", ("a", "b"), segment)])[1]
    assert {change.group for change in changes} == {None}


def test_definitions_say_what_was_done_to_the_answers():
    answers = Answers.of(
        np.tile([0.1, 1.0], 20), customer=np.repeat(np.arange(20), 2), weight=np.tile([1.0, 2.0], 20)
    )
    groups, _ = column_scores(MEASURES, [weighed(answers)])
    for score in groups[0].scores:
        assert isinstance(score.estimate, Estimate)
        assert score.definition.endswith("; weighted; answers of one customer kept together in the interval")
