"""Surveys as they come: scales, amounts, units, holes, and what stands beside the pairs."""

import math
from datetime import datetime
from pathlib import Path

import pytest

from forvent.errors import BadOption, NothingUsable
from forvent.reading.paired_answers import read_paired_answers
from forvent.reading.survey_columns import SurveyChoices
from forvent.records import Scale


@pytest.fixture
def survey(tmp_path):
    def make(text: str, **choices):
        file = tmp_path / "survey.csv"
        file.write_text(text, encoding="utf-8")
        return read_paired_answers(file, choices=SurveyChoices(**choices))

    return make


def told(reader):
    table = reader.table()
    return {(entry.reason, entry.column, entry.count, entry.rows) for entry in reader.report.unusable}, table


PLAIN = "e1,p1,e2,p2\n" + "\n".join(["5,4,5,3", "1,2,3,4", "4,4,5,5"] * 8) + "\n"


def test_reads_each_half_into_its_column(survey):
    reader = survey("expe1,qual1,expe2,qual2\n9,8,9,6\n7,7,10,\n1,9,9,7\n")
    _, table = told(reader)
    assert table["expected_0"].to_pylist() == [9.0, 7.0, 1.0]
    assert table["received_1"].to_pylist() == [6.0, None, 7.0]
    assert table["row"].to_pylist() == [2, 3, 4]
    assert reader.scale == Scale(1.0, 10.0)


def test_answers_outside_the_scale_are_counted_with_their_rows_and_left_open(survey):
    reader = survey(PLAIN + "99,4,5,3\n5,-1,5,3\n")
    unusable, table = told(reader)
    assert unusable == {
        ("kept, but: outside the scale 1–5", "e1", 1, (26,)),
        ("kept, but: outside the scale 1–5", "p1", 1, (27,)),
    }
    assert table["expected_0"].to_pylist()[-2] is None
    assert table["received_0"].to_pylist()[-2] == 4.0


def test_a_given_scale_decides(survey):
    unusable, _ = told(survey(PLAIN, scale=(1.0, 4.0)))
    assert {reason for reason, *_ in unusable} == {"kept, but: outside the scale 1–4"}


@pytest.mark.parametrize("scale", [(5.0, 1.0), (1.0, 1.0), (1.0, math.inf)])
def test_refuses_a_scale_without_width(survey, scale):
    with pytest.raises(BadOption, match="is no scale"):
        survey(PLAIN, scale=scale)


def test_zero_that_means_not_applicable_is_left_open(survey):
    unusable, table = told(survey(PLAIN + "0,4,5,3\n", not_applicable=(0.0,)))
    assert unusable == {("kept, but: coded as not applicable", "e1", 1, (26,))}
    assert table["expected_0"].to_pylist()[-1] is None


def test_zero_that_may_mean_it_is_pointed_out(survey):
    assert any("--not-applicable 0" in note for note in survey(PLAIN + "0,4,0,3\n" * 4).notes)
    assert not any("--not-applicable" in note for note in survey(PLAIN).notes)


def test_words_and_fractions_come_to_the_same_scale(survey):
    reader = survey("expected_x,received_x\n5/5,3\n4,4 stars\n2,1\n")
    assert reader.table()["expected_0"].to_pylist() == [5.0, 4.0, 2.0]
    assert reader.table()["received_0"].to_pylist() == [3.0, 4.0, 1.0]


def test_what_is_no_number_is_counted(survey):
    unusable, _ = told(survey(PLAIN + "often,4,5,3\n"))
    assert unusable == {("kept, but: no number", "e1", 1, (26,))}


def test_a_column_is_turned_round(survey):
    reader = survey(PLAIN, reverse=("p1",))
    assert reader.table()["received_0"].to_pylist()[:3] == [2.0, 4.0, 2.0]
    assert reader.pairs[0].reversed == ("p1",)


def test_refuses_to_turn_what_has_no_scale(survey):
    with pytest.raises(BadOption) as refused:
        survey("zone,e1,p1,e2,p2\n1,5,4,5,3\n2,4,5,3,1\n", reverse=("zone",))
    assert str(refused.value) == "“zone” is in no pair. Turn round a column of a pair."
    with pytest.raises(BadOption) as refused:
        survey("expected_days,actual_days\n1,2\n", reverse=("actual_days",))
    assert str(refused.value) == (
        "“actual_days” holds amounts, which have no scale to turn round. Say which way is better with "
        "--less-is-better or --more-is-better."
    )


