"""What the numbers about drivers promise, checked by simulation.

Bounds are the level ± 4 standard errors of the simulated share, and what the method itself is known to
miss (stated beside each).
"""

import numpy as np
import pytest

from forvent.assess.drivers import Answers, drivers, shapley_parts
from forvent.assess.drivers.fits import fit
from forvent.assess.drivers.sums import sums_by_block
from forvent.records import Estimate

LEVEL, RUNS = 0.95, 1000
NAMES = ("basic", "even", "exciting", "nothing", "weak")
PENALTY = np.array([-0.25, -0.12, -0.01, 0.0, -0.03])
REWARD = np.array([0.02, 0.12, 0.2, 0.0, 0.04])

pytestmark = pytest.mark.slow


def survey(rng, n, *, binary=False, cause=1.0):
    """Ratings that go together, a tenth of them not given; satisfaction made of penalties and rewards."""
    hidden = 0.6 * rng.normal(size=(n, 1)) + 0.8 * rng.normal(size=(n, len(NAMES)))
    ratings = np.digitize(hidden, [-1.2, -0.4, 0.4, 1.2])
    mean = 0.5 + cause * ((ratings < 2) * PENALTY + (ratings > 2) * REWARD).sum(axis=1)
    overall = (rng.random(n) < mean).astype(float) if binary else mean + rng.normal(0, 0.2, n)
    states = np.select([rng.random((n, len(NAMES))) < 0.1, ratings < 2, ratings == 2], [-1, 0, 1], 2)
    given = np.where(states < 0, np.nan, ratings / 4)
    return Answers(NAMES, overall, given, states.astype(np.int8), np.arange(n))


def truth(**options):
    """What very many answers give; where a rating is not given, its part is noise."""
    rng = np.random.default_rng(99)
    fitted = fit(sums_by_block(survey(rng, 300_000, **options), rng=rng, rounds=1))
    down, up = np.maximum(-fitted.penalty[0], 0.0), np.maximum(fitted.reward[0], 0.0)
    parts = shapley_parts(fitted.crosses[:1])[0]
    return {
        "penalty": fitted.penalty[0],
        "reward": fitted.reward[0],
        "asymmetry": (up - down) / np.maximum(up + down, 1e-12),
        "importance": parts,
        "share": parts / parts.sum(),
    }


def simulated(n, *, runs=RUNS, rounds=200, **options):
    rng = np.random.default_rng(7)
    for _ in range(runs):
        found = drivers(survey(rng, n, **options), overall="csat", rng=rng, rounds=rounds)
        yield {one.name: one for one in found.touchpoints}


@pytest.mark.parametrize(("n", "binary"), [(400, False), (1500, True)])
def test_intervals_cover_their_true_values_and_kinds_are_not_made_up(n, binary):
    true, held, kinds = truth(binary=binary), {}, {name: [] for name in NAMES}
    for found in simulated(n, binary=binary):
        for at, name in enumerate(NAMES):
            kinds[name].append(found[name].kind)
            for number, values in true.items():
                one = getattr(found[name], number)
                if isinstance(one, Estimate):
                    inside = one.low - 1e-9 <= values[at] <= one.high + 1e-9
                    held.setdefault((number, name), []).append(inside)
    error = 4 * np.sqrt(LEVEL * (1 - LEVEL) / RUNS)
    # Two hundred rounds miss about a point of percentile limits; of "nothing" neither ratio nor sign exists.
    missed = {key: np.mean(one) for key, one in held.items() if np.mean(one) < LEVEL - 0.015 - error}
    missed.pop(("asymmetry", "nothing"), None)
    assert missed == {}
    # What was put in is found, and what is weak is left undecided.
    assert kinds["basic"].count("basic") > 0.75 * RUNS
    assert kinds["exciting"].count("excitement") > 0.5 * RUNS
    wrongly = {
        "even": ("basic", "excitement", "reverse", "indifferent"),
        "nothing": ("basic", "excitement", "performance", "reverse"),
        "weak": ("basic", "excitement", "performance", "reverse"),
    }
    for name, wrong in wrongly.items():
        assert sum(kind in wrong for kind in kinds[name]) < 0.05 * RUNS


def test_touchpoints_that_explain_nothing_are_not_made_important():
    lows = [one.importance.low for found in simulated(300, runs=300, cause=0.0) for one in found.values()]
    # Two-sided limits: at most half of what the level leaves lies above.
    assert np.mean(np.array(lows) > 0.0) < 0.025 + 4 * np.sqrt(0.025 / len(lows)) + 0.01
