"""What the sections of a backtest read off the numbers."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from forvent.records import Backtest, Estimate, KeptSlice, NotEnough, Track
from forvent.report.sections.backtest_cases import backtest_opening
from forvent.report.sections.backtest_frontier import enough, frontier_finding
from forvent.report.sections.backtest_groups import (
    MOST_GROUPS,
    SHOWN_FIRST,
    groups_finding,
    groups_section,
    row_floor,
)
from forvent.report.sections.backtest_months import (
    calendar_of,
    kept_verdict,
    lengths_finding,
    months_finding,
    months_section,
)
from forvent.report.sections.backtest_tracks import (
    amount_said,
    main_finding,
    month_start,
    tracks_finding,
    tracks_section,
)
from forvent.report.wording import Wording, wording

FEW = NotEnough(4, 20, "too few cases in this month")


@pytest.fixture(scope="module")
def english() -> Wording:
    return wording("en", names={}, scale=None)


def with_kept(backtest: Backtest, ours: Estimate | NotEnough, own: Estimate | NotEnough | None) -> Backtest:
    """The backtest with other kept shares; without the company's promise where it is None."""
    first, second, *others = backtest.tracks
    company = () if own is None else (replace(second, kept=own),)
    return replace(backtest, tracks=(replace(first, kept=ours), *company, *others))


def around(value: float, half: float = 0.005) -> Estimate:
    return Estimate(value, value - half, value + half, 5022)


# --------------------------------------------------------------------------- findings


@pytest.mark.parametrize(
    ("own", "said"),
    [
        (around(0.926), "the company kept 92.6% at 24.0 days: no visible difference in what is kept"),
        (around(0.90), "the company kept less, 90.0% at 24.0 days"),
        (around(0.96), "the company kept more, 96.0% at 24.0 days"),
        (FEW, "the aim was 93%"),
        (None, "the aim was 93%"),
    ],
)
def test_a_difference_is_said_only_where_intervals_lie_apart(
    backtest: Backtest, english: Wording, own: Estimate | NotEnough | None, said: str
) -> None:
    finding = main_finding(with_kept(backtest, around(0.931), own), wording=english)
    assert finding.startswith("forvent would have kept 93.1% at 23.4 days on average")
    assert finding.endswith(said)


@pytest.mark.parametrize(
    ("kept", "answer"),
    [
        (around(0.93), "Yes: 93.0% kept, 93% aimed at"),
        (around(0.90), "No: 90.0% kept, 93% aimed at"),
        (around(0.96), "Better than aimed: 96.0% kept, 93% aimed at"),
        (FEW, "We do not know yet: too few cases"),
    ],
)
def test_the_word_is_held_against_the_aim_by_its_interval(
    backtest: Backtest, english: Wording, kept: Estimate | NotEnough, answer: str
) -> None:
    opening = backtest_opening(with_kept(backtest, kept, None), title="", wording=english)
    assert opening.blocks[0].answer == answer


def test_a_longer_promise_is_not_called_shorter(backtest: Backtest, english: Wording) -> None:
    ours, own, *others = backtest.tracks
    longer = replace(backtest, tracks=(ours, replace(own, mean_at_equal=22.9), *others))
    assert tracks_finding(longer, wording=english) == (
        "Keeping as many, “The company’s own promise” promises shorter: 22.9 days, forvent 23.4 days"
    )
    answer = backtest_opening(longer, title="", wording=english).blocks[1].answer
    assert answer == "0.5 days longer than “The company’s own promise”, keeping as many"


def test_equal_lengths_are_called_equal(backtest: Backtest, english: Wording) -> None:
    ours, own, *others = backtest.tracks
    same = replace(backtest, tracks=(ours, replace(own, mean_at_equal=23.43), *others))
    assert tracks_finding(same, wording=english).endswith("promises the same: 23.4 days")
    answer = backtest_opening(same, title="", wording=english).blocks[1].answer
    assert answer == "As long as “The company’s own promise”, keeping as many"


def test_without_a_company_the_shortest_rival_is_compared(backtest: Backtest, english: Wording) -> None:
    alone = with_kept(backtest, around(0.93), None)
    answer = backtest_opening(alone, title="", wording=english).blocks[1].answer
    assert answer == "1.8 days shorter than “Plain conformal regression (CQR)”, keeping as many"


