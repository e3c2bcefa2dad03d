"""Which gaps are findings where many are looked at together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from forvent.records import Estimate, Gap
from forvent.stats import benjamini_hochberg
from forvent.stats.student import student_p, student_quantile

LEAST_DEGREES, MOST_DEGREES = 3, 20


def with_rates(gaps: Sequence[Gap]) -> tuple[Gap, ...]:
    """Gaps with the smallest false discovery rate at which each is a finding among all of them.

    Of twenty gaps that are none, one interval at 95 % misses zero by chance. Called findings up to a rate
    of 5 %, on average at most one in twenty of what is called is none.

    Parameters
    ----------
    gaps
        Gaps that are looked at together: over all, or at touchpoints.

    Returns
    -------
    tuple of Gap
        The same in the same order, with ``rate``; None where there is no gap.

    Source
    ------
    Benjamini & Hochberg (1995), JRSS B 57(1), 289–300.

    Examples
    --------
    >>> with_rates([])
    ()
    """
    known = {place: gap.gap for place, gap in enumerate(gaps) if isinstance(gap.gap, Estimate)}
    adjusted = benjamini_hochberg([interval_p(amount) for amount in known.values()])
    rates = dict(zip(known, adjusted.tolist(), strict=True))
    return tuple(replace(gap, rate=rates.get(place)) for place, gap in enumerate(gaps))


def interval_p(amount: Estimate) -> float:
    r"""Two-sided p value that an interval stands for: at most one minus its level just where it misses zero.

    The distance of the value to the end nearer to zero is taken as :math:`t_\ell` standard errors, so that
    intervals with one long side keep it, and
    :math:`p = 2\,T(-t_\ell\,|v|/|v-\text{end}|)`. Student's T with 20
    degrees of freedom (fewer with fewer cases) stands for how badly a resampled interval knows its own width:
    the normal would call gaps findings too boldly in the far tail, where many comparisons look.

    Parameters
    ----------
    amount
        A value with its interval.

    Returns
    -------
    float
        P value in 0–1; 1 where the value is zero.

    Source
    ------
    Our own definition (Altman & Bland 2011, BMJ 343, d2304, for one side), docs/formulas/assess.md#gap-rates.

    Examples
    --------
    >>> round(interval_p(Estimate(1.96, 0.0, 3.92, 50)), 3)
    0.05
    """
    if amount.value == 0.0:
        return 1.0
    end = amount.low if amount.value > 0.0 else amount.high
    reach = abs(amount.value - end)
    if reach == 0.0:
        return 0.0
    degrees = max(LEAST_DEGREES, min(MOST_DEGREES, amount.n - 1))
    errors = student_quantile((1.0 + amount.level) / 2.0, degrees=degrees) * abs(amount.value) / reach
    return student_p(errors, degrees=degrees)
