"""How good probabilities were on cases that nothing was learned from."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from forvent.records import Estimate
from forvent.records.prediction import ReliabilityBin
from forvent.stats import bootstrap_counts, percentile_interval, widest
from forvent.stats.clusters import ClusterSums, clustered_share

Floats: TypeAlias = NDArray[np.float64]
Codes: TypeAlias = NDArray[np.int64]

BINS = 10
#: Cases that a bin of the reliability picture needs.
LEAST_OF_BIN = 30


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """Probabilities of the test cases and what came, arrays of shape (n,).

    ``blocks`` are the ways in which cases hang together: codes from 0 on, one array for each way.
    ``customer`` is one number a customer.
    """

    probability: Floats
    outcome: Floats
    customer: Codes
    blocks: tuple[Codes, ...]


def brier(trial: Trial, *, rng: np.random.Generator, level: float, rounds: int) -> tuple[Estimate, Estimate]:
    r"""Brier score, and its skill against the base rate of the very cases it is trial on.

    .. math:: B=\frac1n\sum(p_i-y_i)^2,\qquad S = 1-\frac{B}{\bar y(1-\bar y)}

    1 is perfect, 0 no better than to say :math:`\bar y` of everybody, which nobody knows beforehand: a
    hard measure, which a shift of the base rate cannot flatter. Intervals by a bootstrap of whole blocks,
    the widest of all ways in which cases hang together.

    Parameters
    ----------
    trial
        Probabilities and outcomes; both outcomes occur.
    rng
        Source of randomness.
    level
        Confidence level, inside (0, 1).
    rounds
        Bootstrap rounds.

    Returns
    -------
    tuple of Estimate
        Brier score in 0–1, and skill, at most 1.

    Source
    ------
    Brier (1950), Monthly Weather Review 78(1), 1–3; skill: Murphy (1973), Journal of Applied
    Meteorology 12(4), 595–600.

    Examples
    --------
    >>> half = np.tile([0.0, 1.0], 50)
    >>> trial = Trial(np.where(half > 0, 0.9, 0.1), half, np.arange(100), (np.arange(100),))
    >>> score, skill = brier(trial, rng=np.random.default_rng(1), level=0.95, rounds=99)
    >>> round(score.value, 2), round(skill.value, 2)
    (0.01, 0.96)
    """
    error = (trial.probability - trial.outcome) ** 2
    share = float(trial.outcome.mean())
    value = float(error.mean())
    scores, skills = [], []
    for codes in trial.blocks:
        sums = _summed(codes, error, trial.outcome, np.ones_like(error))
        drawn = bootstrap_counts(rng, blocks=sums.shape[0], rounds=rounds) @ sums
        n = drawn[:, 2]
        spread = drawn[:, 1] / n * (1.0 - drawn[:, 1] / n)
        both = spread > 0.0
        scores.append(percentile_interval(drawn[:, 0] / n, value=value, n=error.size, level=level))
        skills.append(
            percentile_interval(
                1.0 - (drawn[both, 0] / n[both]) / spread[both],
                value=1.0 - value / (share * (1.0 - share)),
                n=error.size,
                level=level,
            )
        )
    return _all_of(scores), _all_of(skills)


def auc(trial: Trial, *, level: float) -> Estimate:
    r"""Probability that of two cases, one of each outcome, the one that came so had the higher probability.

    The share :math:`\theta` of pairs ranked rightly (ties count half), with the variance of Obuchowski for
    cases that hang together, the widest of all ways; limits on the scale of log-odds.

    Parameters
    ----------
    trial
        Probabilities and outcomes; both outcomes occur.
    level
        Confidence level, inside (0, 1).

    Returns
    -------
    Estimate
        0.5 is no better than chance, 1 perfect.

    Source
    ------
    Obuchowski (1997), Biometrics 53(2), 567–578; DeLong et al. (1988), Biometrics 44(3), 837–845.

    Examples
    --------
    >>> came = np.array([0.0, 0.0, 1.0, 1.0])
    >>> trial = Trial(np.array([0.1, 0.4, 0.35, 0.8]), came, np.arange(4), (np.arange(4),))
    >>> auc(trial, level=0.95).value
    0.75
    """
    came = trial.outcome > 0.5
    above, below = placements(trial.probability, came)
    theta = float(above.mean())
    spread = max(
        _spread_of_auc(codes, came=came, above=above, below=below, theta=theta) for codes in trial.blocks
    )
    # Half a pair drawn towards the middle, so that a perfect ranking has limits too.
    pairs = min(above.size, below.size)
    drawn = (theta * pairs + 0.5) / (pairs + 1.0)
    least = drawn * (1.0 - drawn) / (2.0 * pairs)
    half = NormalDist().inv_cdf((1.0 + level) / 2.0) * math.sqrt(max(spread, least)) / (drawn * (1.0 - drawn))
    middle = math.log(drawn / (1.0 - drawn))
    low, high = (1.0 / (1.0 + math.exp(-(middle + side * half))) for side in (-1.0, 1.0))
    return Estimate(theta, low=min(low, theta), high=max(high, theta), n=came.size, level=level)


def placements(probability: Floats, came: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Of each that came so the share of the others below it, of each other the share of those above it."""
    ones, zeros = np.sort(probability[came]), np.sort(probability[~came])
    mine, other = probability[came], probability[~came]
    above = (np.searchsorted(zeros, mine, "left") + np.searchsorted(zeros, mine, "right")) / 2.0 / zeros.size
    reached = (np.searchsorted(ones, other, "left") + np.searchsorted(ones, other, "right")) / 2.0
    return above, 1.0 - reached / ones.size


