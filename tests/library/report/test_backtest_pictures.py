"""The picture over months: marks stand where the numbers say, gaps stay gaps, alarms are dated."""

from __future__ import annotations

import re

import pytest

from forvent.report.pictures.months import (
    MonthAlarm,
    MonthLine,
    MonthPlane,
    MonthPoint,
    MonthWords,
    kept_floor,
    month_key,
    months_picture,
    runs,
)

PLANE = MonthPlane(months=4, low=0.6, high=1.0, level=0.9)
NAMES = (("Nov", "2017"), ("Dec", ""), ("Jan", "2018"), ("Feb", ""))
WORDS = MonthWords("It held.", "share kept", NAMES, ((0.6, "60%"), (0.8, "80%"), (1.0, "100%")))


def line(way: str, *values: float | None, band: float | None = 0.05) -> MonthLine:
    """A line over the months, None where there is no number."""
    return MonthLine(
        way,
        tuple(
            MonthPoint(place, value, value - band, value + band) if band else MonthPoint(place, value)
            for place, value in enumerate(values)
            if value is not None
        ),
    )


def drawn(*lines: MonthLine, alarms: tuple[MonthAlarm, ...] = (), plane: MonthPlane = PLANE) -> str:
    return str(months_picture(lines, plane=plane, alarms=alarms, words=WORDS))


def test_marks_stand_in_the_middle_of_their_month_at_their_share() -> None:
    svg = drawn(line("ours", 0.6, 0.8, 1.0, 0.8))
    places = re.findall(r'<circle cx="([\d.]+)" cy="([\d.]+)" r="3.5" class="mark ours"/>', svg)
    # Four months share 46–692 across; 60 % lies at 276 and 100 % at 46.
    assert places == [("126.8", "276"), ("288.2", "161"), ("449.8", "46"), ("611.2", "161")]


def test_a_month_without_a_number_breaks_line_and_band() -> None:
    svg = drawn(line("ours", 0.8, 0.9, None, 0.9))
    assert svg.count('class="line ours"') == 1
    assert svg.count('class="band"') == 1
    assert svg.count('class="bandedge ours"') == 1
    assert svg.count('class="mark ours"') == 3


def test_runs_are_months_that_follow_one_another() -> None:
    points = [MonthPoint(place, 0.9) for place in (5, 0, 1, 3)]
    assert [[point.place for point in run] for run in runs(points)] == [[0, 1], [3], [5]]


def test_ours_is_shaded_and_the_company_has_dotted_edges() -> None:
    svg = drawn(line("ours", 0.8, 0.9, 0.9, 0.9), line("promised", 0.9, 0.8, 0.8, 0.9))
    assert svg.count('class="band"') == 1
    assert svg.count('class="bandedge promised"') == 2


def test_rivals_are_faint_lines_without_band_and_mark_behind_the_others() -> None:
    svg = drawn(line("ours", 0.8, 0.9, 0.9, 0.9), line("cqr", 0.9, 0.8, 0.8, 0.9))
    assert "bandedge" not in svg
    assert "mark cqr" not in svg
    assert svg.index('class="line cqr"') < svg.index('class="line ours"')


def test_a_rival_of_one_month_is_still_seen() -> None:
    assert 'class="line cqr"' in drawn(line("cqr", 0.9))


def test_many_months_leave_no_room_for_marks() -> None:
    values = (0.9,) * 100
    svg = drawn(line("ours", *values), plane=MonthPlane(months=100, low=0.6, high=1.0))
    assert "<circle" not in svg
    assert 'class="line ours"' in svg


def test_the_level_is_a_line_where_there_is_one() -> None:
    assert 'y1="103.5" y2="103.5" class="level"' in drawn(line("ours", 0.9))
    assert 'class="level"' not in drawn(line("ours", 0.9), plane=MonthPlane(4, 0.0, 30.0))


def test_an_alarm_is_a_dated_rule_that_points_to_its_side() -> None:
    alarms = (MonthAlarm(0.5, "below", "Nov 15"), MonthAlarm(2.5, "above", "Jan 15"))
    svg = drawn(line("ours", 0.9), alarms=alarms)
    assert svg.count('class="alarm"') == 2
    assert 'd="M126.8 276.0 L122.8 269.0 L130.8 269.0 Z" class="tip below"' in svg
    assert 'd="M449.8 44.0 L445.8 51.0 L453.8 51.0 Z" class="tip above"' in svg
    assert ">Nov 15</text>" in svg


def test_dates_that_would_overlap_are_left_out_and_the_rules_stay() -> None:
    alarms = tuple(MonthAlarm(1.0 + place / 50, "below", f"Dec {place}") for place in range(5))
    svg = drawn(line("ours", 0.9), alarms=alarms)
    assert svg.count('class="alarm"') == 5
    assert re.findall(r">(Dec \d)<", svg) == ["Dec 0"]


def test_a_date_at_the_edge_stays_in_the_picture() -> None:
    svg = drawn(line("ours", 0.9), alarms=(MonthAlarm(4.0, "below", "Feb 28"),))
    found = re.search(r'<text x="([\d.]+)" y="[\d.]+" class="note">Feb 28<', svg)
    assert found is not None
    assert float(found[1]) + 40 <= 700


def test_years_stand_under_the_first_month_and_under_january() -> None:
    svg = drawn(line("ours", 0.9))
    assert ">2017</text>" in svg
    assert ">2018</text>" in svg


def test_names_of_months_are_thinned_where_they_would_run_together() -> None:
    names = tuple((f"month{place}", "") for place in range(24))
    words = MonthWords("…", "share", names, ())
    svg = months_picture([], plane=MonthPlane(24, 0.0, 1.0), alarms=(), words=words, narrow=True)
    assert 1 < len(re.findall(r">month\d+<", svg)) <= 6


def test_the_picture_says_its_finding() -> None:
    assert 'role="img" aria-label="It held."' in drawn(line("ours", 0.9))


@pytest.mark.parametrize(
    ("values", "ends", "floor"),
    [
        ((0.93, 0.98), (0.91,), 0.9),
        ((0.93, 0.85), (0.83,), 0.8),
        ((0.93, 0.85), (0.2,), 0.7),
        ((0.05,), (0.0,), 0.0),
        ((1.0,), (1.0,), 0.9),
        ((), (), 0.0),
    ],
)
def test_the_axis_of_shares_begins_below_what_it_shows(
    values: tuple[float, ...], ends: tuple[float, ...], floor: float
) -> None:
    assert kept_floor(values, ends=ends) == pytest.approx(floor)


@pytest.mark.parametrize("way", ["ours", "promised", "cqr", "level", "alarm"])
def test_the_key_is_decoration(way: str) -> None:
    assert 'aria-hidden="true"' in month_key(way)
