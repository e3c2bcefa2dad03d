from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forvent.reading.cells import Cell
from forvent.reading.ratings import Given, guess_scale, own_scale, rating_on, read_rating, scale_name
from forvent.records import Scale


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("4", 4),
        ("4,5", 4.5),
        ("4.5", 4.5),
        (3, 3),
        (3.0, 3),
        ("-1", -1),
        ("−1", -1),
        ("8分", 8),
        ("7 bodů", 7),
    ],
)
def test_reads_plain_numbers_which_have_no_scale_of_their_own(cell: Cell, value: float) -> None:
    assert read_rating(cell) == Given(value)


@pytest.mark.parametrize(
    ("cell", "share"),
    [
        ("★★★★☆", 0.75),
        ("⭐⭐⭐⭐⭐", 1.0),
        ("★", 0.0),
        ("5 stars", 1.0),
        ("3 hvězdičky", 0.5),
        ("1 stjerne", 0.0),
        ("4 estrelas", 0.75),
        ("5星", 1.0),
        ("3 աստղ", 0.5),
        ("80 %", 0.8),
        ("12,5%", 0.125),
        ("👍", 1.0),
        ("thumbs down", 0.0),
        ("Ano", 1.0),
        ("ei", 0.0),
        ("neutral", 0.5),
        ("Very satisfied", 1.0),
        ("nespokojen", 0.25),
        ("misfornøyd", 0.25),
        ("非常满意", 1.0),
        ("շատ դժգոհ", 0.0),
        (True, 1.0),
    ],
)
def test_reads_stars_percent_thumbs_and_words_on_their_own_scale(cell: Cell, share: float) -> None:
    given = read_rating(cell)
    assert given is not None
    scale = own_scale(given, top=None, zero_seen=False)
    assert scale is not None
    assert rating_on(given, scale=scale) == pytest.approx(share)


@pytest.mark.parametrize(
    "cell", ["4/5", "4 / 5", "4 of 5", "4 out of 5", "4 z 5", "4 av 5", "4 von 5", "4 de 5 estrelas"]
)
def test_reads_so_many_of_so_many(cell: str) -> None:
    assert read_rating(cell) == Given(4, None, 5)


@pytest.mark.parametrize(
    "cell", ["", None, "abc", "4/5/2024", "2024-05-01", "1 234 567 890 123", "good value", "☆", "a" * 99]
)
def test_makes_no_rating_of_what_is_none(cell: Cell) -> None:
    assert read_rating(cell) is None


@pytest.mark.parametrize(
    ("values", "column", "scale"),
    [
        ([5, 4, 4, 1, 3, 2], "rating", (1, 5)),
        ([0, 3, 5, 4, 0, 0, 0, 1], "rating", (0, 5)),
        ([7, 5, 6, 1, 2, 6, 7], "rating", (1, 7)),
        ([10, 9, 8, 10, 7, 1], "rating", (1, 10)),
        ([10, 9, 8, 0, 7, 1], "rating", (0, 10)),
        ([90, 75, 20, 100, 55], "rating", (0, 100)),
        ([0, 1, 1, 0], "helpful", (0, 1)),
        ([0.25, 0.5, 1.0], "rating", (0, 1)),
        ([-1, 0, 1], "sentiment", (-1, 1)),
        ([9, 10, 8, 7], "NPS", (0, 10)),
        ([5, 4, 6, 2], "customer_effort", (1, 7)),
        ([1, 2, 1, 3], "známka", (5, 1)),
        ([4.5, 3.5, 5.0], "stars", (1, 5)),
    ],
)
def test_guesses_the_smallest_usual_scale_that_holds_the_ratings(
    values: list[float], column: str, scale: tuple[float, float]
) -> None:
    assert guess_scale(values, column=column).scale == Scale(*scale)


@pytest.mark.parametrize("stray", [55, 7, -3, 0, 99])
def test_one_stray_value_does_not_stretch_the_scale(stray: float) -> None:
    assert guess_scale([5, 4, 3, 2, 1] * 20 + [stray], column="rating").scale == Scale(1, 5)


def test_a_few_zeros_are_answers_where_ten_is_the_highest() -> None:
    assert guess_scale([10, 9, 8, 7, 6] * 40 + [0], column="rating").scale == Scale(0, 10)


@pytest.mark.parametrize(
    ("values", "column", "note"),
    [
        ([5, 4, 1], "nps", "The scale of “nps” was taken from its name as 0–10; seen: 1 to 5."),
        ([5, 5], "stars", "All ratings in “stars” are 5; the scale 1–5 is a guess."),
        ([10, 3], "score", "The scale of “score” was read as 1–10; it may be 0–10, for no 0 was seen."),
        ([1, 2, 3], "score", "The scale of “score” was read as 1–5, though no 5 was seen."),
        (
            [0, 0, 5, 3],
            "score",
            "“score” holds 0 as well as 1 to 5; 0 was read as the lowest rating, not as “no answer”.",
        ),
        ([1, 250], "score", "The ratings in “score” fit no usual scale (1 to 250); name it to use them."),
    ],
)
def test_says_so_where_the_scale_is_doubtful(values: list[float], column: str, note: str) -> None:
    assert guess_scale(values, column=column).notes == (note,)


@pytest.mark.parametrize(("low", "high"), [(1, 5), (0, 10), (5, 1), (-1, 1)])
@given(share=st.floats(0, 1))
def test_ratings_lie_between_zero_and_one_in_the_order_of_the_scale(
    low: float, high: float, share: float
) -> None:
    scale = Scale(low, high)
    assert rating_on(Given(low), scale=scale) == 0
    assert rating_on(Given(high), scale=scale) == 1
    given_value = min(max(low + share * (high - low), min(low, high)), max(low, high))
    assert rating_on(Given(given_value), scale=scale) == pytest.approx(share)


def test_a_rating_outside_its_scale_is_none() -> None:
    assert rating_on(Given(6), scale=Scale(1, 5)) is None
    assert rating_on(Given(0), scale=Scale(5, 1)) is None


def test_the_highest_rating_of_a_row_gives_its_scale() -> None:
    assert own_scale(Given(3), top=5, zero_seen=False) == Scale(1, 5)
    assert own_scale(Given(3), top=10, zero_seen=True) == Scale(0, 10)
    assert own_scale(Given(3), top=100, zero_seen=False) == Scale(0, 100)
    assert own_scale(Given(3), top=None, zero_seen=False) is None


def test_a_scale_is_named_as_people_say_it() -> None:
    assert [scale_name(scale) for scale in (Scale(1, 5), Scale(0, 10), Scale(-1, 1))] == [
        "1–5",
        "0–10",
        "-1 to 1",
    ]
