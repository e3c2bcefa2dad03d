"""Which column says what was expected and which what was received, by their names."""

import pytest

from forvent.errors import BadOption, MissingColumn
from forvent.reading.pair_columns import find_pairs, is_better_less, named, unit_in


def pairs_of(names, *, given=None, dimensions=None, numeric=lambda name: True):
    return find_pairs(names, given=given or {}, dimensions=dimensions or {}, numeric=numeric, file="f.csv")


def halves(names, **more):
    return [(pair.name, *pair.columns.values()) for pair in pairs_of(names, **more)]


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["imag1", "expe1", "qual1", "sat1"], [("qual1", "expe1", "qual1")]),
        (["E1", "E2", "P1", "P2"], [("P1", "E1", "P1"), ("P2", "E2", "P2")]),
        (["Q1E", "Q1P", "Q2E", "Q2P"], [("q_1", "Q1E", "Q1P"), ("q_2", "Q2E", "Q2P")]),
        (["speed_expected", "speed_received"], [("speed", "speed_expected", "speed_received")]),
        (["Expected Price", "Perceived Price"], [("price", "Expected Price", "Perceived Price")]),
        (["expectedSpeed", "actualSpeed"], [("speed", "expectedSpeed", "actualSpeed")]),
        (["expected", "got"], [("got", "expected", "got")]),
        (["expected_quality", "perceived_quality"], [("quality", "expected_quality", "perceived_quality")]),
        (["očekávání_cena", "skutečnost_cena"], [("cena", "očekávání_cena", "skutečnost_cena")]),
        (["forventet service", "opplevd service"], [("service", "forventet service", "opplevd service")]),
        (["oodatud_kiirus", "tajutud_kiirus"], [("kiirus", "oodatud_kiirus", "tajutud_kiirus")]),
        (["սպասված գին", "ստացված գին"], [("գին", "սպասված գին", "ստացված գին")]),
        (["配送期望", "配送实际"], [("配送", "配送期望", "配送实际")]),
        (["adequate_x", "desired_x", "perceived_x"], [("x", "perceived_x", "adequate_x", "desired_x")]),
    ],
)  # fmt: skip
def test_tells_pairs_by_their_names(names, found):
    assert halves(names) == found


@pytest.mark.parametrize(
    "names",
    [
        ["a", "b"],
        ["q1e", "q1p"],
        ["quality", "expense"],
        ["speed_expected", "care_received"],
        ["exp", "qual"],
    ],
    ids=["nothing", "one pair of letters", "no word", "two things", "weak words alone"],
)
def test_makes_no_pair_of_chance(names):
    with pytest.raises(MissingColumn):
        pairs_of(names)


def test_says_what_to_do_where_no_pair_is_found():
    with pytest.raises(MissingColumn) as refused:
        pairs_of(["a", "b"])
    assert str(refused.value) == (
        "f.csv has no column that looks like one with what was expected and one with what was received of "
        "the same thing. Its columns: a, b. Name them: --map expected.NAME=COLUMN --map received.NAME=COLUMN."
    )


def test_columns_without_numbers_make_no_pair():
    with pytest.raises(MissingColumn):
        pairs_of(["expected_x", "received_x"], numeric=lambda name: name == "expected_x")


def test_what_is_given_goes_before_what_is_guessed():
    names = ["expe1", "qual1", "expe2", "qual2", "before", "after"]
    given = {"expected.speed": "before", "received.speed": "after", "expected.qual2": "-"}
    assert halves(names, given=given) == [("qual1", "expe1", "qual1"), ("speed", "before", "after")]


def test_one_half_of_a_guess_can_be_put_right():
    assert halves(["expe1", "qual1", "true1"], given={"expected.qual1": "true1"}) == [
        ("qual1", "true1", "qual1")
    ]


def test_a_single_pair_needs_no_name():
    assert halves(["before", "after"], given={"expected": "before", "received": "after"}) == [
        ("after", "before", "after")
    ]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            {"expected.x": "a"},
            "The pair “x” is not whole: expected=a. A pair needs what was received, and what was expected "
            "(or adequate and desired).",
        ),
        (
            {"received.x": "a", "desired.x": "b"},
            "The pair “x” does not say what was expected. Name the expected column, or both the adequate and "
            "the desired one.",
        ),
    ],
)
def test_refuses_a_pair_that_is_not_whole(given, message):
    with pytest.raises(BadOption) as refused:
        pairs_of(["a", "b"], given=given)
    assert str(refused.value) == message


def test_the_published_questions_have_their_five_dimensions():
    names = [f"{part}{number}" for part in "EP" for number in range(1, 23)]
    found = [pair.dimension for pair in pairs_of(names)]
    assert [found.count(name) for name in dict.fromkeys(found)] == [4, 5, 4, 4, 5]
    assert list(dict.fromkeys(found)) == [
        "tangibles",
        "reliability",
        "responsiveness",
        "assurance",
        "empathy",
    ]
    assert {pair.dimension for pair in pairs_of(names[:21] + names[22:43])} == {""}


def test_numbered_names_are_dimensions_where_there_are_several():
    names = [f"{topic}{number}_{part}" for topic in ("care", "speed") for number in (1, 2) for part in "EP"]
    assert [pair.dimension for pair in pairs_of(names)] == ["care", "care", "speed", "speed"]
    assert {pair.dimension for pair in pairs_of(names[:4])} == {""}


def test_dimensions_that_are_given_take_pairs_by_name_or_column():
    names = ["care_expected", "care_received", "speed_expected", "speed_received"]
    found = pairs_of(names, dimensions={"service": ["Care", "speed_expected"]})
    assert [pair.dimension for pair in found] == ["service", "service"]
    with pytest.raises(BadOption) as refused:
        pairs_of(names, dimensions={"service": ["price"]})
    assert str(refused.value) == "“price” (--dimension service) is no pair of this file. Pairs: care, speed."


def test_finds_a_pair_by_one_of_its_columns():
    pairs = pairs_of(["care_expected", "care_received"])
    assert named("care_received", pairs=pairs, option="x").name == "care"


@pytest.mark.parametrize(
    ("name", "unit", "less"),
    [("expected_days", "day", False), ("ventetid_minutter", "minute", True), ("price", "", True)],
)
def test_a_header_may_name_a_unit_or_a_thing_of_which_less_is_better(name, unit, less):
    assert unit_in(name) == unit
    assert is_better_less(name) is less
