import os
from pathlib import Path

import numpy as np
import pyarrow.csv as pc
import pytest

from forvent.assess.loyalty import histories_of_arrays

SHARED = Path(__file__).parents[5] / "shared/data/loyalty"


@pytest.fixture(scope="session")
def cdnow():
    """The published calibration sample: 2,357 customers, 39 weeks."""
    path = SHARED / "cdnow_summary.csv.gz"
    if not path.exists():
        if os.environ.get("CI") == "true":
            pytest.fail("The shared test data are missing.")
        pytest.skip("needs the shared test data beside the project")
    table = pc.read_csv(path)
    column = {name: table[name].to_numpy() for name in table.column_names}
    return histories_of_arrays(
        repeats=column["repeat_purchases"],
        recency=column["recency_weeks"],
        age=column["age_weeks"],
        mean_value=column["mean_repeat_value"],
    )


@pytest.fixture(scope="session")
def simulated():
    """Customers drawn from a model; returns their histories, and what they buy in the weeks after."""

    def draw(customers, *, r, alpha, a, b, seed, at_once=False, weeks=52.0, ahead=26.0):
        rng = np.random.default_rng(seed)
        repeats, recency, later = [], [], []
        for rate, leaves in zip(rng.gamma(r, 1 / alpha, customers), rng.beta(a, b, customers), strict=True):
            times, now = [], 0.0
            gone = at_once and rng.random() < leaves
            while not gone:
                now += rng.exponential(1 / rate)
                if now > weeks + ahead:
                    break
                times.append(now)
                gone = rng.random() < leaves
            before = [time for time in times if time <= weeks]
            repeats.append(len(before))
            recency.append(before[-1] if before else 0.0)
            later.append(len(times) - len(before))
        known = histories_of_arrays(repeats=repeats, recency=recency, age=[weeks] * customers)
        return known, np.array(later, dtype=float)

    return draw
