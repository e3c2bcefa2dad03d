"""Opening hours as people write them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forvent.adjust.calendar.text import DAYS, Window, parse_week, parse_windows
from forvent.errors import BadOption


def windows(*times: tuple[float, float]) -> tuple[Window, ...]:
    return tuple(Window(opens=round(opens * 60), closes=round(closes * 60)) for opens, closes in times)


def test_reads_several_windows_a_day_and_leaves_other_days_closed() -> None:
    week = parse_week("mon-fri 09:00-12:30,13:00-17:00; sat 10:00-14:00")
    assert week == (*[windows((9, 12.5), (13, 17))] * 5, windows((10, 14)), ())


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("always", "mon-sun 00:00-24:00"),
        (" Mon - Fri   9:00 – 17:00 ;", "mon-fri 09:00-17:00"),
        ("MON,WED 13:00-17:00, 09:00-12:00", "mon 09:00-12:00,13:00-17:00; wed 09:00-12:00,13:00-17:00"),
        ("fri-mon 10:00-18:00", "mon 10:00-18:00;fri 10:00-18:00;sat 10:00-18:00;sun 10:00-18:00"),
        ("sat 20:00-00:00", "sat 20:00-24:00"),
        ("mon-mon 09:00-17:00", "mon 09:00-17:00"),
    ],
)
def test_reads_other_ways_to_write_the_same(text: str, same: str) -> None:
    assert parse_week(text) == parse_week(same)


def test_a_window_over_night_belongs_to_the_day_it_begins() -> None:
    week = parse_week("fri 22:00-06:00; sat 21:30-12:00")
    assert week[4:] == (windows((22, 30)), windows((21.5, 36)), ())


def test_windows_may_touch_each_other_and_the_next_day() -> None:
    assert len(parse_windows("09:00-12:00,12:00-17:00")) == 2
    assert parse_week("mon-sun 06:00-22:00,22:00-06:00")[6] == windows((6, 22), (22, 30))


def test_the_empty_text_is_a_week_without_opening() -> None:
    assert parse_week(" ; ") == ((),) * 7


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "mon 25:00-26:00",
            "'25:00' is no time of day. Write 00:00 to 24:00, such as 09:30.",
        ),
        ("mon 9-17", "'9' is no time of day. Write 00:00 to 24:00, such as 09:30."),
        ("mon 09:60-17:00", "'09:60' is no time of day. Write 00:00 to 24:00, such as 09:30."),
        ("mon 09:00-24:01", "'24:01' is no time of day. Write 00:00 to 24:00, such as 09:30."),
        ("mon 09:00-12:00,", "'' is no opening window. Write opening and closing, such as 09:00-17:00."),
        ("mon", "'' is no opening window. Write opening and closing, such as 09:00-17:00."),
        ("sat closed", "'closed' is no opening window. Write opening and closing, such as 09:00-17:00."),
        (
            "mon 17:00-13:00",
            "'17:00-13:00' closes before it opens. "
            "Windows over night close at 12:00 of the next day or earlier.",
        ),
        (
            "mon 09:00-09:00",
            "'09:00-09:00' opens and closes at the same time. Write 00:00-24:00 for a whole day.",
        ),
        (
            "mon 24:00-00:00",
            "'24:00-00:00' opens and closes at the same time. Write 00:00-24:00 for a whole day.",
        ),
        (
            "mo 09:00-17:00",
            "'mo' in the opening hours is no weekday. "
            "Use mon, tue, wed, thu, fri, sat, sun, as in mon-fri 09:00-17:00.",
        ),
        (
            "mon-,tue 09:00-17:00",
            "'' in the opening hours is no weekday. "
            "Use mon, tue, wed, thu, fri, sat, sun, as in mon-fri 09:00-17:00.",
        ),
        (
            "mon-fri 09:00-17:00; fri 09:00-15:00",
            "The opening hours name fri twice. "
            "Write all windows of a day together, such as mon 09:00-12:00,13:00-17:00.",
        ),
        (
            "mon 13:00-17:00,09:00-13:30",
            "The windows 09:00-13:30 and 13:00-17:00 overlap. Join them, or correct one of their times.",
        ),
        (
            "sun 22:00-06:00; mon 05:00-09:00",
            "The windows sun 22:00-06:00 and mon 05:00-09:00 overlap. "
            "Join them, or correct one of their times.",
        ),
    ],
)
def test_says_what_is_wrong_with_opening_hours(text: str, message: str) -> None:
    with pytest.raises(BadOption) as error:
        parse_week(text)
    assert str(error.value) == message


@settings(derandomize=True, max_examples=100, deadline=None)
@given(
    st.dictionaries(
        st.integers(0, 6),
        st.lists(st.integers(0, 24 * 60), min_size=2, max_size=8, unique=True),
        min_size=1,
    )
)
def test_reads_back_the_windows_it_writes(edges: dict[int, list[int]]) -> None:
    week: list[tuple[Window, ...]] = [()] * 7
    for day, minutes in edges.items():
        ordered = iter(sorted(minutes[: len(minutes) // 2 * 2]))
        week[day] = tuple(Window(opens, closes) for opens, closes in zip(ordered, ordered, strict=True))
    text = "; ".join(f"{DAYS[day]} {','.join(map(str, week[day]))}" for day in edges)
    assert parse_week(text) == tuple(week)


@settings(derandomize=True, max_examples=200, deadline=None)
@given(st.text(alphabet="monfrisat0129:-,; ", max_size=30))
def test_any_text_is_read_or_refused_with_a_hint(text: str) -> None:
    refused = None
    try:
        assert len(parse_week(text)) == 7
    except BadOption as error:
        refused = error
    assert refused is None or refused.hint
