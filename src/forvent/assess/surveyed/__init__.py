"""Gaps of surveys that asked both what was expected and what was received, in this order::

whole = collect(complete_pairs(answers, pairs=len(pairs)))
survey = survey_of(whole, pairs=pairs, scale=scale, choices=choices)
gaps = survey_gaps(survey, answers=whole, halves=halves, choices=choices, rng=rng)
cut = survey_cut(survey, values=whole["touchpoint"], column="step", kind="touchpoint", choices=choices)
"""

from forvent.assess.surveyed.answers import PERIODS, complete_pairs, half_pairs
from forvent.assess.surveyed.cuts import survey_cut
from forvent.assess.surveyed.doubts import doubts, half_answered, upside_down
from forvent.assess.surveyed.gaps import survey_gaps
from forvent.assess.surveyed.middle import middle_difference
from forvent.assess.surveyed.numbers import Bounds, Mix, Numbers, mix_table, numbers_of, rest_difference
from forvent.assess.surveyed.reliability import reliabilities
from forvent.assess.surveyed.sheets import Sheets, held_against, sheets_of
from forvent.assess.surveyed.sums import Sums, TwoSides, all_sums, cut_sums, side_sums
from forvent.assess.surveyed.survey import ALIKE, GapChoices, Survey, survey_of
from forvent.assess.surveyed.verdicts import against_expected, against_rest, rates
from forvent.assess.surveyed.zone import tolerance_zones

__all__ = [
    "ALIKE",
    "PERIODS",
    "Bounds",
    "GapChoices",
    "Mix",
    "Numbers",
    "Sheets",
    "Sums",
    "Survey",
    "TwoSides",
    "against_expected",
    "against_rest",
    "all_sums",
    "complete_pairs",
    "cut_sums",
    "doubts",
    "half_answered",
    "half_pairs",
    "held_against",
    "middle_difference",
    "mix_table",
    "numbers_of",
    "rates",
    "reliabilities",
    "rest_difference",
    "sheets_of",
    "side_sums",
    "survey_cut",
    "survey_gaps",
    "survey_of",
    "tolerance_zones",
    "upside_down",
]
