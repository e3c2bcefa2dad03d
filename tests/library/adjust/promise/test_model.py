"""One offer says what the walk would have said, tells why, and counts the cases that are like it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pytest

from forvent.adjust.calendar.calendar import calendar_from
from forvent.adjust.history import Floats, History, whole_days
from forvent.adjust.lengths import DAY
from forvent.adjust.promise.blend import blended
from forvent.adjust.promise.calibration import promises_of_ways
from forvent.adjust.promise.learn import learn
from forvent.adjust.promise.model import PromiseModel
from forvent.adjust.promise.shapes import OWN, OWN_UPPER, SHAPES
from forvent.errors import BadOption, TooFewObservations
from forvent.records import Estimate

Record = Callable[..., History]
AT = datetime(2024, 7, 1, 9)  # a Monday
GIVEN: dict[str, str | float | None] = {"kind": "sofa", "size": 2.5, "promised": 11.0}


def batch(model: PromiseModel, history: History, *, place: int = 0) -> Floats:
    """Promise (0) or target (1) to every case, by what the walk promises with."""
    ways = promises_of_ways(model.learned.expected(history), model.offsets[place], log=model.learned.log)
    promised = blended(np.maximum(ways, model.lowest), model.trust)
    for column, factors in zip(model.groups, model.factors, strict=True):
        promised = promised * np.array([factors.get(one, 1.0) for one in history.columns[column].tolist()])
    return np.floor(promised + 1e-9) if model.by_day else promised


def asked(n: int = 200) -> History:
    """Cases of all sorts: usual ones, missing values, levels and numbers that were never learned."""
    rng = np.random.default_rng(12)
    size = rng.uniform(-1, 6, n)
    size[rng.random(n) < 0.15] = np.nan
    promised = np.ceil(rng.uniform(1, 30, n))
    promised[rng.random(n) < 0.15] = np.nan
    return History(
        start=(19_900.0 + rng.uniform(0, 60, n)) * DAY,
        known=np.full(n, np.nan),
        amount=np.full(n, np.nan),
        promised=promised,
        columns={"kind": rng.choice(["book", "lamp", "sofa", "boat", ""], n), "size": size},
        unit="day",
        as_of=20_000.0 * DAY,
    )


def one_by_one(model: PromiseModel, history: History) -> Floats:
    """Exact promise and target of single offers, shape (2, n)."""
    found = []
    for case in range(history.n):
        given = {name: values[case].item() for name, values in history.columns.items()}
        at = datetime(1970, 1, 1) + timedelta(seconds=float(history.start[case]))
        known = model._known(given | {"promised": float(history.promised[case])}, at)
        found.append(model._exact(known))
    return np.array(found).T


@pytest.fixture(scope="module")
def by_day(waits: Record) -> PromiseModel:
    """The same in whole days."""
    history = waits(400, seed=3)
    ends = history.start + history.amount * DAY
    amount = np.floor(ends / DAY) - np.floor(history.start / DAY)
    return learn(replace(history, amount=amount, by_day=True, clock=whole_days), level=0.8)


def test_single_offers_are_those_of_the_walk(model: PromiseModel) -> None:
    history = asked()
    promised, target = one_by_one(model, history)
    assert np.unique(promised).size > 150
    np.testing.assert_allclose(promised, batch(model, history), rtol=0, atol=1e-9)
    np.testing.assert_allclose(
        target, np.minimum(batch(model, history, place=1), promised), rtol=0, atol=1e-9
    )


def test_single_offers_are_those_of_the_walk_by_day(by_day: PromiseModel) -> None:
    history = asked()
    promised, target = one_by_one(by_day, history)
    np.testing.assert_array_equal(promised, batch(by_day, history))
    np.testing.assert_array_equal(promised, np.floor(promised))
    np.testing.assert_array_equal(target, np.minimum(batch(by_day, history, place=1), promised))


def test_what_is_told_is_rounded_to_the_safe_side(model: PromiseModel) -> None:
    offer = model.offer(GIVEN, at=AT)
    assert offer.upper == np.ceil(offer.exact) > offer.exact
    assert offer.target == np.floor(offer.target)
    assert 1 <= offer.target <= offer.upper
    assert (offer.unit, offer.level, offer.by_day, offer.target_level) == ("day", 0.9, False, 0.5)
    assert (offer.n, offer.reasons, offer.notes) == (model.n, (), ())


def test_a_promise_of_days_is_over_when_the_last_of_them_is(by_day: PromiseModel) -> None:
    offer = by_day.offer(GIVEN, at=AT)
    assert offer.upper == offer.exact
    assert offer.due == datetime(2024, 7, 1, 23, 59, 59) + timedelta(days=offer.upper)
    assert offer.around_the_clock == offer.due - AT


def test_a_promise_is_due_that_long_after_its_start(model: PromiseModel) -> None:
    offer = model.offer(GIVEN, at=AT)
    assert offer.around_the_clock == timedelta(days=offer.upper)
    assert offer.due == AT + timedelta(days=offer.upper)
    assert (offer.working, offer.zone) == (None, "")


def test_opening_hours_put_the_end_off(model: PromiseModel) -> None:
    # Of a week's 168 hours the business is open for five times eight.
    calendar = calendar_from("mon-fri 09:00-17:00", zone="UTC")
    offer = replace(model, calendar=calendar).offer(GIVEN, at=AT)
    assert offer.working == timedelta(days=offer.upper)
    assert offer.around_the_clock is not None
    assert 3 * offer.working < offer.around_the_clock < 6 * offer.working
    assert offer.zone == "UTC"


def test_a_moment_in_another_zone_is_the_same_moment(model: PromiseModel) -> None:
    oslo = timezone(timedelta(hours=2))
    assert model.offer(GIVEN, at=AT.replace(hour=11, tzinfo=oslo)) == model.offer(GIVEN, at=AT)
    assert model.offer(GIVEN, at=AT.replace(tzinfo=UTC)) == model.offer(GIVEN, at=AT)


def test_of_a_cost_no_moment_is_told(model: PromiseModel) -> None:
    offer = replace(model, unit="EUR", timed=False).offer(GIVEN, at=AT)
    assert (offer.due, offer.working, offer.around_the_clock, offer.zone) == (None, None, None, "")
    assert offer.unit == "EUR"


def test_a_bigger_sofa_is_promised_later_than_a_small_book(model: PromiseModel) -> None:
    sofa = model.offer({"kind": "sofa", "size": 4.0, "promised": 24.0}, at=AT)
    book = model.offer({"kind": "book", "size": 0.5, "promised": 3.0}, at=AT)
    assert sofa.exact > 3 * book.exact


# Why


@pytest.mark.usefixtures("seldom")
def test_the_column_that_drives_the_wait_is_named_first(waits: Record) -> None:
    history = waits(600, seed=2, own=False)
    noise = np.random.default_rng(5).normal(size=history.n)
    model = learn(replace(history, columns=dict(history.columns) | {"noise": noise}), level=0.8)
    sofa = model.offer({"kind": "sofa", "size": 2.0, "noise": 0.0}, at=AT, explain=True)
    assert (sofa.reasons[0].column, sofa.reasons[0].value) == ("kind", "sofa")
    assert sofa.reasons[0].moves > 0
    big = model.offer({"kind": "book", "size": 3.9, "noise": 0.0}, at=AT, explain=True)
    size = next(one for one in big.reasons if one.column == "size")
    assert (size.value, size.moves > 0) == ("3.9", True)
    assert abs(size.moves) > max(
        (abs(one.moves) for one in big.reasons if one.column not in ("size", "kind")), default=0.0
    )
    for offer in (sofa, big):
        moves = [abs(one.moves) for one in offer.reasons]
        assert moves == sorted(moves, reverse=True)
        assert min(moves) >= 0.01 * offer.exact


def test_a_reason_is_the_difference_to_the_usual_case(model: PromiseModel) -> None:
    offer = model.offer(GIVEN, at=AT, explain=True)
    middle = next(one.middle for one in model.columns.numbers if one.name == "promised")
    usual = model.offer(GIVEN | {"promised": middle}, at=AT)
    moved = next(one for one in offer.reasons if one.column == "promised")
    assert moved.moves == pytest.approx(offer.exact - usual.exact)
    assert moved.value == "11"


def test_the_usual_case_has_no_reason(model: PromiseModel) -> None:
    usual: dict[str, str | float | None] = {one.name: one.middle for one in model.columns.numbers}
    reasons = model.offer(usual | dict(model.usual), at=AT, explain=True).reasons
    assert {one.column for one in reasons} <= {"weekday", "hour"}


def test_explaining_changes_nothing_else(model: PromiseModel) -> None:
    assert replace(model.offer(GIVEN, at=AT, explain=True), reasons=()) == model.offer(GIVEN, at=AT)


# How many were like it


@pytest.mark.usefixtures("seldom")
def test_like_counts_the_deepest_group_with_enough_cases(record: History) -> None:
    place = np.where(np.arange(record.n) < 300, "north", "south")
    place[:25] = "isle"
    columns = {"kind": record.columns["kind"], "place": place, "size": record.columns["size"]}
    model = learn(replace(record, columns=columns), level=0.8)
    closed = np.isfinite(record.amount)
    lamps = closed & (columns["kind"] == "lamp")
    north, isle = lamps & (place == "north"), lamps & (place == "isle")
    assert isle.sum() < 20 < north.sum()

    def like(**given: str) -> int:
        return model.offer(given, at=AT).like

    assert like(kind="lamp", place="north") == north.sum()
    assert like(kind="lamp", place="isle") == like(kind="lamp") == lamps.sum()
    assert like(place="north") == like(kind="boat") == like() == model.n == closed.sum()


# What it cannot say


def test_refuses_text_for_a_number(model: PromiseModel) -> None:
    with pytest.raises(BadOption) as refused:
        model.offer({"size": "big"}, at=AT)
    assert str(refused.value) == (
        "“big” is no number, but the model was learned on numbers in “size”. "
        "Give a number, or leave the column out."
    )


def test_refuses_text_for_a_promise_that_was_always_the_same(model: PromiseModel) -> None:
    # Then it is no column of the model, and yet promises rest on it.
    columns = replace(
        model.columns, numbers=tuple(one for one in model.columns.numbers if one.name != "promised")
    )
    slopes = {
        name: replace(part, slopes=part.slopes[[0, 2, 3]]) for name, part in model.learned.parts.items()
    }
    other = replace(model, learned=replace(model.learned, columns=columns, parts=slopes))
    with pytest.raises(BadOption, match="“soon” is no number"):
        other.offer({"promised": "soon"}, at=AT)


def of_the_company(model: PromiseModel) -> PromiseModel:
    """All trust in the company's own promise."""
    rests = np.array([[shape.goal in (OWN, OWN_UPPER)] * model.offsets.shape[2] for shape in SHAPES])
    return replace(model, trust=rests.ravel() / rests.sum())


