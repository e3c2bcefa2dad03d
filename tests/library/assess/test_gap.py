"""Share met, expected share, gap and stake; certain and large first."""

from dataclasses import replace

import numpy as np
import pytest

from forvent.assess import (
    asymmetries,
    contrast,
    gaps,
    judgements,
    rank_gaps,
)
from forvent.records import Estimate, Gap, MentionCounts, NotEnough

TRUTH = {"hygiene_safety": (-0.4, 0.1), "pleasant_surprise": (-0.1, 0.3)}
USUAL = {"choice": "performance", "on_time": "basic", "follow_up": "excitement"}


def found_gaps(judged, rng, **options):
    fit = contrast(judged, rng=rng)
    kinds = asymmetries(judged, contrast=fit)
    return gaps(judged, contrast=fit, asymmetries=kinds, usual_kinds=USUAL, **options)


def some_gap(name, stake, *, kind="basic", judged=9):
    counts = MentionCounts(met=judged, unmet=0, mixed=0, wished=0)
    few = NotEnough(n=0, needed=5, why="")
    return Gap(
        expectation=name, stage="receive", touchpoint=None, counts=counts, got=few, expected=few,
        gap=few, basis="ratings", importance=few, stake=stake, kind=kind,
    )  # fmt: skip


def test_expected_is_where_those_who_mention_it_rate_as_those_who_do_not(invent, rng):
    found = found_gaps(invent(TRUTH, n=6000), rng)
    for gap, expected in zip(found, (0.8, 0.25), strict=True):
        assert gap.basis == "ratings"
        assert gap.expected.value == pytest.approx(expected, abs=0.06)
        assert gap.expected.low < expected < gap.expected.high
        assert gap.gap.value == pytest.approx(gap.got.value - gap.expected.value)


def test_stake_is_what_the_mean_rating_differs_from_that_of_silent_voices(invent, rng):
    judged = invent({"hygiene_safety": (-0.4, 0.1)}, n=6000, noise=0.01)
    gap = found_gaps(judged, rng)[0]
    silent = np.ones(6000, dtype=bool)
    silent[judged.voice] = False
    difference = judged.rating[silent].mean() - judged.rating.mean()
    assert gap.stake.value == pytest.approx(difference, abs=1e-3)
    assert gap.stake.low < difference < gap.stake.high


def test_importance_is_the_share_that_speak_of_it_until_the_ratings_are_asked(invent, rng):
    judged = invent({"hygiene_safety": (-0.4, 0.1)}, n=6000, noise=0.01)
    gap = found_gaps(judged, rng)[0]
    assert gap.importance.value == pytest.approx(gap.counts.judged / 6000)
    assert gap.importance_basis == "mentions"


def test_stake_is_minus_the_gap_times_reach_times_swing(invent, rng):
    gap = found_gaps(invent({"hygiene_safety": (-0.4, 0.1)}, n=6000, noise=0.01), rng)[0]
    weight = gap.counts.judged / 6000 * 0.5
    assert gap.stake.value == pytest.approx(-gap.gap.value * weight, rel=0.02)


def test_gap_interval_is_wider_than_that_of_the_share_met(invent, rng):
    gap = found_gaps(invent(TRUTH, n=500), rng)[0]
    assert gap.gap.high - gap.gap.low > gap.got.high - gap.got.low


def test_without_ratings_the_band_of_the_usual_kind_stands_in(table_of, voices_of, rng):
    rows = [(f"v{n}", name, "met" if n < 12 else "unmet") for n in range(40) for name in USUAL]
    found = found_gaps(judgements(table_of(rows), voices=voices_of([None] * 80)), rng)
    bands = {gap.expectation: (gap.expected.low, gap.expected.value, gap.expected.high) for gap in found}
    assert bands == {"choice": (0.4, 0.5, 0.6), "follow_up": (0.0, 0.2, 0.4), "on_time": (0.6, 0.8, 1.0)}
    late = found[2]
    assert (late.basis, late.kind, late.expected.n) == ("usual kind", "undecided", 0)
    assert late.gap.low == pytest.approx(late.got.low - 1.0)
    assert late.gap.high == pytest.approx(late.got.high - 0.6)
    assert late.importance.value == 0.5
    # Without a measured swing 1 stands in, so that the weight is the share that judge it.
    assert late.stake.value == pytest.approx(-late.gap.value * 0.5)
    assert 0.0 < late.stake.low < late.stake.value < late.stake.high


def test_where_others_are_measured_the_usual_kind_borrows_their_swing(invent, rng):
    judged = invent(TRUTH, n=3000)
    # Eight unmet voices more of an expectation that the ratings cannot carry.
    more = replace(
        judged,
        expectations=(*judged.expectations, "on_time"),
        stages=(*judged.stages, "receive"),
        voice=np.append(judged.voice, np.arange(8)),
        expectation=np.append(judged.expectation, np.full(8, 2)),
        polarity=np.append(judged.polarity, np.full(8, 1)),
        touchpoint=np.append(judged.touchpoint, np.zeros(8, dtype=np.int64)),
    )
    first, second, borrowed = found_gaps(more, rng)
    assert borrowed.basis == "usual kind"
    swings = [gap.stake.value / -gap.gap.value / gap.counts.judged * 3000 for gap in (first, second)]
    assert borrowed.stake.value == pytest.approx(-borrowed.gap.value * 8 / 3000 * np.median(swings))


