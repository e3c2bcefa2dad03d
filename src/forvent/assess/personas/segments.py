"""What customers expect by a column of the voices that the business names."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from forvent.assess.personas.customers import Customers, Nuance, grouped, nuance_rows
from forvent.assess.personas.described import Groupwise, described
from forvent.assess.personas.items import Items, items_of_segments
from forvent.records import Estimate, NotEnough
from forvent.records.personas import Segment, Segments
from forvent.stats import check_level, wilson

Floats: TypeAlias = NDArray[np.float64]
Codes: TypeAlias = NDArray[np.int64]

#: Customers below which a segment is not shown, and segments beyond which they are left out.
LEAST_SEGMENT, MOST_SEGMENTS = 20, 20
_NOTHING: Mapping[str, Estimate | NotEnough] = MappingProxyType({})


def segments(
    found: Customers,
    *,
    column: str,
    expected: Mapping[str, Estimate | NotEnough] = _NOTHING,
    level: float = 0.95,
) -> Segments:
    """What the customers of each segment expect and get, beside all customers who are not in it.

    Parameters
    ----------
    found
        The customers, with ``column`` among their traits.
    column
        Which column of the traits names the segment.
    expected
        Share met that all customers together expect, by expectation, for the gaps.
    level
        Confidence level of the intervals; one minus it is the false discovery rate of the differences.

    Returns
    -------
    Segments
        The segments with at least 20 customers who mention an expectation, at most 20 of them; none where
        nobody has a value.

    Raises
    ------
    BadOption
        If ``level`` is outside (0, 1).

    Source
    ------
    Our own definition, docs/formulas/assess-personas.md#segments.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from forvent.assess.personas.customers import customers
    >>> people, said = [f"c{at}" for at in range(60)], {"expectation": ["choice"] * 60, "met": [1] * 60}
    >>> nothing = {name: [0] * 60 for name in ("unmet", "mixed", "wished")}
    >>> levels = {"level_seconds": pa.nulls(60, pa.float64())}
    >>> mentions = pa.table({"person": people, **said, **nothing, **levels})
    >>> heard = pa.table({"person": people, "rated": [0] * 60, "rating": [0.0] * 60})
    >>> plans = ["basic"] * 35 + ["family"] * 25
    >>> traits = pa.table({"person": people, "column": ["plan"] * 60, "value": plans})
    >>> found = segments(customers(heard, mentions=mentions, traits=traits), column="plan")
    >>> [(one.value, one.group.customers) for one in found.segments]
    [('basic', 35.0), ('family', 25.0)]
    """
    check_level(level)
    own = [place for place, (trait, _) in enumerate(found.traits) if trait == column]
    told = grouped(found)
    place = np.where(found.mentioning, np.arange(found.count), -1)
    mine = np.isin(found.trait, own) & (place[found.owner] >= 0)
    owner, value = found.owner[mine], found.trait[mine]
    sizes = np.bincount(value, minlength=len(found.traits))
    largest = sorted(own, key=lambda at: (-sizes[at], found.traits[at][1]))
    kept = [at for at in largest if sizes[at] >= LEAST_SEGMENT][:MOST_SEGMENTS]
    n = int(found.mentioning.sum())
    weights = np.zeros((found.count, len(kept)))
    for segment, at in enumerate(kept):
        weights[owner[value == at], segment] = 1.0
    groups = Groupwise(
        weights=weights,
        place=place,
        expectations=told.expectations,
        nuances=told.nuances,
        items=_items(found, weights, told.expectations, nuances=told.nuances),
        sizes=tuple(wilson(float(sizes[at]), n, level=level) for at in kept),
    )
    return Segments(
        column=column,
        customers=n,
        unknown=n - np.unique(owner).size,
        left_out=int((sizes > 0).sum()) - len(kept),
        segments=tuple(
            Segment(found.traits[at][1], group)
            for at, group in zip(kept, described(found, groups, expected=expected, level=level), strict=True)
        ),
    )


def _items(found: Customers, weights: Floats, expectations: Codes, *, nuances: tuple[Nuance, ...]) -> Items:
    everyone = found.mentioning.astype(np.float64)
    rows = [
        (everyone, _flags(found.customer[found.expectation == code], found.count)) for code in expectations
    ]
    for nuance in nuances:
        asks, answers = nuance_rows(found, nuance)
        rows.append((_flags(found.customer[asks], found.count), _flags(found.customer[answers], found.count)))
    # The last column of ones is the whole, so that the rest needs no sums of its own.
    whole = np.column_stack([weights, np.ones(found.count)])
    sums = np.zeros((2, whole.shape[1], len(rows)))
    for place, sides in enumerate(rows):
        for side, flags in enumerate(sides):
            sums[side, :, place] = flags @ whole
    inside, outside = sums[:, :-1], sums[:, -1:] - sums[:, :-1]
    return items_of_segments(inside[0], inside[1], others=outside[0], others_answered=outside[1])


def _flags(customers: Codes, n: int) -> Floats:
    flags = np.zeros(n)
    flags[customers] = 1.0
    return flags
