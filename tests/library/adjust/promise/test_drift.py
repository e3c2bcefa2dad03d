"""The level aimed at: what its docstring says of the long run, exactly."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forvent.adjust.promise.drift import FARTHEST, LOWEST, SPREAD, STEP, Drift
from forvent.errors import BadOption

GAMMA = STEP / SPREAD
LEVELS = st.sampled_from([0.5, 0.8, 0.9, 0.95])


@given(st.lists(st.booleans(), min_size=1, max_size=150), LEVELS)
def test_the_distance_to_the_level_is_told_exactly_by_the_offset(kept: list[bool], level: float) -> None:
    drift = Drift(level)
    drift.offset = 1.0  # far from both ends, however it goes
    for one in kept:
        drift.decided(kept=one, level=level)
    broken = 1.0 - sum(kept) / len(kept)
    told = level * (1.0 - level) * (drift.offset - 1.0) / (GAMMA * len(kept))
    assert broken - (1.0 - level) == pytest.approx(told, abs=1e-9)


@given(st.integers(0, 10_000), LEVELS)
def test_promises_are_not_broken_oftener_whatever_comes(seed: int, level: float) -> None:
    # At the lower end it is held up, which only lengthens promises: one side of the bound stays, up to
    # where no level is higher.
    rng = np.random.default_rng(seed)
    drift, broken = Drift(level), 0
    share = rng.random(3)
    for case in range(600):
        kept = bool(rng.random() < share[case // 200])
        broken += not kept
        drift.decided(kept=kept, level=level)
        if drift.offset == FARTHEST:
            return
        bound = level * (1.0 - level) * drift.offset / (GAMMA * (case + 1))
        assert broken / (case + 1) - (1.0 - level) <= bound + 1e-9


@pytest.mark.parametrize("step", [0.2, 2.0])
def test_a_world_that_moves_is_followed_and_the_level_reached(step: float) -> None:
    # Promises break with a chance of their own that doubles in the middle; the aim lowers it by its odds.
    rng, drift, kept = np.random.default_rng(3), Drift(0.9, step=step), []
    for case in range(20_000):
        shift = -1.0 if case > 10_000 else 0.0
        odds = math.log(drift.aim(0.9) / (1.0 - drift.aim(0.9))) + shift
        kept.append(bool(rng.random() < 1.0 / (1.0 + math.exp(-odds))))
        drift.decided(kept=kept[-1], level=0.9)
    assert np.mean(kept) == pytest.approx(0.9, abs=0.01)
    assert np.mean(kept[-5_000:]) == pytest.approx(0.9, abs=4 * 0.3 / math.sqrt(5_000))
    assert drift.offset == pytest.approx(1.0, abs=0.5 * math.sqrt(step / 0.2))


def test_late_news_moves_less() -> None:
    prompt, late = Drift(0.9), Drift(0.9)
    for _ in range(301):
        late.promised()
    prompt.decided(kept=False, level=0.9)
    late.decided(kept=False, level=0.9)
    assert prompt.offset == pytest.approx(0.2 / 200 * 0.9 / 0.09)
    assert late.offset == pytest.approx(0.2 / 500 * 0.9 / 0.09)
    assert late.pending == 300


def test_pending_is_never_below_nothing() -> None:
    drift = Drift(0.9)
    drift.decided(kept=True, level=0.9)
    drift.matched(kept=True, theirs_kept=False, level=0.9)
    assert drift.pending == 0


def test_what_both_share_moves_nothing() -> None:
    drift = Drift(0.9)
    for shared in (True, False):
        drift.matched(kept=shared, theirs_kept=shared, level=0.9)
    assert drift.offset == 0.0
    drift.matched(kept=False, theirs_kept=True, level=0.9)
    assert drift.offset == pytest.approx(GAMMA / 0.09)
    drift.matched(kept=True, theirs_kept=False, level=0.9)
    assert drift.offset == pytest.approx(0.0)


def test_without_a_step_the_level_is_aimed_at_as_it_is() -> None:
    drift = Drift(0.9, step=0)
    for _ in range(100):
        drift.decided(kept=False, level=0.9)
    assert drift.aim(0.9) == pytest.approx(0.9)
    assert drift.aim(0.6) == pytest.approx(0.6)


@pytest.mark.parametrize(("kept", "end"), [(True, LOWEST), (False, FARTHEST)])
def test_the_offset_ends_somewhere(kept: bool, end: float) -> None:
    drift = Drift(0.9, step=50)
    for _ in range(500):
        drift.decided(kept=kept, level=0.9)
    assert drift.offset == end
    assert 0.0 < drift.aim(0.9) < 1.0


def test_refuses_a_step_that_cannot_be_taken() -> None:
    for step in (-0.1, math.inf, math.nan):
        with pytest.raises(BadOption) as error:
            Drift(0.9, step=step)
        assert str(error.value) == f"A step of {step} cannot be taken. Give 0 or more; 0.2 is usual."
    with pytest.raises(BadOption):
        Drift(1.0)
