"""What a model offers: when it is due on both clocks, what it is told of a case, and what it refuses."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from forvent.adjust.calendar.calendar import calendar_from
from forvent.adjust.history import History, whole_days
from forvent.adjust.promise.model import PromiseModel
from forvent.adjust.promise.model_file import save_model
from forvent.errors import BadOption, MissingColumn, UnreadableFile
from forvent.records import Estimate
from forvent.runs import promising

HOUR = 3_600.0
AT = datetime(2024, 5, 3, 16, 30)


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
