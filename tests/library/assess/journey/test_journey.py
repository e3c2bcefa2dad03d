"""Where the journey is worst and best, and how it ends."""

import numpy as np
import pyarrow as pa
import pytest

from forvent.assess import asymmetries, contrast, journey, judgements
from forvent.records import Estimate, NotEnough
from forvent.tables import STAGES

USUAL = {
    "choice": "performance",
    "on_time": "basic",
    "product_quality": "basic",
    "loyalty_reward": "excitement",
}
STAGE = {"choice": "choose", "on_time": "receive", "product_quality": "use", "loyalty_reward": "stay"}


@pytest.fixture
def told():
    """The journey of (voice, expectation, polarity) and, by voice, ratings, customers and touchpoints."""

    def make(rows, *, ratings=None, customers=None, touchpoints=None, placed=None, **options):
        names = sorted({voice for voice, _, _ in rows})
        mentions = pa.table(
            {
                "voice_id": [voice for voice, _, _ in rows],
                "expectation": [expectation for _, expectation, _ in rows],
                "stage": [STAGE[expectation] for _, expectation, _ in rows],
                "touchpoint": [(touchpoints or {}).get(voice, STAGE[e]) for voice, e, _ in rows],
                "polarity": [polarity for _, _, polarity in rows],
            }
        )
        voices = pa.table(
            {
                "voice_id": names,
                "rating": pa.array([(ratings or {}).get(name) for name in names], pa.float64()),
                "customer": [(customers or {}).get(name, name) for name in names],
            }
        )
        judged = judgements(mentions, voices=voices, touchpoint_stages=placed)
        fit = contrast(judged, rng=np.random.default_rng(1), rounds=300)
        return journey(
            judged, contrast=fit, asymmetries=asymmetries(judged, contrast=fit), usual_kinds=USUAL,
            rng=np.random.default_rng(2), **options,
        )  # fmt: skip

    return make


def said(expectation, met, unmet, *, start=0):
    names = [f"{expectation}{start + number:04d}" for number in range(met + unmet)]
    return [(name, expectation, "met" if place < met else "unmet") for place, name in enumerate(names)]


def by_name(found):
    return {stop.name: stop for stop in found.stops}


def test_the_stages_stand_in_their_order_each_with_its_share(told):
    found = told(said("choice", 45, 15) + said("on_time", 12, 28))
    assert tuple(stop.name for stop in found.stops) == STAGES
    stops = by_name(found)
    assert (stops["choose"].got.value, stops["choose"].voices) == (0.75, 60)
    assert stops["receive"].got.value == pytest.approx(0.3)
    assert stops["buy"].got == NotEnough(0, 5, "too few voices say how it was there")
    assert found.mean.value == pytest.approx((0.75 + 0.3) / 2)


def test_without_ratings_the_usual_kind_says_what_is_expected(told):
    stop = by_name(told(said("on_time", 12, 28) + said("choice", 20, 20)))["receive"]
    assert stop.expected.value == 0.8
    assert 0.55 < stop.expected.low < 0.65
    assert stop.gap.value == pytest.approx(0.3 - 0.8)
    assert stop.rate < 0.05


def test_the_worst_stage_is_named_where_it_surely_is_and_the_best_likewise(told):
    found = told(said("choice", 55, 5) + said("on_time", 10, 50) + said("product_quality", 30, 30))
    assert (found.worst.name, found.worst.sure, found.worst.against) == ("receive", True, "use")
    assert (found.best.name, found.best.sure) == ("choose", True)
    assert found.worst.difference.value == pytest.approx(1 / 6 - 1 / 2)
    assert found.worst.perhaps == ()


def test_where_the_intervals_overlap_the_worst_is_undecided_and_the_candidates_are_named(told):
    found = told(said("choice", 12, 18) + said("on_time", 13, 17) + said("product_quality", 58, 2))
    assert (found.worst.sure, found.worst.name, found.worst.perhaps) == (False, "choose", ("receive",))
    assert found.worst.difference.high > 0.0


def test_all_alike_leaves_every_stage_a_candidate(told):
    found = told([row for name in STAGE for row in said(name, 20, 20)])
    assert not found.worst.sure
    assert len(found.worst.perhaps) == 3


def test_one_stage_alone_is_neither_worst_nor_best(told):
    found = told(said("on_time", 20, 20))
    assert (found.worst, found.best, found.last) == (None, None, "receive")


def test_the_last_stage_is_the_last_with_enough_voices(told):
    found = told(said("choice", 20, 5) + said("on_time", 9, 11) + said("loyalty_reward", 1, 2))
    assert found.last == "receive"
    # As people remember: the worst and the last, which are the same here.
    assert found.remembered.value == pytest.approx(0.45)


