"""Share of cases that end within a length, when some are still open."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from forvent.errors import BadOption
from forvent.records import Estimate, NotEnough
from forvent.stats.intervals import wilson
from forvent.stats.level import check_level

Floats: TypeAlias = NDArray[np.float64]

UNSEEN = "no case was followed for so long"
OPEN = "too many of the cases were still open"


@dataclass(frozen=True, slots=True, eq=False)
class EndedWithin:
    """Step function: share of cases that end within a length; arrays of shape (k,), k steps.

    ``lengths`` are those at which cases ended, increasing; ``share`` the share that ended within
    each; ``error`` Greenwood's standard error of it; ``worth`` how many fully followed cases the
    share is worth, and ``first_worth`` that before the first step.
    ``followed`` is the longest length that any case was followed for, ``n`` the number of cases,
    ``closed`` how many of them ended.
    """

    lengths: Floats
    share: Floats
    error: Floats
    worth: Floats
    first_worth: float
    followed: float
    n: int
    closed: int
    level: float

    def at(self, length: float) -> Estimate | NotEnough:
        """Share that ends within a length; NotEnough beyond the longest that any case was followed for."""
        step = int(np.searchsorted(self.lengths, length, side="right")) - 1
        everything = step >= 0 and self.share[step] >= 1.0
        if self.n == 0 or (length > self.followed and not everything):
            return NotEnough(n=self.n, needed=1, why=UNSEEN)
        return self._of_step(step)

    def quantile(self, share: float) -> Estimate | NotEnough:
        """Shortest length within which a share of cases ends; its upper limit is inf where it is not seen."""
        check_level(share)
        # A hair, since a share summed from steps can fall short of 0.95 by 1e-16.
        reached = np.flatnonzero(self.share >= share - 1e-12)
        if reached.size == 0:
            return NotEnough(n=self.closed, needed=math.ceil(round(share * self.n, 9)), why=OPEN)
        limits = [self._of_step(step) for step in range(self.lengths.size)]
        low = next(at for at, limit in zip(self.lengths, limits, strict=True) if limit.high >= share)
        sure = (at for at, limit in zip(self.lengths, limits, strict=True) if limit.low >= share)
        value = float(self.lengths[reached[0]])
        return Estimate(value, min(float(low), value), float(next(sure, math.inf)), self.n, self.level)

    def cases_at(self, length: float) -> int:
        """How many fully followed cases the share within a length is worth, at least 1."""
        return self._cases(int(np.searchsorted(self.lengths, length, side="right")) - 1)

    def _cases(self, step: int) -> int:
        worth = self.first_worth if step < 0 else float(self.worth[step])
        return max(1, int(worth + 1e-9))

    def _of_step(self, step: int) -> Estimate:
        share = 0.0 if step < 0 else float(self.share[step])
        cases = self._cases(step)
        found = wilson(share * cases, cases, level=self.level)
        return Estimate(share, found.low, found.high, self.n, self.level)


def kaplan_meier(
    lengths: ArrayLike, open_mask: ArrayLike, *, weights: ArrayLike | None = None, level: float = 0.95
) -> EndedWithin:
    r"""Share of cases that end within each length, with open cases counted for as long as they were seen.

    With :math:`d_i` cases ending at the length :math:`t_i` and :math:`n_i` that had not ended
    before and were followed up to it, :math:`F(t)=1-\prod_{t_i\le t}(1-d_i/n_i)` with Greenwood's
    variance :math:`(1-F)^2\sum d_i/(n_i(n_i-d_i))`. Limits are Wilson's for as many cases,
    :math:`F(1-F)/\mathrm{var}`, as the share is worth; with no open case that is all of them.

    It supposes that cases that are open now would last as long as those that were followed
    further. That fails where cases get slower.

    Parameters
    ----------
    lengths
        Length of each closed case, and for each open one how long it has lasted, shape (n,).
    open_mask
        True where the case is open and known to last longer, shape (n,).
    weights
        Weight of each case, shape (n,), positive; None weighs all alike. The count behind the
        limits is then the effective one, (Σw)²/Σw².
    level
        Confidence level of the limits, each for itself, inside (0, 1).

    Returns
    -------
    EndedWithin
        The step function: ``at(length)`` and ``quantile(share)`` give Estimate or NotEnough.

    Raises
    ------
    BadOption
        If the arrays differ in shape, or a length or weight is not a finite number of its range.

    Source
    ------
    Kaplan & Meier (1958), JASA 53(282), 457–481; limits Rothman (1978), J. Chronic Diseases 31, 557–560.

    Examples
    --------
    Of five cases the second was lost sight of after 2 days; the rest share what it left open:

    >>> days = kaplan_meier([1, 2, 3, 4, 5], [False, True, False, False, False])
    >>> days.share.round(3)
    array([0.2  , 0.467, 0.733, 1.   ])
    >>> days.quantile(0.5).value
    4.0
    """
    check_level(level)
    lasted, still, weight = _checked(lengths, open_mask, weights)
    total = float(weight.sum())
    # Weights in units of effective cases, so that Greenwood's sum counts cases.
    weight = weight * (total / float((weight * weight).sum())) if lasted.size else weight
    steps, where = np.unique(lasted[~still], return_inverse=True)
    ended = np.bincount(where, weights=weight[~still], minlength=steps.size).astype(np.float64)
    order = np.argsort(lasted, kind="stable")
    gone = np.concatenate(([0.0], np.cumsum(weight[order])))
    # An open case is known to last longer, so it is still at risk of ending at the length it was seen for.
    before = np.searchsorted(lasted[order], steps, side="left")
    at_risk = gone[-1] - gone[before]
    share, error, worth = _steps(ended, at_risk)
    first = float(gone[-1] - gone[before[0]]) if steps.size else float(gone[-1])
    return EndedWithin(
        lengths=steps,
        share=share,
        error=error,
        worth=worth,
        first_worth=first,
        followed=float(lasted.max(initial=-math.inf)),
        n=lasted.size,
        closed=int((~still).sum()),
        level=level,
    )


def _steps(ended: Floats, at_risk: Floats) -> tuple[Floats, Floats, Floats]:
    """Share ended within each step, Greenwood's error, and the number of cases it is worth."""
    # Sums of weights meet only up to floating point.
    left = np.where(at_risk - ended <= 1e-9 * at_risk, 0.0, at_risk - ended)
    open_share: Floats = np.cumprod(left / at_risk).astype(np.float64)
    last = left == 0.0
    terms = np.divide(ended, at_risk * left, out=np.zeros_like(ended), where=~last)
    spread = np.cumsum(terms)
    error: Floats = open_share * np.sqrt(spread)
    # F(1-F)/var = F / ((1-F) * sum); where nothing is left, what the step before was worth.
    worth: Floats = np.divide(1.0 - open_share, open_share * spread, out=np.zeros_like(spread), where=~last)
    if last.any():
        worth[-1] = worth[-2] if worth.size > 1 else at_risk[0]
    # Rounded, so that two of five is 0.4 and not a hair less.
    share: Floats = np.round(1.0 - open_share, 12)
    return share, error, worth


