"""Importance of expectations: R² of the contrast shared out, with intervals, places and honest fallbacks."""

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest

from forvent.assess import asymmetries, contrast, gaps, importances, judgements, with_importance
from forvent.records import Estimate, NotEnough

USUAL = dict.fromkeys(("a", "b", "c", "d"), "basic")


@pytest.fixture
def told(table_of, voices_of):
    """Judgements of voices that mention each of some expectations now and then; ratings as they are made."""

    def make(swings, *, n=1500, seed=3, noise=0.15, said=0.3, rated=True, met=None):
        rng = np.random.default_rng(seed)
        rating, rows = 0.5 + rng.normal(0.0, noise, n), []
        for name, (penalty, reward) in swings.items():
            says, good = rng.random(n) < said, rng.random(n) < (met or {}).get(name, 0.6)
            rating += says * np.where(good, reward, penalty)
            rows += [(f"v{at}", name, "met" if good[at] else "unmet") for at in np.flatnonzero(says)]
        given = rating.tolist() if rated else [None] * n
        return judgements(table_of(rows), voices=voices_of(given))

    return make


def found_in(judged, *, rounds=300, **options):
    rng = np.random.default_rng(5)
    fit = contrast(judged, rng=rng, rounds=rounds)
    return importances(judged, contrast=fit, rng=rng, **options), fit


def explained_by(judged, names):
    """R² of a plain least squares fit on met and unmet of some expectations."""
    columns = [np.ones(judged.voices)]
    for name in names:
        code = judged.expectations.index(name)
        for side in (0, 1):
            column = np.zeros(judged.voices)
            column[judged.voice[(judged.expectation == code) & (judged.polarity == side)]] = 1.0
            columns.append(column)
    design = np.column_stack(columns)
    fitted, *_ = np.linalg.lstsq(design, judged.rating, rcond=None)
    left = ((judged.rating - design @ fitted) ** 2).sum()
    return 1.0 - left / ((judged.rating - judged.rating.mean()) ** 2).sum()


def test_parts_are_those_of_all_orders_of_entering_worked_out_by_hand(told):
    judged = told({"a": (-0.3, 0.05), "b": (-0.1, 0.1), "c": (0.0, 0.2)}, n=600)
    parts = dict.fromkeys("abc", 0.0)
    for order in permutations("abc"):
        for at, name in enumerate(order):
            gained = explained_by(judged, order[: at + 1]) - explained_by(judged, order[:at])
            parts[name] += gained / 6
    found, _ = found_in(judged)
    whole = sum(parts.values())
    # The adjusted R² is shared out, so the parts are a little smaller and the shares nearly the same.
    for one in found.expectations:
        assert one.importance.value == pytest.approx(parts[one.expectation] / whole, abs=0.01)
        assert one.part.value == pytest.approx(parts[one.expectation], abs=0.008)
    assert sum(one.importance.value for one in found.expectations) == pytest.approx(1.0)
    assert found.explained.value == pytest.approx(sum(one.part.value for one in found.expectations))
    assert found.explained.value < whole


def test_what_the_ratings_go_together_with_comes_first_and_what_is_only_spoken_of_last(told):
    judged = told({"a": (-0.4, 0.1), "b": (-0.1, 0.1), "c": (0.0, 0.0), "d": (0.0, 0.0)})
    found, _ = found_in(judged)
    assert (found.basis, found.why, found.sampled, found.error) == ("ratings", "", False, 0.0)
    assert found.definition == "importance/2"
    first = found.expectations[0]
    assert (first.expectation, first.rank.low, first.rank.high) == ("a", 1.0, 1.0)
    assert first.importance.low > 0.5
    silent = {one.expectation: one for one in found.expectations}["c"]
    assert silent.importance.high < 0.05
    assert silent.spoken.value == pytest.approx(0.3, abs=0.04)
    assert silent.rank.low >= 2.0


def test_the_cross_hair_stands_at_the_means_and_fields_are_sure(told):
    met = {"a": 0.3, "b": 0.9, "c": 0.3, "d": 0.6}
    judged = told(dict.fromkeys("ab", (-0.3, 0.2)) | dict.fromkeys("cd", (0.0, 0.02)), n=3000, met=met)
    found, _ = found_in(judged)
    shares = [one.importance.value for one in found.expectations]
    assert found.importance_line == pytest.approx(np.mean(shares)) == pytest.approx(0.25)
    got = [one.performance.value for one in found.expectations]
    assert found.performance_line == pytest.approx(np.mean(got))
    places = {one.expectation: one.place for one in found.expectations}
    assert (places["a"], places["c"]) == ("concentrate_here", "low_priority")
    # Where an expectation is met as often as the others on average, nobody can say on which side it is.
    near = {"a": 0.3, "b": 0.9, "c": 0.3, "d": 0.51}
    judged = told(dict.fromkeys("ab", (-0.3, 0.2)) | dict.fromkeys("cd", (0.0, 0.02)), n=3000, met=near)
    assert {one.expectation: one.place for one in found_in(judged)[0].expectations}["d"] == "undecided"


def test_two_expectations_have_no_cross_hair(told):
    found, _ = found_in(told({"a": (-0.4, 0.1), "b": (-0.1, 0.1)}))
    assert (found.importance_line, found.performance_line) == (None, None)


