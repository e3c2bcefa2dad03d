"""Whose a fault is, without ranking noise."""

import numpy as np

from forvent.assess.chain.owners import chain_owners


def owners(counts, *, customers=None, **options):
    """Owner → (episodes, episodes with the fault)."""
    names = [name for name, (n, _) in counts.items() for _ in range(n)]
    faulty = np.concatenate([np.arange(n) < hits for n, hits in counts.values()])
    who = np.arange(len(names)) if customers is None else customers
    return chain_owners(names, faulty=faulty, customers=who, **options)


def told(found):
    return [(owner.name, owner.verdict) for owner in found.owners]


def test_the_differing_come_first_and_the_others_by_count():
    found = owners({"a": (100, 10), "b": (200, 22), "c": (80, 40), "d": (300, 5)})
    assert told(found) == [("c", "more often"), ("d", "less often"), ("b", "undecided"), ("a", "undecided")]


def test_one_fault_in_a_handful_is_not_told():
    found = owners({"a": (400, 4), "new": (9, 0), "tiny": (1, 0)})
    assert (told(found), found.too_few) == ([("a", "undecided")], 2)


def test_a_single_rare_event_is_no_finding():
    found = owners({"big": (5000, 15), "small": (15, 1)})
    assert dict(told(found))["small"] == "undecided"


def test_among_many_equal_owners_next_to_none_is_called(rng):
    called = 0
    for _ in range(40):
        counts = {f"o{number}": (60, int(rng.binomial(60, 0.2))) for number in range(25)}
        called += any(owner.verdict != "undecided" for owner in owners(counts).owners)
    # At most one run in twenty has any, give or take what chance allows in 40.
    assert called <= 5


def test_episodes_without_an_owner_are_counted_and_in_nobodys_rest():
    names = ["a"] * 20 + ["b"] * 20 + [None, ""] * 5
    faulty = np.array([True] * 20 + [False] * 20 + [True] * 10)
    found = chain_owners(names, faulty=faulty, customers=np.arange(50))
    assert found.unknown == 10
    assert found.owners[0].against_rest.value == 1.0


def test_one_customer_with_all_episodes_of_an_owner_is_no_finding_about_the_owner():
    names = ["a"] * 12 + ["b"] * 40
    customers = np.concatenate([np.zeros(12, dtype=np.int64), np.arange(1, 41)])
    found = chain_owners(names, faulty=np.arange(52) < 12, customers=customers)
    assert found.owners == ()
    assert found.too_few == 2


def test_the_most_that_are_shown_leave_the_rest_counted():
    found = owners({f"o{number:02d}": (20, number) for number in range(12)}, most=5)
    assert (len(found.owners), found.beyond) == (5, 7)


def test_no_owner_at_all_is_an_empty_answer():
    found = chain_owners([None, ""], faulty=np.array([True, False]), customers=np.arange(2))
    assert (found.owners, found.too_few, found.unknown) == ((), 0, 2)
