"""Groups of people by what they expect, from the answers of a survey."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import numpy as np
import pytest

from forvent.assess.personas import answered_customers, personas
from forvent.records import Estimate

BANK = Path(__file__).parents[5] / "shared/data/surveys/bank_ecsi.csv"
THINGS = tuple(f"thing {number}" for number in range(8))


def survey(seed, *, tilt=0.0, people=240):
    """Answers 1 to 10 of people who use the scale in their own way, half of them wanting other things."""
    rng = np.random.default_rng(seed)
    things, half = np.arange(len(THINGS)) % 2, np.arange(people) % 2
    usual, style = rng.uniform(5, 8, len(THINGS)), rng.normal(0, 1, people)
    wanted = usual + style[:, None] + np.where(things[None, :] == half[:, None], tilt, -tilt)
    return np.clip(np.round(wanted + rng.normal(0, 1, wanted.shape)), 1, 10)


def found(answers, received=None):
    received = answers if received is None else received
    people = np.arange(len(answers))
    given = answered_customers(list(answers.T), received=list(received.T), names=THINGS, person=people)
    return personas(given, rng=np.random.default_rng(1))


@pytest.mark.parametrize("seed", [1, 2])
def test_noise_and_ways_to_use_the_scale_are_one_group(seed):
    assert found(survey(seed)).verdict == "one group"


def test_two_tastes_are_two_groups_named_by_what_they_expect():
    groups = found(survey(3, tilt=1.3))
    assert groups.verdict == "groups"
    sides = [{int(name.expectation[-1]) % 2 for name in one.named_by} for one in groups.personas]
    assert sorted(map(tuple, sides)) == [(0,), (1,)]
    assert all(one.stable for one in groups.personas)


def test_what_was_received_makes_no_groups_but_is_told_of_them():
    wanted = survey(3, tilt=1.3)
    received = wanted.copy()
    received[:, ::2] -= 2.0
    plain, short = found(wanted), found(wanted, received)
    assert [one.group.size for one in plain.personas] == [one.group.size for one in short.personas]
    told = [one for persona in short.personas for one in persona.group.expectations]
    met = [(int(one.expectation[-1]) % 2, one.met.value) for one in told if isinstance(one.met, Estimate)]
    assert len(met) >= 8
    assert all(share == float(odd) for odd, share in met)


def test_whoever_answers_all_alike_or_too_little_says_nothing():
    answers = np.array([[7.0, 7.0, 7.0], [9.0, 5.0, np.nan], [9.0, 5.0, 5.0]])
    given = answered_customers(
        list(answers.T), received=list(answers.T), names=("a", "b", "c"), person=np.arange(3)
    )
    assert given.customer.tolist() == [2]


def test_sheets_of_one_person_are_their_mean():
    answers = np.array([[9.0, 5.0, 5.0], [5.0, 9.0, 5.0], [9.0, 6.0, 5.0]])
    person = np.array([0, 0, 0])
    given = answered_customers(
        list(answers.T), received=list(answers.T), names=("a", "b", "c"), person=person
    )
    assert [given.expectations[code] for code in given.expectation] == ["a", "b"]
    assert given.count == 1


@pytest.mark.data
def test_the_customers_of_a_real_bank_are_one_group():
    if not BANK.is_file():
        assert not os.environ.get("CI"), "the shared test data are missing"
        pytest.skip("the shared test data are not here")
    with BANK.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    expected, received = (
        [np.array([float(row[f"{part}{number}"]) for row in rows]) for number in range(1, 6)]
        for part in ("expe", "qual")
    )
    given = answered_customers(expected, received=received, names=THINGS[:5], person=np.arange(len(rows)))
    assert personas(given, rng=np.random.default_rng(1)).verdict == "one group"


def test_one_sheet_each_gives_what_sheets_in_another_order_give():
    answers = survey(4, tilt=0.8)
    answers[::7, 2] = np.nan
    order = np.random.default_rng(1).permutation(len(answers))
    plain = answered_customers(list(answers.T), received=list(answers.T), names=THINGS, person=np.arange(240))
    mixed = answered_customers(
        list(answers[order].T), received=list(answers[order].T), names=THINGS, person=order
    )
    for name in ("customer", "expectation", "content", "judged"):
        assert getattr(plain, name).tolist() == getattr(mixed, name).tolist(), name
