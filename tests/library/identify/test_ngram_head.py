"""What the letters of a text speak for, beside the two networks."""

from __future__ import annotations

import numpy as np
import pytest

from forvent.identify.catalogue import catalogue
from forvent.identify.heads import Joint, Thresholds, load_joint, log_odds
from forvent.identify.ngram_head import ngram_head

TEXTS = [
    "The waiter was rude to us.",
    "Parkering var umulig å finne.",
    "",
    "送错了，少了一份",
    "!!!",
    "ջուրը սառն էր",
]
ANY = Thresholds(mention=0.5, neutral=0.5, wish=0.5, irony=0.5, act=0.5)


def test_knows_the_general_expectations_in_their_order() -> None:
    assert ngram_head().expectations == tuple(catalogue())


def test_a_text_has_the_same_scores_in_any_batch_bit_for_bit() -> None:
    together = ngram_head().scores([*TEXTS, *reversed(TEXTS)])
    for place, text in enumerate(TEXTS):
        alone = ngram_head().scores([text])
        assert alone.tobytes() == together[[place]].tobytes() == together[[-1 - place]].tobytes()


def test_texts_without_letters_all_score_the_same() -> None:
    silent = ngram_head().scores(["", "!!!", "😀"])
    assert (silent == silent[0]).all()


def test_scores_are_shares_of_what_the_letters_speak_for() -> None:
    assert np.exp(ngram_head().scores(TEXTS)).sum(axis=1) == pytest.approx(np.ones(len(TEXTS)), abs=1e-4)


@pytest.mark.parametrize(
    ("text", "expectation"),
    [
        ("The waiter was rude to us.", "friendly_staff"),
        ("Obsluha byla protivná a drzá.", "friendly_staff"),
        ("包裹里少了两件", "complete_order"),
    ],
)
def test_hears_what_plain_sentences_speak_of(text: str, expectation: str) -> None:
    head = ngram_head()
    assert head.expectations[int(head.scores([text])[0].argmax())] == expectation


def test_log_odds_are_added_with_a_slope_each_and_an_offset() -> None:
    joint = Joint({"mention": (0.5, 0.25, 0.1, -1.0), "met": (0.5, 0.25, -1.0)}, ANY)
    exact, fast, letters = np.array([[0.9]]), np.array([[0.2]]), np.array([[-3.0]])
    two = 0.5 * log_odds(exact) + 0.25 * log_odds(fast) - 1.0
    assert joint.of("met", exact, fast) == pytest.approx(1 / (1 + np.exp(-two)), abs=1e-6)
    assert joint.of("mention", exact, fast, letters) == pytest.approx(
        1 / (1 + np.exp(-(two - 0.3))), abs=1e-6
    )


def test_whoever_else_is_heard_is_added_in_order() -> None:
    joint = Joint({"mention": (0.0, 0.0, 0.1, 0.5, 0.0)}, ANY)
    even, letters, neighbours = np.array([[0.5]]), np.array([[-3.0]]), np.array([[2.0]])
    assert joint.of("mention", even, even, letters, neighbours) == pytest.approx(
        1 / (1 + np.exp(-0.7)), abs=1e-6
    )


def test_a_slope_for_what_is_not_heard_is_an_error() -> None:
    with pytest.raises(ValueError, match="zip"):
        Joint({"mention": (0.5, 0.25, 0.1, -1.0)}, ANY).of("mention", np.array([[0.9]]), np.array([[0.2]]))


def test_letters_speak_only_of_mentions_and_neighbours_of_whether_these_were_met_too() -> None:
    slopes = {kind: len(one) for kind, one in load_joint().weights.items()}
    assert (slopes.pop("mention"), slopes.pop("met")) == (5, 4)
    assert (slopes.pop("positive_familiar"), slopes.pop("positive_other")) == (4, 4)
    assert set(slopes.values()) == {3}
