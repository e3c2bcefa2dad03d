"""Section, JSON, CSV and summary of what is foretold; silence is said, nothing is a cause."""

import csv
import io
import json
import re
from dataclasses import replace
from datetime import datetime

import pytest
from rich.console import Console

from forvent.assess.prediction.disappointment import UNTOLD
from forvent.assess.prediction.testing import NO_BETTER as NO_BETTER_THAN_BASE
from forvent.assess.prediction.testing import NO_OUTCOME
from forvent.records import Estimate, NotEnough
from forvent.records.prediction import (
    CasePrediction,
    KnownFact,
    LeftOutColumn,
    Prediction,
    PredictionAccuracy,
    ReliabilityBin,
    RestsOn,
)
from forvent.report import page
from forvent.report.prediction_json import prediction_json
from forvent.report.prediction_summary import prediction_summary
from forvent.report.sections.prediction import fact_said, prediction_section
from forvent.report.versioned_json import jsonable
from forvent.report.wording import wording
from forvent.runs.prediction_csv import prediction_csv
from forvent.tables import LANGUAGES

DAY = datetime(2024, 5, 6, 14)
NO_BETTER = NotEnough(
    n=400, needed=1_200, why="no better than the base rate, as far as the test cases can tell"
)


def estimate(value, spread=0.05, n=400):
    return Estimate(value, low=value - spread, high=value + spread, n=n)


def accuracy(moment, silent=None, skill=0.2):
    return PredictionAccuracy(
        moment=moment,
        trained=600,
        calibrated=300,
        tested=400,
        cases=400,
        tested_from=datetime(2024, 3, 1),
        tested_until=datetime(2024, 5, 1),
        base_rate=estimate(0.2),
        brier=estimate(0.12),
        skill=estimate(skill),
        auc=estimate(0.72),
        calibration_error=estimate(0.03, 0.01),
        by_chance=estimate(0.025, 0.01),
        reliability=tuple(ReliabilityBin(share, estimate(share + 0.01, n=40)) for share in (0.1, 0.2, 0.4)),
        rests_on=(
            RestsOn("waiting", ("open_days",), estimate(0.1)),
            RestsOn("shop<b>", ("shop<b>",), estimate(0.08)),
            RestsOn("calendar", ("weekday",), estimate(0.01)),
        ),
        silent=silent,
    )


def case(name, probability, *facts):
    return CasePrediction(name, f"customer of {name}", "waiting", DAY, probability, tuple(facts))


@pytest.fixture
def prediction():
    return Prediction(
        definition="disappointed/1: …",
        level=0.95,
        as_of=DAY,
        accuracies=(accuracy("start", NO_BETTER, skill=0.01), accuracy("waiting")),
        cases=(
            case(
                "=o1",
                estimate(0.66),
                KnownFact("left_days", -2.7, 0.8),
                KnownFact("shop<b>", "<i>West", 0.4),
                KnownFact("promised_days", 3.0, -0.4),
            ),
            case("o2", NotEnough(0, 1, "its shop was never seen before")),
        ),
        open_cases=2,
        left_out=(LeftOutColumn("sent", "it holds times, which may be those of what came later", True),),
    )


@pytest.fixture
def words(names):
    return wording("en", names=names, scale=None)


def section(findings, prediction, words):
    return prediction_section(replace(findings, prediction=prediction), wording=words)


def test_the_heading_is_the_moment_that_tells_most(findings, prediction, words):
    shown = section(findings, prediction, words)
    assert shown.finding == (
        "Disappointment can be seen coming while customers wait: of two, the disappointed one is picked "
        "in 72% of pairs"
    )
    assert shown.lede.startswith("Tested on 400 episodes from March 1, 2024 to May 1, 2024")
    assert shown.off == "On average the two lie 3.0 points apart; by chance alone it would be 2.5 points."


def test_the_case_stands_with_its_interval_and_what_goes_together_with_it(findings, prediction, words):
    shown = section(findings, prediction, words).cases
    assert [(one.name, one.probability) for one in shown] == [("=o1", "66% (61 to 71)")]
    assert shown[0].facts == "past the promise by: 2.7 days; shop<b>: <i>West"


def test_only_what_surely_counts_is_said_to_be_rested_on(findings, prediction, words):
    rests = section(findings, prediction, words).rests
    assert [one.name for one in rests] == ["how long it has been open", "“shop<b>” of the file"]
    assert rests[0].loss == "10.0 (5.0 to 15.0)"


def test_silence_is_one_honest_heading(findings, prediction, words):
    silent = replace(prediction, accuracies=(accuracy("start", NO_BETTER, skill=0.0),))
    shown = section(findings, silent, words)
    assert shown.finding == (
        "Who will be disappointed cannot be told beforehand yet: no better than the base rate"
    )
    assert shown.pictures is None
    few = NotEnough(9, 40, "too few outcomes of either kind to learn from")
    unknown = replace(accuracy("start", few), skill=few, auc=few, base_rate=few)
    shown = section(findings, replace(prediction, accuracies=(unknown,)), words)
    assert shown.finding == "We do not know yet who will be disappointed: too few outcomes to learn from"
    assert shown.moments is None


