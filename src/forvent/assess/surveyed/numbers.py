"""Means of what was expected and received, and their gap, with intervals that know who answered often."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from forvent.assess.surveyed.sheets import Codes, Floats, Truths
from forvent.assess.surveyed.sums import Sums, TwoSides
from forvent.records import Estimate, NotEnough
from forvent.stats.student import student_p, student_quantile

#: Fewer respondents than this carry no number.
LEAST = 5
NO_SPREAD = "all answers are the same, and an amount has no end that would bound the others"
FEW = "fewer than {needed} respondents answered both"
# A spread below this share of the width is what rounding leaves of none.
_NONE = 1e-9


@dataclass(frozen=True, slots=True)
class Mix:
    """Which pairs a number is made of, and how much each counts; weights sum to 1."""

    name: str
    part: str
    pairs: tuple[int, ...]
    weights: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Bounds:
    """The scale of the ratings behind a number; None for amounts, which have no ends."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Numbers:
    """Expected, received and gap of one mix in a set of sheets; ``p`` is that of a gap of 0."""

    n: int
    respondents: int
    expected: Estimate | NotEnough
    received: Estimate | NotEnough
    gap: Estimate | NotEnough
    p: float | None


@dataclass(frozen=True, slots=True)
class _Mean:
    """A mean with its variance and the respondents behind it."""

    value: float
    variance: float
    n: int
    people: int


def mix_table(mixes: Sequence[Mix], *, pairs: int) -> Truths:
    """Which pairs each mix is made of.

    Parameters
    ----------
    mixes
        The m mixes.
    pairs
        Number of all pairs, k.

    Returns
    -------
    NDArray
        Truth values, shape (m, k).

    Source
    ------
    Our own definition, docs/formulas/assess-surveyed.md#pairs.

    Examples
    --------
    >>> mix_table([Mix("both", "all", (0, 2), (0.5, 0.5))], pairs=3).tolist()
    [[True, False, True]]
    """
    table = np.zeros((len(mixes), pairs), np.bool_)
    for row, mix in enumerate(mixes):
        table[row, list(mix.pairs)] = True
    return table


def numbers_of(
    sums: Sums, *, centre: Floats, mix: Mix, place: int, bounds: Bounds | None, level: float
) -> Numbers:
    r"""Expected, received and gap of one mix of pairs.

    With :math:`n_{ci}` whole pairs of respondent c, :math:`s_{ci}` the sum of an answer over them and
    :math:`N_i=\sum_c n_{ci}` the mean is :math:`\bar y=\sum_i w_i\,\sum_c s_{ci}/N_i` and its variance

    .. math:: \frac{C}{C-1}\sum_c\Bigl(\sum_i \frac{w_i}{N_i}(s_{ci}-\bar y_i n_{ci})\Bigr)^2

    with Student's quantile of C − 1 degrees, cut to the scale. With one sheet a respondent and one pair it is
    Student's plain interval. Pairs that fewer than five respondents answered are left out of a mix.
    Where all answers are equal there is no spread to see: the share of others is at most
    :math:`q=1-((1-\ell)/2)^{1/C}`, and the limits move by q towards the ends of the scale.

    Parameters
    ----------
    sums
        Result of ``all_sums``, or one side of ``side_sums``.
    centre
        ``Sheets.centre``, shape (2k,).
    mix
        Pairs and weights.
    place
        Number of the mix among those that were summed.
    bounds
        The scale; None for amounts.
    level
        Level of the intervals.

    Returns
    -------
    Numbers
        NotEnough where fewer than five respondents answered, or amounts have no spread.

    Source
    ------
    Wolter (2007), Introduction to Variance Estimation, section 6.3 (linearised ratios of clusters).

    Examples
    --------
    Six people expected 9 and received 7, 8 or 9:

    >>> import pyarrow as pa
    >>> from forvent.assess.surveyed import all_sums, sheets_of
    >>> rows = {"customer": list("abcdef"), "expected_0": [9.0] * 6, "received_0": [7.0, 8.0, 9.0] * 2}
    >>> sheets = sheets_of(pa.table(rows), better=("more",))
    >>> speed = Mix("speed", "pair", (0,), (1.0,))
    >>> sums = all_sums(sheets, mix_table((speed,), pairs=1))
    >>> found = numbers_of(
    ...     sums, centre=sheets.centre, mix=speed, place=0, bounds=Bounds(1.0, 10.0), level=0.95
    ... )
    >>> round(found.gap.value, 2), round(found.gap.low, 2), round(found.gap.high, 2), found.gap.n
    (-1.0, -1.94, -0.06, 6)
    """
    used, weights = enough(sums, mix)
    n, people = _pairs_of(sums, used), int(sums.people[place])
    if not used.size or people < LEAST:
        few = NotEnough(n=people, needed=LEAST, why=FEW.format(needed=LEAST))
        return Numbers(_pairs_of(sums, np.array(mix.pairs, dtype=np.int64)), people, few, few, few, None)
    expected, received, gap = (
        _mean(sums, used, way=way, weights=weights, centre=centre, n=n, people=people)
        for way in ((1.0, 0.0), (0.0, 1.0), (-1.0, 1.0))
    )
    width = None if bounds is None else Bounds(bounds.low - bounds.high, bounds.high - bounds.low)
    return Numbers(
        n=n,
        respondents=people,
        expected=_estimate(expected, bounds=bounds, level=level),
        received=_estimate(received, bounds=bounds, level=level),
        gap=_estimate(gap, bounds=width, level=level),
        p=_p(gap, bounds=width),
    )


