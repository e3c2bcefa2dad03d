"""Weights meet known margins, and say so when they cannot."""

import numpy as np
import pytest

from forvent.assess.scores import Answers, Margin, kish, moments, rake, sums_of, weighed
from forvent.assess.scores.definitions import CSAT
from forvent.errors import BadOption

HALF = np.array([0.5, 0.5])
CROSSED = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])


def test_weighted_shares_meet_every_margin():
    mass, margins = np.array([40.0, 30.0, 20.0, 10.0]), [np.array([0.4, 0.6]), np.array([0.7, 0.3])]
    raked = rake(CROSSED, mass, margins=margins)
    assert raked.converged
    assert raked.mass.sum() == pytest.approx(100)
    for place, shares in enumerate(margins):
        met = np.bincount(CROSSED[:, place], weights=raked.mass) / 100
        assert met == pytest.approx(shares, abs=1e-8)


def test_raking_leaves_the_association_of_the_margins_as_it_was():
    mass = np.array([40.0, 30.0, 20.0, 10.0])
    after = rake(CROSSED, mass, margins=[np.array([0.4, 0.6]), np.array([0.7, 0.3])]).mass
    assert after[0] * after[3] / (after[1] * after[2]) == pytest.approx(40 * 10 / (30 * 20))


def test_the_example_of_deming_and_stephan_in_one_margin_is_poststratification():
    raked = rake(np.array([[0], [1], [2]]), np.array([10.0, 20.0, 30.0]), margins=[np.array([0.5, 0.3, 0.2])])
    assert raked.factor == pytest.approx([3.0, 0.9, 0.4])
    assert raked.iterations == 1


def test_margins_that_no_weights_can_meet_are_said_not_to_settle():
    # Nobody is young and in the north, so the shares of both tie each other.
    cells = np.array([[0, 0], [1, 1]])
    raked = rake(cells, np.array([50.0, 50.0]), margins=[HALF, np.array([0.2, 0.8])], rounds=50)
    assert not raked.converged
    assert raked.iterations == 50
    assert raked.largest_miss > 0.1


@pytest.mark.parametrize(
    ("shares", "said"),
    [
        (np.array([0.5, 0.4]), "The shares of a margin sum to 0.9. Give shares that sum to 1."),
        (
            np.array([0.5, 0.2, 0.3]),
            "A margin has a group that nobody who answered is in. Join it with another group.",
        ),
    ],
)
def test_shares_that_cannot_be_are_refused(shares, said):
    with pytest.raises(BadOption) as error:
        rake(np.array([[0], [1]]), np.array([5.0, 5.0]), margins=[shares])
    assert str(error.value) == said


def test_equal_weights_cost_nothing_and_unequal_ones_do():
    assert kish(np.full(4, 2.5), np.ones(4)) == pytest.approx(4)
    assert kish(np.array([1.0, 9.0]), np.array([90.0, 10.0])) == pytest.approx(180**2 / 900)


def test_weights_are_reported_with_their_cost():
    answers = Answers.of([1.0, 0.0], times=[80, 20], cell=np.array([0, 1]))
    made = weighed(answers, cells=np.array([[0], [1]]), margins=[Margin("region", ("a", "b"), (0.5, 0.5))])
    report = made.weighting
    assert (report.margins, report.answers, report.converged, report.iterations) == (
        ("region",),
        100,
        True,
        1,
    )
    assert report.smallest == pytest.approx(0.625)
    assert report.largest == pytest.approx(2.5)
    assert report.effective == pytest.approx(64)
    assert report.design_effect == pytest.approx(100 / 64)


def test_what_margins_explain_of_a_score_no_longer_makes_it_unsure():
    rng = np.random.default_rng(8)
    cell = rng.integers(0, 2, 400)
    rating = np.where(rng.random(400) < 0.95, cell, 1 - cell).astype(float)
    made = weighed(
        Answers.of(rating, cell=cell),
        cells=np.array([[0], [1]]),
        margins=[Margin("region", ("a", "b"), (0.5, 0.5))],
    )
    raked = moments([CSAT], sums_of(made.answers, raked=made.raked))[0]
    unaware = moments([CSAT], sums_of(made.answers))[0]
    assert raked.mean == unaware.mean
    assert raked.effective >= unaware.effective
    assert raked.effective <= 400


def test_answers_without_a_group_are_counted_and_left_out():
    answers = Answers.of([1.0, 0.0, 1.0], times=[10, 10, 5], cell=np.array([0, 1, -1]))
    made = weighed(answers, cells=np.array([[0], [1]]), margins=[Margin("region", ("a", "b"), (0.5, 0.5))])
    assert made.weighting.unplaced == 5
    assert made.weighting.answers == 20
    assert made.inside.tolist() == [True, True, False]


def test_a_group_that_nobody_is_in_is_named_with_its_wave():
    answers = Answers.of([1.0, 0.0], times=[10, 10], cell=np.array([0, 1]))
    margins = [Margin("region", ("a", "b", "islands"), (0.5, 0.4, 0.1))]
    with pytest.raises(BadOption) as error:
        weighed(answers, cells=np.array([[0], [1]]), margins=margins, wave="spring")
    assert str(error.value) == (
        "Nobody who answered in “spring” is in “islands” of “region”, in which 10.0% of all are. "
        "Join it with another group in the file of margins and in the answers."
    )


def test_given_weights_alone_are_reported_without_margins():
    made = weighed(Answers.of([1.0, 0.0], weight=[1.0, 3.0]))
    assert made.weighting.margins == ()
    assert made.weighting.effective == pytest.approx(1.6)
    assert made.suffix == "; weighted"
    assert weighed(Answers.of([1.0, 0.0])).weighting is None
