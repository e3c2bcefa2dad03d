"""Announcements while a line goes on."""

from __future__ import annotations

import numpy as np
import pytest

from forvent.adjust.waiting.blend import WaitSettings
from forvent.adjust.waiting.estimators import ESTIMATORS
from forvent.adjust.waiting.forecaster import WaitForecaster
from forvent.errors import BadOption
from forvent.records import NotEnough, WaitRange


def warmed_up(level: float = 0.9, *, two_sided: bool = False) -> WaitForecaster:
    """A forecaster that has seen 400 waits, alone in line, exponential with a mean of a minute."""
    line = WaitForecaster(level=level, two_sided=two_sided, settings=WaitSettings(refit_every=10_000))
    waits = np.random.default_rng(5).exponential(60.0, 400)
    for case, wait in enumerate(waits.tolist()):
        line.arrive(case, at=case * 2_000.0)
        line.served(case, at=case * 2_000.0 + wait)
    return line


NOW = 400 * 2_000.0


def test_says_nothing_before_enough_waits_are_known() -> None:
    line = WaitForecaster()
    said = [line.arrive(case, at=float(case)) for case in range(200)]
    assert set(said) == {NotEnough(0, 50, "too few waits are known")}
    assert line.announce(0, at=500.0) == NotEnough(0, 50, "too few waits are known")


def test_announces_the_quantile_of_waits_in_a_calm_line() -> None:
    told = warmed_up().arrive("new", at=NOW)
    assert isinstance(told, WaitRange)
    assert told.low_s == 0.0
    # 90 % of exponential waits with a mean of 60 s end within 138 s.
    assert told.exact_high_s == pytest.approx(138.0, rel=0.25)
    assert told.high_s % 30.0 == 0.0
    assert told.leaned_on in ESTIMATORS


def test_a_range_has_a_lower_end_on_the_grid() -> None:
    told = warmed_up(0.5, two_sided=True).arrive("new", at=NOW)
    assert isinstance(told, WaitRange)
    # The quarters of the distribution lie at 17 and 83 s.
    assert told.exact_low_s == pytest.approx(17.0, rel=0.4)
    assert told.exact_high_s == pytest.approx(83.0, rel=0.3)
    assert told.low_s <= told.exact_low_s
    assert told.low_s < told.high_s


def test_the_announcement_stands_until_something_matters() -> None:
    line = warmed_up()
    first = line.arrive("new", at=NOW)
    assert isinstance(first, WaitRange)
    looks = np.arange(10.0, 400.0, 10.0)
    told = [line.announce("new", at=NOW + float(waited)) for waited in looks]
    assert told[0] is first
    different = {id(said) for said in told}
    assert len(different) < len(looks) / 3
    for waited, said in zip(looks, told, strict=True):
        assert isinstance(said, WaitRange)
        assert said.high_s >= waited


def test_who_has_waited_long_is_told_of_waits_that_lasted_as_long() -> None:
    line = warmed_up()
    first = line.arrive("new", at=NOW)
    later = line.announce("new", at=NOW + 130.0)
    assert isinstance(first, WaitRange)
    assert isinstance(later, WaitRange)
    # Exponential waits forget: as much again as at first, from now on.
    assert later.exact_high_s == pytest.approx(130.0 + first.exact_high_s, rel=0.35)


def test_what_is_said_later_changes_nothing_for_others() -> None:
    asked, quiet = warmed_up(), warmed_up()
    for line in (asked, quiet):
        line.arrive("new", at=NOW)
    for waited in range(10, 300, 10):
        asked.announce("new", at=NOW + waited)
    for line in (asked, quiet):
        line.served("new", at=NOW + 300.0)
    assert asked.arrive("next", at=NOW + 400.0) == quiet.arrive("next", at=NOW + 400.0)


def test_those_still_waiting_lengthen_what_is_said_to_the_next() -> None:
    calm, stuck = warmed_up(), warmed_up()
    for case in range(100):
        stuck.arrive(f"stuck {case}", at=NOW)
    told = calm.arrive("new", at=NOW + 900.0), stuck.arrive("new", at=NOW + 900.0)
    assert isinstance(told[0], WaitRange)
    assert isinstance(told[1], WaitRange)
    assert told[1].exact_high_s > 2.0 * told[0].exact_high_s


def test_columns_may_be_missing_and_unseen() -> None:
    settings = WaitSettings(refit_every=200)
    line = WaitForecaster(columns=("priority", "type"), settings=settings)
    rng = np.random.default_rng(8)
    for case in range(600):
        urgent = bool(rng.integers(2))
        kind = "urgent" if urgent else "usual"
        line.arrive(case, at=case * 5_000.0, columns={"priority": float(urgent), "type": kind})
        line.served(case, at=case * 5_000.0 + rng.exponential(20.0 if urgent else 200.0))
    at = 3_000_000.0
    urgent_told = line.arrive("a", at=at, columns={"priority": 1.0, "type": "urgent"})
    line.served("a", at=at)
    usual_told = line.arrive("b", at=at, columns={"priority": 0.0, "type": "usual"})
    line.served("b", at=at)
    unseen = line.arrive("c", at=at, columns={"type": "of another kind", "priority": float("nan")})
    line.left("c", at=at)
    assert isinstance(line.arrive("d", at=at), WaitRange)
    assert isinstance(unseen, WaitRange)
    assert isinstance(urgent_told, WaitRange)
    assert isinstance(usual_told, WaitRange)
    assert urgent_told.exact_high_s < usual_told.exact_high_s
    assert usual_told.leaned_on == "learned"


def test_refuses_what_cannot_be() -> None:
    with pytest.raises(BadOption, match=r"The level 1.0 is not between 0 and 1\."):
        WaitForecaster(level=1.0)
    with pytest.raises(BadOption) as refused:
        WaitForecaster(settings=WaitSettings(window=0))
    assert str(refused.value) == "The setting window is 0. Give a number above 0."
    with pytest.raises(BadOption) as refused:
        WaitForecaster(settings=WaitSettings(decay=1.0))
    assert str(refused.value) == "The setting decay is 1.0. Give a share between 0 and 1."
    with pytest.raises(BadOption, match="no wait can be said"):
        WaitForecaster(settings=WaitSettings(grid=()))
    line = WaitForecaster()
    for act in (line.served, line.left, line.announce):
        with pytest.raises(BadOption, match="The case 'nobody' is not in line"):
            act("nobody", at=0.0)
