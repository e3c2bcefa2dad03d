"""Episodes with what was said of them, on the engine."""

from datetime import datetime

import numpy as np
import pyarrow as pa
import pytest

from forvent.assess.prediction import episode_history, episode_outcomes
from forvent.engine import Engine
from forvent.rows import episodes_schema, voices_schema

DAY = datetime(2024, 5, 1, 12)


def voice(name, episode, **more):
    return {**dict.fromkeys(voices_schema().names), "voice_id": name, "episode": episode, **more}


def episode(name, **more):
    none = dict.fromkeys(episodes_schema(("shop",)).names)
    return {**none, "episode": name, "start": DAY, "by_day": False, "cancelled": False, "shop": "N", **more}


@pytest.fixture
def rows():
    voices = [
        voice("a", "1", rating=0.25, polarity="positive", time=datetime(2024, 5, 4)),
        voice("b", "2", polarity="negative", time=datetime(2024, 5, 6)),
        voice("c", "3", rating=0.0),
        voice("d", "3", rating=1.0, polarity="negative", time=datetime(2024, 5, 9)),
        voice("e", "4"),
        voice("f", None, rating=0.0),
    ]
    episodes = [episode(str(place)) for place in range(1, 5)]
    episodes[2] |= {"promised": datetime(2024, 5, 3), "by_day": True, "delivered": datetime(2024, 5, 5)}
    with Engine() as engine:
        heard = engine.table(pa.Table.from_pylist(voices, schema=voices_schema()))
        record = engine.table(pa.Table.from_pylist(episodes, schema=episodes_schema(("shop",))))
        return engine.collect(episode_outcomes(heard, episodes=record))


def test_every_episode_stands_once_with_what_was_said_of_it(rows):
    assert rows["episode"].to_pylist() == ["1", "2", "3", "4"]
    assert rows["rating"].to_pylist() == [0.25, None, 0.5, None]
    assert rows["voices"].to_pylist() == [1, 1, 2, None]
    assert rows["shop"].to_pylist() == ["N"] * 4


def test_a_rating_decides_and_without_one_the_polarity(rows):
    history = episode_history(rows, columns={}, as_of=0.0)
    np.testing.assert_array_equal(history.sad, [1.0, 1.0, 0.0, np.nan])


def test_a_promise_by_day_is_kept_until_the_end_of_the_day(rows):
    history = episode_history(rows, columns={}, as_of=0.0)
    end = (datetime(2024, 5, 4) - datetime(1970, 1, 1)).total_seconds()
    assert end - 1.0 < history.due[2] < end


def test_a_voice_without_time_is_not_known_before_the_delivery(rows):
    seconds = (datetime(2024, 5, 9) - datetime(1970, 1, 1)).total_seconds()
    history = episode_history(rows, columns={}, as_of=0.0)
    assert history.known[2] == seconds
    assert history.as_of == seconds
    untimed = rows.set_column(
        rows.column_names.index("last_said"), "last_said", pa.nulls(4, pa.timestamp("us"))
    )
    delivered = (datetime(2024, 5, 5) - datetime(1970, 1, 1)).total_seconds()
    assert episode_history(untimed, columns={}, as_of=0.0).known[2] == delivered
