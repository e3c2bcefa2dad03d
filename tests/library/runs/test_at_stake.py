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


def looked_at(rows, judged=(), *, as_of=AS_OF):
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


#: Every third finds the parcel late and twenty the staff unfriendly; the others put nothing at risk: what is
#: wished, what strangers say, what only four judge.
JUDGED = [(f"c{who}", "on_time", "unmet" if who % 3 == 0 else "met") for who in range(300)]
JUDGED += [(f"c{who}", "friendliness", "unmet") for who in range(20)]
JUDGED += [(f"c{who}", "fair_price", "wished") for who in range(50)]
JUDGED += [(f"stranger{who}", "availability", "unmet") for who in range(50)]
JUDGED += [(f"c{who}", "product_quality", "unmet") for who in range(4)]


@pytest.fixture(scope="module")
def found():
    """What all of them found; a forecast takes seconds."""
    return looked_at(shop(), JUDGED)


def test_says_what_the_known_customers_will_buy(found):
    loyalty = found.loyalty
    assert loyalty.customers == len({who for who, _ in shop()})
    assert loyalty.horizon == 365
    assert loyalty.purchases.low < loyalty.purchases.value < loyalty.purchases.high
    assert 0.3 < loyalty.repeat_share.value < 1.0
    assert len(loyalty.past) == 3


def test_the_purchases_ahead_are_shared_by_what_customers_found(found):
    risk = found.at_risk[0]
    assert (risk.expectation, risk.judged, risk.customers, risk.unit) == ("on_time", 300, 100, "purchases")
    assert risk.share.low < 1 / 3 < risk.share.high
    assert risk.behind.value == pytest.approx(risk.share.value * found.loyalty.purchases.value)
    # Everybody judged it, so what is behind the gap is what these very customers will buy.
    assert risk.exposed == pytest.approx(risk.behind.value)


def test_who_says_it_ten_times_counts_once(found):
    often = [("c0", "on_time", "unmet")] * 10 + [("c0", "friendliness", "unmet")] * 10
    assert looked_at(shop(), JUDGED + often).at_risk == found.at_risk


def test_wishes_strangers_and_few_judges_put_nothing_at_risk(found):
    assert not {"fair_price", "availability", "product_quality"} & {one.expectation for one in found.at_risk}


def test_the_gap_behind_which_most_is_bought_comes_first(found):
    assert [risk.expectation for risk in found.at_risk] == ["on_time", "friendliness"]
    assert found.at_risk[0].exposed > found.at_risk[1].exposed > 0.0


def test_where_hardly_anybody_comes_back_there_is_no_forecast():
    rows = [(f"c{who}", START + timedelta(days=who)) for who in range(50)] + [("c1", START)]
    found = looked_at(rows, [(f"c{who}", "on_time", "unmet") for who in range(50)])
    few = NotEnough(1, 10, "too few customers have bought again")
    assert (found.loyalty.purchases, found.loyalty.came_back, found.at_risk) == (few, few, ())
    assert isinstance(found.loyalty.repeat_share, Estimate)


def test_without_episodes_or_customers_nothing_is_said():
    assert looked_at(None) == AtStake()
    assert looked_at([(None, START)] * 30) == AtStake()
