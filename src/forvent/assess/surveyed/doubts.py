"""What makes answers of a survey doubtful: scales upside down, open halves, one answer to everything."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence

import numpy as np

from forvent.assess.surveyed.numbers import LEAST
from forvent.assess.surveyed.sheets import Codes, Floats, Sheets, Truths
from forvent.records import Estimate, NotEnough, SurveyCaution, SurveyPair

#: A correlation must be below this, and surely below 0, before a scale is called upside down.
OPPOSED = -0.2
SURELY = 3.29  # standard errors: once in a thousand on this side and the other
#: Share of half answered pairs, and of sheets with one answer to everything, from which it is said.
MANY_HALVES = 0.2
MANY_ALIKE = 0.05
FEW_RESPONDENTS = 30
_QUESTIONS = 4
_LOOK_AT = 100_000


def upside_down(
    sheets: Sheets, *, pairs: Sequence[SurveyPair], keep: Collection[str] = ()
) -> tuple[SurveyCaution, ...]:
    """Columns of ratings that run against the other columns of their part.

    Within what was expected, and within what was received, answers go together. The first principal
    component of their correlations says which columns point one way and which the other; the fewer ones
    are held against the mean of the others, and called upside down where the correlation is below −0.2 and
    surely below 0 (3.29 standard errors). Fewer than three columns, or as many on either side, tell nothing.

    Parameters
    ----------
    sheets
        The answers.
    pairs
        The pairs in their order.
    keep
        Columns that are right as they are, whatever it looks like.

    Returns
    -------
    tuple of SurveyCaution
        "upside_down" with the column and its correlation with the others.

    Source
    ------
    Our own definition, docs/formulas/assess-surveyed.md#survey-cautions.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from forvent.assess.surveyed import sheets_of
    >>> rng = np.random.default_rng(1)
    >>> mood = rng.integers(1, 6, 200).astype(float)
    >>> rows = {f"received_{number}": mood for number in range(2)} | {"received_2": 6.0 - mood}
    >>> rows |= {f"expected_{number}": rng.permutation(mood) for number in range(3)}
    >>> sheets = sheets_of(pa.table({**rows, "customer": list(map(str, range(200)))}), better=("more",) * 3)
    >>> pairs = [SurveyPair(f"q{number}", f"e{number}", f"p{number}") for number in range(3)]
    >>> [(found.about, found.value) for found in upside_down(sheets, pairs=pairs)]
    [(('p2',), -1.0)]
    """
    rated = np.array([place for place, pair in enumerate(pairs) if pair.kind == "rating"], dtype=np.int64)
    if rated.size < 3:
        return ()
    step = max(1, sheets.person.size // _LOOK_AT)
    whole = sheets.whole[rated, ::step].astype(np.float64)
    asked = [pair.expected or pair.desired for pair in pairs], [pair.received for pair in pairs]
    found = []
    for part, names in enumerate(asked):
        values = sheets.parts[part * sheets.pairs + rated, ::step]
        for place, correlation in _against_others(values, whole):
            column, n = names[rated[place]], int(whole[place].sum())
            if column not in keep:
                found.append(SurveyCaution("upside_down", (column,), round(correlation, 4), n))
    return tuple(found)


def doubts(
    sheets: Sheets,
    *,
    pairs: Sequence[SurveyPair],
    used: Sequence[int],
    overall: Floats,
    scale: tuple[float, float] | None,
    expected: Estimate | NotEnough,
) -> tuple[SurveyCaution, ...]:
    """What else a reader should know before leaning on the gaps.

    Parameters
    ----------
    sheets
        The answers.
    pairs
        The pairs in their order.
    used
        Places of the ratings that count in the gap over all.
    overall
        Overall rating of each sheet, shape (n,), NaN where there is none.
    scale
        Scale of the ratings, None where there are none.
    expected
        What was expected over all ratings.

    Returns
    -------
    tuple of SurveyCaution
        By name; meanings stand in docs/surveyed.md.

    Source
    ------
    Our own definition, docs/formulas/assess-surveyed.md#survey-cautions.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from forvent.assess.surveyed import sheets_of
    >>> rows = {"customer": ["x"], "expected_0": [9.0], "received_0": [9.0]}
    >>> sheets = sheets_of(pa.table(rows), better=("more",))
    >>> found = doubts(
    ...     sheets,
    ...     pairs=[SurveyPair("q", "e", "p")],
    ...     used=[0],
    ...     overall=np.array([np.nan]),
    ...     scale=(1.0, 10.0),
    ...     expected=NotEnough(1, 5, "few"),
    ... )
    >>> [caution.name for caution in found]
    ['few_respondents']
    """
    found = []
    answered = np.count_nonzero(np.bincount(sheets.person[sheets.whole.any(axis=0)]))
    if answered < FEW_RESPONDENTS:
        found.append(SurveyCaution("few_respondents", (), count=int(answered)))
    rated = np.array(used, dtype=np.int64)
    if scale is not None and rated.size:
        found += _of_parts(sheets, rated, overall=overall)
        found += _of_scale(sheets, rated, scale=scale, expected=expected)
        found += _alike(sheets, rated)
    for place, pair in enumerate(pairs):
        differences = (sheets.parts[sheets.pairs + place] - sheets.parts[place])[sheets.whole[place]]
        if differences.size >= LEAST and np.ptp(differences) < 1e-9:
            found.append(SurveyCaution("same_difference", (pair.name,), count=int(differences.size)))
    return tuple(found)


def half_answered(
    pairs: Sequence[SurveyPair], *, whole: Sequence[int], halves: Sequence[tuple[int, int]]
) -> tuple[SurveyCaution, ...]:
    """Pairs of which many answered one half only: those who did may differ from those who did not.

    Parameters
    ----------
    pairs
        The pairs in their order.
    whole
        Whole pairs of each.
    halves
        Sheets with only the expected, and only the received half.

    Returns
    -------
    tuple of SurveyCaution
        "half_answered" with the share of halves among all who answered any of it.

    Source
    ------
    Our own definition, docs/formulas/assess-surveyed.md#survey-cautions.

    Examples
    --------
    >>> half_answered([SurveyPair("q", "e", "p")], whole=[50], halves=[(40, 10)])[0].value
    0.5
    """
    found = []
    for pair, both, (left, right) in zip(pairs, whole, halves, strict=True):
        share = (left + right) / max(1, both + left + right)
        if share > MANY_HALVES:
            found.append(SurveyCaution("half_answered", (pair.name,), round(share, 4), left + right))
    return tuple(found)


def _against_others(values: Floats, whole: Floats) -> list[tuple[int, float]]:
    """Columns that run against most others, each with its correlation with their mean; one row a column."""
    spread = np.sqrt((values**2).sum(axis=1) / np.maximum(whole.sum(axis=1), 1.0))
    if np.count_nonzero(spread) < 3:
        return []
    plain = values / np.where(spread > 0.0, spread, 1.0)[:, None]
    shared = whole @ whole.T
    together = np.divide(plain @ plain.T, shared, out=np.zeros_like(shared), where=shared > 0.0)
    first = np.linalg.eigh(together)[1][:, -1]
    one_way, other_way = np.flatnonzero(first > 0.0), np.flatnonzero(first < 0.0)
    if one_way.size == other_way.size:
        return []
    few, most = sorted((one_way, other_way), key=len)
    counted = whole[most].sum(axis=0)
    mean = plain[most].sum(axis=0) / np.maximum(counted, 1.0)
    found = []
    for place in few.tolist():
        here = (whole[place] > 0.0) & (counted > 0.0)
        correlation = _correlation(plain[place, here], mean[here])
        if _opposed(correlation, int(here.sum())):
            found.append((place, correlation))
    return found


def _correlation(one: Floats, other: Floats) -> float:
    if one.size < LEAST or np.ptp(one) == 0.0 or np.ptp(other) == 0.0:
        return 0.0
    return float(np.corrcoef(one, other)[0, 1])


def _opposed(correlation: float, n: int) -> bool:
    if n < LEAST or correlation >= OPPOSED:
        return False
    inside = max(correlation, -1.0 + 1e-12)
    return math.atanh(inside) * math.sqrt(n - 3) < -SURELY


def _of_parts(sheets: Sheets, rated: Codes, *, overall: Floats) -> list[SurveyCaution]:
    """Whether what was received runs against what was expected, or against the overall rating."""
    counted = sheets.parts[2 * sheets.pairs + rated].sum(axis=0)
    here = counted > 0.0
    expected, received = (
        sheets.parts[part * sheets.pairs + rated].sum(axis=0)[here] / counted[here] for part in (0, 1)
    )
    found = []
    together = _correlation(expected, received)
    if _opposed(together, expected.size):
        found.append(
            SurveyCaution("parts_oppose", ("expected", "received"), round(together, 4), expected.size)
        )
    known = ~np.isnan(overall[here])
    together = _correlation(received[known], overall[here][known])
    if _opposed(together, int(known.sum())):
        found.append(
            SurveyCaution("received_against_overall", ("received",), round(together, 4), int(known.sum()))
        )
    return found


def _of_scale(
    sheets: Sheets, rated: Codes, *, scale: tuple[float, float], expected: Estimate | NotEnough
) -> list[SurveyCaution]:
    """Whether little was expected, as where 1 is best, or the two parts were asked on different scales."""
    found = []
    if isinstance(expected, Estimate) and expected.high < sum(scale) / 2.0:
        found.append(SurveyCaution("low_expectations", ("expected",), round(expected.value, 4), expected.n))
    tops = [_top(sheets, rated, part=part) for part in (0, 1)]
    lower, higher = sorted(tops)
    reach = (lower - scale[0]) / (scale[1] - scale[0])
    n = int(sheets.whole[rated].sum())
    if n >= 10 * FEW_RESPONDENTS and higher > scale[1] - 0.01 * (scale[1] - scale[0]) and reach < 0.7:
        part = "expected" if tops[0] == lower else "received"
        found.append(SurveyCaution("different_scales", (part,), round(lower, 4), n))
    return found


def _top(sheets: Sheets, rated: Codes, *, part: int) -> float:
    """The highest answer of a part."""
    rows = part * sheets.pairs + rated
    return float((sheets.parts[rows].max(axis=1, initial=0.0) + sheets.centre[rows]).max())


def _alike(sheets: Sheets, rated: Codes) -> list[SurveyCaution]:
    """Whether many sheets hold one and the same answer to everything."""
    low, high = np.full(sheets.person.size, np.inf), np.full(sheets.person.size, -np.inf)
    for pair in rated.tolist():
        whole: Truths = sheets.whole[pair]
        for row in (pair, sheets.pairs + pair):
            answers = sheets.parts[row] + sheets.centre[row]
            np.minimum(low, answers, out=low, where=whole)
            np.maximum(high, answers, out=high, where=whole)
    long = sheets.whole[rated].sum(axis=0) >= _QUESTIONS
    asked, alike = int(long.sum()), int((long & (high - low < 1e-9)).sum())
    if asked < FEW_RESPONDENTS or alike <= MANY_ALIKE * asked:
        return []
    return [SurveyCaution("one_answer_to_all", (), round(alike / asked, 4), alike)]
