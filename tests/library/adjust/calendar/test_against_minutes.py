"""The business clock against one that looks at the wall every minute, and what must hold for any calendar.

The slow clock knows nothing of offsets and stretches. It walks through UTC minute by minute, reads the
local clock, remembers the latest time that it has shown, and takes the business as open while that lies in
a window. So an hour that is shown again after the clocks went back does not open a window again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import groupby
from zoneinfo import ZoneInfo

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from forvent.adjust.calendar.both_clocks import due_on_both_clocks
from forvent.adjust.calendar.calendar import Calendar, calendar_from

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MINUTE = timedelta(minutes=1)
WALKED = timedelta(days=9)
#: Zones with the middle of the days that are looked at: most around a change of the clocks.
PLACES = [
    ("Europe/Prague", date(2026, 3, 29)),
    ("Europe/Prague", date(2026, 10, 25)),
    ("America/New_York", date(2026, 3, 8)),
    ("America/New_York", date(2026, 11, 1)),
    ("Asia/Kolkata", date(2026, 3, 29)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("America/Santiago", date(2026, 9, 6)),
    ("America/Santiago", date(2026, 4, 5)),
    ("Pacific/Apia", date(2011, 12, 30)),
    ("UTC", date(2026, 1, 1)),
]
EARLY = [(30, 90), (60, 150), (120, 180), (135, 165), (0, 330), (150, 300)]
DAYTIME = [(540, 1020), (510, 751), (780, 1080), (600, 601), (1080, 1200)]
NIGHT = [(1320, 1800), (1200, 1440), (1380, 1590), (1410, 1500), (1320, 1560)]

Window = tuple[int, int]
few = settings(derandomize=True, max_examples=30, deadline=None)
many = settings(derandomize=True, max_examples=50, deadline=None)


@dataclass(frozen=True)
class Plan:
    """Opening hours as the slow clock knows them: windows in minutes for each weekday and own days."""

    zone: str
    around: date
    week: tuple[tuple[Window, ...], ...]
    own: tuple[tuple[date, tuple[Window, ...]], ...]

    def windows(self, day: date) -> tuple[Window, ...]:
        return dict(self.own).get(day, self.week[day.weekday()])

    @property
    def begin(self) -> datetime:
        return datetime.combine(self.around, datetime.min.time()) - WALKED / 2

    @property
    def calendar(self) -> Calendar:
        return calendar_from(
            "; ".join(
                f"{name} {text(windows)}" for name, windows in zip(DAYS, self.week, strict=True) if windows
            ),
            zone=self.zone,
            closed=[day for day, windows in self.own if not windows],
            special={day: text(windows) for day, windows in self.own if windows},
        )


def text(windows: tuple[Window, ...]) -> str:
    return ",".join(
        f"{at(opens)}-{at(closes if closes <= 1440 else closes - 1440)}" for opens, closes in windows
    )


def at(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02}"


@cache
def latest_shown(zone: str, begin: datetime) -> list[datetime]:
    """The latest time that the local clock has shown, for each minute from a moment in UTC on."""
    local, shown, latest = ZoneInfo(zone), [], datetime.min
    for number in range(WALKED // MINUTE):
        moment = (begin + number * MINUTE).replace(tzinfo=UTC)
        latest = max(latest, moment.astimezone(local).replace(tzinfo=None))
        shown.append(latest)
    return shown


@cache
def open_minutes(plan: Plan) -> list[bool]:
    """Whether each minute that is walked through is open."""
    opened: list[bool] = []
    for today, shown in groupby(latest_shown(plan.zone, plan.begin), key=datetime.date):
        now, night = plan.windows(today), plan.windows(today - timedelta(days=1))
        windows = [*now, *((opens - 1440, closes - 1440) for opens, closes in night)]
        for wall in shown:
            since = wall.hour * 60 + wall.minute
            opened.append(any(opens <= since < closes for opens, closes in windows))
    return opened


def due_by_walking(opened: list[bool], start: int, working: int) -> int | None:
    """Minute at which so many minutes have been worked; None where the walk ends before."""
    for minute in range(start, len(opened)):
        if working == 0 and (minute > start or opened[minute]):
            # What is due at the end of a window is due there, not when the next begins.
            if opened[minute] or opened[minute - 1]:
                return minute
        elif opened[minute]:
            working -= 1
    return None


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Any week in which windows do not overlap, with some days of its own, somewhere on earth."""
    zone, around = draw(st.sampled_from(PLACES))
    nights = [draw(st.sampled_from([None, None, *NIGHT])) for _ in DAYS]
    week = []
    for day in range(7):
        free = nights[day - 1] is None or nights[day - 1] == (1200, 1440)
        early = draw(st.sampled_from([None, *EARLY])) if free else None
        daytime = draw(st.sampled_from([None, *DAYTIME]))
        week.append(tuple(window for window in (early, daytime, nights[day]) if window))
    if not any(week):
        week[0] = ((540, 1020),)
    if draw(st.booleans()):
        week[draw(st.integers(0, 6))] = ()
        week = week if any(week) else [((0, 1440),)] * 7
    days = st.integers(-4, 4).map(lambda number: around + timedelta(days=number))
    own = draw(
        st.dictionaries(days, st.sampled_from([(), ((0, 1440),), ((545, 605), (780, 1500))]), max_size=2)
    )
    return Plan(zone=zone, around=around, week=tuple(week), own=tuple(own.items()))


