"""How promises differ between cases: scales, weights for what is still open, and what is learned."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from forvent.adjust.history import Column, Floats, History, elapsed
from forvent.adjust.lengths import DAY
from forvent.adjust.promise import shapes as shaping
from forvent.adjust.promise.columns import Columns
from forvent.adjust.promise.shapes import (
    LEAST_CASES,
    LOG,
    MIDDLE,
    OWN,
    OWN_UPPER,
    PLAIN,
    SAME,
    SHAPES,
    UPPER,
    Learned,
    Scale,
    Shape,
    learn_shapes,
    weights_for,
)

NAN = np.nan


def history(
    amount: Floats,
    *,
    every: float = 1.0,
    columns: dict[str, Column] | None = None,
    promised: Floats | None = None,
) -> History:
    """Waits in days; a case begins every so many days, the first one day after 1970 began."""
    start = DAY * (1.0 + every * np.arange(amount.size))
    return History(
        start=start,
        known=start + amount * DAY,
        amount=amount,
        promised=np.full(amount.size, NAN) if promised is None else promised,
        columns=columns or {},
        unit="day",
        as_of=float(start[-1]) + 1e4 * DAY,
        clock=elapsed("day"),
    )


def expected(learned: Learned, cases: History, shape: Shape) -> Floats:
    return learned.expected(cases)[:, SHAPES.index(shape)]


@pytest.mark.parametrize("scale", [Scale(PLAIN), Scale(LOG), Scale(LOG, 0.05)])
def test_back_from_the_scale_is_where_it_was(scale: Scale) -> None:
    amounts = np.array([0.0, 0.3, 5.0, 1e9])
    assert scale.back(scale.to(amounts)) == pytest.approx(amounts, rel=1e-9, abs=1e-9)


def test_a_finite_promise_is_not_endless_on_the_way_back() -> None:
    assert np.isfinite(Scale(LOG).back(np.array([1e6]))).all()
    assert np.isfinite(Scale(LOG).back_one(1e6))


@pytest.mark.parametrize("scale", [Scale(PLAIN), Scale(LOG), Scale(LOG, 0.05)])
def test_what_cannot_be_promised_cannot_be_on_the_way_back_either(scale: Scale) -> None:
    assert scale.back(np.array([np.inf, NAN])).tolist()[0] == scale.back_one(np.inf) == np.inf
    assert np.isnan(scale.back(np.array([NAN]))).all()
    assert np.isnan(scale.back_one(NAN))


def test_shapes_that_rest_on_the_same_part_share_it() -> None:
    assert Shape(LOG, MIDDLE).part == Shape(LOG, MIDDLE, 0.75).part == "log-middle"
    assert len({(shape.scale, shape.goal, shape.share) for shape in SHAPES}) == len(SHAPES)
    assert SHAPES[0].goal == SAME


def test_a_case_stands_for_those_that_were_too_young_to_be_seen() -> None:
    # Four cases, 4, 3, 2 and 1 days old; that it took 2 days could be seen of the three that old. They are
    # counted by how late they began, as the weights are: half for each day and a half before the last.
    cases = history(np.array([1.0, 2.0, 9.0, 9.0]))
    moment = 5 * DAY
    closed = cases.known <= moment
    assert closed.tolist() == [True, True, False, False]
    found = weights_for(cases, closed, moment=moment)
    four, three, two, one = counts = 0.5 ** (np.array([3.0, 2.0, 1.0, 0.0]) / 1.5)
    stands_for = np.array([1.0, (four + three + two + one) / (four + three + two)])
    weights = stands_for * counts[:2]
    assert found == pytest.approx(weights / weights.mean())


def test_a_case_stands_for_at_most_three() -> None:
    # Only one case in two hundred is old enough to show 199 days.
    cases = history(np.concatenate([np.full(1, 199.0), np.full(199, 0.5)]))
    weights = weights_for(cases, np.ones(200, bool), moment=201 * DAY)
    alike = weights_for(replace(cases, known=cases.start + 0.5 * DAY), np.ones(200, bool), moment=201 * DAY)
    assert weights[0] / weights[-1] == pytest.approx(3.0 * alike[0] / alike[-1])


def means_of_closed(seed: int) -> tuple[float, float]:
    """Mean of the closed cases where the true one is 40 and many are open, plain and weighted."""
    cases = history(20.0 * np.random.default_rng(seed).gamma(2.0, size=4_000), every=0.05)
    moment = float(cases.start[-1])
    closed = cases.known <= moment
    weights = weights_for(cases, closed, moment=moment)
    return float(cases.amount[closed].mean()), float(np.average(cases.amount[closed], weights=weights))


def test_weights_make_up_for_most_of_the_open_cases() -> None:
    for seed in range(3):
        plain, mended = means_of_closed(seed)
        assert plain < 36.0
        assert plain + 0.6 * (40.0 - plain) < mended < 41.0


def test_without_a_limit_weights_make_up_for_open_cases_wholly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shaping, "MOST_WEIGHT", np.inf)
    assert np.mean([means_of_closed(seed)[1] for seed in range(3)]) == pytest.approx(40.0, abs=1.0)


def drawn(n: int, *, seed: int) -> tuple[History, Floats]:
    """Waits that grow with a size, in two kinds one of which is half as long; promises of six days."""
    rng = np.random.default_rng(seed)
    size, kind = rng.uniform(0, 2, n), rng.choice(["fast", "slow"], n)
    truth = np.exp(size) * np.where(kind == "fast", 1.0, 2.0)
    columns: dict[str, Column] = {"size": size, "kind": kind}
    wait = truth * np.exp(0.2 * rng.normal(size=n))
    return history(wait, every=0.1, columns=columns, promised=np.full(n, 6.0)), truth


def test_differences_between_cases_are_learned() -> None:
    (past, _), (coming, truth) = drawn(2_000, seed=2), drawn(500, seed=3)
    learned = learn_shapes(past, moment=float(past.start[-1]), level=0.9)
    middle = learned.log.back(expected(learned, coming, Shape(LOG, MIDDLE)))
    assert np.median(np.abs(middle / truth - 1.0)) < 0.08
    upper = expected(learned, coming, Shape(PLAIN, UPPER))
    assert np.mean(coming.amount <= upper) == pytest.approx(0.9, abs=0.05)
    own_upper = expected(learned, coming, Shape(PLAIN, OWN_UPPER))
    assert np.mean(coming.amount <= own_upper) == pytest.approx(0.9, abs=0.05)
    assert expected(learned, coming, Shape(LOG, MIDDLE, 0.75)) == pytest.approx(
        0.75 * expected(learned, coming, Shape(LOG, MIDDLE))
    )


def test_the_promise_of_the_company_is_taken_as_it_is() -> None:
    past, _ = drawn(200, seed=4)
    learned = learn_shapes(past, moment=float(past.start[-1]), level=0.9)
    assert expected(learned, past, Shape(PLAIN, OWN)).tolist() == [6.0] * 200
    assert expected(learned, past, Shape(LOG, OWN, 0.75)) == pytest.approx(
        0.75 * np.log(6.0 + learned.log.shift)
    )


def test_a_case_without_a_promise_of_the_company_has_none_to_go_by() -> None:
    past, _ = drawn(200, seed=4)
    learned = learn_shapes(past, moment=float(past.start[-1]), level=0.9)
    bare = learned.expected(replace(past, promised=np.full(200, NAN)))
    silent = [at for at, shape in enumerate(SHAPES) if shape.goal in (OWN, OWN_UPPER)]
    assert np.isnan(bare[:, silent]).all()
    assert np.isfinite(np.delete(bare, silent, axis=1)).all()


def test_fewer_than_fifty_closed_cases_tell_no_differences() -> None:
    past, _ = drawn(LEAST_CASES + 60, seed=5)
    moment = float(np.sort(past.known)[LEAST_CASES - 2])  # 49 are closed
    learned = learn_shapes(past, moment=moment, level=0.9)
    assert learned.parts == {}
    told = np.isfinite(learned.expected(past)).all(axis=0)
    assert [shape.goal for shape, there in zip(SHAPES, told, strict=True) if there] == [SAME, OWN, OWN]
    assert learn_shapes(past, moment=float(np.sort(past.known)[LEAST_CASES - 1]), level=0.9).parts


def test_without_any_closed_case_there_is_nothing() -> None:
    past, _ = drawn(30, seed=6)
    learned = learn_shapes(past, moment=0.0, level=0.9)
    assert learned.columns == Columns((), ())
    assert learned.expected(past).shape == (30, len(SHAPES))


def test_what_came_to_be_known_later_is_not_looked_at() -> None:
    past, _ = drawn(800, seed=7)
    moment = float(past.start[500])
    known = past.where(past.start < moment)
    later = known.known > moment
    assert later.any()
    changed = replace(
        known, amount=np.where(later, 1e6, known.amount), known=np.where(later, NAN, known.known)
    )
    before, after = (learn_shapes(one, moment=moment, level=0.9) for one in (known, changed))
    assert before.expected(past).tobytes() == after.expected(past).tobytes()


@pytest.mark.parametrize(
    ("amounts", "shift"),
    [
        ([4.0, 5.0, 9.0], 1.0),  # whole numbers
        ([4.0, 5.5, 9.0], 5.5 / 20),
        ([1.0, 1.0, 9.0], 1.0 / 20),  # whole, but few of them
        ([0.0, 0.0, 0.0], 1e-6),
        ([], 1.0),
    ],
)
def test_very_short_amounts_do_not_rule_the_logarithm(amounts: list[float], shift: float) -> None:
    cases = history(np.array(amounts)) if amounts else history(np.ones(1))
    moment = 1e9 if amounts else 0.0
    assert learn_shapes(cases, moment=moment, level=0.9).log.shift == pytest.approx(shift)


def test_a_record_that_is_looked_at_long_after_is_learned_from_as_well() -> None:
    past, _ = drawn(300, seed=10)
    soon, late = (learn_shapes(past, moment=day * DAY, level=0.9) for day in (100.0, 1e7))
    np.testing.assert_allclose(late.expected(past), soon.expected(past), rtol=1e-6)


def test_a_straight_line_goes_on_where_trees_would_stop() -> None:
    size = np.random.default_rng(9).uniform(0, 10, 400)
    past = history(5.0 + 3.0 * size, every=0.001, columns={"size": size})
    learned = learn_shapes(past, moment=1e7 * DAY, level=0.9)
    part = learned.parts["plain-middle"]
    assert part.slopes[[column.name for column in learned.columns.numbers].index("size")] == pytest.approx(
        3.0, rel=0.05
    )


def test_a_column_that_almost_never_changes_does_not_break_the_line() -> None:
    past, _ = drawn(300, seed=8)
    flat = np.full(300, 1e12)
    flat[0] += 1.0
    strange = replace(past, columns={**past.columns, "flat": flat})
    learned = learn_shapes(strange, moment=float(past.start[-1]), level=0.9)
    silent = [at for at, shape in enumerate(SHAPES) if shape.goal not in (OWN, OWN_UPPER)]
    assert np.isfinite(learned.expected(strange)[:, silent]).all()
