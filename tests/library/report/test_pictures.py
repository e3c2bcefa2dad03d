"""Pictures: marks stand where the numbers say, and never speak by colour alone."""

from __future__ import annotations

import math
import re
from itertools import pairwise

import pytest
from markupsafe import Markup

from forvent.records import Estimate, Findings, FrontierPoint, NotEnough, SatisfactionPoint
from forvent.report.pictures.chain import CurveWords, beads, days_shown, satisfaction_curve
from forvent.report.pictures.dumbbell import dumbbell
from forvent.report.pictures.kinds import penalty_reward
from forvent.report.pictures.labels import Box, text_width
from forvent.report.pictures.legend import row_axis
from forvent.report.pictures.levels import BINS, LevelWords, Strips, levels, shares
from forvent.report.pictures.promise import ROOM, FrontierWords, Marked, promise_frontier, reach
from forvent.report.pictures.svg import Axis, element, path, pct, round_ticks
from forvent.report.sections.matters import matters_section
from forvent.report.wording import wording

FEW = NotEnough(4, 5, "few")
EXPECTED = Estimate(0.71, 0.64, 0.78, 172)
GOT = Estimate(0.38, 0.31, 0.45, 172)


def _circles(svg: Markup) -> list[tuple[str, str]]:
    return re.findall(r'<circle cx="([^"]+)"[^>]* class="([^"]+)"', svg)


def _dumbbell(verdict: str, *, assumed: bool = False) -> Markup:
    return dumbbell(EXPECTED, got=GOT, verdict=verdict, assumed=assumed, says="On time: …")


def test_hollow_is_expected_and_filled_is_got() -> None:
    assert _circles(_dumbbell("short")) == [("71%", "expected"), ("38%", "got")]


def test_the_line_joins_both_marks() -> None:
    assert 'x1="71%" x2="38%" y1="18" y2="18" class="gap short"' in _dumbbell("short")


def test_whiskers_reach_to_both_ends_of_both_intervals() -> None:
    svg = _dumbbell("short")
    for end in ("64%", "78%", "31%", "45%"):
        assert f'x1="{end}"' in svg


def test_an_assumed_mark_is_dashed_by_its_class() -> None:
    assert ("71%", "expected assumed") in _circles(_dumbbell("short", assumed=True))


def test_without_a_number_there_is_neither_mark_nor_line() -> None:
    svg = dumbbell(EXPECTED, got=FEW, verdict="unknown", assumed=False, says="…")
    assert _circles(svg) == [("71%", "expected")]
    assert "gap" not in svg


def test_marks_stay_inside_the_picture() -> None:
    svg = dumbbell(
        Estimate(1.2, 1.1, 1.3, 5),
        got=Estimate(-0.2, -0.3, -0.1, 5),
        verdict="short",
        assumed=False,
        says="…",
    )
    assert _circles(svg) == [("100%", "expected"), ("0%", "got")]


def test_a_picture_says_what_it_shows() -> None:
    svg = dumbbell(EXPECTED, got=GOT, verdict="short", assumed=False, says='"On time" <b>')
    assert 'role="img" aria-label="&#34;On time&#34; &lt;b&gt;"' in svg


def test_penalty_goes_left_and_reward_right_of_the_zero_line() -> None:
    svg = penalty_reward(
        Estimate(-0.4, -0.5, -0.3, 40), reward=Estimate(0.2, 0.1, 0.3, 40), reach=0.5, decided=True, says="…"
    )
    assert '<rect x="10%" y="9" width="40%" height="14" class="bar penalty"/>' in svg
    assert '<rect x="50%" y="9" width="20%" height="14" class="bar reward"/>' in svg


def test_undecided_bars_are_hatched() -> None:
    svg = penalty_reward(Estimate(-0.4, -0.5, 0.3, 40), reward=FEW, reach=0.5, decided=False, says="…")
    assert svg.count('class="bar hatched" fill="url(#hatch)"') == 1


def test_no_name_covers_what_is_named_unasked(findings: Findings) -> None:
    section = matters_section(findings, wording=wording("en", names={}, scale=findings.voices.scale))
    assert section.pictures is not None
    drawn = str(section.pictures.wide)
    texts = re.findall(r'<text x="([\d.]+)" y="([\d.]+)" class="label">([^<]*)<', drawn)
    marks = [
        [tuple(map(float, corner.split(","))) for corner in points.split()]
        for points in re.findall(r'<polygon points="([^"]+)" class="named', drawn)
    ]
    assert texts
    assert marks
    for x, y, text in texts:
        left, bottom = float(x), float(y)
        box = Box(left, bottom - 10, left + text_width(text, size=12), bottom + 2)
        for corners in marks:
            center = (sum(at for at, _ in corners) / 4, sum(at for _, at in corners) / 4)
            assert box.distance(*center) > 0


