"""Engine and assess joined: who comes back by the record of episodes, and whose purchases a gap touches."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from forvent.assess.bought import bought_in_episodes, repeat_customers, unmet_by_customer
from forvent.engine import Engine
from forvent.records import NotEnough
from forvent.records.loyalty import Returning, ValueAtRisk
from forvent.runs.days import day_number
from forvent.stats import wilson
from forvent.tables import Table

if TYPE_CHECKING:
    from forvent.assess.loyalty import Histories

#: Days looked ahead, or as many as are known where these are fewer.
YEAR = 365
#: Customers who must have come back before anything is forecast.
LEAST_BACK = 10
PURCHASES = "purchases"
FEW_BACK = "too few customers have bought again"


@dataclass(frozen=True, slots=True)
class AtStake:
    """Who comes back, and the purchases ahead of those who find an expectation unmet, the most first."""

    loyalty: Returning | None = None
    at_risk: tuple[ValueAtRisk, ...] = ()


def at_stake(
    engine: Engine,
    *,
    voices: Table,
    mentions: Table,
    episodes: Table | None,
    as_of: datetime | None,
    level: float,
) -> AtStake:
    """What the customers of the episodes will buy, and how much of it belongs to those who find gaps.

    A customer of voices and one of episodes are the same where their ids are. Each customer counts once
    for an expectation, however much they say. It is counted in purchases, for episodes carry no money.

    Parameters
    ----------
    engine
        Runs lazy tables.
    voices
        Table of identified voices.
    mentions
        Table of mentions.
    episodes
        Table of episodes; None where there are none.
    as_of
        Up to when the episodes reach.
    level
        Level of the intervals, inside (0, 1).

    Returns
    -------
    AtStake
        Empty where no episode names its customer; a forecast that the record cannot carry is NotEnough,
        and nothing is said of risk then.

    Source
    ------
    Our own definition, docs/formulas/assess-loyalty.md#at-risk.
    """
    if episodes is None or as_of is None:
        return AtStake()
    bought = bought_in_episodes(episodes)
    counted = engine.collect(repeat_customers(bought)).to_pylist()[0]
    customers, again = int(counted["customers"] or 0), int(counted["again"] or 0)
    if customers == 0:
        return AtStake()
    if again < LEAST_BACK:
        few = NotEnough(again, LEAST_BACK, FEW_BACK)
        share = wilson(again, customers, level=level)
        return AtStake(Returning(as_of.date(), 0, level, customers, few, share, few))
    judged = engine.collect(unmet_by_customer(voices, mentions=mentions))
    return _forecast(engine, engine.collect(bought), judged=judged, as_of=as_of, level=level)


def _forecast(
    engine: Engine, bought: pa.Table, *, judged: pa.Table, as_of: datetime, level: float
) -> AtStake:
    # Imported here: they load scipy, which no run without customers who come back should wait for.
    from forvent.assess.loyalty import repeat_share

    # Loads scipy.
    from forvent.runs.loyalty import look_ahead

    # Loads scipy.
    from forvent.runs.purchase_history import shop_of

    horizon = day_number(as_of.date()) - int(pc.min(bought["day"]).as_py())
    horizon = max(1, min(YEAR, horizon))
    shop = shop_of(
        bought, engine=engine, until=as_of.date(), horizon=horizon, level=level, file="the episodes"
    )
    known = shop.known(shop.until, ahead=1)
    ahead = look_ahead(shop, known)
    loyalty = Returning(
        until=as_of.date(),
        horizon=horizon,
        level=level,
        customers=len(known.names),
        purchases=ahead.total,
        repeat_share=repeat_share(known.repeats, level=level),
        came_back=shop.came_back(),
        past=ahead.past,
    )
    if isinstance(ahead.total, NotEnough):
        return AtStake(loyalty)
    return AtStake(loyalty, _at_risk(known, ahead.outlook.expected, judged=judged, level=level))


def _at_risk(
    known: Histories, expected: NDArray[np.float64], *, judged: pa.Table, level: float
) -> tuple[ValueAtRisk, ...]:
    # Loads scipy.
    from forvent.assess.loyalty import value_at_risk

    place = {name: number for number, name in enumerate(known.names)}
    told: dict[str, list[tuple[int, float]]] = {}
    columns = (judged[name].to_pylist() for name in ("customer", "expectation", "unmet"))
    for customer, expectation, unmet in zip(*columns, strict=True):
        if customer in place:
            told.setdefault(expectation, []).append((place[customer], unmet))
    found = []
    for expectation, pairs in sorted(told.items()):
        unmet, asked = np.zeros(len(place)), np.zeros(len(place))
        for number, share in pairs:
            unmet[number], asked[number] = share, 1.0
        risk = value_at_risk(expected, unmet=unmet, judged=asked, expectation=expectation, level=level)
        if not isinstance(risk.share, NotEnough):
            found.append(replace(risk, unit=PURCHASES))
    return tuple(sorted(found, key=lambda risk: -risk.exposed))
