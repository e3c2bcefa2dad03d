"""forvent scores: from a file to numbers, on the terminal and as JSON, and what is refused or said."""

import argparse
import json
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from forvent.commands.scores import add_scores_commands
from forvent.errors import BadOption
from forvent.records import Estimate, NotEnough, Scale
from forvent.runs.scoring import ScoreOptions, score_file

Said = pytest.CaptureFixture[str]


def command(*arguments: str) -> None:
    parser = argparse.ArgumentParser()
    add_scores_commands(parser.add_subparsers(required=True), now=lambda: datetime(2026, 1, 1))
    options = parser.parse_args(["scores", *arguments])
    options.run(options)


def wrote(tmp_path: Path, text: str, *, name: str = "answers.csv") -> str:
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    return str(file)


def column(values, *, head="score"):
    return head + "\n" + "".join(f"{value}\n" for value in values)


def named(group):
    return {score.name: score.estimate for score in group.scores}


@pytest.fixture
def survey(tmp_path: Path) -> str:
    """1,500 invited in two months; the content of the north answer most, and all are happier later."""
    rng = np.random.default_rng(20)
    lines = ["customer,region,age,month,invited,stars,food,room"]
    for number in range(1500):
        region, age = rng.choice(["north", "south"], p=[0.5, 0.5]), rng.choice(["young", "old"])
        month = rng.choice(["2026-01", "2026-02"])
        mood = {"north": 4.3, "south": 2.7}[region] + 0.5 * (month == "2026-02")
        answers = rng.random() < {"north": 0.7, "south": 0.2}[region]
        stars = [int(np.clip(round(rng.normal(mood, 1)), 1, 5)) if answers else "" for _ in range(3)]
        lines.append(f"c{number % 1100},{region},{age},{month},yes,{stars[0]},{stars[1]},{stars[2]}")
    return wrote(tmp_path, "\n".join(lines) + "\n")


KNOWN = "column,group,percent\nregion,north,50\nregion,south,50\nage,young,50\nage,old,50\n"


def test_nps_of_a_file_is_the_published_one(tmp_path, capsys: Said):
    file = wrote(tmp_path, column([10] * 15 + [9] * 10 + [8] * 15 + [6] * 4 + [0] * 6, head="nps"))
    command(file, "--json", "-")
    out, err = capsys.readouterr()
    document = json.loads(out)
    assert document["schema"] == "forvent/scores/1"
    found = {score["name"]: score for score in document["columns"][0]["groups"][0]["scores"]}["nps"]
    estimate = found["estimate"]
    assert (round(estimate["value"]), round(estimate["low"]), round(estimate["high"])) == (30, 7, 49)
    assert found["definition"].startswith("nps/1: ")
    assert "NPS               30 (7 … 49)" in err


def test_three_kept_of_three_is_fortyfour_to_a_hundred_percent(tmp_path, capsys: Said):
    command(wrote(tmp_path, column(["yes"] * 3, head="kept")), "--score", "kept")
    out = capsys.readouterr().out
    assert "kept rate  100 % (44 … 100)" in out
    assert "All 3 answers are 1." in out


def test_nps_of_a_column_without_a_zero_can_be_asked_for(tmp_path):
    file = wrote(tmp_path, column([9, 10, 8, 7, 9, 3, 10, 9, 8, 2] * 3))
    found = score_file(file, options=ScoreOptions(scores=["score"], measures=["nps"]))
    assert found.columns[0].scale == Scale(0.0, 10.0, guessed=False)
    assert named(found.columns[0].groups[0])["nps"].value == pytest.approx(50 - 20)


def test_ces_has_mean_and_share_of_easy(tmp_path):
    found = score_file(wrote(tmp_path, column([7, 6, 5, 4, 1, 2], head="ces"))).columns[0]
    assert named(found.groups[0])["ces"].value == pytest.approx(25 / 6)
    assert named(found.groups[0])["ces_easy"].value == 0.5
    assert (found.scale.low, found.scale.high) == (1, 7)


def test_one_respondent_is_not_enough_for_a_number(tmp_path, capsys: Said):
    command(wrote(tmp_path, column([5])), "--score", "score", "--scale", "1..5")
    assert "not enough data (too few answers: 1 of 3)" in capsys.readouterr().out


def test_all_the_same_answer_is_said_and_not_called_certain(tmp_path):
    found = score_file(wrote(tmp_path, column([5] * 40)), options=ScoreOptions(scale=Scale(1, 5))).columns[0]
    assert found.cautions[-1] == "All 40 answers are 5."
    assert all(one.low < one.value for one in named(found.groups[0]).values())


