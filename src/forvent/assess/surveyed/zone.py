"""Where what was received lies between the adequate and the desired level."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from forvent.assess.judgements import as_floats
from forvent.assess.surveyed.numbers import FEW, LEAST, Bounds, Mix, mix_table, numbers_of
from forvent.assess.surveyed.sheets import Floats, Sheets, Truths, held_against
from forvent.assess.surveyed.sums import Sums, all_sums
from forvent.records import Estimate, NotEnough, SurveyPair, ToleranceZone
from forvent.stats.clusters import clustered_share


def tolerance_zones(
    answers: pa.Table,
    *,
    pairs: tuple[SurveyPair, ...],
    sheets: Sheets,
    bounds: tuple[Bounds | None, ...],
    mixes: tuple[Mix, ...],
    level: float = 0.95,
) -> tuple[ToleranceZone | None, ...]:
    r"""Shares of pairs in which less than adequate, something between, or at least the desired was received.

    With :math:`\mathrm{MSA}=P-A` and :math:`\mathrm{MSS}=P-D` a pair lies inside where
    :math:`\mathrm{MSA}\ge 0` and :math:`\mathrm{MSS}<0`; signs turn where less is better. Pairs whose
    adequate level is above the desired one are counted as crossed and lie nowhere. Shares over all pairs of a
    mix, with an interval that knows that pairs of one respondent are alike; together they need not hold 1
    in their intervals.

    Parameters
    ----------
    answers
        Rows of ``complete_pairs``.
    pairs
        The pairs in their order.
    sheets
        Result of ``sheets_of`` on the same rows.
    bounds
        Scale of each pair, None for amounts.
    mixes
        Pairs that are counted together.
    level
        Level of the intervals.

    Returns
    -------
    tuple of ToleranceZone or None
        One a mix; None where no pair of it asked for both levels.

    Source
    ------
    Parasuraman, Zeithaml & Berry (1994), J. Retailing 70(3), 201–230; Korn & Graubard (1998).

    Examples
    --------
    >>> from forvent.assess.surveyed import sheets_of
    >>> rows = {"received_0": [5.0, 6.0, 7.0, 8.0, 9.0, 9.0], "adequate_0": [6.0] * 6, "desired_0": [8.0] * 6}
    >>> table = pa.table({**rows, "expected_0": rows["desired_0"], "customer": list("abcdef")})
    >>> (zone,) = tolerance_zones(
    ...     table,
    ...     pairs=(SurveyPair("speed", "", "p", "a", "d"),),
    ...     sheets=sheets_of(table, better=("more",)),
    ...     bounds=(Bounds(1.0, 9.0),),
    ...     mixes=(Mix("speed", "pair", (0,), (1.0,)),),
    ... )
    >>> [round(share.value, 2) for share in (zone.below, zone.inside, zone.above)]
    [0.17, 0.33, 0.5]
    """
    asked = [bool(pair.adequate and pair.desired) for pair in pairs]
    if not any(asked):
        return tuple(None for _ in mixes)
    levels = _levels(answers, pairs, asked=asked)
    below, inside, above, centres = _sums(levels, pairs, sheets=sheets, mixes=mixes)
    found: list[ToleranceZone | None] = []
    for place, mix in enumerate(mixes):
        kept = [pair for pair in mix.pairs if asked[pair]]
        bound = bounds[kept[0]] if kept else None
        over_adequate, over_desired = (
            numbers_of(sums, centre=centre, mix=mix, place=place, bounds=bound, level=level).gap
            for sums, centre in zip((below, above), centres, strict=True)
        )
        zone = ToleranceZone(
            below=share_of(below, place, level=level),
            inside=share_of(inside, place, level=level),
            above=share_of(above, place, level=level),
            over_adequate=over_adequate,
            over_desired=over_desired,
            crossed=int(levels.crossed[kept].sum()),
        )
        found.append(zone if kept else None)
    return tuple(found)


def share_of(sums: Sums, place: int, *, level: float) -> Estimate | NotEnough:
    """Share of pairs that count as met in a mix; NotEnough with fewer than five respondents."""
    if sums.people[place] < LEAST:
        return NotEnough(n=int(sums.people[place]), needed=LEAST, why=FEW.format(needed=LEAST))
    return clustered_share(sums.share(place), level=level).estimate


@dataclass(frozen=True, slots=True, eq=False)
class _Levels:
    """Adequate, desired and received of each pair, NaN unless all three were answered and are in order."""

    adequate: list[Floats]
    desired: list[Floats]
    received: list[Floats]
    crossed: Truths


def _levels(answers: pa.Table, pairs: tuple[SurveyPair, ...], *, asked: list[bool]) -> _Levels:
    found = _Levels([], [], [], np.zeros((len(pairs), answers.num_rows), np.bool_))
    for number, ask in enumerate(asked):
        adequate, desired, received = (
            as_floats(answers[f"{part}_{number}"]) if ask else np.full(answers.num_rows, np.nan)
            for part in ("adequate", "desired", "received")
        )
        # Comparisons with NaN are false: an open part crosses nothing.
        wrong = adequate > desired if pairs[number].better == "more" else adequate < desired
        left = np.isnan(adequate) | np.isnan(desired) | np.isnan(received)
        found.crossed[number] = wrong & ~left
        found.adequate.append(np.where(wrong | left, np.nan, adequate))
        found.desired.append(np.where(wrong | left, np.nan, desired))
        found.received.append(np.where(wrong | left, np.nan, received))
    return found


def _sums(
    levels: _Levels, pairs: tuple[SurveyPair, ...], *, sheets: Sheets, mixes: tuple[Mix, ...]
) -> tuple[Sums, Sums, Sums, tuple[Floats, Floats]]:
    """Sums of what lies below, inside and above, and the centres of the first and the last."""
    table, better = mix_table(mixes, pairs=len(pairs)), [pair.better for pair in pairs]

    def against(side: list[Floats]) -> Sheets:
        return held_against(
            side, levels.received, better=better, person=sheets.person, persons=sheets.persons
        )

    desired = against(levels.desired)
    above, reached = all_sums(desired, table), desired.met
    centres = desired.centre
    # One side at a time: each is three numbers a pair and sheet.
    del desired
    adequate = against(levels.adequate)
    below = all_sums(replace(adequate, met=adequate.whole & ~adequate.met), table)
    inside = all_sums(replace(adequate, met=adequate.met & ~reached), table)
    return below, inside, above, (adequate.centre, centres)
