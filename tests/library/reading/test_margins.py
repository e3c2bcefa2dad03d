"""Known margins: shares, percent or counts, which must add up."""

from pathlib import Path

import pytest

from forvent.errors import BadOption, MissingColumn
from forvent.reading.margins import read_margins


def margins(tmp_path: Path, text: str):
    file = tmp_path / "known.csv"
    file.write_text(text, encoding="utf-8")
    return read_margins(file)


@pytest.mark.parametrize(
    ("head", "amounts"),
    [("share", ("0.25", "0.75")), ("percent", ("25 %", "75 %")), ("count", ("1000", "3000"))],
)
def test_shares_percent_and_counts_come_to_the_same(tmp_path, head, amounts):
    found = margins(tmp_path, f"column,group,{head}\nsex,woman,{amounts[0]}\nsex,man,{amounts[1]}\n")
    assert found == {"sex": {"woman": 0.25, "man": 0.75}}


def test_columns_stand_in_any_order_under_either_name(tmp_path):
    found = margins(tmp_path, "Customers;Value;Variable\n30;north;region\n70;south;region\n")
    assert found == {"region": {"north": 0.3, "south": 0.7}}


def test_columns_may_be_named_in_other_languages(tmp_path):
    assert margins(tmp_path, "Znak;Skupina;Podíl\nkraj;sever;0,3\nkraj;jih;0,7\n") == {
        "kraj": {"sever": 0.3, "jih": 0.7}
    }
    assert margins(tmp_path, "变量,组,百分比\n地区,北,30\n地区,南,70\n") == {"地区": {"北": 0.3, "南": 0.7}}


def test_rounded_shares_are_brought_to_one(tmp_path):
    found = margins(tmp_path, "column,group,share\nage,young,0.333\nage,middle,0.333\nage,old,0.333\n")
    assert sum(found["age"].values()) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("column,group,share\nsex,woman,0.5\nsex,man,0.4\n",
         "known.csv: the groups of “sex” add up to 0.9, not to 1. "
         "Add the groups that are missing, or correct the amounts."),
        ("column,group,percent\nsex,woman,50\nsex,man,60\n",
         "known.csv: the groups of “sex” add up to 110, not to 100. "
         "Add the groups that are missing, or correct the amounts."),
        ("column,group,count\nsex,woman,50\nsex,man,60\nage,old,100\n",
         "known.csv: the groups of “age” add up to 100, not to 110 as those of “sex” do. "
         "Add the groups that are missing, or correct the amounts."),
        ("column,group,share\nsex,woman,0.5\nsex,woman,0.5\n",
         "known.csv, row 3: “woman” of “sex” stands there twice. Give each group one row."),
        ("column,group,share\nsex,woman,1.5\nsex,man,-0.5\n",
         "known.csv, row 3: “-0.5” is no amount of customers. Give numbers from 0 on."),
        ("column,group,share\nsex,,1\n",
         "known.csv, row 2: column or group is empty. "
         "A file of margins has the columns column, group and share (or percent, or count)."),
    ],
)  # fmt: skip
def test_margins_that_cannot_be_are_refused_with_what_is_wrong(tmp_path, text, said):
    with pytest.raises(BadOption) as error:
        margins(tmp_path, text)
    assert str(error.value) == said


def test_a_file_of_something_else_is_refused(tmp_path):
    with pytest.raises(MissingColumn) as error:
        margins(tmp_path, "region,share\nnorth,1\n")
    assert str(error.value) == (
        "known.csv has the columns region, share. "
        "A file of margins has the columns column, group and share (or percent, or count)."
    )
