"""P values of Student's t."""

import pytest

from forvent.errors import BadOption
from forvent.stats.student import student_p, student_quantile

# scipy 1.17, 2 * scipy.stats.t.sf(t, degrees).
KNOWN = [
    (1.0, 1, 0.5),
    (2.0, 3, 0.1393260),
    (0.5, 30, 0.6207292),
    (2.5, 101, 0.01402696),
    (3.0, 1000, 0.002766765),
]


@pytest.mark.parametrize(("distance", "degrees", "p"), KNOWN)
def test_known_values(distance, degrees, p):
    assert student_p(distance, degrees=degrees) == pytest.approx(p, rel=2e-4)


@pytest.mark.parametrize("degrees", [1, 4, 100, 101, 5000])
@pytest.mark.parametrize("p", [0.5, 0.05, 0.001])
def test_belongs_to_the_quantile(degrees, p):
    distance = student_quantile(1.0 - p / 2.0, degrees=degrees)
    assert student_p(distance, degrees=degrees) == pytest.approx(p, rel=1e-6)
    assert student_p(-distance, degrees=degrees) == student_p(distance, degrees=degrees)


def test_ends():
    assert student_p(0.0, degrees=7) == 1.0
    assert student_p(float("inf"), degrees=7) == 0.0
    assert student_p(float("inf"), degrees=700) == 0.0


def test_refuses_no_degrees():
    with pytest.raises(BadOption, match="0 degrees of freedom"):
        student_p(1.0, degrees=0)