def test_a_unit_in_the_header_or_the_cells_makes_an_amount(survey):
    (days,) = survey("expected_days,actual_days\n2,5\n1,3\n").pairs
    assert (days.kind, days.unit, days.better) == ("level", "day", "less")
    reader = survey("expected_wait,actual_wait\n2 days,90 hours\n48 hours,5 days\n1 day,2 days\n")
    assert reader.pairs[0].unit == "day"
    assert reader.table()["expected_0"].to_pylist() == [2.0, 2.0, 1.0]
    assert reader.table()["received_0"].to_pylist() == [3.75, 5.0, 2.0]
    assert reader.scale is None


def test_what_fits_no_scale_is_an_amount(survey):
    (price,) = survey("expected_price,actual_price\n120,250\n90,310\n").pairs
    assert (price.kind, price.better) == ("level", "less")


def test_what_a_person_says_of_amounts_goes_first(survey):
    text = "expected_x,received_x\n2,5\n1,3\n"
    (pair,) = survey(text, less=("x",), unit="visit").pairs
    assert (pair.kind, pair.better, pair.unit) == ("level", "less", "visit")
    (pair,) = survey(text, more=("received_x",)).pairs
    assert (pair.kind, pair.better) == ("level", "more")


def test_amounts_that_cannot_be_are_counted(survey):
    unusable, _ = told(survey("expected_days,actual_days\n2,5\n-1,3\n1,soon\n1,3 kg\n2,2\n"))
    assert {(reason, rows) for reason, _, _, rows in unusable} == {
        ("kept, but: an amount below zero", (3,)),
        ("kept, but: no number", (4,)),
        ("kept, but: another unit", (5,)),
    }


def test_customer_touchpoint_time_and_overall_are_found(survey):
    header = "respondent id,touchpoint,date,e1,p1,e2,p2,overall\n"
    rows = "\n".join(
        f"c{n % 7},{'shop' if n % 2 else 'web'},2026-0{1 + n % 3}-11,5,4,{1 + n % 5},3,{n % 5 + 1}"
        for n in range(30)
    )
    reader = survey(header + rows)
    assert {name: column for name, column in reader.mapping.items() if "." not in name} == {
        "customer": "respondent id",
        "touchpoint": "touchpoint",
        "time": "date",
        "overall": "overall",
    }
    table = reader.table()
    assert table["time"].to_pylist()[1] == datetime(2026, 2, 11)
    assert table["customer"].to_pylist()[8] == "c1"
    assert (reader.report.first, reader.report.last) == (datetime(2026, 1, 11), datetime(2026, 3, 11))


def test_groups_and_switched_off_guesses(survey):
    rows = "\n".join(f"c{n % 7},{'shop' if n % 2 else 'web'},5,4,{1 + n % 5},3" for n in range(30))
    reader = survey("customer,branch,e1,p1,e2,p2\n" + rows, by=("Branch",), columns={"customer": "-"})
    assert reader.groups == ("branch",)
    assert "customer" not in reader.mapping
    assert reader.table()["group_0"].to_pylist()[:2] == ["web", "shop"]


def test_sheets_that_answer_nothing_are_left_out_and_counted(survey):
    reader = survey(PLAIN + ",,,\n-,n/a,,\n")
    unusable, table = told(reader)
    assert unusable == {("no part of any pair was answered", None, 1, (27,))}
    assert table.num_rows == 24


def test_a_survey_that_nobody_answered_is_refused(survey):
    with pytest.raises(NothingUsable):
        survey("e1,p1,e2,p2\n5,4,5,3\n", not_applicable=(5.0, 4.0, 3.0), columns={}).table()


def test_refuses_a_field_that_is_none(survey):
    with pytest.raises(BadOption) as refused:
        survey(PLAIN, columns={"stars": "e1"})
    assert str(refused.value) == (
        "“stars” is no field that can be mapped. Fields: expected.NAME, received.NAME, adequate.NAME, "
        "desired.NAME, customer, touchpoint, time, overall."
    )


def test_the_report_comes_after_the_rows(survey):
    with pytest.raises(BadOption, match="Call table\\(\\) first"):
        _ = survey(PLAIN).report


def test_progress_is_told_of_long_files(tmp_path: Path):
    file, seen = tmp_path / "long.csv", []
    file.write_text("e1,p1,e2,p2\n" + "5,4,3,2\n" * 4100)
    read_paired_answers(file, progress=lambda done, total: seen.append((done, total))).table()
    assert seen == [(4100, 4100)]