def test_the_broken_link_is_broken_in_shape_too() -> None:
    whole, broken = beads(None, says="…"), beads("promised_delivered", says="…")
    assert whole.count('class="link"') == 3
    assert broken.count('class="link"') == 2
    assert broken.count('class="link broken"') == 4


def test_the_curve_is_not_stretched_by_the_earliest_parcel_ever() -> None:
    rating = Estimate(0.8, 0.7, 0.9, 50)
    edges = [-146.0, -14.0, -7.0, 0.0, 7.0, 14.0, 188.0]
    points = [SatisfactionPoint(low, high, rating) for low, high in pairwise(edges)]
    assert days_shown(points) == (-21.0, 21.0)


def test_open_ends_of_the_curve_get_room() -> None:
    rating = Estimate(0.8, 0.7, 0.9, 50)
    points = [SatisfactionPoint(-math.inf, -4.0, rating), SatisfactionPoint(-4.0, 4.0, rating)]
    first, last = days_shown(points)
    assert -math.inf < first < -4.0
    assert last == 4.0


def test_steps_without_a_number_are_left_out_of_the_curve() -> None:
    words = CurveWords("…", "early", "late", "promised", "rating", (), ())
    points = [SatisfactionPoint(-4.0, 0.0, Estimate(0.8, 0.7, 0.9, 50)), SatisfactionPoint(0.0, 4.0, FEW)]
    svg = satisfaction_curve(points, words=words)
    assert svg.count("<circle") == 1
    assert 'class="dot early"' in svg


FRONTIER = [
    FrontierPoint(float(day), "day", Estimate(day / 10, day / 10, day / 10, 100)) for day in range(11)
]
WORDS = FrontierWords("…", "days", "kept", "wanted: 90 %", (), ())


def test_the_frontier_ends_past_both_promises() -> None:
    kept = Estimate(0.9, 0.8, 0.95, 50)
    marked = [Marked("own", 20.0, kept, "today"), Marked("proposed", 9.0, kept, "supported")]
    assert reach(FRONTIER, marked=marked, room=ROOM) == pytest.approx(28.0)
    assert reach(FRONTIER, marked=(), room=ROOM) == 10.0


def test_todays_promise_is_hollow_and_the_proposed_one_filled() -> None:
    kept = Estimate(0.9, 0.8, 0.95, 50)
    marked = [Marked("own", 12.0, kept, "today"), Marked("proposed", 9.0, kept, "supported")]
    for narrow in (False, True):
        svg = promise_frontier(FRONTIER, marked=marked, level=0.9, words=WORDS, narrow=narrow)
        assert [class_ for _, class_ in _circles(svg)] == ["expected", "got"]


def test_each_strip_is_as_high_as_its_most_frequent_value() -> None:
    heights = shares([1.0, 1.1, 5.0], reach=10.0)
    assert len(heights) == BINS
    assert sorted(set(heights)) == [0.0, 0.5, 1.0]


def test_values_beyond_the_axis_are_counted() -> None:
    strips = Strips((1.0,) * 99, (2.0,) * 100 + (500.0,), FEW, FEW, promise=3.0)
    assert strips.beyond == 1
    assert strips.reach == pytest.approx(3.15)


def test_medians_and_promise_are_always_on_the_axis() -> None:
    strips = Strips((1.0,) * 9, (2.0,) * 9, FEW, Estimate(2.0, 1.0, 8.0, 9), promise=9.0)
    assert strips.reach >= 9.0
    words = LevelWords("…", "stated", "delivered", "promise", "days", ((0.0, "0"),))
    assert 'class="promise"' in levels(strips, words=words)


def test_round_ticks_are_round_and_few() -> None:
    assert round_ticks(0.0, high=24.0, most=6) == (0.0, 5.0, 10.0, 15.0, 20.0)
    assert round_ticks(-21.0, high=21.0, most=7) == (-20.0, -10.0, 0.0, 10.0, 20.0)
    assert round_ticks(1.0, high=1.0) == (1.0,)
    assert len(round_ticks(0.0, high=0.037, most=6)) <= 6


def test_an_axis_keeps_values_on_itself() -> None:
    axis = Axis(0.0, 10.0, 0.0, 100.0)
    assert (axis.at(5.0), axis.at(-5.0), axis.at(50.0)) == (50.0, 0.0, 100.0)


def test_elements_escape_what_they_hold() -> None:
    assert element("text", "<b>&", class_='x"y') == '<text class="x&#34;y">&lt;b&gt;&amp;</text>'
    assert element("line", stroke_width=2, hidden=None) == '<line stroke-width="2"/>'


def test_small_pieces_are_short() -> None:
    assert pct(1 / 3) == "33.33%"
    assert path([(0, 0), (10, 5.04)], closed=True) == "M0.0 0.0 L10.0 5.0 Z"
    assert row_axis(["0", "1", "2"]).count('aria-hidden="true"') == 1
