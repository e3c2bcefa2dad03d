import numpy as np
import pytest

from forvent.assess.surveyed import Bounds, Mix, sheets_of, tolerance_zones
from forvent.records import Estimate, NotEnough, SurveyPair
from forvent.stats import wilson

PAIR = SurveyPair("speed", "", "p", "a", "d")
MIX = Mix("speed", "pair", (0,), (1.0,))


def zone_of(rows, *, pair=PAIR, bounds=Bounds(1.0, 9.0)):  # noqa: B008
    sheets = sheets_of(rows, better=(pair.better,))
    (zone,) = tolerance_zones(rows, pairs=(pair,), sheets=sheets, bounds=(bounds,), mixes=(MIX,))
    return zone


@pytest.fixture
def asked(answers):
    def make(received, adequate, desired, customers=None):
        levels = {"adequate_0": np.asarray(adequate, float), "desired_0": np.asarray(desired, float)}
        return answers([desired], [received], customers, **levels)

    return make


def test_the_ends_of_the_zone_are_where_its_authors_put_them(asked):
    """Inside from adequate on, and up to but without the desired level."""
    zone = zone_of(asked([5, 6, 7, 8, 9, 5, 6, 8], [6] * 8, [8] * 8))
    assert [share.value for share in (zone.below, zone.inside, zone.above)] == [0.25, 0.375, 0.375]
    plain = wilson(3, 8)
    assert (zone.inside.low, zone.inside.high) == pytest.approx((plain.low, plain.high))
    assert zone.over_adequate.value == pytest.approx(0.75)
    assert zone.over_desired.value == pytest.approx(-1.25)


def test_where_less_is_better_the_zone_is_turned(asked):
    days = SurveyPair("wait", "", "p", "a", "d", kind="level", better="less", unit="day")
    zone = zone_of(asked([1, 2, 3, 4, 5, 6], [4] * 6, [2] * 6), pair=days, bounds=None)
    assert [round(share.value, 3) for share in (zone.below, zone.inside, zone.above)] == [0.333, 0.333, 0.333]


def test_adequate_above_desired_lies_nowhere_and_is_counted(asked):
    zone = zone_of(asked([5] * 8, [4] * 6 + [9, 9], [6] * 8))
    assert zone.crossed == 2
    assert zone.inside.value == 1.0
    assert zone.inside.n == 6


def test_an_open_level_leaves_the_sheet_out(asked):
    zone = zone_of(asked([5] * 8, [4] * 6 + [np.nan] * 2, [6] * 8))
    assert (zone.inside.n, zone.crossed) == (6, 0)


def test_several_sheets_of_one_respondent_widen_the_shares(asked):
    received = [5, 7] * 20
    alone = zone_of(asked(received, [6] * 40, [9] * 40))
    people = np.repeat([f"c{number}" for number in range(10)], 4)
    grouped = zone_of(asked(sorted(received), [6] * 40, [9] * 40, people))
    assert grouped.inside.high - grouped.inside.low > 1.5 * (alone.inside.high - alone.inside.low)


def test_four_respondents_carry_no_share(asked):
    zone = zone_of(asked([5] * 4, [4] * 4, [6] * 4))
    assert zone.inside == NotEnough(n=4, needed=5, why="fewer than 5 respondents answered both")


def test_a_survey_without_both_levels_has_no_zone(answers):
    rows = answers([[5.0] * 6], [[5.0] * 6])
    assert zone_of(rows, pair=SurveyPair("speed", "e", "p")) is None


def test_pairs_without_levels_are_left_out_of_the_zone_of_all(answers):
    rows = answers([[8.0] * 6] * 2, [[5.0, 6, 7, 8, 9, 9]] * 2, adequate_0=[6.0] * 6, desired_0=[8.0] * 6)
    pairs = (PAIR, SurveyPair("care", "e", "q"))
    both = Mix("all", "all", (0, 1), (0.5, 0.5))
    sheets = sheets_of(rows, better=("more", "more"))
    (zone,) = tolerance_zones(rows, pairs=pairs, sheets=sheets, bounds=(Bounds(1, 9),) * 2, mixes=(both,))
    assert isinstance(zone.above, Estimate)
    assert zone.above.n == 6