def test_a_scale_upside_down_is_found_and_said_and_not_turned(tmp_path):
    rng = np.random.default_rng(21)
    mood = rng.integers(1, 6, 200)
    near = [np.clip(mood + rng.integers(-1, 2, 200), 1, 5) for _ in range(2)]
    lines = "".join(f"{6 - one},{two},{three}\n" for one, two, three in zip(mood, *near, strict=True))
    file = wrote(tmp_path, "stars,food,room\n" + lines)
    found = score_file(file, options=ScoreOptions(scores=["stars"])).columns[0]
    assert found.scale_check.verdict == "upside down"
    [said] = [text for text in found.cautions if "upside down" in text]
    assert said.startswith("“stars” runs against “food”, “room” (correlation −0.")
    assert said.endswith("It was not turned; if 1 is the best answer, write --scale 5..1.")
    turned = score_file(
        file, options=ScoreOptions(scores=["stars"], scale=Scale(5, 1, guessed=False))
    ).columns[0]
    assert named(turned.groups[0])["csat"].value == pytest.approx((mood >= 4).mean())
    assert turned.cautions[0] == "“stars”: 1 was read as the best answer and 5 as the worst."
    assert turned.scale_check.verdict == "as read"


def test_raking_gives_the_unheard_their_share(survey, tmp_path):
    known = wrote(tmp_path, KNOWN, name="known.csv")
    plain = score_file(survey, options=ScoreOptions(scores=["stars"])).columns[0]
    raked = score_file(survey, options=ScoreOptions(scores=["stars"], margins=known)).columns[0]
    [report] = raked.weighting
    assert report.converged
    assert report.largest_miss < 1e-8
    assert 1.2 < report.design_effect < 2.5
    assert named(plain.groups[0])["mean_given"].value > 3.9
    assert named(raked.groups[0])["mean_given"].value == pytest.approx(3.6, abs=0.2)
    assert (
        raked.groups[0]
        .scores[0]
        .definition.endswith(
            "; weighted to known margins; answers of one customer kept together in the interval"
        )
    )


def test_waves_are_raked_each_for_itself_and_compared(survey, tmp_path, capsys: Said):
    known, out = wrote(tmp_path, KNOWN, name="known.csv"), tmp_path / "made" / "scores.json"
    command(
        survey, "--score", "stars", "--wave", "month", "--segment", "region", "--invited", "invited",
        "--margins", known, "--json", str(out),
    )  # fmt: skip
    document = json.loads(out.read_text(encoding="utf-8"))
    [found] = document["columns"]
    assert [one["wave"] for one in found["weighting"]] == [None, "2026-01", "2026-02"]
    changes = {(one["group"], one["name"]): one for one in found["changes"]}
    assert changes[None, "mean_given"]["verdict"] == "higher"
    assert changes[None, "mean_given"]["both"] > 0
    assert set(changes) == {(group, name) for group in (None, "north", "south") for name in
                            ("mean_given", "csat", "net_satisfaction")}  # fmt: skip
    said = capsys.readouterr().out
    assert "2026-01 → 2026-02  mean" in said
    assert str(out) in said.replace("\n", "")


def test_who_answered_is_counted_and_bounded(survey):
    found = score_file(
        survey, options=ScoreOptions(scores=["stars"], invited="invited", known=["region", "age"])
    ).columns[0]
    response = found.response
    assert response.invited == 1500
    assert response.rate.value == response.answered / 1500
    alike = response.representativeness
    assert alike.indicator.value == pytest.approx(1 - 2 * 0.25, abs=0.06)
    assert alike.partial["region"] > 5 * alike.partial["age"]
    for bound, score in zip(response.bounds, found.groups[0].scores, strict=True):
        assert bound.worst.value < score.estimate.value < bound.best.value
        assert isinstance(bound.largest_bias, Estimate)


def test_a_number_of_invited_bounds_as_well(tmp_path):
    file = wrote(tmp_path, column(["yes"] * 30 + ["no"] * 10, head="kept"))
    response = score_file(file, options=ScoreOptions(scores=["kept"], invited=100)).columns[0].response
    assert (response.invited, response.answered, response.rate.value) == (100, 40, 0.4)
    assert response.bounds[0].worst.value == pytest.approx(0.3)
    assert response.bounds[0].best.value == pytest.approx(0.9)
    assert response.representativeness == NotEnough(
        0, 1, "of those who did not answer only their number is known"
    )


def test_customers_who_repeat_are_found_and_said(survey):
    found = score_file(survey, options=ScoreOptions(scores=["stars"]))
    assert found.repeated
    assert found.cautions[0] == "“customer” was taken for the customer; name another with --customer."
    assert "answers of one customer count together" in found.cautions[1]
    alone = score_file(survey, options=ScoreOptions(scores=["stars"], customer="-"))
    assert not alone.repeated


