"""Which link broke: expected, promised, delivered, perceived."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from forvent.assess.joined import Joined, joined_arrays
from forvent.assess.judgements import Codes, Flags
from forvent.assess.satisfaction import (
    late_difference,
    satisfaction_cells,
    satisfaction_curve,
    slow_difference,
)
from forvent.records import Chain, Link, NotEnough
from forvent.stats import bootstrap_counts, wilson

LINKS = ("expected_promised", "promised_delivered", "delivered_perceived", "elsewhere")
DISSATISFIED = 0.25 + 1e-9
LEAST_DISSATISFIED = 5


def chain(
    joined: pa.Table,
    *,
    rng: np.random.Generator,
    slow_from_days: float | None = None,
    level: float = 0.95,
    rounds: int = 1000,
) -> Chain | NotEnough:
    """Where the chain breaks, and whether lateness or slowness goes together with low ratings.

    A dissatisfied episode (rating at most 0.25, or without rating a negative voice) counts
    under the first of these that holds; only episodes with a promise that was
    kept or broken are classified:

    - promised_delivered: it was late;
    - expected_promised: kept, but the customer had a shorter level in mind than was promised
      and waited longer than it; or, where no level is stated and nobody calls it late, the
      voice finds it slow and the wait was slow;
    - delivered_perceived: kept, yet the voice finds it late or slow all the same;
    - elsewhere: kept, and no complaint about time.

    Parameters
    ----------
    joined
        Collected ``joined_episodes``.
    rng
        Source of randomness of the bootstrap over customers.
    slow_from_days
        Waits above this are slow; None takes the median wait of kept episodes.
    level
        Confidence level of every interval.
    rounds
        Bootstrap rounds.

    Returns
    -------
    Chain or NotEnough
        Links with Wilson shares, cells, curve and the two differences; NotEnough if no
        joined episode was kept or late.

    Source
    ------
    Our own definition after the inner gaps of Parasuraman, Zeithaml & Berry (1985),
    docs/formulas/assess.md#chain.

    Examples
    --------
    >>> names = (
    ...     "wait_days",
    ...     "promised_days",
    ...     "days_late",
    ...     "open",
    ...     "late",
    ...     "rating",
    ...     "negative",
    ...     "on_time_unmet",
    ...     "slow_unmet",
    ...     "stated_days",
    ... )
    >>> values = (9.0, 7.0, 2.0, 0.0, 1.0, 0.0, 1.0, 1.0, 0.0, None)
    >>> rows = pa.table(
    ...     {"customer": [f"c{i}" for i in range(6)]}
    ...     | {name: pa.array([value] * 6, pa.float64()) for name, value in zip(names, values)}
    ... )
    >>> found = chain(rows, rng=np.random.default_rng(1))
    >>> [(link.name, link.count) for link in found.links if link.count]
    [('promised_delivered', 6)]
    """
    episodes = joined_arrays(joined)
    settled = np.isfinite(episodes.late)
    if not settled.any():
        return NotEnough(n=0, needed=1, why="no joined episode has a promise that was kept or broken")
    slow_from = _slow_from(episodes) if slow_from_days is None else slow_from_days
    drawn = bootstrap_counts(rng, blocks=int(episodes.block.max()) + 1, rounds=rounds)
    sad = dissatisfied(episodes) & settled
    return Chain(
        joined=episodes.rating.size,
        dissatisfied=int(sad.sum()),
        links=_links(broken_link(episodes, slow_from_days=slow_from)[sad], level=level),
        cells=satisfaction_cells(episodes, slow_from_days=slow_from, level=level),
        curve=satisfaction_curve(episodes, level=level),
        slow_from_days=slow_from,
        late_difference=late_difference(episodes, drawn=drawn, level=level),
        slow_difference=slow_difference(episodes, drawn=drawn, level=level),
    )


def dissatisfied(joined: Joined) -> Flags:
    """True where the rating is at most 0.25, or there is none and a voice is negative.

    Parameters
    ----------
    joined
        Joined episodes.

    Returns
    -------
    NDArray
        Shape (n,).

    Source
    ------
    Our own definition, docs/formulas/assess.md#chain.

    Examples
    --------
    >>> nothing = np.full(3, np.nan)
    >>> joined = Joined(
    ...     nothing,
    ...     nothing,
    ...     nothing,
    ...     nothing,
    ...     nothing,
    ...     np.array([0.25, 0.5, np.nan]),
    ...     np.ones(3),
    ...     nothing,
    ...     nothing,
    ...     nothing,
    ...     np.arange(3),
    ... )
    >>> dissatisfied(joined).tolist()
    [True, False, True]
    """
    sad: Flags = (joined.rating <= DISSATISFIED) | (np.isnan(joined.rating) & (joined.negative == 1.0))
    return sad


def broken_link(joined: Joined, *, slow_from_days: float) -> Codes:
    """Place in ``LINKS`` of the link that broke, by the rules of ``chain``.

    Parameters
    ----------
    joined
        Joined episodes; the answer means something where ``late`` is known.
    slow_from_days
        Waits above this are slow.

    Returns
    -------
    NDArray
        Shape (n,), 0 to 3.

    Source
    ------
    Our own definition, docs/formulas/assess.md#chain.

    Examples
    --------
    Kept within 5 promised days, but 2 were expected:

    >>> one = lambda value: np.array([value])
    >>> joined = Joined(
    ...     one(4.0),
    ...     one(5.0),
    ...     one(-1.0),
    ...     one(0.0),
    ...     one(0.0),
    ...     one(0.0),
    ...     one(1.0),
    ...     one(0.0),
    ...     one(1.0),
    ...     one(2.0),
    ...     np.array([0]),
    ... )
    >>> LINKS[broken_link(joined, slow_from_days=10.0)[0]]
    'expected_promised'
    """
    shorter = (joined.stated_days < joined.promised_days) & (joined.wait_days > joined.stated_days)
    says_slow, says_late = joined.slow_unmet == 1.0, joined.on_time_unmet == 1.0
    unstated = np.isnan(joined.stated_days) & ~says_late
    slow = says_slow & unstated & (joined.wait_days > slow_from_days)
    return np.select([joined.late == 1.0, shorter | slow, says_slow | says_late], [1, 0, 2], default=3)


def _slow_from(joined: Joined) -> float:
    """Median wait of the kept episodes, of all settled ones where none was kept."""
    waits = joined.wait_days[joined.kept]
    return float(np.median(waits if waits.size else joined.wait_days[np.isfinite(joined.late)]))


def _links(broken: Codes, *, level: float) -> tuple[Link, ...]:
    few = NotEnough(n=broken.size, needed=LEAST_DISSATISFIED, why="too few dissatisfied episodes")
    found = []
    for number, name in enumerate(LINKS):
        count = int((broken == number).sum())
        share = few if broken.size < LEAST_DISSATISFIED else wilson(count, broken.size, level=level)
        found.append(Link(name=name, share=share, count=count))
    return tuple(found)