def test_without_a_promise_of_the_company_what_else_was_learned_answers(model: PromiseModel) -> None:
    other = of_the_company(model)
    assert other.offer({"kind": "sofa", "size": 2.5}, at=AT).exact > 0
    history = asked()
    np.testing.assert_allclose(one_by_one(other, history)[0], batch(other, history), rtol=0, atol=1e-9)


def test_says_so_where_nothing_tells_of_such_a_case(model: PromiseModel) -> None:
    offsets = model.offsets.copy()
    offsets[:, [shape.goal not in (OWN, OWN_UPPER) for shape in SHAPES]] = np.nan
    other = replace(of_the_company(model), offsets=offsets)
    assert other.offer(GIVEN, at=AT).exact > 0
    with pytest.raises(TooFewObservations) as refused:
        other.offer({"kind": "sofa", "size": 2.5}, at=AT)
    assert str(refused.value) == (
        "The model can say nothing of such a case. Give the columns it was learned on; or fit it at a "
        "lower level, or with more closed cases."
    )


def test_half_the_trust_in_ways_that_cannot_promise_offers_nothing(model: PromiseModel) -> None:
    able = np.arange(model.trust.size) % 4 == 0  # one memory of each shape
    for trusted, promises in ((0.7, True), (0.3, False)):
        trust = np.where(able, trusted / able.sum(), (1.0 - trusted) / (~able).sum())
        offsets = np.where(able.reshape(model.offsets.shape[1:]), model.offsets, np.inf)
        other = replace(model, trust=trust, offsets=offsets)
        if promises:
            assert other.offer(GIVEN, at=AT).exact > 0
        else:
            with pytest.raises(TooFewObservations, match="The model can say nothing of such a case"):
                other.offer(GIVEN, at=AT)


def test_a_model_that_does_not_keep_its_word_says_so_with_every_offer(model: PromiseModel) -> None:
    poor = replace(model, kept=Estimate(0.8012, 0.7804, 0.8204, n=1_500, level=0.95))
    assert poor.offer(GIVEN, at=AT).notes == (
        "This model does not keep its word: along its own record such promises were kept in 80.1% of 1500 "
        "cases (between 78.0% and 82.0%), not in 90.0%.",
    )
    just = replace(model, kept=Estimate(0.88, 0.86, 0.9, n=1_500, level=0.95))
    assert just.offer(GIVEN, at=AT).notes == ()


def test_the_shortest_target_that_is_said_is_not_above_the_promise(model: PromiseModel) -> None:
    # Both are far below a day, and a day is the least that is said.
    quick = replace(model, offsets=np.where(np.isnan(model.offsets), np.nan, -50.0))
    offer = quick.offer(GIVEN, at=AT)
    assert offer.target <= offer.upper
    assert offer.exact >= model.lowest