def test_ways_that_cannot_keep_as_many_are_not_compared(backtest: Backtest, english: Wording) -> None:
    none = tuple(replace(track, mean_at_equal=None) for track in backtest.tracks)
    said = tracks_finding(replace(backtest, tracks=none), wording=english)
    assert said.startswith("The ways cannot be compared")


def test_the_table_of_ways_has_a_row_each_and_no_empty_cell(backtest: Backtest, english: Wording) -> None:
    table = tracks_section(backtest, wording=english).table
    assert [row[0] for row in table.rows][:2] == ["forvent", "The company’s own promise"]
    assert all(cell for row in table.rows for cell in row)
    assert table.rows[1][1:5] == ("92.8% (92.1 to 93.5)", "24.0 days", "24.4 days", "22.7 days")
    assert table.rows[1][5] == "82.1%, between 78.4 and 85.8, 410 cases (March 2018)"


def test_a_month_that_may_be_chance_is_not_called_short(backtest: Backtest, english: Wording) -> None:
    months = tuple(
        KeptSlice(f"2024-{month:02}", Estimate(0.91, 0.85, 0.95, 90), 5.0, 5.0) for month in (1, 2)
    )
    ours = replace(backtest.tracks[0], months=months, worst_month=months[1])
    assert months_finding(replace(backtest, tracks=(ours,)), wording=english) == (
        "In no month was the promise surely kept less often than aimed; "
        "the worst was February 2024 with 91.0%"
    )


def test_promises_that_grow_are_said_to_rise(backtest: Backtest, english: Wording) -> None:
    ours = backtest.tracks[0]
    months = tuple(replace(part, mean_promise=float(place)) for place, part in enumerate(ours.months))
    turned = replace(ours, months=months)
    said = lengths_finding(replace(backtest, tracks=(turned,)), wording=english)
    assert said == "forvent’s mean promise rose from 0.0 days (July 2017) to 13.0 days (August 2018)"


def test_the_shortest_promise_that_keeps_as_many_is_named(backtest: Backtest, english: Wording) -> None:
    found = enough(backtest.frontier, share=0.9312)
    assert found is not None
    assert found.length == 27.0
    assert enough(backtest.frontier[:5], share=0.9312) is None
    short = replace(backtest, frontier=backtest.frontier[:5])
    assert frontier_finding(short, wording=english).startswith("No single promise shown here")


# --------------------------------------------------------------------------- quantities


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (23.41, "day", "23.4 days"),
        (1.0, "days", "1.0 days"),
        (130.4, "minute", "130 minutes"),
        (0.25, "hour", "0.2 hours"),
        (12.5, "EUR", "12.5 EUR"),
        (1250.0, "", "1,250"),
        (None, "day", "–"),
        (float("nan"), "day", "–"),
    ],
)
def test_a_promise_is_said_with_its_unit(english: Wording, value: float | None, unit: str, said: str) -> None:
    assert amount_said(value, unit=unit, wording=english) == said


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("2018-02", datetime(2018, 2, 1)),
        ("2018-02-14", datetime(2018, 2, 1)),
        ("2018-13", None),
        ("spring", None),
    ],
)
def test_a_month_is_read_from_its_name(name: str, start: datetime | None) -> None:
    assert month_start(name) == start


# --------------------------------------------------------------------------- calendar


def months_of(backtest: Backtest, *names: str) -> Backtest:
    kept = Estimate(0.9, 0.8, 0.95, 50)
    track = replace(backtest.tracks[0], months=tuple(KeptSlice(name, kept, 5.0, 5.0) for name in names))
    return replace(backtest, tracks=(track,))


def test_a_month_without_cases_keeps_its_place(backtest: Backtest) -> None:
    calendar = calendar_of(months_of(backtest, "2017-11", "2018-02"))
    assert calendar.place("2018-02") == 3
    assert calendar.length == 4


def test_a_moment_lies_within_its_month(backtest: Backtest) -> None:
    calendar = calendar_of(months_of(backtest, "2017-11", "2018-02"))
    assert calendar.at(datetime(2017, 11, 1)) == 0.0
    assert calendar.at(datetime(2018, 2, 15)) == pytest.approx(3.5)


