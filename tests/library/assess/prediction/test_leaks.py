"""Columns that were written only afterwards are found and left out."""

from dataclasses import replace

import numpy as np
import pytest

from forvent.assess.prediction import disappointment
from forvent.assess.prediction.leaks import ranks_alone, usable_columns


@pytest.fixture
def history(histories):
    return histories.truth(np.random.default_rng(1), n=1_500, open_cases=60).history


def with_columns(history, **columns):
    return replace(history, columns={**history.columns, **columns})


def test_columns_known_at_the_start_are_kept(history):
    kept, left = usable_columns(history)
    assert list(kept) == ["shop", "price"]
    assert left == ()


def test_a_planted_copy_of_the_outcome_is_left_out(history):
    sad = np.where(np.isfinite(history.sad), history.sad, 0.0)
    planted = with_columns(
        history,
        refund=sad * 20.0 + np.arange(history.n) % 7 / 10,
        ticket=np.where(sad > 0, "complaint", "none").astype(np.str_),
    )
    kept, left = usable_columns(planted)
    assert list(kept) == ["shop", "price"]
    why = "alone it tells the outcome almost surely, as only what is written afterwards does"
    assert [(one.column, one.why, one.after) for one in left] == [
        ("refund", why, True),
        ("ticket", why, True),
    ]


def test_a_column_that_is_filled_only_when_a_case_ends_is_left_out(history):
    carrier = np.where(np.isfinite(history.delivered), "post", "").astype(np.str_)
    _, left = usable_columns(with_columns(history, carrier=carrier))
    assert left[0].why == (
        "it is filled for ended cases and empty for open ones, so it is written only afterwards"
    )


def test_text_of_too_many_values_is_left_out_but_is_no_leak(history):
    streets = np.array([f"street {place}" for place in range(history.n)])
    _, left = usable_columns(with_columns(history, street=streets))
    assert [(one.why, one.after) for one in left] == [
        ("it has too many different values to learn from", False)
    ]


def test_rare_values_do_not_rank_by_themselves():
    rng = np.random.default_rng(2)
    names = np.array([f"n{one}" for one in rng.integers(0, 900, 1_000)])
    came = (rng.random(1_000) < 0.2).astype(float)
    assert ranks_alone(names, outcome=came) < 0.6


def test_the_leak_changes_nothing_of_what_is_foretold(history):
    sad = np.where(np.isfinite(history.sad), history.sad, 0.0)
    plain = disappointment(history, rng=np.random.default_rng(1), rounds=50)
    planted = disappointment(with_columns(history, refund=sad), rng=np.random.default_rng(1), rounds=50)
    assert planted.accuracies == plain.accuracies
    assert planted.cases == plain.cases
