"""Groups of customers by what they expect: how many hold, who belongs to them, what sets them apart."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist
from types import MappingProxyType
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from forvent.assess.personas.customers import Customers, Grouped, grouped
from forvent.assess.personas.described import LESS, MORE, Groupwise, described
from forvent.assess.personas.grouping import STABLE, Grouping, grouping, redrawn
from forvent.assess.personas.items import items_of_groups
from forvent.assess.personas.mixture import Groups, belonging
from forvent.assess.personas.patterns import Patterns
from forvent.records import Estimate, NotEnough
from forvent.records.personas import (
    CustomerGroup,
    GroupExpectation,
    NamedBy,
    Persona,
    Personas,
    Sharing,
)
from forvent.stats import check_level, mean_interval

Floats: TypeAlias = NDArray[np.float64]

GROUPS, ONE, TOO_FEW = "groups", "one group", "not enough data"
#: Customers who say two things or more below which no groups are looked for.
LEAST_TELLING = 50
#: Customers that groups are learned from, at most; all are put into the groups found.
LEARNED_FROM = 6000
#: A group is named by at most so many things, none of them worth less than this part of the first.
MOST_NAMES, LEAST_PART = 3, 0.25
MENTIONED, WISHED, SOONER, LATER = "mentioned", "wished", "sooner", "later"
_NOTHING: Mapping[str, Estimate | NotEnough] = MappingProxyType({})


@dataclass(frozen=True, eq=False)
class _Placed:
    """Customers of each pattern with their chances of belonging to each group."""

    grouped: Grouped
    groups: Groups
    belongs: Floats


def personas(
    found: Customers,
    *,
    rng: np.random.Generator,
    expected: Mapping[str, Estimate | NotEnough] = _NOTHING,
    level: float = 0.95,
) -> Personas:
    r"""The groups that customers fall into by what they expect, and what each of them gets.

    A customer is described by the expectations that all of its voices mention, by wishes and by
    stated levels, never by how content it is, nor by its language or channel. The groups are latent classes:
    within a group it is chance which :math:`m` things a customer mentions, given m, so that
    saying much or little makes no group. Their number has the smallest BIC and is lowered until halves
    of the customers show each group again; one group is an answer.
    What is found is an association of what people write, and no proof that there are kinds of people.

    Parameters
    ----------
    found
        The customers.
    rng
        Source of randomness, seeded by the caller; the same seed gives the same groups in whatever order
        the customers come.
    expected
        Share met that all customers together expect, by expectation, for the gaps.
    level
        Confidence level of the intervals; one minus it is the false discovery rate of the differences.

    Returns
    -------
    Personas
        Groups with size, name, certainty, stability, expectations and gaps. Above 6,000 customers the groups
        are learned from 6,000 drawn ones, and the intervals rest on these.

    Raises
    ------
    BadOption
        If ``level`` is outside (0, 1).

    Source
    ------
    Rost (1990), Applied Psychological Measurement 14(3), 271–282, with
    docs/formulas/assess-personas.md#groups.

    Examples
    --------
    Half of the customers speak of one pair of things and half of another:

    >>> import pyarrow as pa
    >>> from forvent.assess.personas.customers import customers
    >>> said = [
    ...     (f"c{at}", name)
    ...     for at in range(200)
    ...     for name in (("price", "choice"), ("on_time", "staff"))[at % 2]
    ... ]
    >>> counts = {name: [int(name == "met")] * 400 for name in ("met", "unmet", "mixed", "wished")}
    >>> mentions = pa.table(
    ...     {"person": [one for one, _ in said], "expectation": [name for _, name in said], **counts}
    ...     | {"level_seconds": pa.nulls(400, pa.float64())}
    ... )
    >>> people = [f"c{at}" for at in range(200)]
    >>> heard = pa.table({"person": people, "rated": [0] * 200, "rating": [0.0] * 200})
    >>> groups = personas(customers(heard, mentions=mentions), rng=np.random.default_rng(1)).personas
    >>> sorted(sorted(name.expectation for name in one.named_by) for one in groups)
    [['choice', 'price'], ['on_time', 'staff']]
    """
    check_level(level)
    told = grouped(found)
    groupable, telling = int(told.patterns.customers), int(told.patterns.telling)
    counts = {"customers": found.count, "grouped": groupable, "telling": telling}
    if telling < LEAST_TELLING or told.expectations.size < 2:
        why = NotEnough(telling, LEAST_TELLING, "too few customers mention two expectations")
        return Personas(verdict=TOO_FEW, personas=(), dropped=0, agreement=why, certainty=why, **counts)
    learned = told.patterns.drawn(LEARNED_FROM, rng=rng)
    held = grouping(learned, rng=rng)
    if held.stability is None:
        one = NotEnough(1, 2, "there is one group")
        return Personas(
            verdict=ONE, personas=(), dropped=held.dropped, agreement=one, certainty=one, **counts
        )
    placed = _Placed(told, held.groups, belonging(told.patterns, groups=held.groups)[0])
    members = _described(found, placed, learned=learned, rng=rng, expected=expected, level=level)
    return Personas(
        verdict=GROUPS,
        personas=_personas(placed, held, members, level=level),
        dropped=held.dropped,
        agreement=_range(held.stability.agreement),
        certainty=_certainty(placed, level=level),
        **counts,
    )


def named_by(group: CustomerGroup) -> tuple[NamedBy, ...]:
    """What sets a group surely apart, the most telling first: the larger the difference of the shares.

    Parameters
    ----------
    group
        The group beside the rest.

    Returns
    -------
    tuple of NamedBy
        At most three, empty where nothing does.

    Source
    ------
    Our own definition, docs/formulas/assess-personas.md#name.
    """
    weighed = [(worth, name) for one in group.expectations for worth, name in _names(one)]
    weighed.sort(key=lambda pair: (-round(pair[0], 9), pair[1].expectation, pair[1].feature))
    return tuple(name for worth, name in weighed[:MOST_NAMES] if worth >= LEAST_PART * weighed[0][0])


def _names(one: GroupExpectation) -> list[tuple[float, NamedBy]]:
    """What may name a group, each with the share of its customers that it tells apart."""
    names = []
    share = one.mentioned.share
    if one.mentioned.verdict == MORE:
        names.append((_apart(one.mentioned), NamedBy(one.expectation, MENTIONED)))
    part = share.value if isinstance(share, Estimate) else 0.0
    if one.wished is not None and one.wished.verdict == MORE:
        names.append((part * _apart(one.wished), NamedBy(one.expectation, WISHED)))
    if one.sooner is not None and one.sooner.verdict in (MORE, LESS):
        feature = SOONER if one.sooner.verdict == MORE else LATER
        asked = one.sooner.share.n if isinstance(one.sooner.share, Estimate) else 0
        stating = asked / share.n if isinstance(share, Estimate) else 0.0
        names.append((stating * _apart(one.sooner), NamedBy(one.expectation, feature, one.within_seconds)))
    return names


def _apart(sharing: Sharing) -> float:
    if isinstance(sharing.share, NotEnough) or isinstance(sharing.rest, NotEnough):
        return 0.0
    return abs(sharing.share.value - sharing.rest.value)


def _described(
    found: Customers, placed: _Placed, *, learned: Patterns, rng: np.random.Generator,
    expected: Mapping[str, Estimate | NotEnough], level: float,
) -> list[CustomerGroup]:  # fmt: skip
    patterns = placed.grouped.patterns
    draws = redrawn(learned, groups=placed.groups, rng=rng)
    drawn = np.array([one.count @ belonging(one, groups=again)[0] / one.customers for one, again in draws])
    sizes = patterns.count @ placed.belongs / patterns.customers
    spread = drawn.std(axis=0, ddof=1)
    return described(
        found,
        Groupwise(
            weights=placed.belongs,
            place=placed.grouped.place,
            expectations=placed.grouped.expectations,
            nuances=placed.grouped.nuances,
            items=items_of_groups(patterns, groups=placed.groups, draws=draws),
            sizes=tuple(
                _size(float(share), spread=float(one), n=patterns.customers, level=level)
                for share, one in zip(sizes, spread, strict=True)
            ),
        ),
        expected=expected,
        level=level,
    )


def _size(share: float, *, spread: float, n: float, level: float) -> Estimate:
    """A share whose interval is normal on the scale of log odds, which keeps it inside 0–1."""
    odds = math.log(share / (1.0 - share))
    reach = NormalDist().inv_cdf((1.0 + level) / 2.0) * spread / (share * (1.0 - share))
    low, high = (1.0 / (1.0 + math.exp(-(odds + side * reach))) for side in (-1.0, 1.0))
    return Estimate(value=share, low=low, high=high, n=round(n), level=level)


def _personas(
    placed: _Placed, held: Grouping, members: list[CustomerGroup], *, level: float
) -> tuple[Persona, ...]:
    stability = held.stability
    assert stability is not None  # noqa: S101 (groups that hold have one)
    found = [
        Persona(
            named_by=named_by(group),
            certainty=_sure(placed, place, level=level),
            stability=_range(stability.overlap[:, place]),
            stable=bool(stability.overlap[:, place].mean() >= STABLE),
            group=group,
        )
        for place, group in enumerate(members)
    ]
    return tuple(sorted(found, key=lambda one: -round(one.group.customers, 6)))


def _sure(placed: _Placed, group: int, *, level: float) -> Estimate | NotEnough:
    """Mean chance of belonging of the customers who most likely belong to a group."""
    mine = placed.belongs.argmax(axis=1) == group
    count = placed.grouped.patterns.count[mine]
    return _mean(placed.belongs[mine, group], count, level=level)


def _certainty(placed: _Placed, *, level: float) -> Estimate | NotEnough:
    chances = np.maximum(placed.belongs, 1e-300)
    unsure = -(placed.belongs * np.log(chances)).sum(axis=1) / math.log(placed.groups.count)
    return _mean(1.0 - unsure, placed.grouped.patterns.count, level=level)


def _mean(values: Floats, count: Floats, *, level: float) -> Estimate | NotEnough:
    if count.sum() < 2:
        return NotEnough(int(count.sum()), 2, "too few customers most likely belong to it")
    return mean_interval(np.repeat(values, count.astype(np.int64)), level=level, within=(0.0, 1.0))


def _range(values: Floats) -> Estimate:
    """Mean, smallest and largest of what several splits say; one more lies between them that often."""
    n = values.size
    return Estimate(
        value=float(values.mean()), low=float(values.min()), high=float(values.max()), n=n,
        level=(n - 1) / (n + 1),
    )  # fmt: skip
