"""Scores of answers: definitions, intervals, waves, weights to known margins, and who did not answer."""

from forvent.assess.scores.changes import score_change
from forvent.assess.scores.definitions import ASKED, Measure, asked_measures, measures_of, usual_measures
from forvent.assess.scores.direction import check_scale
from forvent.assess.scores.limits import Moments, estimate_of
from forvent.assess.scores.moments import Answers, AnswerSums, moments, sums_of
from forvent.assess.scores.raking import Raked, kish, rake
from forvent.assess.scores.ratings import scores
from forvent.assess.scores.representative import Invited, representativeness
from forvent.assess.scores.response import largest_bias, response_rate, score_bounds
from forvent.assess.scores.sheet import Cut, column_scores
from forvent.assess.scores.weights import Margin, Weighed, weighed

__all__ = [
    "ASKED",
    "AnswerSums",
    "Answers",
    "Cut",
    "Invited",
    "Margin",
    "Measure",
    "Moments",
    "Raked",
    "Weighed",
    "asked_measures",
    "check_scale",
    "column_scores",
    "estimate_of",
    "kish",
    "largest_bias",
    "measures_of",
    "moments",
    "rake",
    "representativeness",
    "response_rate",
    "score_bounds",
    "score_change",
    "scores",
    "sums_of",
    "usual_measures",
    "weighed",
]
