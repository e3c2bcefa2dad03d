"""Shares of customers, and the money ahead of those whose expectations were not met."""

from __future__ import annotations

import math
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from forvent.errors import BadOption
from forvent.records import Estimate, NotEnough
from forvent.records.loyalty import ValueAtRisk
from forvent.stats import check_level, student_quantile, wilson

Floats: TypeAlias = NDArray[np.float64]

LEAST_JUDGED = 5
FEW_JUDGED = "too few customers with money ahead judge it"
NOT_SAID = "no column says who was sent by another"


def value_at_risk(
    value: ArrayLike, *, unmet: ArrayLike, judged: ArrayLike, expectation: str, level: float = 0.95
) -> ValueAtRisk:
    r"""How much of the money ahead belongs to customers who found an expectation unmet.

    With value :math:`v` and share unmet :math:`u` of those who judged it, the share is
    :math:`\sum vu/\sum v` with a ratio estimator's interval (Student, on the logit), and ``behind``
    that share of the value of all customers. It supposes that who judged is like who did not, among
    customers of equal value. It says whose money it is, not that the gap will lose it.

    Parameters
    ----------
    value
        Expected value ahead of each customer, shape (n,), at least 0.
    unmet
        Share of the customer's judgements that found it unmet, shape (n,), in 0–1; any where not judged.
    judged
        Whether the customer judged it, shape (n,).
    expectation
        Id of the catalogue, for the record.
    level
        Confidence level of the intervals, inside (0, 1).

    Returns
    -------
    ValueAtRisk
        Money in the unit of ``value``; shares are NotEnough below 5 customers who judged it.

    Raises
    ------
    BadOption
        If shapes differ, a value is negative or missing, or the level is none.

    Source
    ------
    Cochran (1977), Sampling Techniques, 3rd edition, section 6.3 (ratio estimator).

    Examples
    --------
    >>> money, unmet = [100.0, 50.0, 50.0, 100.0, 100.0, 600.0], [1, 0, 0, 1, 0, 0]
    >>> risk = value_at_risk(money, unmet=unmet, judged=[1, 1, 1, 1, 1, 0], expectation="on_time")
    >>> risk.exposed, risk.share.value, risk.behind.value
    (200.0, 0.5, 500.0)
    """
    check_level(level)
    money, share, told = (np.asarray(of, dtype=np.float64) for of in (value, unmet, judged))
    if not (money.shape == share.shape == told.shape) or money.ndim != 1:
        raise BadOption(
            "Values and judgements are not of the same customers.", hint="Give one each a customer."
        )
    if not np.all(money >= 0):
        raise BadOption(
            "A customer's value is negative or missing.", hint="Give the money ahead, 0 for none."
        )
    asked = told > 0
    of_asked, found = money[asked], np.clip(share[asked], 0.0, 1.0)
    exposed = float(of_asked @ found)
    ratio = _ratio(of_asked, found, level=level)
    behind: Estimate | NotEnough = ratio
    if isinstance(ratio, Estimate):
        total = float(money.sum())
        behind = Estimate(ratio.value * total, ratio.low * total, ratio.high * total, ratio.n, level)
    return ValueAtRisk(
        expectation=expectation,
        customers=int(np.count_nonzero(found > 0)),
        judged=int(asked.sum()),
        exposed=exposed,
        share=ratio,
        behind=behind,
    )


def _ratio(money: Floats, found: Floats, *, level: float) -> Estimate | NotEnough:
    worth = int(np.count_nonzero(money > 0))
    if worth < LEAST_JUDGED:
        return NotEnough(n=worth, needed=LEAST_JUDGED, why=FEW_JUDGED)
    total = float(money.sum())
    share = float(money @ found) / total
    # As many customers of equal value as these are worth; at 0 and 1 there is no spread to see.
    effective = max(1, math.floor(total * total / float(money @ money)))
    if share in (0.0, 1.0):
        limits = wilson(share * effective, effective, level=level)
        return Estimate(share, limits.low, limits.high, worth, level)
    variance = worth / (worth - 1) * float(np.sum((money * (found - share)) ** 2)) / total**2
    half = student_quantile((1.0 + level) / 2.0, degrees=worth - 1) * math.sqrt(variance)
    half /= share * (1.0 - share)
    centre = math.log(share / (1.0 - share))
    low, high = (
        1.0 / (1.0 + math.exp(-min(max(at, -700.0), 700.0))) for at in (centre - half, centre + half)
    )
    return Estimate(share, low, high, worth, level)


def repeat_share(repeats: ArrayLike, *, level: float = 0.95) -> Estimate:
    """Share of customers who bought on a later day again, with Wilson's interval.

    Those who came lately had less time for it: compare it only among customers known for as long.

    Parameters
    ----------
    repeats
        Repeat purchases of each customer, shape (n,), n ≥ 1.
    level
        Confidence level, inside (0, 1).

    Returns
    -------
    Estimate
        The share in 0–1.

    Raises
    ------
    TooFewObservations
        If there is no customer.
    BadOption
        If the level is none.

    Source
    ------
    Wilson (1927), JASA 22(158), 209–212.

    Examples
    --------
    >>> repeat_share([0, 1, 5, 0]).value
    0.5
    """
    counts = np.asarray(repeats, dtype=np.float64)
    return wilson(int(np.count_nonzero(counts > 0)), counts.size, level=level)


def referral_shares(
    referred: ArrayLike, *, value: ArrayLike, level: float = 0.95
) -> tuple[Estimate | NotEnough, Estimate | NotEnough]:
    """Share of customers who were sent by another, and their share of the money ahead.

    Parameters
    ----------
    referred
        1 or 0 for each customer, NaN where not known, shape (n,).
    value
        Money ahead of each customer, shape (n,), NaN where not known.
    level
        Confidence level, inside (0, 1).

    Returns
    -------
    tuple of two Estimate or NotEnough
        Shares in 0–1 of those of whom it is known.

    Raises
    ------
    BadOption
        If the level is none.

    Source
    ------
    Our own definition, docs/formulas/assess-loyalty.md#shares.

    Examples
    --------
    >>> share, of_money = referral_shares([1, 0, 0, 0], value=[1.0] * 4)
    >>> share.value, of_money.why
    (0.25, 'too few customers with money ahead judge it')
    """
    told, money = np.asarray(referred, dtype=np.float64), np.asarray(value, dtype=np.float64)
    known = np.isfinite(told)
    if not known.any():
        return NotEnough(0, 1, NOT_SAID), NotEnough(0, 1, NOT_SAID)
    sent = told[known]
    priced = np.isfinite(money[known])
    return (
        wilson(float(sent.sum()), sent.size, level=level),
        _ratio(money[known][priced], sent[priced], level=level),
    )
