"""The quick look for levels lets none pass by."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from forvent.identify import find_levels
from forvent.identify.level_cues import may_state_level, may_state_levels
from forvent.language.words import words_of

FRESH = sorted((Path(__file__).parent / "fresh_levels").glob("*.tsv"))


def test_fresh_texts_are_there() -> None:
    assert FRESH


@pytest.mark.parametrize("file", FRESH, ids=lambda file: file.stem)
def test_where_a_level_is_found_the_quick_look_says_it_may_be(file: Path) -> None:
    language = file.stem[:2]
    with file.open(encoding="utf-8") as stream:
        cells = [cell for row in csv.reader(stream, delimiter="\t", quoting=csv.QUOTE_NONE) for cell in row]
    missed = [cell for cell in cells if find_levels(cell, language) and not may_state_level(cell, language)]
    assert missed == []


@pytest.mark.parametrize("file", FRESH, ids=lambda file: file.stem)
def test_many_texts_are_told_as_each_alone(file: Path) -> None:
    language = file.stem[:2]
    with file.open(encoding="utf-8") as stream:
        cells = [cell for row in csv.reader(stream, delimiter="\t", quoting=csv.QUOTE_NONE) for cell in row]
    told = may_state_levels(cells, [language] * len(cells), words_of(cells)).tolist()
    missed = [
        cell for cell, may in zip(cells, told, strict=True) if may_state_level(cell, language) and not may
    ]
    assert missed == []


def test_languages_of_one_batch_do_not_mix() -> None:
    texts = ["Čekali jsme tři dny.", "Čekali jsme tři dny.", "等了三天", "3 days", "three days"]
    told = may_state_levels(texts, ["cs", "zh", "zh", "xx", "xx"], words_of(texts))
    assert told.tolist() == [True, False, True, False, False]


def test_a_chinese_number_needs_something_to_count() -> None:
    assert not may_state_level("味道要大家说说", "zh")
    assert may_state_level("说好两个小时", "zh")


def test_a_number_alone_states_nothing() -> None:
    for text, language in {
        "Table 51 again.": "en",
        "Stůl 12 u okna.": "cs",
        "Bord 7.": "nb",
        "Laud 31 akna all": "et",
    }.items():
        assert not may_state_level(text, language), text


def test_prices_days_and_counts_may_be_levels() -> None:
    for text, language in {
        "They charged 45": "en",
        "2 of 5 plates": "en",
        "called twice": "en",
        "by the 24th": "en",
        "250,-": "nb",
        "等了3天": "zh",
        "€9": "de",
    }.items():
        assert may_state_level(text, language), text
