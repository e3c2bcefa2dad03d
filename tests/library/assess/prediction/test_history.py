"""Nothing of the future: what is known at a moment does not change whatever comes after it."""

from dataclasses import replace
from datetime import datetime

import numpy as np
import pyarrow as pa
import pytest

from forvent.assess.prediction import episode_history
from forvent.assess.prediction.history import DAY, Before
from forvent.assess.prediction.moments import MOMENTS, Looks, known_at, looks


def at(history, position, moment, kind):
    taken = Looks(np.array([position]), np.array([moment]))
    return known_at(history, before=Before(history), taken=taken, moment=kind)


@pytest.mark.parametrize("kind", MOMENTS)
def test_whatever_comes_after_a_moment_changes_nothing_of_what_was_known(histories, kind):
    history = histories.truth(np.random.default_rng(3), n=600, customers=80).history
    taken = looks(history, moment=kind)
    for place in np.linspace(50, taken.position.size - 1, 12).astype(int):
        position, moment = taken.position[place], taken.moment[place]
        known = at(history, position, moment, kind).matrix
        # The future is turned over: other outcomes, other deliveries, other voices, sooner or later.
        later, unsaid = ~(history.delivered <= moment), ~(history.known < moment)
        other = replace(
            history,
            delivered=np.where(
                later, np.maximum(moment + 1.0, history.delivered) + 3 * DAY, history.delivered
            ),
            sad=np.where(unsaid, 1.0 - history.sad, history.sad),
            known=np.where(unsaid, history.known + 9 * DAY, history.known),
            first_said=np.where(unsaid, history.first_said + 9 * DAY, history.first_said),
        )
        found = at(other, position, moment, kind).matrix
        np.testing.assert_array_equal(found, known)


def test_the_customers_own_past_is_of_other_episodes_only(histories):
    history = histories.truth(np.random.default_rng(4), n=50).history
    late = int(np.flatnonzero(history.delivered > history.due)[0])
    known = at(history, late, float(history.delivered[late]), "delivered")
    names = [column.name for column in known.columns]
    assert known.matrix[0, names.index("earlier_episodes")] == 0.0
    assert np.isnan(known.matrix[0, names.index("earlier_late")])


def test_the_customers_own_past_is_counted():
    start = np.array([0.0, 10.0, 20.0]) * DAY
    rows = [
        {
            "episode": str(place),
            "customer": "x",
            "start": datetime.fromtimestamp(begin, tz=None).replace(year=1970),
            "promised": None,
            "delivered": None,
            "by_day": False,
            "cancelled": False,
            "rating": None,
            "negative": None,
            "voices": None,
            "first_said": None,
            "last_said": None,
        }
        for place, begin in enumerate(start)
    ]
    times = {
        name: pa.timestamp("us") for name in ("start", "promised", "delivered", "first_said", "last_said")
    }
    numbers = dict.fromkeys(("rating", "negative", "voices"), pa.float64())
    texts = {"episode": pa.string(), "customer": pa.string(), "by_day": pa.bool_(), "cancelled": pa.bool_()}
    table = pa.Table.from_pylist(rows, schema=pa.schema({**times, **numbers, **texts}))
    history = episode_history(table, columns={}, as_of=30 * DAY)
    history = replace(
        history,
        start=start,
        due=start + 2 * DAY,
        delivered=np.array([5.0, 11.0, np.nan]) * DAY,
        sad=np.array([1.0, np.nan, np.nan]),
        known=np.array([6.0, np.nan, np.nan]) * DAY,
        first_said=np.array([6.0, np.nan, np.nan]) * DAY,
    )
    known = at(history, 2, float(start[2]), "start")
    found = dict(zip([column.name for column in known.columns], known.matrix[0], strict=True))
    assert found["earlier_episodes"] == 2
    assert found["earlier_days_since"] == 10
    assert found["earlier_late"] == 0.5
    assert found["earlier_disappointed"] == 1.0


def test_a_promise_that_passes_while_the_case_is_open_is_known_to_be_broken_then(histories):
    history = histories.truth(np.random.default_rng(5), n=300).history
    first = Before(history)
    moment = np.array([float(np.sort(history.due)[150])])
    never = replace(history, delivered=np.where(history.delivered > moment, np.nan, history.delivered))
    assert Before(never).lately(moment)["lately_kept"] == first.lately(moment)["lately_kept"]


def test_too_few_outcomes_say_nothing_of_how_the_company_does_lately(histories):
    history = histories.truth(np.random.default_rng(5), n=300).history
    early = np.array([float(np.sort(history.delivered)[10])])
    assert np.isnan(Before(history).lately(early)["lately_wait_days"][0])


def test_waiting_cases_are_looked_at_only_while_open_unsaid_and_not_cancelled(histories):
    history = histories.truth(np.random.default_rng(6), n=300).history
    history = replace(history, cancelled=np.arange(300) % 10 == 0)
    taken = looks(history, moment="waiting")
    assert (taken.moment < history.delivered[taken.position]).all()
    assert (taken.moment < history.first_said[taken.position]).all()
    assert not history.cancelled[taken.position].any()
    assert (np.diff(taken.moment) >= 0).all()
