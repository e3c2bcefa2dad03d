"""A clause is understood beside its voice."""

from __future__ import annotations

import numpy as np

from forvent.identify.in_context import in_context

#: Two clauses with their whole, then a voice of one clause.
MENTION = np.array([[0.8, 0.2, 0.3], [0.1, 0.5, 0.0], [0.6, 0.6, 0.9], [0.4, 0.0, 0.7]])
WHOLE = np.array([2, 2, 2, 3])


def odds(probability: float) -> float:
    return float(np.log(probability / (1 - probability)))


def test_a_clause_goes_half_the_way_to_its_voice_in_log_odds() -> None:
    seen = in_context(MENTION, WHOLE, general=2)
    assert np.isclose(odds(seen[0, 0]), (odds(0.8) + odds(0.6)) / 2, atol=1e-5)
    assert np.isclose(odds(seen[1, 1]), (odds(0.5) + odds(0.6)) / 2, atol=1e-5)


def test_whole_voices_and_those_of_one_clause_stay() -> None:
    seen = in_context(MENTION, WHOLE, general=3)
    assert np.array_equal(seen[2:], MENTION[2:])


def test_what_packs_learned_and_what_is_ruled_out_stays() -> None:
    mention = MENTION.copy()
    mention[0, 1] = 0.0
    seen = in_context(mention, WHOLE, general=2)
    assert seen[0, 1] == 0.0
    mention[2, 0] = 0.0
    assert in_context(mention, WHOLE, general=2)[0, 0] == 0.8
    assert np.array_equal(seen[:, 2], mention[:, 2])


def test_the_answer_does_not_hang_on_what_else_is_in_the_batch() -> None:
    together = in_context(MENTION, WHOLE, general=3)
    alone = in_context(MENTION[:3], WHOLE[:3], general=3)
    assert np.array_equal(together[:3], alone)
