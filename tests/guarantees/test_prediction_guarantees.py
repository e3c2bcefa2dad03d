"""What probabilities promise, checked by simulation; bounds are the level ± 4 standard errors."""

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest

from forvent.assess.prediction import disappointment
from forvent.assess.prediction.folds import folds
from forvent.assess.prediction.knowledge import Knowledge, KnownColumn
from forvent.assess.prediction.learning import Cases
from forvent.assess.prediction.testing import Settings, accuracy_of
from forvent.records import Estimate

pytestmark = pytest.mark.slow


def _load():
    path = Path(__file__).parents[1] / "library/assess/prediction/example_histories.py"
    spec = importlib.util.spec_from_file_location("guaranteed_histories", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


HISTORIES = _load()


def test_noise_is_met_with_silence_in_at_least_95_percent_of_runs():
    rounds, spoke = 40, 0
    columns = tuple(KnownColumn(name, name) for name in ("a", "b", "c"))
    for seed in range(rounds):
        rng = np.random.default_rng(seed)
        moment, who = np.sort(rng.uniform(0, 100, 900)), rng.integers(0, 500, 900)
        known = Knowledge(rng.normal(size=(900, 3)), columns)
        cases = Cases(known, (rng.random(900) < 0.3).astype(float), np.arange(900), who, moment)
        steps = folds(moment, known_at=moment + rng.exponential(2.0, 900))
        found = accuracy_of(cases, folds=steps, moment="start", settings=Settings(rng, rounds=200))
        spoke += found.silent is None
        assert isinstance(found.skill, Estimate)
    # Two and a half of a hundred are promised: a whole interval above nothing, of two sides.
    assert spoke / rounds <= 0.05


@pytest.fixture(scope="module")
def shops():
    """What is foretold of some shops on a day, and what was true of each episode."""
    found = []
    for seed in range(6):
        whole = HISTORIES.truth(np.random.default_rng(seed), n=2_500)
        cut = HISTORIES.cut(whole.history, as_of=float(whole.history.start[-150]))
        foretold = disappointment(cut, rng=np.random.default_rng(seed), rounds=100)
        found.append((foretold, dict(zip(whole.history.episode, whole.at_delivery, strict=True))))
    return found


def test_open_cases_come_out_as_often_as_was_said(shops):
    said, true = [], []
    for foretold, chance in shops:
        for case in foretold.cases:
            if case.moment == "delivered" and isinstance(case.probability, Estimate):
                said.append(case.probability.value)
                true.append(chance[case.case])
    said, true = np.array(said), np.array(true)
    assert said.size > 50
    # The likely and the unlikely half apart, so that one does not hide the other.
    for half in (said > np.median(said), said <= np.median(said)):
        assert said[half].mean() == pytest.approx(true[half].mean(), abs=0.06)


@pytest.mark.parametrize("moment", ["start", "delivered"])
def test_what_was_said_is_what_came_over_many_shops(shops, moment):
    bins = [one.reliability for foretold, _ in shops for one in foretold.accuracies if one.moment == moment]
    assert len(bins) == 6
    for third in ((0, 1, 2), (3, 4, 5, 6), (7, 8, 9)):
        inside = [each[place] for each in bins for place in third]
        n = np.array([one.observed.n for one in inside])
        came = np.average([one.observed.value for one in inside], weights=n)
        said = np.average([one.predicted for one in inside], weights=n)
        assert said == pytest.approx(came, abs=4 * np.sqrt(came * (1 - came) / n.sum()))
