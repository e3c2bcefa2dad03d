"""One row an episode that somebody spoke of, with its outcome by its own kind of promise."""

from datetime import datetime

import pyarrow as pa
import pytest

from forvent.assess import joined_episodes
from forvent.tables import EPISODES, MENTIONS, VOICES, arrow_schema

AS_OF = datetime(2024, 6, 1)
START = datetime(2024, 5, 1, 12)


@pytest.fixture
def join(engine):
    def run(voices, episodes, mentions=(), *, as_of=AS_OF):
        tables = [
            engine.table(pa.Table.from_pylist(list(rows), schema=arrow_schema(columns)))
            for rows, columns in ((voices, VOICES), (episodes, EPISODES), (mentions, MENTIONS))
        ]
        joined = joined_episodes(tables[0], episodes=tables[1], mentions=tables[2], as_of=as_of)
        return engine.collect(joined).to_pylist()

    return run


def voice(episode="o1", **values):
    return {"voice_id": "a", "episode": episode, "polarity": "negative", "rating": 0.0} | values


def episode(**values):
    promised = datetime(2024, 5, 4)
    known = {"episode": "o1", "start": START, "promised": promised, "by_day": True, "cancelled": False}
    return known | values


@pytest.mark.parametrize(
    ("by_day", "delivered", "late", "days_late"),
    [
        (True, datetime(2024, 5, 4, 23, 50), False, 0.0),
        (True, datetime(2024, 5, 5, 0, 10), True, 1.0),
        (True, datetime(2024, 5, 2, 9), False, -2.0),
        (False, datetime(2024, 5, 4), False, 0.0),
        (False, datetime(2024, 5, 4, 6), True, 0.25),
    ],
)
def test_a_promise_by_day_is_kept_until_midnight_and_any_other_to_the_moment(
    join, by_day, delivered, late, days_late
):
    row = join([voice()], [episode(by_day=by_day, delivered=delivered)])[0]
    assert (row["late"], row["days_late"], row["open"]) == (late, days_late, False)
    assert row["promised_days"] == 2.5
    assert row["wait_days"] == pytest.approx((delivered - START).total_seconds() / 86_400)


def test_an_open_episode_is_late_once_its_promise_has_passed(join):
    row = join([voice()], [episode()])[0]
    assert (row["late"], row["open"], row["wait_days"]) == (True, True, 30.5)


def test_an_open_episode_that_can_still_be_kept_is_neither(join):
    row = join([voice()], [episode()], as_of=datetime(2024, 5, 4, 18))[0]
    assert row["late"] is None


def test_without_promise_nothing_is_late(join):
    row = join([voice()], [episode(promised=None, delivered=datetime(2024, 5, 9))])[0]
    assert (row["late"], row["promised_days"]) == (None, None)


def test_cancelled_and_unmentioned_episodes_and_voices_without_episode_are_left_out(join):
    voices = [voice(), voice(None, voice_id="b"), voice("o3", voice_id="c")]
    episodes = [episode(), episode(episode="o2"), episode(episode="o3", cancelled=True)]
    assert [row["episode"] for row in join(voices, episodes)] == ["o1"]


def test_several_voices_of_one_episode_are_one_row(join):
    voices = [voice(rating=0.0), voice(voice_id="b", rating=1.0, polarity="positive")]
    mentions = [
        {"voice_id": "a", "expectation": "on_time", "polarity": "unmet", "level_seconds": 3 * 86_400.0},
        {"voice_id": "b", "expectation": "on_time", "polarity": "met", "level_seconds": 86_400.0},
        {
            "voice_id": "a",
            "expectation": "fast_delivery",
            "polarity": "wished",
            "level_seconds": 2 * 86_400.0,
        },
        {"voice_id": "a", "expectation": "fast_response", "polarity": "unmet", "level_seconds": 60.0},
    ]
    (row,) = join(voices, [episode()], mentions)
    assert (row["rating"], row["negative"]) == (0.5, 1.0)
    assert (row["on_time_unmet"], row["slow_unmet"]) == (1.0, 0.0)
    # The level that was met, and that of another expectation, are not what was wanted in vain.
    assert row["stated_days"] == 2.0


def test_voices_without_words_about_time_complain_of_none(join):
    row = join([voice(rating=None)], [episode()])[0]
    assert (row["on_time_unmet"], row["slow_unmet"], row["stated_days"], row["rating"]) == (
        0.0,
        0.0,
        None,
        None,
    )
