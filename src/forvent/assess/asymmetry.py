"""Kind of an expectation from penalty and reward: basic, performance, excitement or undecided."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from forvent.assess.contrast import Contrast
from forvent.assess.judgements import Floats, Judgements
from forvent.errors import BadOption
from forvent.records import Asymmetry, Estimate, NotEnough
from forvent.stats import percentile_interval


def asymmetries(
    judged: Judgements,
    *,
    contrast: Contrast,
    level: float = 0.95,
    cutoff: float = 0.2,
    flat: float = 0.05,
    least: int = 10,
) -> tuple[Asymmetry, ...]:
    r"""Penalty, reward and kind of each expectation, with intervals.

    Impact asymmetry :math:`IA=(r-|p|)/(r+|p|)` lies in −1…1. The kind is

    - indifferent, if the intervals of penalty and reward both lie within ±``flat``;
    - reverse, if the whole interval of the reward is below −``flat`` or of the penalty above
      ``flat``, and voices that find it met rate lower than voices that find it unmet;
    - basic, performance or excitement, if the whole interval of IA lies below −``cutoff``,
      within ±``cutoff`` or above it;
    - undecided otherwise.

    It is what the ratings look like, not a proof: rating and words come from the same
    person at the same moment.

    Parameters
    ----------
    judged
        The judgements that the contrast was fitted on.
    contrast
        Penalties and rewards with their draws.
    level
        Confidence level of every interval.
    cutoff
        Edge between the kinds on IA, inside (0, 1).
    flat
        Rating points (0–1) below which a penalty or reward counts as none.
    least
        Rated voices that a side, and the reference, need.

    Returns
    -------
    tuple of Asymmetry
        One an expectation, in the order of ``judged.expectations``. A side with too few
        rated voices is NotEnough, and then IA too.

    Raises
    ------
    BadOption
        If ``cutoff`` is not inside (0, 1).

    Source
    ------
    Mikulić & Prebežac (2008), Managing Service Quality 18(6), 559–576.

    Examples
    --------
    One hundred voices each: unmet about 0.1, met about 0.55, no word about it about 0.5:

    >>> import pyarrow as pa
    >>> from forvent.assess import contrast, judgements
    >>> names = [f"{kind}{i}" for kind in ("unmet", "met", "none") for i in range(100)]
    >>> jitter = np.random.default_rng(2).normal(0, 0.1, 300)
    >>> voices = pa.table(
    ...     {"voice_id": names, "customer": names, "rating": np.repeat([0.1, 0.55, 0.5], 100) + jitter}
    ... )
    >>> mentions = pa.table(
    ...     {
    ...         "voice_id": names[:200],
    ...         "expectation": ["on_time"] * 200,
    ...         "stage": ["receive"] * 200,
    ...         "touchpoint": ["receive"] * 200,
    ...         "polarity": ["unmet"] * 100 + ["met"] * 100,
    ...     }
    ... )
    >>> judged = judgements(mentions, voices=voices)
    >>> found = asymmetries(judged, contrast=contrast(judged, rng=np.random.default_rng(1)))
    >>> found[0].kind
    'basic'
    """
    if not 0.0 < cutoff < 1.0:
        raise BadOption(f"The cut-off {cutoff} is not between 0 and 1.", hint="0.2 is usual.")
    found = []
    for code, name in enumerate(judged.expectations):
        penalty = _too_few(contrast, contrast.unmet[code], side="unmet", least=least)
        reward = _too_few(contrast, contrast.met[code], side="met", least=least)
        sides = _Sides(
            penalty=penalty
            or _estimate(contrast.penalty, contrast.penalty_draws, contrast.unmet, code, level),
            reward=reward or _estimate(contrast.reward, contrast.reward_draws, contrast.met, code, level),
        )
        impact = _impact(contrast, code, sides=sides, level=level)
        kind = _kind(sides, impact, cutoff=cutoff, flat=flat)
        found.append(
            Asymmetry(
                expectation=name, penalty=sides.penalty, reward=sides.reward, asymmetry=impact, kind=kind
            )
        )
    return tuple(found)


def expected_share(penalty: Floats, *, reward: Floats) -> Floats:
    r"""Share met at which penalty and reward balance: :math:`|p|/(|p|+r)`.

    Penalties above 0 and rewards below 0 count as 0. Where nothing is left of either, no
    share is defined: such entries alternate between 0 and 1, so that among bootstrap draws
    they widen the interval instead of narrowing it.

    Parameters
    ----------
    penalty
        Penalties, usually ≤ 0, any shape, in rating points.
    reward
        Rewards of the same shape.

    Returns
    -------
    NDArray
        Shares in 0–1, of the same shape.

    Source
    ------
    Mikulić & Prebežac (2008), Managing Service Quality 18(6), 559–576
    (dissatisfaction-generating potential).

    Examples
    --------
    >>> expected_share(np.array([-0.4]), reward=np.array([0.1])).round(6).tolist()
    [0.8]
    """
    down, up = np.maximum(-penalty, 0.0), np.maximum(reward, 0.0)
    swing = down + up
    shares: Floats = (np.arange(swing.size) % 2).reshape(swing.shape).astype(np.float64)
    np.divide(down, swing, out=shares, where=swing > 0.0)
    return shares


@dataclass(frozen=True, slots=True)
class _Sides:
    penalty: Estimate | NotEnough
    reward: Estimate | NotEnough


def _too_few(contrast: Contrast, rated: float, *, side: str, least: int) -> NotEnough | None:
    if contrast.reference < least:
        return NotEnough(
            n=int(contrast.reference), needed=least, why="too few rated voices leave it unmentioned"
        )
    if rated < least:
        return NotEnough(n=int(rated), needed=least, why=f"too few rated voices say that it was {side}")
    return None


def _estimate(values: Floats, draws: Floats, rated: Floats, code: int, level: float) -> Estimate:
    return percentile_interval(draws[:, code], value=values[code], n=int(rated[code]), level=level)


def _impact(contrast: Contrast, code: int, *, sides: _Sides, level: float) -> Estimate | NotEnough:
    for side in (sides.penalty, sides.reward):
        if isinstance(side, NotEnough):
            return side
    penalty, reward = contrast.penalty[code : code + 1], contrast.reward[code : code + 1]
    n = int(contrast.unmet[code] + contrast.met[code])
    if penalty[0] >= 0.0 >= reward[0]:
        return NotEnough(
            n=n, needed=n + 1, why="neither penalty nor reward is seen, so their ratio is unknown"
        )
    value = 1.0 - 2.0 * expected_share(penalty, reward=reward)[0]
    draws = 1.0 - 2.0 * expected_share(contrast.penalty_draws[:, code], reward=contrast.reward_draws[:, code])
    return percentile_interval(draws, value=value, n=n, level=level)


def _kind(sides: _Sides, impact: Estimate | NotEnough, *, cutoff: float, flat: float) -> str:
    penalty, reward = sides.penalty, sides.reward
    if isinstance(penalty, NotEnough) or isinstance(reward, NotEnough):
        return "undecided"
    if all(-flat <= side.low and side.high <= flat for side in (penalty, reward)):
        return "indifferent"
    # Both below 0 with the penalty larger is no reverse: naming it at all goes with a low rating.
    if (penalty.low > flat or reward.high < -flat) and reward.value < penalty.value:
        return "reverse"
    return "undecided" if isinstance(impact, NotEnough) else _band(impact, cutoff=cutoff)


def _band(impact: Estimate, *, cutoff: float) -> str:
    if impact.high < -cutoff:
        return "basic"
    if impact.low > cutoff:
        return "excitement"
    return "performance" if -cutoff <= impact.low and impact.high <= cutoff else "undecided"
