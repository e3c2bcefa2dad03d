from functools import partial

import numpy as np
import pyarrow as pa
import pytest

from forvent.assess.loyalty import (
    came_back_within,
    customer_histories,
    histories_from,
    histories_of_arrays,
    histories_of_days,
    purchase_days,
    repeat_ages,
    repeat_days_back,
)
from forvent.engine import Engine
from forvent.errors import BadOption

ROWS = [
    # customer, day, amount, referred
    ("b", 5, 10.0, None),
    ("a", 0, 12.0, True),
    ("a", 0, 3.0, False),
    ("a", 14, 20.0, None),
    ("a", 14, None, None),
    ("a", 21, 0.0, None),
    ("a", 30, 7.0, None),
    ("a", 45, 8.0, None),
    ("b", 33, None, None),
    ("late", 29, 1.0, True),
]
SCHEMA = pa.schema(
    [("customer", pa.string()), ("day", pa.int64()), ("amount", pa.float64()), ("referred", pa.bool_())]
)


@pytest.fixture
def engine():
    with Engine() as engine:
        yield engine


@pytest.fixture
def days(engine):
    columns = [
        pa.array(column, type=field.type)
        for column, field in zip(zip(*ROWS, strict=True), SCHEMA, strict=True)
    ]
    return purchase_days(engine.table(pa.Table.from_arrays(columns, schema=SCHEMA)))


def test_purchases_of_a_day_are_one(engine, days):
    found = engine.collect(days.sort("customer", "day")).to_pylist()
    assert [(row["customer"], row["day"], row["amount"]) for row in found] == [
        ("a", 0, 15.0),
        ("a", 14, 20.0),
        ("a", 21, 0.0),
        ("a", 30, 7.0),
        ("a", 45, 8.0),
        ("b", 5, 10.0),
        ("b", 33, None),
        ("late", 29, 1.0),
    ]


def test_history_ends_where_knowledge_ends(engine, days):
    first, second = engine.collect(customer_histories(days, until=28, ahead=10)).to_pylist()
    assert first == {
        "customer": "a",
        "first": 0,
        "last": 21,
        "repeats": 2,
        "priced": 1,
        "repeat_value": 20.0,
        "spent": 35.0,
        "referred": 1,
        "later": 1,
        "later_value": 7.0,
        "before": 1,
    }
    assert (second["repeats"], second["later"], second["later_value"], second["before"]) == (0, 1, 0.0, 0)
    assert second["referred"] is None


def test_histories_are_in_weeks(engine, days):
    customers = engine.collect(customer_histories(days, until=28, ahead=10))
    known = histories_from(customers, ages=engine.collect(repeat_ages(days, until=28)), until=28)
    assert known.names == ("a", "b")
    assert known.recency.tolist() == [3.0, 0.0]
    assert known.age.tolist() == [4.0, 23 / 7]
    assert known.mean_value[0] == 20.0
    assert (known.repeat_age.tolist(), known.repeat_count.tolist()) == ([2.0, 3.0], [1.0, 1.0])


def test_only_who_was_known_for_long_enough_can_have_come_back(engine, days):
    found = engine.collect(came_back_within(days, until=35, within=28)).to_pylist()
    assert found == [{"customers": 2, "came_back": 2}]
    assert engine.collect(came_back_within(days, until=35, within=10)).to_pylist() == [
        {"customers": 2, "came_back": 0}
    ]


def test_refuses_a_last_purchase_after_the_end():
    with pytest.raises(BadOption) as caught:
        histories_of_arrays(repeats=[1], recency=[5.0], age=[4.0])
    assert str(caught.value) == (
        "A customer's last purchase lies after the end of what is known. Give 0 ≤ recency ≤ age, in weeks."
    )


def test_the_quick_way_from_days_sees_the_same_customers(engine):
    rng = np.random.default_rng(5)
    made = sorted({(int(who), int(day)) for who, day in rng.integers(0, (60, 200), (800, 2))})
    columns = zip(*((f"{who:02}", day, None, None) for who, day in made), strict=True)
    table = pa.table(
        [pa.array(list(of), type=field.type) for of, field in zip(columns, SCHEMA, strict=True)],
        schema=SCHEMA,
    )
    days = purchase_days(engine.table(table))
    asked = (
        customer_histories(days, until=120, ahead=30),
        repeat_ages(days, until=120),
        repeat_days_back(days, until=120),
    )
    known, ages, back = (engine.collect(one) for one in asked)
    slow = histories_from(known, ages=ages, back=back, until=120)
    quick = histories_of_days([who for who, _ in made], day=[day for _, day in made], until=120, ahead=30)
    for name in ("repeats", "recency", "age", "later", "before", "repeat_age", "repeat_count", "month_count"):
        assert getattr(quick, name).tolist() == getattr(slow, name).tolist(), name


def test_days_without_the_first_one_tell_the_same(engine, days):
    bare = days.select("customer", "day", "amount", "referred")
    for asked in (partial(customer_histories, ahead=10), repeat_ages, repeat_days_back):
        whole, joined = (engine.collect(asked(of, until=28)) for of in (days, bare))
        assert whole.equals(joined)
