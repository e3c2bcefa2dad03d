"""What the gaps of a survey promise, checked by simulation.

Bounds are the level ± 4 standard errors of the simulated share, and what the method itself is known to
miss (stated beside each).
"""

import numpy as np
import pyarrow as pa
import pytest

from forvent.assess.surveyed import (
    Bounds,
    GapChoices,
    Mix,
    all_sums,
    held_against,
    mix_table,
    numbers_of,
    reliabilities,
    survey_cut,
    survey_of,
)
from forvent.records import Estimate, SurveyPair

pytestmark = pytest.mark.slow

LEVEL, SCALE = 0.95, (1.0, 7.0)


def error(rounds):
    return np.sqrt(LEVEL * (1 - LEVEL) / rounds)


def answered(rng, people, *, sheets, pairs, received, missing):
    """Ratings 1–7 of moody people, ``sheets`` each; some pairs open. Shapes (pairs, people × sheets)."""
    who = np.repeat(np.arange(people), sheets)
    mood = rng.normal(0.0, 0.8, people)[who]
    off = rng.normal(0.0, 0.5, people)[who]
    shape = (pairs, who.size)
    expected = np.clip(np.rint(5.5 + mood + rng.normal(0.0, 0.8, shape)), *SCALE)
    got = np.clip(np.rint(received + mood + off + rng.normal(0.0, 0.8, shape)), *SCALE)
    got[rng.random(shape) < missing] = np.nan
    expected[np.isnan(got)] = np.nan
    return expected, got, who


def table(expected, got, who):
    columns = {f"expected_{n}": pa.array(row, from_pandas=True) for n, row in enumerate(expected)}
    columns |= {f"received_{n}": pa.array(row, from_pandas=True) for n, row in enumerate(got)}
    return pa.table({**columns, "customer": who.astype(str)})


@pytest.mark.parametrize(
    ("people", "sheets", "missing"), [(10, 1, 0.0), (30, 1, 0.4), (30, 4, 0.2), (200, 1, 0.5)]
)
def test_the_gap_is_covered_as_often_as_it_says(people, sheets, missing):
    rng, rounds, covered, single = np.random.default_rng(41), 1000, 0, 0
    big = answered(rng, 200_000, sheets=1, pairs=3, received=4.6, missing=0.0)
    truth, truth_of_one = float((big[1] - big[0]).mean()), float((big[1] - big[0])[0].mean())
    mixes = [Mix("all", "all", (0, 1, 2), (1 / 3,) * 3), Mix("one", "pair", (0,), (1.0,))]
    for _ in range(rounds):
        drawn = answered(rng, people, sheets=sheets, pairs=3, received=4.6, missing=missing)
        held = held_against(*drawn[:2], better=("more",) * 3, person=drawn[2], persons=people)
        sums = all_sums(held, mix_table(mixes, pairs=3))
        found = [
            numbers_of(sums, centre=held.centre, mix=mix, place=place, bounds=Bounds(*SCALE), level=LEVEL).gap
            for place, mix in enumerate(mixes)
        ]
        covered += found[0].low <= truth <= found[0].high
        single += not isinstance(found[1], Estimate) or found[1].low <= truth_of_one <= found[1].high
    # Linearised clusters with t quantiles: within a point and a half from ten respondents on.
    assert abs(covered / rounds - LEVEL) < 0.015 + 4 * error(rounds)
    assert abs(single / rounds - LEVEL) < 0.015 + 4 * error(rounds)


def test_groups_that_do_not_differ_are_called_different_as_seldom_as_stated():
    rng, rounds, cried, false, called = np.random.default_rng(42), 120, 0, 0, 0
    pairs = tuple(SurveyPair(f"q{n}", f"e{n}", f"p{n}") for n in range(4))
    for number in range(rounds):
        expected, got, who = answered(rng, 240, sheets=1, pairs=4, received=4.6, missing=0.1)
        step = np.arange(240) % 8
        if number % 2:
            got[0, step == 0] = np.clip(got[0, step == 0] - 2.0, *SCALE)
        rows = table(expected, got, who)
        survey = survey_of(rows, pairs=pairs, scale=SCALE, choices=GapChoices())
        groups = pa.chunked_array([step.astype(str)])
        cut = survey_cut(survey, values=groups, column="step", kind="touchpoint", choices=GapChoices())
        said = [
            (group.name, gap.name)
            for group in cut.groups
            for gap in group.gaps
            if gap.part == "pair" and gap.rest_verdict.endswith("than the rest")
        ]
        if number % 2:
            # The rest of the same pair lies higher because group 0 is not in it: only that pair is true.
            called += len(said)
            false += sum(name != "q0" for _, name in said)
        else:
            cried += bool(said)
    assert cried / (rounds / 2) <= 0.05 + 4 * np.sqrt(0.05 * 0.95 / (rounds / 2))
    assert called >= 0.8 * rounds / 2
    assert false / called <= 0.05 + 4 * np.sqrt(0.05 * 0.95 / called)


def test_reliability_of_the_difference_is_covered():
    rng, rounds, covered = np.random.default_rng(43), 1000, 0
    # Parts 0.8 reliable (four items, error variance 1) whose sums correlate by 0.5: r_D is 0.6.
    spread = np.array([[1.0, 0.625], [0.625, 1.0]])
    mix = Mix("all", "all", (0, 1, 2, 3), (0.25,) * 4)
    for _ in range(rounds):
        true = rng.multivariate_normal([0, 0], spread, 150).T
        parts = [true[side] + rng.normal(size=(4, 150)) for side in (0, 1)]
        held = held_against(*parts, better=("more",) * 4, person=np.arange(150), persons=150)
        (found,) = reliabilities(held, mixes=[mix], rng=rng, rounds=300)
        covered += found.difference.low <= 0.6 <= found.difference.high
    # Percentile bootstrap of a skewed ratio from 150 people: up to three points short.
    assert covered / rounds > LEVEL - 0.03 - 4 * error(rounds)
