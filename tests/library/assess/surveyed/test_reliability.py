import numpy as np
import pytest

from forvent.assess.surveyed import Mix, reliabilities
from forvent.records import Estimate, NotEnough


def alpha(items):
    many = items.shape[0]
    return many / (many - 1) * (1 - items.var(axis=1, ddof=1).sum() / items.sum(axis=0).var(ddof=1))


def measured(held, many, *, rounds=400):
    mix = Mix("all", "all", tuple(range(many)), (1.0 / many,) * many)
    (found,) = reliabilities(held, mixes=[mix], rng=np.random.default_rng(1), rounds=rounds)
    return found


def test_follows_the_formula(sheets, moody):
    expected, received = moody(150, many=3)
    found = measured(sheets(expected, received), 3)
    total_e, total_p = expected.sum(axis=0), received.sum(axis=0)
    spread_e, spread_p = total_e.std(ddof=1), total_p.std(ddof=1)
    together = np.corrcoef(total_e, total_p)[0, 1]
    shared = 2 * together * spread_e * spread_p
    formula = (spread_e**2 * alpha(expected) + spread_p**2 * alpha(received) - shared) / (
        spread_e**2 + spread_p**2 - shared
    )
    assert found.expected.value == pytest.approx(alpha(expected))
    assert found.received.value == pytest.approx(alpha(received))
    assert found.correlation.value == pytest.approx(together)
    assert found.difference.value == pytest.approx(formula)
    assert found.items.value == pytest.approx(alpha(received - expected))
    assert found.difference.n == 150


def test_a_worked_example_by_hand(sheets):
    """Spread 1 in both parts, parts 0.8 reliable: 0.8 without correlation, 0.6 at 0.5."""
    rng = np.random.default_rng(7)
    n, many = 60_000, 4
    for together, expected_value in ((0.0, 0.8), (0.5, 0.6)):
        true = rng.multivariate_normal([0, 0], [[1, together / 0.8], [together / 0.8, 1]], n).T
        # Four items whose errors have variance 1 each give alpha 4 / (4 + 1) = 0.8.
        parts = [true[side] + rng.normal(size=(many, n)) for side in (0, 1)]
        found = measured(sheets(*parts), many, rounds=50)
        assert found.difference.value == pytest.approx(expected_value, abs=0.015)


def test_the_verdict_needs_the_whole_interval(sheets):
    rng = np.random.default_rng(8)
    true = rng.normal(size=(2, 1500))
    sure = measured(sheets(*(true[side] + 0.3 * rng.normal(size=(4, 1500)) for side in (0, 1))), 4)
    assert sure.verdict == "enough"
    few = measured(sheets(*(true[side, :40] + 1.2 * rng.normal(size=(4, 40)) for side in (0, 1))), 4)
    assert few.verdict == "unclear"
    assert few.difference.low < 0.7 < few.difference.high


def test_one_pair_has_a_correlation_only(sheets, moody):
    expected, received = moody(50, many=1)
    found = measured(sheets(expected, received), 1)
    assert isinstance(found.correlation, Estimate)
    assert found.difference == NotEnough(
        n=1, needed=2, why="one pair alone cannot say how reliable its answers are"
    )
    assert found.verdict == "not enough data"


def test_sheets_with_a_gap_do_not_count(sheets, moody):
    expected, received = moody(60, many=2)
    received[1, 25:] = np.nan
    expected[1, 25:] = np.nan
    found = measured(sheets(expected, received), 2)
    assert found.difference == NotEnough(
        n=25, needed=30, why="fewer than 30 sheets answered all of its pairs"
    )


def test_all_the_same_answer_has_no_reliability(sheets):
    found = measured(sheets([[5.0] * 40] * 2, [[5.0] * 40] * 2), 2)
    assert isinstance(found.difference, NotEnough)
    assert found.difference.why == "all answers of a part are the same"


def test_the_same_seed_gives_the_same_interval(sheets, moody):
    held = sheets(*moody(90, many=3))
    assert measured(held, 3) == measured(held, 3)
