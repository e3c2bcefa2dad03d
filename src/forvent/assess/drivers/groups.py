"""Kinds of touchpoints in segments and over time, and what differs between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from forvent.assess.drivers.answers import Answers
from forvent.assess.drivers.drivers import LEAST_ANSWERS, Fitted, contrasts_of, drivers_of
from forvent.assess.drivers.fits import fit
from forvent.assess.drivers.kinds import Cuts
from forvent.assess.drivers.sums import Sums, sums_by_group
from forvent.assess.kind_changes import SidedGroup, kind_changes
from forvent.records import Estimate
from forvent.records.drivers import DriverDrift, DriverGroup, DriverSegments

Places = NDArray[np.int64]

#: Segments of one column that are shown, those with most answers first.
MOST_SEGMENTS = 12
#: Bootstrap rounds of groups.
ROUNDS = 500


@dataclass(frozen=True, slots=True, eq=False)
class Grouped:
    """Answers cut by one column: the group of each answer (−1 for none), shape (n,), and the names."""

    answers: Answers
    column: str
    group: Places
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judging:
    """How every group is judged: as the whole."""

    overall: str
    level: float = 0.95
    cuts: Cuts | None = None
    rounds: int = ROUNDS


def driver_segments(grouped: Grouped, *, judging: Judging, rng: np.random.Generator) -> DriverSegments:
    """Touchpoints in each segment beside all other answers that name one.

    Parameters
    ----------
    grouped
        Answers by segment.
    judging
        How they are judged.
    rng
        Source of randomness of the bootstrap.

    Returns
    -------
    DriverSegments
        The twelve segments with most answers; those with fewer than thirty, or where all are equally
        satisfied, are left out and counted. Changes are a segment less the rest, and all of them one family
        of comparisons; there are none where there is no rest.

    Source
    ------
    Our own definition, docs/formulas/assess-drivers.md#changes.

    Examples
    --------
    >>> rating, rng = np.tile(np.repeat([0.0, 0.5, 1.0], 40), 2), np.random.default_rng(1)
    >>> steps = np.where(np.arange(240) < 120, 0.8 * (rating > 0), 0.8 * (rating == 1.0))
    >>> states = (2 * rating).astype(np.int8)[:, None]
    >>> answers = Answers(("wifi",), steps + rng.normal(0, 0.1, 240), rating[:, None], states, np.arange(240))
    >>> grouped = Grouped(answers, "trip", np.repeat([0, 1], 120), ("work", "fun"))
    >>> found = driver_segments(grouped, judging=Judging("csat", rounds=200), rng=rng)
    >>> [(one.name, one.drivers.touchpoints[0].kind) for one in found.segments]
    [('work', 'basic'), ('fun', 'excitement')]
    >>> found.segments[1].changes[0].became
    'excitement'
    """
    sizes = _sizes(grouped)
    usable = [place for place in _usable(grouped) if sizes[place] >= LEAST_ANSWERS]
    shown = sorted(usable, key=lambda place: (-int(sizes[place]), place))[:MOST_SEGMENTS]
    # The other segments stay in the rest, under one number behind those shown.
    sums = _sums(grouped, shown, rest=len(shown), judging=judging, rng=rng)
    whole = np.sum([one.blocks for one in sums], axis=0)
    beside = bool(sizes.sum() > sizes[shown].max(initial=0))
    found, compared = [], []
    for at, place in enumerate(shown):
        fitted = _fitted(grouped, place, sums[at])
        found.append(_group(fitted, grouped.names[place], judging=judging, rng=rng))
        if beside:
            others = replace(sums[at], blocks=whole - sums[at].blocks)
            rest = _sided(_fitted(grouped, place, others, rest=True), judging=judging)
            compared.append([rest, _sided(fitted, judging=judging)])
    changes = kind_changes(compared, names=grouped.answers.names, level=judging.level)
    return DriverSegments(
        column=grouped.column,
        segments=tuple(replace(one, changes=changes[at] if beside else ()) for at, one in enumerate(found)),
        left_out=int(grouped.group.size - sizes[shown].sum()),
    )


def driver_drift(
    grouped: Grouped, *, at: Sequence[float], judging: Judging, rng: np.random.Generator
) -> DriverDrift:
    """Touchpoints in each period, and how far their sides moved along the line through all of them.

    Parameters
    ----------
    grouped
        Answers by period, the periods in the order of time.
    at
        When each period began, any unit, rising.
    judging
        How they are judged.
    rng
        Source of randomness of the bootstrap.

    Returns
    -------
    DriverDrift
        Periods with fewer than thirty answers, or where all are equally satisfied, are left out and
        counted. A movement that goes and comes back is not seen.

    Source
    ------
    Our own definition, docs/formulas/assess-drivers.md#changes.

    Examples
    --------
    >>> answers = Answers(("wifi",), np.ones(4), np.ones((4, 1)), np.full((4, 1), 2, np.int8), np.arange(4))
    >>> grouped = Grouped(answers, "year", np.zeros(4, dtype=np.int64), ("2025",))
    >>> found = driver_drift(grouped, at=(0.0,), judging=Judging("csat"), rng=np.random.default_rng(1))
    >>> found.periods, found.left_out
    ((), 4)
    """
    sizes = _sizes(grouped)
    shown = [place for place in _usable(grouped) if sizes[place] >= LEAST_ANSWERS]
    sums = _sums(grouped, shown, rest=-1, judging=judging, rng=rng)
    found, sided = [], []
    for place, one in zip(shown, sums, strict=False):
        fitted = _fitted(grouped, place, one)
        found.append(_group(fitted, grouped.names[place], judging=judging, rng=rng))
        sided.append(_sided(fitted, judging=judging))
    changes = kind_changes(
        [sided] if len(sided) > 1 else [],
        names=grouped.answers.names,
        at=[at[place] for place in shown],
        level=judging.level,
    )
    return DriverDrift(
        column=grouped.column,
        periods=tuple(found),
        changes=changes[0] if changes else (),
        left_out=int(grouped.group.size - sizes[shown].sum()),
    )


def _sizes(grouped: Grouped) -> Places:
    named = grouped.group[grouped.group >= 0]
    return np.bincount(named, minlength=len(grouped.names)).astype(np.int64)


def _usable(grouped: Grouped) -> list[int]:
    """Groups in which somebody is more satisfied than somebody else."""
    overall, group, count = grouped.answers.overall, grouped.group, len(grouped.names)
    named = group >= 0
    low, high = np.full(count, np.inf), np.full(count, -np.inf)
    np.minimum.at(low, group[named], overall[named])
    np.maximum.at(high, group[named], overall[named])
    return np.flatnonzero(high > low).tolist()


def _sums(
    grouped: Grouped, shown: Sequence[int], *, rest: int, judging: Judging, rng: np.random.Generator
) -> tuple[Sums, ...]:
    """Sums of each group shown and, last, of all others; these count for nothing where ``rest`` is −1."""
    number = np.full(len(grouped.names) + 1, rest)
    number[list(shown)], number[-1] = np.arange(len(shown)), -1
    return sums_by_group(
        grouped.answers, group=number[grouped.group], groups=len(shown) + 1, rng=rng, rounds=judging.rounds
    )


def _fitted(grouped: Grouped, place: int, sums: Sums, *, rest: bool = False) -> Fitted:
    """The answers of one group, or of all others that are in one."""
    group, whole = grouped.group, grouped.answers
    chosen = (group >= 0) & (group != place) if rest else group == place
    answers = replace(
        whole,
        overall=whole.overall[chosen],
        ratings=whole.ratings[chosen],
        states=whole.states[chosen],
        customer=whole.customer[chosen],
    )
    return Fitted(answers, sums, fit(sums))


def _group(fitted: Fitted, name: str, *, judging: Judging, rng: np.random.Generator) -> DriverGroup:
    found = drivers_of(fitted, overall=judging.overall, rng=rng, level=judging.level, cuts=judging.cuts)
    return DriverGroup(name, found)


def _sided(fitted: Fitted, *, judging: Judging) -> SidedGroup:
    """Sides as they are compared; a touchpoint without both of them counts for nothing."""
    found = contrasts_of(fitted, level=judging.level, cuts=judging.cuts)
    both = [isinstance(one.penalty, Estimate) and isinstance(one.reward, Estimate) for one in found]
    rated = np.array([one.ratings.rated for one in found], dtype=np.float64)
    return SidedGroup(
        penalty=fitted.fits.penalty,
        reward=fitted.fits.reward,
        n=np.where(both, rated, 0.0),
        kinds=tuple(one.kind for one in found),
    )
