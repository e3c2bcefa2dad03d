"""Expectations learned from examples: found again in other words, with an honest account of how well."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from forvent.errors import NothingUsable, UnreadableFile
from forvent.identify.catalogue import Example, catalogue
from forvent.identify.corrections import Taught
from forvent.identify.example_vectors import example_vectors
from forvent.identify.learned import best_threshold, learn
from forvent.identify.learned_head import (
    LearnedHead,
    in_place_of_parents,
    read_head,
    save_head,
    with_gates,
)
from forvent.language import Encoder
from forvent.records import Estimate, Expectation, NotEnough

#: What people say of each, as words that are drawn from.
SAID = {
    "hot_soup": ["soup", "hot", "steaming", "warm", "lukewarm", "bowl", "ladle", "broth", "cold", "served"],
    "quick_waiter": ["waiter", "came", "quick", "slow", "beckon", "order", "table", "minutes", "brisk"],
    "product_quality": ["broke", "sturdy", "works", "taste", "fresh", "stale", "flavour", "worn", "leaking"],
    "friendly_staff": [
        "smile",
        "rude",
        "kind",
        "polite",
        "grumpy",
        "greeted",
        "thanked",
        "shouted",
        "warmth",
    ],
    "fair_price": ["cheap", "dear", "worth", "money", "bargain", "overpriced", "value", "cost", "euros"],
}
OWN = ("hot_soup", "quick_waiter")
RECORDS = {
    "hot_soup": Expectation("hot_soup", "hot", "use", "implicit", "basic", "product_quality", "own"),
    "quick_waiter": Expectation("quick_waiter", "quick", "use", "implicit", "basic", None, "own"),
}


def drawn(identifier: str, many: int, *, seed: int) -> list[Example]:
    rng = np.random.default_rng([seed, len(identifier), ord(identifier[0])])
    texts: set[str] = set()
    while len(texts) < many:
        texts.add(" ".join([*rng.choice(SAID[identifier], size=4), f"x{rng.integers(60)}"]))
    return [Example(identifier, "met", text, "en") for text in sorted(texts)]


def contrast(many: int = 60) -> list[Example]:
    return [
        example for identifier in SAID if identifier not in OWN for example in drawn(identifier, many, seed=1)
    ]


def learned(
    encoder: Encoder,
    examples: Sequence[Example],
    *,
    against: Sequence[Example] | None = None,
    taught: Sequence[Taught] = (),
) -> LearnedHead:
    rest = contrast() if against is None else list(against)
    vectors = example_vectors([e.text for e in (*examples, *rest, *taught)], encoder)
    return learn(
        examples, contrast=rest, vectors=vectors, expectations={**catalogue(), **RECORDS}, taught=taught
    )


def same(one: LearnedHead, other: LearnedHead) -> bool:
    arrays = ("center", "spread", "weights", "bias", "slope", "offset", "threshold", "gate")
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in arrays)


def f1(head: LearnedHead, encoder: Encoder, identifier: str) -> float:
    fresh = [example for other in SAID for example in drawn(other, 40, seed=2)]
    column = head.ids.index(identifier)
    said = head.probabilities(encoder.encode([e.text for e in fresh]))[:, column] >= head.threshold[column]
    true = np.array([e.expectation == identifier for e in fresh])
    return float(2 * (said & true).sum() / (said.sum() + true.sum()))


# --------------------------------------------------------------------------------- quality


def test_finds_what_it_learned_in_sentences_it_never_saw(words: Encoder) -> None:
    head = learned(words, [e for i in OWN for e in drawn(i, 60, seed=1)])
    assert head.ids == OWN
    assert min(f1(head, words, i) for i in OWN) > 0.85


def test_more_examples_find_more(words: Encoder) -> None:
    rest = [*contrast(), *drawn("quick_waiter", 60, seed=1)]
    found = [
        f1(learned(words, drawn("hot_soup", n, seed=1), against=rest), words, "hot_soup") for n in (3, 12, 80)
    ]
    assert found[0] < found[2]
    assert found[1] <= found[2] + 0.02
    assert found[2] > 0.85


def test_quality_is_told_of_examples_held_out_and_is_what_fresh_ones_show(words: Encoder) -> None:
    head = learned(words, [e for i in OWN for e in drawn(i, 80, seed=1)])
    [soup, _] = head.quality
    assert isinstance(soup.recall, Estimate)
    fresh = words.encode([e.text for e in drawn("hot_soup", 200, seed=5)])
    hits = float(np.mean(head.probabilities(fresh)[:, 0] >= head.threshold[0]))
    assert soup.recall.low - 0.1 <= hits <= soup.recall.high + 0.1
    assert soup.languages == {"en": 80}


def test_of_noise_nothing_good_is_claimed(words: Encoder) -> None:
    """Sentences about everything else, said to be of one expectation."""
    general = [i for i in SAID if i not in OWN]
    random = [e for i in general for e in drawn(i, 14, seed=4)]
    [noise] = learned(words, [replace(e, expectation="hot_soup") for e in random]).quality
    assert isinstance(noise.recall, Estimate)
    assert isinstance(noise.precision, Estimate)
    assert min(noise.recall.value, noise.precision.value) < 0.3


def test_with_three_examples_no_quality_is_told_and_their_like_are_still_found(words: Encoder) -> None:
    three = drawn("hot_soup", 3, seed=1)
    head = learned(words, three)
    assert head.quality[0].recall == NotEnough(
        3, 10, "examples; with fewer nothing can be said of how well it is found"
    )
    chance = head.probabilities(
        words.encode([three[0].text + " again", drawn("fair_price", 1, seed=9)[0].text])
    )
    assert chance[0, 0] >= head.threshold[0] > chance[1, 0]


def test_one_example_is_not_learned_from(words: Encoder) -> None:
    head = learned(words, [*drawn("hot_soup", 1, seed=1), *drawn("quick_waiter", 5, seed=1)])
    assert head.ids == ("quick_waiter",)
    with pytest.raises(NothingUsable) as caught:
        learned(words, drawn("hot_soup", 1, seed=1))
    assert str(caught.value) == (
        "No expectation can be learned: none has two different examples, or there is nothing to tell them "
        "from. "
        "Write at least two sentences for it in examples/<language>.tsv, better twenty."
    )
    with pytest.raises(NothingUsable):
        learned(words, drawn("hot_soup", 5, seed=1), against=[])


def test_the_same_sentence_many_times_is_one_example(words: Encoder) -> None:
    five = drawn("hot_soup", 5, seed=1)
    assert learned(words, five * 100).quality == learned(words, five).quality


def test_overlaps_name_what_was_taken_for_it(words: Encoder) -> None:
    like = [replace(e, expectation="fair_price") for e in drawn("quick_waiter", 30, seed=6)]
    head = learned(words, drawn("quick_waiter", 60, seed=1), against=[*contrast(), *like])
    assert head.quality[0].overlaps[0][0] == "fair_price"
    assert head.quality[0].overlaps[0][2] == 90


def test_examples_of_the_parent_weigh_less_against_the_child(words: Encoder) -> None:
    """A third of the parent's examples speak of the child, as those of a general catalogue do."""
    mine = drawn("hot_soup", 40, seed=1)
    unmarked = [replace(e, expectation="product_quality") for e in drawn("hot_soup", 30, seed=8)]
    elsewhere = [replace(e, expectation="fair_price") for e in drawn("hot_soup", 30, seed=8)]
    parents = learned(words, mine, against=[*contrast(), *unmarked])
    others = learned(words, mine, against=[*contrast(), *elsewhere])
    assert f1(parents, words, "hot_soup") >= f1(others, words, "hot_soup")
    assert isinstance(parents.quality[0].precision, Estimate)
    assert isinstance(others.quality[0].precision, Estimate)
    assert parents.quality[0].precision.value > others.quality[0].precision.value


