"""From collected outcomes to arrays."""

from datetime import datetime

import numpy as np
import pyarrow as pa

from forvent.adjust import Cases, cases_from


def rows() -> pa.Table:
    return pa.table(
        {
            "start": [datetime(2024, 5, day, 23) for day in (3, 1, 2, 4)],
            "wait_seconds": [7_200.0, 60.0, None, 60.0],
            "promised_seconds": [86_400.0, None, 86_400.0, 86_400.0],
            "kept": [True, None, False, None],
            "outcome": ["kept", "unpromised", "broken", "cancelled"],
            "shop": ["a", "b", "(unknown)", "a"],
        }
    )


def read(*, by_day: bool = False) -> Cases:
    return cases_from(rows(), as_of=datetime(2024, 6, 1), by_day=by_day, groups=("shop",))


def test_cases_stand_in_the_order_of_their_start_without_the_cancelled() -> None:
    cases = read()
    assert cases.n == 3
    assert np.diff(cases.start).tolist() == [86_400.0, 86_400.0]
    assert cases.groups["shop"].tolist() == ["b", "(unknown)", "a"]


def test_what_is_missing_is_nan() -> None:
    cases = read()
    np.testing.assert_array_equal(cases.wait, [60.0, np.nan, 7_200.0])
    np.testing.assert_array_equal(cases.promised, [np.nan, 86_400.0, 86_400.0])
    np.testing.assert_array_equal(cases.kept, [np.nan, 0.0, 1.0])


def test_times_are_seconds_since_1970() -> None:
    assert read().as_of == 1_717_200_000.0
    assert read().start[0] == 1_714_604_400.0


def test_lengths_are_elapsed_or_calendar_days() -> None:
    np.testing.assert_array_equal(read().lengths(), [60.0, np.nan, 7_200.0])
    # Two hours from 23:00 end on the next day.
    np.testing.assert_array_equal(read(by_day=True).lengths(), [0.0, np.nan, 86_400.0])


def test_picks_by_mask_and_keeps_groups_beside() -> None:
    cases = read()
    picked = cases.where(cases.groups["shop"] == "a")
    assert picked.n == 1
    assert picked.groups["shop"].tolist() == ["a"]
    assert picked.as_of == cases.as_of
