"""Share met per expectation and touchpoint, and its distance from what is expected."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from forvent.assess.asymmetry import expected_share
from forvent.assess.contrast import Contrast
from forvent.assess.counts import LEAST_JUDGED, judged_share, share_met
from forvent.assess.judgements import WISHED, Codes, Floats, Judgements
from forvent.records import Asymmetry, Estimate, Gap, MentionCounts, NotEnough
from forvent.stats import percentile_interval, widest, wilson
from forvent.tables import POLARITIES

# Where ratings cannot say what is expected, the catalogue's usual kind stands in: value, low, high.
USUAL_EXPECTED = {
    "basic": (0.8, 0.6, 1.0),
    "performance": (0.5, 0.4, 0.6),
    "excitement": (0.2, 0.0, 0.4),
}
# With fewer voices than this on a side, resampling sees too little of what might have been said.
LEAST_RESAMPLED = 10
# In the order of tables.POLARITIES.
MET_SHARE = np.array([1.0, 0.0, 0.5, 0.0])


def gaps(
    judged: Judgements,
    *,
    contrast: Contrast,
    asymmetries: Sequence[Asymmetry],
    usual_kinds: Mapping[str, str],
    by_touchpoint: bool = False,
    most: int = 400,
    level: float = 0.95,
) -> tuple[Gap, ...]:
    r"""Got minus expected for each expectation, with what hangs on it.

    With penalty :math:`p\le 0` and reward :math:`r\ge 0` of the contrast:

    - got = share met; expected = :math:`|p|/(|p|+r)`, the share met at which customers who
      mention it rate as those who do not;
    - weight = share of voices that judge it × :math:`(|p|+r)`;
    - stake = −gap × weight = rating points (0–1) by which the mean rating of the voices
      that say something is lower (positive) or higher (negative) than if the expectation
      stood at its neutral point. It goes together with the gap; it is no forecast;
    - importance = share of voices that speak of it, until ``with_importance`` puts in its place what the
      ratings say.

    All intervals come from the same bootstrap draws. Where a side has too few rated voices,
    the expected share of the usual kind stands in (basis "usual kind") as a band, and the
    interval of the gap combines band and share at their ends; the weight then uses the
    median :math:`|p|+r` of the measured expectations, or 1 where none is measured.

    Parameters
    ----------
    judged
        The judgements that the contrast was fitted on.
    contrast
        Penalties and rewards with their draws.
    asymmetries
        Result of ``asymmetries``, in the order of ``judged.expectations``.
    usual_kinds
        Usual kind of each expectation by id: basic, performance or excitement.
    by_touchpoint
        One gap for each expectation and touchpoint, instead of over all touchpoints; what is
        expected is then still measured over all of them.
    most
        Most gaps to return: those with most voices. Only many touchpoints reach it.
    level
        Confidence level of every interval.

    Returns
    -------
    tuple of Gap
        In the order of expectation, then touchpoint; ``rank_gaps`` sorts by what is at stake.

    Source
    ------
    Our own definition, decision 0005, docs/formulas/assess.md#gap.

    Examples
    --------
    Without ratings the usual kind says what is expected:

    >>> import pyarrow as pa
    >>> from forvent.assess import asymmetries, contrast, judgements
    >>> names = [f"v{i}" for i in range(40)]
    >>> mentions = pa.table(
    ...     {
    ...         "voice_id": names,
    ...         "expectation": ["on_time"] * 40,
    ...         "stage": ["receive"] * 40,
    ...         "touchpoint": ["receive"] * 40,
    ...         "polarity": ["unmet"] * 20 + ["met"] * 20,
    ...     }
    ... )
    >>> voices = pa.table({"voice_id": names, "rating": pa.nulls(40, pa.float64()), "customer": names})
    >>> judged = judgements(mentions, voices=voices)
    >>> fit = contrast(judged, rng=np.random.default_rng(1))
    >>> found = gaps(
    ...     judged,
    ...     contrast=fit,
    ...     asymmetries=asymmetries(judged, contrast=fit),
    ...     usual_kinds={"on_time": "basic"},
    ... )
    >>> found[0].basis, found[0].got.value, found[0].expected.value, round(found[0].gap.value, 2)
    ('usual kind', 0.5, 0.8, -0.3)
    """
    measure = _measure(judged, contrast, asymmetries, usual_kinds, level)
    found = []
    for cell in _cells(judged, by_touchpoint=by_touchpoint, most=most):
        impact = asymmetries[cell.expectation].asymmetry
        if isinstance(impact, Estimate) and cell.counts.judged >= LEAST_JUDGED:
            found.append(_measured(cell, measure, impact=impact))
        else:
            found.append(_usual(cell, measure))
    return tuple(found)


def rank_gaps(gaps: Sequence[Gap]) -> tuple[Gap, ...]:
    """Gaps with the certain and large first.

    First those whose whole interval of the stake costs rating points, by the end nearer to
    zero, so that a large but shaky gap does not stand above a surely large one; then the
    undecided (and the indifferent, on which next to nothing hangs) by their stake; then
    those that surely earn, the smallest first; last those without enough voices, by their
    count.

    Parameters
    ----------
    gaps
        Gaps over all or at touchpoints.

    Returns
    -------
    tuple of Gap
        The same gaps in order; ties by expectation and touchpoint.

    Source
    ------
    Our own definition, docs/formulas/assess.md#rank.

    Examples
    --------
    >>> rank_gaps([])
    ()
    """
    return tuple(sorted(gaps, key=_rank))


def _rank(gap: Gap) -> tuple[int, float, str, str]:
    name = (gap.expectation, gap.touchpoint or "")
    stake = gap.stake
    if isinstance(stake, NotEnough):
        return (3, -gap.counts.judged, *name)
    if stake.low > 0.0 and gap.kind != "indifferent":
        return (0, -stake.low, *name)
    return (1 if stake.high >= 0.0 else 2, -stake.value, *name)


@dataclass(frozen=True, slots=True, eq=False)
class _Cell:
    """One expectation, over all or at one touchpoint, and the mentions of it."""

    expectation: int
    touchpoint: str | None
    mentions: Codes
    counts: MentionCounts


@dataclass(frozen=True, slots=True, eq=False)
class _Measure:
    """What every cell is measured with; ``spoken`` are the voices drawn in each round."""

    judged: Judgements
    contrast: Contrast
    usual_kinds: Mapping[str, str]
    kinds: tuple[str, ...]
    typical_swing: tuple[float, float, float]
    spoken: Floats
    level: float

    def estimate(self, draws: Floats, *, value: float, n: int) -> Estimate:
        return percentile_interval(draws, value=value, n=n, level=self.level)


class _Numbers(NamedTuple):
    got: Estimate | NotEnough
    expected: Estimate | NotEnough
    gap: Estimate | NotEnough
    stake: Estimate | NotEnough


def _measure(
    judged: Judgements,
    contrast: Contrast,
    asymmetries: Sequence[Asymmetry],
    usual_kinds: Mapping[str, str],
    level: float,
) -> _Measure:
    sizes = np.bincount(judged.block, minlength=contrast.drawn.shape[1]).astype(np.float64)
    return _Measure(
        judged=judged,
        contrast=contrast,
        usual_kinds=usual_kinds,
        kinds=tuple(found.kind for found in asymmetries),
        typical_swing=_typical_swing(contrast, asymmetries),
        spoken=contrast.drawn @ sizes,
        level=level,
    )


def _typical_swing(contrast: Contrast, asymmetries: Sequence[Asymmetry]) -> tuple[float, float, float]:
    """Median, lowest and highest |p| + r of the measured expectations; 1 where none is measured."""
    known = [code for code, found in enumerate(asymmetries) if isinstance(found.asymmetry, Estimate)]
    if not known:
        return 1.0, 1.0, 1.0
    swing = _swing(contrast.penalty[known], contrast.reward[known])
    return float(np.median(swing)), float(swing.min()), float(swing.max())


def _swing(penalty: Floats, reward: Floats) -> Floats:
    return np.maximum(-penalty, 0.0) + np.maximum(reward, 0.0)


def _cells(judged: Judgements, *, by_touchpoint: bool, most: int) -> list[_Cell]:
    places = max(1, len(judged.touchpoints)) if by_touchpoint else 1
    key = judged.expectation * places + (judged.touchpoint if by_touchpoint else 0)
    order = np.argsort(key, kind="stable")
    codes, starts = np.unique(key[order], return_index=True)
    spoken = np.split(order, starts[1:])
    largest = np.sort(np.argsort([-mentions.size for mentions in spoken], kind="stable")[:most])
    cells = []
    for place in largest.tolist() if codes.size else ():
        expectation, touchpoint = divmod(int(codes[place]), places)
        counts = np.bincount(judged.polarity[spoken[place]], minlength=len(POLARITIES)).tolist()
        name = judged.touchpoints[touchpoint] if by_touchpoint else None
        cells.append(_Cell(expectation, name, spoken[place], MentionCounts(*counts)))
    return cells


def _measured(cell: _Cell, measure: _Measure, *, impact: Estimate) -> Gap:
    """Gap whose expected share comes from the ratings, all intervals from the same draws."""
    code, contrast = cell.expectation, measure.contrast
    penalty, reward = contrast.penalty_draws[:, code], contrast.reward_draws[:, code]
    swing = float(_swing(contrast.penalty[code], contrast.reward[code]))
    got = judged_share(cell.counts, level=measure.level)
    got_draws, share_draws = _drawn_shares(cell, measure, got=got.value)
    expected_draws = expected_share(penalty, reward=reward)
    weight_draws = share_draws * _swing(penalty, reward)
    stake_draws = (expected_draws - got_draws) * weight_draws

    expected = measure.estimate(expected_draws, value=(1.0 - impact.value) / 2.0, n=impact.n)
    distance = got.value - expected.value
    weight = cell.counts.judged / measure.judged.voices * swing
    gap = measure.estimate(got_draws - expected_draws, value=distance, n=got.n)
    stake = measure.estimate(stake_draws, value=-distance * weight, n=got.n)
    if measure.judged.repeated:
        got = widest(got, measure.estimate(got_draws, value=got.value, n=got.n))
    if min(cell.counts.met, cell.counts.unmet) + cell.counts.mixed / 2 < LEAST_RESAMPLED:
        gap = widest(gap, _difference(got, expected))
        stake = widest(stake, _stake(gap, measure.estimate(weight_draws, value=weight, n=got.n)))
    return _gap(cell, measure, _Numbers(got, expected, gap, stake), basis="ratings")


def _drawn_shares(cell: _Cell, measure: _Measure, *, got: float) -> tuple[Floats, Floats]:
    """Share met, and share of voices that judge it, in each bootstrap round."""
    judged, drawn = measure.judged, measure.contrast.drawn
    polarity = judged.polarity[cell.mentions]
    block = judged.block[judged.voice[cell.mentions]]
    blocks = drawn.shape[1]
    met = drawn @ np.bincount(block, weights=MET_SHARE[polarity], minlength=blocks)
    said = drawn @ np.bincount(block, weights=polarity != WISHED, minlength=blocks)
    # A round that draws nobody who judges it says nothing of the share met.
    shares = np.divide(met, said, out=np.full_like(met, got), where=said > 0.0)
    return shares, said / measure.spoken


def _difference(got: Estimate, expected: Estimate) -> Estimate:
    """Got minus expected from their two intervals (MOVER, Zou & Donner 2008)."""
    value = got.value - expected.value
    low = value - math.hypot(got.value - got.low, expected.high - expected.value)
    high = value + math.hypot(got.high - got.value, expected.value - expected.low)
    return Estimate(value=value, low=max(-1.0, low), high=min(1.0, high), n=got.n, level=got.level)


def _stake(gap: Estimate, weight: Estimate) -> Estimate:
    """Minus gap times weight, with the outermost products of their ends."""
    ends = [-side * end for side in (gap.low, gap.high) for end in (weight.low, weight.high)]
    value = -gap.value * weight.value
    return Estimate(value=value, low=min(ends), high=max(ends), n=gap.n, level=gap.level)


def _usual(cell: _Cell, measure: _Measure) -> Gap:
    """Gap whose expected share is the band of the catalogue's usual kind."""
    got = share_met(cell.counts, level=measure.level)
    expected = _usual_expected(
        measure.usual_kinds.get(measure.judged.expectations[cell.expectation]), measure
    )
    gap: Estimate | NotEnough
    stake: Estimate | NotEnough
    if isinstance(got, Estimate) and isinstance(expected, Estimate):
        gap = Estimate(
            value=got.value - expected.value,
            low=got.low - expected.high,
            high=got.high - expected.low,
            n=got.n,
            level=got.level,
        )
        stake = _stake(gap, _usual_weight(cell, measure))
    else:
        gap = stake = got if isinstance(got, NotEnough) else expected
    return _gap(cell, measure, _Numbers(got, expected, gap, stake), basis="usual kind")