def test_memory_joins_the_worst_and_the_last(told):
    found = told(said("choice", 20, 5) + said("on_time", 9, 11) + said("product_quality", 30, 10))
    assert found.remembered.value == pytest.approx((0.45 + 0.75) / 2)
    assert found.mean.value == pytest.approx((0.8 + 0.45 + 0.75) / 3)


def test_a_wish_is_no_judgement(told):
    found = told(said("on_time", 6, 6) + [(f"w{n}", "on_time", "wished") for n in range(30)])
    assert by_name(found)["receive"].voices == 12


def test_customers_who_speak_often_make_the_share_less_sure(told):
    rows = said("on_time", 30, 30) + said("choice", 30, 30)
    alone = by_name(told(rows))["receive"].got
    # The first six speak as one, the next six too, and so on.
    people = {name: f"c{place // 6}" for place, (name, _, _) in enumerate(rows)}
    often = by_name(told(rows, customers=people))["receive"].got
    assert often.value == alone.value
    assert often.high - often.low > 1.3 * (alone.high - alone.low)


def both(count, *, before, end, start):
    rows = []
    for number in range(start, start + count):
        rows += [(f"v{number:04d}", "choice", before), (f"v{number:04d}", "loyalty_reward", end)]
    return rows


def test_a_bad_end_is_held_against_a_bad_moment_before_it(told):
    ended_badly = both(20, before="met", end="unmet", start=0)
    began_badly = both(20, before="unmet", end="met", start=20)
    fine = both(20, before="met", end="met", start=40)
    ratings = {f"v{n:04d}": (0.25, 0.75, 1.0)[n // 20] for n in range(60)}
    found = told(ended_badly + began_badly + fine, ratings=ratings)
    assert found.bad_end.value == pytest.approx(-0.5)
    assert found.bad_end.n == 40


def test_a_bad_end_of_nine_voices_is_not_told(told):
    rows = both(9, before="met", end="unmet", start=0) + both(20, before="unmet", end="met", start=20)
    found = told(rows, ratings={f"v{n:04d}": 0.5 for n in range(40)})
    assert found.bad_end == NotEnough(9, 10, "too few voices tell of several stages with one side unmet")


def test_touchpoints_of_the_file_have_no_end(told):
    rows = said("choice", 25, 5) + said("on_time", 10, 20)
    places = {voice: ("web shop" if expectation == "choice" else "courier") for voice, expectation, _ in rows}
    found = told(rows, touchpoints=places, by_touchpoint=True)
    assert [stop.name for stop in found.stops] == ["courier", "web shop"]
    assert (found.worst.name, found.worst.sure, found.last) == ("courier", True, None)
    assert isinstance(found.remembered, NotEnough)


def test_a_touchpoint_counts_at_the_stage_where_the_business_places_it(told):
    rows = said("choice", 25, 5) + said("on_time", 10, 20)
    places = {voice: "courier" for voice, _, _ in said("on_time", 4, 8)}
    usual = by_name(told(rows, touchpoints=places))
    placed = by_name(told(rows, touchpoints=places, placed={"courier": "get_help", "web shop": "buy"}))
    assert (usual["receive"].voices, usual["get_help"].voices) == (30, 0)
    assert (placed["receive"].voices, placed["get_help"].voices) == (18, 12)
    assert placed["choose"].got == usual["choose"].got


def test_the_name_of_a_stage_is_no_touchpoint_to_be_placed(told):
    rows = said("choice", 25, 5) + said("on_time", 10, 20)
    assert told(rows, placed={"receive": "use"}) == told(rows)


def test_a_file_without_touchpoints_has_no_places(told):
    assert isinstance(told(said("on_time", 20, 20), by_touchpoint=True), NotEnough)


def test_ratings_say_what_is_expected_where_they_can(told):
    rng = np.random.default_rng(3)
    rows = said("on_time", 150, 150) + [(f"s{n:04d}", "choice", "met") for n in range(200)]
    ratings = {name: 0.6 + rng.normal(0, 0.1) for name, _, _ in rows}
    for name, _, polarity in rows[:300]:
        ratings[name] += 0.1 if polarity == "met" else -0.3
    silent = [(f"z{n:04d}", "loyalty_reward", "wished") for n in range(200)]
    ratings |= {name: 0.6 + rng.normal(0, 0.1) for name, _, _ in silent}
    stop = by_name(told(rows + silent, ratings=ratings))["receive"]
    assert isinstance(stop.expected, Estimate)
    # 0.3 / (0.3 + 0.1), measured against voices that do not judge it.
    assert stop.expected.low < 0.75 < stop.expected.high
    assert stop.gap.high < 0.0
