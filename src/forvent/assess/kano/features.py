"""Kind, strength, Better and Worse of each feature, each with what the answers can carry."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from forvent.assess.kano.cells import ASKED_KINDS, Cells, kind_counts
from forvent.errors import BadOption
from forvent.records import Estimate, FongTest, KanoCounts, KanoFeature, NotEnough
from forvent.stats import (
    benjamini_hochberg,
    binomial_p,
    check_level,
    nps_interval,
    student_quantile,
    wilson,
)

#: Pairs that any number needs.
LEAST = 5
#: Share of pairs that the leading kind must be ahead by; below it the feature is mixed (Lee & Newcomb).
LEAST_STRENGTH = 0.06
#: Fong's factor: about 90 % two-sided.
FONG_FACTOR = 1.65
#: Scores of the answers with and without the feature, in the order of ``cells.ANSWERS`` (DuMouchel).
WITH_IT = np.array([4.0, 2.0, 0.0, -1.0, -2.0])
WITHOUT_IT = WITH_IT[::-1]
#: Middle of the scores from 0 (indifferent) to 4, where the quarters of the plane meet.
MIDDLE = 2.0

#: Up to so many pairs of the two kinds the test sums exact chances.
EXACT_PAIRS = 10_000

UNDECIDED = "undecided"
FEW = "too few answers"
CONTRADICTIONS = "questionable answers are the most frequent"
NOT_APART = "the two most frequent kinds cannot be told apart"
MIXED = "mixed: the two most frequent kinds are close"
TURNED = "the scale may be upside down"


def fong_test(counts: KanoCounts) -> FongTest | None:
    r"""Whether the two most frequent kinds of one feature differ, after Fong.

    With a and b pairs of the two kinds and N pairs in all (reverse and questionable ones included), they
    differ at about 90 % if

    .. math:: |a-b| > 1.65\sqrt{\frac{(a+b)(2N-a-b)}{2N}}.

    The formula takes a and b for independent, but what one kind gains the other loses: where nearly
    all pairs are of the two kinds, equal ones are called different in up to 24 % of surveys instead of
    10 %. It is shown because the literature has it; ``kano_features`` decides by the exact test.

    Parameters
    ----------
    counts
        Pairs of one feature by what they say.

    Returns
    -------
    FongTest or None
        None where there is no pair. Ties go to basic, performance, excitement, indifferent, reverse in this
        order.

    Source
    ------
    Fong (1996), Center for Quality of Management Journal 5(3), 21–24.

    Examples
    --------
    >>> found = fong_test(KanoCounts(95, 123, 45, 33, 0, 0))
    >>> found.first, found.second, found.difference, round(found.needed, 1), found.differs
    ('performance', 'basic', 28, 19.4, True)
    """
    if counts.n == 0:
        return None
    (first, most), (second, next_most) = _two_most(counts)
    both = most + next_most
    needed = FONG_FACTOR * math.sqrt(both * (2 * counts.n - both) / (2 * counts.n))
    return FongTest(first, second, most - next_most, needed, most - next_most > needed)


def better_worse(
    counts: KanoCounts, *, level: float = 0.95, least: int = LEAST
) -> tuple[Estimate | NotEnough, Estimate | NotEnough]:
    r"""Better and Worse: how many a feature can please, and how many its lack can displease.

    .. math:: B=\frac{A+O}{A+O+M+I},\qquad W=-\frac{O+M}{A+O+M+I}

    with Wilson's intervals. Reverse and questionable pairs are in neither number; look at their share.

    Parameters
    ----------
    counts
        Pairs of one feature by what they say.
    level
        Confidence level, inside (0, 1).
    least
        Pairs in the denominator that the shares need.

    Returns
    -------
    tuple
        Better in 0…1 and Worse in −1…0, or why not.

    Source
    ------
    Timko, in Berger et al. (1993), Center for Quality of Management Journal 2(4), 17–20.

    Examples
    --------
    >>> better, worse = better_worse(KanoCounts(95, 123, 45, 33, 0, 0))
    >>> round(better.value, 3), round(worse.value, 3)
    (0.568, -0.736)
    """
    n = counts.judged
    if n < least:
        none = NotEnough(n=n, needed=least, why=FEW)
        return none, none
    better = wilson(counts.excitement + counts.performance, n, level=level)
    worse = wilson(counts.performance + counts.basic, n, level=level)
    # Taken from 0, so that nothing becomes "-0.0".
    return better, Estimate(0.0 - worse.value, 0.0 - worse.high, 0.0 - worse.low, n, level)


def continuous_kano(
    cells: Cells, *, level: float = 0.95, least: int = LEAST
) -> tuple[Estimate | NotEnough, Estimate | NotEnough, str]:
    """Mean scores with and without the feature, and the quarter of their plane they surely lie in.

    With it like, must be, neutral, live with and dislike score 4, 2, 0, −1 and −2; without it −2, −1, 0, 2
    and 4. Questionable pairs are left out. A mean says less than the counts: 2 is "must be" for everybody, or
    "like" for one half and "neutral" for the other.

    Parameters
    ----------
    cells
        Counts of one feature, shape (5, 5).
    level
        Confidence level, inside (0, 1).
    least
        Pairs that the means need.

    Returns
    -------
    tuple
        Mean with it and without it, in −2…4, and performance (both above 2), excitement (only with it), basic
        (only without it), indifferent (neither), reverse (a mean surely below 0) or undecided, where an
        interval holds the middle.

    Source
    ------
    DuMouchel, in Berger et al. (1993), Center for Quality of Management Journal 2(4), 20–22.

    Examples
    --------
    >>> cells = np.zeros((5, 5), dtype=np.int64)
    >>> cells[0, 2] = 40
    >>> with_it, without_it, placed = continuous_kano(cells)
    >>> with_it.value, without_it.value, placed
    (4.0, 0.0, 'excitement')
    """
    kept = cells.copy()
    kept[0, 0] = kept[4, 4] = 0
    n = int(kept.sum())
    if n < least:
        none = NotEnough(n=n, needed=least, why=FEW)
        return none, none, UNDECIDED
    with_it = _mean(WITH_IT, kept.sum(axis=1), level)
    without_it = _mean(WITHOUT_IT, kept.sum(axis=0), level)
    return with_it, without_it, _quarter(with_it, without_it)


def kano_features(
    cells: Cells,
    *,
    names: Sequence[str],
    level: float = 0.95,
    least_strength: float = LEAST_STRENGTH,
    least: int = LEAST,
    turned: bool = False,
) -> tuple[KanoFeature, ...]:
    r"""Kind of each feature with its strength, Better and Worse; undecided where the answers do not carry it.

    The leading kind is that of most pairs (questionable ones apart). It is the kind of the feature if

    - it is a discovery over all features given, at the false discovery rate 1 − ``level``, against the second
      one: exact two-sided test of a among a + b pairs at one half, Benjamini–Hochberg;
    - it is ahead by at least ``least_strength`` of all pairs;
    - questionable pairs are fewer.

    Else the feature is undecided, and ``why`` says why. The test of the first against the second is valid
    although the two were picked by their counts.

    Parameters
    ----------
    cells
        Counts, shape (features, 5, 5).
    names
        Name of each feature.
    level
        Confidence level of every interval, and one minus the false discovery rate.
    least_strength
        Lead in shares of all pairs below which a feature is mixed, in 0–1.
    least
        Pairs that any number needs.
    turned
        Whether the scale may be upside down; then no kind is decided.

    Returns
    -------
    tuple of KanoFeature
        One a feature, in the order given.

    Raises
    ------
    BadOption
        If ``level`` is outside (0, 1) or ``least_strength`` outside 0–1.

    Source
    ------
    Hung & Fithian (2019), Annals of Statistics 47(2), 758–782 (the winner of a multinomial).

    Examples
    --------
    >>> cells = np.zeros((2, 5, 5), dtype=np.int64)
    >>> cells[:, 2, 4], cells[:, 2, 2] = (40, 12), (10, 8)
    >>> [(one.kind, one.why) for one in kano_features(cells, names=("on time", "gift wrap"))]
    [('basic', ''), ('undecided', 'the two most frequent kinds cannot be told apart')]
    """
    check_level(level)
    if not 0.0 <= least_strength <= 1.0:
        raise BadOption(
            f"A lead of {least_strength:g} is no share.", hint="Give a share such as 0.06, not a percentage."
        )
    counted = [kind_counts(one) for one in cells]
    rates = iter(benjamini_hochberg([_lead_p(one) for one in counted if _said(one)]))
    found = []
    for name, one, counts in zip(names, cells, counted, strict=True):
        rate = float(next(rates)) if _said(counts) else None
        why = _why_not(counts, rate, false_share=1.0 - level, least_strength=least_strength, least=least)
        found.append(
            _feature(name, one, counts, rate=rate, why=TURNED if turned else why, level=level, least=least)
        )
    return tuple(found)


def _feature(
    name: str, cells: Cells, counts: KanoCounts, *, rate: float | None, why: str, level: float, least: int
) -> KanoFeature:
    (first, most), (_, second) = _two_most(counts)
    better, worse = better_worse(counts, level=level, least=least)
    with_it, without_it, placed = continuous_kano(cells, level=level, least=least)
    wanted = counts.basic + counts.performance + counts.excitement
    return KanoFeature(
        feature=name,
        counts=counts,
        kind=UNDECIDED if why else first,
        why=why,
        leading=first if most else UNDECIDED,
        rate=rate,
        fong=fong_test(counts),
        strength=_lead(most, second, n=counts.n, level=level, least=least),
        total_strength=_share(wanted, n=counts.n, level=level, least=least),
        better=better,
        worse=worse,
        questionable=_share(counts.questionable, n=counts.n, level=level, least=least),
        functional=with_it,
        dysfunctional=without_it,
        placed=UNDECIDED if why == TURNED else placed,
    )


def _why_not(
    counts: KanoCounts, rate: float | None, *, false_share: float, least_strength: float, least: int
) -> str:
    """Why the leading kind is not the kind of the feature; empty where it is."""
    (_, most), (_, second) = _two_most(counts)
    if rate is None or counts.n < least:
        return FEW
    if counts.questionable >= most:
        return CONTRADICTIONS
    # Rounded: 1 − 0.95 is 0.050000000000000044.
    if rate > round(false_share, 9):
        return NOT_APART
    return MIXED if most - second < least_strength * counts.n else ""


def _two_most(counts: KanoCounts) -> list[tuple[str, int]]:
    """The two most frequent kinds with their pairs; ties by the order of ``ASKED_KINDS``."""
    said = [(kind, int(getattr(counts, kind))) for kind in ASKED_KINDS]
    return sorted(said, key=lambda pair: -pair[1])[:2]


def _said(counts: KanoCounts) -> bool:
    return counts.n > counts.questionable


def _lead_p(counts: KanoCounts) -> float:
    (_, most), (_, second) = _two_most(counts)
    both = most + second
    if both <= EXACT_PAIRS:
        return binomial_p(most, both, share=0.5)
    # The normal approximation with half a pair off; here it is right to four digits.
    away = max(0.0, most - second - 1.0) / math.sqrt(both)
    return math.erfc(away / math.sqrt(2.0))


def _share(part: int, *, n: int, level: float, least: int) -> Estimate | NotEnough:
    return wilson(part, n, level=level) if n >= least else NotEnough(n=n, needed=least, why=FEW)


def _lead(most: int, second: int, *, n: int, level: float, least: int) -> Estimate | NotEnough:
    """Share of the first kind less that of the second: the same sum as a net score."""
    if n < least:
        return NotEnough(n=n, needed=least, why=FEW)
    net = nps_interval(most, n - most - second, second, level=level)
    return Estimate(net.value / 100, net.low / 100, net.high / 100, n, level)


def _mean(scores: NDArray[np.float64], counts: Cells, level: float) -> Estimate:
    """``stats.mean_interval`` of the scores within −2…4, from their counts: a million answers cost as few."""
    n = int(counts.sum())
    value = float(scores @ counts) / n
    # One pseudo-value at each end of the scale, as there.
    padded = counts + np.isin(scores, (scores.min(), scores.max()))
    centre = float(scores @ padded) / (n + 2)
    error = math.sqrt(float((scores - centre) ** 2 @ padded) / (n + 1) / (n + 2))
    half = student_quantile((1.0 + level) / 2.0, degrees=n + 1) * error
    low, high = max(float(scores.min()), centre - half), min(float(scores.max()), centre + half)
    return Estimate(value=value, low=min(low, value), high=max(high, value), n=n, level=level)


def _quarter(with_it: Estimate, without_it: Estimate) -> str:
    if with_it.high < 0.0 or without_it.high < 0.0:
        return "reverse"
    sides = [_side(mean) for mean in (with_it, without_it)]
    quarters = {
        ("above", "above"): "performance",
        ("above", "below"): "excitement",
        ("below", "above"): "basic",
        ("below", "below"): "indifferent",
    }
    return quarters.get((sides[0], sides[1]), UNDECIDED)


def _side(mean: Estimate) -> str:
    """Which side of the middle the whole interval lies on."""
    if mean.low > MIDDLE:
        return "above"
    return "below" if mean.high < MIDDLE else ""
