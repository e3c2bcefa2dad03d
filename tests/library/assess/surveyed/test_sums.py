"""Sums portion by portion, held against sums at once."""

import numpy as np
import pytest

from forvent.assess.surveyed import all_sums, side_sums
from forvent.assess.surveyed import sums as sums_module

MIXES = np.array([[True, False], [False, True], [True, True]])


@pytest.fixture
def held(sheets, moody):
    expected, received = moody(90, many=2)
    received[1, ::3] = np.nan
    expected[1, ::3] = np.nan
    rng = np.random.default_rng(3)
    return sheets(expected, received, [f"c{number}" for number in rng.integers(0, 35, 90)])


def by_person(held, values, keep):
    return np.stack(
        [values[:, (held.person == person) & keep].sum(axis=1) for person in range(held.persons)], axis=1
    )


@pytest.mark.parametrize("at_once", [1, 7, 1000])
def test_portions_make_no_difference(held, monkeypatch, at_once):
    monkeypatch.setattr(sums_module, "AT_ONCE", at_once)
    found = all_sums(held, MIXES)
    per = by_person(held, held.parts, np.ones(90, bool))
    assert found.cross == pytest.approx(per @ per.T)
    assert found.total == pytest.approx(per.sum(axis=1))
    cases, met = MIXES @ per[4:], MIXES @ by_person(held, held.met.astype(float), np.ones(90, bool))
    assert found.people.tolist() == np.count_nonzero(cases, axis=1).tolist()
    share = found.share(2)
    assert share.cases == cases[2].sum()
    assert share.successes == met[2].sum()
    assert share.products == pytest.approx((cases[2] * met[2]).sum())
    assert (found.sheets, found.respondents) == (90, held.persons)


@pytest.mark.parametrize("at_once", [5, 1000])
def test_both_sides_and_what_they_share_add_up(held, monkeypatch, at_once):
    monkeypatch.setattr(sums_module, "AT_ONCE", at_once)
    inside = np.random.default_rng(4).random(90) < 0.3
    found = side_sums(held, MIXES, inside=inside, total=all_sums(held, MIXES))
    here, there = by_person(held, held.parts, inside), by_person(held, held.parts, ~inside)
    assert found.group.cross == pytest.approx(here @ here.T)
    assert found.rest.cross == pytest.approx(there @ there.T)
    assert found.shared == pytest.approx(here @ there.T)
    assert found.rest.people.tolist() == np.count_nonzero(MIXES @ there[4:], axis=1).tolist()
    assert found.rest.respondents == np.unique(held.person[~inside]).size
