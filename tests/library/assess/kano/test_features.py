"""Kind, strength, Better and Worse of features."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from forvent.assess.kano import better_worse, continuous_kano, fong_test, kano_features
from forvent.assess.kano.features import EXACT_PAIRS, WITH_IT, WITHOUT_IT, _lead_p
from forvent.errors import BadOption
from forvent.records import Estimate, KanoCounts, NotEnough
from forvent.stats import binomial_p, mean_interval, wilson

CellsOf = Callable[..., NDArray[np.int64]]

# Read from the documentation of the R package stp25stat2 (W. Peter, "Kano Analyse", 2024), a worked example
# with simulated answers: counts M, O, A, I, R, Q; total and category strength in whole percent; Better and
# Worse; what Fong's test compares, and its result.
WORKED = {
    "Service app": ((95, 123, 45, 33, 0, 0), 89, 9, 0.568, -0.736, (28, 19.4, True)),
    "Excellent service": ((101, 54, 54, 81, 3, 3), 71, 7, 0.372, -0.534, (20, 18.5, True)),
    "Hotline": ((15, 24, 121, 124, 6, 6), 54, 1, 0.511, -0.137, (3, 19.8, False)),
    "Loan machine": ((65, 87, 93, 51, 0, 0), 83, 2, 0.608, -0.514, (6, 18.5, False)),
    "Ready-to-use return": ((9, 18, 83, 177, 6, 3), 37, 32, 0.352, -0.094, (94, 19.9, True)),
}
# The ski example of Sauerwein, Bailom, Matzler & Hinterhuber (1996), "The Kano model: how to delight your
# customers": percent of A, O, M, I, R, Q; the kind; coefficients of satisfaction and dissatisfaction. Typed
# FROM MEMORY: the paper was not at hand, so the test says that the formulas agree with what is remembered.
SKI = {
    "Edge grip": ((7.0, 32.3, 49.3, 9.5, 0.3, 1.5), "basic", 0.40, -0.83),
    "Ease of turn": ((10.4, 45.1, 30.5, 11.5, 1.2, 1.2), "performance", 0.57, -0.78),
}


def counts_of(numbers: tuple[int, ...]) -> KanoCounts:
    return KanoCounts(*numbers)


def value(amount: Estimate | NotEnough) -> float:
    assert isinstance(amount, Estimate)
    return amount.value


@pytest.mark.parametrize("feature", WORKED)
def test_better_worse_and_fong_are_those_of_a_worked_example(feature: str) -> None:
    numbers, _, _, better, worse, (difference, needed, differs) = WORKED[feature]
    found = better_worse(counts_of(numbers))
    assert round(value(found[0]), 3) == better
    assert round(value(found[1]), 3) == worse
    fong = fong_test(counts_of(numbers))
    assert fong is not None
    assert (fong.difference, round(fong.needed, 1), fong.differs) == (difference, needed, differs)


@pytest.mark.parametrize("feature", WORKED)
def test_strengths_are_those_of_a_worked_example(feature: str, cells_of: CellsOf) -> None:
    numbers, total, category, *_ = WORKED[feature]
    names = ("basic", "performance", "excitement", "indifferent", "reverse", "questionable")
    cells = cells_of(**dict(zip(names, numbers, strict=True)))
    found = kano_features(cells[np.newaxis], names=[feature])[0]
    assert round(100 * value(found.total_strength)) == total
    assert round(100 * value(found.strength)) == category


@pytest.mark.parametrize("feature", SKI)
def test_coefficients_agree_with_the_ski_example_as_remembered(feature: str, cells_of: CellsOf) -> None:
    (a, o, m, i, r, q), kind, better, worse = SKI[feature]
    # Percents with one decimal as counts among some 1,000 respondents.
    said = {"excitement": a, "performance": o, "basic": m, "indifferent": i, "reverse": r, "questionable": q}
    cells = cells_of(**{name: round(10 * percent) for name, percent in said.items()})
    found = kano_features(cells[np.newaxis], names=[feature])[0]
    assert found.kind == kind
    assert round(value(found.better), 2) == better
    assert round(value(found.worse), 2) == worse


def test_fong_breaks_ties_by_basic_performance_excitement_indifferent() -> None:
    fong = fong_test(KanoCounts(10, 10, 10, 10, 0, 0))
    assert fong is not None
    assert (fong.first, fong.second, fong.difference, fong.differs) == ("basic", "performance", 0, False)
    late = fong_test(KanoCounts(0, 0, 10, 10, 10, 0))
    assert late is not None
    assert (late.first, late.second) == ("excitement", "indifferent")
    assert fong_test(KanoCounts(0, 0, 0, 0, 0, 0)) is None


def test_better_and_worse_have_wilsons_limits_and_leave_reverse_and_questionable_out() -> None:
    better, worse = better_worse(KanoCounts(30, 20, 10, 40, 500, 500))
    assert better == wilson(30, 100)
    upset = wilson(50, 100)
    assert worse == Estimate(-0.5, -upset.high, -upset.low, 100)


def test_four_pairs_are_not_enough_for_a_share() -> None:
    better, worse = better_worse(KanoCounts(2, 1, 1, 0, 50, 0))
    assert better == worse == NotEnough(n=4, needed=5, why="too few answers")


@pytest.mark.parametrize(
    ("kinds", "kind", "why"),
    [
        ({"basic": 60, "performance": 20, "indifferent": 20}, "basic", ""),
        ({"performance": 60, "basic": 20, "questionable": 5}, "performance", ""),
        ({"excitement": 60, "indifferent": 20}, "excitement", ""),
        ({"indifferent": 60, "excitement": 20}, "indifferent", ""),
        ({"reverse": 60, "indifferent": 20}, "reverse", ""),
        ({"basic": 30, "performance": 28}, "undecided", "the two most frequent kinds cannot be told apart"),
        (
            {"basic": 52_000, "performance": 48_000},
            "undecided",
            "mixed: the two most frequent kinds are close",
        ),
        ({"questionable": 40, "basic": 30}, "undecided", "questionable answers are the most frequent"),
        ({"basic": 1}, "undecided", "too few answers"),
        ({"questionable": 9}, "undecided", "too few answers"),
        ({}, "undecided", "too few answers"),
    ],
)
def test_a_kind_is_decided_only_where_the_answers_carry_it(
    kinds: dict[str, int], kind: str, why: str, cells_of: CellsOf
) -> None:
    found = kano_features(cells_of(**kinds)[np.newaxis], names=["feature"])[0]
    assert (found.kind, found.why) == (kind, why)


def test_one_respondent_gives_no_number(cells_of: CellsOf) -> None:
    found = kano_features(cells_of(performance=1)[np.newaxis], names=["chat"])[0]
    amounts = [
        found.better,
        found.worse,
        found.strength,
        found.total_strength,
        found.questionable,
        found.functional,
        found.dysfunctional,
    ]
    assert all(isinstance(amount, NotEnough) for amount in amounts)
    assert (found.leading, found.kind, found.placed) == ("performance", "undecided", "undecided")


def test_the_same_answer_from_everybody_leaves_room_for_others(cells_of: CellsOf) -> None:
    found = kano_features(cells_of(performance=20)[np.newaxis], names=["chat"])[0]
    assert found.kind == "performance"
    for share in (found.better, found.total_strength, found.strength):
        assert isinstance(share, Estimate)
        assert share.value == 1.0
        assert 0.5 < share.low < 1.0


def test_many_features_need_more_than_one(cells_of: CellsOf) -> None:
    weak, even = cells_of(basic=40, performance=22), cells_of(basic=30, performance=30)
    alone = kano_features(weak[np.newaxis], names=["a"])[0]
    among = kano_features(np.stack([weak, *[even] * 9]), names=list("abcdefghij"))[0]
    assert (alone.kind, among.kind) == ("basic", "undecided")
    assert alone.rate is not None
    assert among.rate is not None
    assert among.rate == pytest.approx(10 * alone.rate)


def test_the_two_levers_move_the_verdict(cells_of: CellsOf) -> None:
    cells = cells_of(basic=600, performance=500)[np.newaxis]
    assert kano_features(cells, names=["a"])[0].kind == "basic"
    assert kano_features(cells, names=["a"], least_strength=0.2)[0].why.startswith("mixed")
    assert kano_features(cells, names=["a"], level=0.9999)[0].kind == "undecided"


def test_a_scale_that_may_be_upside_down_decides_nothing(cells_of: CellsOf) -> None:
    found = kano_features(cells_of(reverse=60)[np.newaxis], names=["a"], turned=True)[0]
    assert (found.kind, found.why, found.leading) == ("undecided", "the scale may be upside down", "reverse")
    assert found.placed == "undecided"


def test_refuses_a_lead_and_a_level_that_are_no_shares(cells_of: CellsOf) -> None:
    cells = cells_of(basic=6)[np.newaxis]
    with pytest.raises(BadOption) as error:
        kano_features(cells, names=["a"], least_strength=6)
    assert str(error.value) == "A lead of 6 is no share. Give a share such as 0.06, not a percentage."
    with pytest.raises(BadOption):
        kano_features(cells, names=["a"], level=95)


def test_many_pairs_are_tested_as_few_ones() -> None:
    half = EXACT_PAIRS // 2
    for lead in (0, 50, 200, 400):
        exact = _lead_p(KanoCounts(half + lead, half - lead, 0, 0, 0, 0))
        near = _lead_p(KanoCounts(half + lead + 1, half - lead, 0, 0, 0, 0))
        assert exact == binomial_p(half + lead, 2 * half, share=0.5)
        assert near == pytest.approx(binomial_p(half + lead + 1, 2 * half + 1, share=0.5), rel=0.02)


# ------------------------------------------------------------------------ continuous


def test_scores_are_those_of_dumouchel() -> None:
    assert WITH_IT.tolist() == [4, 2, 0, -1, -2]
    assert WITHOUT_IT.tolist() == [-2, -1, 0, 2, 4]


def test_means_have_the_interval_of_a_mean() -> None:
    cells = np.random.default_rng(1).integers(0, 9, size=(5, 5))
    with_it, without_it, _ = continuous_kano(cells)
    kept = cells.copy()
    kept[0, 0] = kept[4, 4] = 0
    for found, scores, counts in (
        (with_it, WITH_IT, kept.sum(axis=1)),
        (without_it, WITHOUT_IT, kept.sum(axis=0)),
    ):
        assert isinstance(found, Estimate)
        plain = mean_interval(np.repeat(scores, counts), within=(-2, 4))
        assert (found.value, found.low, found.high) == pytest.approx((plain.value, plain.low, plain.high))
        assert found.n == plain.n


@pytest.mark.parametrize(
    ("kinds", "placed"),
    [
        ({"performance": 40}, "performance"),
        ({"excitement": 40}, "excitement"),
        ({"basic": 40}, "basic"),
        ({"indifferent": 40}, "indifferent"),
        ({"reverse": 40}, "reverse"),
        ({"performance": 20, "indifferent": 20}, "undecided"),
        ({"questionable": 40}, "undecided"),
        ({"performance": 4}, "undecided"),
    ],
)
def test_a_feature_is_placed_where_both_means_surely_lie(
    kinds: dict[str, int], placed: str, cells_of: CellsOf
) -> None:
    assert continuous_kano(cells_of(**kinds))[2] == placed
