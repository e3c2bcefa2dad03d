"""The 25 cells, and counting pairs into them."""

from __future__ import annotations

from collections.abc import Callable

import narwhals as nw
import numpy as np
import pyarrow as pa
import pytest
from numpy.typing import NDArray

from forvent.assess.kano import KANO_TABLE, cell_counts, kano_cells, kano_kind, kind_counts, same_answers
from forvent.assess.kano.cells import ANSWERS
from forvent.engine import Engine
from forvent.errors import BadOption
from forvent.records import KanoCounts

# Berger et al. (1993), figure of the evaluation table; rows with the feature, columns without it:
# like, must be, neutral, live with, dislike.
PUBLISHED = {
    "like": "Q A A A O",
    "must be": "R I I I M",
    "neutral": "R I I I M",
    "live with": "R I I I M",
    "dislike": "R R R R Q",
}
LETTERS = {
    "M": "basic",
    "O": "performance",
    "A": "excitement",
    "I": "indifferent",
    "R": "reverse",
    "Q": "questionable",
}


@pytest.mark.parametrize("without", range(1, 6))
@pytest.mark.parametrize("with_it", range(1, 6))
def test_each_of_the_25_cells_says_what_the_published_table_says(with_it: int, without: int) -> None:
    letter = PUBLISHED[ANSWERS[with_it - 1]].split()[without - 1]
    assert kano_kind(with_it, without) == LETTERS[letter]


def test_the_table_has_25_cells_and_liking_both_is_questionable() -> None:
    assert [len(row) for row in KANO_TABLE] == [5] * 5
    # A package prints performance here; the published table has Q.
    assert KANO_TABLE[0][0] == KANO_TABLE[4][4] == "questionable"


@pytest.mark.parametrize("answer", [0, 6, -1])
def test_an_answer_beyond_the_scale_is_refused(answer: int) -> None:
    with pytest.raises(BadOption) as error:
        kano_kind(answer, 3)
    assert str(error.value) == f"{answer} is no answer. Answers are 1 (like) to 5 (dislike)."
    with pytest.raises(BadOption):
        kano_kind(3, answer)


def answers() -> pa.Table:
    return pa.table(
        {
            "sheet": [1, 1, 1, 2, 2, 3],
            "feature": ["chat", "app", "wrap", "chat", "app", "chat"],
            "functional": pa.array([3, 3, 3, 1, None, 1], pa.int8()),
            "dysfunctional": pa.array([3, 3, 3, 5, 5, 5], pa.int8()),
            "wave": pa.array(["a", "a", "a", "b", "b", None], pa.string()),
        }
    )


def test_pairs_are_counted_by_feature_on_the_engine() -> None:
    with Engine() as engine:
        cells = engine.collect(kano_cells(engine.table(answers())))
    assert cells.to_pylist() == [
        {"group": None, "feature": "app", "functional": 3, "dysfunctional": 3, "n": 1},
        {"group": None, "feature": "chat", "functional": 1, "dysfunctional": 5, "n": 2},
        {"group": None, "feature": "chat", "functional": 3, "dysfunctional": 3, "n": 1},
        {"group": None, "feature": "wrap", "functional": 3, "dysfunctional": 3, "n": 1},
    ]


@pytest.mark.parametrize("dictionary", [False, True])
def test_names_kept_as_codes_count_as_names(dictionary: bool) -> None:
    rows = answers()
    if dictionary:
        columns = [
            column.combine_chunks().dictionary_encode() if name in ("feature", "wave") else column
            for name, column in zip(rows.column_names, rows.columns, strict=True)
        ]
        rows = pa.Table.from_arrays(columns, names=rows.column_names)
    with Engine() as engine:
        found = cell_counts(engine.collect(kano_cells(engine.table(rows), by="wave")))
    assert found.groups == ("a", "b", None)
    assert found.features == ("app", "chat", "wrap")
    assert found.counts.sum(axis=(2, 3)).tolist() == [[1, 1, 1], [0, 1, 0], [0, 1, 0]]
    assert found.counts[1, 1, 0, 4] == 1


def test_every_engine_counts_alike() -> None:
    lazy = nw.from_native(answers()).lazy()
    with Engine() as engine:
        there = engine.collect(kano_cells(engine.table(answers()), by="wave"))
    here = nw.to_native(kano_cells(lazy, by="wave").collect())
    order = ["feature", "functional", "n", "group"]
    assert sorted(map(str, there.select(order).to_pylist())) == sorted(
        map(str, here.select(order).to_pylist())
    )


def test_sheets_with_one_answer_throughout_are_counted() -> None:
    with Engine() as engine:
        found = engine.collect(same_answers(engine.table(answers())))
        fewer = engine.collect(same_answers(engine.table(answers()), least=1))
    assert found.to_pylist() == [{"sheets": 3, "same": 1}]
    # Two answers that differ are not one answer, however few there are.
    assert fewer.to_pylist() == [{"sheets": 3, "same": 1}]


def test_features_nobody_answered_are_there_with_nothing() -> None:
    with Engine() as engine:
        cells = engine.collect(kano_cells(engine.table(answers().slice(0, 0))))
    found = cell_counts(cells, features=("phone",))
    assert found.groups == (None,)
    assert found.counts.shape == (1, 1, 5, 5)
    assert found.counts.sum() == 0


def test_cells_beyond_the_scale_are_refused() -> None:
    rows = {"group": pa.array([None], pa.string()), "feature": ["a"], "functional": [1], "dysfunctional": [0]}
    with pytest.raises(BadOption, match=r"^0 is no answer\."):
        cell_counts(pa.table({**rows, "n": [3]}))


def test_pairs_are_counted_by_what_they_say(cells_of: Callable[..., NDArray[np.int64]]) -> None:
    said = KanoCounts(basic=1, performance=2, excitement=3, indifferent=4, reverse=5, questionable=6)
    cells = cells_of(basic=1, performance=2, excitement=3, indifferent=4, reverse=5, questionable=6)
    assert kind_counts(cells) == said
    assert (said.judged, said.n) == (10, 21)