def _spread_of_auc(
    codes: Codes, *, came: NDArray[np.bool_], above: Floats, below: Floats, theta: float
) -> float:
    blocks = int(codes.max()) + 1
    first = np.bincount(codes[came], weights=above - theta, minlength=blocks)
    second = np.bincount(codes[~came], weights=below - theta, minlength=blocks)
    share = blocks / max(1, blocks - 1)
    joined = first / above.size + second / below.size
    return share * float(np.sum(joined**2))


def reliability(trial: Trial, *, level: float) -> tuple[tuple[ReliabilityBin, ...], Codes]:
    """Cases in bins of nearly equal size by their probability, each with what came; and the bin of each case.

    At most ten bins of at least thirty cases. Equal probabilities fall into one bin. The interval knows
    that cases of one customer are alike.

    Parameters
    ----------
    trial
        Probabilities and outcomes.
    level
        Confidence level, inside (0, 1).

    Returns
    -------
    tuple of ReliabilityBin, and NDArray
        By rising probability; the array has shape (n,).

    Source
    ------
    Murphy & Winkler (1977), Applied Statistics 26(1), 41–47.

    Examples
    --------
    >>> half = np.tile([0.0, 1.0], 40)
    >>> trial = Trial(0.3 + 0.4 * half, half, np.arange(80), (np.arange(80),))
    >>> [(round(one.predicted, 1), one.observed.value) for one in reliability(trial, level=0.95)[0]]
    [(0.3, 0.0), (0.7, 1.0)]
    """
    n = trial.probability.size
    count = max(1, min(BINS, n // LEAST_OF_BIN))
    edges = np.unique(np.quantile(trial.probability, np.arange(1, count) / count, method="inverted_cdf"))
    place = np.searchsorted(edges, trial.probability, side="left").astype(np.int64)
    kept, place = np.unique(place, return_inverse=True)
    bins = []
    for number in range(kept.size):
        inside = place == number
        bins.append(
            ReliabilityBin(
                float(trial.probability[inside].mean()),
                share_of(trial.outcome[inside], customer=trial.customer[inside], level=level),
            )
        )
    return tuple(bins), place.astype(np.int64)


def share_of(outcome: Floats, *, customer: Codes, level: float) -> Estimate:
    """Share of ones; the interval knows that cases of one customer are alike."""
    _, place = np.unique(customer, return_inverse=True)
    n, m = np.bincount(place).astype(np.float64), np.bincount(place, weights=outcome)
    if n.size < 2:
        # All of one customer: worth a single case.
        one = ClusterSums(
            2, 2, successes=2 * float(outcome.mean()), cases_squared=2, successes_squared=2, products=2
        )
        found = clustered_share(one, level=level).estimate
        return Estimate(found.value, found.low, found.high, n=outcome.size, level=level)
    sums = ClusterSums(
        clusters=n.size,
        cases=int(n.sum()),
        successes=float(m.sum()),
        cases_squared=float(np.sum(n * n)),
        successes_squared=float(np.sum(m * m)),
        products=float(np.sum(m * n)),
    )
    return clustered_share(sums, level=level).estimate


def calibration_error(
    trial: Trial, *, bins: Codes, rng: np.random.Generator, level: float, rounds: int
) -> tuple[Estimate, Estimate]:
    r"""Mean distance between probability and share over the bins, and what chance alone would make of it.

    .. math:: E=\sum_b \frac{n_b}{n}\,\lvert\bar y_b-\bar p_b\rvert

    Never 0 even for perfect probabilities, for the shares are of few cases; so the second number is
    E of outcomes drawn from the very probabilities, cases independent.

    Parameters
    ----------
    trial
        Probabilities and outcomes.
    bins
        Bin of each case, as ``reliability`` gives it.
    rng
        Source of randomness.
    level
        Confidence level, inside (0, 1).
    rounds
        Bootstrap rounds.

    Returns
    -------
    tuple of Estimate
        The error, and the error by chance (mean, and the middle ``level`` of its draws), both 0–1.

    Source
    ------
    Naeini, Cooper & Hauskrecht (2015), AAAI, 2901–2907 (expected calibration error), with equal counts;
    by chance: Bröcker & Smith (2007), Weather and Forecasting 22(3), 651–661.

    Examples
    --------
    >>> came = np.tile([0.0, 0.0, 0.0, 1.0], 25)
    >>> trial = Trial(np.full(100, 0.25), came, np.arange(100), (np.arange(100),))
    >>> draws = {"rng": np.random.default_rng(1), "level": 0.95, "rounds": 99}
    >>> error, chance = calibration_error(trial, bins=np.zeros(100, dtype=np.int64), **draws)
    >>> error.value, 0.03 < chance.value < 0.04
    (0.0, True)
    """
    n, count = bins.size, int(bins.max()) + 1
    missed = trial.outcome - trial.probability
    value = float(np.abs(np.bincount(bins, weights=missed, minlength=count)).sum() / n)
    found = []
    for codes in trial.blocks:
        blocks = int(codes.max()) + 1
        sums = np.bincount(codes * count + bins, weights=missed, minlength=blocks * count).reshape(
            blocks, count
        )
        drawn = bootstrap_counts(rng, blocks=blocks, rounds=rounds)
        sizes = drawn @ np.bincount(codes, minlength=blocks).astype(np.float64)
        draws = np.abs(drawn @ sums).sum(axis=1) / sizes
        found.append(percentile_interval(draws, value=value, n=n, level=level))
    spread = np.sqrt(
        np.bincount(bins, weights=trial.probability * (1.0 - trial.probability), minlength=count)
    )
    chance = np.abs(rng.normal(size=(rounds, count)) * spread).sum(axis=1) / n
    by_chance = percentile_interval(chance, value=float(chance.mean()), n=n, level=level)
    return _all_of(found), by_chance


def fall_of_skill(
    error: Floats, *, shuffled: Floats, trial: Trial, drawn: Sequence[Floats], level: float
) -> Estimate:
    """By how much the Brier skill falls from one set of squared errors to another, with bootstrap interval.

    Parameters
    ----------
    error, shuffled
        Squared errors of each test case, before and after.
    trial
        The test cases.
    drawn
        Counts of drawn blocks, shape (rounds, blocks), one array for each way of hanging together.
    level
        Confidence level, inside (0, 1).

    Returns
    -------
    Estimate
        Positive where the second errors are larger.

    Source
    ------
    Breiman (2001), Machine Learning 45(1), 5–32, section 10 (permutation), on the Brier skill.

    Examples
    --------
    >>> came = np.tile([0.0, 1.0], 50)
    >>> trial = Trial(np.full(100, 0.5), came, np.arange(100), (np.arange(100),))
    >>> drawn = [bootstrap_counts(np.random.default_rng(1), blocks=100, rounds=50)]
    >>> before, after = np.full(100, 0.05), np.full(100, 0.25)
    >>> round(fall_of_skill(before, shuffled=after, trial=trial, drawn=drawn, level=0.95).value, 6)
    0.8
    """
    share = float(trial.outcome.mean())
    whole = share * (1.0 - share)
    found = []
    for codes, counts in zip(trial.blocks, drawn, strict=True):
        sums = _summed(codes, shuffled - error, np.ones_like(error))
        draws = counts @ sums
        value = float((shuffled - error).mean()) / whole
        found.append(
            percentile_interval(draws[:, 0] / draws[:, 1] / whole, value=value, n=error.size, level=level)
        )
    return _all_of(found)


def _summed(codes: Codes, *values: Floats) -> Floats:
    return np.column_stack([np.bincount(codes, weights=each) for each in values])


def _all_of(found: Sequence[Estimate]) -> Estimate:
    joined = found[0]
    for one in found[1:]:
        joined = widest(joined, one)
    return joined
