import pytest

from forvent.assess.surveyed import against_expected, against_rest, rates
from forvent.records import Estimate, NotEnough


@pytest.mark.parametrize(
    ("gap", "rate", "better", "alike", "said"),
    [
        (Estimate(-0.5, -0.7, -0.3, 90), 0.01, "more", 0.2, "worse than expected"),
        (Estimate(0.5, 0.3, 0.7, 90), 0.01, "more", 0.2, "better than expected"),
        (Estimate(0.5, 0.3, 0.7, 90), 0.01, "less", None, "worse than expected"),
        (Estimate(-0.5, -0.7, -0.3, 90), 0.08, "more", 0.2, "undecided"),
        (Estimate(0.0, -0.1, 0.1, 90), 0.9, "more", 0.2, "as expected"),
        (Estimate(0.0, -0.1, 0.1, 90), 0.9, "more", None, "undecided"),
        (Estimate(0.1, 0.05, 0.15, 90), 0.01, "more", 0.2, "better than expected"),
        (Estimate(-0.5, -0.7, -0.3, 90), None, "more", None, "undecided"),
        (NotEnough(2, 5, "few"), None, "more", 0.2, "not enough data"),
    ],
)
def test_says_no_more_than_the_numbers(gap, rate, better, alike, said):
    assert against_expected(gap, rate, better=better, alike=alike) == said


def test_the_rest_has_words_of_its_own():
    assert against_rest(Estimate(1.0, 0.5, 1.5, 9), 0.01, better="less", alike=None) == "worse than the rest"


def test_the_level_of_the_interval_decides_what_a_finding_is():
    gap = Estimate(-0.5, -0.7, -0.3, 90, 0.8)
    assert against_expected(gap, 0.15, better="more", alike=None) == "worse than expected"


def test_families_are_judged_apart_and_in_their_order():
    assert rates([0.04, 0.01, None, 0.03], families=["a", "b", "a", "a"]) == (0.04, 0.01, None, 0.04)
    assert rates([], families=[]) == ()
