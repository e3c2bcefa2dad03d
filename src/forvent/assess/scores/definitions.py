"""What the scores are: name, version, scale they stand on, and the points that each answer counts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from forvent.assess.judgements import Floats
from forvent.errors import BadOption
from forvent.records import Scale

SHARE, NET, MEAN = "share", "net", "mean"
# Top two and bottom two of five steps; a hair of room for ratings that were divided.
TOP, BOTTOM, MIDDLE = 0.75 - 1e-9, 0.25 + 1e-9, 0.5 + 1e-9

#: Names by which scores are asked for.
ASKED = ("mean", "csat", "net", "nps", "ces", "kept")


@dataclass(frozen=True, slots=True, eq=False)
class Measure:
    """A score: the mean of ``points`` of each rating of 0–1, between ``lowest`` and ``highest``.

    ``shape`` says which interval it has: that of a share, of a net score, or of a mean.
    """

    name: str
    unit: str
    definition: str
    shape: str
    lowest: float
    highest: float
    points: Callable[[Floats], Floats]


def measures_of(scale: Scale | None) -> tuple[Measure, ...]:
    """Scores that ratings on a scale have: means, CSAT, net satisfaction, and NPS on 0–10."""
    given = () if scale is None else (mean_given(scale),)
    nps = (NPS,) if scale is not None and is_nps_scale(scale) else ()
    return (MEAN_RATING, *given, CSAT, NET_SATISFACTION, *nps)


def asked_measures(asked: Sequence[str], *, scale: Scale) -> tuple[Measure, ...]:
    """Scores of these names on a scale.

    Parameters
    ----------
    asked
        Names out of ``ASKED``.
    scale
        Scale of the answers; ``low`` is the worst.

    Returns
    -------
    tuple of Measure
        In the order of ``ASKED``.

    Raises
    ------
    BadOption
        If a name is unknown, or the scale does not allow the score.

    Source
    ------
    Our own definitions, docs/formulas/assess-scores.md#definitions.

    Examples
    --------
    >>> [measure.name for measure in asked_measures(["nps", "csat"], scale=Scale(0, 10))]
    ['csat', 'nps']
    """
    for name in asked:
        if name not in ASKED:
            raise BadOption(f"“{name}” is no score.", hint=f"Scores: {', '.join(ASKED)}.")
    if "nps" in asked and not is_nps_scale(scale):
        raise BadOption(
            f"NPS is defined on answers from 0 to 10, not on {shown(scale)}.",
            hint="Ask for --measure net, or name the scale with --scale 0..10.",
        )
    if "kept" in asked and sorted((scale.low, scale.high)) != [0.0, 1.0]:
        raise BadOption(
            f"A kept rate needs yes or no, not answers on {shown(scale)}.", hint="Ask for --measure csat."
        )
    made = {
        "mean": (mean_given(scale),),
        "csat": (CSAT,),
        "net": (NET_SATISFACTION,),
        "nps": (NPS,),
        "ces": (_ces(scale), CES_EASY),
        "kept": (KEPT_RATE,),
    }
    return tuple(measure for name in ASKED if name in asked for measure in made[name])


def usual_measures(scale: Scale, *, column: str = "") -> tuple[str, ...]:
    """Names of the scores that a column has if nothing is asked for."""
    ends = sorted((scale.low, scale.high))
    if ends == [0.0, 1.0]:
        return ("kept",)
    words = column.lower().replace("_", " ").split()
    if "ces" in words or "effort" in words:
        return ("ces",)
    return ("mean", "csat", "net", "nps") if is_nps_scale(scale) else ("mean", "csat", "net")


def is_nps_scale(scale: Scale) -> bool:
    """Whether answers go from 0 to 10, whichever end is the best."""
    return sorted((scale.low, scale.high)) == [0.0, 10.0]


def shown(scale: Scale) -> str:
    """A scale as a person writes it, worst first."""
    return f"{scale.low:g}–{scale.high:g}"


def mean_given(scale: Scale) -> Measure:
    """Mean on the scale as given."""
    low, high = sorted((scale.low, scale.high))
    return Measure(
        "mean_given",
        shown(scale),
        "mean_given/1: mean of the ratings as they were given",
        MEAN,
        low,
        high,
        lambda values: scale.low + values * (scale.high - scale.low),
    )


def _ces(scale: Scale) -> Measure:
    low, high = sorted((scale.low, scale.high))
    return Measure(
        "ces",
        shown(scale),
        f"ces/1: mean of the answers as given, {scale.high:g} = least effort",
        MEAN,
        low,
        high,
        lambda values: scale.low + values * (scale.high - scale.low),
    )


def _same(values: Floats) -> Floats:
    return values


def _top(values: Floats) -> Floats:
    return (values >= TOP).astype(np.float64)


def _above_middle(values: Floats) -> Floats:
    return (values > MIDDLE).astype(np.float64)


def _net(values: Floats) -> Floats:
    return 100.0 * ((values >= TOP).astype(np.float64) - (values <= BOTTOM))


def _promoting(values: Floats) -> Floats:
    steps = np.round(values * 10.0, 6)
    return 100.0 * ((steps >= 9.0).astype(np.float64) - (steps < 7.0))


MEAN_RATING = Measure(
    "mean_rating",
    "0–1",
    "mean_rating/1: mean of the ratings, the lowest step of the scale as 0 and the highest as 1",
    MEAN,
    0.0,
    1.0,
    _same,
)
CSAT = Measure(
    "csat",
    "share",
    "csat/1: share of ratings in the top quarter of the scale (four and five of five)",
    SHARE,
    0.0,
    1.0,
    _top,
)
NET_SATISFACTION = Measure(
    "net_satisfaction",
    "points",
    "net_satisfaction/1: percent of ratings in the top quarter of the scale minus percent in the bottom "
    "quarter (four and five minus one and two of five); not the NPS",
    NET,
    -100.0,
    100.0,
    _net,
)
NPS = Measure(
    "nps",
    "points",
    "nps/1: percent of answers 9 and 10 minus percent of answers 0 to 6, scale 0–10",
    NET,
    -100.0,
    100.0,
    _promoting,
)
CES_EASY = Measure(
    "ces_easy",
    "share",
    "ces_easy/1: share of answers above the middle of the scale (five to seven of seven)",
    SHARE,
    0.0,
    1.0,
    _above_middle,
)
KEPT_RATE = Measure(
    "kept_rate",
    "share",
    "kept_rate/1: share of answers that say yes, it was kept",
    SHARE,
    0.0,
    1.0,
    _above_middle,
)