def _checked(
    lengths: ArrayLike, open_mask: ArrayLike, weights: ArrayLike | None
) -> tuple[Floats, NDArray[np.bool_], Floats]:
    lasted = np.asarray(lengths, dtype=np.float64)
    still = np.asarray(open_mask, dtype=np.bool_)
    weight = np.ones(lasted.size) if weights is None else np.asarray(weights, dtype=np.float64)
    if not lasted.shape == still.shape == weight.shape:
        raise BadOption(
            f"{lasted.size} lengths, {still.size} marks of open cases and {weight.size} weights.",
            hint="Give one of each for every case.",
        )
    if not np.isfinite(lasted).all():
        raise BadOption("A length is not finite.", hint="Give for an open case how long it has lasted.")
    if not (np.isfinite(weight) & (weight > 0.0)).all():
        raise BadOption("A weight is not above 0.", hint="Leave cases without weight out.")
    return lasted, still, weight


def ended_quantiles(
    lengths: Floats, open_mask: NDArray[np.bool_], *, weights: Floats, shares: Floats
) -> Floats:
    """Shortest lengths within which shares of cases end, once for each row of weights.

    The same estimate as ``kaplan_meier(...).quantile``, without limits, for many weightings of
    the same cases at once.

    Parameters
    ----------
    lengths
        Length of each closed case, and for each open one how long it has lasted, shape (n,);
        any real numbers, such as scores.
    open_mask
        True where the case is open and known to last longer, shape (n,).
    weights
        Weights of the cases, shape (k, n), at least 0.
    shares
        Share asked for with each row of weights, shape (k,) or (k, s).

    Returns
    -------
    Floats
        Lengths in the shape of ``shares``; inf where too many cases are open to tell.

    Source
    ------
    Kaplan & Meier (1958), JASA 53(282), 457–481.

    Examples
    --------
    >>> open_mask = np.array([False, True, False, False, False])
    >>> weights, shares = np.ones((1, 5)), np.array([0.5])
    >>> ended_quantiles(np.array([1.0, 2, 3, 4, 5]), open_mask, weights=weights, shares=shares)
    array([4.])
    """
    # Of equal lengths the closed come first: an open case is known to last longer.
    order = np.lexsort((open_mask, lengths))
    ranked, closed, weight = lengths[order], ~open_mask[order], weights[:, order]
    at_risk = np.cumsum(weight[:, ::-1], axis=1)[:, ::-1]
    ends = np.divide(weight * closed, at_risk, out=np.zeros_like(weight), where=at_risk > 0)
    ended = 1.0 - np.cumprod(1.0 - np.minimum(ends, 1.0), axis=1)
    found = np.full(shares.shape, np.inf)
    lasting = np.append(ranked, np.inf)
    for row in range(weight.shape[0]):
        found[row] = lasting[np.searchsorted(ended[row], shares[row] - 1e-9)]
    return found
