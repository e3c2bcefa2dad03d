"""The groups that a survey falls into, each beside what it expected and beside all others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pyarrow as pa

from forvent.assess.surveyed.numbers import Numbers, mix_table, numbers_of, rest_difference
from forvent.assess.surveyed.sheets import Codes, Truths
from forvent.assess.surveyed.sums import TwoSides, cut_sums
from forvent.assess.surveyed.survey import GapChoices, Survey
from forvent.assess.surveyed.verdicts import against_expected, against_rest, rates
from forvent.records import Estimate, GroupGap, NotEnough, SurveyCut, SurveyGroup

TIME = "time"


@dataclass(frozen=True, slots=True)
class _Compared:
    """One mix in one group, before it is judged among the others."""

    place: int
    numbers: Numbers
    against_rest: Estimate | NotEnough
    rest_p: float | None


@dataclass(frozen=True, slots=True)
class _Group:
    name: str
    sheets: int
    respondents: int
    compared: tuple[_Compared, ...]


def survey_cut(
    survey: Survey, *, values: pa.ChunkedArray, column: str, kind: str, choices: GapChoices
) -> SurveyCut:
    """The gaps of every group of a column, and how far each lies from all answers outside it.

    Both questions, whether a group differs from what it expected and whether it differs from the rest,
    are judged over all gaps of the column (Benjamini–Hochberg), each for itself.

    Parameters
    ----------
    survey
        Result of ``survey_of``.
    values
        Group of each sheet, length n: text, or the first moment of a period; null where unknown.
    column
        Name of the column in the file.
    kind
        "touchpoint", "segment" or "time".
    choices
        Level, what counts as no gap, and how many groups are shown: the largest, of periods the latest.

    Returns
    -------
    SurveyCut
        Groups from the largest, periods in their order. Sheets without a group stand among the rest.

    Source
    ------
    Our own definition, docs/formulas/assess-surveyed.md#groups.

    Examples
    --------
    >>> from forvent.assess.surveyed import survey_of
    >>> from forvent.records import SurveyPair
    >>> rows = {"expected_0": [9.0] * 12, "received_0": [7.0, 8.0] * 6, "customer": list("abcdefghijkl")}
    >>> pairs, choices = (SurveyPair("speed", "e", "p"),), GapChoices()
    >>> survey = survey_of(pa.table(rows), pairs=pairs, scale=(1.0, 10.0), choices=choices)
    >>> shops = pa.chunked_array([["Ghent", "Lille"] * 6])
    >>> cut = survey_cut(survey, values=shops, column="shop", kind="segment", choices=choices)
    >>> [(group.name, group.answers, group.gaps[0].gap.value) for group in cut.groups]
    [('Ghent', 6, -2.0), ('Lille', 6, -1.0)]
    """
    codes, names = _groups(values)
    whole: Truths = np.any(survey.sheets.whole, axis=0)
    counts = np.bincount(codes[whole & (codes >= 0)], minlength=len(names))
    shown = _shown(counts, names, kind=kind, most=choices.most)
    sides = cut_sums(
        survey.sheets,
        mix_table(survey.mixes, pairs=len(survey.pairs)),
        group=_places(codes, shown=shown, whole=whole, count=len(names)),
        groups=len(shown),
        total=survey.sums,
    )
    groups = [
        _group(survey, side, name=names[code], choices=choices)
        for code, side in zip(shown, sides, strict=True)
    ]
    judged = _judged(survey, groups, choices=choices)
    return SurveyCut(
        column=column,
        kind=kind,
        groups=tuple(
            SurveyGroup(group.name, group.sheets, group.respondents, gaps)
            for group, gaps in zip(groups, judged, strict=True)
        ),
        left_out=int(np.count_nonzero(counts)) - len(shown),
        blank=int(np.count_nonzero(whole & (codes < 0))),
    )


def _groups(values: pa.ChunkedArray) -> tuple[Codes, list[str]]:
    """Code of each sheet's group, −1 where it has none, and the names of groups."""
    encoded = values.combine_chunks().dictionary_encode()
    codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    names = [
        value.date().isoformat() if isinstance(value, datetime) else str(value)
        for value in encoded.dictionary.to_pylist()
    ]
    return codes, names


def _shown(counts: Codes, names: list[str], *, kind: str, most: int) -> list[int]:
    filled = [code for code, count in enumerate(counts.tolist()) if count]
    if kind == TIME:
        return sorted(filled, key=lambda code: names[code])[-most:]
    return sorted(filled, key=lambda code: (-counts[code], names[code]))[:most]


def _places(codes: Codes, *, shown: list[int], whole: Truths, count: int) -> Codes:
    """Place of each sheet's group among those shown; −1 for the sheets of none of them."""
    place = np.full(count + 1, -1, np.int64)
    place[shown] = np.arange(len(shown))
    # The last place is that of code −1.
    return np.where(whole, place[codes], -1)


def _group(survey: Survey, sides: TwoSides, *, name: str, choices: GapChoices) -> _Group:
    """One group in numbers, beside all other sheets."""
    sheets = survey.sheets
    compared = []
    for place, mix in enumerate(survey.mixes):
        bounds = survey.bounds(mix.pairs[0])
        numbers = numbers_of(
            sides.group, centre=sheets.centre, mix=mix, place=place, bounds=bounds, level=choices.level
        )
        rest, p = rest_difference(
            sides, centre=sheets.centre, mix=mix, place=place, bounds=bounds, level=choices.level
        )
        compared.append(_Compared(place, numbers, rest, p))
    return _Group(name, sides.group.sheets, sides.group.respondents, tuple(compared))


def _judged(survey: Survey, groups: list[_Group], *, choices: GapChoices) -> list[tuple[GroupGap, ...]]:
    """The gaps of each group, judged over all gaps of all groups."""
    flat = [compared for group in groups for compared in group.compared]
    one_family = ["cut"] * len(flat)
    sure = [not survey.doubted(survey.mixes[compared.place]) for compared in flat]
    known = rates(
        [one.numbers.p if ok else None for one, ok in zip(flat, sure, strict=True)], families=one_family
    )
    rest = rates(
        [one.rest_p if ok else None for one, ok in zip(flat, sure, strict=True)], families=one_family
    )
    made = [
        _gap(survey, compared, rate=rate, rest_rate=rest_rate, alike=choices.alike)
        for compared, rate, rest_rate in zip(flat, known, rest, strict=True)
    ]
    width = len(survey.mixes)
    return [tuple(made[place * width : (place + 1) * width]) for place in range(len(groups))]


def _gap(
    survey: Survey, compared: _Compared, *, rate: float | None, rest_rate: float | None, alike: float
) -> GroupGap:
    mix, numbers = survey.mixes[compared.place], compared.numbers
    first = mix.pairs[0]
    better, none = survey.pairs[first].better, survey.alike(mix, alike)
    return GroupGap(
        name=mix.name,
        part=mix.part,
        n=numbers.n,
        respondents=numbers.respondents,
        expected=numbers.expected,
        received=numbers.received,
        gap=numbers.gap,
        rate=rate,
        verdict=against_expected(numbers.gap, rate, better=better, alike=none),
        against_rest=compared.against_rest,
        rest_rate=rest_rate,
        rest_verdict=against_rest(compared.against_rest, rest_rate, better=better, alike=none),
    )
