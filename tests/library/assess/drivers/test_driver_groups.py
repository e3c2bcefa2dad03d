"""Kinds in segments and over time."""

from __future__ import annotations

import numpy as np
import pytest

from forvent.assess.drivers import Answers, Grouped, Judging, driver_drift, driver_segments, drivers
from forvent.assess.drivers.sums import sums_by_block, sums_by_group

SIDES = {"early": (-0.02, 0.3), "late": (-0.3, 0.02)}


@pytest.fixture
def surveyed():
    """Answers whose wifi has the sides of their group; staff is the same for all."""

    def make(groups, *, n=900, seed=2, customers=None):
        rng = np.random.default_rng(seed)
        ratings = rng.integers(0, 5, (n, 2)) / 4
        states = np.select([ratings < 0.4, ratings > 0.6], [0, 2], 1).astype(np.int8)
        group = np.arange(n) % len(groups)
        sides = np.array([SIDES[name] for name in groups])[group]
        overall = 0.5 + np.select([states[:, 0] == 0, states[:, 0] == 2], [sides[:, 0], sides[:, 1]], 0.0)
        overall += 0.15 * (states[:, 1] == 2) - 0.15 * (states[:, 1] == 0) + rng.normal(0, 0.1, n)
        who = np.arange(n) if customers is None else customers
        return Answers(("wifi", "staff"), overall, ratings, states, who), group

    return make


def segmented(answers, group, names, **options):
    grouped = Grouped(answers, "trip", group, names)
    return driver_segments(
        grouped, judging=Judging("csat", rounds=200, **options), rng=np.random.default_rng(3)
    )


def test_each_segment_has_its_kinds_and_stands_beside_the_rest(surveyed):
    answers, group = surveyed(("early", "late"))
    found = segmented(answers, group, ("fun", "work"))
    assert [(one.name, one.drivers.answers) for one in found.segments] == [("fun", 450), ("work", 450)]
    kinds = [{one.name: one.kind for one in segment.drivers.touchpoints} for segment in found.segments]
    assert (kinds[0]["wifi"], kinds[1]["wifi"]) == ("excitement", "basic")
    wifi, staff = found.segments[1].changes
    assert (wifi.before, wifi.after, wifi.became) == ("excitement", "basic", "basic")
    assert wifi.penalty.value == pytest.approx(-0.28, abs=0.05)
    assert (staff.name, staff.verdict) == ("staff", "no difference found")
    # The other segment is the rest of the first, the other way round.
    assert found.segments[0].changes[0].penalty.value == pytest.approx(-wifi.penalty.value)


def test_a_segment_is_judged_as_if_it_were_alone(surveyed):
    answers, group = surveyed(("early", "late"))
    found = segmented(answers, group, ("fun", "work"))
    chosen = group == 0
    alone = Answers(
        answers.names,
        answers.overall[chosen],
        answers.ratings[chosen],
        answers.states[chosen],
        answers.customer[chosen],
    )
    single = drivers(alone, overall="csat", rng=np.random.default_rng(3), rounds=200)
    for one, other in zip(found.segments[0].drivers.touchpoints, single.touchpoints, strict=True):
        assert (one.name, one.kind, one.ratings) == (other.name, other.kind, other.ratings)
        assert one.penalty.value == pytest.approx(other.penalty.value)
        assert one.importance.value == pytest.approx(other.importance.value)
        assert one.penalty.high - one.penalty.low == pytest.approx(
            other.penalty.high - other.penalty.low, rel=0.35
        )


def test_small_unknown_and_uniform_segments_are_left_out_and_counted(surveyed):
    answers, _ = surveyed(("early",), n=400)
    group = np.repeat([0, 1, 2, -1], [300, 29, 40, 31])
    overall = answers.overall.copy()
    overall[group == 2] = 1.0
    answers = Answers(answers.names, overall, answers.ratings, answers.states, answers.customer)
    found = segmented(answers, group, ("big", "small", "content"))
    assert [one.name for one in found.segments] == ["big"]
    assert found.left_out == 100
    # The small ones are the rest.
    assert found.segments[0].changes


def test_one_segment_has_nothing_to_stand_beside(surveyed):
    answers, _ = surveyed(("early",), n=300)
    found = segmented(answers, np.zeros(300, dtype=np.int64), ("all",))
    assert found.segments[0].changes == ()
    nobody = segmented(answers, np.full(300, -1), ())
    assert (nobody.segments, nobody.left_out) == ((), 300)


def test_at_most_twelve_segments_are_shown_the_largest_first(surveyed):
    answers, _ = surveyed(("early",), n=1400)
    group = np.repeat(np.arange(14), np.arange(100 - 13, 101))[:1400]
    found = segmented(answers, np.resize(group, 1400), tuple(f"s{at:02d}" for at in range(14)))
    sizes = [one.drivers.answers for one in found.segments]
    assert len(sizes) == 12
    assert sizes == sorted(sizes, reverse=True)


def test_periods_stand_in_the_order_of_time_and_the_line_is_told(surveyed):
    answers, group = surveyed(("early", "late"))
    grouped = Grouped(answers, "year", group, ("2024", "2025"))
    found = driver_drift(
        grouped, at=(0.0, 366.0), judging=Judging("csat", rounds=200), rng=np.random.default_rng(3)
    )
    assert [one.name for one in found.periods] == ["2024", "2025"]
    assert all(one.changes == () for one in found.periods)
    assert [one.became for one in found.changes] == ["basic", ""]
    assert found.left_out == 0


def test_a_single_period_has_not_moved(surveyed):
    answers, group = surveyed(("early", "late"))
    grouped = Grouped(answers, "year", np.where(group == 0, 0, -1), ("2024",))
    found = driver_drift(grouped, at=(0.0,), judging=Judging("csat", rounds=50), rng=np.random.default_rng(3))
    assert (len(found.periods), found.changes, found.left_out) == (1, (), 450)


def test_sums_of_the_groups_are_those_of_all(surveyed):
    answers, group = surveyed(("early", "late"), n=200)
    parts = sums_by_group(answers, group=group, groups=2, rng=np.random.default_rng(1), rounds=5)
    whole = sums_by_block(answers, rng=np.random.default_rng(1), rounds=5)
    assert parts[0].total + parts[1].total == pytest.approx(whole.total)
    assert parts[0].filled + parts[1].filled == 200
    assert (parts[0].drawn == parts[1].drawn).all()


def test_a_customer_who_answers_in_both_periods_does_not_widen_the_difference(surveyed):
    rng = np.random.default_rng(8)
    answers, _ = surveyed(("early",), n=600)
    # The same people with the same answers and moods twice: nothing can have moved.
    mood = rng.normal(0, 0.1, 600)
    twice = Answers(
        answers.names,
        np.tile(answers.overall + mood, 2),
        np.tile(answers.ratings, (2, 1)),
        np.tile(answers.states, (2, 1)),
        np.tile(np.arange(600), 2),
    )
    grouped = Grouped(twice, "year", np.repeat([0, 1], 600), ("2024", "2025"))
    found = driver_drift(
        grouped, at=(0.0, 1.0), judging=Judging("csat", rounds=100), rng=np.random.default_rng(3)
    )
    assert [one.verdict for one in found.changes] == ["no difference found"] * 2
    assert found.changes[0].penalty.high - found.changes[0].penalty.low < 1e-6
