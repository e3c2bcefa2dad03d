"""Personas: found, named, sized and described; one group and too few customers are answers too."""

from dataclasses import fields, is_dataclass

import numpy as np
import pyarrow as pa
import pytest

from forvent.assess.personas import customers, personas
from forvent.errors import BadOption
from forvent.records import Estimate, NotEnough
from forvent.records.personas import NamedBy


def rng():
    return np.random.default_rng(1)


@pytest.fixture(scope="module")
def kept():
    """What was found, kept for the tests that only look at it."""
    return {}


@pytest.fixture
def three(crowd, kept):
    if not kept:
        kept["made"] = crowd(contrast=12.0, mix=(0.5, 0.3, 0.2), met=(0.4, 0.75, 0.75), n=2000)
        kept["found"] = personas(
            kept["made"].customers, rng=rng(), expected={"e00": Estimate(0.8, 0.75, 0.85, 400)}
        )
    return kept["found"]


def test_groups_are_found_with_their_sizes_the_largest_first(three):
    assert three.verdict == "groups"
    sizes = [one.group.size for one in three.personas]
    for size, true in zip(sizes, (0.5, 0.3, 0.2), strict=True):
        assert size.low < true < size.high
        assert size.high - size.low < 0.16
    assert sum(size.value for size in sizes) == pytest.approx(1.0)
    assert sum(one.group.customers for one in three.personas) == pytest.approx(three.grouped)


def test_groups_are_named_by_what_was_put_in(three):
    for place, persona in enumerate(three.personas):
        own = {f"e{4 * place + at:02d}" for at in range(4)}
        assert {name.expectation for name in persona.named_by} <= own
        assert persona.named_by
        first = persona.group.expectations[0]
        assert first.mentioned.verdict == "more"
        assert first.lift.low > 1.5


def test_a_group_that_is_met_worse_says_so_and_by_how_much(three):
    first, second, _ = (one.group for one in three.personas)
    named = {one.expectation: one for one in first.expectations}
    assert {named[name].verdict for name in ("e00", "e01", "e02", "e03")} == {"worse"}
    assert named["e00"].difference.high < 0
    assert named["e00"].gap.value == pytest.approx(named["e00"].met.value - 0.8)
    assert named["e00"].gap.high < 0
    assert named["e01"].gap == NotEnough(0, 1, "what is expected is not known")
    assert all(one.verdict != "worse" for one in second.expectations)


def test_ratings_that_do_not_differ_are_undecided(three):
    assert {one.group.rating.verdict for one in three.personas} == {"undecided"}


def test_languages_are_told_though_they_do_not_group(three):
    traits = {(one.column, one.value): one.customers for one in three.personas[0].group.traits}
    assert traits["language", "cs"].verdict == "more"
    assert traits["language", "cs"].share.value > traits["language", "cs"].rest.value + 0.2


def test_how_sure_and_how_stable_is_said(three):
    assert 0.3 < three.certainty.value < 0.9
    assert three.agreement.low <= three.agreement.value <= three.agreement.high
    for persona in three.personas:
        assert persona.stable
        assert 0.6 < persona.certainty.value < 1.0
        assert persona.stability.n == 20


def test_the_same_customers_in_another_order_give_the_same_record(three, kept):
    made, order = kept["made"], np.random.default_rng(7)
    mixed = [
        table.take(order.permutation(table.num_rows)) for table in (made.heard, made.mentions, made.traits)
    ]
    again = personas(
        customers(mixed[0], mentions=mixed[1], traits=mixed[2]),
        rng=rng(),
        expected={"e00": Estimate(0.8, 0.75, 0.85, 400)},
    )
    assert again.personas[0].named_by == three.personas[0].named_by
    assert flat(again) == pytest.approx(flat(three), abs=1e-9)


def flat(record):
    """All numbers of a record, in order."""
    if is_dataclass(record):
        return [number for part in fields(record) for number in flat(getattr(record, part.name))]
    if isinstance(record, tuple):
        return [number for part in record for number in flat(part)]
    return [float(record)] if isinstance(record, int | float) else []


def test_one_group_is_an_answer(crowd):
    found = personas(crowd(groups=1, n=800).customers, rng=rng())
    assert (found.verdict, found.personas, found.dropped) == ("one group", (), 0)
    assert found.agreement == NotEnough(1, 2, "there is one group")


def test_too_few_customers_who_say_two_things_are_too_few(crowd):
    made = crowd(n=60, groups=1, expectations=4)
    once = made.mentions.group_by("person").aggregate([("expectation", "min")])
    kept = pa.table({"person": once["person"], "expectation": once["expectation_min"]})
    mentions = made.mentions.join(kept, keys=["person", "expectation"], join_type="inner")
    found = personas(customers(made.heard, mentions=mentions), rng=rng())
    assert found.verdict == "not enough data"
    assert found.agreement == NotEnough(0, 50, "too few customers mention two expectations")
    assert found.customers == 60


def test_nobody_at_all_is_too_few():
    empty = {name: pa.array([], pa.int64()) for name in ("met", "unmet", "mixed", "wished")}
    mentions = pa.table(
        {"person": pa.array([], pa.string()), "expectation": pa.array([], pa.string()), **empty}
        | {"level_seconds": pa.array([], pa.float64())}
    )
    heard = pa.table({"person": ["a"], "rated": [0], "rating": [0.0]})
    found = personas(customers(heard, mentions=mentions), rng=rng())
    assert (found.verdict, found.customers, found.grouped) == ("not enough data", 1, 0)


def test_all_customers_who_say_the_same_are_one_group():
    people = [f"c{at:03d}" for at in range(300)]
    mentions = pa.table(
        {
            "person": [one for one in people for _ in range(2)],
            "expectation": ["on_time", "choice"] * 300,
            **{name: [1 if name == "met" else 0] * 600 for name in ("met", "unmet", "mixed", "wished")},
            "level_seconds": pa.nulls(600, pa.float64()),
        }
    )
    heard = pa.table({"person": people, "rated": [0] * 300, "rating": [0.0] * 300})
    assert personas(customers(heard, mentions=mentions), rng=rng()).verdict == "one group"


def test_a_wished_and_a_sooner_level_can_name_a_group(crowd):
    def levels(generator, group, what):
        """Whoever speaks of the first expectation says within what time, the first group the shorter one."""
        short = generator.random(what.size) < np.where(group == 0, 0.95, 0.1)
        return np.where(what % 4 == 0, np.where(short, 86400.0, 5 * 86400.0), np.nan)

    made = crowd(contrast=6.0, n=3000, levels=levels, groups=2, expectations=8)
    found = personas(made.customers, rng=rng())
    assert found.verdict == "groups"
    first = next(one for one in found.personas if one.named_by[0].expectation < "e04")
    names = [name for one in found.personas for name in one.named_by]
    assert any(name.feature in ("sooner", "later") and name.within_seconds == 86400.0 for name in names)
    sooner = {one.expectation: one.sooner for one in first.group.expectations if one.sooner}
    assert sooner["e00"].verdict == "more"
    assert NamedBy("e00", "sooner", 86400.0) in first.named_by


def test_a_level_that_is_none_is_refused(crowd):
    with pytest.raises(BadOption) as refused:
        personas(crowd(n=50).customers, rng=rng(), level=1.5)
    assert str(refused.value) == (
        "The level 1.5 is not between 0 and 1. Give a share such as 0.95, not a percentage."
    )
