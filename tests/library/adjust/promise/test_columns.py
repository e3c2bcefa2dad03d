"""What is known of a case at its start, as numbers: what is learned from, drawn in, and unknown."""

from __future__ import annotations

import numpy as np
import pytest

from forvent.adjust.history import Column, Floats, History
from forvent.adjust.lengths import DAY, HOUR
from forvent.adjust.promise.columns import (
    LEAST_OF_LEVEL,
    MOST_LEVELS,
    NumberColumn,
    at_start,
    learn_columns,
)

NAN = np.nan
SUNDAY = 1_767_484_800.0  # 4 January 2026, 00:00 UTC


def history(
    columns: dict[str, Column], *, start: Floats | None = None, promised: Floats | None = None
) -> History:
    """Cases that all start at one moment, unless said otherwise."""
    n = next(iter(columns.values())).size if columns else (start.size if start is not None else 0)
    start = np.full(n, SUNDAY) if start is None else start
    return History(
        start=start,
        known=start + 1.0,
        amount=np.ones(n),
        promised=np.full(n, NAN) if promised is None else promised,
        columns=columns,
        unit="day",
        as_of=SUNDAY + 400 * DAY,
    )


def test_numbers_come_first_and_texts_after() -> None:
    found = learn_columns(history({"kind": np.array(["a", "b"] * 5), "size": np.arange(10.0)}))
    assert found.names == ("size", "kind")
    assert found.text_positions == [1]


def test_constant_and_empty_columns_are_left_out() -> None:
    columns: dict[str, Column] = {
        "one": np.full(20, 7.0),
        "one or missing": np.array([7.0, NAN] * 10),
        "missing": np.full(20, NAN),
        "endless": np.array([np.inf, -np.inf] * 10),
        "word": np.full(20, "x"),
        "no word": np.full(20, ""),
        "rare words": np.array([f"w{at}" for at in range(20)]),
    }
    assert learn_columns(history(columns)).names == ()
    assert learn_columns(history(columns)).matrix(history(columns)).shape == (20, 0)


def test_one_word_beside_unknown_ones_still_tells_the_two_apart() -> None:
    words = np.array(["x"] * 10 + ["", "y"] * 5)
    found = learn_columns(history({"word": words}))
    assert found.texts[0].levels == ("x", "y")
    mostly = learn_columns(history({"word": np.array(["x"] * 10 + [""] * 5)}))
    assert mostly.texts[0].levels == ("x",)
    assert np.isnan(mostly.matrix(history({"word": np.array(["", "x", "z"])}))[:, 0]).tolist() == [1, 0, 1]


def test_levels_are_numbered_by_the_alphabet_and_others_are_unknown() -> None:
    found = learn_columns(history({"kind": np.array(["pear", "apple", "fig"] * 6)}))
    asked = history({"kind": np.array(["apple", "fig", "pear", "", "quince", "a", "pears"])})
    np.testing.assert_array_equal(found.matrix(asked)[:, 0], [0, 1, 2, NAN, NAN, NAN, NAN])


def test_rare_levels_and_those_beyond_the_commonest_are_unknown() -> None:
    words = [f"w{at:03}" for at in range(MOST_LEVELS + 50)]
    counted = np.array([word for at, word in enumerate(words) for _ in range(5 + (at % 3))])
    found = learn_columns(history({"word": counted}))
    assert len(found.texts[0].levels) == MOST_LEVELS
    # Every one that is left out is among the least common.
    assert {int(word[1:]) % 3 for word in set(words) - set(found.texts[0].levels)} == {0}
    few = np.array(["a"] * LEAST_OF_LEVEL + ["b"] * (LEAST_OF_LEVEL - 1) + ["c"] * 9)
    assert learn_columns(history({"word": few})).texts[0].levels == ("a", "c")


def test_wild_values_are_drawn_in_to_what_was_learned() -> None:
    learned = np.arange(1_001.0)
    found = learn_columns(history({"size": learned}))
    assert found.numbers == (NumberColumn("size", 5.0, 995.0, 500.0, False),)
    asked = history({"size": np.array([-1e300, 3.0, 400.0, 999.0, 1e300])})
    assert found.matrix(asked)[:, 0].tolist() == [5.0, 5.0, 400.0, 995.0, 995.0]