def rest_difference(
    sides: TwoSides, *, centre: Floats, mix: Mix, place: int, bounds: Bounds | None, level: float
) -> tuple[Estimate | NotEnough, float | None]:
    r"""Gap of a group minus that of all other sheets, and the p value of no difference.

    The variance is :math:`V_G+V_R-2V_{GR}`, where :math:`V_{GR}` is of respondents who stand on both
    sides; degrees of freedom are Satterthwaite's. Pairs count that both sides have enough of.

    Parameters
    ----------
    sides
        Result of ``side_sums``.
    centre, mix, place, bounds, level
        As for ``numbers_of``.

    Returns
    -------
    tuple of Estimate or NotEnough, and float or None
        NotEnough where a side has fewer than five respondents or no spread.

    Source
    ------
    Satterthwaite (1946), Biometrics Bulletin 2(6), 110–114; the covariance by linearisation as above.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from forvent.assess.surveyed import all_sums, sheets_of, side_sums
    >>> rows = {"customer": list("abcdefghij"), "expected_0": [8.0] * 10, "received_0": [7.0, 8.0] * 5}
    >>> sheets = sheets_of(pa.table(rows), better=("more",))
    >>> speed = Mix("speed", "pair", (0,), (1.0,))
    >>> mixes = mix_table((speed,), pairs=1)
    >>> sides = side_sums(sheets, mixes, inside=np.arange(10) < 6, total=all_sums(sheets, mixes))
    >>> found, _ = rest_difference(
    ...     sides, centre=sheets.centre, mix=speed, place=0, bounds=Bounds(1.0, 10.0), level=0.95
    ... )
    >>> found.n, found.why
    (4, 'fewer than 5 respondents answered both')
    """
    counts = [int(side.people[place]) for side in (sides.group, sides.rest)]
    in_group, _ = enough(sides.group, mix)
    in_rest, _ = enough(sides.rest, mix)
    used = np.intersect1d(in_group, in_rest)
    if min(counts) < LEAST or not used.size:
        return NotEnough(n=min(counts), needed=LEAST, why=FEW.format(needed=LEAST)), None
    weights = _weights(mix, used)
    way = (-1.0, 1.0)
    group, rest = (
        _mean(side, used, way=way, weights=weights, centre=centre, n=_pairs_of(side, used), people=people)
        for side, people in zip((sides.group, sides.rest), counts, strict=True)
    )
    row, column = (_influence(side, used, way=way, weights=weights) for side in (sides.group, sides.rest))
    # The same factor as both variances have, or the difference of a few would be too wide.
    factor = math.sqrt(math.prod(count / (count - 1) for count in counts))
    variance = group.variance + rest.variance - 2.0 * factor * float(row @ sides.shared @ column)
    scale = 1.0 if bounds is None else bounds.high - bounds.low
    if min(group.variance, rest.variance, variance) <= (_NONE * scale) ** 2:
        return NotEnough(n=min(counts), needed=LEAST, why="all answers of one side are the same"), None
    spread = group.variance**2 / (counts[0] - 1) + rest.variance**2 / (counts[1] - 1)
    degrees = max(1, int((group.variance + rest.variance) ** 2 / spread))
    value, error = group.value - rest.value, math.sqrt(variance)
    half = student_quantile((1.0 + level) / 2.0, degrees=degrees) * error
    found = Estimate(value=value, low=value - half, high=value + half, n=group.n, level=level)
    return found, student_p(value / error, degrees=degrees)


