"""The steps of the loop find what was put in, where they are given the true mentions."""

from datetime import datetime, time

import numpy as np
import pyarrow as pa
import pytest

from forvent.adjust import cases_from, kept_by_group, kept_rates, outcomes, promises_by_group
from forvent.assess import (
    asymmetries,
    chain,
    chain_episodes,
    chain_lines,
    contrast,
    joined_episodes,
    judgements,
)
from forvent.engine import Engine
from forvent.records import Asymmetry, Chain, Estimate, Promise
from forvent.simulate import SampleBusiness
from forvent.tables import NUMBER, TEXT, TIME

END = datetime(2026, 8, 29)


def voice_table(business: SampleBusiness) -> pa.Table:
    heard = [voice for voice in business.voices if not voice.content_free]
    rating = [None if voice.stars is None else (voice.stars - 1) / 4 for voice in heard]
    return pa.table(
        {
            "voice_id": [voice.id for voice in heard],
            "customer": [voice.customer for voice in heard],
            "episode": pa.array([voice.order for voice in heard], TEXT),
            "rating": pa.array(rating, NUMBER),
            "polarity": ["neutral"] * len(heard),
        }
    )


def mention_table(business: SampleBusiness) -> pa.Table:
    labelled = [(voice, *label) for voice in business.voices for label in voice.labels]
    n = len(labelled)
    return pa.table(
        {
            "voice_id": [voice.id for voice, *_ in labelled],
            "expectation": [expectation for _, expectation, _ in labelled],
            "polarity": [polarity for *_, polarity in labelled],
            "stage": ["receive"] * n,
            "touchpoint": [voice.touchpoint for voice, *_ in labelled],
            "level_seconds": pa.nulls(n, NUMBER),
            "experienced_seconds": pa.nulls(n, NUMBER),
            "confidence": pa.array([1.0] * n, NUMBER),
        }
    )


def episode_table(business: SampleBusiness) -> pa.Table:
    episodes = business.episodes
    return pa.table(
        {
            "episode": [one.order for one in episodes],
            "customer": [one.customer for one in episodes],
            "start": pa.array([one.ordered for one in episodes], TIME),
            "promised": pa.array([datetime.combine(one.promised, time()) for one in episodes], TIME),
            "delivered": pa.array([one.delivered for one in episodes], TIME),
            "by_day": [True] * len(episodes),
            "cancelled": [one.cancelled for one in episodes],
            "region": [one.region for one in episodes],
            "shipping": [one.shipping for one in episodes],
        }
    )


@pytest.fixture(scope="module")
def found(large: SampleBusiness) -> dict[str, Asymmetry]:
    judged = judgements(mention_table(large), voices=voice_table(large))
    fit = contrast(judged, rng=np.random.default_rng(1), rounds=400)
    return {one.expectation: one for one in asymmetries(judged, contrast=fit, level=0.999)}


def test_every_kind_is_found_or_left_open(large: SampleBusiness, found: dict[str, Asymmetry]) -> None:
    kinds = {one.expectation: one.kind for one in large.truth.expectations}
    wrong = {name: one.kind for name, one in found.items() if one.kind not in (kinds[name], "undecided")}
    assert wrong == {}
    assert sum(one.kind == kinds[name] for name, one in found.items()) >= 12


def test_penalties_and_rewards_are_within_their_intervals(
    large: SampleBusiness, found: dict[str, Asymmetry]
) -> None:
    for one in large.truth.expectations:
        penalty, reward = found[one.expectation].penalty, found[one.expectation].reward
        assert isinstance(penalty, Estimate)
        assert isinstance(reward, Estimate)
        # 400 draws have no tails beyond 99.5 %; the truth may lie a hair outside.
        assert penalty.low - 0.01 <= one.penalty <= penalty.high + 0.01, one.expectation
        assert reward.low - 0.01 <= one.reward <= reward.high + 0.01, one.expectation


def test_kept_rates_and_promises_are_found(business: SampleBusiness) -> None:
    with Engine() as engine:
        known = outcomes(engine.table(episode_table(business)), as_of=END)
        counted = engine.collect(kept_by_group(known, by="region"))
        cases = cases_from(engine.collect(known), as_of=END, by_day=True, groups=("region",))
    for rate in kept_rates(counted.to_pylist(), column="region", level=0.999):
        assert isinstance(rate.kept, Estimate)
        assert rate.kept.low <= business.truth.group(**rate.group).kept <= rate.kept.high
    promises = {
        one.group.get("region"): one
        for one in promises_by_group(cases, level=0.95)
        if isinstance(one, Promise)
    }
    for region in ("City", "Coast", "Hills"):
        assert promises[region].upper == business.truth.group(region=region).days_before[0.95]
    assert promises["City"].padded
    kept_later = promises["Hills"].kept_later
    assert isinstance(kept_later, Estimate)
    assert kept_later.high < 0.95  # the carrier has become slower since


def test_lateness_is_found_to_matter_and_slowness_is_not(business: SampleBusiness) -> None:
    with Engine() as engine:
        joined = joined_episodes(
            engine.table(voice_table(business)),
            episodes=engine.table(episode_table(business)),
            mentions=engine.table(mention_table(business)),
            as_of=END,
        )
        table = engine.collect(joined)
        lines = chain_lines(table)
        episodes = engine.collect(chain_episodes(engine.table(table), lines=lines))
        seen = chain(episodes, lines=lines, rng=np.random.default_rng(1), level=0.99)
    assert isinstance(seen, Chain)
    late, slow = seen.late_difference, seen.slow_difference
    assert isinstance(late, Estimate)
    assert isinstance(slow, Estimate)
    assert late.low <= business.truth.late_difference <= late.high < 0.0
    assert slow.low <= 0.0 <= slow.high
