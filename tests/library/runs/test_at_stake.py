from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest

from forvent.engine import Engine
from forvent.records import Estimate, NotEnough
from forvent.runs.at_stake import AtStake, at_stake
from forvent.tables import EPISODES, arrow_schema

START, AS_OF = datetime(2024, 1, 1), datetime(2024, 12, 31)


def shop(*, customers=300, seed=1, gap=40.0):
    """Orders of customers who come at rates of their own and may leave; every third finds the parcel late."""
    rng = np.random.default_rng(seed)
    rows = []
    for who in range(customers):
        day, pace = float(rng.integers(0, 120)), gap / rng.gamma(2.0, 0.5)
        while day < 365:
            rows.append((f"c{who}", START + timedelta(days=day)))
            if rng.random() < 0.15:
                break
            day += rng.exponential(pace)
    return rows


def episodes_of(rows):
    return pa.Table.from_pylist(
        [
            {
                "episode": str(number),
                "start": start,
                "promised": None,
                "delivered": None,
                "by_day": False,
                "cancelled": False,
                "customer": who,
                "row": number + 2,
            }
            for number, (who, start) in enumerate(rows)
        ],
        schema=arrow_schema(EPISODES),
    )


def said_by(judged):
    """One voice a judgement: (customer, expectation, polarity)."""
    voices = [{"voice_id": str(number), "customer": who} for number, (who, *_) in enumerate(judged)]
    mentions = [
        {"voice_id": str(number), "expectation": what, "polarity": how}
        for number, (_, what, how) in enumerate(judged)
    ]
    text = pa.string()
    both = (("voice_id", "customer"), ("voice_id", "expectation", "polarity"))
    return (
        pa.Table.from_pylist(rows, schema=pa.schema([(name, text) for name in names]))
        for rows, names in zip((voices, mentions), both, strict=True)
    )


@pytest.fixture
def look():
    def at(rows, judged=(), *, as_of=AS_OF):
        voices, mentions = said_by(judged)
        with Engine() as engine:
            return at_stake(
                engine,
                voices=engine.table(voices),
                mentions=engine.table(mentions),
                episodes=None if rows is None else engine.table(episodes_of(rows)),
                as_of=as_of,
                level=0.95,
            )

    return at


def test_says_what_the_known_customers_will_buy(look):
    rows = shop()
    found = look(rows).loyalty
    assert found.customers == len({who for who, _ in rows})
    assert found.horizon == 365
    assert found.purchases.low < found.purchases.value < found.purchases.high
    assert 0.3 < found.repeat_share.value < 1.0
    assert len(found.past) == 3


def test_the_purchases_ahead_are_shared_by_what_customers_found(look):
    judged = [(f"c{who}", "on_time", "unmet" if who % 3 == 0 else "met") for who in range(300)]
    found = look(shop(), judged)
    (risk,) = found.at_risk
    assert (risk.expectation, risk.judged, risk.customers, risk.unit) == ("on_time", 300, 100, "purchases")
    assert risk.share.low < 1 / 3 < risk.share.high
    assert risk.behind.value == pytest.approx(risk.share.value * found.loyalty.purchases.value)
    # Everybody judged it, so what is behind the gap is what these very customers will buy.
    assert risk.exposed == pytest.approx(risk.behind.value)


def test_who_says_it_ten_times_counts_once(look):
    once = [(f"c{who}", "on_time", "unmet" if who < 10 else "met") for who in range(100)]
    often = once + [("c0", "on_time", "unmet")] * 10
    assert look(shop(), once).at_risk == look(shop(), often).at_risk


def test_wishes_and_strangers_say_nothing_of_risk(look):
    judged = [(f"c{who}", "on_time", "wished") for who in range(50)]
    judged += [(f"stranger{who}", "on_time", "unmet") for who in range(50)]
    assert look(shop(), judged).at_risk == ()


def test_few_judges_put_nothing_at_risk(look):
    assert look(shop(), [(f"c{who}", "on_time", "unmet") for who in range(4)]).at_risk == ()


def test_the_gap_behind_which_most_is_bought_comes_first(look):
    judged = [(f"c{who}", "on_time", "unmet") for who in range(100)]
    judged += [(f"c{who}", "friendliness", "unmet") for who in range(20)]
    risks = look(shop(), judged).at_risk
    assert [risk.expectation for risk in risks] == ["on_time", "friendliness"]


def test_where_hardly_anybody_comes_back_there_is_no_forecast(look):
    rows = [(f"c{who}", START + timedelta(days=who)) for who in range(50)] + [("c1", START)]
    found = look(rows, [(f"c{who}", "on_time", "unmet") for who in range(50)])
    few = NotEnough(1, 10, "too few customers have bought again")
    assert (found.loyalty.purchases, found.loyalty.came_back, found.at_risk) == (few, few, ())
    assert isinstance(found.loyalty.repeat_share, Estimate)


def test_without_episodes_or_customers_nothing_is_said(look):
    assert look(None) == AtStake()
    assert look([(None, START)] * 30) == AtStake()
