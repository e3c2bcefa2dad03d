"""A survey from file to gaps: the bank's, and damaged ones."""

import os
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from forvent.assess.surveyed import GapChoices
from forvent.errors import BadOption, NothingUsable
from forvent.reading.survey_columns import SurveyChoices
from forvent.records import Estimate, NotEnough
from forvent.runs.surveyed import SurveyOptions, surveyed_gaps

BANK = Path(__file__).parents[4] / "../shared/data/surveys/bank_ecsi.csv"
NOW = datetime(2026, 3, 1)


def made(folder: Path, columns: dict[str, np.ndarray]) -> Path:
    """A file with these columns."""
    file = folder / "survey.csv"
    rows = zip(*columns.values(), strict=True)
    text = "\n".join([",".join(columns), *(",".join(map(str, row)) for row in rows)])
    file.write_text(text + "\n", encoding="utf-8")
    return file


@pytest.fixture
def moods():
    """Five pairs of ratings 1–7 from 300 people who differ in mood."""
    rng = np.random.default_rng(3)
    mood = 0.8 * rng.normal(size=300)

    def part(centre: float) -> np.ndarray:
        return np.clip(np.rint(centre + mood + 0.8 * rng.normal(size=300)), 1, 7).astype(int)

    columns = {f"E{number}": part(5.5) for number in range(1, 6)}
    return columns | {f"P{number}": part(4.8) for number in range(1, 6)}


def of(found, part="all"):
    return next(gap for gap in found.gaps if gap.part == part)


@pytest.fixture(scope="module")
def bank():
    if not BANK.exists() and os.environ.get("CI") != "true":
        pytest.skip("the shared test data are not beside the project")
    return surveyed_gaps(BANK, now=NOW)


@pytest.mark.data
def test_the_bank_receives_half_a_point_less_than_expected(bank):
    gap = of(bank)
    assert gap.gap.value == pytest.approx(-0.53, abs=0.01)
    # By hand: mean of the 250 customers' mean differences, ± t(249) · s / √250.
    assert (gap.gap.low, gap.gap.high) == pytest.approx((-0.6550, -0.4202), abs=1e-4)
    assert gap.verdict == "worse than expected"
    assert [pair.expected for pair in bank.pairs] == [f"expe{number}" for number in range(1, 6)]


@pytest.mark.data
def test_the_reliability_of_the_banks_difference_is_reported_with_both_parts(bank):
    found = of(bank).reliability
    assert found.expected.value == pytest.approx(0.843, abs=1e-3)
    assert found.received.value == pytest.approx(0.869, abs=1e-3)
    assert found.correlation.value == pytest.approx(0.845, abs=1e-3)
    assert found.difference.value == pytest.approx(0.083, abs=1e-3)
    assert found.items.value == pytest.approx(0.631, abs=1e-3)
    assert found.verdict == "low"


@pytest.mark.data
def test_the_banks_zeros_are_pointed_out_and_can_be_left_out(bank):
    assert any("--not-applicable 0" in note for note in bank.files[0].notes)
    options = SurveyOptions(reading=SurveyChoices(not_applicable=(0.0,)))
    found = surveyed_gaps(BANK, now=NOW, options=options)
    assert found.scale == (1.0, 10.0)
    assert of(found).gap.value == pytest.approx(-0.508, abs=1e-3)


def test_the_same_file_gives_the_same_result(tmp_path, moods):
    file = made(tmp_path, moods)
    assert surveyed_gaps(file, now=NOW) == surveyed_gaps(file, now=NOW)


def test_half_the_pairs_missing_is_said_and_the_rest_is_used(tmp_path, moods):
    rng = np.random.default_rng(4)
    for number in range(1, 6):
        moods[f"P{number}"] = np.where(rng.random(300) < 0.5, "", moods[f"P{number}"].astype(str))
    found = surveyed_gaps(made(tmp_path, moods), now=NOW)
    gap = of(found)
    assert gap.n + gap.only_expected == 1500
    assert gap.gap.value == pytest.approx(-0.7, abs=0.15)
    assert [caution.name for caution in found.cautions] == ["half_answered"] * 5
    assert isinstance(gap.reliability.difference, NotEnough)


def test_no_whole_pair_is_refused_with_the_halves(tmp_path):
    rows = {"expected_x": [5, "", 4, ""], "received_x": ["", 3, "", 4]}
    with pytest.raises(NothingUsable) as refused:
        surveyed_gaps(made(tmp_path, rows), now=NOW)
    assert str(refused.value) == (
        "No pair of survey.csv is whole: x: 2 only expected, 2 only received. A gap needs both halves from "
        "the same person; look at the pairs with --map."
    )


