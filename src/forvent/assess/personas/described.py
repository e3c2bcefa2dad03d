"""Groups of customers described beside the rest: what they expect, how well it is met, what else is known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from forvent.assess.personas.customers import SOONER, WISHED, Customers, Nuance
from forvent.assess.personas.items import LEAST_ASKED, Items
from forvent.assess.personas.ratios import Judged, judged_rows, ratio, ratio_of_shares, share_of
from forvent.records import Estimate, NotEnough
from forvent.records.personas import CustomerGroup, GroupExpectation, GroupRating, Sharing, Trait
from forvent.stats import benjamini_hochberg
from forvent.stats.clusters import ClusteredShare, share_difference, share_difference_p

Floats: TypeAlias = NDArray[np.float64]
Codes: TypeAlias = NDArray[np.int64]
Share: TypeAlias = ClusteredShare | NotEnough
Expected: TypeAlias = Mapping[str, Estimate | NotEnough]

MORE, LESS, UNDECIDED, UNKNOWN = "more", "less", "undecided", "not enough data"
BETTER, WORSE = "better", "worse"
#: Values of a column with fewer customers are not told, nor more values than these.
LEAST_TRAIT, MOST_TRAITS = 20, 12


@dataclass(frozen=True, eq=False)
class Groupwise:
    """G groups over n customers: ``weights`` (units, groups) of units that customers are in, with the unit of
    each customer in ``place`` (n,), −1 where it counts in none and not in the rest; ``items`` are
    what is mentioned of ``expectations`` and of ``nuances``. ``sizes`` are the shares of the groups."""

    weights: Floats
    place: Codes
    expectations: Codes
    nuances: tuple[Nuance, ...]
    items: Items
    sizes: tuple[Estimate | NotEnough, ...]

    @property
    def groups(self) -> int:
        """How many groups there are."""
        return int(self.weights.shape[1])


@dataclass(frozen=True, slots=True)
class _Beside:
    """One number of a group and of the rest."""

    inside: Share
    outside: Share

    @property
    def p(self) -> float:
        """P value of the difference; NaN where there is none."""
        if isinstance(self.inside, NotEnough) or isinstance(self.outside, NotEnough):
            return float("nan")
        return share_difference_p(self.inside, self.outside)

    @property
    def difference(self) -> Estimate | NotEnough:
        """Group minus rest."""
        inside, outside = shown(self.inside), shown(self.outside)
        if isinstance(inside, NotEnough):
            return inside
        return outside if isinstance(outside, NotEnough) else share_difference(inside, outside)


def described(
    found: Customers, groups: Groupwise, *, expected: Expected, level: float
) -> list[CustomerGroup]:
    """Every group beside all customers who are not in it.

    Over all groups together, each kind of difference (what is mentioned and how, share met, mean rating,
    traits) is held at a false discovery rate of 1 − level.

    Parameters
    ----------
    found
        The customers.
    groups
        Who belongs where.
    expected
        Share met that all customers expect, by expectation; what is missing leaves its gaps open.
    level
        Confidence level, inside (0, 1).

    Returns
    -------
    list of CustomerGroup
        One a group, in their order.

    Source
    ------
    Our own definition, docs/formulas/assess-personas.md#beside.
    """
    met = _judgements(found, groups, level=level)
    rated = _ratings(found, groups, level=level)
    traits = _traits(found, groups, level=level)
    mentioned, met_rates, rated_rates, trait_rates = (
        _rates(p)
        for p in (
            groups.items.p,
            _p(met),
            _p([[one] for one in rated]),
            _p([list(one.values()) for one in traits]),
        )
    )
    told = []
    for group in range(groups.groups):
        expectations = _expectations(
            found, groups, group, met=met[group], rates=(mentioned[group], met_rates[group]),
            expected=expected, level=level,
        )  # fmt: skip
        told.append(
            CustomerGroup(
                customers=float(_customers(groups)[group]),
                size=groups.sizes[group],
                expectations=tuple(sorted(expectations, key=_rank)),
                rating=_rating(rated[group], rate=_one(rated_rates[group][0]), level=level),
                traits=tuple(
                    Trait(column, value, _sharing(one, rate=_one(rate), level=level))
                    for ((column, value), one), rate in zip(
                        traits[group].items(), trait_rates[group], strict=True
                    )
                ),
            )
        )
    return told


def shown(share: Share) -> Estimate | NotEnough:
    """The estimate of a share, where there is one."""
    return share if isinstance(share, NotEnough) else share.estimate


# ---------------------------------------------------------------- what is judged


def _judgements(found: Customers, groups: Groupwise, *, level: float) -> list[list[_Beside]]:
    new = np.full(len(found.expectations), -1)
    new[groups.expectations] = np.arange(groups.expectations.size)
    used = new[found.expectation] >= 0
    rows = judged_rows(
        found.customer[used], new[found.expectation[used]],
        content=found.content[used], judged=found.judged[used], things=groups.expectations.size,
    )  # fmt: skip
    return _sides(rows, groups, level=level, bounded=False)


def _ratings(found: Customers, groups: Groupwise, *, level: float) -> list[_Beside]:
    everyone = np.arange(found.count)
    rows = judged_rows(everyone, np.zeros_like(everyone), content=found.rating, judged=found.rated, things=1)
    return [one for (one,) in _sides(rows, groups, level=level, bounded=True)]


def _sides(rows: Judged, groups: Groupwise, *, level: float, bounded: bool) -> list[list[_Beside]]:
    by_unit = rows.by(groups.place)
    sides = []
    for weights in groups.weights.T:
        inside, outside = by_unit.weighed(weights), by_unit.weighed(1.0 - weights)
        sides.append(
            [
                _Beside(*(ratio(side[:, at], level=level, bounded=bounded) for side in (inside, outside)))
                for at in range(rows.things)
            ]
        )
    return sides


def _customers(groups: Groupwise) -> Floats:
    counts = np.bincount(groups.place[groups.place >= 0], minlength=groups.weights.shape[0])
    return np.asarray(counts @ groups.weights)


def _traits(found: Customers, groups: Groupwise, *, level: float) -> list[dict[tuple[str, str], _Beside]]:
    """The values that customers of each group have, of columns with more than one value."""
    at = groups.place[found.owner]
    counted = at >= 0
    at, trait = at[counted], found.trait[counted]
    everyone = np.bincount(trait, minlength=len(found.traits))
    told = _told(found.traits, everyone)
    counts = np.bincount(groups.place[groups.place >= 0], minlength=groups.weights.shape[0])
    sides = []
    for weights in groups.weights.T:
        having = np.bincount(trait, weights[at], minlength=len(found.traits))
        inside, outside = counts @ weights, counts @ (1.0 - weights)
        worth = (
            inside**2 / max(counts @ weights**2, 1e-9),
            outside**2 / max(counts @ (1.0 - weights) ** 2, 1e-9),
        )
        sides.append(
            {
                found.traits[one]: _Beside(
                    _share(having[one], of=inside, worth=worth[0], level=level),
                    _share(everyone[one] - having[one], of=outside, worth=worth[1], level=level),
                )
                for one in told
            }
        )
    return sides


def _told(traits: Sequence[tuple[str, str]], everyone: Codes) -> list[int]:
    columns: dict[str, list[int]] = {}
    for place, (column, _) in enumerate(traits):
        columns.setdefault(column, []).append(place)
    kept = []
    for places in columns.values():
        frequent = sorted(
            (one for one in places if everyone[one] >= LEAST_TRAIT), key=lambda one: -everyone[one]
        )
        kept += frequent[:MOST_TRAITS] if len(places) > 1 else []
    return kept


def _share(having: float, *, of: float, worth: float, level: float) -> Share:
    if of < LEAST_ASKED:
        return NotEnough(round(of), int(LEAST_ASKED), "too few customers")
    return share_of(min(1.0, max(0.0, having / of)), n=of, effective=max(1.0, worth), level=level)


# ------------------------------------------------------------ the records of a group


def _expectations(
    found: Customers, groups: Groupwise, group: int, *, met: Sequence[_Beside],
    rates: tuple[Floats, Floats], expected: Expected, level: float,
) -> Iterator[GroupExpectation]:  # fmt: skip
    nuanced = {(one.expectation, one.feature): at for at, one in enumerate(groups.nuances)}
    for at, code in enumerate(groups.expectations.tolist()):
        name = found.expectations[code]
        wish, sooner = (nuanced.get((code, feature)) for feature in (WISHED, SOONER))
        places = [None if one is None else groups.expectations.size + one for one in (wish, sooner)]
        rate = _one(rates[1][at])
        difference = met[at].difference
        yield GroupExpectation(
            expectation=name,
            mentioned=_item(groups.items, group, at, rates=rates[0], level=level),
            lift=_lift(groups.items, group, at, level=level),
            wished=None
            if places[0] is None
            else _item(groups.items, group, places[0], rates=rates[0], level=level),
            sooner=None
            if places[1] is None
            else _item(groups.items, group, places[1], rates=rates[0], level=level),
            within_seconds=None if sooner is None else groups.nuances[sooner].within,
            met=shown(met[at].inside),
            met_rest=shown(met[at].outside),
            difference=difference,
            rate=rate,
            verdict=_verdict(difference, rate=rate, level=level, words=(BETTER, WORSE)),
            gap=_gap(shown(met[at].inside), expected.get(name)),
        )


def _item(items: Items, group: int, at: int, *, rates: Floats, level: float) -> Sharing:
    place = (group, at)
    sides = _Beside(
        _asked(items.share[place], items.asked[place], items.effective[place], level=level),
        _asked(items.rest[place], items.others[place], items.effective_rest[place], level=level),
    )
    return _sharing(sides, rate=_one(rates[at]), level=level)


def _asked(share: float, asked: float, effective: float, *, level: float) -> Share:
    if asked < LEAST_ASKED:
        return NotEnough(round(asked), int(LEAST_ASKED), "too few customers")
    return share_of(float(share), n=float(asked), effective=max(1.0, float(effective)), level=level)


def _lift(items: Items, group: int, at: int, *, level: float) -> Estimate | NotEnough:
    place = (group, at)
    share, rest, spread = (float(part[place]) for part in (items.share, items.rest, items.lift_spread))
    customers = float(items.asked[place])
    fewest = min(share * customers, rest * float(items.others[place]))
    if fewest < 1.0 or not np.isfinite(spread) or customers < LEAST_ASKED:
        return NotEnough(round(fewest), 1, "hardly anybody on one side mentions it")
    return ratio_of_shares(share / rest, spread=spread, n=customers, level=level)


def _sharing(sides: _Beside, *, rate: float | None, level: float) -> Sharing:
    words = (MORE, LESS)
    return Sharing(
        share=shown(sides.inside),
        rest=shown(sides.outside),
        rate=rate,
        verdict=_verdict(sides.difference, rate=rate, level=level, words=words),
    )


def _rating(sides: _Beside, *, rate: float | None, level: float) -> GroupRating:
    return GroupRating(
        mean=shown(sides.inside),
        rest=shown(sides.outside),
        difference=sides.difference,
        rate=rate,
        verdict=_verdict(sides.difference, rate=rate, level=level, words=(BETTER, WORSE)),
    )


def _gap(met: Estimate | NotEnough, expected: Estimate | NotEnough | None) -> Estimate | NotEnough:
    if isinstance(met, NotEnough):
        return met
    if expected is None or isinstance(expected, NotEnough):
        return NotEnough(0, 1, "what is expected is not known")
    return share_difference(met, replace(expected, level=met.level))


def _rank(one: GroupExpectation) -> tuple[float, str]:
    """What the group mentions more than the rest comes first."""
    share, rest = one.mentioned.share, one.mentioned.rest
    if isinstance(share, NotEnough) or isinstance(rest, NotEnough):
        return 1.0, one.expectation
    return round(rest.value - share.value, 9), one.expectation


def _verdict(
    difference: Estimate | NotEnough, *, rate: float | None, level: float, words: tuple[str, str]
) -> str:
    if isinstance(difference, NotEnough) or rate is None:
        return UNKNOWN
    if rate <= 1.0 - level:
        return words[0] if difference.value > 0.0 else words[1]
    return UNDECIDED


def _p(sides: Sequence[Sequence[_Beside]]) -> Floats:
    return np.array([[one.p for one in row] for row in sides], dtype=np.float64)


def _rates(p: Floats) -> Floats:
    """False discovery rates over all groups together; NaN where there is no p value."""
    rates = np.full(p.shape, np.nan)
    known = ~np.isnan(p)
    rates[known] = benjamini_hochberg(p[known])
    return rates


def _one(rate: float) -> float | None:
    return None if np.isnan(rate) else float(rate)
