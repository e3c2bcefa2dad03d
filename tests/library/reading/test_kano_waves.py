"""Waves in the order of time."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from forvent.errors import BadOption
from forvent.reading.kano_waves import waves_of


def test_few_days_are_waves_themselves() -> None:
    waves = waves_of(["2025-03-01", "2025-01-15", "2025-03-01 14:00"], every=None, column="asked")
    assert waves.labels == ("2025-01-15", "2025-03-01")
    assert waves.place == (1, 0, 1)
    assert waves.at == (0.0, 45.0)
    assert waves.period == "day"


@pytest.mark.parametrize(
    ("days", "period", "first", "count"),
    [(200, "month", "2024-01", 7), (1200, "quarter", "2024 Q1", 14), (3000, "year", "2024", 9)],
)
def test_longer_series_are_cut_into_periods(days: int, period: str, first: str, count: int) -> None:
    cells = [date(2024, 1, 1) + timedelta(days=day) for day in range(0, days, 10)]
    waves = waves_of(cells, every=None, column="asked")
    assert (waves.period, waves.labels[0], len(waves.labels)) == (period, first, count)
    assert list(waves.at) == sorted(set(waves.at))


def test_the_period_can_be_given() -> None:
    waves = waves_of(["2024-12-30", "2025-01-01", "2025-01-06"], every="week", column="asked")
    assert waves.labels == ("2025 W01", "2025 W02")
    assert waves.place == (0, 0, 1)


def test_a_cell_that_is_no_date_among_dates_is_in_no_wave() -> None:
    cells = [*(f"2025-0{month}-01" for month in range(1, 6)), "soon"]
    assert waves_of(cells, every="year", column="asked").place == (0, 0, 0, 0, 0, -1)


@pytest.mark.parametrize(
    "labels",
    [
        ("Q4 2023", "Q1 2024", "Q2 2024"),
        ("wave 2", "wave 9", "wave 10"),
        ("2023", "2024", "2025"),
        ("Nov 2023", "February 2024", "March 2024"),
        ("2023-11", "2024-02", "2024-10"),
        ("1", "2", "10"),
        ("before", "then"),
    ],
)
def test_names_are_put_in_the_order_of_time(labels: tuple[str, ...]) -> None:
    waves = waves_of(labels[::-1], every=None, column="wave")
    assert waves.labels == labels
    assert waves.place == tuple(range(len(labels)))[::-1]
    assert waves.at == tuple(float(place) for place in range(len(labels)))


def test_nothing_makes_no_wave() -> None:
    assert waves_of([], every=None, column="wave").labels == ()


@pytest.mark.parametrize(
    ("cells", "every", "message"),
    [
        (["a"], "decade", "“decade” is no period. Choose one of day, week, month, quarter, year."),
        (
            ["first", "second"],
            "month",
            "Column “wave” holds no dates, but for example “first”. "
            "Leave --every out, or name a column of dates with --wave.",
        ),
        (
            [f"w{number}" for number in range(121)],
            None,
            "Column “wave” makes 121 waves; 120 are the most. "
            "Choose a longer period with --every, or another column.",
        ),
    ],
)
def test_refuses_periods_and_columns_that_cannot_be(
    cells: list[str], every: str | None, message: str
) -> None:
    with pytest.raises(BadOption) as error:
        waves_of(cells, every=every, column="wave")
    assert str(error.value) == message