def test_an_expectation_with_few_rated_voices_is_not_in_the_model(told, table_of):
    judged = told({"a": (-0.4, 0.1), "b": (-0.2, 0.1)})
    more = replace(
        judged,
        expectations=(*judged.expectations, "rare"),
        stages=(*judged.stages, "receive"),
        voice=np.append(judged.voice, np.arange(7)),
        expectation=np.append(judged.expectation, np.full(7, 2)),
        polarity=np.append(judged.polarity, np.ones(7, dtype=np.int64)),
        touchpoint=np.append(judged.touchpoint, np.zeros(7, dtype=np.int64)),
    )
    found, _ = found_in(more)
    rare = found.expectations[-1]
    assert rare.expectation == "rare"
    assert rare.importance == rare.part == rare.rank == NotEnough(7, 10, "too few rated voices judge it")
    assert isinstance(rare.spoken, Estimate)


@pytest.mark.parametrize(
    ("options", "why"),
    [({"rated": False}, "no_ratings"), ({"n": 25}, "too_few_ratings"), ({"swing": 0.0}, "nothing_explained")],
)
def test_where_ratings_cannot_say_it_importance_is_how_many_speak_of_it(told, options, why):
    swing = options.pop("swing", 0.3)
    judged = told({"a": (-swing, swing), "b": (-swing, 0.0), "c": (0.0, 0.0)}, **options)
    found, fit = found_in(judged)
    assert (found.basis, found.why) == ("mentions", why)
    for one in found.expectations:
        assert one.importance == one.spoken
        assert isinstance(one.part, NotEnough)
    values = [one.importance.value for one in found.expectations]
    assert values == sorted(values, reverse=True)
    made = gaps(judged, contrast=fit, asymmetries=asymmetries(judged, contrast=fit), usual_kinds=USUAL)
    assert with_importance(made, importances=found) == made


def test_ratings_that_are_all_the_same_say_nothing(table_of, voices_of):
    rows = [(f"v{at}", "on_time", "met" if at % 2 else "unmet") for at in range(60)]
    found, _ = found_in(judgements(table_of(rows), voices=voices_of([0.75] * 100)))
    assert (found.basis, found.why, found.rated) == ("mentions", "too_few_ratings", 100)


def test_no_mentions_are_no_error(table_of, voices_of):
    empty = judgements(table_of([("v0", "a", "met")]).slice(0, 0), voices=voices_of([0.1, 0.9]))
    assert found_in(empty)[0].expectations == ()


def test_two_that_are_always_said_together_share_what_they_explain(table_of, voices_of):
    rng = np.random.default_rng(1)
    late = rng.random(600) < 0.4
    rows = [(f"v{at}", name, "unmet" if late[at] else "met") for at in range(300) for name in ("a", "b")]
    ratings = (0.6 - 0.3 * late * (np.arange(600) < 300) + rng.normal(0, 0.1, 600)).tolist()
    found, _ = found_in(judgements(table_of(rows), voices=voices_of(ratings)))
    first, second = found.expectations
    assert first.importance.value == pytest.approx(second.importance.value, abs=0.01)


def test_beyond_fifteen_orders_are_drawn_and_the_error_is_stated(told):
    swings = {f"e{at:02d}": (-0.02 * at, 0.01 * at) for at in range(18)}
    judged = told(swings, n=3000, said=0.15)
    found, _ = found_in(judged, rounds=100)
    assert found.sampled
    assert 0.0 < found.error < 0.002
    assert sum(one.importance.value for one in found.expectations) == pytest.approx(1.0)
    assert {one.expectation for one in found.expectations[:3]} == {"e15", "e16", "e17"}


def test_between_ten_and_fifteen_only_the_rounds_are_drawn(told):
    swings = {f"e{at:02d}": (-0.03 * at, 0.01 * at) for at in range(12)}
    found, _ = found_in(told(swings, n=2000, said=0.15), rounds=100)
    assert (found.sampled, found.error) == (False, 0.0)
    first = found.expectations[0]
    assert first.importance.low < first.importance.value < first.importance.high


def test_customers_who_repeat_widen_the_intervals(told):
    swings = {"a": (-0.4, 0.1), "b": (-0.1, 0.1)}
    alone, _ = found_in(told(swings, n=600))
    # Every customer says the same ten times over: as many answers, a tenth of the customers.
    once = told(swings, n=60)
    voices = np.tile(np.arange(60), 10)
    again = replace(
        once,
        rating=once.rating[voices],
        block=once.block[voices],
        repeated=True,
        voice=np.concatenate([once.voice + 60 * at for at in range(10)]),
        expectation=np.tile(once.expectation, 10),
        polarity=np.tile(once.polarity, 10),
        touchpoint=np.tile(once.touchpoint, 10),
    )
    together, _ = found_in(again)
    widths = [
        found.expectations[0].spoken.high - found.expectations[0].spoken.low for found in (alone, together)
    ]
    assert widths[1] > 2 * widths[0]


def test_touchpoints_share_the_importance_of_their_expectation(table_of, voices_of):
    rows = [(f"v{n}", "on_time", "met" if n % 4 else "unmet", "shop") for n in range(150)]
    rows += [(f"v{n}", "on_time", "unmet" if n % 4 else "met", "door") for n in range(150, 200)]
    ratings = [0.6 if row[2] == "met" else 0.1 for row in rows] + [0.5] * 100
    judged = judgements(table_of(rows), voices=voices_of(ratings))
    found, fit = found_in(judged)
    kinds = asymmetries(judged, contrast=fit)
    options = {"contrast": fit, "asymmetries": kinds, "usual_kinds": {"on_time": "basic"}}
    (whole,) = with_importance(gaps(judged, **options), importances=found)
    door, shop = with_importance(gaps(judged, by_touchpoint=True, **options), importances=found)
    assert whole.importance == found.expectations[0].importance
    assert whole.importance_basis == door.importance_basis == "ratings"
    assert door.importance.value == pytest.approx(whole.importance.value / 4)
    assert door.importance.value + shop.importance.value == pytest.approx(whole.importance.value)
