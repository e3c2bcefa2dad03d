import numpy as np
import pytest

from forvent.assess.surveyed import middle_difference
from forvent.records import NotEnough


def test_a_few_very_late_ones_do_not_move_it():
    days = np.random.default_rng(1).gamma(4.0, 0.5, 200)
    plain = middle_difference(days, person=np.arange(200))
    days[np.argmax(days)] = 400.0
    assert middle_difference(days, person=np.arange(200)) == plain
    assert plain.low < plain.value < plain.high


def test_answers_of_few_people_are_worth_less():
    days = np.repeat(np.random.default_rng(2).gamma(4.0, 0.5, 40), 5)
    alone = middle_difference(days, person=np.arange(200))
    grouped = middle_difference(days, person=np.repeat(np.arange(40), 5))
    assert grouped.high - grouped.low > 1.5 * (alone.high - alone.low)


@pytest.mark.parametrize("n", [0, 4])
def test_four_people_have_no_middle(n):
    found = middle_difference(np.ones(n), person=np.arange(n))
    assert found == NotEnough(n=n, needed=5, why="fewer than 5 respondents answered both")


def test_covers_the_true_median():
    rng, covered = np.random.default_rng(3), 0
    for _ in range(600):
        found = middle_difference(rng.exponential(size=25), person=np.arange(25))
        covered += found.low <= np.log(2) <= found.high
    assert covered / 600 > 0.95 - 0.015 - 4 * np.sqrt(0.95 * 0.05 / 600)
