"""Student's quantile against the printed table and closed forms."""

import math

import pytest

from forvent.errors import BadOption
from forvent.stats import student_quantile


@pytest.mark.parametrize(
    ("degrees", "share", "table"),
    [
        (1, 0.975, 12.706),
        (2, 0.975, 4.303),
        (3, 0.95, 2.353),
        (5, 0.995, 4.032),
        (10, 0.975, 2.228),
        (30, 0.975, 2.042),
        (60, 0.9, 1.296),
        (120, 0.975, 1.980),
        (1_000_000, 0.975, 1.960),
    ],
)
def test_student_quantile_gives_the_table(degrees, share, table):
    assert student_quantile(share, degrees=degrees) == pytest.approx(table, abs=5e-4)


def test_student_quantile_of_one_degree_is_cauchys_and_of_two_is_known_in_closed_form():
    assert student_quantile(0.9, degrees=1) == pytest.approx(math.tan(math.pi * 0.4))
    assert student_quantile(0.9, degrees=2) == pytest.approx(0.8 / math.sqrt(2 * 0.9 * 0.1))


def test_student_quantile_is_odd_and_continuous_where_the_method_changes():
    assert student_quantile(0.025, degrees=7) == pytest.approx(-student_quantile(0.975, degrees=7))
    exact, expanded = student_quantile(0.999, degrees=100), student_quantile(0.999, degrees=101)
    assert 0 < exact - expanded < 1e-3


def test_student_quantile_refuses_no_degrees():
    with pytest.raises(BadOption) as error:
        student_quantile(0.9, degrees=0)
    assert str(error.value) == "0 degrees of freedom. A spread needs at least two values."
