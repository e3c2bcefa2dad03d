"""Log-likelihood of the BG/NBD and MBG/NBD models and its slopes, in logs throughout."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaln, digamma, gammaln

from forvent.assess.loyalty.clocks import MonthGrid, clocked, month_grid

Floats: TypeAlias = NDArray[np.float64]
Codes: TypeAlias = NDArray[np.int64]

BG, MBG = "bg-nbd", "mbg-nbd"
EARLY, MONTHS = "-early", "-months"
#: Models whose clock is the customer's age alone, and those that know better and worse months besides.
PLAIN_MODELS = (BG, MBG, BG + EARLY, MBG + EARLY)
MONTH_MODELS = tuple(model + MONTHS for model in PLAIN_MODELS)
#: The models that can be fitted, by what the command line calls them.
MODELS = PLAIN_MODELS + MONTH_MODELS


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Distinct customers and how many there are of each, arrays of shape (n,); times in weeks.

    ``numbers`` are the distinct counts of repeat purchases and ``which`` the place of each row's among
    them. ``place`` is the row of each customer. ``month_count`` counts repeat purchases by month, the
    newest first; ``grid`` is there where a model of months is fitted.
    """

    numbers: Floats
    which: Codes
    recency: Floats
    age: Floats
    weight: Floats
    repeat_age: Floats
    repeat_count: Floats
    place: Codes
    month_count: Floats
    grid: MonthGrid | None = None

    @property
    def repeats(self) -> Floats:
        """Repeat purchases of each row."""
        return self.numbers[self.which]


def distinct_rows(
    repeats: Floats,
    *,
    recency: Floats,
    age: Floats,
    repeat_age: Floats,
    repeat_count: Floats,
    month_count: Floats | None = None,
) -> Rows:
    """Customers with equal histories as one row; times are rounded to a thousandth of a week."""
    keys = np.stack([repeats, np.round(recency, 3), np.round(age, 3)], axis=1)
    order = np.lexsort(keys.T[::-1])
    ordered = keys[order]
    new = np.ones(len(keys), dtype=bool)
    new[1:] = np.any(ordered[1:] != ordered[:-1], axis=1)
    place = np.empty(len(keys), dtype=np.int64)
    place[order] = np.cumsum(new) - 1
    first = order[new]
    numbers, which = np.unique(repeats[first], return_inverse=True)
    return Rows(
        numbers=numbers,
        which=which.astype(np.int64),
        recency=recency[first],
        age=age[first],
        weight=np.bincount(place).astype(np.float64),
        repeat_age=repeat_age,
        repeat_count=repeat_count,
        place=place,
        month_count=np.zeros(0) if month_count is None else month_count,
    )


def with_grid(rows: Rows, *, model: str) -> Rows:
    """The rows with the grid of months that the model needs, if it does."""
    if not has_months(model):
        return replace(rows, grid=None)
    return replace(rows, grid=month_grid(rows.age, rows.recency, month_count=rows.month_count))


