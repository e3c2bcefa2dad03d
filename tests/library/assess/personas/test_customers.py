"""What tells customers apart: expectations, wishes and levels that enough of them have."""

import numpy as np
import pyarrow as pa

from forvent.assess.personas import customers
from forvent.assess.personas.customers import SOONER, WISHED, grouped


def told(rows):
    """(person, expectation, wished, level) each judged once unless wished."""
    names = ("person", "expectation", "wished", "level_seconds")
    columns = {name: [row[place] for row in rows] for place, name in enumerate(names)}
    met = [0 if row[2] else 1 for row in rows]
    nothing = [0] * len(rows)
    columns["level_seconds"] = pa.array(columns["level_seconds"], pa.float64())
    return pa.table(columns | {"met": met, "unmet": nothing, "mixed": nothing})


def heard(n):
    return pa.table({"person": [f"c{at:04d}" for at in range(n)], "rated": [0] * n, "rating": [0.0] * n})


def test_seldom_mentioned_expectations_tell_nobody_apart():
    rows = [(f"c{at:04d}", "often" if at < 40 else "seldom", 0, None) for at in range(59)]
    found = grouped(customers(heard(60), mentions=told(rows)))
    assert found.expectations.tolist() == [0]
    assert found.patterns.count.tolist() == [40.0]
    assert found.place.tolist() == [0] * 40 + [-1] * 20


def test_one_in_a_hundred_must_mention_it():
    rows = [(f"c{at:04d}", "often", 0, None) for at in range(3000)]
    rows += [(f"c{at:04d}", "rare", 0, None) for at in range(29)]
    found = customers(heard(3000), mentions=told(rows))
    assert [found.expectations[at] for at in grouped(found).expectations] == ["often"]


def test_wishes_and_levels_count_where_thirty_customers_stand_on_either_side():
    rows = [(f"c{at:04d}", "on_time", int(at < 29), 86400.0 if at < 50 else 172800.0) for at in range(90)]
    found = grouped(customers(heard(90), mentions=told(rows)))
    assert [(one.feature, one.within) for one in found.nuances] == [(SOONER, 86400.0)]
    assert found.patterns.answered.sum(axis=1) @ found.patterns.count == 50
    rows = [(*row[:2], int(place < 30), None) for place, row in enumerate(rows)]
    found = grouped(customers(heard(90), mentions=told(rows)))
    assert [(one.feature, one.within) for one in found.nuances] == [(WISHED, None)]


def test_codes_hang_on_names_not_on_the_order_of_rows():
    rows = [(f"c{at % 50:04d}", f"e{at % 3}", 0, None) for at in range(150)]
    mentions = told(rows)
    traits = pa.table(
        {"person": [f"c{at:04d}" for at in range(50)], "column": ["plan"] * 50, "value": list("ab") * 25}
    )
    order = np.random.default_rng(1).permutation(mentions.num_rows)
    first = customers(heard(50), mentions=mentions, traits=traits)
    second = customers(heard(50), mentions=mentions.take(order), traits=traits.take(np.arange(50)[::-1]))
    assert first.expectations == second.expectations
    assert first.traits == second.traits == (("plan", "a"), ("plan", "b"))
    assert sorted(zip(first.owner, first.trait, strict=True)) == sorted(
        zip(second.owner, second.trait, strict=True)
    )
    assert grouped(first).patterns.count.tolist() == grouped(second).patterns.count.tolist()