def test_several_columns_are_scored_each_on_its_own_scale(tmp_path):
    lines = "".join(f"{n % 11},{1 + n % 5},{'yes' if n % 3 else 'no'}\n" for n in range(60))
    found = score_file(
        wrote(tmp_path, "nps,stars,kept\n" + lines), options=ScoreOptions(scores=["nps", "stars", "kept"])
    )
    assert [(one.scale.low, one.scale.high) for one in found.columns] == [(0, 10), (1, 5), (0, 1)]
    assert [len(one.groups[0].scores) for one in found.columns] == [4, 3, 1]
    assert found.columns[2].answers == {"0": 20, "1": 40}


def test_the_same_file_gives_the_same_text(survey, tmp_path, capsys: Said):
    texts = []
    for _ in range(2):
        command(survey, "--score", "stars", "--invited", "invited", "--segment", "region", "--json", "-")
        texts.append(capsys.readouterr().out)
    assert texts[0] == texts[1]
    assert "NaN" not in texts[0]


def test_answers_outside_the_scale_are_shown_with_their_rows(tmp_path, capsys: Said):
    command(wrote(tmp_path, column([1, 2, 3, 4, 5, 6, 5, 9])), "--score", "score", "--scale", "1..5")
    assert "2 × kept, but: answer outside the scale 1–5 in “score”: rows 7, 9" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("known", "said"),
    [
        ("column,group,share\nregion,north,1\n",
         "“region” has answers of “south”, and the margins know only north. "
         "Give the margins every group of the answers, written alike."),
        ("column,group,share\nregion,north,0.4\nregion,south,0.5\nregion,islands,0.1\n",
         "Nobody who answered is in “islands” of “region”, in which 10.0% of all are. "
         "Join it with another group in the file of margins and in the answers."),
        ("column,group,share\nregion,north,0.4\nregion,south,0.5\n",
         "known.csv: the groups of “region” add up to 0.9, not to 1. "
         "Add the groups that are missing, or correct the amounts."),
    ],
)  # fmt: skip
def test_margins_that_do_not_fit_are_refused(survey, tmp_path, known, said):
    file = wrote(tmp_path, known, name="known.csv")
    with pytest.raises(BadOption) as error:
        score_file(survey, options=ScoreOptions(scores=["stars"], margins=file))
    assert str(error.value) == said


def test_margins_that_no_weights_can_meet_are_said(tmp_path):
    lines = "".join(f"{1 + n % 5},{'a' if n % 2 else 'b'},{'x' if n % 2 else 'y'}\n" for n in range(40))
    known = "column,group,share\none,a,0.5\none,b,0.5\nother,x,0.2\nother,y,0.8\n"
    found = score_file(
        wrote(tmp_path, "stars,one,other\n" + lines),
        options=ScoreOptions(scores=["stars"], margins=wrote(tmp_path, known, name="known.csv")),
    ).columns[0]
    assert not found.weighting[0].converged
    assert found.cautions[-1].startswith(
        "No weights meet all margins: after 1,000 rounds a share is still off by "
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--scale", "five"),
         "'--scale five' is no scale. Write it as --scale 1..5, the worst answer first."),
        (
            ("--scale", "5..5"),
            "'--scale 5..5' has no two ends. Write it as --scale 1..5, the worst answer first.",
        ),
        (("--every", "month"),
         "Periods are cut from a column of times, and none is given. Add --wave COLUMN."),
        (("--invited", "3"), "6 answered, but only 3 were invited. "
                             "Give --invited the number of customers who were asked."),
        (("--json", "."), "'.' is a folder. Name a file in it."),
        (("--measure", "kept"), "A kept rate needs yes or no, not answers on 1–5. Ask for --measure csat."),
    ],
)  # fmt: skip
def test_options_that_cannot_be_are_refused(tmp_path, arguments, said):
    file = wrote(tmp_path, column([1, 2, 3, 4, 5, 5]))
    with pytest.raises(BadOption) as error:
        command(file, "--score", "score", *arguments)
    assert str(error.value) == said


def test_after_an_error_nothing_is_written(tmp_path):
    out = tmp_path / "out" / "scores.json"
    with pytest.raises(BadOption):
        command(wrote(tmp_path, column([1, 2, 3])), "--score", "score", "--invited", "1", "--json", str(out))
    assert not out.parent.exists()


def test_a_not_applicable_number_may_be_given_in_any_form(tmp_path):
    file = wrote(tmp_path, column([1, 2, 5, 99, 99]))
    scores = score_file(file, options=ScoreOptions(scores=["score"], not_applicable=["99.0"]))
    assert scores.columns[0].answers == {"1": 1, "2": 1, "5": 1}
