"""Parts of R²: against all orders by hand, and what must hold of them whatever the data."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from forvent.assess.drivers import drawn_orders, drawn_parts, shapley_parts
from forvent.errors import BadOption


def crosses_of(rows):
    centred = rows - rows.mean(axis=0)
    return (centred.T @ centred)[None]


def by_hand(crosses, *, free=None):
    """Every order of entering, one regression at a time."""
    matrix, drivers = crosses[0], crosses.shape[1] - 1
    total = matrix[-1, -1]

    def explained(chosen):
        if not chosen:
            return 0.0
        inner = matrix[np.ix_(chosen, chosen)]
        gained = matrix[chosen, -1] @ np.linalg.solve(inner, matrix[chosen, -1])
        factor = 1.0 if free is None else free / (free - len(chosen))
        return 1.0 - (total - gained) / total * factor

    parts = np.zeros(drivers)
    orders = list(permutations(range(drivers)))
    for order in orders:
        for place, driver in enumerate(order):
            parts[driver] += explained(list(order[: place + 1])) - explained(list(order[:place]))
    return parts / len(orders)


@pytest.fixture
def crosses():
    rng = np.random.default_rng(1)
    mixed = rng.normal(size=(80, 6)) @ (np.eye(6) + 0.5)
    return crosses_of(mixed)


@pytest.mark.parametrize("free", [None, 79.0])
def test_parts_are_those_of_all_orders(crosses, free):
    assert shapley_parts(crosses, free=free)[0] == pytest.approx(by_hand(crosses, free=free))


def test_parts_sum_to_r_squared(crosses):
    inner, beside = crosses[0, :-1, :-1], crosses[0, :-1, -1]
    whole = beside @ np.linalg.solve(inner, beside) / crosses[0, -1, -1]
    assert shapley_parts(crosses).sum() == pytest.approx(whole)


def test_drawn_orders_give_the_same_where_all_are_drawn(crosses):
    every = np.array(list(permutations(range(5))))
    for free in (None, 79.0):
        assert drawn_parts(crosses, orders=every, free=free)[0] == pytest.approx(
            shapley_parts(crosses, free=free)[0], abs=1e-6
        )


def test_some_drawn_orders_come_near(crosses):
    orders = drawn_orders(np.random.default_rng(2), drivers=5, orders=400)
    assert drawn_parts(crosses, orders=orders)[0] == pytest.approx(shapley_parts(crosses)[0], abs=0.01)


def test_a_driver_that_repeats_two_others_shares_with_them():
    rng = np.random.default_rng(3)
    rows = rng.normal(size=(200, 3))
    rows[:, 1] = rows[:, 0]
    outcome = rows[:, 0] + rng.normal(size=200)
    parts = shapley_parts(crosses_of(np.column_stack([rows, outcome])))[0]
    assert parts[0] == pytest.approx(parts[1])
    drawn = drawn_parts(
        crosses_of(np.column_stack([rows, outcome])), orders=np.array(list(permutations(range(3))))
    )[0]
    assert drawn == pytest.approx(parts, abs=1e-6)


def test_single_precision_is_right_to_five_digits(crosses):
    assert shapley_parts(crosses, single=True) == pytest.approx(shapley_parts(crosses), abs=1e-5)


def test_a_driver_without_spread_adds_nothing():
    rng = np.random.default_rng(4)
    rows = rng.normal(size=(50, 3))
    rows[:, 1] = 2.0
    assert shapley_parts(crosses_of(rows))[0, 1] == 0.0


def test_adjusted_parts_of_drivers_that_explain_nothing_are_nothing_on_average():
    rng = np.random.default_rng(5)
    every = np.concatenate([crosses_of(rng.normal(size=(40, 7))) for _ in range(800)])
    assert abs(shapley_parts(every, free=39.0).mean()) < 0.002
    assert shapley_parts(every).mean() > 0.02


def test_fifteen_drivers_go_exactly_and_sixteen_are_refused():
    rng = np.random.default_rng(6)
    rows = rng.normal(size=(100, 16))
    assert shapley_parts(crosses_of(rows)).shape == (1, 15)
    with pytest.raises(BadOption) as refused:
        shapley_parts(crosses_of(rng.normal(size=(100, 17))))
    assert str(refused.value) == (
        "16 drivers have too many subsets to fit them all. Draw orders instead; up to 15 drivers go exactly."
    )


@pytest.mark.parametrize("free", [None, 79.0])
def test_columns_of_one_driver_enter_together(crosses, free):
    sizes, groups = (2, 1, 2), ((0, 1), (2,), (3, 4))
    matrix = crosses[0]

    def explained(chosen):
        columns = [column for group in chosen for column in groups[group]]
        if not columns:
            return 0.0
        gained = matrix[columns, -1] @ np.linalg.solve(matrix[np.ix_(columns, columns)], matrix[columns, -1])
        factor = 1.0 if free is None else free / (free - len(columns))
        return 1.0 - (matrix[-1, -1] - gained) / matrix[-1, -1] * factor

    orders, parts = list(permutations(range(3))), np.zeros(3)
    for order in orders:
        for place, driver in enumerate(order):
            parts[driver] += explained(order[: place + 1]) - explained(order[:place])
    parts /= len(orders)
    assert shapley_parts(crosses, free=free, sizes=sizes)[0] == pytest.approx(parts)
    drawn = drawn_parts(crosses, orders=np.array(orders), free=free, sizes=sizes)
    assert drawn[0] == pytest.approx(parts, abs=1e-6)


def test_drivers_of_one_column_each_are_the_usual_case(crosses):
    assert (shapley_parts(crosses, sizes=(1,) * 5) == shapley_parts(crosses)).all()