# ------------------------------------------------------------------------------ same answer


def test_the_order_of_examples_changes_no_bit(words: Encoder) -> None:
    examples = [e for i in OWN for e in drawn(i, 20, seed=1)]
    rest = contrast()
    one, other = learned(words, examples, against=rest), learned(words, examples[::-1], against=rest[::-1])
    assert same(one, other)
    assert one.quality == other.quality


def test_batches_change_no_bit(words: Encoder) -> None:
    head = learned(words, drawn("hot_soup", 20, seed=1))
    rows = words.encode([e.text for e in contrast(20)])
    alone = np.vstack([head.probabilities(rows[n : n + 1]) for n in range(len(rows))])
    assert np.array_equal(head.probabilities(rows), alone)
    assert head.probabilities(rows[:0]).shape == (0, 1)


def test_a_head_read_from_its_file_answers_the_same(words: Encoder, tmp_path: Path) -> None:
    head = with_gates(
        learned(words, [e for i in OWN for e in drawn(i, 12, seed=1)]), {"hot_soup": [0.4] * 12}
    )
    save_head(head, tmp_path / "own.npz")
    again = read_head(tmp_path / "own.npz")
    assert same(head, again)
    assert (again.ids, again.parents, again.encoder, again.quality) == (
        head.ids,
        head.parents,
        "words 1 48",
        (),
    )
    save_head(again, tmp_path / "twice.npz")
    assert (tmp_path / "own.npz").read_bytes() == (tmp_path / "twice.npz").read_bytes()


