from __future__ import annotations

from forvent.reading.repeats import Place, Repeats, fingerprint


def test_the_same_parts_have_the_same_fingerprint_in_every_run() -> None:
    # Written down once: the ids of voices that have none are made of it.
    assert fingerprint("a", 1, None) == 9578021364655578388
    assert fingerprint("ab", "c") != fingerprint("a", "bc")


def test_numbers_the_contents_under_one_id_and_knows_each_again() -> None:
    repeats = Repeats()
    places = [repeats.place("7", content=content) for content in (1, 1, 2, 3, 2, 1, 3)]
    assert places == [
        Place(1, repeated=False),
        Place(1, repeated=True),
        Place(2, repeated=False),
        Place(3, repeated=False),
        Place(1, repeated=True),
        Place(1, repeated=True),
        Place(1, repeated=True),
    ]


def test_a_numbered_id_never_meets_one_that_the_file_gives() -> None:
    repeats = Repeats()
    repeats.place("7#2", content=9)
    repeats.place("7", content=1)
    assert repeats.place("7", content=2).number == 3


def test_many_records_under_one_id_are_numbered_in_order() -> None:
    repeats = Repeats()
    repeats.place("x", content=0)
    assert [repeats.another("x") for _ in range(5000)] == list(range(2, 5002))
