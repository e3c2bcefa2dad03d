from __future__ import annotations

from itertools import pairwise

from forvent.reading.rows import Row
from forvent.reading.sample import sample_of


def test_takes_rows_evenly_from_the_whole_file() -> None:
    sample = sample_of((Row(number, [number]) for number in range(1, 100_001)), size=1000)
    numbers = [int(str(row[0])) for row in sample.rows]
    assert sample.total == 100_000
    assert 500 <= len(numbers) <= 1000
    assert {later - earlier for earlier, later in pairwise(numbers)} == {sample.step}
    assert numbers[0] == 1
    assert numbers[-1] > 99_000


def test_takes_all_rows_of_a_small_file_counts_flawed_ones_and_cuts_long_cells() -> None:
    sample = sample_of([Row(2, ["x" * 5000, 1]), Row(3, (), flaw="bad"), Row(4, ["y", 2])])
    assert sample.total == 3
    assert [len(str(cell)) for cell in sample.column(0)] == [400, 1]
    assert sample.column(1) == [1, 2]
