"""Trees as arrays say what LightGBM says, and refuse to be anything else than trees."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import lightgbm
import numpy as np
import pytest

from forvent.adjust.history import Floats
from forvent.adjust.promise import trees as trees_module
from forvent.adjust.promise.trees import LEAF, Trees, grow, none
from forvent.errors import UnreadableFile

MESSAGE = "The trees in this model file do not fit together. Fit the model again: forvent promise fit."


def cases(n: int, *, seed: int) -> tuple[Floats, Floats]:
    """Two numbers, the second missing at times, and a level of 12 in a third column; and a target."""
    rng = np.random.default_rng(seed)
    first, second = rng.normal(size=n), rng.gamma(2.0, size=n)
    level = rng.integers(0, 12, size=n).astype(float)
    target = np.where(first > 0.3, 2.0, 0.0) + np.sin(level) + rng.normal(scale=0.3, size=n)
    second[rng.random(n) < 0.2] = np.nan
    target = np.where(np.isnan(second), target + 1.5, target)
    level[rng.random(n) < 0.1] = np.nan
    return np.column_stack([first, second, level]), target


@pytest.fixture
def boosters(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Every booster that is grown from now on."""
    kept: list[Any] = []
    train = lightgbm.train

    def keeping(*args: Any, **named: Any) -> Any:
        kept.append(train(*args, **named))
        return kept[-1]

    monkeypatch.setattr(lightgbm, "train", keeping)
    return kept


def grown(n: int = 600, *, level: float | None = None, seed: int = 1) -> Trees:
    matrix, target = cases(n, seed=seed)
    return grow(matrix, target, weights=np.ones(n), text_positions=[2], level=level)


@pytest.mark.parametrize("level", [None, 0.9])
@pytest.mark.parametrize("n", [120, 2_000, 10_500])
def test_say_what_lightgbm_says(boosters: list[Any], n: int, level: float | None) -> None:
    # One size of tree each. Numbers, missing ones, levels, missing ones, and levels never learned.
    ours = grown(n, level=level)
    asked, _ = cases(9_000, seed=2)
    asked[:50, 2], asked[50:90, 2], asked[90:99, 0] = 12.0, 4711.0, [1e300, -1e300, 0, 1e-300, 5, 6, 7, 8, 9]
    theirs = boosters[0].predict(asked)
    assert np.unique(theirs).size > 30
    # The same leaves; their values are only summed in another order.
    np.testing.assert_allclose(ours.predict(asked), theirs, rtol=0, atol=1e-12)