spans = st.tuples(st.integers(0, WALKED // MINUTE - 1), st.integers(0, WALKED // MINUTE - 1)).map(sorted)
moments = st.integers(-(10**12), 10**12).map(lambda number: timedelta(microseconds=number))
lengths = st.one_of(
    st.just(timedelta(0)),
    st.integers(0, 3 * 10**11).map(lambda number: timedelta(microseconds=number)),
    st.integers(0, 200).map(lambda number: timedelta(minutes=30 * number)),
)


# ---------------------------------------------------------------------- against the slow clock


@few
@given(plans(), spans, st.integers(0, 3000))
def test_agrees_with_a_clock_that_looks_every_minute(plan: Plan, span: list[int], working: int) -> None:
    opened, calendar = open_minutes(plan), plan.calendar
    start, end = (plan.begin + minute * MINUTE for minute in span)
    assert calendar.between(start, end) == sum(opened[span[0] : span[1]]) * MINUTE
    assert calendar.is_open(start) == opened[span[0]]
    due = due_by_walking(opened, span[0], working)
    if due is not None:
        assert calendar.add(start, working * MINUTE) == plan.begin + due * MINUTE


@few
@given(plans())
def test_every_minute_is_open_or_closed_as_the_slow_clock_has_it(plan: Plan) -> None:
    seconds = (plan.begin - datetime(1970, 1, 1)).total_seconds() + 60.0 * np.arange(
        WALKED // MINUTE, dtype=np.float64
    )
    found = plan.calendar.clock("minute")(seconds, seconds + 60)
    assert found.tolist() == [float(minute) for minute in open_minutes(plan)]


# ---------------------------------------------------------------------- what holds for any calendar


def moment_of(plan: Plan, further: timedelta) -> datetime:
    return datetime.combine(plan.around, datetime.min.time()) + further


@many
@given(plans(), moments, lengths)
def test_working_time_that_was_added_lies_between(plan: Plan, further: timedelta, working: timedelta) -> None:
    start, calendar = moment_of(plan, further), plan.calendar
    due = calendar.add(start, working)
    assert calendar.between(start, due) == working
    assert due - start >= working


@many
@given(plans(), moments, lengths)
def test_is_due_while_open_or_when_an_opening_ends(
    plan: Plan, further: timedelta, working: timedelta
) -> None:
    due = plan.calendar.add(moment_of(plan, further), working)
    assert plan.calendar.is_open(due) or (working and plan.calendar.is_open(due - timedelta.resolution))


@many
@given(plans(), moments, moments, lengths, lengths)
def test_later_starts_and_more_work_are_never_due_earlier(
    plan: Plan, one: timedelta, other: timedelta, less: timedelta, more: timedelta
) -> None:
    calendar = plan.calendar
    first, last = sorted((moment_of(plan, one), moment_of(plan, other)))
    assert calendar.add(first, less) <= calendar.add(last, less)
    assert calendar.add(first, min(less, more)) <= calendar.add(first, max(less, more))


@many
@given(plans(), st.tuples(moments, moments, moments))
def test_working_time_adds_up(plan: Plan, further: tuple[timedelta, ...]) -> None:
    first, middle, last = sorted(moment_of(plan, each) for each in further)
    calendar = plan.calendar
    whole = calendar.between(first, last)
    assert calendar.between(first, middle) + calendar.between(middle, last) == whole
    assert timedelta(0) <= whole <= last - first


@many
@given(plans(), moments)
def test_nothing_is_worked_before_the_next_opening(plan: Plan, further: timedelta) -> None:
    start, calendar = moment_of(plan, further), plan.calendar
    opening = calendar.next_opening(start)
    assert calendar.is_open(opening)
    assert calendar.between(start, opening) == timedelta(0)
    assert opening == start or not calendar.is_open(start)
    assert calendar.next_opening(opening) == opening


@many
@given(plans(), moments, lengths)
@example(
    plan=Plan("Asia/Kolkata", date(2026, 3, 29), (((0, 1440),),) * 7, ()), further=MINUTE, working=MINUTE
)
def test_both_clocks_name_the_same_moment(plan: Plan, further: timedelta, working: timedelta) -> None:
    start = moment_of(plan, further)
    both = due_on_both_clocks(start, calendar=plan.calendar, working=working)
    assert both.around_the_clock >= both.working == working
    again = due_on_both_clocks(start, calendar=plan.calendar, around_the_clock=both.around_the_clock)
    assert again == both