def _usual_expected(kind: str | None, measure: _Measure) -> Estimate | NotEnough:
    if kind not in USUAL_EXPECTED:
        return NotEnough(n=0, needed=1, why="neither ratings nor a usual kind say what is expected")
    value, low, high = USUAL_EXPECTED[kind]
    return Estimate(value=value, low=low, high=high, n=0, level=measure.level)


def _usual_weight(cell: _Cell, measure: _Measure) -> Estimate:
    share = wilson(cell.counts.judged, measure.judged.voices, level=measure.level)
    value, low, high = measure.typical_swing
    return Estimate(
        value=share.value * value,
        low=share.low * low,
        high=share.high * high,
        n=cell.counts.judged,
        level=share.level,
    )


def _spoken(cell: _Cell, measure: _Measure) -> Estimate:
    """Share of voices that speak of it, wishes included."""
    spoken = cell.counts.judged + cell.counts.wished
    return wilson(spoken, measure.judged.voices, level=measure.level)


def _gap(cell: _Cell, measure: _Measure, numbers: _Numbers, *, basis: str) -> Gap:
    return Gap(
        expectation=measure.judged.expectations[cell.expectation],
        stage=measure.judged.stage_at(cell.expectation, cell.touchpoint),
        touchpoint=cell.touchpoint,
        counts=cell.counts,
        got=numbers.got,
        expected=numbers.expected,
        gap=numbers.gap,
        basis=basis,
        importance=_spoken(cell, measure),
        stake=numbers.stake,
        kind=measure.kinds[cell.expectation],
    )