def test_an_expectation_without_ratings_and_usual_kind_has_no_gap(table_of, voices_of, rng):
    rows = [(f"v{n}", "own_words", "met") for n in range(9)]
    gap = found_gaps(judgements(table_of(rows), voices=voices_of([None] * 20)), rng)[0]
    why = "neither ratings nor a usual kind say what is expected"
    assert gap.expected == gap.gap == gap.stake == NotEnough(n=0, needed=1, why=why)
    assert gap.got.value == 1.0


def test_too_few_voices_give_counts_and_no_gap(table_of, voices_of, rng):
    gap = found_gaps(judgements(table_of([("v0", "on_time", "met")]), voices=voices_of([1.0] * 9)), rng)[0]
    assert gap.counts == MentionCounts(met=1, unmet=0, mixed=0, wished=0)
    assert gap.got == gap.gap == gap.stake
    assert isinstance(gap.got, NotEnough)
    assert isinstance(gap.importance, Estimate)


def test_touchpoints_have_their_own_share_and_the_common_expectation(table_of, voices_of, rng):
    rows = [(f"v{n}", "on_time", "met" if n % 4 else "unmet", "shop") for n in range(100)]
    rows += [(f"v{n}", "on_time", "unmet" if n % 4 else "met", "door") for n in range(100, 200)]
    ratings = [0.6 if row[2] == "met" else 0.1 for row in rows] + [0.5] * 100
    judged = judgements(table_of(rows), voices=voices_of(ratings))
    overall = found_gaps(judged, rng)[0]
    door, shop = found_gaps(judged, rng, by_touchpoint=True)
    assert (door.touchpoint, door.got.value, shop.touchpoint, shop.got.value) == ("door", 0.25, "shop", 0.75)
    assert door.expected.value == shop.expected.value == overall.expected.value
    assert door.stake.value + shop.stake.value == pytest.approx(overall.stake.value)
    assert [gap.touchpoint for gap in found_gaps(judged, rng, by_touchpoint=True, most=1)] == ["door"]


def test_a_touchpoint_where_all_were_met_is_not_certain_to_the_point(table_of, voices_of, rng):
    rows = [(f"v{n}", "on_time", "met" if n % 2 else "unmet", "shop") for n in range(100)]
    rows += [(f"v{n}", "on_time", "met", "door") for n in range(100, 106)]
    ratings = [0.6 if row[2] == "met" else 0.1 for row in rows] + [0.5] * 100
    judged = judgements(table_of(rows), voices=voices_of(ratings))
    door = found_gaps(judged, rng, by_touchpoint=True)[0]
    assert door.got.value == 1.0
    assert door.gap.low < door.got.low - door.expected.value + 0.01


def test_customers_who_repeat_widen_the_share_met(table_of, voices_of, rng):
    rows = [(f"v{n}", "on_time", "met" if (n // 10) % 2 else "unmet") for n in range(200)]
    ratings = [0.6 if row[2] == "met" else 0.1 for row in rows] + [0.5] * 100
    names = [f"c{n // 10}" for n in range(300)]
    alone = found_gaps(judgements(table_of(rows), voices=voices_of(ratings)), rng)[0]
    judged = judgements(table_of(rows), voices=voices_of(ratings, customers=names))
    together = found_gaps(judged, rng)[0]
    assert together.got.high - together.got.low > 1.5 * (alone.got.high - alone.got.low)


def test_certain_and_large_stands_before_large_and_shaky():
    shaky = some_gap("shaky", Estimate(0.09, 0.01, 0.2, 20))
    sure = some_gap("sure", Estimate(0.05, 0.04, 0.06, 900))
    undecided = some_gap("undecided", Estimate(0.02, -0.01, 0.05, 50))
    indifferent = some_gap("indifferent", Estimate(0.001, 0.0005, 0.002, 9000), kind="indifferent")
    earning = some_gap("earning", Estimate(-0.03, -0.04, -0.02, 80))
    unknown = [some_gap(f"few_{n}", NotEnough(n=n, needed=5, why=""), judged=n) for n in (2, 4)]
    ranked = rank_gaps([earning, *unknown, indifferent, undecided, shaky, sure])
    assert [gap.expectation for gap in ranked] == [
        "sure", "shaky", "undecided", "indifferent", "earning", "few_4", "few_2",
    ]  # fmt: skip


def test_no_mentions_give_no_gaps(table_of, voices_of, rng):
    empty = table_of([("v0", "choice", "met")]).slice(0, 0)
    judged = judgements(empty, voices=voices_of([1.0, 0.5]))
    assert found_gaps(judged, rng) == found_gaps(judged, rng, by_touchpoint=True) == ()
