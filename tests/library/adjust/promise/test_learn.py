"""What is learned keeps its word on cases that come after, or says that it does not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pytest

from forvent.adjust.history import Floats, History
from forvent.adjust.lengths import DAY
from forvent.adjust.promise.learn import learn
from forvent.adjust.promise.model import PromiseModel
from forvent.errors import BadOption, TooFewObservations
from forvent.records import Estimate, NotEnough

Record = Callable[..., History]
pytestmark = pytest.mark.usefixtures("seldom")


def offered(model: PromiseModel, history: History) -> Floats:
    """Exact promise of the model to every case."""
    return np.array(
        [model.offer(given, at=at).exact for given, at in zip(rows(history), moments(history), strict=True)]
    )


def rows(history: History) -> list[Mapping[str, str | float | None]]:
    """What is known of every case."""
    own = {"promised": history.promised} if history.has_promise else {}
    known = {name: values.tolist() for name, values in (dict(history.columns) | own).items()}
    return [dict(zip(known, values, strict=True)) for values in zip(*known.values(), strict=True)]


def moments(history: History) -> list[datetime]:
    return [datetime(1970, 1, 1) + timedelta(seconds=one) for one in history.start.tolist()]


def share(kept: np.ndarray) -> float:
    return float(np.mean(kept))


@pytest.fixture(scope="module")
def coming(waits: Record) -> History:
    """Waits of the same kind that the model has not seen, all of them closed."""
    history = waits(2_000, seed=77)
    return history.where(np.isfinite(history.amount))


def test_what_was_kept_along_the_record_is_the_level(model: PromiseModel) -> None:
    kept = model.kept
    assert isinstance(kept, Estimate)
    assert kept.low <= 0.9 <= kept.high
    assert kept.n > 400
    assert model.offer({}, at=datetime(2024, 7, 1)).notes == ()


def test_what_is_offered_to_new_cases_is_kept_at_the_level(model: PromiseModel, coming: History) -> None:
    # The model was learned on 600 cases, which its own promise varies with: four errors of both.
    error = 0.3 * np.sqrt(1 / 600 + 1 / coming.n)
    assert share(coming.amount <= offered(model, coming)) == pytest.approx(0.9, abs=4 * error)


def test_the_level_is_held_in_the_unsure_group(model: PromiseModel, record: History, coming: History) -> None:
    sofas = coming.where(coming.columns["kind"] == "sofa")
    without = learn(record, level=0.9, by="kind")
    held, not_held = (share(sofas.amount <= offered(one, sofas)) for one in (model, without))
    error = 0.3 * np.sqrt(1 / 120 + 1 / sofas.n)
    assert held == pytest.approx(0.9, abs=4 * error)
    assert held > not_held
    assert model.groups == ("kind",)
    assert model.factors[0]["sofa"] > 1.0 > model.factors[0]["book"]
    assert without.groups == without.factors == ()


def test_the_target_lies_below_the_promise_and_is_met_by_its_share(
    model: PromiseModel, coming: History
) -> None:
    offers = [model.offer(given, at=at) for given, at in zip(rows(coming), moments(coming), strict=True)]
    assert all(0 < one.target <= one.upper for one in offers)
    assert {(one.level, one.target_level) for one in offers} == {(0.9, 0.5)}
    target = np.array(
        [
            model._exact(model._known(given, at))[1]
            for given, at in zip(rows(coming), moments(coming), strict=True)
        ]
    )
    assert share(coming.amount <= target) == pytest.approx(0.5, abs=4 * 0.5 * np.sqrt(1 / 600 + 1 / 2_000))


def test_a_target_at_the_level_is_the_promise(waits: Record) -> None:
    equal = learn(waits(200, seed=5), level=0.8, target_level=0.8)
    offer = equal.offer({"kind": "book", "size": 2.0}, at=datetime(2024, 7, 1))
    assert offer.target_level == offer.level == 0.8
    assert offer.target <= offer.upper


def test_says_what_it_was_learned_on(model: PromiseModel, record: History) -> None:
    assert model.n == int(np.isfinite(record.amount).sum())
    assert (model.unit, model.by_day, model.level, model.target_level) == ("day", False, 0.9, 0.5)
    assert (model.first, model.as_of) == (record.start[0], record.as_of)
    assert model.columns.names == ("size", "promised", "weekday", "hour", "kind")


def test_the_same_record_teaches_the_same(waits: Record) -> None:
    history = waits(200, seed=5)
    one, two = (learn(history, level=0.8) for _ in range(2))
    given, at = {"kind": "sofa", "size": 2.0, "promised": 9.0}, datetime(2024, 7, 1)
    assert one.offer(given, at=at, explain=True) == two.offer(given, at=at, explain=True)


# What a record may look like


def test_constant_columns_are_ignored(waits: Record) -> None:
    history = waits(200, seed=5)
    more = dict(history.columns) | {
        "country": np.full(200, "NO"),
        "empty": np.full(200, ""),
        "one": np.ones(200),
        "none": np.full(200, np.nan),
    }
    plain, wider = learn(history, level=0.8), learn(replace(history, columns=more), level=0.8)
    assert wider.columns == plain.columns
    given, at = {"kind": "sofa", "size": 2.0, "promised": 9.0}, datetime(2024, 7, 1)
    assert wider.offer(given | {"country": "EE", "one": 9.0}, at=at) == plain.offer(given, at=at)


def test_infinite_numbers_count_as_missing(waits: Record) -> None:
    history = waits(300, seed=5)
    size = history.columns["size"].copy()
    gone, wild = size.copy(), size.copy()
    gone[::5] = np.nan
    wild[::5], wild[::10] = np.inf, -np.inf
    one, two = (
        learn(replace(history, columns=dict(history.columns) | {"size": each}), level=0.8)
        for each in (gone, wild)
    )
    given, at = {"kind": "lamp", "promised": 4.0}, datetime(2024, 7, 1)
    missing = one.offer(given, at=at).exact
    for model in (one, two):
        for value in (None, np.nan, np.inf, -np.inf):
            assert model.offer(given | {"size": value}, at=at).exact == missing
        assert model.offer(given | {"size": 2.0}, at=at) == one.offer(given | {"size": 2.0}, at=at)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"kind": "boat", "size": 2.0, "promised": 5.0},
        {"kind": "", "size": None, "promised": None},
        {"kind": None, "size": float("nan"), "promised": float("nan")},
        {"colour": "red"},
        {"kind": 7.0, "size": 1e300, "promised": 5.0},
    ],
)
def test_unseen_levels_and_missing_values_get_an_offer(
    model: PromiseModel, record: History, given: dict[str, str | float | None]
) -> None:
    offer = model.offer(given, at=datetime(2024, 7, 1))
    assert 0 < offer.exact <= 2 * np.nanmax(record.amount)
    assert offer.like == model.n


def test_a_group_of_three_cases_gets_the_promise_of_all(waits: Record) -> None:
    history = waits(300, seed=5)
    kind = history.columns["kind"].copy()
    kind[[100, 150, 200]] = "boat"
    amount = np.where(kind == "boat", 1.0, history.amount)
    model = learn(
        replace(history, columns=dict(history.columns) | {"kind": kind}, amount=amount),
        level=0.8,
        by="kind",
        each_group=True,
    )
    at = datetime(2024, 7, 1)
    boat, never_seen = (
        model.offer({"kind": one, "size": 2.0, "promised": 5.0}, at=at) for one in ("boat", "raft")
    )
    assert boat == never_seen
    assert "boat" not in model.factors[0]
    assert boat.like == model.n


def test_a_cost_that_is_no_time_can_be_promised(waits: Record) -> None:
    history = replace(waits(300, seed=5), unit="EUR", clock=None)
    history = replace(history, amount=100.0 * history.amount, promised=100.0 * history.promised)
    model = learn(history, level=0.8)
    offer = model.offer({"kind": "sofa", "size": 2.0, "promised": 1_500.0}, at=datetime(2024, 7, 1))
    assert offer.unit == "EUR"
    assert offer.upper >= offer.exact > 500.0
    assert offer.upper == float(f"{offer.upper:.2g}")


# A model that cannot keep its word


def slower(*, n: int = 500, late: float = 60.0) -> History:
    """Costs that double every sixty cases, each known sixty days late: nobody can keep up."""
    rng = np.random.default_rng(9)
    start = np.arange(n) * DAY / 2
    amount = 10.0 * 2.0 ** (np.arange(n) / 60) * rng.lognormal(0.0, 0.2, n)
    known = start + late * DAY
    as_of = float(start[-1]) + 1_000 * DAY
    return History(
        start, known, amount, np.full(n, np.nan), {}, unit="EUR", as_of=as_of, by_day=False, clock=None
    )


def test_a_record_that_gets_dearer_faster_than_it_is_known_makes_the_model_say_so() -> None:
    model = learn(slower(), level=0.9)
    kept = model.kept
    assert isinstance(kept, Estimate)
    assert kept.high < 0.9
    assert model.offer({}, at=datetime(2024, 7, 1)).notes == (
        "This model does not keep its word: along its own record such promises were kept in "
        f"{kept.value:.1%} of {kept.n} cases (between {kept.low:.1%} and {kept.high:.1%}), not in 90.0%.",
    )


def test_a_few_cases_are_too_few_to_say_what_was_kept(record: History) -> None:
    # Fifty teach and twenty calibrate, which leaves fewer than thirty to try.
    model = learn(closed_alone(record, n=100), level=0.8)
    assert isinstance(model.kept, NotEnough)
    assert (model.kept.needed, model.kept.n < 30) == (30, True)
    assert model.kept.why == "too few promises could be tried along the record"
    assert model.offer({}, at=datetime(2024, 7, 1)).notes == ()


# Refused


@pytest.mark.parametrize("level", [1.0, 0.0, 95.0])
def test_refuses_a_level_that_is_no_share(record: History, level: float) -> None:
    words = f"The level {level} is not between 0 and 1. Give a share such as 0.95, not a percentage."
    with pytest.raises(BadOption) as refused:
        learn(record, level=level)
    assert str(refused.value) == words
    with pytest.raises(BadOption) as refused:
        learn(record, level=0.9, target_level=level)
    assert str(refused.value) == words


def test_refuses_a_target_above_the_promise(record: History) -> None:
    with pytest.raises(BadOption) as refused:
        learn(record, level=0.8, target_level=0.9)
    assert str(refused.value) == (
        "A target level of 0.9 is above the level 0.8. Plan for a limit that is shorter than the promise."
    )


def closed_alone(record: History, *, n: int) -> History:
    """The first cases that are closed."""
    return record.where(np.flatnonzero(np.isfinite(record.amount))[:n])


def test_refuses_a_level_that_the_closed_cases_do_not_carry(record: History) -> None:
    with pytest.raises(TooFewObservations) as refused:
        learn(closed_alone(record, n=98), level=0.99)
    assert str(refused.value) == (
        "A promise at level 0.99 needs at least 99 closed cases; there are 98. "
        "Wait for more cases, or lower the level."
    )


def test_refuses_a_record_too_short_to_try_a_promise_along_it(record: History) -> None:
    with pytest.raises(TooFewObservations) as refused:
        learn(closed_alone(record, n=69), level=0.5)
    assert str(refused.value) == (
        "A promise at level 0.5 needs at least 70 closed cases; there are 69. "
        "Wait for more cases, or lower the level."
    )


def test_refuses_a_record_where_all_cases_are_open(record: History) -> None:
    nothing = np.full(record.n, np.nan)
    with pytest.raises(TooFewObservations) as refused:
        learn(replace(record, amount=nothing, known=nothing), level=0.9)
    assert str(refused.value) == (
        "A promise at level 0.9 needs at least 70 closed cases; there are 0. "
        "Wait for more cases, or lower the level."
    )


def test_refuses_an_empty_record(record: History) -> None:
    with pytest.raises(TooFewObservations, match="there are 0"):
        learn(record.where(np.arange(0)), level=0.9)


def test_refuses_a_record_that_has_too_many_open_cases(record: History) -> None:
    # One in two of the cases never ends: no promise is kept in nine of ten.
    never = np.arange(record.n) % 2 == 0
    history = replace(
        record,
        amount=np.where(never, np.nan, record.amount),
        known=np.where(never, np.nan, record.known),
        as_of=record.as_of + 365 * DAY,
    )
    with pytest.raises(TooFewObservations) as refused:
        learn(history, level=0.9)
    assert refused.value.message.startswith("The record does not carry a promise at level 0.9: ")
    assert refused.value.message.endswith(" cases are still open.")
    assert refused.value.hint == "Lower the level, or wait until more cases are closed."


def test_refuses_a_record_that_began_before_anything_had_ended(record: History) -> None:
    # A hundred cases on one day; the first fifty have not ended when the last ten begin.
    history = closed_alone(record, n=100)
    start = history.start[0] + np.arange(100.0)
    history = replace(history, start=start, known=start + history.amount * DAY, as_of=start[-1] + 99 * DAY)
    with pytest.raises(TooFewObservations) as refused:
        learn(history, level=0.8)
    assert str(refused.value) == (
        "0 cases began after the first 50 had ended; to try a promise it takes 20. Wait for more cases."
    )


def test_refuses_groups_by_a_column_that_is_not_there(record: History) -> None:
    with pytest.raises(BadOption) as refused:
        learn(record, level=0.9, by="colour", each_group=True)
    assert str(refused.value) == "“colour” is no column of text of these cases. Group by a column of text."
