"""What the truth says of the business is what a direct look at its labels finds."""

from datetime import date
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from forvent.simulate import SampleBusiness, SampleVoice, Truth, shop
from forvent.simulate.feelings import MET, UNMET
from forvent.simulate.truth import kind_of, late_difference, seen_effects
from forvent.stats import wilson

NAMES = [held.id for held in shop.EXPECTATIONS]
HOWTO = Path(__file__).parents[3] / "docs" / "howto" / "sample-business.md"


def matrix(voices: list[SampleVoice]) -> np.ndarray:
    felt = np.zeros((len(voices), len(NAMES)))
    for row, voice in enumerate(voices):
        for expectation, polarity in voice.labels:
            felt[row, NAMES.index(expectation)] = MET if polarity == "met" else UNMET
    return felt


def rated(business: SampleBusiness) -> list[SampleVoice]:
    return [voice for voice in business.voices if voice.stars is not None and not voice.content_free]


def test_a_regression_on_the_true_labels_finds_penalties_and_rewards(large: SampleBusiness) -> None:
    voices = rated(large)
    felt = matrix(voices)
    design = np.hstack([np.ones((len(voices), 1)), felt == UNMET, felt == MET])
    rating = np.array([((voice.stars or 0) - 1) / 4 for voice in voices])
    found, residual, *_ = np.linalg.lstsq(design, rating, rcond=None)
    variance = float(residual[0]) / (len(voices) - design.shape[1])
    error = np.sqrt(variance * np.diag(np.linalg.inv(design.T @ design)))
    true = [one.penalty for one in large.truth.expectations] + [
        one.reward for one in large.truth.expectations
    ]
    # The largest of 28 normal deviations is below 4 in 99.8 of 100 samples.
    assert np.abs((found[1:] - true) / error[1:]).max() < 4.0


def test_effects_seen_are_a_little_smaller_than_those_put_in(business: SampleBusiness) -> None:
    for one in business.truth.expectations:
        assert (
            0.85 * abs(one.penalty_stars) / 4 - 0.002
            <= abs(one.penalty)
            <= abs(one.penalty_stars) / 4 + 0.002
        )
        assert 0.85 * one.reward_stars / 4 - 0.002 <= one.reward <= one.reward_stars / 4 + 0.002


def test_effects_that_never_reach_the_ends_of_the_scale_are_seen_whole() -> None:
    felt = np.zeros((3, len(NAMES)), dtype=np.int8)
    place = NAMES.index("pleasant_surprise")
    felt[1, place], felt[2, place] = MET, UNMET
    penalties, rewards = seen_effects(felt)
    assert penalties[place] == pytest.approx(-0.1 / 4, abs=0.001)
    assert rewards[place] == pytest.approx(0.9 / 4, abs=0.001)


@pytest.mark.parametrize("kind", ["basic", "performance", "excitement", "indifferent"])
def test_each_kind_is_there_and_clearly_so(business: SampleBusiness, kind: str) -> None:
    members = [one for one in business.truth.expectations if one.kind == kind]
    assert len(members) >= {"basic": 3, "performance": 3, "excitement": 2, "indifferent": 2}[kind]
    for one in members:
        if one.asymmetry is None:
            assert kind == "indifferent"
        else:
            assert abs(one.asymmetry) < 0.1 if kind == "performance" else abs(one.asymmetry) > 0.5


@pytest.mark.parametrize(
    ("penalty", "reward", "kind"),
    [
        (-0.3, 0.1, "basic"),
        (-0.1, 0.3, "excitement"),
        (-0.2, 0.25, "performance"),
        (-0.05, 0.05, "indifferent"),
    ],
)
def test_kind_follows_from_penalty_and_reward(penalty: float, reward: float, kind: str) -> None:
    assert kind_of(penalty, reward=reward) == kind


def test_expected_is_where_penalty_and_reward_balance(business: SampleBusiness) -> None:
    for one in business.truth.expectations:
        if one.expected is not None:
            assert one.expected * one.reward + (1 - one.expected) * one.penalty == pytest.approx(0.0)


def test_expectations_come_up_and_are_met_as_often_as_the_truth_says(large: SampleBusiness) -> None:
    voices = [voice for voice in large.voices if not voice.content_free]
    felt = matrix(voices)
    for place, one in enumerate(large.truth.expectations):
        said = felt[felt[:, place] != 0, place]
        mentioned = wilson(said.size, len(voices), level=0.999)
        met = wilson(float((said == MET).sum()), said.size, level=0.999)
        assert mentioned.low <= one.mentioned <= mentioned.high, one.expectation
        assert met.low <= one.met <= met.high, one.expectation


def test_late_orders_are_rated_lower_than_kept_ones_that_took_as_long(large: SampleBusiness) -> None:
    episodes = {episode.order: episode for episode in large.episodes}
    late: dict[int, list[int]] = {}
    kept: dict[int, list[int]] = {}
    for voice in large.voices:
        episode = episodes.get(voice.order or "")
        if voice.stars is not None and episode is not None and episode.delivered is not None:
            days = (episode.delivered.date() - episode.ordered.date()).days
            (kept if episode.kept else late).setdefault(days, []).append(voice.stars)
    both = [days for days in late if days in kept]
    weights = [len(late[days]) for days in both]
    differences = [np.mean(late[days]) - np.mean(kept[days]) for days in both]
    found = float(np.average(differences, weights=weights)) / 4
    assert found == pytest.approx(large.truth.late_difference, abs=0.04)
    assert large.truth.late_difference < -0.2


def test_truth_does_not_hang_on_seed_or_size(business: SampleBusiness, large: SampleBusiness) -> None:
    assert business.truth.expectations == large.truth.expectations
    assert business.truth.groups == large.truth.groups


def test_another_record_has_another_change() -> None:
    assert late_difference(date(2026, 1, 1), days=60) != late_difference(date(2026, 1, 1), days=240)


def test_longer_promises_are_kept_more_often(business: SampleBusiness) -> None:
    for group in business.truth.groups:
        for shorter, longer in pairwise(group.days.values()):
            assert shorter <= longer


def test_the_howto_shows_the_true_values(business: SampleBusiness) -> None:
    shown = {
        tuple(cell.strip() for cell in line.split("|")[1:-1])
        for line in HOWTO.read_text("utf-8").splitlines()
    }
    truth: Truth = business.truth
    for one in truth.expectations:
        effects = [one.penalty_stars, one.reward_stars], [one.penalty, one.reward]
        written = [
            _signed(value, digits) for values, digits in zip(effects, (2, 3), strict=True) for value in values
        ]
        expected = "–" if one.expected is None else f"{one.expected:.2f}"
        row = (
            f"`{one.expectation}`",
            one.kind,
            *written,
            expected,
            _percent(one.mentioned),
            _percent(one.met),
        )
        assert row in shown
    for group in truth.groups:
        shares = [_percent(share) for share in (group.share, group.kept, group.kept_before, group.kept_after)]
        days = [str(group.days_before[0.9]), str(group.days_before[0.95]), str(group.days_after[0.95])]
        assert ("".join(group.group.values()) or "all", *shares, *days) in shown
    assert f"rated {-truth.late_difference:.3f} rating points lower" in HOWTO.read_text("utf-8")


def _signed(value: float, digits: int) -> str:
    return f"{value:+.{digits}f}".replace("-", "−") if value else "0"


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
