"""What scores are, on which scale they stand, and what each answer counts."""

import numpy as np
import pytest

from forvent.assess.scores import ASKED, asked_measures, usual_measures
from forvent.assess.scores.definitions import CES_EASY, CSAT, KEPT_RATE, NET_SATISFACTION, NPS
from forvent.errors import BadOption
from forvent.records import Scale

SEVEN, FIVE, ELEVEN, YES_NO = Scale(1, 7), Scale(1, 5), Scale(0, 10), Scale(0, 1)


def on(scale, *answers):
    return (np.array(answers, dtype=float) - scale.low) / (scale.high - scale.low)


def test_nine_and_ten_promote_and_zero_to_six_detract():
    assert NPS.points(on(ELEVEN, *range(11))).tolist() == [-100] * 7 + [0, 0, 100, 100]


def test_four_and_five_of_five_are_satisfied_and_one_and_two_are_not():
    assert CSAT.points(on(FIVE, 1, 2, 3, 4, 5)).tolist() == [0, 0, 0, 1, 1]
    assert NET_SATISFACTION.points(on(FIVE, 1, 2, 3, 4, 5)).tolist() == [-100, -100, 0, 100, 100]


def test_five_to_seven_of_seven_found_it_easy():
    assert CES_EASY.points(on(SEVEN, *range(1, 8))).tolist() == [0, 0, 0, 0, 1, 1, 1]
    assert CES_EASY.points(on(FIVE, *range(1, 6))).tolist() == [0, 0, 0, 1, 1]


def test_ces_is_the_mean_as_given_and_says_which_end_is_easy():
    ces = asked_measures(["ces"], scale=SEVEN)[0]
    assert ces.points(on(SEVEN, 1, 4, 7)).tolist() == [1, 4, 7]
    assert ces.definition == "ces/1: mean of the answers as given, 7 = least effort"
    assert (ces.lowest, ces.highest) == (1, 7)


def test_a_scale_whose_best_answer_is_one_is_turned_but_its_mean_stays_as_given():
    marks = Scale(5, 1)
    mean, csat = asked_measures(["mean", "csat"], scale=marks)
    best = on(marks, 1, 1, 2)
    assert mean.points(best).mean() == pytest.approx(4 / 3)
    assert csat.points(best).tolist() == [1, 1, 1]
    assert (mean.lowest, mean.highest, mean.unit) == (1, 5, "5–1")


def test_every_definition_has_a_version():
    made = [
        measure
        for scale in (ELEVEN, YES_NO)
        for measure in asked_measures(usual_measures(scale), scale=scale)
    ]
    made += asked_measures(["ces"], scale=SEVEN)
    assert all(measure.definition.startswith(f"{measure.name}/1: ") for measure in made)
    assert len({measure.name for measure in made}) == 7


@pytest.mark.parametrize(
    ("scale", "column", "usual"),
    [
        (FIVE, "stars", ("mean", "csat", "net")),
        (ELEVEN, "q1", ("mean", "csat", "net", "nps")),
        (YES_NO, "kept", ("kept",)),
        (SEVEN, "CES score", ("ces",)),
        (SEVEN, "process", ("mean", "csat", "net")),
    ],
)
def test_the_scale_and_the_name_say_which_scores_are_made(scale, column, usual):
    assert usual_measures(scale, column=column) == usual


def test_scores_are_made_in_one_order_whatever_order_they_are_asked_in():
    asked = asked_measures(["nps", "mean"], scale=ELEVEN)
    assert [measure.name for measure in asked] == ["mean_given", "nps"]
    assert asked_measures(["kept"], scale=YES_NO) == (KEPT_RATE,)


@pytest.mark.parametrize(
    ("name", "scale", "said"),
    [
        ("nps", FIVE, "NPS is defined on answers from 0 to 10, not on 1–5. Ask for --measure net, or name "
                      "the scale with --scale 0..10."),
        ("kept", FIVE, "A kept rate needs yes or no, not answers on 1–5. Ask for --measure csat."),
        ("joy", FIVE, f"“joy” is no score. Scores: {', '.join(ASKED)}."),
    ],
)  # fmt: skip
def test_scores_that_a_scale_does_not_allow_are_refused(name, scale, said):
    with pytest.raises(BadOption) as error:
        asked_measures([name], scale=scale)
    assert str(error.value) == said
