"""Who expects what: groups that customers fall into, and segments that the business names."""

from __future__ import annotations

from dataclasses import dataclass

from forvent.records.numbers import Estimate, NotEnough


@dataclass(frozen=True, slots=True)
class Sharing:
    """One thing that part of a group has in common, beside the rest of the customers.

    ``rate`` is the smallest false discovery rate at which the difference counts as found
    (Benjamini–Hochberg), None where there is nothing to compare. ``verdict`` is more, less, undecided or
    "not enough data".
    """

    share: Estimate | NotEnough
    rest: Estimate | NotEnough
    rate: float | None
    verdict: str


@dataclass(frozen=True, slots=True)
class GroupExpectation:
    """One expectation in one group of customers.

    ``mentioned`` shares out the customers who mention it, ``lift`` is the share of the group divided by that
    of the rest. ``wished`` is asked of those who mention it, ``sooner`` (a stated level of at most
    ``within_seconds``) of those who state a level; both None where too few do so to tell anything.
    ``met`` is the share met among the voices that judge it, ``difference`` that share less the one of
    the rest, and ``verdict`` says better, worse, undecided or "not enough data"; ``gap`` is the share met
    less what all customers together expect.
    """

    expectation: str
    mentioned: Sharing
    lift: Estimate | NotEnough
    wished: Sharing | None
    sooner: Sharing | None
    within_seconds: float | None
    met: Estimate | NotEnough
    met_rest: Estimate | NotEnough
    difference: Estimate | NotEnough
    rate: float | None
    verdict: str
    gap: Estimate | NotEnough


@dataclass(frozen=True, slots=True)
class GroupRating:
    """Mean rating (0–1) of a group beside that of the rest; ``verdict`` as for the share met."""

    mean: Estimate | NotEnough
    rest: Estimate | NotEnough
    difference: Estimate | NotEnough
    rate: float | None
    verdict: str


@dataclass(frozen=True, slots=True)
class Trait:
    """A value of a column of the voices, and how many customers of the group have it."""

    column: str
    value: str
    customers: Sharing


@dataclass(frozen=True, slots=True)
class CustomerGroup:
    """What the customers of one group expect, how well it is met, and what else is known of them.

    ``customers`` counts them, a customer who may belong to several groups in parts. ``size`` is their share
    of the customers who mention an expectation. ``expectations`` begin with what sets the group apart.
    """

    customers: float
    size: Estimate | NotEnough
    expectations: tuple[GroupExpectation, ...]
    rating: GroupRating
    traits: tuple[Trait, ...]


@dataclass(frozen=True, slots=True)
class NamedBy:
    """One thing that sets a group apart: it is mentioned, wished, or asked for sooner or later.

    ``within_seconds`` is the level that sooner and later are told apart by.
    """

    expectation: str
    feature: str
    within_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Persona:
    """A group of customers who expect the same, found in what they say.

    ``named_by`` holds at most three things that surely set it apart, the most telling first; empty where
    nothing does. ``certainty`` is the mean probability with which its customers belong to it.
    ``stability`` is the mean overlap (Jaccard) with the group found anew in halves of the customers;
    ``stable`` says that it is high enough for the group to be relied upon.
    """

    named_by: tuple[NamedBy, ...]
    certainty: Estimate | NotEnough
    stability: Estimate
    stable: bool
    group: CustomerGroup


@dataclass(frozen=True, slots=True)
class Personas:
    """The groups that customers fall into by what they expect.

    ``verdict`` is groups, "one group" (no more than one holds) or "not enough data"; there are personas only
    for the first, the largest first. ``customers`` say something, ``grouped`` of them mention an
    expectation that can tell groups apart and ``telling`` of these two or more, without whom there are no
    groups. ``dropped`` counts groups that were seen once and not found again. ``agreement`` is
    the adjusted Rand index of the groups found in two halves of the customers (1: the same, 0: as chance
    would have it). ``certainty`` is 1 where it is sure for everyone which group they belong to, 0
    where nobody's words tell (1 − relative entropy).
    """

    verdict: str
    customers: int
    grouped: int
    telling: int
    personas: tuple[Persona, ...]
    dropped: int
    agreement: Estimate | NotEnough
    certainty: Estimate | NotEnough


@dataclass(frozen=True, slots=True)
class Segment:
    """The customers with one value of a column that the business named."""

    value: str
    group: CustomerGroup


@dataclass(frozen=True, slots=True)
class Segments:
    """What customers expect by a column of the voices, the largest segment first.

    ``customers`` mention an expectation; ``unknown`` of them have no value, and ``left_out`` values have too
    few customers to be shown. A customer whose voices differ counts in each of their segments.
    """

    column: str
    customers: int
    unknown: int
    left_out: int
    segments: tuple[Segment, ...]
