"""The smallest part of a clause that carries an expectation."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forvent.identify.narrowed import parts_of, smallest
from forvent.language import Span


@pytest.mark.parametrize(
    ("clause", "parts"),
    [
        ("good soup, rude waiter", ["good soup", "rude waiter"]),
        ("good soup and rude waiter", ["good soup", "rude waiter"]),
        ("good soup, and rude waiter", ["good soup", "rude waiter"]),
        ("味道不错,and rude waiter", ["味道不错", "and rude waiter"]),
        ("Good soup AND rude waiter!", ["Good soup", "rude waiter!"]),
        ("dobrá polévka a milá obsluha", ["dobrá polévka", "milá obsluha"]),
        ("god mat og rask levering", ["god mat", "rask levering"]),
        ("hea toit ja kiire teenindus", ["hea toit", "kiire teenindus"]),
        ("լավ ապուր և արագ առաքում", ["լավ ապուր", "արագ առաքում"]),
        ("味道不错，送餐太慢", ["味道不错", "送餐太慢"]),
        ("soup / bread - wine; cheese", ["soup", "bread", "wine", "cheese"]),
    ],
)
def test_a_clause_is_cut_at_commas_and_words_for_and(clause: str, parts: list[str]) -> None:
    assert [part.of(clause) for part in parts_of(clause)] == parts


@pytest.mark.parametrize(
    "clause", ["", "late", "sandwich", "味道不错", ", ,", "a and b", "late, ok", "ok, late"]
)
def test_a_clause_of_one_piece_has_no_parts(clause: str) -> None:
    assert parts_of(clause) == ()


def test_a_piece_too_short_to_stand_alone_stays_with_what_follows() -> None:
    clause = "5, 6, good soup, rude waiter"
    assert [part.of(clause) for part in parts_of(clause)] == ["5, 6, good soup", "rude waiter"]


@given(st.text(st.sampled_from("abc 太慢,，;-and \n"), max_size=60))
def test_parts_stand_in_order_and_never_overlap(clause: str) -> None:
    parts = parts_of(clause)
    assert len(parts) != 1
    edges = [edge for part in parts for edge in (part.start, part.end)]
    assert edges == sorted(edges)
    assert all(part.of(clause).strip() for part in parts)


def chosen(*likely: float, whole: float = 0.9, least: float = 0.4) -> Span:
    parts = (Span(0, 12), Span(14, 20), Span(22, 40))
    return smallest(Span(100, 140), [*zip(parts, likely, strict=True)], whole=whole, least=least)


def test_the_shortest_part_that_is_as_likely_carries_it() -> None:
    assert chosen(0.8, 0.1, 0.9) == Span(100, 112)
    assert chosen(0.8, 0.8, 0.9) == Span(114, 120)
    assert chosen(0.1, 0.1, 0.73) == Span(122, 140)


def test_the_whole_clause_stays_where_no_part_is_likely_enough() -> None:
    assert chosen(0.7, 0.1, 0.5) == Span(100, 140)
    assert chosen(0.45, 0.1, 0.3, whole=0.5, least=0.46) == Span(100, 140)
    assert smallest(Span(3, 9), [], whole=0.9, least=0.4) == Span(3, 9)


def test_of_two_parts_as_short_the_first_is_taken() -> None:
    parts = [(Span(10, 15), 0.9), (Span(0, 5), 0.9)]
    assert smallest(Span(0, 15), parts, whole=0.9, least=0.4) == Span(0, 5)
