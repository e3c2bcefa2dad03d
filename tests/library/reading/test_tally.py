from __future__ import annotations

import numpy as np

from forvent.reading.tally import KEPT, Tally, drops_row
from forvent.records import Unusable


def test_counts_all_rows_but_shows_the_first_twenty_and_one_short_example() -> None:
    tally = Tally()
    for row in range(2, 102):
        tally.add("no start", row=row, column="ordered", example="x" * 100)
    assert tally.unusable() == (Unusable("no start", 100, tuple(range(2, 22)), "ordered", "x" * 39 + "…"),)


def test_rows_left_out_come_before_rows_that_were_kept() -> None:
    tally = Tally()
    for row in range(9):
        tally.add(KEPT + "no time", row=row)
    tally.add("no id", row=9)
    reasons = tally.unusable()
    assert [entry.reason for entry in reasons] == ["no id", "kept, but: no time"]
    assert [drops_row(entry) for entry in reasons] == [True, False]


def test_rows_counted_at_once_come_to_the_same_as_one_by_one() -> None:
    numbers = np.arange(2, 102)
    at_once, one_by_one = Tally(), Tally()
    at_once.add_rows("no start", rows=numbers[:5], column="ordered")
    at_once.add_rows("no start", rows=numbers[5:], column="ordered", example="x")
    at_once.add_rows("nothing at all", rows=numbers[:0])
    for number in numbers.tolist():
        one_by_one.add("no start", row=number, column="ordered", example="x")
    assert at_once.unusable() == one_by_one.unusable()