def enough(sums: Sums, mix: Mix) -> tuple[Codes, Floats]:
    """The pairs of a mix that enough sheets answered, and their weights.

    A pair with five whole sheets of one respondent passes here; the count of respondents of the mix
    is looked at by the callers.
    """
    pairs = sums.total.size // 3
    used = np.array([pair for pair in mix.pairs if sums.total[2 * pairs + pair] >= LEAST], dtype=np.int64)
    return used, _weights(mix, used)


def _weights(mix: Mix, used: Codes) -> Floats:
    given = dict(zip(mix.pairs, mix.weights, strict=True))
    weights = np.array([given[pair] for pair in used.tolist()])
    return weights / weights.sum() if weights.size else weights


def _pairs_of(sums: Sums, used: Codes) -> int:
    return round(float(sums.total[2 * (sums.total.size // 3) + used].sum()))


def _influence(sums: Sums, used: Codes, *, way: tuple[float, float], weights: Floats) -> Floats:
    """What one unit of each of a respondent's sums adds to the mean, less what it adds to its count."""
    pairs = sums.total.size // 3
    row = np.zeros(3 * pairs)
    counts = sums.total[2 * pairs + used]
    for part, sign in enumerate(way):
        columns = part * pairs + used
        row[columns] += sign * weights / counts
        row[2 * pairs + used] -= sign * weights * sums.total[columns] / counts**2
    return row


def _mean(
    sums: Sums, used: Codes, *, way: tuple[float, float], weights: Floats, centre: Floats, n: int, people: int
) -> _Mean:
    pairs = sums.total.size // 3
    counts = sums.total[2 * pairs + used]
    value = 0.0
    for part, sign in enumerate(way):
        columns = part * pairs + used
        value += sign * float(weights @ (sums.total[columns] / counts + centre[columns]))
    row = _influence(sums, used, way=way, weights=weights)
    variance = people / (people - 1) * float(row @ sums.cross @ row) if people > 1 else 0.0
    return _Mean(value, max(0.0, variance), n, people)


def _estimate(mean: _Mean, *, bounds: Bounds | None, level: float) -> Estimate | NotEnough:
    value, n = mean.value, mean.n
    if bounds is None:
        if mean.variance <= (_NONE * max(1.0, abs(value))) ** 2:
            return NotEnough(n=mean.people, needed=mean.people + 1, why=NO_SPREAD)
        low, high = -math.inf, math.inf
    else:
        low, high = bounds.low, bounds.high
        # A mean at the end of its scale may miss it by a rounding.
        value = min(max(value, low), high)
        if mean.variance <= (_NONE * (high - low)) ** 2:
            others = 1.0 - ((1.0 - level) / 2.0) ** (1.0 / mean.people)
            return Estimate(value, value - others * (value - low), value + others * (high - value), n, level)
    half = student_quantile((1.0 + level) / 2.0, degrees=mean.people - 1) * math.sqrt(mean.variance)
    return Estimate(value, max(low, value - half), min(high, value + half), n, level)


def _p(gap: _Mean, *, bounds: Bounds | None) -> float | None:
    """P value of a gap of 0, one minus the level at which its interval just reaches 0."""
    width = 1.0 if bounds is None else bounds.high
    if gap.variance > (_NONE * width) ** 2:
        return student_p(gap.value / math.sqrt(gap.variance), degrees=gap.people - 1)
    if bounds is None:
        return None
    if abs(gap.value) <= _NONE * width:
        return 1.0
    others = abs(gap.value) / (abs(gap.value) + width)
    return min(1.0, 2.0 * (1.0 - others) ** gap.people)