def thinned(rows: Rows, *, most: int) -> Rows:
    """An even part of many rows that stands for all of them; the rows themselves where there are few."""
    step = -(-rows.weight.size // most)
    if step <= 1:
        return rows
    kept = replace(
        rows,
        which=rows.which[::step],
        recency=rows.recency[::step],
        age=rows.age[::step],
        weight=rows.weight[::step],
    )
    weight = kept.weight * (rows.weight.sum() / kept.weight.sum())
    share = float(weight @ kept.repeats) / max(float(rows.weight @ rows.repeats), 1.0)
    return replace(
        kept,
        weight=weight,
        repeat_count=rows.repeat_count * share,
        month_count=rows.month_count * share,
        grid=None,
    )


def leaves_at_once(model: str) -> bool:
    """Whether customers may leave after their very first purchase (MBG/NBD)."""
    return model.startswith(MBG)


def has_early(model: str) -> bool:
    """Whether purchases are more frequent in the first weeks."""
    return EARLY in model


def has_months(model: str) -> bool:
    """Whether calendar months may be better or worse than others."""
    return model.endswith(MONTHS)


def log_likelihood(logs: Floats, *, rows: Rows, model: str) -> tuple[float, Floats]:
    r"""Log-likelihood of all customers, and its slope by the logs of the parameters.

    For one customer with :math:`x` repeat purchases, the last after :math:`t_x` of :math:`T` weeks,

    .. math:: \ln\frac{\Gamma(r+x)\alpha^r}{\Gamma(r)} + \ln\Bigl(\frac{B(a,b+x+m)}{B(a,b)}
       (\alpha+T)^{-(r+x)} + [x>0 \lor m]\frac{B(a+1,b+x+m-1)}{B(a,b)}(\alpha+t_x)^{-(r+x)}\Bigr)

    with :math:`m=0` for BG/NBD and 1 for MBG/NBD. The sum is taken of logs, so nothing overflows, and no
    hypergeometric function is needed. With early weeks or months, times are those of ``clocked`` and the log
    of the clock's pace at each repeat purchase is added.

    Parameters
    ----------
    logs
        Logs of r, alpha, a, b, of early and early_weeks where the model has them, and of its months.
    rows
        The customers; with their grid where the model has months (``with_grid``).
    model
        One of ``MODELS``.

    Returns
    -------
    tuple of float and array
        The sum over customers, and its slopes in the order of ``logs``.

    Source
    ------
    Fader, Hardie & Lee (2005), Marketing Science 24(2), equation 6; Batislam, Denizel & Filiztekin
    (2007), International Journal of Research in Marketing 24(3), 201–209.

    Examples
    --------
    Who bought once and was seen for no time at all says nothing:

    >>> one = np.array([0.0])
    >>> rows = distinct_rows(one, recency=one, age=one, repeat_age=one[:0], repeat_count=one[:0])
    >>> round(log_likelihood(np.zeros(4), rows=rows, model="bg-nbd")[0], 12)
    0.0
    """
    r, alpha, a, b = np.exp(logs[:4])
    clock = clocked(
        logs[4:],
        age=rows.age,
        recency=rows.recency,
        repeat_age=rows.repeat_age,
        repeat_count=rows.repeat_count,
        early=has_early(model),
        grid=rows.grid if has_months(model) else None,
    )
    recency, age = clock.recency, clock.age
    first = 1.0 if leaves_at_once(model) else 0.0
    bought, stay, stay_slopes, left, left_slopes, may_leave = _by_number(
        rows.numbers, r=r, a=a, b=b, first=first
    )
    power = (r + rows.numbers)[rows.which]
    log_age, log_recency = np.log(alpha + age), np.log(alpha + recency)
    alive = stay[rows.which] - power * log_age
    # Below every float, but not minus infinity: the difference of two of these would be no number.
    dead = np.where(may_leave[rows.which], left[rows.which] - power * log_recency, -1e300)
    # The smaller against the larger: this way no power overflows, and both answers need it once.
    smaller = np.exp(-np.abs(alive - dead))
    alive_share = np.where(alive > dead, 1.0, smaller) / (1.0 + smaller)
    both = np.maximum(alive, dead) + np.log(1.0 + smaller)
    total = bought[rows.which] + r * np.log(alpha) + both
    value = float(rows.weight @ total)

    here, gone = rows.weight * alive_share, rows.weight * (1.0 - alive_share)
    by_age, by_recency = here * power / (alpha + age), gone * power / (alpha + recency)
    counted, counted_here, counted_gone = (
        np.bincount(rows.which, weights=of, minlength=rows.numbers.size) for of in (rows.weight, here, gone)
    )
    slope_r = float(counted @ (digamma(r + rows.numbers) - digamma(r) + np.log(alpha)))
    slope_r -= float(here @ log_age + gone @ log_recency)
    slope_alpha = float(rows.weight.sum() * r / alpha - by_age.sum() - by_recency.sum())
    slope_ab = counted_here @ stay_slopes + counted_gone @ left_slopes
    slopes = [slope_r * r, slope_alpha * alpha, float(slope_ab[0]) * a, float(slope_ab[1]) * b]
    return value + clock.more, np.array([*slopes, *clock.pull(by_age, by_recency)])


def _by_number(
    numbers: Floats, *, r: float, a: float, b: float, first: float
) -> tuple[Floats, Floats, Floats, Floats, Floats, NDArray[np.bool_]]:
    """What depends on the number of repeat purchases alone: logs, and slopes by a and b of shape (k, 2)."""
    bought = gammaln(r + numbers) - gammaln(r)
    may_leave = (numbers > 0) | (first > 0)
    stays = b + numbers + first
    # Where nobody can have left yet the place is held by a harmless 1.
    leaves = np.where(may_leave, stays - 1.0, 1.0)
    whole, of_a, of_b = digamma(a + b), digamma(a), digamma(b)
    both = digamma(a + stays)
    stay = betaln(a, stays) - betaln(a, b)
    left = betaln(a + 1.0, leaves) - betaln(a, b)
    stay_slopes = np.stack([whole - both, digamma(stays) - both - of_b + whole], axis=1)
    left_slopes = np.stack(
        [digamma(a + 1.0) - both - of_a + whole, digamma(leaves) - both - of_b + whole], axis=1
    )
    return bought, stay, stay_slopes, left, left_slopes, may_leave
