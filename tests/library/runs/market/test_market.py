"""Reading, identify and assess joined for the comparison, on a market whose truth is known."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from forvent.errors import BadOption, NothingUsable
from forvent.records import Estimate
from forvent.records.market import Market
from forvent.runs.market import MarketOptions, compare_with_others
from forvent.simulate.market import SampleMarket

NOW = datetime(2026, 7, 1)
COLUMN = {"competitor": "company"}


def verdicts(market: Market) -> dict[tuple[str, str], str]:
    return {
        (side.other.name, one.expectation): one.verdict for side in market.against for one in side.comparisons
    }


def test_differences_that_were_put_in_are_found_and_name_the_right_side(compared: Market) -> None:
    found = verdicts(compared)
    assert found["Nordkiste", "on_time"] == "behind"
    assert found["Nordkiste", "friendly_staff"] == "ahead"
    assert found["Lind & Sohn", "problem_solved"] == "behind"
    assert found["Lind & Sohn", "product_quality"] == "ahead"


def test_no_difference_points_against_one_that_was_put_in_and_few_stand_where_there_is_none(
    compared: Market, sample: SampleMarket
) -> None:
    own = sample.truth[""]
    false = [
        name
        for (company, name), verdict in verdicts(compared).items()
        if verdict in ("ahead", "behind") and sample.truth[company][name][1] == own[name][1]
    ]
    # Six discoveries were made; one of them is chance in this draw.
    assert len(false) <= 1


def test_an_expectation_that_comes_up_more_often_elsewhere_is_told_so(compared: Market) -> None:
    side = next(side for side in compared.against if side.other.name == "Nordkiste")
    reach = {one.expectation: one.reach_verdict for one in side.comparisons}
    assert reach["fair_price"] == "less"
    assert reach["easy_digital"] == "level"


def test_true_shares_lie_in_their_intervals(compared: Market, sample: SampleMarket) -> None:
    held = []
    for side in compared.against:
        for one in side.comparisons:
            for company, standing in (("", one.own), (side.other.name, one.other)):
                assert isinstance(standing.met, Estimate)
                true = sample.truth[company][one.expectation][1]
                held.append(standing.met.low <= true <= standing.met.high)
    assert sum(held) >= 0.8 * len(held)


def test_quotes_of_both_sides_are_kept_with_the_company_they_are_about(
    compared: Market, sample: SampleMarket
) -> None:
    assert set(compared.quotes) == {sample.own, "Nordkiste", "Lind & Sohn"}
    ids = {voice.id: voice.company or sample.own for voice in sample.voices}
    for company, by_expectation in compared.quotes.items():
        assert {ids[quote.voice_id] for quotes in by_expectation.values() for quote in quotes} == {company}


def test_nothing_is_to_be_minded_where_all_came_the_same_way(compared: Market) -> None:
    assert [side.cautions for side in compared.against] == [(), ()]


def test_files_about_others_give_the_same_numbers_as_a_column(
    compared: Market, files: dict[str, Path]
) -> None:
    others = {name: path for name, path in files.items() if name}
    split = compare_with_others([files[""]], now=NOW, others=others)
    assert verdicts(split) == verdicts(compared)
    for one, other in zip(split.against, compared.against, strict=True):
        assert one.comparisons == other.comparisons
        assert one.cautions == ("files",)
    assert len(split.files) == 3


def test_the_order_of_the_rows_changes_nothing(compared: Market, one_file: Path, tmp_path: Path) -> None:
    head, *rows = one_file.read_text(encoding="utf-8").splitlines()
    turned = tmp_path / "market.csv"
    turned.write_text("\n".join([head, *reversed(rows), ""]), encoding="utf-8")
    again = compare_with_others([turned], now=NOW, options=MarketOptions(own="Havn & Hylle"))
    assert replace(again, files=()) == replace(compared, files=())


def test_other_ways_of_writing_a_name_are_the_same_company(one_file: Path, tmp_path: Path) -> None:
    text = one_file.read_text(encoding="utf-8")
    path = tmp_path / "market.csv"
    path.write_text(text.replace(",Nordkiste,", ",NORDKISTE  ,", 20), encoding="utf-8")
    found = compare_with_others([path], now=NOW)
    assert sorted(side.other.name for side in found.against) == ["Lind & Sohn", "Nordkiste"]


def test_only_the_others_most_spoken_of_are_compared_and_the_rest_is_told(one_file: Path) -> None:
    found = compare_with_others([one_file], now=NOW, options=MarketOptions(most=1))
    assert len(found.against) == 1
    assert sum(found.left_out.values()) == 500
    assert set(found.quotes) == {"", found.against[0].other.name}


def test_a_name_in_the_column_can_be_ones_own(one_file: Path, tmp_path: Path) -> None:
    head, *rows = one_file.read_text(encoding="utf-8").splitlines()
    path = tmp_path / "market.csv"
    path.write_text("\n".join([head, *(row for row in rows if ",," not in row), ""]), encoding="utf-8")
    found = compare_with_others([path], now=NOW, options=MarketOptions(own="nordkiste", columns=COLUMN))
    assert [side.other.name for side in found.against] == ["Lind & Sohn"]
    assert found.own.voices > 400


def test_without_any_voice_of_ones_own_it_asks_for_the_name(one_file: Path, tmp_path: Path) -> None:
    head, *rows = one_file.read_text(encoding="utf-8").splitlines()
    path = tmp_path / "market.csv"
    path.write_text("\n".join([head, *(row for row in rows if ",," not in row), ""]), encoding="utf-8")
    with pytest.raises(NothingUsable) as error:
        compare_with_others([path], now=NOW, options=MarketOptions(columns=COLUMN))
    others = (
        error.value.message.removeprefix("Every voice is about another company: ").rstrip(".").split(", ")
    )
    assert sorted(others) == ["Lind & Sohn", "Nordkiste"]
    assert error.value.hint == "Say which one is yours with --own NAME."


def test_a_column_that_names_nobody_else_is_told(one_file: Path, tmp_path: Path) -> None:
    head, *rows = one_file.read_text(encoding="utf-8").splitlines()
    own = [row for row in rows if ",," in row]
    path = tmp_path / "market.csv"
    path.write_text("\n".join([head, *own, ""]), encoding="utf-8")
    with pytest.raises(NothingUsable) as error:
        compare_with_others([path], now=NOW, options=MarketOptions(columns=COLUMN))
    assert str(error.value) == (
        "No voice is about another company. "
        "Look at the column of companies, or add a file with --others NAME=FILE."
    )


def test_a_column_of_a_thousand_names_is_no_column_of_companies(one_file: Path, tmp_path: Path) -> None:
    head, *rows = one_file.read_text(encoding="utf-8").splitlines()
    path = tmp_path / "market.csv"
    named = [f"{row},Shop {number}" for number, row in enumerate(rows, start=1)]
    path.write_text("\n".join([f"{head},who", *named, ""]), encoding="utf-8")
    with pytest.raises(BadOption) as error:
        compare_with_others([path], now=NOW, options=MarketOptions(columns={"competitor": "who"}))
    assert str(error.value) == (
        "The column of companies holds more than 1000 names, such as 'Shop 1001'. "
        "Name the right one with --map competitor=COLUMN, or '-' for none."
    )


def test_what_cannot_be_compared_is_refused_before_the_long_work(files: dict[str, Path]) -> None:
    opened: list[int] = []
    with pytest.raises(BadOption) as error:
        compare_with_others([files[""]], now=NOW, opened=lambda readers: opened.append(len(readers)))
    assert str(error.value) == (
        "Nothing says which voices are about another company. "
        "Name the column with --map competitor=COLUMN, or add a file with --others NAME=FILE."
    )
    assert opened == []
    with pytest.raises(BadOption) as error:
        compare_with_others([], now=NOW)
    assert str(error.value) == "No file holds one's own voices. Give at least one file."
    with pytest.raises(BadOption) as error:
        others = {"WE ": files["Nordkiste"]}
        compare_with_others([files[""]], now=NOW, others=others, options=MarketOptions(own="we"))
    assert str(error.value) == "'WE ' is no name of another company. Write it as --others NAME=FILE."
    with pytest.raises(BadOption) as error:
        compare_with_others([files[""]], now=NOW, options=MarketOptions(most=0))
    assert str(error.value) == "0 others cannot be compared with. Give at least 1."
