"""What customers buy together, and what could be recommended to whom, with the reason for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from forvent.records.numbers import Estimate, NotEnough

Codes: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class BoughtTogether:
    """Two products that more customers bought both of than chance brings.

    ``share`` is the share of the customers of ``product`` who also bought ``other``; ``together`` counts
    them. ``expected`` is how many customers would have bought both by chance, ``lift`` how many times as many
    did, ``shrunk`` the same drawn towards 1 where little is known, and ``false_rate`` the smallest false
    discovery rate at which the pair is called a finding.
    """

    product: str
    other: str
    together: int
    share: Estimate
    expected: float
    lift: Estimate
    shrunk: Estimate
    false_rate: float


@dataclass(frozen=True, slots=True)
class WellMet:
    """What a customer asked for or missed, and how often others say that a product meets it."""

    expectation: str
    share: Estimate


@dataclass(frozen=True, slots=True, eq=False)
class Recommended:
    """Products for customers who have not bought them, shape (n,): by customer, the best first.

    ``customer``, ``product`` and ``because`` (what the customer bought that speaks most for it) are places in
    ``customers`` and ``products``. ``together`` of ``buyers`` customers of ``because`` also bought the
    product, ``expected`` would have by chance, and ``lift`` is how many times as many did, drawn towards 1.
    ``asked`` is, by place, what the customer asked for or missed and the product surely meets more often than
    others do.
    """

    customers: tuple[str, ...]
    products: tuple[str, ...]
    customer: Codes
    product: Codes
    because: Codes
    together: Codes
    buyers: Codes
    expected: Floats
    lift: Floats
    asked: Mapping[int, tuple[WellMet, ...]]


@dataclass(frozen=True, slots=True)
class RecommendationTrial:
    """Recommendations as they would have been made on a day in the past, beside two simple ways.

    ``customers`` had a recommendation and then, within ``days``, bought something new to them. Each share
    counts customers who bought one of at most ``most`` products of the list: ``recommended``, ``popular``
    (the most bought products that the customer had not bought; lists of equal length) and ``again`` (products
    that the customer had bought). ``better`` is the first share less the second.
    """

    until: date
    days: int
    most: int
    customers: int
    recommended: Estimate
    popular: Estimate
    again: Estimate
    better: Estimate


@dataclass(frozen=True, slots=True)
class Recommendations:
    """What one look at the products of a file found.

    ``silent`` says why nobody is recommended anything: "few_baskets", "not_tried", "no_better", or empty
    where ``recommended`` was shown to beat the most popular products. ``pairs`` are the findings with the
    highest lift, ``found`` how many there are. ``withheld`` counts what was left out for what customers said:
    customers ("no_consent", "private"), or products for single customers ("blamed", "worse"); ``left_out``
    what was not looked at.
    """

    until: date
    level: float
    customers: int
    products: int
    comparisons: int
    found: int
    pairs: tuple[BoughtTogether, ...]
    trial: RecommendationTrial | NotEnough
    silent: str
    recommended: Recommended
    withheld: Mapping[str, int] = field(default_factory=dict)
    left_out: Mapping[str, int] = field(default_factory=dict)
