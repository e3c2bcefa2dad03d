"""The catalogue: 32 expectations, named and exemplified in six languages."""

from collections import Counter

import pytest

from forvent.errors import UnknownExpectation
from forvent.identify import catalogue, examples, expectation, names
from forvent.tables import KINDS, LANGUAGES, POLARITIES, STAGES

TYPES = {"explicit", "implicit", "interpersonal", "digital", "dynamic"}


def test_has_thirty_two_expectations_under_their_ids() -> None:
    assert len(catalogue()) == 32
    assert all(identifier == one.id for identifier, one in catalogue().items())
    assert all(one.id.isidentifier() and one.id.islower() for one in catalogue().values())


def test_every_record_has_a_stage_type_and_kind_that_exist() -> None:
    for one in catalogue().values():
        assert one.stage in STAGES
        assert one.usual_type in TYPES
        assert one.usual_kind in KINDS
        assert one.expects


def test_every_stage_and_type_has_an_expectation() -> None:
    assert {one.stage for one in catalogue().values()} == set(STAGES)
    assert {one.usual_type for one in catalogue().values()} == TYPES


def test_one_expectation_is_found_by_its_id() -> None:
    assert expectation("on_time") is catalogue()["on_time"]
    assert (expectation("on_time").stage, expectation("on_time").usual_type) == ("receive", "explicit")


def test_an_unknown_id_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(UnknownExpectation) as refused:
        expectation("in_time")
    assert str(refused.value) == (
        f"The catalogue has no expectation 'in_time'. It has: {', '.join(catalogue())}."
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_has_a_name_in_every_language(language: str) -> None:
    given = names(language)
    assert set(catalogue()) <= set(given)
    assert all(given[one]["name"].strip() and given[one]["expects"].strip() for one in catalogue())
    assert len({given[one]["name"] for one in catalogue()}) == 32
    assert set(given["stages"]) == set(STAGES)
    assert set(given["polarities"]) == set(POLARITIES)
    assert set(given["kinds"]) == set(KINDS)
    assert set(given["types"]) == TYPES


def test_a_language_without_names_gets_the_english_ones() -> None:
    assert names("pt") == names("en")
    assert names("../en") == names("en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_expectation_has_its_examples_in_every_language(language: str) -> None:
    found = Counter((one.expectation, one.polarity) for one in examples(language))
    wanted = {
        (one, polarity): n
        for one in catalogue()
        for polarity, n in (("met", 10), ("unmet", 10), ("wished", 3))
    }
    assert found == wanted
    texts = [one.text.casefold() for one in examples(language)]
    assert len(set(texts)) == len(texts)
    assert all(text.strip() == text != "" for text in texts)
    assert {one.language for one in examples(language)} == {language}