def test_names_that_are_no_months_stand_in_their_order_and_carry_no_alarm(
    backtest: Backtest, english: Wording
) -> None:
    spring = months_of(backtest, "spring", "autumn")
    assert calendar_of(spring).at(datetime(2018, 2, 15)) is None
    pictures = months_section(spring, wording=english).pictures
    assert pictures is not None
    assert 'class="alarm"' not in pictures.wide
    assert pictures.wide.index("spring") < pictures.wide.index("autumn")


# ----------------------------------------------------------------------------- groups


def grouped(backtest: Backtest, groups: tuple[KeptSlice, ...]) -> Backtest:
    return replace(backtest, tracks=(replace(backtest.tracks[0], groups=groups),))


def test_groups_that_surely_fall_short_come_first(backtest: Backtest, english: Wording) -> None:
    section = groups_section(backtest, wording=english)
    verdicts = [row.verdict for row in (*section.rows, *section.more)]
    assert verdicts == sorted(verdicts, key=("short", "undecided", "above", "unknown").index)
    assert [row.name for row in section.rows[:3]] == ["MA", "CE", "RJ"]
    assert len(section.rows) == SHOWN_FIRST
    assert section.more_label == "Show more: 13 groups"
    assert section.rest == ""


def test_a_group_says_gap_share_and_promise(backtest: Backtest, english: Wording) -> None:
    row = groups_section(backtest, wording=english).rows[0]
    assert row.verdict_text == "13.0 points short"
    assert row.kept == "80.0%, between 67.6 and 92.4, 40 cases"
    assert row.promise == "mean promise: 33.5 days"
    said = "MA: aimed at 93%; kept 80.0%, between 67.6 and 92.4, 40 cases; 13.0 points short."
    assert f'aria-label="{said}' in row.picture


def test_a_group_with_few_cases_has_no_verdict(backtest: Backtest, english: Wording) -> None:
    last = groups_section(backtest, wording=english).more[-1]
    assert (last.verdict, last.verdict_text) == ("unknown", "not enough cases")
    assert 'class="got"' not in last.picture


def test_only_the_largest_groups_are_drawn_and_all_stand_in_the_table(
    backtest: Backtest, english: Wording
) -> None:
    groups = tuple(
        KeptSlice(f"g{n}", Estimate(0.93, 0.9, 0.95, 20 + n), 5.0, 5.0) for n in range(MOST_GROUPS + 7)
    )
    section = groups_section(grouped(backtest, groups), wording=english)
    drawn = {row.name for row in (*section.rows, *section.more)}
    assert drawn == {f"g{n}" for n in range(7, MOST_GROUPS + 7)}
    assert section.rest == "7 smaller groups stand only in the table."
    assert section.table is not None
    assert len(section.table.rows) == len(groups)


def test_the_axis_of_the_rows_holds_every_whisker_and_has_round_quarters(
    backtest: Backtest, english: Wording
) -> None:
    assert row_floor([], level=0.9) == 0.8
    assert row_floor([KeptSlice("a", Estimate(0.7, 0.58, 0.8, 40), 5.0, 5.0)], level=0.9) == 0.4
    assert groups_section(backtest, wording=english).ticks == ("40%", "55%", "70%", "85%", "100%")


def test_groups_are_said_to_be_missing_or_too_small(backtest: Backtest, english: Wording) -> None:
    assert groups_finding(grouped(backtest, ()), wording=english) == "No groups were asked for"
    few = (KeptSlice("a", FEW, 5.0, 5.0),)
    assert groups_finding(grouped(backtest, few), wording=english).startswith("We do not know yet")


def test_the_verdict_follows_the_interval() -> None:
    assert kept_verdict(Estimate(0.9, 0.85, 0.92, 50), level=0.93) == "short"
    assert kept_verdict(Estimate(0.9, 0.85, 0.94, 50), level=0.93) == "undecided"
    assert kept_verdict(Estimate(0.97, 0.94, 0.99, 50), level=0.93) == "above"
    assert kept_verdict(FEW, level=0.93) == "unknown"


def test_a_way_of_another_name_is_shown_by_it(backtest: Backtest, english: Wording) -> None:
    other = replace(backtest.tracks[2], name="last_year")
    tracks: tuple[Track, ...] = (backtest.tracks[0], other)
    section = tracks_section(replace(backtest, tracks=tracks), wording=english)
    assert section.table.rows[1][0] == "last_year"
