"""Kinds from draws whose truth is known."""

from __future__ import annotations

import numpy as np
import pytest

from forvent.assess.drivers import Cuts
from forvent.assess.drivers.kinds import sided
from forvent.records import Estimate, NotEnough


def found(penalty, reward, *, error=0.005, **options):
    noise = np.random.default_rng(1).normal(0, error, (2, 1000))
    noise[:, 0] = 0.0
    return sided(penalty + noise[0], reward=reward + noise[1], n=1000, **options)


@pytest.mark.parametrize(
    ("penalty", "reward", "kind", "side"),
    [
        (-0.2, 0.02, "basic", "penalty"),
        (-0.2, 0.2, "performance", "undecided"),
        (-0.02, 0.2, "excitement", "reward"),
        (0.0, 0.0, "indifferent", "undecided"),
        (0.0, -0.2, "reverse", "undecided"),
        (0.2, -0.2, "reverse", "undecided"),
        # Between the bands: the side is sure, the kind is not.
        (-0.1, 0.065, "undecided", "penalty"),
    ],
)
def test_kinds_that_were_put_in_are_found(penalty, reward, kind, side):
    one = found(penalty, reward)
    assert (one.kind, one.side) == (kind, side)


@pytest.mark.parametrize(("penalty", "reward"), [(-0.2, 0.02), (-0.02, 0.2), (0.0, -0.1)])
def test_weak_evidence_is_undecided(penalty, reward):
    assert found(penalty, reward, error=0.15).kind == "undecided"


@pytest.mark.parametrize(("penalty", "reward", "shape"), [(0.1, 0.1, "u_shaped"), (-0.1, -0.1, "arched")])
def test_a_side_of_the_wrong_sign_is_never_forced(penalty, reward, shape):
    one = found(penalty, reward)
    assert (one.kind, one.side, one.cautions) == ("undecided", "undecided", (shape,))
    assert isinstance(one.asymmetry, NotEnough)
    assert one.asymmetry.why == "low and high ratings both differ the same way from the middle"


def test_a_wrong_sign_that_is_not_sure_leaves_the_kind_undecided():
    one = found(0.06, 0.06, error=0.04)
    assert (one.kind, one.side, one.cautions) == ("undecided", "undecided", ())


def test_a_small_side_of_the_wrong_sign_does_not_hide_the_kind():
    one = found(0.03, 0.25)
    assert isinstance(one.asymmetry, Estimate)
    assert (one.asymmetry.low, one.asymmetry.high, one.kind) == (1.0, 1.0, "excitement")
    assert found(-0.04, -0.025).kind == "basic"


def test_reverse_has_no_asymmetry():
    one = found(0.0, -0.2)
    assert isinstance(one.asymmetry, NotEnough)
    assert one.cautions == ("runs_backwards",)


def test_the_band_is_a_setting():
    assert found(-0.1, 0.03).kind == "basic"
    assert found(-0.1, 0.03, cuts=Cuts(band=0.7)).kind == "performance"