def test_a_rare_other_value_is_not_drawn_away() -> None:
    flag = np.zeros(1_000)
    flag[:3] = 1.0
    assert learn_columns(history({"flag": flag})).numbers[0].high == 1.0


def test_a_missing_value_is_the_middle_unless_missing_was_learned() -> None:
    whole, gaps = np.arange(9.0), np.array([0.0, 1, 2, 3, 4, 5, 6, 7, NAN])
    asked = history({"size": np.array([NAN, np.inf, -np.inf])})
    assert learn_columns(history({"size": whole})).matrix(asked)[:, 0].tolist() == [4.0, 4.0, 4.0]
    assert np.isnan(learn_columns(history({"size": gaps})).matrix(asked)).all()


def test_a_column_that_is_gone_counts_as_missing() -> None:
    found = learn_columns(history({"size": np.arange(9.0), "kind": np.array(["a", "b", "c"] * 3 + [])}))
    assert found.names == ("size",)  # three of each are too few
    found = learn_columns(history({"size": np.arange(10.0), "kind": np.array(["a", "b"] * 5)}))
    np.testing.assert_array_equal(found.matrix(history({}, start=np.array([SUNDAY]))), [[4.5, NAN]])


def test_a_straight_line_reads_numbers_alone_with_the_middle_for_missing_ones() -> None:
    found = learn_columns(
        history({"size": np.array([0.0, 2.0, 4.0, 6.0, NAN] * 2), "kind": np.array(["a", "b"] * 5)})
    )
    asked = found.matrix(history({"size": np.array([NAN, 4.0]), "kind": np.array(["a", "a"])}))
    assert found.filled(asked).tolist() == [[3.0], [4.0]]


def test_weekday_and_hour_are_those_of_the_start() -> None:
    start = SUNDAY + np.array([0.0, 30 * HOUR, 5 * DAY + 23 * HOUR + 59 * 60])
    known = at_start(history({}, start=start))
    assert known["weekday"].tolist() == [6.0, 0.0, 4.0]  # Monday is 0
    assert known["hour"].tolist() == [0.0, 6.0, 23.0]


def test_hours_are_left_out_where_starts_hold_days_only() -> None:
    days = SUNDAY + np.arange(20) * DAY
    assert learn_columns(history({}, start=days)).names == ("weekday",)
    assert learn_columns(history({}, start=days + np.arange(20) * HOUR)).names == ("weekday", "hour")


def test_a_case_at_midnight_is_read_alike_alone_and_among_others() -> None:
    found = learn_columns(history({}, start=SUNDAY + np.arange(200) * 7 * HOUR))
    alone = found.matrix(history({}, start=np.array([SUNDAY])))
    among = found.matrix(history({}, start=SUNDAY + np.array([0.0, HOUR])))
    assert alone[0].tolist() == among[0].tolist() == [6.0, 0.0]


def test_the_promise_of_the_company_is_a_column_where_there_is_one() -> None:
    promised = np.array([2.0, NAN, 4.0, 5.0])
    found = learn_columns(history({}, start=np.full(4, SUNDAY), promised=promised))
    assert [(column.name, column.gaps) for column in found.numbers] == [("promised", True)]
    assert learn_columns(history({}, start=np.full(4, SUNDAY))).names == ()


def test_a_row_of_one_case_is_its_row_of_the_matrix() -> None:
    rng = np.random.default_rng(1)
    size, kind = (
        rng.normal(size=300),
        rng.choice(["a", "b", "ö", "rare", ""], size=300, p=[0.4, 0.3, 0.2, 0.01, 0.09]),
    )
    gaps = np.where(rng.random(300) < 0.2, NAN, rng.gamma(2.0, size=300))
    found = learn_columns(history({"size": size, "gaps": gaps, "kind": kind}))
    asked: dict[str, Column] = {
        "size": np.array([99.0, NAN, 0.1, -99.0]),
        "gaps": np.array([NAN, 1.0, np.inf, 2.0]),
        "kind": np.array(["ö", "", "unseen", "a"]),
    }
    matrix = found.matrix(history(asked))
    for at, row in enumerate(matrix):
        known = {name: values[at].item() for name, values in asked.items()}
        known |= {"weekday": 6.0, "hour": 0.0}
        assert found.row(known) == pytest.approx(row.tolist(), nan_ok=True, abs=0)
    assert found.row({"kind": None}) == pytest.approx([float(np.median(size)), NAN, NAN], nan_ok=True)
