"""What is told of the chain over all episodes."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from forvent.assess.chain.attributable import LEAST_DISSATISFIED, Attributable, attributable_shares
from forvent.assess.chain.episodes import (
    DELIVERED_PERCEIVED,
    ELSEWHERE,
    EXPECTED_PROMISED,
    FAULTS,
    PROMISED_DELIVERED,
    ChainLines,
)
from forvent.assess.chain.owners import chain_owners
from forvent.assess.joined import TOPICS, joined_arrays, owner_column
from forvent.assess.judgements import Codes, Flags, Floats, as_floats, customer_codes
from forvent.assess.satisfaction import (
    late_difference,
    satisfaction_cells,
    satisfaction_curve,
    slow_difference,
)
from forvent.records import Chain, ChainFault, ChainTopic, Estimate, Link, NotEnough
from forvent.stats import bootstrap_counts, wilson

BREAKS = (EXPECTED_PROMISED, PROMISED_DELIVERED, DELIVERED_PERCEIVED)
LINKS = (*BREAKS, ELSEWHERE)


def chain(
    episodes: pa.Table,
    *,
    lines: ChainLines,
    rng: np.random.Generator,
    owners: Mapping[str, str] | None = None,
    level: float = 0.95,
    rounds: int = 1000,
) -> Chain | NotEnough:
    """Where the chain breaks, whose turn it was, and what lateness and slowness go together with.

    Of the dissatisfied episodes (rating at most 0.25, or without rating a negative voice) whose promise
    was kept or broken, each link has the share in which it broke first, and the share beyond what would be
    expected had no link broken (``attributable_shares``).

    Parameters
    ----------
    episodes
        Collected ``chain_episodes``, with the columns of the owners.
    lines
        The lines they were held against.
    rng
        Source of randomness of the draws and the bootstrap over customers.
    owners
        Column of the owners by fault: over_promised, under_delivered, misunderstood.
    level
        Confidence level of every interval.
    rounds
        Bootstrap rounds.

    Returns
    -------
    Chain or NotEnough
        NotEnough if no episode was kept or late.

    Source
    ------
    Our own definition after the inner gaps of Parasuraman, Zeithaml & Berry (1985),
    docs/formulas/assess.md#chain.

    Examples
    --------
    >>> import narwhals as nw
    >>> from forvent.assess.chain import chain_episodes, chain_lines
    >>> names = ("wait_days", "promised_days", "days_late", "open", "late", "rating", "negative")
    >>> names += ("on_time_unmet", "slow_unmet", "time_met", "time_sure", *TOPICS)
    >>> values = (9.0, 7.0, 2.0, 0.0, 1.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.9) + (0.0,) * 5
    >>> columns = {name: pa.array([value] * 6) for name, value in zip(names, values)}
    >>> columns |= {name: pa.nulls(6, pa.float64()) for name in ("stated_days", "experienced_days")}
    >>> ids = [f"c{number}" for number in range(6)]
    >>> joined = pa.table({"episode": ids, "customer": ids} | columns)
    >>> lines = chain_lines(joined)
    >>> rows = chain_episodes(nw.from_native(joined).lazy(), lines=lines).collect().to_native()
    >>> found = chain(rows, lines=lines, rng=np.random.default_rng(1))
    >>> [(link.name, link.count) for link in found.links if link.count]
    [('promised_delivered', 6)]
    >>> [(fault.name, fault.count) for fault in found.faults if fault.count]
    [('under_delivered', 6)]
    """
    settled = episodes.filter(pc.is_valid(episodes["broken"]))
    if not settled.num_rows:
        return NotEnough(n=0, needed=1, why="no joined episode has a promise that was kept or broken")
    joined = joined_arrays(episodes)
    drawn = bootstrap_counts(rng, blocks=int(joined.block.max()) + 1, rounds=rounds)
    told = _Told(settled, joined.block[np.isfinite(joined.late)], drawn, rng, level)
    links, anyway = _links(told)
    return Chain(
        joined=episodes.num_rows,
        dissatisfied=int(told.sad.sum()),
        links=links,
        cells=satisfaction_cells(joined, slow_from_days=lines.slow_from_days, level=level),
        curve=satisfaction_curve(joined, level=level),
        slow_from_days=lines.slow_from_days,
        late_difference=late_difference(joined, drawn=drawn, level=level),
        slow_difference=slow_difference(joined, drawn=drawn, level=level),
        usual_promise_days=lines.usual_promise_days,
        expected_anyway=anyway,
        faults=tuple(_fault(told, name, (owners or {}).get(name)) for name in FAULTS),
        topics=tuple(_topic(told, name) for name in TOPICS),
    )


class _Told:
    """Settled episodes and what their numbers need."""

    def __init__(
        self, rows: pa.Table, block: Codes, drawn: Floats, rng: np.random.Generator, level: float
    ) -> None:
        self.rows, self.level = rows, level
        self.sad: Flags = np.asarray(rows["dissatisfied"].to_numpy(), dtype=np.bool_)
        self.broken: tuple[str, ...] = tuple(rows["broken"].to_pylist())
        self.faults = np.array(rows["fault"].to_pylist(), dtype=object)
        self.customers = customer_codes(rows["customer"].cast(pa.string()))
        self._block, self._drawn, self._rng = block, drawn, rng

    def share(self, count: int) -> Estimate | NotEnough:
        """Share of the dissatisfied."""
        n = int(self.sad.sum())
        if n < LEAST_DISSATISFIED:
            return NotEnough(n=n, needed=LEAST_DISSATISFIED, why="too few dissatisfied episodes")
        return wilson(count, n, level=self.level)

    def attributable(self, classes: Codes, count: int) -> Attributable:
        return attributable_shares(
            classes,
            count=count,
            dissatisfied=self.sad,
            block=self._block,
            drawn=self._drawn,
            rng=self._rng,
            level=self.level,
        )


def _links(told: _Told) -> tuple[tuple[Link, ...], Estimate | NotEnough]:
    places = {name: place for place, name in enumerate(BREAKS, start=1)}
    classes = np.array([places.get(name, 0) for name in told.broken], dtype=np.int64)
    beyond = told.attributable(classes, len(BREAKS))
    found = []
    for name in LINKS:
        broke = np.array([one == name for one in told.broken], dtype=np.bool_)
        count = int((broke & told.sad).sum())
        attributable = beyond.classes[places[name] - 1] if name in places else None
        found.append(Link(name, told.share(count), count, int(broke.sum()), attributable))
    return tuple(found), beyond.anyway


def _topic(told: _Told, name: str) -> ChainTopic:
    missed = as_floats(told.rows[name]) == 1.0
    count = int((missed & told.sad).sum())
    beyond = told.attributable(missed.astype(np.int64), 1)
    return ChainTopic(name, told.share(count), count, int(missed.sum()), beyond.classes[0])


def _fault(told: _Told, name: str, column: str | None) -> ChainFault:
    faulty: Flags = (told.faults == name) & told.sad
    count = int(faulty.sum())
    if column is None:
        return ChainFault(name, count, told.share(count))
    names = told.rows[owner_column(column)].cast(pa.string()).to_pylist()
    found = chain_owners(names, faulty=faulty, customers=told.customers, level=told.level)
    return ChainFault(
        name, count, told.share(count), column, found.owners, found.too_few, found.unknown, found.beyond
    )
