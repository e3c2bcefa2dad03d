"""Whole voices are read a second time, by layers that nothing was tuned in; clauses are not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from forvent.identify.catalogue import examples
from forvent.identify.heads import Heads, load_joint, log_odds
from forvent.identify.judges import JointJudge, TierJudge, judged_parts
from forvent.identify.neighbour_head import NeighbourHead, Votes
from forvent.identify.second_reading import SecondReading, scores_of
from forvent.language import Encoder, get_encoder
from forvent.language.encoder import ReadsTwice
from forvent.tables import LANGUAGES

TEXTS = ["late", "late, but kind", "kind"]


class Told:
    """An encoder that notes what it was asked to read a second time."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode_untuned(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.asked += texts
        found = np.zeros((len(texts), 384), dtype=np.float32)
        found[:, 0] = [1.0 if "kind" in text else -1.0 for text in texts]
        return found


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def once(cues: Encoder, cue_heads: Heads, no_neighbours: NeighbourHead) -> JointJudge:
    judge = TierJudge(cues, cue_heads)
    return JointJudge(judge, judge, load_joint(), neighbours=no_neighbours)


@pytest.fixture
def twice(cues: Encoder, cue_heads: Heads, no_neighbours: NeighbourHead, told: Told) -> JointJudge:
    judge, second = TierJudge(cues, cue_heads), SecondReading(told)
    return JointJudge(judge, judge, load_joint(), neighbours=no_neighbours, second=second)


def test_only_the_polarity_of_whole_voices_is_judged_anew(
    once: JointJudge, twice: JointJudge, told: Told
) -> None:
    whole = np.array([1, 1, 2])
    before, after = judged_parts(once, TEXTS, whole), judged_parts(twice, TEXTS, whole)
    assert told.asked == TEXTS[1:]
    assert after.positive[0] == before.positive[0]
    assert (after.positive[1:] != before.positive[1:]).all()
    for name in ("mention", "met", "act", "neutral", "wish", "irony"):
        assert np.array_equal(getattr(before, name), getattr(after, name))


def test_without_parts_every_text_is_a_whole_voice(twice: JointJudge, told: Told) -> None:
    judged = twice.judge(TEXTS)
    assert told.asked == TEXTS
    assert np.array_equal(judged.positive, judged_parts(twice, TEXTS, np.arange(3)).positive)


def test_where_no_voice_is_judged_nothing_is_read_twice(twice: JointJudge, told: Told) -> None:
    judged_parts(twice, TEXTS, np.full(3, -1))
    assert told.asked == []


@pytest.mark.parametrize("familiar", [0.0, 0.25, 1.0])
def test_its_log_odds_are_added_with_slopes_by_how_familiar_a_voice_is(
    once: JointJudge, twice: JointJudge, told: Told, monkeypatch: pytest.MonkeyPatch, familiar: float
) -> None:
    votes = NeighbourHead.votes

    def alike(self: NeighbourHead, vectors: NDArray[np.floating]) -> Votes:
        return replace(votes(self, vectors), familiar=np.full(len(vectors), familiar))

    monkeypatch.setattr(NeighbourHead, "votes", alike)
    second = scores_of(told.encode_untuned(TEXTS))
    first = log_odds(TierJudge.judge(once._exact, TEXTS).positive)
    scores = np.zeros(3)
    for kind, share in (("positive_familiar", familiar), ("positive_other", 1 - familiar)):
        a, b, d, c = load_joint().weights[kind]
        scores += share * (a * first + b * first + d * second + c)
    assert twice.judge(TEXTS).positive == pytest.approx(1 / (1 + np.exp(-scores)), abs=1e-6)


def test_it_counts_more_beside_the_first_reading_the_less_familiar_a_voice_is() -> None:
    slopes = load_joint().weights
    (near, *_, near_second, _), (far, *_, far_second, _) = (
        slopes["positive_familiar"],
        slopes["positive_other"],
    )
    assert min(near, far, near_second) > 0
    assert far_second / far > 2 * near_second / near


def test_the_version_tells_of_it(once: JointJudge, twice: JointJudge) -> None:
    assert twice.version == f"{once.version}, {SecondReading(Told()).version}"


@pytest.mark.parametrize(
    ("praise", "blame"),
    [
        ("A warm welcome and a lovely evening.", "A cold welcome and a ruined evening."),
        ("Jeg er veldig fornøyd, takk.", "Jeg er veldig skuffet, aldri mer."),
        ("房间干净，下次还来。", "房间很脏，再也不来了。"),
        ("Շատ գոհ եմ, շնորհակալ եմ։", "Շատ դժգոհ եմ, ամոթ է։"),
    ],
)
def test_the_head_that_ships_tells_praise_from_blame(praise: str, blame: str) -> None:
    encoder = get_encoder("exact")
    assert isinstance(encoder, ReadsTwice)
    good, bad = SecondReading(encoder).scores([praise, blame])
    assert good > 0 > bad


def test_what_a_language_is_told_by_does_not_tell_polarity() -> None:
    encoder = get_encoder("exact")
    assert isinstance(encoder, ReadsTwice)
    sides = {
        polarity: [
            SecondReading(encoder)
            .scores([e.text for e in examples(language) if e.polarity == polarity])
            .mean()
            for language in LANGUAGES
        ]
        for polarity in ("met", "unmet")
    }
    middles = [(met + unmet) / 2 for met, unmet in zip(*sides.values(), strict=True)]
    halves = [(met - unmet) / 2 for met, unmet in zip(*sides.values(), strict=True)]
    assert max(middles) - min(middles) < min(halves)


def test_the_same_text_has_the_same_score_in_any_batch() -> None:
    vectors = np.random.default_rng(1).normal(size=(700, 384)) / 20
    together = scores_of(vectors)
    assert np.array_equal(np.concatenate([scores_of(part) for part in np.array_split(vectors, 9)]), together)


def test_of_no_text_nothing_is_said(told: Told) -> None:
    assert SecondReading(told).scores([]).shape == (0,)
