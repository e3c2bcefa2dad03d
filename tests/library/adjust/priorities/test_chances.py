"""Chances that gaps are real, all of them looked at together."""

from __future__ import annotations

import math

import numpy as np
import pytest

from forvent.adjust.priorities import chances_real
from forvent.errors import BadOption


def test_a_gap_alone_has_the_chance_of_its_own_interval() -> None:
    found = chances_real([-0.1], errors=[0.1])
    assert found.real[0] == pytest.approx(0.8413, abs=1e-4)
    assert found.shrunk[0] == -0.1
    assert math.isinf(found.spread)


def test_no_gaps_give_no_chances() -> None:
    found = chances_real([], errors=[])
    assert found.real.size == 0
    assert found.shrunk.size == 0


def test_gaps_that_chance_explains_are_drawn_to_their_middle() -> None:
    rng = np.random.default_rng(3)
    noise = rng.normal(size=30) * 0.1
    found = chances_real(noise, errors=np.full(30, 0.1))
    assert np.ptp(found.shrunk) < 0.5 * np.ptp(noise)
    assert found.spread < 0.06
    assert found.real.max() < 0.95


def test_gaps_far_apart_are_left_where_they_are() -> None:
    gaps = [-0.6, -0.4, -0.2, 0.0, 0.2, 0.4]
    found = chances_real(gaps, errors=[0.02] * 6)
    assert np.allclose(found.shrunk, gaps, atol=0.005)
    assert found.real[0] > 0.999
    assert found.real[3] == pytest.approx(0.5, abs=0.05)


def test_the_shakier_of_two_equal_gaps_is_less_likely_real() -> None:
    found = chances_real([-0.2, -0.2, 0.3, 0.1, -0.1], errors=[0.02, 0.3, 0.05, 0.05, 0.05])
    assert found.real[0] > found.real[1]
    assert abs(found.shrunk[1]) < abs(found.shrunk[0])


def test_the_worst_gap_is_expected_nearer_to_the_others() -> None:
    found = chances_real([-0.5, -0.1, 0.0, 0.1, 0.05], errors=[0.2] * 5)
    assert -0.5 < found.shrunk[0] < -0.1


def test_an_error_of_nothing_is_refused() -> None:
    with pytest.raises(BadOption) as caught:
        chances_real([0.1, 0.2], errors=[0.1, 0.0])
    assert str(caught.value) == "An error of a gap is not above 0. Give standard errors above 0."


def test_as_many_errors_as_gaps_are_needed() -> None:
    with pytest.raises(BadOption) as caught:
        chances_real([0.1, 0.2], errors=[0.1])
    assert str(caught.value) == "Gaps and errors are not of the same number. Give one error a gap."
