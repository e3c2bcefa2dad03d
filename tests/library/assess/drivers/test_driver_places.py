"""Fields of importance and performance, and what looks odd."""

from __future__ import annotations

import numpy as np
import pytest

from forvent.assess.drivers.fits import Fits
from forvent.assess.drivers.places import alike_pairs, field_of, upside_down


def fits_of(correlations):
    crosses = np.array([correlations], dtype=float)
    count = crosses.shape[1] - 1
    nothing = np.zeros((1, count))
    return Fits(nothing, nothing, crosses, nothing, np.zeros(1), np.arange(count), np.ones(count) > 0, 99.0)


@pytest.mark.parametrize(
    ("important", "well", "field"),
    [
        (0.1, -0.1, "concentrate_here"),
        (0.1, 0.1, "keep_up"),
        (-0.1, -0.1, "low_priority"),
        (-0.1, 0.1, "possible_overkill"),
        (0.0, 0.1, "undecided"),
        (0.1, 0.0, "undecided"),
    ],
)
def test_fields_are_decided_only_off_the_lines(important, well, field):
    noise = np.random.default_rng(1).normal(0, 0.02, (2, 500))
    noise[:, 0] = 0.0
    assert field_of(important + noise[0], performance=well + noise[1]) == field


def test_touchpoints_that_go_together_closely_are_paired():
    assert alike_pairs(
        fits_of([[1, 0.95, 0.2, 0.5], [0.95, 1, 0.2, 0.5], [0.2, 0.2, 1, 0.1], [0.5, 0.5, 0.1, 1]])
    ) == [(0, 1)]


def test_one_touchpoint_that_runs_against_all_is_found():
    turned = [[1, -0.4, 0.4, 0.5], [-0.4, 1, -0.4, -0.5], [0.4, -0.4, 1, 0.5], [0.5, -0.5, 0.5, 1]]
    assert upside_down(fits_of(turned)) == (False, [1])


def test_overall_satisfaction_that_runs_against_most_is_found():
    turned = [[1, 0.4, 0.4, -0.5], [0.4, 1, 0.4, -0.5], [0.4, 0.4, 1, -0.5], [-0.5, -0.5, -0.5, 1]]
    assert upside_down(fits_of(turned)) == (True, [])


def test_unrelated_touchpoints_are_not_called_upside_down():
    assert upside_down(fits_of(np.eye(5))) == (False, [])
