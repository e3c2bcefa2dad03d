"""How many of those invited answered, and what those who did not could change."""

from __future__ import annotations

from dataclasses import replace

from forvent.assess.scores.definitions import Measure
from forvent.assess.scores.limits import Moments, estimate_of
from forvent.errors import BadOption
from forvent.records import Estimate
from forvent.stats import wilson


def response_rate(answered: int, invited: int, *, level: float = 0.95) -> Estimate:
    """Share of those invited who answered, with Wilson's interval.

    Parameters
    ----------
    answered
        Invited customers who answered.
    invited
        Customers who were invited, at least 1.
    level
        Confidence level, inside (0, 1).

    Returns
    -------
    Estimate
        In 0–1.

    Raises
    ------
    BadOption
        If more answered than were invited, or nobody was.

    Source
    ------
    Wilson (1927), JASA 22(158), 209–212; the rate is RR1 of the AAPOR Standard Definitions with every
    invitation eligible.

    Examples
    --------
    >>> rate = response_rate(95, 100)
    >>> rate.value, round(rate.low, 2), round(rate.high, 2)
    (0.95, 0.89, 0.98)
    """
    if invited < 1:
        raise BadOption("Nobody was invited.", hint="Give how many were, or the column that says who was.")
    if answered > invited:
        raise BadOption(
            f"{answered:,} answered, but only {invited:,} were invited.",
            hint="Give --invited the number of customers who were asked.",
        )
    return wilson(answered, invited, level=level)


def score_bounds(
    measure: Measure, found: Moments, *, rate: Estimate, level: float = 0.95
) -> tuple[Estimate, Estimate]:
    r"""The score if all who did not answer had given the worst answer, and the best.

    With the response rate :math:`r` and the score :math:`\bar y`: :math:`r\bar y+(1-r)\,y_{\min}` and
    :math:`r\bar y+(1-r)\,y_{\max}`. No assumption narrows them; the score of all invited lies between, but
    for chance, for which each has its interval.

    Parameters
    ----------
    measure
        The score.
    found
        Moments of its points among those who answered.
    rate
        The response rate; ``n`` is the number invited.
    level
        Confidence level, inside (0, 1).

    Returns
    -------
    tuple of Estimate
        Worst and best, in the unit of the score; ``n`` is the number invited.

    Source
    ------
    Manski (1989), Journal of Human Resources 24(3), 343–360.

    Examples
    --------
    Half answer, and all of them are satisfied:

    >>> from forvent.assess.scores.definitions import CSAT
    >>> satisfied = Moments(1.0, 0.0, 1.0, 0.0, 50, 50, 50.0)
    >>> worst, best = score_bounds(CSAT, satisfied, rate=response_rate(50, 100))
    >>> worst.value, best.value, round(worst.low, 2)
    (0.5, 1.0, 0.4)
    """
    filled = (_filled(found, rate=rate, points=points) for points in (measure.lowest, measure.highest))
    worst, best = (estimate_of(measure, one, level=level) for one in filled)
    return worst, best


def largest_bias(measure: Measure, found: Moments, *, indicator: Estimate, rate: Estimate) -> Estimate:
    r"""How far at most a score lies from that of all invited, as far as what is known of them can tell.

    .. math:: \frac{(1-R)\,S(y)}{2\bar\rho}

    with R the R-indicator, S(y) the spread of the answers and :math:`\bar\rho` the response rate. It
    knows nothing of differences within the groups that R was made of.

    Parameters
    ----------
    measure
        The score.
    found
        Moments of its points.
    indicator
        The R-indicator.
    rate
        The response rate.

    Returns
    -------
    Estimate
        In the unit of the score; its interval is that of the R-indicator. At most the width of the scale.

    Source
    ------
    Schouten, Cobben & Bethlehem (2009), Survey Methodology 35(1), 101–113, section 3.

    Examples
    --------
    >>> from forvent.assess.scores.definitions import CSAT
    >>> half = Moments(0.5, 0.25, 0.5, 0.0, 50, 50, 50.0)
    >>> alike = Estimate(0.8, 0.7, 0.9, 100)
    >>> found = largest_bias(CSAT, half, indicator=alike, rate=response_rate(50, 100))
    >>> round(found.value, 3), round(found.low, 3), round(found.high, 3)
    (0.1, 0.05, 0.15)
    """
    spread, most = found.variance**0.5, measure.highest - measure.lowest
    value, low, high = (
        min(most, (1.0 - at) * spread / (2.0 * rate.value))
        for at in (indicator.value, indicator.high, indicator.low)
    )
    return Estimate(value, low, high, found.n, indicator.level)


def _filled(found: Moments, *, rate: Estimate, points: float) -> Moments:
    """Moments if all who did not answer had these points."""
    share, empty = rate.value, 1.0 - rate.value
    mean = share * found.mean + empty * points
    variance = share * (found.variance + (found.mean - mean) ** 2) + empty * (points - mean) ** 2
    worth = found.effective / found.n
    return replace(
        found,
        mean=mean,
        variance=variance,
        up=share * found.up + empty * (points > 0.0),
        down=share * found.down + empty * (points < 0.0),
        n=rate.n,
        customers=rate.n,
        effective=max(1.0, rate.n * worth),
    )
