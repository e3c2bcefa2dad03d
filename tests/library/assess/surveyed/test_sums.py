"""Sums portion by portion, held against sums at once."""

import numpy as np
import pytest

from forvent.assess.surveyed import all_sums, cut_sums, side_sums
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


@pytest.mark.parametrize("customers", [True, False])
@pytest.mark.parametrize("at_once", [5, 1000])
def test_groups_in_one_pass_are_what_each_is_alone(held, sheets, moody, monkeypatch, at_once, customers):
    monkeypatch.setattr(sums_module, "AT_ONCE", at_once)
    answers = held if customers else sheets(*moody(90, many=2))
    # The third group is empty, and some sheets belong to none.
    group = np.random.default_rng(6).choice([-1, 0, 1, 3], 90)
    total = all_sums(answers, MIXES)
    found = cut_sums(answers, MIXES, group=group, groups=4, total=total)
    for number, sides in enumerate(found):
        inside = group == number
        here, there = (by_person(answers, answers.parts, keep) for keep in (inside, ~inside))
        assert sides.group.cross == pytest.approx(here @ here.T)
        assert sides.rest.cross == pytest.approx(there @ there.T, abs=1e-9)
        assert sides.shared == pytest.approx(here @ there.T, abs=1e-9)
        assert sides.group.sheets == np.count_nonzero(inside)
        for side, mask, sums in ((sides.group, inside, here), (sides.rest, ~inside, there)):
            assert side.respondents == np.unique(answers.person[mask]).size
            assert side.people.tolist() == np.count_nonzero(MIXES @ sums[4:], axis=1).tolist()
        met = MIXES @ by_person(answers, answers.met.astype(float), inside)
        assert sides.group.shares["met_squared"] == pytest.approx((met**2).sum(axis=1))
