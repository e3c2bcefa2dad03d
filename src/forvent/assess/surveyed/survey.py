"""Collected answers of a survey, ready to be compared: arrays, sums, and which pairs count together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from forvent.assess.surveyed.doubts import upside_down
from forvent.assess.surveyed.numbers import Bounds, Mix, mix_table
from forvent.assess.surveyed.sheets import Sheets, sheets_of
from forvent.assess.surveyed.sums import Sums, all_sums
from forvent.errors import BadOption
from forvent.records import SurveyCaution, SurveyPair
from forvent.stats import check_level

#: Share of the width of the scale up to which a gap counts as none.
ALIKE = 0.05


@dataclass(frozen=True, slots=True)
class GapChoices:
    """How gaps are to be judged.

    ``alike`` is the share of the width of the scale up to which a gap counts as none. ``weights`` are
    points by dimension or pair. ``keep`` names columns that are not upside down, whatever it looks like.
    Of a column ``most`` groups are shown.
    """

    level: float = 0.95
    alike: float = ALIKE
    weights: Mapping[str, float] = field(default_factory=dict)
    keep: tuple[str, ...] = ()
    most: int = 30

    def __post_init__(self) -> None:
        check_level(self.level)
        if not 0.0 <= self.alike < 1.0:
            raise BadOption(
                f"{self.alike:g} of the scale cannot count as no gap.", hint="Give a share such as 0.05."
            )
        if self.most < 1:
            raise BadOption(f"{self.most} groups cannot be shown.", hint="Give at least 1.")


@dataclass(frozen=True, slots=True, eq=False)
class Survey:
    """Answers with what their numbers need; ``rated`` are the pairs that count over all."""

    pairs: tuple[SurveyPair, ...]
    scale: tuple[float, float] | None
    sheets: Sheets
    mixes: tuple[Mix, ...]
    sums: Sums
    rated: tuple[int, ...]
    upside_down: tuple[SurveyCaution, ...]

    def bounds(self, pair: int) -> Bounds | None:
        """The scale of a pair; None for amounts."""
        rating = self.pairs[pair].kind == "rating" and self.scale is not None
        return Bounds(*self.scale) if rating and self.scale is not None else None

    def alike(self, mix: Mix, share: float) -> float | None:
        """Up to which gap a mix counts as having none; None for amounts, and where the scale is doubted."""
        bounds = self.bounds(mix.pairs[0])
        return None if bounds is None or self.doubted(mix) else share * (bounds.high - bounds.low)

    def doubted(self, mix: Mix) -> bool:
        """Whether a scale of it seems upside down, so that its gap is no finding."""
        return self.pairs[mix.pairs[0]].kind == "rating" and not set(mix.pairs) <= set(self.rated)


def survey_of(
    answers: pa.Table,
    *,
    pairs: tuple[SurveyPair, ...],
    scale: tuple[float, float] | None,
    choices: GapChoices,
) -> Survey:
    """Collected answers, ready for ``survey_gaps`` and ``survey_cut``.

    Amounts have units of their own and are no part of dimensions or of all; ratings that run against the
    others are left out of both.

    Parameters
    ----------
    answers
        Rows of ``complete_pairs``.
    pairs
        The pairs in their order.
    scale
        Lowest and highest rating; None without ratings.
    choices
        Weights, and columns that are right as they are.

    Returns
    -------
    Survey
        Mixes in the order pairs, dimensions, all, weighted; "all" where two ratings count at least.

    Raises
    ------
    BadOption
        If a weight is of no dimension or pair that counts, or is not above 0.

    Source
    ------
    Our own definition, docs/formulas/assess-surveyed.md#pairs.

    Examples
    --------
    >>> rows = {"customer": ["x"], "expected_0": [9.0], "received_0": [8.0]}
    >>> rows |= {"expected_1": [9.0], "received_1": [9.0]}
    >>> pairs = (SurveyPair("speed", "e1", "p1"), SurveyPair("care", "e2", "p2"))
    >>> found = survey_of(pa.table(rows), pairs=pairs, scale=(1.0, 10.0), choices=GapChoices())
    >>> [mix.name for mix in found.mixes]
    ['speed', 'care', 'all']
    """
    sheets = sheets_of(answers, better=tuple(pair.better for pair in pairs))
    turned = upside_down(sheets, pairs=pairs, keep=choices.keep)
    columns = {column for caution in turned for column in caution.about}
    rated = tuple(
        place
        for place, pair in enumerate(pairs)
        if pair.kind == "rating" and not columns & {pair.expected or pair.desired, pair.received}
    )
    mixes = _mixes(pairs, rated, choices.weights)
    sums = all_sums(sheets, mix_table(mixes, pairs=len(pairs)))
    return Survey(pairs, scale, sheets, mixes, sums, rated, turned)


def _mixes(
    pairs: Sequence[SurveyPair], rated: Sequence[int], weights: Mapping[str, float]
) -> tuple[Mix, ...]:
    mixes = [Mix(pair.name, "pair", (place,), (1.0,)) for place, pair in enumerate(pairs)]
    of: dict[str, list[int]] = {}
    for place in rated:
        if pairs[place].dimension:
            of.setdefault(pairs[place].dimension, []).append(place)
    mixes += [_even(name, "dimension", places) for name, places in of.items()]
    if len(rated) > 1:
        mixes.append(_even("all", "all", rated))
    if weights:
        mixes.append(_weighted(mixes, rated, weights))
    return tuple(mixes)


def _even(name: str, part: str, places: Sequence[int]) -> Mix:
    return Mix(name, part, tuple(places), (1.0 / len(places),) * len(places))


def _weighted(mixes: Sequence[Mix], rated: Sequence[int], weights: Mapping[str, float]) -> Mix:
    """Each dimension or pair by its points; the pairs of a dimension count alike."""
    known = {mix.name.casefold(): mix for mix in mixes if set(mix.pairs) <= set(rated) and mix.part != "all"}
    points: dict[int, float] = {}
    for name, weight in weights.items():
        mix = known.get(name.casefold())
        if mix is None:
            raise BadOption(
                f"“{name}” has a weight but is no dimension or pair that counts.",
                hint=f"Weigh some of: {', '.join(mix.name for mix in known.values())}.",
            )
        if not weight > 0.0:
            raise BadOption(
                f"The weight {weight:g} of “{name}” is not above 0.", hint="Leave it out instead."
            )
        for place in mix.pairs:
            points[place] = points.get(place, 0.0) + weight / len(mix.pairs)
    total = sum(points.values())
    places = sorted(points)
    return Mix("weighted", "weighted", tuple(places), tuple(points[place] / total for place in places))