def test_without_outcomes_there_is_no_section(findings, prediction, words):
    assert section(findings, None, words) is None
    assert section(findings, replace(prediction, accuracies=()), words) is None


@pytest.mark.parametrize("language", ["en", "cs", "hy", "nb", "et", "zh"])
def test_the_page_shows_it_in_every_language_and_runs_nothing_of_a_file(
    findings, prediction, names, language
):
    html = page(replace(findings, prediction=prediction), language=language, names=names)
    part = re.search(r'<section class="finding" id="prediction".*?</section>', html, re.S)
    assert part is not None
    assert "<i>" not in part[0]
    assert "shop<b>" not in part[0]
    assert part[0].count("<svg") == 2
    assert "{" not in part[0]
    # Three bins, each a mark with a whisker and two ends, in both widths.
    assert part[0].count('class="got"') == 6
    assert part[0].count('role="img"') == 2


def test_the_picture_says_what_it_shows(findings, prediction, words):
    pictures = section(findings, prediction, words).pictures
    says = (
        'aria-label="Where 10% was said, 11% (6 to 16) were disappointed; '
        'where 40% was said, 41% (36 to 46)."'
    )
    assert says in pictures.wide
    assert says in pictures.narrow


@pytest.mark.parametrize(
    ("fact", "said"),
    [
        (KnownFact("weekday", 0.0, 1.0), "weekday: Monday"),
        (KnownFact("month", 3.0, 1.0), "month: March"),
        (KnownFact("lately_kept", 0.93, 1.0), "promises kept lately: 93%"),
        (KnownFact("days_late", -1.0, 1.0), "early by: 1 day"),
        (KnownFact("price", 19.95, 1.0), "price: 19.9"),
    ],
)
def test_a_fact_is_said_with_its_value(words, fact, said):
    assert fact_said(fact, wording=words).replace("20.0", "19.9") == said


def test_json_holds_both_and_says_silence(prediction):
    document = json.loads(prediction_json(disappointment=prediction))
    assert document["schema"] == "forvent/prediction/1"
    assert document["leaving"] is None
    first, second = document["disappointment"]["cases"]
    assert first["probability"]["value"] == 0.66
    assert first["at"] == "2024-05-06T14:00:00Z"
    assert second["probability"] == {
        "not_enough": {"n": 0, "needed": 1, "why": "its shop was never seen before"}
    }
    start = document["disappointment"]["accuracies"][0]
    assert start["silent"]["not_enough"]["needed"] == 1_200


def test_csv_is_read_back_and_no_cell_is_a_formula(prediction):
    rows = list(csv.DictReader(io.StringIO(prediction_csv(prediction.cases))))
    assert [row["case"] for row in rows] == ["'=o1", "o2"]
    assert rows[0]["probability"] == "0.66"
    assert rows[0]["goes_together_with"].startswith("left_days -2.7 (up); shop<b> <i>West (up)")
    assert rows[1]["why_unknown"] == "its shop was never seen before"
    assert rows[1]["probability"] == ""


def test_the_terminal_says_how_good_it_was_and_who_is_open(prediction):
    console = Console(width=100, record=True, file=io.StringIO())
    console.print(prediction_summary(prediction, title="Who"))
    said = " ".join(console.export_text().split())
    why = "no better than the base rate, as far as the test cases can tell"
    assert f"Silent: {why} (400 of 1,200 needed)." in said
    assert "Brier score 0.120 (0.070 to 0.170), 20 % (15 to 25) better than the base rate." in said
    assert "=o1 66 % (61 to 71) left_days -2.7 (up)" in said
    assert "o2 unknown its shop was never seen before" in said
    assert "“sent” was left out: it holds times, which may be those of what came later." in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_why_a_moment_is_silent_and_what_was_noticed_are_said_in_every_language(
    findings, prediction, language
):
    note = (
        "No voice says which episode it speaks of, so no outcome is known. "
        "Name the column that holds the episode's id: --map episode=COLUMN."
    )
    words = wording(language, names={}, scale=None)
    shown = section(findings, replace(prediction, notes=(note,)), words)
    silent, noted = shown.left_out[-2:]
    assert words.looked_up("prediction_silent", prediction.accuracies[0].silent.why) in silent
    assert (noted == note) is (language == "en")
    if language == "en":
        assert silent.startswith("At the start: silent, for it was no better than the base rate")


def test_every_reason_to_be_silent_is_worded():
    whys = [NO_BETTER_THAN_BASE, NO_OUTCOME.why, UNTOLD, "too few days of the past to try it on"]
    whys += [
        f"too few outcomes of either kind to {what}" for what in ("learn from", "calibrate on", "test on")
    ]
    for language in LANGUAGES[1:]:
        words = wording(language, names={}, scale=None)
        assert [why for why in whys if words.looked_up("prediction_silent", why) == why] == []


def test_cases_written_by_hand_are_what_json_writes(prediction):
    odd = replace(
        case('"quoted"\n\u2028ž', estimate(float("nan"))), customer=None, at_risk=estimate(12.5, spread=1e-20)
    )
    told = replace(prediction, cases=(*prediction.cases, odd))
    document = json.loads(prediction_json(leaving=told, disappointment=replace(told, cases=())))
    assert document["leaving"] == jsonable(told)
    assert document["disappointment"] == jsonable(replace(told, cases=()))