def test_one_respondent_gets_no_number(tmp_path, moods):
    found = surveyed_gaps(made(tmp_path, {name: values[:1] for name, values in moods.items()}), now=NOW)
    assert all(isinstance(gap.gap, NotEnough) and gap.verdict == "not enough data" for gap in found.gaps)
    assert "few_respondents" in {caution.name for caution in found.cautions}


def test_one_respondent_with_many_sheets_is_still_one(tmp_path, moods):
    found = surveyed_gaps(made(tmp_path, {**moods, "customer": ["c"] * 300}), now=NOW)
    assert (found.respondents, of(found).n) == (1, 1500)
    assert of(found).gap == NotEnough(n=1, needed=5, why="fewer than 5 respondents answered both")


def test_all_the_same_answer_is_no_certainty(tmp_path, moods):
    found = surveyed_gaps(made(tmp_path, {name: [5] * 50 for name in moods}), now=NOW)
    assert of(found).gap.low < -0.1
    assert of(found).gap.high > 0.1
    assert {caution.name for caution in found.cautions} == {"one_answer_to_all", "same_difference"}


def test_a_scale_upside_down_is_found_and_turned_on_demand(tmp_path, moods):
    right = of(surveyed_gaps(made(tmp_path, moods), now=NOW)).gap
    moods["P3"] = 8 - moods["P3"]
    found = surveyed_gaps(made(tmp_path, moods), now=NOW)
    assert [(caution.name, caution.about) for caution in found.cautions] == [("upside_down", ("P3",))]
    assert of(found).n == 1200
    options = SurveyOptions(reading=SurveyChoices(reverse=("P3",)))
    turned = surveyed_gaps(made(tmp_path, moods), now=NOW, options=options)
    assert turned.cautions == ()
    assert of(turned).gap == right
    kept = surveyed_gaps(
        made(tmp_path, moods), now=NOW, options=SurveyOptions(judging=GapChoices(keep=("P3",)))
    )
    assert of(kept).n == 1500


def test_answers_outside_the_scale_are_counted(tmp_path, moods):
    moods["P2"][::60] = 99
    found = surveyed_gaps(made(tmp_path, moods), now=NOW)
    (entry,) = found.files[0].unusable
    assert (entry.reason, entry.count, entry.rows[:2]) == ("kept, but: outside the scale 1–7", 5, (2, 62))


def test_expected_days_against_delivered_days(tmp_path):
    rng = np.random.default_rng(5)
    rows = {"expected_days": rng.integers(1, 4, 200), "delivered_days": 2 + rng.poisson(3, 200)}
    gap = surveyed_gaps(made(tmp_path, rows), now=NOW).gaps[0]
    assert (gap.unit, gap.better, gap.verdict) == ("day", "less", "worse than expected")
    assert gap.gap.value == pytest.approx(3.0, abs=0.4)
    assert gap.middle.value == 3.0
    assert gap.met.value < 0.2


def test_touchpoint_segment_and_time_are_cuts(tmp_path, moods):
    n = np.arange(300)
    moods |= {
        "touchpoint": np.where(n % 2, "shop", "web"),
        "date": [f"2026-{1 + month:02d}-15" for month in n % 6],
        "branch": np.array(["Ghent", "Lille", "Lyon"])[n % 3],
    }
    options = SurveyOptions(reading=SurveyChoices(by=("branch",)))
    found = surveyed_gaps(made(tmp_path, moods), now=NOW, options=options)
    assert [(cut.column, cut.kind, len(cut.groups)) for cut in found.cuts] == [
        ("touchpoint", "touchpoint", 2),
        ("branch", "segment", 3),
        ("date", "time", 6),
    ]
    assert [group.name for group in found.cuts[2].groups][:2] == ["2026-01-01", "2026-02-01"]
    every = [gap for cut in found.cuts for group in cut.groups for gap in group.gaps]
    assert all(isinstance(gap.gap, Estimate) and isinstance(gap.against_rest, Estimate) for gap in every)
    assert {gap.rest_verdict for gap in every} <= {"undecided", "like the rest"}


@pytest.mark.parametrize(("days", "each"), [(30, "2026-01-05"), (700, "2026-01-01")])
def test_periods_follow_the_span_of_the_answers(tmp_path, days, each):
    first = np.datetime64("2026-01-06")
    dates = [str(first + int(day)) for day in np.linspace(0, days, 40)]
    rows = {"expected_x": [5, 4] * 20, "received_x": [4, 4] * 20, "date": dates}
    found = surveyed_gaps(made(tmp_path, rows), now=NOW)
    assert found.cuts[0].groups[0].name == each


def test_refuses_a_length_that_is_no_period(tmp_path, moods):
    with pytest.raises(BadOption, match="“hour” is no period"):
        surveyed_gaps(made(tmp_path, moods), now=NOW, options=SurveyOptions(each="hour"))
