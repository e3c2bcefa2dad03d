"""From a history through the engine to promises: the walk, the model and its file, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from forvent.adjust.history import History
from forvent.adjust.promise.model import PromiseModel
from forvent.errors import BadOption, TooFewObservations
from forvent.records import Estimate
from forvent.runs import promising

Record = Callable[..., History]
HOUR = 3_600.0
USUAL = {"A": 6.0, "B": 12.0, "C": 24.0}
AT = datetime(2024, 5, 3, 16, 30)


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


def test_without_a_promise_there_is_nothing_to_match(record: Record) -> None:
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
def test_too_few_cases_for_a_level_are_counted(
    record: Record, n: int, level: float, needed: int, tmp_path: Path
) -> None:
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


def test_a_model_that_does_not_keep_its_word_says_so(record: Record, tmp_path: Path) -> None:
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
