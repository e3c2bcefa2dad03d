"""How penalty, reward and kind differ between groups and move over time, without crying wolf."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from forvent.assess.judgements import Floats
from forvent.records import Estimate, NotEnough
from forvent.records.kinds import KindChange
from forvent.stats import benjamini_hochberg, check_level, percentile_interval

DIFFERS, ALIKE, UNKNOWN = "differs", "no difference found", "not enough data"
UNDECIDED = "undecided"
FEW = "fewer than two of the groups have both sides"
# Kinds that the asymmetry parts; the others are parted by their sides.
_BANDS = ("basic", "performance", "excitement")


@dataclass(frozen=True, slots=True, eq=False)
class SidedGroup:
    """Penalties and rewards of k names in one group, on the data and in each round: shape (rounds + 1, k).

    ``n`` are the ratings or voices behind each, shape (k,), 0 where a side is not known; ``kinds`` are the
    kinds of the group. Groups that are compared are drawn in the same rounds, so that customers who are in
    both do not count twice.
    """

    penalty: Floats
    reward: Floats
    n: Floats
    kinds: tuple[str, ...]


def kind_changes(
    compared: Sequence[Sequence[SidedGroup]],
    *,
    names: Sequence[str],
    at: Sequence[float] = (0.0, 1.0),
    level: float = 0.95,
) -> tuple[tuple[KindChange, ...], ...]:
    r"""Last group less first of each comparison, along the line through all of its groups.

    Of two groups it is their plain difference. With :math:`n_i` cases at the time :math:`t_i` of several,
    sides are read off the weighted least squares line at its two ends. Each side is tested by its difference
    over its bootstrap error; the asymmetry by

    .. math:: r_2\,|p_1| - r_1\,|p_2|,

    which is 0 exactly where both asymmetries are the same, and unlike them has no quotient. Rates are
    Benjamini and Hochberg's over all names, comparisons and the three tests.

    Parameters
    ----------
    compared
        For each comparison its groups, at least two, in the order of time or as rest and segment.
    names
        Name of each column of the groups.
    at
        When each group was, any unit, rising; the same for all comparisons.
    level
        Level of the intervals, and one minus the false discovery rate.

    Returns
    -------
    tuple
        For each comparison one change a name.

    Source
    ------
    Benjamini & Hochberg (1995), JRSS B 57(1), 289–300; docs/formulas/assess-drivers.md#changes.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> def group(penalty, reward, kind):
    ...     draws = [side + rng.normal(0, 0.01, (201, 1)) for side in (penalty, reward)]
    ...     return SidedGroup(draws[0], draws[1], np.array([400.0]), (kind,))
    >>> before, after = group(-0.02, 0.2, "excitement"), group(-0.2, 0.02, "basic")
    >>> found = kind_changes([[before, after]], names=("wifi",))[0][0]
    >>> found.became, round(found.penalty.value, 1)
    ('basic', -0.2)
    """
    check_level(level)
    tested = [
        [_tested(groups, place, np.array(at, dtype=np.float64), level=level) for place in range(len(names))]
        for groups in compared
    ]
    known = [p for row in tested for one in row for p in one.p]
    rates = iter(benjamini_hochberg(known).tolist())
    return tuple(
        tuple(_change(name, one, rates=rates, level=level) for name, one in zip(names, row, strict=True))
        for row in tested
    )


@dataclass(frozen=True, slots=True)
class _Tested:
    """Differences of the three numbers with their p values; none where the data cannot carry them."""

    numbers: tuple[Estimate | NotEnough, ...]
    p: tuple[float, ...]
    before: str
    after: str


def _tested(groups: Sequence[SidedGroup], place: int, at: Floats, *, level: float) -> _Tested:
    n = np.array([group.n[place] for group in groups])
    used = np.flatnonzero(n > 0)
    if used.size < 2:
        none = NotEnough(n=int(n.sum()), needed=int(n.sum()) + 1, why=FEW)
        kinds = (groups[0].kinds[place], groups[-1].kinds[place])
        return _Tested((none, none, none), (), *kinds)
    first, last = _ends(at[used], n[used])
    penalty, reward = (
        np.stack([getattr(groups[one], side)[:, place] for one in used.tolist()], axis=1)
        for side in ("penalty", "reward")
    )
    down = np.maximum(-penalty @ first, 0.0), np.maximum(-penalty @ last, 0.0)
    up = np.maximum(reward @ first, 0.0), np.maximum(reward @ last, 0.0)
    across = up[1] * down[0] - up[0] * down[1]
    moved = (
        penalty @ (last - first),
        reward @ (last - first),
        _balance(down[1], up[1]) - _balance(down[0], up[0]),
    )
    count = int(n[used].sum())
    return _Tested(
        tuple(percentile_interval(draws[1:], value=float(draws[0]), n=count, level=level) for draws in moved),
        tuple(_p(draws) for draws in (moved[0], moved[1], across)),
        groups[int(used[0])].kinds[place],
        groups[int(used[-1])].kinds[place],
    )


def _ends(at: Floats, n: Floats) -> tuple[Floats, Floats]:
    """Weights of the groups in the ends of the line through them."""
    away = at - np.average(at, weights=n)
    slope = n * away / (n * away**2).sum()
    level = n / n.sum()
    return level + slope * away[0], level + slope * away[-1]


def _balance(down: Floats, up: Floats) -> Floats:
    """Asymmetry; 0 where there is neither side."""
    both = up + down
    found: Floats = np.divide(up - down, both, out=np.zeros_like(both), where=both > 0.0)
    return found


def _p(draws: Floats) -> float:
    """Two-sided p value of the first against 0, by the spread of the others."""
    error = float(draws[1:].std())
    if error <= 0.0:
        return 1.0
    return math.erfc(abs(float(draws[0])) / error / math.sqrt(2.0))


def _change(name: str, tested: _Tested, *, rates: Iterator[float], level: float) -> KindChange:
    found: list[float | None] = [next(rates) for _ in tested.p] or [None] * 3
    penalty, reward, asymmetry = tested.numbers
    accepted = round(1.0 - level, 9)
    sure = [rate is not None and rate <= accepted for rate in found]
    return KindChange(
        name=name,
        before=tested.before,
        after=tested.after,
        became=tested.after if _became(tested, sure) else "",
        penalty=penalty,
        penalty_rate=found[0],
        reward=reward,
        reward_rate=found[1],
        asymmetry=asymmetry,
        asymmetry_rate=found[2],
        verdict=(DIFFERS if any(sure) else ALIKE) if tested.p else UNKNOWN,
    )


def _became(tested: _Tested, sure: Sequence[bool]) -> bool:
    kinds = (tested.before, tested.after)
    if UNDECIDED in kinds or tested.before == tested.after:
        return False
    return sure[2] if all(kind in _BANDS for kind in kinds) else sure[0] or sure[1]