def test_a_damaged_file_of_a_head_is_told(words: Encoder, tmp_path: Path) -> None:
    path = tmp_path / "own.npz"
    head = learned(words, drawn("hot_soup", 5, seed=1))
    save_head(replace(head, bias=np.array([np.nan])), path)
    with pytest.raises(UnreadableFile, match=r"own\.npz' is damaged: bias\."):
        read_head(path)
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(UnreadableFile, match=r"own\.npz' cannot be read"):
        read_head(path)
    with pytest.raises(UnreadableFile, match="cannot be read"):
        read_head(tmp_path / "none.npz")


# ----------------------------------------------------------------------- parents, corrections


def test_a_gate_is_half_of_what_the_parent_usually_has(words: Encoder) -> None:
    head = learned(words, [e for i in OWN for e in drawn(i, 12, seed=1)])
    assert with_gates(head, {"hot_soup": [0.02] + [0.1] * 39}).gate.tolist() == [0.05, 0.0]
    assert with_gates(head, {"hot_soup": [0.04, 0.9, 0.9]}).gate.tolist() == [0.02, 0.0]
    assert with_gates(head, {"hot_soup": [0.9] * 9, "quick_waiter": [0.9]}).gate.tolist() == [0.2, 0.0]
    assert with_gates(head, {}).gate.tolist() == [0.0, 0.0]


def test_a_child_is_spoken_of_only_where_its_parent_is_not_negligible(words: Encoder) -> None:
    head = with_gates(
        learned(words, [e for i in OWN for e in drawn(i, 40, seed=1)]), {"hot_soup": [0.2] * 40}
    )
    rows = words.encode([e.text for i in OWN for e in drawn(i, 1, seed=1)] * 2)
    ids = ("product_quality", "fair_price")
    general = np.array([[0.5, 0.0], [0.0, 0.0], [0.05, 0.9], [0.0, 0.0]])
    spoken = head.spoken(rows, general, ids=ids)
    assert (spoken > 0).tolist() == [[True, False], [False, True], [False, False], [False, True]]
    replaced = in_place_of_parents(general, spoken, head, ids=ids)
    assert replaced.tolist() == [[0.0, 0.0], [0.0, 0.0], [0.05, 0.9], [0.0, 0.0]]
    assert general[0, 0] == 0.5


def test_what_a_person_denied_is_told_from_it_at_once(words: Encoder) -> None:
    examples = drawn("hot_soup", 40, seed=1)
    odd = "soup spoon scratched the bowl ladle"
    before = learned(words, examples)
    after = learned(
        words, examples, taught=[Taught("hot_soup", f"{odd} {n}", False, None, "en") for n in range(3)]
    )
    row = words.encode([odd])
    assert after.probabilities(row)[0, 0] < before.probabilities(row)[0, 0]


def test_what_a_person_added_is_an_example_and_his_word_goes_first(words: Encoder) -> None:
    examples = drawn("hot_soup", 12, seed=1)
    more = [
        Taught("hot_soup", "chowder piping", True, "met", "en"),
        Taught("comfort", "sofa", True, "met", "en"),
    ]
    assert learned(words, examples, taught=more).quality[0].examples == 13
    denied = [Taught("hot_soup", examples[0].text, False, None, "en")]
    assert learned(words, examples, taught=denied).quality[0].examples == 11


def test_the_threshold_of_the_best_f1_lies_between_what_occurs() -> None:
    chances = np.array([0.9, 0.8, 0.7, 0.4, 0.3])
    assert best_threshold(chances, np.array([1.0, 1, 0, 1, 0]), weights=np.ones(5)) == 0.35
    assert best_threshold(chances, np.array([1.0, 1, 0, 0, 0]), weights=np.ones(5)) == 0.75
    assert best_threshold(np.full(5, 0.5), np.array([1.0, 0, 0, 0, 0]), weights=np.ones(5)) == 0.25
