"""From a file to a history, and from a history through the engine to promises."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from forvent.adjust.calendar.calendar import calendar_from
from forvent.adjust.history import History, elapsed, whole_days
from forvent.adjust.promise.model import PromiseModel
from forvent.adjust.promise.model_file import save_model
from forvent.errors import BadOption, MissingColumn, TooFewObservations, UnreadableFile
from forvent.reading import CaseColumns, CasesReader, read_cases
from forvent.records import Estimate, ReadingReport
from forvent.runs import promising
from forvent.runs.promising import history_of

SHARED = Path(__file__).parents[3] / "../shared/data"
HEADER = "ordered,due,arrived,state,weight\n"
ORDERS = CaseColumns("ordered", "arrived", promised="due", by=("state",), use=("weight",))
DAY = 86_400.0


@pytest.fixture
def opened(tmp_path: Path) -> Callable[[str, CaseColumns], CasesReader]:
    def open_text(text: str, columns: CaseColumns) -> CasesReader:
        path = tmp_path / "cases.csv"
        path.write_text(text, encoding="utf-8")
        return read_cases(path, columns=columns)

    return open_text


Open = Callable[[str, CaseColumns], CasesReader]


def refused(reader: CasesReader, **options: Any) -> tuple[str, str]:
    with pytest.raises(BadOption) as caught:
        history_of(reader, **options)
    return caught.value.message, caught.value.hint


# -------------------------------------------------------------------------------- history


def test_cases_come_in_the_order_of_their_start(opened: Open) -> None:
    rows = "2024-05-03,2024-05-05,,SP,\n2024-05-01,2024-05-03,2024-05-04,RJ,200\n"
    history, report = history_of(opened(HEADER + rows, ORDERS))
    assert history.start.tolist() == [1714521600.0, 1714694400.0]
    assert np.array_equal(history.amount, [3.0, np.nan], equal_nan=True)
    assert history.promised.tolist() == [2.0, 2.0]
    assert history.columns["state"].tolist() == ["RJ", "SP"]
    assert np.array_equal(history.columns["weight"], [200.0, np.nan], equal_nan=True)
    assert (report.first, report.last) == (datetime(2024, 5, 1), datetime(2024, 5, 3))


def test_whole_calendar_days_where_days_are_promised(opened: Open) -> None:
    rows = "2024-05-01 23:00,2024-05-02,2024-05-02 23:50,SP,1\n"
    rows += "2024-05-01 01:00,2024-05-02,2024-05-03 00:10,RJ,2\n"
    history, _ = history_of(opened(HEADER + rows, ORDERS))
    assert (history.by_day, history.unit) == (True, "day")
    assert history.amount.tolist() == [2.0, 1.0]
    assert (history.amount <= history.promised).tolist() == [False, True]


def test_the_amount_is_what_the_clock_says_between_start_and_end(opened: Open) -> None:
    rows = (
        "2024-05-01 23:00,2024-05-04 10:00,2024-05-02 23:30,SP,1\n2024-05-01 01:00,,2024-05-04 01:00,RJ,2\n"
    )
    history, _ = history_of(opened(HEADER + rows, ORDERS))
    assert not history.by_day
    assert history.clock is not None
    assert np.allclose(history.clock(history.start, history.known), history.amount)
    assert history.unit == "day"


@pytest.mark.parametrize(
    ("end", "unit", "amount"),
    [("10:30", "minute", 30.0), ("20:00", "hour", 10.0)],
)
def test_waits_are_told_in_the_unit_people_say(opened: Open, end: str, unit: str, amount: float) -> None:
    history, _ = history_of(opened(f"a,b\n2024-05-01 10:00,2024-05-01 {end}\n", CaseColumns("a", "b")))
    assert (history.unit, history.amount.tolist()) == (unit, [amount])


@pytest.mark.parametrize(("unit", "amount"), [("minutes", 90.0), ("h", 1.5), ("Day", 0.0625)])
def test_waits_are_told_in_the_unit_that_is_asked_for(opened: Open, unit: str, amount: float) -> None:
    reader = opened("a,b\n2024-05-01 10:00,2024-05-01 11:30\n", CaseColumns("a", "b"))
    assert history_of(reader, unit=unit)[0].amount.tolist() == [amount]


def test_the_record_reaches_to_the_latest_time_in_it(opened: Open) -> None:
    text = "a,b\n2024-05-01 10:00,2024-05-09 11:00\n2024-05-03 10:00,\n"
    history, _ = history_of(opened(text, CaseColumns("a", "b")))
    assert history.as_of == history.known[0]
    assert history.passed(history.as_of)[1] == pytest.approx(6 + 1 / 24)


def test_working_time_with_a_calendar(opened: Open) -> None:
    # Friday 16:30 to Monday 09:30 in Prague, promised until Monday noon.
    text = "a,due,b\n2026-11-20 16:30,2026-11-23 12:00,2026-11-23 09:30\n"
    reader = opened(text, CaseColumns("a", "b", promised="due", zone="Europe/Prague"))
    calendar = calendar_from("mon-fri 09:00-17:00", zone="Europe/Prague")
    history, _ = history_of(reader, calendar=calendar)
    assert (history.unit, history.amount.tolist(), history.promised.tolist()) == ("minute", [60.0], [210.0])
    assert not history.by_day
    assert history.calendar == calendar


def test_a_promised_day_lasts_until_closing_time(opened: Open) -> None:
    text = "a,due,b\n2026-11-23 16:00,2026-11-24,2026-11-24 16:00\n"
    reader = opened(text, CaseColumns("a", "b", promised="due"))
    history, _ = history_of(reader, calendar=calendar_from("mon-fri 09:00-17:00"), unit="hour")
    assert (history.amount.tolist(), history.promised.tolist()) == ([8.0], [9.0])


def test_no_days_of_working_time(opened: Open) -> None:
    reader = opened("a,b\n2026-11-20 16:30,2026-11-23 09:30\n", CaseColumns("a", "b"))
    message, hint = refused(reader, unit="days", calendar=calendar_from("mon-fri 09:00-17:00"))
    assert message == "With opening hours a day has no fixed length, so waits cannot be promised in days."
    assert hint == "Choose minute or hour, or leave the hours out."


def test_columns_that_never_change_are_left_out_and_told(opened: Open) -> None:
    rows = "2024-05-01,2024-05-03,2024-05-04,SP,\n2024-05-02,2024-05-03,2024-05-04,SP,\n"
    history, report = history_of(opened(HEADER + rows, ORDERS))
    assert history.columns == {}
    assert report.notes[-2:] == (
        "“state” is the same in all cases, so it tells nothing; it is not used.",
        "“weight” is the same in all cases, so it tells nothing; it is not used.",
    )


@pytest.mark.parametrize("unit", ["seconds", "weeks", "fortnight"])
def test_waits_in_other_units_are_refused(opened: Open, unit: str) -> None:
    reader = opened("a,b\n2024-05-01 10:00,2024-05-01 11:30\n", CaseColumns("a", "b"))
    assert refused(reader, unit=unit) == (
        f"Waits cannot be promised in “{unit}”.",
        "Choose minute, hour or day.",
    )


def test_hours_of_days_without_time_of_day_are_refused(opened: Open) -> None:
    reader = opened("a,b\n2024-05-01,2024-05-02\n", CaseColumns("a", "b"))
    message, hint = refused(reader, unit="hours")
    assert message == "cases.csv names days without time of day, so it cannot be counted in hours."
    assert hint == "Leave the unit out, or name columns with a time of day."


# -------------------------------------------------------------------------------- amounts

COSTS = CaseColumns("a", "b", amount="spent", promised="said")


def amounts(opened: Open, spent: str, said: str, *, unit: str | None = None) -> tuple[float, float, str]:
    text = f"a,b,spent,said\n2024-05-01,2024-05-02,{spent},{said}\n"
    history, _ = history_of(opened(text, COSTS), unit=unit)
    assert history.clock is None
    assert not history.by_day
    return float(history.amount[0]), float(history.promised[0]), history.unit


@pytest.mark.parametrize(
    ("spent", "said", "unit", "found"),
    [
        ("120", "150", None, (120.0, 150.0, "spent")),
        ("120", "150", "EUR", (120.0, 150.0, "EUR")),
        ("€ 120", "€ 150", None, (120.0, 150.0, "€")),
        ("30", "45", "minutes", (30.0, 45.0, "minute")),
        ("30 min", "1 h", None, (30.0, 60.0, "minute")),
        ("30 min", "1 h", "hours", (0.5, 1.0, "hour")),
        ("90 s", "2 min", None, (1.5, 2.0, "minute")),
        ("2 weeks", "15 days", None, (14.0, 15.0, "day")),
        ("120", "180", "seconds", (2.0, 3.0, "minute")),
    ],
)
def test_amounts_and_promises_come_in_one_unit(
    opened: Open, spent: str, said: str, unit: str | None, found: tuple[float, float, str]
) -> None:
    assert amounts(opened, spent, said, unit=unit) == found


def test_a_promise_in_another_currency_is_refused(opened: Open) -> None:
    reader = opened("a,b,spent,said\n2024-05-01,2024-05-02,€ 120,$ 150\n", COSTS)
    assert refused(reader) == ("cases.csv: “said” is in “$”, but “spent” in “€”.", "Write both in one unit.")


# -------------------------------------------------------------------------------- engines

HOUR = 3_600.0
FIRST = datetime(2024, 1, 1)
USUAL = {"A": 6.0, "B": 12.0, "C": 24.0}


def record(n: int = 200, *, growth: float = 0.0, seed: int = 5, **changed: Any) -> History:
    """A case each 12 hours, of 6, 12 or 24 hours by state; weight tells nothing. The last ones are open."""
    rng = np.random.default_rng(seed)
    start = (FIRST - datetime(1970, 1, 1)).total_seconds() + 12 * HOUR * np.arange(n)
    state = np.array(list(USUAL))[rng.integers(3, size=n)]
    spread = rng.lognormal(0, 0.3, n) * np.exp(growth * np.arange(n))
    amount = np.array([USUAL[one] for one in state]) * spread
    is_open = start + amount * HOUR > start[-1]
    told: dict[str, Any] = {
        "start": start,
        "known": np.where(is_open, np.nan, start + amount * HOUR),
        "amount": np.where(is_open, np.nan, amount),
        "promised": np.full(n, 30.0),
        "columns": {"state": state, "weight": rng.uniform(1, 50, n).round()},
        "unit": "hour",
        "as_of": float(start[-1]),
        "clock": elapsed("hour"),
    }
    return History(**(told | changed))


AT = datetime(2024, 5, 3, 16, 30)


@pytest.fixture(scope="module")
def past() -> History:
    return record()


@pytest.fixture(scope="module")
def written(past: History, tmp_path_factory: pytest.TempPathFactory) -> tuple[PromiseModel, Path]:
    out = tmp_path_factory.mktemp("model") / "orders.forvent"
    return promising.learn_promise(past, out=out, level=0.9, by=("state",), each_group=True), out


@pytest.fixture(scope="module")
def model(written: tuple[PromiseModel, Path]) -> PromiseModel:
    return written[0]


def test_a_walk_begins_where_asked_refits_as_asked_and_is_divided_by_the_first_text_column(
    past: History,
) -> None:
    begin = datetime(2024, 2, 20)
    found = promising.walk(
        past, level=0.9, begin=begin, by=("weight", "State"), refit_every=timedelta(days=20), each_group=True
    )
    assert found.first >= begin
    assert found.group_column == "state"
    assert {part.name for part in found.tracks[0].groups} == {"A", "B", "C"}
    # From the fiftieth end on day 25 to the last start on day 99, learned anew every 20 days.
    assert found.refits == 4


@pytest.mark.parametrize("level", [0.0, 1.0, 1.5, -0.1, float("nan")])
def test_a_level_that_cannot_be_is_refused(past: History, level: float) -> None:
    with pytest.raises(BadOption, match=r"is not between 0 and 1"):
        promising.walk(past, level=level)


def test_a_walk_cannot_begin_after_the_last_case(past: History) -> None:
    with pytest.raises(BadOption) as caught:
        promising.walk(past, level=0.9, begin=datetime(2030, 1, 1))
    assert str(caught.value) == (
        "No case starts at 2030-01-01 or later; the last one starts at 2024-04-09. Begin earlier."
    )


def test_without_a_promise_there_is_nothing_to_match() -> None:
    with pytest.raises(BadOption) as caught:
        promising.walk(record(promised=np.full(200, np.nan)), level=None)
    assert caught.value.message == "No case has a promise of the company whose kept share could be matched."


def test_a_level_is_held_in_each_group_only_where_groups_are_named(past: History) -> None:
    with pytest.raises(BadOption) as caught:
        promising.walk(past, level=0.9, by=("weight",), each_group=True)
    assert str(caught.value) == (
        "The level is to be held in each group, and no column of text with two groups or more is named. "
        "Name one with by=COLUMN (--by COLUMN), or hold the level over all cases."
    )


@pytest.mark.parametrize("every", [timedelta(minutes=1), timedelta(0)])
def test_learning_anew_without_end_is_refused(past: History, every: timedelta) -> None:
    with pytest.raises(BadOption, match=r"would be done over 2,000 times in this record"):
        promising.walk(past, level=0.9, refit_every=every)


def test_the_model_in_the_file_offers_the_same(written: tuple[PromiseModel, Path]) -> None:
    model, path = written
    again = promising.model_from(path)
    for given in ({}, {"state": "A"}, {"state": "C", "weight": "44", "promised": "30"}):
        offer = promising.offer_from(model, given=given, at=AT)
        assert promising.offer_from(again, given=given, at=AT) == offer
    assert isinstance(again.kept, Estimate)
    assert (again.kept, again.level, again.target_level) == (model.kept, 0.9, 0.5)


def test_a_model_knows_slow_cases_from_quick_ones_and_says_why(model: PromiseModel) -> None:
    offers = {state: promising.offer_from(model, given={"state": state}, at=AT) for state in USUAL}
    assert offers["A"].exact < offers["B"].exact < offers["C"].exact
    # A promise kept in 90 % of such cases is 1.47 times the usual one.
    assert all(0.75 < offers[state].exact / (1.47 * hours) < 1.6 for state, hours in USUAL.items())
    assert offers["C"].reasons[0].column == "state"
    assert offers["C"].reasons[0].moves > 0
    assert offers["C"].target < offers["C"].upper
    assert not offers["C"].notes


def test_the_level_can_be_held_in_each_group(model: PromiseModel) -> None:
    assert model.groups == ("state",)
    assert set(model.factors[0]) == set(USUAL)


def test_a_level_below_a_half_has_its_target_there(past: History, tmp_path: Path) -> None:
    model = promising.learn_promise(past, out=tmp_path / "m", level=0.4)
    assert (model.level, model.target_level) == (0.4, 0.4)


def test_a_target_is_no_longer_than_the_promise(past: History, tmp_path: Path) -> None:
    with pytest.raises(BadOption) as caught:
        promising.learn_promise(past, out=tmp_path / "m", level=0.8, target_level=0.9)
    assert caught.value.message == "A target level of 0.9 is above the level 0.8."
    assert not (tmp_path / "m").exists()


@pytest.mark.parametrize(
    ("n", "level", "needed"),
    [(40, 0.9, 70), (90, 0.99, 99)],
)
def test_too_few_cases_for_a_level_are_counted(n: int, level: float, needed: int, tmp_path: Path) -> None:
    few = record(n)
    with pytest.raises(TooFewObservations) as caught:
        promising.learn_promise(few, out=tmp_path / "m", level=level)
    closed = np.isfinite(few.amount).sum()
    assert caught.value.message == (
        f"A promise at level {level} needs at least {needed} closed cases; there are {closed}."
    )


def test_cases_that_all_began_at_once_show_nothing_of_later_ones(past: History, tmp_path: Path) -> None:
    start = past.start[:1] + np.arange(200.0)
    amount = np.where(np.isnan(past.amount), 6.0, past.amount)
    at_once = replace(past, start=start, amount=amount, known=start + HOUR * amount)
    with pytest.raises(TooFewObservations) as caught:
        promising.learn_promise(at_once, out=tmp_path / "m", level=0.9)
    assert caught.value.message == "0 cases began after the first 50 had ended; to try a promise it takes 20."


def test_a_model_that_does_not_keep_its_word_says_so(tmp_path: Path) -> None:
    # Every case takes 2 % longer than the one before.
    worse = promising.learn_promise(record(growth=0.02), out=tmp_path / "m", level=0.9)
    offer = promising.offer_from(worse, given={"state": "A"}, at=AT)
    kept = worse.kept
    assert isinstance(kept, Estimate)
    assert kept.high < 0.8
    assert offer.notes == (
        "This model does not keep its word: along its own record such promises were kept in "
        f"{kept.value:.1%} of {kept.n} cases (between {kept.low:.1%} and {kept.high:.1%}), not in 90.0%.",
    )


def test_infinite_numbers_and_a_group_of_three_do_no_harm(past: History, tmp_path: Path) -> None:
    weight, state = past.columns["weight"].astype(np.float64), past.columns["state"].copy()
    weight[::7], state[[10, 80, 150]] = np.inf, "D"
    odd = replace(past, columns={"state": state, "weight": weight})
    model = promising.learn_promise(odd, out=tmp_path / "m", level=0.9, by=("state",), each_group=True)
    offer = promising.offer_from(model, given={"state": "D", "weight": ""}, at=AT)
    assert 0 < offer.exact < 60
    assert offer.like == offer.n
    assert offer.notes == ("“D” was too rare in “state” to learn from; it counts as not given.",)
    assert "D" not in model.factors[0]


# ----------------------------------------------------------------------------- both clocks


def test_a_promise_around_the_clock_is_due_when_it_is_over(model: PromiseModel) -> None:
    offer = promising.offer_from(model, given={"state": "A"}, at=AT)
    assert offer.due == AT + timedelta(hours=offer.upper)
    assert (offer.around_the_clock, offer.working, offer.zone) == (timedelta(hours=offer.upper), None, "")


def test_a_moment_with_a_zone_is_that_moment(model: PromiseModel) -> None:
    given = {"state": "A"}
    there = AT.replace(tzinfo=UTC).astimezone()
    assert promising.offer_from(model, given=given, at=there) == promising.offer_from(
        model, given=given, at=AT
    )


def test_friday_half_past_four_and_one_working_hour_is_monday_half_past_nine(
    model: PromiseModel, tmp_path: Path
) -> None:
    shop = calendar_from(
        "mon-fri 09:00-17:00", closed=[date(2026, 12, 24)], special={date(2026, 11, 28): "10:00-12:00"}
    )
    # All ways of promising promise one hour to everybody.
    flat = replace(
        model, offsets=np.ones_like(model.offsets), trust=np.eye(model.trust.size)[0], groups=(), factors=()
    )
    save_model(replace(flat, calendar=shop), tmp_path / "m")
    again = promising.model_from(tmp_path / "m")
    assert again.calendar == shop
    offer = promising.offer_from(again, given={}, at=datetime(2026, 11, 20, 16, 30))
    assert (offer.upper, offer.unit, offer.zone) == (1.0, "hour", "UTC")
    assert offer.due == datetime(2026, 11, 23, 9, 30)
    assert (offer.working, offer.around_the_clock) == (timedelta(hours=1), timedelta(hours=65))
    with np.load(tmp_path / "m") as arrays:
        calendar = json.loads(arrays["header"].tobytes())["calendar"]
    assert calendar == {
        "hours": "mon-fri 09:00-17:00",
        "zone": "UTC",
        "holidays": None,
        "closed": ["2026-12-24"],
        "special": [["2026-11-28", "10:00-12:00"]],
    }


def test_opening_hours_in_a_file_are_checked(model: PromiseModel, tmp_path: Path) -> None:
    save_model(replace(model, calendar=calendar_from("mon-fri 09:00-17:00")), tmp_path / "m")
    with np.load(tmp_path / "m") as loaded:
        arrays = {name: loaded[name] for name in loaded.files}
    header = arrays["header"].tobytes().replace(b"mon-fri 09:00-17:00", b"mon-fri 09:00-09:00")
    with (tmp_path / "m").open("wb") as file:
        np.savez(file, **(arrays | {"header": np.frombuffer(header, dtype=np.uint8)}))
    with pytest.raises(UnreadableFile, match="is no model of a promise, or it is damaged"):
        promising.model_from(tmp_path / "m")


def test_promises_by_day_are_due_at_the_end_of_the_day(past: History, tmp_path: Path) -> None:
    day = 24 * HOUR
    known = past.start + 1.5 * day * np.random.default_rng(4).lognormal(0, 0.5, past.n)
    days = replace(past, known=known, amount=whole_days(past.start, known), unit="day", by_day=True)
    days = replace(days, promised=np.full(past.n, 5.0), as_of=float(known.max()), clock=whole_days)
    model = promising.learn_promise(days, out=tmp_path / "m", level=0.8)
    offer = promising.offer_from(promising.model_from(tmp_path / "m"), given={"state": "A"}, at=AT)
    assert (model.by_day, offer.by_day, offer.upper) == (True, True, round(offer.upper))
    end = datetime(2024, 5, 3, 23, 59, 59) + timedelta(days=offer.upper)
    assert (offer.due, offer.around_the_clock, offer.working) == (end, end - AT, None)


def test_a_cost_is_due_at_no_time(past: History, tmp_path: Path) -> None:
    costs = replace(past, unit="EUR", clock=None)
    promising.learn_promise(costs, out=tmp_path / "m", level=0.9)
    offer = promising.offer_from(promising.model_from(tmp_path / "m"), given={"state": "A"}, at=AT)
    assert (offer.due, offer.working, offer.around_the_clock) == (None, None, None)


def test_a_promise_beyond_all_calendars_has_no_due(model: PromiseModel) -> None:
    flat = replace(model, offsets=np.full_like(model.offsets, 1e9), trust=np.eye(model.trust.size)[0])
    assert promising.offer_from(flat, given={}, at=AT).due is None


# ---------------------------------------------------------------------------------- quotes


def test_values_are_given_as_the_model_knows_them(model: PromiseModel) -> None:
    offer = promising.offer_from(model, given={"State": "C", "WEIGHT": "1,200"}, at=AT)
    assert offer == promising.offer_from(model, given={"state": "C", "weight": "1200.0"}, at=AT)
    empty = promising.offer_from(model, given={"state": "", "weight": "", "promised": ""}, at=AT)
    assert empty == promising.offer_from(model, given={}, at=AT)


def test_a_case_that_the_company_promised_nothing_still_gets_a_promise(model: PromiseModel) -> None:
    # The ways that rest on the company's promise have all the trust there is.
    halves = model.offsets.shape[2]
    trust = np.zeros(model.trust.size)
    trust[5 * halves : 7 * halves] = 1 / (2 * halves)
    trusting = replace(model, trust=trust)
    promised = promising.offer_from(trusting, given={"state": "A", "promised": "30"}, at=AT)
    alone = promising.offer_from(trusting, given={"state": "A"}, at=AT)
    assert 0 < alone.exact < promised.exact


@pytest.mark.parametrize(
    ("name", "hint"),
    [("stat", "Did you mean “state”?"), ("zip", "Leave it out."), ("weekday", "Leave it out.")],
)
def test_a_column_that_the_model_does_not_know_is_refused(model: PromiseModel, name: str, hint: str) -> None:
    with pytest.raises(MissingColumn) as caught:
        promising.offer_from(model, given={name: "SP"}, at=AT)
    assert str(caught.value) == (
        f"The model was not learned on a column “{name}”. Its columns: weight, state, promised. {hint}"
    )


@pytest.mark.parametrize("value", ["heavy", "inf", "1,2"])
def test_a_number_that_is_none_is_refused(model: PromiseModel, value: str) -> None:
    with pytest.raises(BadOption) as caught:
        promising.offer_from(model, given={"weight": value}, at=AT)
    assert caught.value.message == (
        f"“{value}” is no number, but the model was learned on numbers in “weight”."
    )


def test_a_quote_loads_no_library_that_learns_and_no_calendar(written: tuple[PromiseModel, Path]) -> None:
    heavy = ["lightgbm", "holidays", "forvent.adjust.calendar.calendar", "sklearn", "mapie", "scipy"]
    code = (
        "import sys, forvent.cli, forvent.loop\n"
        f"assert forvent.cli.main(['promise', 'quote', {str(written[1])!r}, '--set', 'state=A']) == 0\n"
        f"print([name for name in {heavy} if name in sys.modules])\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines()[-1] == "[]"


def test_one_promise_to_all_is_judged_by_the_first_column_that_differs(past: History) -> None:
    found = promising.try_length(past, 18.0, level=0.9, by=("lost", "STATE"))
    verdicts = {row.group["state"]: row.verdict for row in found.groups}
    assert (verdicts["A"], verdicts["C"]) == ("padded", "over-promised")
    assert isinstance(found.overall.kept, Estimate)


# ---------------------------------------------------------------------------------- lines


def calls(n: int = 300) -> str:
    """One server, who needs a minute on average; every tenth hangs up after 20 seconds in line."""
    rng = np.random.default_rng(3)
    came, needs, free = np.cumsum(rng.exponential(80, n)), rng.exponential(60, n), 0.0
    lines = ["called,left,how"]
    for case in range(n):
        gives_up = case % 10 == 9 and free > came[case] + 20
        left = came[case] + 20 if gives_up else max(came[case], free)
        free = free if gives_up else left + needs[case]
        times = (FIRST + timedelta(seconds=round(float(one), 1)) for one in (came[case], left))
        lines.append(",".join([*(time.isoformat() for time in times), "HANG" if gives_up else "AGENT"]))
    return "\n".join(lines) + "\n"


def test_who_gave_up_is_part_of_the_line(tmp_path: Path) -> None:
    path = tmp_path / "calls.csv"
    path.write_text(calls(), encoding="utf-8")
    columns = CaseColumns("called", "left", served=("how", ("agent",)))
    found = promising.line_ranges(read_cases(path, columns=columns, keep_unserved=True), level=0.8)
    hung_up = path.read_text().count("HANG")
    assert hung_up >= 10
    assert found.n + found.warming_up + found.in_line == 300
    assert 0 < found.undecided <= hung_up
    assert isinstance(found.kept, Estimate)
    assert found.kept.low < 0.8 < found.kept.high


def test_a_line_needs_times_of_day(opened: Open) -> None:
    with pytest.raises(BadOption) as caught:
        promising.line_ranges(opened("a,b\n2024-05-01,2024-05-02\n", CaseColumns("a", "b")))
    assert caught.value.message == (
        "A waiting line is known by its times of day, which cases.csv does not name."
    )


# -------------------------------------------------------------------------------- real data


def shared(name: str, columns: CaseColumns) -> tuple[History, ReadingReport]:
    path = SHARED / name
    if not path.exists() and os.environ.get("CI") != "true":
        pytest.skip("the shared test data are not beside the project")
    return history_of(read_cases(path, columns=columns))


@pytest.mark.data
def test_olist_orders_are_read_as_their_benchmark_says() -> None:
    columns = CaseColumns("purchased_at", "delivered_at", promised="promised_date", by=("customer_state",))
    history, report = shared("promises/olist_orders_flat.csv.gz", columns)
    assert (history.n, report.used, history.by_day, history.unit) == (5164, 5164, True, "day")
    assert round(float(np.mean(history.amount <= history.promised)), 3) == 0.934
    assert round(float(np.mean(history.promised)), 1) == 24.4


@pytest.mark.data
def test_words_in_place_of_dates_are_left_out_of_the_shipments() -> None:
    columns = CaseColumns(
        "po_sent_to_vendor_date", "delivered_to_client_date", promised="scheduled_delivery_date"
    )
    history, report = shared("promises/scms_shipments.csv.gz", columns)
    assert (history.n, report.rows, history.by_day) == (4587, 10_324, True)
    assert [(entry.reason, entry.count) for entry in report.unusable] == [
        ("no possible date or time", 5732),
        ("ended before the start", 5),
    ]


@pytest.mark.data
def test_events_of_a_helpdesk_are_folded_to_its_cases() -> None:
    columns = CaseColumns("completed_at", "completed_at", case="case_id")
    history, report = shared("promises/process_logs/helpdesk.csv.gz", columns)
    assert (history.n, report.used, history.unit) == (3804, 13_710, "day")


@pytest.mark.data
def test_calls_of_a_bank_have_day_and_time_in_two_columns() -> None:
    columns = CaseColumns("date+queue_start", "date+queue_exit", served=("outcome", ("AGENT",)))
    history, report = shared("waits/bank_calls_feb1999_days_01_20.csv.gz", columns)
    assert history.unit == "minute"
    assert (history.n, report.unusable[1].reason, report.unusable[1].count) == (10_147, "not served", 3050)
    assert 0.0 <= history.amount.min() <= history.amount.max() < 15.0
