"""Customers who say the same are counted together, however many things there are to say."""

import numpy as np

from forvent.assess.personas.patterns import patterns_of


def test_patterns_are_the_distinct_rows_with_their_counts():
    rng = np.random.default_rng(3)
    said = rng.random((400, 5)) < 0.4
    asked = rng.random((400, 3)) < 0.5
    answered = asked & (rng.random((400, 3)) < 0.5)
    found, place = patterns_of(said, asked=asked, answered=answered)
    rows = np.hstack([said, asked, answered])
    assert found.count.size == np.unique(rows, axis=0).shape[0]
    assert (
        np.hstack([found.mentioned, found.asked, found.answered])[place].astype(bool).tolist()
        == rows.tolist()
    )
    assert found.count.sum() == 400


def test_more_things_than_bits_in_a_number_are_told_apart():
    said = np.zeros((150, 150), dtype=bool)
    said[np.arange(150), np.arange(150)] = True
    assert patterns_of(said, asked=said[:, :0], answered=said[:, :0])[0].count.tolist() == [1.0] * 150


def test_the_order_of_the_customers_does_not_matter():
    rng = np.random.default_rng(5)
    said = rng.random((300, 6)) < 0.3
    other = said[rng.permutation(300)]
    first, second = (patterns_of(one, asked=one[:, :0], answered=one[:, :0])[0] for one in (said, other))
    assert first.mentioned.tolist() == second.mentioned.tolist()
    assert first.count.tolist() == second.count.tolist()


def test_halves_hold_every_customer_once():
    said = np.random.default_rng(6).random((501, 6)) < 0.5
    found, _ = patterns_of(said, asked=said[:, :0], answered=said[:, :0])
    first, second = found.halves(rng=np.random.default_rng(1))
    assert (first.customers, second.customers) == (250.0, 251.0)


def test_only_two_things_or_more_tell():
    said = np.array([[True, False], [True, True], [False, True]])
    asked = np.array([[False], [False], [True]])
    found, _ = patterns_of(said, asked=asked, answered=~asked & asked)
    assert found.telling == 2.0
