"""The gap of each pair, each dimension and all of a survey."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa

from forvent.assess.surveyed.middle import middle_difference
from forvent.assess.surveyed.numbers import Mix, Numbers, numbers_of
from forvent.assess.surveyed.reliability import reliabilities
from forvent.assess.surveyed.survey import GapChoices, Survey
from forvent.assess.surveyed.verdicts import against_expected, rates
from forvent.assess.surveyed.zone import share_of, tolerance_zones
from forvent.records import Estimate, NotEnough, SurveyGap

ROUNDS = 2000


def survey_gaps(
    survey: Survey,
    *,
    answers: pa.Table,
    halves: Sequence[tuple[int, int]],
    choices: GapChoices,
    rng: np.random.Generator,
    rounds: int = ROUNDS,
) -> tuple[SurveyGap, ...]:
    """The gap of each pair, each dimension, of all, and with weights.

    Whether a gap is a finding is judged over all gaps of its part (Benjamini–Hochberg).

    Parameters
    ----------
    survey
        Result of ``survey_of``.
    answers
        The rows it was made of.
    halves
        For each pair the sheets with only the expected, and only the received half.
    choices
        Level, and what counts as no gap.
    rng
        Source of randomness, seeded by the caller.
    rounds
        Bootstrap rounds of the reliability.

    Returns
    -------
    tuple of SurveyGap
        In the order of ``survey.mixes``; the weighted one has no reliability.

    Source
    ------
    Parasuraman, Zeithaml & Berry (1988), J. Retailing 64(1), 12–40.

    Examples
    --------
    >>> from forvent.assess.surveyed import survey_of
    >>> from forvent.records import SurveyPair
    >>> rows = {"expected_0": [9.0] * 8, "received_0": [7.0, 8.0] * 4, "customer": list("abcdefgh")}
    >>> pairs, choices = (SurveyPair("speed", "e", "p"),), GapChoices()
    >>> survey = survey_of(pa.table(rows), pairs=pairs, scale=(1.0, 10.0), choices=choices)
    >>> (found,) = survey_gaps(
    ...     survey,
    ...     answers=pa.table(rows),
    ...     halves=[(0, 0)],
    ...     choices=choices,
    ...     rng=np.random.default_rng(1),
    ... )
    >>> found.gap.value, found.verdict, found.met.value
    (-1.5, 'worse than expected', 0.0)
    """
    numbers = [
        numbers_of(
            survey.sums,
            centre=survey.sheets.centre,
            mix=mix,
            place=place,
            bounds=survey.bounds(mix.pairs[0]),
            level=choices.level,
        )
        for place, mix in enumerate(survey.mixes)
    ]
    zones = tolerance_zones(
        answers,
        pairs=survey.pairs,
        sheets=survey.sheets,
        bounds=tuple(survey.bounds(place) for place in range(len(survey.pairs))),
        mixes=survey.mixes,
        level=choices.level,
    )
    known = rates(
        [None if survey.doubted(mix) else found.p for mix, found in zip(survey.mixes, numbers, strict=True)],
        families=[mix.part for mix in survey.mixes],
    )
    rated = [mix for mix in survey.mixes if _has_reliability(survey, mix)]
    known_reliabilities = reliabilities(
        survey.sheets, mixes=rated, rng=rng, rounds=rounds, level=choices.level
    )
    reliable = {(mix.part, mix.name): found for mix, found in zip(rated, known_reliabilities, strict=True)}
    found = []
    for place, mix in enumerate(survey.mixes):
        made = _gap(survey, place, numbers=numbers[place], rate=known[place], halves=halves, choices=choices)
        middle = _middle(survey, mix, level=choices.level)
        found.append(
            replace(made, middle=middle, reliability=reliable.get((mix.part, mix.name)), zone=zones[place])
        )
    return tuple(found)


def _has_reliability(survey: Survey, mix: Mix) -> bool:
    """Ratings have one; weights would change it little."""
    return survey.pairs[mix.pairs[0]].kind == "rating" and mix.part != "weighted"


def _middle(survey: Survey, mix: Mix, *, level: float) -> Estimate | NotEnough | None:
    """The median of amounts."""
    sheets, pair = survey.sheets, mix.pairs[0]
    if survey.pairs[pair].kind != "level":
        return None
    whole = sheets.whole[pair]
    difference = (sheets.received(pair) - sheets.expected(pair))[whole]
    return middle_difference(difference, person=sheets.person[whole], level=level)


def _gap(
    survey: Survey,
    place: int,
    *,
    numbers: Numbers,
    rate: float | None,
    halves: Sequence[tuple[int, int]],
    choices: GapChoices,
) -> SurveyGap:
    mix = survey.mixes[place]
    first = survey.pairs[mix.pairs[0]]
    alike = survey.alike(mix, choices.alike)
    return SurveyGap(
        name=mix.name,
        part=mix.part,
        pairs=tuple(survey.pairs[pair].name for pair in mix.pairs),
        unit=first.unit,
        better=first.better,
        n=numbers.n,
        respondents=numbers.respondents,
        only_expected=sum(halves[pair][0] for pair in mix.pairs),
        only_received=sum(halves[pair][1] for pair in mix.pairs),
        expected=numbers.expected,
        received=numbers.received,
        gap=numbers.gap,
        rate=rate,
        verdict=against_expected(numbers.gap, rate, better=first.better, alike=alike),
        met=share_of(survey.sums, place, level=choices.level),
    )