def test_say_it_exactly_where_there_is_one_tree(boosters: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    size = trees_module._size(600) | {"rounds": 1, "num_leaves": 31}
    monkeypatch.setattr(trees_module, "_size", lambda _: dict(size))
    ours = grown()
    asked, _ = cases(3_000, seed=3)
    limits = np.array([node for node in ours.limit.tolist() if node])
    asked[: limits.size, 0] = limits  # on a limit itself it goes left
    assert ours.predict(asked).tolist() == boosters[0].predict(asked).tolist()


def test_a_quantile_has_its_share_of_cases_below() -> None:
    matrix, target = cases(6_000, seed=4)
    upper = grow(matrix, target, weights=np.ones(6_000), text_positions=[2], level=0.9)
    asked, came = cases(6_000, seed=5)
    assert np.mean(came <= upper.predict(asked)) == pytest.approx(0.9, abs=0.03)


def test_weights_rule_what_is_learned() -> None:
    flag = np.tile([0.0, 1.0], 300)
    matrix, target = flag[:, None], np.where(np.arange(600) < 300, flag, -flag)
    early = grow(
        matrix, target, weights=np.where(np.arange(600) < 300, 1.0, 1e-6), text_positions=[], level=None
    )
    late = grow(
        matrix, target, weights=np.where(np.arange(600) < 300, 1e-6, 1.0), text_positions=[], level=None
    )
    assert early.predict(np.array([[1.0]]))[0] > 0.8
    assert late.predict(np.array([[1.0]]))[0] < -0.8


def test_grow_alike_every_time() -> None:
    first, second = grown(), grown()
    assert first.value.tobytes() == second.value.tobytes()
    assert first.limit.tobytes() == second.limit.tobytes()


def test_one_row_alone_is_summed_alike() -> None:
    ours = grown()
    asked, _ = cases(300, seed=7)
    asked[:20, 2] = 12.0
    alone = ours.one()
    np.testing.assert_allclose(
        [alone(row) for row in asked.tolist()], ours.predict(asked), rtol=0, atol=1e-12
    )


def test_few_cases_or_no_columns_grow_none() -> None:
    matrix, target = cases(59, seed=6)
    few = grow(matrix, target, weights=np.ones(59), text_positions=[2], level=None)
    bare = grow(np.zeros((400, 0)), np.arange(400.0), weights=np.ones(400), text_positions=[], level=None)
    for empty in (few, bare, none()):
        assert empty.predict(np.zeros((3, 3))).tolist() == [0.0, 0.0, 0.0]
        empty.check(columns=0)


def test_no_rows_are_no_promises() -> None:
    assert grown().predict(np.zeros((0, 3))).shape == (0,)


def test_children_stand_behind_their_parents_and_pass_the_check() -> None:
    ours = grown()
    inner = ours.feature != LEAF
    assert np.all(ours.left[inner] > np.flatnonzero(inner))
    assert np.all(ours.right[inner] > np.flatnonzero(inner))
    ours.check(columns=3)


def first_inner(ours: Trees) -> int:
    return int(np.flatnonzero(ours.feature != LEAF)[0])


def changed(name: str, value: float) -> Trees:
    """Trees with one entry of one array changed, at the first node that asks."""
    ours = grown(200)
    array = getattr(ours, name).copy()
    array[0 if name == "roots" else first_inner(ours)] = value
    return replace(ours, **{name: array})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("left", 0),  # a circle
        ("right", 0),
        ("left", -3),
        ("right", 10**9),
        ("feature", 3),
        ("feature", -2),
        ("roots", -1),
        ("roots", 10**9),
        ("members_at", -2),
        ("members_at", 10**6),
        ("value", np.nan),
        ("value", np.inf),
    ],
)
def test_what_would_hang_or_crash_is_refused(name: str, value: float) -> None:
    with pytest.raises(UnreadableFile) as error:
        changed(name, value).check(columns=3)
    assert str(error.value) == MESSAGE


@pytest.mark.parametrize("name", ["feature", "limit", "missing_left", "left", "right", "value", "members_at"])
def test_arrays_of_unequal_length_are_refused(name: str) -> None:
    ours = grown(200)
    with pytest.raises(UnreadableFile):
        replace(ours, **{name: getattr(ours, name)[:-1]}).check(columns=3)
    with pytest.raises(UnreadableFile):
        replace(ours, members=ours.members.ravel()).check(columns=3)


@pytest.mark.parametrize("name", ["roots", "feature", "left", "right", "members_at"])
def test_places_that_are_no_whole_numbers_are_refused(name: str) -> None:
    ours = grown(200)
    with pytest.raises(UnreadableFile):
        replace(ours, **{name: getattr(ours, name).astype(float)}).check(columns=3)


def test_sets_without_any_level_are_refused() -> None:
    ours = grown(200)
    with pytest.raises(UnreadableFile):
        replace(ours, members=ours.members[:, :0]).check(columns=3)


def test_a_set_is_refused_where_there_are_none() -> None:
    ours = grown(200)
    asking = np.where(np.arange(ours.feature.size) == first_inner(ours), 0, -1)
    replace(ours, members=ours.members[:0], members_at=np.full_like(asking, -1)).check(columns=3)
    bare = replace(ours, members=ours.members[:0], members_at=asking)
    with pytest.raises(UnreadableFile):
        bare.check(columns=3)


def test_what_passes_the_check_can_be_read() -> None:
    rng, whole = np.random.default_rng(9), grown(200)
    names = ["left", "right", "feature", "members_at", "roots"]
    read = 0
    for _ in range(300):
        name = str(rng.choice(names))
        array = getattr(whole, name).copy()
        array[rng.integers(array.size)] = rng.integers(-2, whole.feature.size + 2)
        hostile = replace(whole, **{name: array})
        try:
            hostile.check(columns=3)
        except UnreadableFile:
            continue
        read += 1
        asked, _ = cases(20, seed=10)
        assert np.all(np.isfinite(hostile.predict(asked)))
        assert np.isfinite(hostile.one()(asked[0].tolist()))
    assert 20 < read < 300
