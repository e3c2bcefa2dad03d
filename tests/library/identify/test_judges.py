"""Tiers: which texts go to the exact one, and what is learned beside the heads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import cast

import numpy as np
import pytest

from forvent.errors import EncoderUnavailable
from forvent.identify.catalogue import Example, catalogue
from forvent.identify.corrections import Taught
from forvent.identify.example_vectors import example_vectors
from forvent.identify.heads import Heads, Judged, Numbers, Thresholds, load_joint
from forvent.identify.judges import AutoJudge, JointJudge, TierJudge, judged_parts, unsure
from forvent.identify.learned import learn
from forvent.identify.learned_head import LearnedHead
from forvent.identify.near_corrections import near_corrections
from forvent.identify.neighbour_head import NeighbourHead
from forvent.identify.prepared import get_judge, prepared
from forvent.language import Encoder
from forvent.records import Expectation


def said(positive: Sequence[float], best: Sequence[float], neutral: float = 0.0, mark: float = 0.0) -> Judged:
    """Judgements of texts of which only polarity and likeliest mention matter."""
    many = len(positive)
    mention = np.zeros((many, 5))
    mention[:, 3] = best
    mention[:, 1] = np.array(best) / 2
    return Judged(
        mention=mention,
        met=np.full((many, 5), mark),
        act=np.full((many, 5), mark),
        positive=np.array(positive, dtype=np.float64),
        neutral=np.full(many, neutral),
        wish=np.full(many, mark),
        irony=np.full(many, mark),
    )


class Scripted:
    """A tier that answers from a table and notes what it was asked."""

    def __init__(self, name: str, answers: dict[str, tuple[float, float]], mark: float) -> None:
        self.name, self.version, self.expectations = name, f"{name}/1", tuple("abcde")
        self.thresholds = Thresholds(mark, mark, mark, mark, mark)
        self.mention_from = np.full(5, mark)
        self.asked: list[str] = []
        self._answers, self._mark = answers, mark

    def judge(self, texts: Sequence[str]) -> Judged:
        self.asked += texts
        found = [self._answers[text] for text in texts]
        return said([one for one, _ in found], [other for _, other in found], mark=self._mark)


QUICK = {
    "sure": (0.95, 0.9),
    "torn": (0.5, 0.9),
    "vague": (0.01, 0.35),
    "silent": (0.99, 0.1),
    "bad": (0.05, 0.7),
}
SLOW = dict.fromkeys(QUICK, (0.75, 0.65))


@pytest.fixture
def tiers() -> tuple[Scripted, Scripted]:
    return Scripted("fast", QUICK, 0.25), Scripted("exact", SLOW, 0.5)


def auto(tiers: tuple[Scripted, Scripted]) -> AutoJudge:
    return AutoJudge(cast("TierJudge", tiers[0]), cast("TierJudge", tiers[1]))


def row(judged: Judged, place: int) -> list[list[float]]:
    return [np.atleast_1d(getattr(judged, one.name)[place]).tolist() for one in fields(judged)]


# ------------------------------------------------------------------------------------------- auto


def test_the_exact_tier_is_asked_only_for_what_the_fast_one_is_unsure_of(
    tiers: tuple[Scripted, Scripted],
) -> None:
    judge = auto(tiers)
    texts = ["sure", "torn", "silent", "vague", "bad", "torn"]
    judged = judge.judge(texts)
    assert tiers[0].asked == texts
    assert tiers[1].asked == ["torn", "torn"]
    assert judge.asked == 2
    quick, slow = tiers[0].judge(texts), tiers[1].judge(texts)
    for place, text in enumerate(texts):
        assert row(judged, place) == row(slow if text == "torn" else quick, place), text


def test_what_the_fast_tier_is_sure_of_never_reaches_the_exact_one(tiers: tuple[Scripted, Scripted]) -> None:
    judge = auto(tiers)
    judged = judge.judge(["sure", "silent", "bad"])
    assert (tiers[1].asked, judge.asked) == ([], 0)
    assert judged.positive.tolist() == [0.95, 0.99, 0.05]


def test_of_a_voice_of_several_clauses_only_the_whole_is_asked_for(tiers: tuple[Scripted, Scripted]) -> None:
    judge = auto(tiers)
    texts = ["torn", "sure", "torn", "torn", "sure"]
    judged = judged_parts(judge, texts, np.array([2, 2, 2, 3, 4]))
    assert tiers[1].asked == ["torn", "torn"]
    assert judged.positive.tolist() == [0.5, 0.95, 0.75, 0.75, 0.95]


def test_what_is_said_beside_the_whole_decides_with_it_whether_the_exact_tier_is_asked(
    tiers: tuple[Scripted, Scripted],
) -> None:
    judge = auto(tiers)
    whole = np.array([1, 1, 2, 3])
    judged = judged_parts(
        judge, ["sure", "torn", "torn", "sure"], whole, beside=lambda _: np.array([9.0, 0.0, -3.0])
    )
    # The first voice is torn, but words and clauses are not; the last is sure, but these speak against it.
    assert tiers[1].asked == ["torn", "sure"]
    assert judged.positive[:3].tolist() == [0.95, 0.5, 0.75]


def test_what_is_said_beside_the_whole_is_told_of_what_the_fast_tier_judged(
    tiers: tuple[Scripted, Scripted],
) -> None:
    seen: list[list[float]] = []

    def beside(judged: Judged) -> Numbers:
        seen.append(judged.positive.tolist())
        return np.zeros(2)

    judged_parts(auto(tiers), ["torn", "sure", "torn"], np.array([1, 1, 2]), beside=beside)
    assert seen == [[0.5, 0.95, 0.5]]


def test_other_tiers_judge_parts_as_any_text(tiers: tuple[Scripted, Scripted]) -> None:
    judged = judged_parts(cast("TierJudge", tiers[0]), ["torn", "sure"], np.array([1, 1]))
    assert judged.positive.tolist() == [0.5, 0.95]


def test_auto_speaks_with_the_thresholds_of_the_exact_tier(tiers: tuple[Scripted, Scripted]) -> None:
    judge = auto(tiers)
    assert (judge.name, judge.version) == ("auto", "fast/1, exact/1")
    assert judge.thresholds == tiers[1].thresholds
    assert judge.mention_from.tolist() == [0.5] * 5
    assert judge.expectations == tuple("abcde")


def test_a_text_goes_the_same_way_in_any_batch(tiers: tuple[Scripted, Scripted]) -> None:
    together = auto(tiers).judge([*QUICK])
    for place, text in enumerate(QUICK):
        assert row(auto(tiers).judge([text]), 0) == row(together, place)


def test_unsure_is_an_undecided_polarity_and_long_texts_are_asked_less_of() -> None:
    positive = [0.05, 0.15, 0.25, 0.5, 0.75, 0.85, 0.95]
    short, long = (unsure(said(positive, [0.9] * 7), ["a" * size] * 7).tolist() for size in (40, 400))
    assert short == [False, True, True, True, True, True, False]
    assert long == [False, False, False, True, False, False, False]


def test_what_is_said_beside_a_text_can_settle_or_unsettle_it() -> None:
    judged = said([0.5, 0.5, 0.9], [0.9] * 3)
    assert unsure(judged, ["a" * 80] * 3, beside=np.array([0.0, 2.5, -2.0])).tolist() == [True, False, True]


def test_nothing_costs_less_to_ask_than_a_short_text() -> None:
    judged = said([0.05, 0.15], [0.9] * 2)
    assert unsure(judged, ["", "a"]).tolist() == unsure(judged, ["a" * 40] * 2).tolist()


def test_an_unpaired_surrogate_has_a_length_too() -> None:
    assert unsure(said([0.5], [0.9]), ["\ud800"]).all()


def test_a_text_that_surely_judges_nothing_has_no_polarity_to_be_unsure_of() -> None:
    assert not unsure(said([0.5], [0.9], neutral=0.9), ["torn"]).any()
    assert unsure(said([0.5], [0.9], neutral=0.5), ["torn"]).all()


def test_quotes_are_narrowed_by_the_fast_tier_unless_packs_taught_what_it_does_not_know(
    cues: Encoder, cue_heads: Heads, no_neighbours: NeighbourHead
) -> None:
    exact, fast = TierJudge(cues, cue_heads), TierJudge(cues, cue_heads)
    both = JointJudge(exact, fast, load_joint(), neighbours=no_neighbours)
    assert (exact.narrower, both.narrower, AutoJudge(fast, both).narrower) == (exact, fast, fast)
    taught = TierJudge(cues, cue_heads)
    taught.expectations = (*exact.expectations, "crisp_crust")
    alone = JointJudge(taught, fast, load_joint(), neighbours=no_neighbours)
    assert alone.narrower is alone


# ------------------------------------------------------------------------- one tier, and what it learned


def test_a_tier_says_what_its_heads_say(cues: Encoder, cue_heads: Heads) -> None:
    judge = TierJudge(cues, cue_heads)
    judged = judge.judge(["late", "friendly and late", "nothing"])
    late, friendly = (judge.expectations.index(one) for one in ("on_time", "friendly_staff"))
    assert (judged.mention[:, late] > 0.9).tolist() == [True, True, False]
    assert (judged.mention[:, friendly] > 0.9).tolist() == [False, True, False]
    assert judge.mention_from.tolist() == [0.5] * 32
    assert (judge.name, judge.version, judge.thresholds) == ("exact", "cues", cue_heads.thresholds)


OWN = {
    "hot_soup": Expectation("hot_soup", "hot", "use", "implicit", "basic", "product_quality", "own"),
    "crisp_crust": Expectation("crisp_crust", "crisp", "use", "implicit", "basic", None, "own"),
}
#: Learned with this few, an expectation is found by its own cue alone.
SAID = {
    "crisp_crust": [f"crust {one}" for one in ("of bread", "again", "cracks", "hard", "", "brown", "and")],
    "hot_soup": [f"stale soup {one}" for one in ("hot", "bowl", "warm", "again", "steaming", "", "cold")],
}
REST = [f"{cue} {one}" for cue in ("late", "rude", "dear", "friendly") for one in SAID["hot_soup"]]


def learned(encoder: Encoder, gate: float = 0.0) -> LearnedHead:
    examples = [Example(one, "met", text, "en") for one, texts in SAID.items() for text in texts]
    rest = [Example("on_time", "unmet", text.replace("stale soup", ""), "en") for text in REST]
    vectors = example_vectors([one.text for one in (*examples, *rest)], encoder)
    head = learn(examples, contrast=rest, vectors=vectors, expectations={**catalogue(), **OWN})
    return replace(head, gate=np.full(2, gate))


def test_learned_expectations_come_behind_the_general_ones_and_count_from_any_probability(
    cues: Encoder, cue_heads: Heads
) -> None:
    judge = TierJudge(cues, cue_heads, learned=learned(cues))
    assert judge.expectations == (*catalogue(), "crisp_crust", "hot_soup")
    assert judge.mention_from[:32].tolist() == [0.5] * 32
    assert ((judge.mention_from[32:] > 0) & (judge.mention_from[32:] < 1e-6)).all()


def test_a_child_stands_in_the_place_of_its_parent_and_is_met_as_it_is(
    cues: Encoder, cue_heads: Heads
) -> None:
    judge = TierJudge(cues, cue_heads, learned=learned(cues))
    column = {one: place for place, one in enumerate(judge.expectations)}
    judged = judge.judge(["stale soup again", "rude waiter", "friendly crust of bread"])
    assert judged.mention.shape == judged.met.shape == (3, 34)
    assert judged.mention[0, column["hot_soup"]] > 0
    assert judged.mention[0, column["product_quality"]] == 0.0
    assert judged.met[0, column["hot_soup"]] == judged.met[0, column["product_quality"]] < 0.1
    assert judged.mention[1, 32:].tolist() == [0.0, 0.0]
    assert judged.mention[2, column["crisp_crust"]] > 0
    # Without a parent, what is said as a whole tells whether it was met.
    assert judged.met[2, column["crisp_crust"]] == judged.positive[2] > 0.9


def test_a_child_whose_parent_is_not_spoken_of_at_all_is_not_either(cues: Encoder, cue_heads: Heads) -> None:
    judge = TierJudge(cues, cue_heads, learned=learned(cues, gate=0.99))
    judged = judge.judge(["stale soup again"])
    column = {one: place for place, one in enumerate(judge.expectations)}
    assert judged.mention[0, column["hot_soup"]] == 0.0
    assert judged.mention[0, column["product_quality"]] > 0.9


def test_corrections_move_what_the_heads_say_of_such_words_only(cues: Encoder, cue_heads: Heads) -> None:
    taught = [Taught("on_time", "late again my friend", False, None, "en")]
    vectors = example_vectors([one.text for one in taught], cues)
    near = near_corrections(
        taught, vectors=vectors, ids=cue_heads.expectations, center=cue_heads.center, spread=cue_heads.spread
    )
    texts = ["late again my friend", "late again my dear friend", "rude waiter"]
    plain, moved = TierJudge(cues, cue_heads).judge(texts), TierJudge(cues, cue_heads, near=near).judge(texts)
    late = cue_heads.expectations.index("on_time")
    assert (plain.mention[:, late] > 0.9).tolist() == [True, True, False]
    assert (moved.mention[:2, late] < 0.5).all()
    assert row(moved, 2) == row(plain, 2)
    assert np.array_equal(moved.positive, plain.positive)


def test_without_packs_and_corrections_nothing_is_learned(cues: Encoder, cue_heads: Heads) -> None:
    judge = prepared(cues, cue_heads)
    assert judge.expectations == cue_heads.expectations


def test_an_unknown_tier_is_refused() -> None:
    with pytest.raises(EncoderUnavailable, match="There is no encoder called 'best'"):
        get_judge("best")


def test_each_tier_has_its_name() -> None:
    assert [get_judge(name).name for name in ("exact", "fast", "auto")] == ["exact", "fast", "auto"]
