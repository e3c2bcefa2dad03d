"""Sentences around dense places: what joins, what stays alone, and that nothing else decides."""

from __future__ import annotations

import numpy as np
import pytest

from forvent.identify.discovery.agreement import adjusted_rand, stability
from forvent.identify.discovery.grouping import Groups, group
from forvent.identify.discovery.space import Vectors, unit
from forvent.records import NotEnough

RNG = np.random.default_rng(5)
AXES = np.linalg.qr(RNG.normal(size=(48, 48)))[0].astype(np.float32)


def around(axis: int, n: int, *, spread: float = 0.1) -> Vectors:
    return unit(AXES[axis] + spread * np.random.default_rng(axis).normal(size=(n, 48)).astype(np.float32))


def grouped(placed: Vectors, *, least: int = 5, old: Vectors | None = None, most: int = 12_000) -> Groups:
    weights = np.ones(len(placed), dtype=np.int64)
    nothing = placed[:0] if old is None else old
    return group(placed, weights=weights, near=0.5, least=least, old=nothing, most=most)


def test_two_clouds_and_a_stray_are_two_groups_the_larger_first() -> None:
    placed = np.concatenate([around(0, 8), around(1, 12), AXES[[7]]])
    found = grouped(placed)
    assert found.labels.tolist() == [1] * 8 + [0] * 12 + [-1]


def test_a_chain_of_neighbours_is_not_one_group() -> None:
    """Neighbours are 30° apart and each is near the next, but the ends have nothing to do with each other."""
    angles = np.repeat(np.radians(np.arange(0, 181, 30)), 6)
    placed = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    found = grouped(placed)
    assert found.labels[0] != found.labels[-1]


def test_a_group_below_the_least_weight_is_none_but_weights_count() -> None:
    placed = around(3, 4)
    assert grouped(placed).labels.tolist() == [-1] * 4
    heavy = group(placed, weights=np.full(4, 2), near=0.5, least=5, old=placed[:0])
    assert heavy.labels.tolist() == [0] * 4


def test_old_centres_never_move_and_are_served_first() -> None:
    old = AXES[[2]]
    placed = np.concatenate([around(2, 9, spread=0.15), around(4, 6)])
    found = grouped(placed, old=old)
    assert np.array_equal(found.centres[0], old[0])
    assert found.labels.tolist() == [0] * 9 + [1] * 6


def test_more_sentences_than_are_compared_at_once_still_all_find_their_group() -> None:
    placed = np.concatenate([around(axis, 60) for axis in range(6)])
    order = np.random.default_rng(1).permutation(len(placed))
    found = grouped(placed[order], most=90)
    truth = np.repeat(np.arange(6), 60)[order]
    assert (found.labels >= 0).all()
    assert adjusted_rand(found.labels, truth) == 1.0


def test_no_sentences_give_no_groups() -> None:
    found = grouped(AXES[:0])
    assert (len(found.labels), len(found.centres)) == (0, 0)


def test_a_sentence_without_direction_joins_nothing() -> None:
    placed = np.concatenate([around(0, 8), np.zeros((1, 48), dtype=np.float32)])
    assert grouped(placed).labels[-1] == -1


def test_random_groups_agree_as_by_chance() -> None:
    draws = [adjusted_rand(RNG.integers(5, size=400), RNG.integers(5, size=400)) for _ in range(40)]
    assert abs(float(np.mean(draws))) < 0.01


def test_agreement_ignores_the_names_of_groups() -> None:
    first = np.array([0, 0, 1, 1, 2, 2])
    assert adjusted_rand(first, np.array([9, 9, 4, 4, 7, 7])) == 1.0
    assert adjusted_rand(first, np.array([0, 1, 0, 1, 0, 1])) == pytest.approx(-4 / 11)


def test_stability_needs_sentences_in_both() -> None:
    placed = around(0, 12)
    labels = np.zeros(12, dtype=np.int64)
    keys = [f"{number:032x}" for number in range(12)]
    found = stability(placed, keys, labels, weights=np.ones(12, dtype=np.int64), near=0.5, least=5)
    assert isinstance(found, NotEnough)
