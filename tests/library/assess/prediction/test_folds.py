"""Stretches of time: nothing is learned from what was not known yet."""

import numpy as np

from forvent.assess.prediction.folds import folds, newest_fold


def test_every_outcome_that_is_learned_from_was_known_before_the_test_began():
    rng = np.random.default_rng(1)
    moment = np.sort(rng.uniform(0, 100, 3_000))
    known = moment + rng.gamma(2.0, 3.0, 3_000)
    steps = folds(moment, known_at=known)
    assert len(steps) == 4
    for fold in steps:
        begin = moment[fold.test].min()
        assert known[fold.calibrate].max() < begin
        assert known[fold.train].max() < moment[fold.calibrate].min()


def test_no_stretch_ends_with_the_quick_ones_alone():
    # Every second outcome takes 20 days: near an end the slow half is not known yet.
    moment = np.arange(1_000) / 10.0
    known = moment + np.tile([0.1, 20.0], 500)
    for fold in (*folds(moment, known_at=known), newest_fold(moment, known_at=known)):
        for stretch in (fold.train, fold.calibrate):
            slow = np.mean(known[stretch] - moment[stretch] > 1.0)
            assert 0.35 < slow <= 0.51


def test_the_steps_test_the_last_part_once():
    moment = np.arange(1_000.0)
    steps = folds(moment, known_at=moment)
    tests = np.concatenate([fold.test for fold in steps])
    assert tests.tolist() == list(range(600, 1_000))


def test_many_cases_need_fewer_steps():
    moment = np.arange(50_000.0)
    assert len(folds(moment, known_at=moment)) == 2


def test_nothing_at_all_has_no_step():
    assert folds(np.zeros(0), known_at=np.zeros(0)) == ()


def test_cases_of_one_moment_have_nothing_before_them():
    steps = folds(np.zeros(50), known_at=np.zeros(50))
    assert all(fold.train.size == 0 for fold in steps)
